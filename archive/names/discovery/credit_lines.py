"""Bylines, datelines and photo credits of a text: their names are those of whoever made it, not of the story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.names.discovery.wordlists import AGENCIES
from archive.text.sentences import Span

_WROTE = "reporting|editing|writing"
#: Where names are not those of the story: "Photo: Ada Byrne/Agency", "(Reporting by Ada Byrne)".
_LABEL = re.compile(
    r"\b(?-i:P|p(?=[a-z ]{0,200}:))hoto(?:graph)?s?(?: (?:credit|courtesy)s?)?\s*(?::| by\b)[^.()\n]*"
    rf"|\b(?:picture|image|illustration|credit)s?(?: credits?)?:[^.()\n]*"
    rf"|\((?:additional )?(?:{_WROTE}|photo|photograph|picture)s?\b[^()\n]*\)"
    rf"|^(?:additional )?(?:{_WROTE}|compiled|written|edited|translated) (?:in [\w ]+ )?by\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
#: One of these is in every text with a label.
_LABEL_PARTS = ("hoto", "HOTO", "icture", "mage", "llustration", "redit", "eporting", "diting", "riting", "ed by ")
#: All but the first letter of the words with which a label begins within a line; the others lead to a colon.
_PHOTO_STEM, *_COLON_STEMS = "hoto", "icture", "mage", "llustration", "redit"
#: "Ada Byrne/Agency", from the stroke on and up to it.
_AGENCY = re.compile(rf"/ ?(?:{'|'.join(sorted(AGENCIES))})\b[^.()\n]*", re.IGNORECASE)
_CREDITED = re.compile(r"[\w.'’-]+(?: [\w.'’-]+){0,3} ?$")
#: A byline, and a dateline: lines of their own, or the beginning of one.
_LINE = re.compile(
    r"(?:(?:[Ww]ords|[Tt]ext|[Ss]tory|[Rr]eport) )?[Bb][Yy]\s+[^.!?\n]{3,60}$"
    r"|From [A-Z][\w'’-]+(?: [A-Z][\w.'’-]+){1,2}(?:,? (?:in|at) [A-Z][\w'’ -]{2,30}|, [A-Z][^.!?\n]{2,40})?$"
    r"|[A-Z][A-Z ,.'-]+(?:, [A-Z][a-z.]+ \d+)? \([^()\n]{2,20}\) ?[-–—]"
    r"|[A-Z][A-Z ,.'-]+(?:, (?:[A-Z][a-z.]+,? ?){1,3})?(?:,? [A-Z][a-z]+\.? \d{1,2})? ?(?:--?|[–—]) ",
    re.MULTILINE,
)
_LONGEST_CREDIT = 60


def credits_in(text: str) -> list[Span]:
    """Where in a text are bylines, datelines and photo credits, whose names are not of the story; in order."""
    lines = list(_line_starts(text))
    found = _matches(_LINE, text, lines)
    labels = _matches(_LABEL, text, sorted({*lines, *_label_starts(text)}))
    if labels and any(part in text for part in _LABEL_PARTS):
        found += labels
    if "/" in text:
        for match in _AGENCY.finditer(text):
            before = max(0, match.start() - _LONGEST_CREDIT)
            name = _CREDITED.search(text[before : match.start()])
            found.append((before + name.start() if name else match.start(), match.end()))
    return sorted(found)


def _matches(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> list[Span]:
    """What a pattern finds that begins at one of some places, in order; nothing that overlaps."""
    found: list[Span] = []
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            end = match.end()
            found.append((start, end))
    return found


def _label_starts(text: str) -> Iterator[int]:
    """Where a label may begin within a line: sooner found than by looking at every letter."""
    small = text.replace("İ", "I").lower()  # the only letter that becomes two
    yield from _places(small, "(")
    for stem in (_PHOTO_STEM, *_COLON_STEMS) if ":" in text else (_PHOTO_STEM,):
        for at in _places(small, stem):
            yield max(0, at - 1)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _line_starts(text: str) -> Iterator[int]:
    start = 0
    while start < len(text):
        yield start
        start = text.find("\n", start) + 1 or len(text)
