"""Text as a reader of the rendered page sees it, with the way back to the lines of its file.

Every reader hands on its text in this form. What it is made of are lines: each knows which line of the file it came
from, and what kind of block it belongs to, so that a title, a credit or a blank line can be taken out of the text
without losing the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from archive.model.article import Block, Link

#: Marks that are not seen and stand within words: soft hyphens, zero-width spaces, word joiners, byte order marks.
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
#: A zero-width space where a word with a capital follows another word: pages put it in the place of a space.
_BREAK_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_])(?<![A-Z])\u200b+(?=[A-Z\u00c0-\u00de])")
_SOFT_HYPHEN_AT_END = re.compile("\u00ad(?=[^\\S\n]*\n)")
#: What stands for the beginning of a link, with a sign for its number behind it, and for its end, in text that is being
#: put together: signs that Unicode sets aside for a program's own use.
_OPEN, _CLOSE, _FIRST_LINK = "\ufdd0", "\ufdd1", 0x100000
_LINK_MARKS = re.compile(f"{_OPEN}([\U00100000-\U0010fffd]?)|{_CLOSE}")
_MAX_LINKS, _MAX_TARGET = 5_000, 2_000
_BROKEN_WORD = re.compile(r"[^\W\d_]-\n[^\W\d_]")


def without_unseen(text: str) -> str:
    """`text` without the marks that split words and are not seen; a word that one broke at a line's end is whole."""
    if text.isascii():
        return text
    if "\u00ad" in text:
        text = "\n".join(_joined(_SOFT_HYPHEN_AT_END.sub("\u00ad\u00ad", text).split("\n"), "\u00ad\u00ad"))
    if "\u200b" in text:
        text = _BREAK_BETWEEN_WORDS.sub(" ", text)
    for mark in _UNSEEN:  # looking for each takes a small part of the time of looking for any
        if mark in text:
            text = text.replace(mark, "")
    return text


def _joined(lines: list[str], mark: str) -> list[str]:
    """The lines with every word that `mark` breaks at the end of one put back together."""
    for row in range(len(lines) - 1):
        if lines[row].rstrip().endswith(mark):
            lines[row], lines[row + 1] = join_lines(lines[row].rstrip().removesuffix(mark), lines[row + 1].lstrip())
    return lines


def join_lines(first: str, second: str) -> tuple[str, str]:
    """Two lines, of which the first ends within a word, with that word whole on one of them; neither is left empty."""
    word, _, others = second.partition(" ")
    if others:
        return first + word, others
    before, space, start = first.rpartition(" ")
    return (before, start + word) if before and space else (first + word, "")


