"""What a program wrote into the properties of a document, and whether a person seems to have."""

from __future__ import annotations

import re

from archive.corpus.decode import collapse_whitespace

#: What programs put into a title that nobody wrote, and lines that are no titles.
_NO_TITLE = re.compile(
    r"(?:un|no )titled?.*|(?:microsoft|powerpoint|word) .* - .*|microsoft word.*"
    r"|(?:document|slide|layout|print|scan|scanned|page|seite|p\.|new|copy of)\s*(?:document|image|by)?\s*\d*"
    r"|(?:page|seite|p\.|s\.)\s*\d+\s*(?:of|von|/)\s*\d+|[ivxlc]+|contents|table of contents|inhalt"
    r"|.*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|rtf|txt|tex|dvi|ps|eps|html?|jpe?g|tiff?|odt)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:admin(?:istrator)?|user|owner|author|unknown|anonymous|scanner|root|python-docx|microsoft office user)\s*\d*"
    r"|[\W\d_]*",
    re.IGNORECASE,
)
#: Longest title or author that is one.
_MAX_SAID = 300


def is_no_title(text: str) -> bool:
    """Whether a line is none that a person would give as a title."""
    return len(text) > _MAX_SAID or _NO_TITLE.fullmatch(text) is not None


def believed_title(text: str) -> str:
    """The title that a document's properties name; "" where no person seems to have written it."""
    title = collapse_whitespace(text)
    return "" if is_no_title(title) else title


def believed_authors(text: str) -> tuple[str, ...]:
    """The author whom a document's properties name; none where it is what a program fills in."""
    author = collapse_whitespace(text)
    return () if len(author) > _MAX_SAID or _NO_AUTHOR.fullmatch(author) else (author,)
