"""Where one visible character ends and the next begins, and how many terminal cells text takes.

Text is never cut inside a flag, a family emoji, a Hangul syllable or an accented letter. Boundaries are those of
`regex` (`\\X`: the extended grapheme clusters of Unicode Standard Annex 29). Widths are those of Rich, with which
Textual measures every line it draws: a second table of widths would leave some lines a cell too long or too short.
Both libraries are loaded only for text that needs them: that takes as long as a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat

#: Characters of one cell each, none of which ever joins another: Latin, Greek, Cyrillic, typographic punctuation,
#: pictures of controls, box drawing.
_SIMPLE = re.compile(
    r"[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf"
    r"\u2400-\u2426\u2500-\u25a9\ufffd]*"
)
#: Characters before a place that are looked at to tell whether a grapheme ends there.
_CONTEXT = 100


def graphemes(text: str) -> Iterator[str]:
    """The visible characters of `text`, in order; joined they are `text`."""
    if _SIMPLE.fullmatch(text):
        return iter(text)
    from regex import finditer

    return (match[0] for match in finditer(r"\X", text))


def measured_graphemes(text: str) -> Iterator[tuple[str, int]]:
    """The visible characters of `text` in order, each with how many cells it takes."""
    if _SIMPLE.fullmatch(text):
        return zip(text, repeat(1), strict=False)
    return ((cluster, cell_width(cluster)) for cluster in graphemes(text))


def is_boundary(text: str, at: int) -> bool:
    """Whether a grapheme ends before `text[at]`."""
    if not 0 < at < len(text) or _SIMPLE.fullmatch(text, at - 1, at + 1):
        return True
    from regex import finditer

    start = max(0, at - _CONTEXT)
    while start > 0 and "\U0001f1e6" <= text[start] <= "\U0001f1ff":  # flags are pairs, counted from the first letter
        start -= 1
    return any(match.end() == at for match in finditer(r"\X", text, pos=start, endpos=at + 1))


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes."""
    if (text.isascii() and text.isprintable()) or _SIMPLE.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
