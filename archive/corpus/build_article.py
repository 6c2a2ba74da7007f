"""Metadata and body -> Article: what every format does the same.

Here a title is found where none was declared, credits leave the body, the name of the
file may date the article, and the article says which of all this was not declared.
"""

from __future__ import annotations

import re

from archive.corpus.credits import take_credits
from archive.corpus.decode import Refusal, body_start
from archive.corpus.ids import made_id
from archive.corpus.metadata import Metadata
from archive.model.article import Article
from archive.model.dates import parse_date
from archive.text.analyzer import fold

#: A first line longer than this is a paragraph: its first words make the title.
MAX_TITLE_LINE = 200
_SHORT_TITLE = 100

_HEADING = re.compile(r"\A#{1,6}\s+(?=\S)")
_EMPHASIS = ("**", "__", "*", "_")
_FILE_DATE = re.compile(r"([12]\d{3}(?:-\d\d(?:-\d\d)?)?)(?![0-9A-Za-z])", re.ASCII)
_NOTHING = Metadata()


def assemble(
    declared: Metadata,
    body: str,
    path: str,
    line: int,
    *,
    stem: str = "",
    found: Metadata = _NOTHING,
    counted: bool = True,
) -> Article:
    """The article of `path` with that body, whose text begins on `line`.

    stem     name of a file that holds this one article: it may begin with a date
    found    what the document says of itself, for what was not declared
    counted  whether lines of the body are lines of the file, so that `line` moves along
    """
    body, skipped = body_start(body)
    date = declared.date or stem_date(stem) or found.date
    title = declared.title or found.title
    if title:
        rest, dropped = _without_title(body, title, any_line=not declared.title)
    else:
        title, rest, dropped = first_title(body)
    if not title:
        raise Refusal("there is neither a title nor a text", "write one, or remove the article", line)
    rest, credits, above = take_credits(rest)
    inferred = []
    if not declared.id:
        inferred.append("id")
    if not declared.title:
        inferred.append("title")
    if not declared.date:
        inferred.append("date")
    if declared.people is None:
        inferred.append("people")
    if declared.venues is None:
        inferred.append("venues")
    if declared.credits:
        credits = tuple(dict.fromkeys(declared.credits + credits))
    return Article(
        declared.id or made_id(title, date),
        title,
        rest,
        date,
        declared.people or (),
        declared.venues or (),
        declared.source or found.source,
        declared.authors or found.authors,
        declared.url or found.url,
        declared.tags,
        declared.language or found.language,
        declared.extra,
        credits,
        path,
        line + skipped + dropped + above if counted else line,
        tuple(inferred),
    )


def stem_date(stem: str) -> str | None:
    """The ISO date with which a file's name begins, or None; one that does not exist is none."""
    match = _FILE_DATE.match(stem)
    if not match:
        return None
    try:
        return parse_date(match[1])
    except ValueError:
        return None


def plain_line(line: str) -> str:
    """A line of Markdown as plain text: without the `#` of a heading and emphasis all around."""
    text = " ".join(_HEADING.sub("", line.strip(), count=1).split())
    before = ""
    while text != before:
        before = text
        for mark in _EMPHASIS:
            inner = text[len(mark) : -len(mark)]
            if text == f"{mark}{inner}{mark}" and mark not in inner and inner.strip():
                text = inner.strip()
    return text


def first_title(body: str) -> tuple[str, str, int]:
    """The title that the first line of `body` makes, the rest, and the lines that it took."""
    first, _, rest = body.partition("\n")
    title = plain_line(first)
    if len(title) > MAX_TITLE_LINE:
        return _shortened(title), body, 0
    rest, skipped = body_start(rest)
    return title, rest, skipped + 1


def repeats_title(line: str, title: str) -> bool:
    """Whether `line` is a Markdown heading that says the title again."""
    line = line.strip()
    return bool(_HEADING.match(line)) and fold(plain_line(line)) == fold(title)


def _without_title(body: str, title: str, *, any_line: bool) -> tuple[str, int]:
    """`body` without a first line that repeats the title, and how many lines that took.

    Only a heading counts, unless the title is a document's own: its text has no headings.
    """
    if not any_line and body.lstrip()[:1] != "#":
        return body, 0
    first, _, rest = body.partition("\n")
    if not repeats_title(first, title) and not (any_line and fold(plain_line(first)) == fold(title)):
        return body, 0
    rest, skipped = body_start(rest)
    return rest, skipped + 1


def _shortened(text: str) -> str:
    """The first words of `text`, some 100 characters of them."""
    head = text[: _SHORT_TITLE + 1]
    words = head.rpartition(" ")[0] if " " in head else head[:_SHORT_TITLE]
    return words.rstrip(" ,;:–—-") + "…"