@dataclass(slots=True)
class RenderedText:
    """Lines of text as they are seen.

    lines     without line ends; paragraphs are parted by an empty one
    numbers   of each the 1-based line of the file that it came from; None where the text has no lines of its own there
    styles    of each the kind of block that it belongs to, as `Block.style`; empty where all are paragraphs
    links     of each its links: where they begin, their texts and targets; empty where there are none
    """

    lines: list[str]
    numbers: Sequence[int] | None = None
    styles: Sequence[str] = ()
    links: Sequence[Sequence[tuple[int, str, str]]] = ()

    @classmethod
    def verbatim(cls, text: str, first_line: int) -> Self:
        """Text that is seen as it stands in the file, from a line on."""
        lines = without_unseen(text).split("\n")
        return cls(lines, range(first_line, first_line + len(lines)))

    @classmethod
    def unplaced(cls, text: str) -> Self:
        """Text whose lines are not those of a file: of a record, a page, a document."""
        return cls(without_unseen(text).split("\n"))

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def __getitem__(self, rows: slice) -> RenderedText:
        return RenderedText(
            self.lines[rows],
            None if self.numbers is None else self.numbers[rows],
            self.styles and self.styles[rows],
            self.links and self.links[rows],
        )

    def only(self, rows: Sequence[int]) -> RenderedText:
        """The lines of these rows, in order."""
        return RenderedText(
            [self.lines[row] for row in rows],
            None if self.numbers is None else [self.numbers[row] for row in rows],
            self.styles and [self.styles[row] for row in rows],
            self.links and [self.links[row] for row in rows],
        )

    def stripped(self) -> RenderedText:
        """This without blank lines around it and without space at its end."""
        first, last = 0, len(self.lines)
        while last > first and not self.lines[last - 1].strip():
            last -= 1
        while first < last and not self.lines[first].strip():
            first += 1
        text = self if (first, last) == (0, len(self.lines)) else self[first:last]
        if text.lines:
            text.lines[-1] = text.lines[-1].rstrip()
        return text

    def line_map(self) -> tuple[tuple[int, int], ...]:
        """(row, skipped): from that row on, the file is so many lines further than the text says; see Article."""
        if self.numbers is None or isinstance(self.numbers, range) or not self.numbers:
            return ()
        found, skipped = [], 0
        for row, number in enumerate(self.numbers):
            if (now := number - self.numbers[0] - row) != skipped and self.lines[row]:
                found.append((row, now))
                skipped = now
        return tuple(found)

    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the text that are no plain paragraphs."""
        found: list[Block] = []
        for row, style in enumerate(self.styles):
            if not style:
                continue
            if found and found[-1].style == style and found[-1].last_row == row - 1:
                found[-1] = found[-1]._replace(last_row=row)
            else:
                found.append(Block(style, row, row))
        return tuple(found)

    def placed_links(self) -> tuple[Link, ...]:
        """The links where they stand in the lines; one whose text was changed since is left out."""
        found: list[Link] = []
        for row, links in enumerate(self.links):
            line, at = self.lines[row], 0
            for start, text, target in links:
                if not line.startswith(text, start):
                    start = line.find(text, at)
                if start >= 0:
                    at = start + len(text)
                    found.append(Link(row, start, at, target))
        return tuple(found)


class TextBuilder:
    """Collects rendered text: words into lines, lines into paragraphs. White space is as a page shows it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._numbers: list[int] = []
        self._styles: list[str] = []
        self._parts: list[str] = []
        self.number = 1  # line of the file that is being rendered
        self.style = ""  # kind of the block that is being rendered
        self._mark = ""
        self._targets: list[str] = []
        self._links: dict[int, list[tuple[int, str, str]]] = {}
        self._open_link = -1

    def open_link(self, target: str) -> str:
        """What to add where a link begins."""
        if len(self._targets) >= _MAX_LINKS or not 0 < len(target) <= _MAX_TARGET or not target.isprintable():
            return ""
        self._targets.append(target)
        return f"{_OPEN}{chr(_FIRST_LINK + len(self._targets) - 1)}"

    @property
    def link_end(self) -> str:
        """What to add where a link ends."""
        return _CLOSE if self._targets else ""

    def add(self, text: str) -> None:
        """Go on with the present line."""
        self._parts.append(text)

    def begin_item(self, mark: str) -> None:
        """Have the next line begin with the mark of a list's item."""
        self._mark = mark

    def end_line(self) -> None:
        """Begin a new line, if there is anything on the present one."""
        if self._parts:
            line = " ".join("".join(self._parts).split())
            self._parts.clear()
            if self._targets and not _LINK_MARKS.sub("", line).strip():
                line = self._take_links(line)
            if line:
                self.add_line(self._mark + line)
                self._mark = ""

    def add_line(self, line: str) -> None:
        """Add a whole line as it is."""
        self._lines.append(self._take_links(line) if self._targets else line)
        self._numbers.append(self.number)
        self._styles.append(self.style)

    def end_paragraph(self) -> None:
        """Begin a new paragraph, if there is anything in the present one."""
        if self._parts:
            self.end_line()
        if self._lines and self._lines[-1]:
            self._lines.append("")
            self._numbers.append(self.number)
            self._styles.append("")

    def add_paragraph(self, lines: Sequence[str]) -> None:
        """A whole paragraph of lines as they are, in a text whose last paragraph has ended."""
        if self._targets:
            for line in lines:
                self.add_line(line)
                self.number += 1
            self.end_paragraph()
            return
        self._lines += lines
        self._numbers += range(self.number, self.number + len(lines))
        self._styles += [self.style] * len(lines)
        self.number += len(lines)
        self.end_paragraph()

    def _take_links(self, line: str) -> str:
        """The next line without the marks of links, which are noted; a link that does not end goes on in the next."""
        if self._open_link < 0 and line.isascii():
            return line
        row, text, start, at = len(self._lines), "", 0, 0
        marks = list(_LINK_MARKS.finditer(line))
        for mark in (*marks, None):
            piece = line[at : mark.start() if mark else None]
            text += piece.lstrip(" ") if marks and (not text or text[-1] == " ") else piece
            shown = text[start:].strip()
            if self._open_link >= 0 and shown:
                link = (text.index(shown, start), shown, self._targets[self._open_link])
                self._links.setdefault(row, []).append(link)
            if mark:
                number = ord(mark[1]) - _FIRST_LINK if mark[1] else -1
                self._open_link = number if number < len(self._targets) else -1
                start, at = len(text), mark.end()
        return text.rstrip() if marks else text

    def finish(self, *, placed: bool = True) -> RenderedText:
        """All that was collected; `placed` where its lines are those of a file."""
        self.end_line()
        links = [self._links.get(row, ()) for row in range(len(self._lines))] if self._links else ()
        styles = self._styles if any(self._styles) else ()
        text = RenderedText(self._lines, self._numbers if placed else None, styles, links)
        if not all(map(str.isascii, self._lines)):
            text.lines = without_unseen(text.text).split("\n")
        return text.stripped()
