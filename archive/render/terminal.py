"""Text that is safe to send to a terminal, and that fits it: escaped, wrapped, styled, in columns.

An article may hold anything: escape sequences, bidirectional overrides, letters of two
cells or none. Whatever comes from data passes through `safe` before a person sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from archive.text.graphemes import cell_width as cell_width
from archive.text.graphemes import measured_graphemes as measured_graphemes
from archive.util.quoting import quote_path as quote_path

#: A matched word, as (start, end) character offsets.
Mark = tuple[int, int]

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}  # ␀ to ␟
_SPACES = dict.fromkeys((0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), " ")
#: Bidirectional controls, and characters nobody can see: they hide or reorder what is around them.
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
     *range(0xFFF9, 0xFFFC)), ""
)  # fmt: skip
_UNSHOWABLE = dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF, 0xE0001), "\ufffd")
_SAFE = {**_UNSHOWABLE, **_PICTURES, 0x7F: "\u2421", **_INVISIBLE, **_SPACES}

#: Spaces at which a line may end; U+00A0, U+2007 and U+202F hold words together.
_BREAKING_SPACES = frozenset(" \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000")
_BREAK_AFTER = frozenset("-\u2010\u2012\u2013\u2014")
_ELLIPSIS = "…"


def safe(text: str) -> str:
    """`text` on one line, without anything that a terminal obeys instead of showing."""
    return text if text.isascii() and text.isprintable() else text.translate(_SAFE)


def safe_marked(text: str, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """`safe(text)`, with `marks` moved to where their words are in it."""
    parts: list[str] = []
    moved: list[Mark] = []
    end = length = 0
    for start, stop in marks:
        before, word = safe(text[end:start]), safe(text[start:stop])
        parts += before, word
        start = length + len(before)
        length, end = start + len(word), stop
        if word:
            moved.append((start, length))
    return "".join([*parts, safe(text[end:])]), tuple(moved)


def fit(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where something was left out."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = [], 0
    for cluster, cells in measured_graphemes(text):
        if used + cells > width - 1:
            break
        kept.append(cluster)
        used += cells
    return "".join(kept).rstrip() + _ELLIPSIS


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells; `right` aligns it to the right."""
    text = fit(text, width)
    space = " " * (width - cell_width(text))
    return space + text if right else text + space


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text` at `width` cells; no lines for a blank text."""
    return [text[start:end] for start, end in wrap_spans(text, width)]


def wrap_spans(text: str, width: int) -> Iterator[Mark]:
    """Offsets of the lines of `text` at `width` cells, without the spaces between them.

    Lines end at a space, after a hyphen or dash, or between wide letters; a longer word
    is cut between graphemes. A grapheme wider than `width` gets a line of its own.
    """
    start: int | None = None  # of the line; None until something is on it
    end = used = place = 0  # end: of what is on the line, without trailing spaces
    chance: tuple[int, int] | None = None  # where the line may end: offset, and cells up to there
    for cluster, cells in measured_graphemes(text):
        at, place = place, place + len(cluster)
        if cluster in _BREAKING_SPACES:
            if start is not None:
                used += cells
                chance = (end, used)
            continue
        if start is None:
            start, used, chance = at, 0, None
        elif used + cells > width:
            if at > end:  # a space stands between: the line ends before it
                yield start, end
                start, used = at, 0
            elif chance is not None:
                yield start, chance[0]
                start, used = _next(text, chance[0]), used - chance[1]
            else:
                yield start, at
                start, used = at, 0
            chance = None
            if used + cells > width and at > start:
                yield start, at
                start, used = at, 0
        elif cells == 2 and at == end:
            chance = (at, used)
        used += cells
        end = place
        if cells == 2 or cluster in _BREAK_AFTER:
            chance = (end, used)
    if start is not None:
        yield start, end


def _next(text: str, at: int) -> int:
    """The first offset from `at` that is no breaking space."""
    while text[at] in _BREAKING_SPACES:
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class OutputStyle:
    """How text is shown: the width to lay out for, and whether styles may be used."""

    width: int = 80
    styled: bool = False

    def bold(self, text: str) -> str:
        """A heading."""
        return self._style("1", text)

    def dim(self, text: str) -> str:
        """Something less important."""
        return self._style("2", text)

    def match(self, text: str) -> str:
        """A matched word; `**` marks it where there are no styles."""
        return self._style("1;31", text) if self.styled else f"**{text}**"

    def _style(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.styled and text else text

    def wrap_styled(
        self, text: str, marks: Sequence[Mark] = (), *, indent: str = "", heading: bool = False
    ) -> Iterator[str]:
        """Lines of untrusted `text` wrapped behind `indent`, its matched words shown; the rest bold if `heading`."""
        plain = self.bold if heading else str
        text, marks = safe_marked(text, marks)
        if not self.styled and marks:
            text, marks = mark_plain(text, marks), ()
        for start, end in wrap_spans(text, max(1, self.width - len(indent))):
            parts, done = [indent], start
            for first, last in marks:
                first, last = max(first, start), min(last, end)
                if first < last:
                    parts += plain(text[done:first]), self.match(text[first:last])
                    done = last
            yield "".join([*parts, plain(text[done:end])])


def mark_plain(text: str, marks: Sequence[Mark]) -> str:
    """`text` with `**` around every matched word."""
    parts: list[str] = []
    end = 0
    for start, stop in marks:
        parts += text[end:start], f"**{text[start:stop]}**"
        end = stop
    return "".join([*parts, text[end:]])


_GAP = 3
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown_width(line: str) -> int:
    """The cells of a line that this package styled."""
    return cell_width(_STYLE.sub("", line))


def side_by_side(blocks: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """`blocks` as columns in rows of as many as fit into `width`, with empty lines between rows."""
    row: list[Sequence[str]] = []
    used = 0
    rows: list[list[Sequence[str]]] = []
    for block in blocks:
        wide = max(map(shown_width, block), default=0)
        if row and used + _GAP + wide > width:
            rows.append(row)
            row, used = [], 0
        used += (_GAP if row else 0) + wide
        row.append(block)
    if row:
        rows.append(row)
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield from _row(row)


def _row(blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(shown_width, block), default=0) for block in blocks]
    for cells in zip_longest(*blocks, fillvalue=""):
        line = ""
        at = 0
        for cell, wide in zip(cells, widths, strict=True):
            line += cell + " " * (wide - shown_width(cell) + _GAP)
            at += wide
        yield line.rstrip()
