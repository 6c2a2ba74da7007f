"""Words on a page, by their places -> paragraphs in reading order.

The order in which a page was drawn says little: many programs draw line by line across all columns. Columns are found
by the white space between them, as tall empty strips with lines of text on both sides (after Breuel, "Two Geometric
Algorithms for Layout Analysis", 2002, reduced to upright pages); the text above a strip, left of it, right of it and
below it is then taken apart in the same way. All lengths are in the page's units; `top` grows downwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: A gutter is so many ems wide at least, and has so many lines on each side.
_GUTTER, _GUTTER_LINES = 0.6, 3
#: Each side of it is so many ems wide and its lines have so many words on average: otherwise these are bullets, line
#: numbers or the cells of a table.
_SIDE_WIDTH, _SIDE_WORDS, _SIDE_FILL = 6.0, 2.0, 0.5
#: White space that is this much wider than between words, or this many lines tall, is no accident of spacing.
_WIDER_THAN_SPACES, _TALL = 2.0, 8
_MUCH_NARROWER = 0.6
#: The distance of two lines in ems is no less.
_LINE = 0.8
_MAX_EDGES = 24
_MAX_DEPTH = 30
#: A line this much larger than the text around it is another kind of line; larger than all text, a heading.
_OTHER_SIZE, _HEADING_SIZE = 1.12, 1.2
_MAX_HEADING = 200
_SENTENCE_ENDS = re.compile(r"[.!?:…][\"”’»)\]]*\Z")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]\Z")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


class PageWord(NamedTuple):
    """A word and the box around it."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        return self.bottom - self.top


@dataclass(slots=True)
class Line:
    """Words beside one another."""

    words: list[PageWord]
    page: int = 0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def size(self) -> float:
        return median(word.size for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def middle(self) -> float:
        return median((word.top + word.bottom) / 2 for word in self.words)


@dataclass(slots=True)
class Paragraph:
    """Lines of text that belong together; `level` is 1 for a main heading, 2 for another, 0 for text."""

    lines: list[str]
    size: float
    page: int
    level: int = 0

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def paragraphs_of(pages: Iterable[Sequence[PageWord]]) -> list[Paragraph]:
    """The paragraphs of a document in reading order; words broken at the end of a line are whole."""
    found: list[Paragraph] = []
    for number, words in enumerate(pages):
        for region in _regions(_with_whole_headlines(words), 0):
            new = _paragraphs(_lines(region), number)
            if found and new and _goes_on(found[-1], new[0]):
                found[-1].lines += new.pop(0).lines
            found += new
    _set_levels(found)
    _join_broken_words(found)
    return found


def _with_whole_headlines(words: Sequence[PageWord]) -> list[PageWord]:
    """The words, with those of large lines put together: the spaces between them are as wide as a gutter."""
    if not words:
        return []
    large = _HEADING_SIZE * median(word.size for word in words)
    found: list[PageWord] = []
    for word in words:
        last = found[-1] if found else word
        if (
            min(word.size, last.size) > large
            and 0 <= word.left - last.right < word.size
            and abs(word.bottom - last.bottom) < 0.2 * word.size
        ):
            text = f"{last.text} {word.text}"
            found[-1] = PageWord(text, last.left, word.right, min(last.top, word.top), max(last.bottom, word.bottom))
        else:
            found.append(word)
    return found


# -- columns ---------------------------------------------------------------------------


def _regions(words: list[PageWord], depth: int) -> Iterator[list[PageWord]]:
    """The parts of a page in reading order, none of which has columns."""
    strip = _gutter(words) if depth < _MAX_DEPTH else None
    if strip is None:
        if words:
            yield words
        return
    parts: tuple[list[PageWord], ...] = ([], [], [], [])
    for word in words:
        middle = (word.top + word.bottom) / 2
        if middle < strip.top:
            parts[0].append(word)
        elif middle > strip.bottom:
            parts[3].append(word)
        else:
            parts[1 if (word.left + word.right) / 2 < strip.x else 2].append(word)
    for part in parts:
        yield from _regions(part, depth + 1)


class _Strip(NamedTuple):
    """An upright strip of white space: its middle, and the middles of the first and last words beside it."""

    x: float
    top: float
    bottom: float


def _gutter(words: Sequence[PageWord]) -> _Strip | None:
    """The white space between two columns that has the most lines on both sides; None if there are no columns."""
    if len(words) < 2 * _GUTTER_LINES * _SIDE_WORDS:
        return None
    boxes = np.array([word[1:] for word in words], dtype=np.float64)
    middles = (boxes[:, 2] + boxes[:, 3]) / 2
    order = np.argsort(middles, kind="stable")
    boxes, middles = boxes[order], middles[order]
    em = float(np.median(boxes[:, 3] - boxes[:, 2]))
    if em <= 0:
        return None
    best, found = (0, 0.0), None
    for x in _column_edges(boxes, em):
        crossing = np.flatnonzero((boxes[:, 0] < x) & (boxes[:, 1] > x - _GUTTER * em))
        # A word that crosses it takes its whole line with it.
        starts = np.append(0, np.searchsorted(middles, middles[crossing] + em / 2, side="right"))
        ends = np.append(np.searchsorted(middles, middles[crossing] - em / 2), len(words))
        for at in np.flatnonzero(ends - starts >= 2 * _GUTTER_LINES * _SIDE_WORDS):
            run = slice(starts[at], ends[at])
            score = _score(boxes[run], middles[run], x - _GUTTER * em / 2, em)
            if score > best:
                best, found = score, _strip(boxes[run], middles[run], x - _GUTTER * em / 2, em)
    return found


def _strip(boxes: NDArray[np.float64], middles: NDArray[np.float64], x: float, em: float) -> _Strip:
    """The strip at `x`, without lines at its ends that cross it with no more than a space between two words."""
    starts = _line_starts(middles, em)
    ends = np.append(starts[1:], len(middles))
    gaps = np.full(len(starts), np.inf)
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        is_left = boxes[start:end, 1] <= x
        if is_left.any() and not is_left.all():
            gaps[at] = boxes[start:end, 0][~is_left].min() - boxes[start:end, 1][is_left].max()
    usual = float(np.median(gaps[np.isfinite(gaps)]))
    wide = np.flatnonzero(gaps >= min(_MUCH_NARROWER * usual, 1.5 * _space(boxes, middles, em)))
    return _Strip(x, float(middles[starts[wide[0]]]), float(middles[ends[wide[-1]] - 1]))


def _column_edges(boxes: NDArray[np.float64], em: float) -> list[float]:
    """Where columns may begin: the left edges that most words share, one for each tenth of an em."""
    lefts = np.floor(boxes[:, 0] / (em / 10)).astype(np.int64)
    first = lefts.min() + 10 * _SIDE_WIDTH
    edges, counts = np.unique(lefts[lefts > first], return_counts=True)
    counts = counts + np.isin(edges + 1, edges) * np.append(counts[1:], 0)  # an edge may lie on a boundary
    likely = np.argsort(-counts, kind="stable")[:_MAX_EDGES]
    return [float(edges[at]) * em / 10 for at in likely if counts[at] >= _GUTTER_LINES]


def _score(boxes: NDArray[np.float64], middles: NDArray[np.float64], x: float, em: float) -> tuple[int, float]:
    """How many lines stand on the poorer side of a strip, and how wide it is; (0, 0) if it parts no columns."""
    is_left = boxes[:, 1] <= x
    counts = []
    for side in (is_left, ~is_left):
        if side.sum() < _GUTTER_LINES * _SIDE_WORDS:
            return 0, 0.0
        its, at = boxes[side], middles[side]
        starts = _line_starts(at, em)
        lines = len(starts)
        lefts, rights = np.minimum.reduceat(its[:, 0], starts), np.maximum.reduceat(its[:, 1], starts)
        width = rights.max() - lefts.min()
        if (
            lines < _GUTTER_LINES
            or len(its) < _SIDE_WORDS * lines
            or width < _SIDE_WIDTH * em
            or (rights - lefts).mean() < _SIDE_FILL * width
        ):
            return 0, 0.0
        counts.append(lines)
    width = float(boxes[~is_left, 0].min() - boxes[is_left, 1].max())
    if min(counts) < _TALL and width < _WIDER_THAN_SPACES * _space(boxes, middles, em):
        return 0, 0.0
    return min(counts), width


def _line_starts(middles: NDArray[np.float64], em: float) -> NDArray[np.intp]:
    """The first word of each line among words from top to bottom; columns need not have their lines side by side."""
    rows = np.floor((middles - middles[0]) / (_LINE * em))
    return np.flatnonzero(np.diff(rows, prepend=-1.0) > 0)


def _space(boxes: NDArray[np.float64], middles: NDArray[np.float64], em: float) -> float:
    """The usual space between words that follow one another on a line."""
    order = np.lexsort((boxes[:, 0], np.round(middles / (em / 2))))
    spaces = boxes[order[1:], 0] - boxes[order[:-1], 1]
    spaces = spaces[spaces > 0]
    return float(np.median(spaces)) if len(spaces) else 0.0


# -- lines and paragraphs --------------------------------------------------------------


def _lines(words: Sequence[PageWord]) -> list[Line]:
    """The lines of a part of a page, from top to bottom."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda each: (each.top + each.bottom, each.left)):
        if lines:
            above = lines[-1].words[-1]
            overlap = min(word.bottom, above.bottom) - max(word.top, above.top)
            if overlap > min(word.size, above.size) / 2:
                lines[-1].words.append(word)
                continue
        lines.append(Line([word]))
    for line in lines:
        line.words.sort(key=lambda each: each.left)
    return _with_drop_caps(lines)


def _with_drop_caps(lines: list[Line]) -> list[Line]:
    """The lines with every large first letter at the word that it begins."""
    body = median(line.size for line in lines) if lines else 0.0
    for at, line in enumerate(lines):
        initial = next((word for word in line.words if len(word.text) == 1 and word.size > 1.8 * body), None)
        if initial is None or not initial.text.isupper():
            continue
        for other in lines[max(at - 2, 0) : at + 1]:
            rest = next((word for word in other.words if word is not initial and word.left >= initial.right - 1), None)
            if rest and rest.text[0].islower() and rest.left - initial.right < body:
                other.words[other.words.index(rest)] = rest._replace(text=initial.text + rest.text)
                line.words.remove(initial)
                break
    return [line for line in lines if line.words]


def _paragraphs(lines: Sequence[Line], page: int) -> list[Paragraph]:
    """The paragraphs of one column."""
    if not lines:
        return []
    left = sorted(line.left for line in lines)[len(lines) // 10]
    right = max(line.right for line in lines)
    distances = [below.middle - above.middle for above, below in pairwise(lines)]
    leading = median(distances) if distances else 0.0
    found = [Paragraph([lines[0].text], lines[0].size, page)]
    for above, line, distance in zip(lines, lines[1:], distances, strict=False):
        gap = _break_between(above, line, distance, leading, left, right)
        if gap == "paragraph":
            found.append(Paragraph([line.text], line.size, page))
        elif gap == "line":
            found[-1].lines.append("\n" + line.text)
        else:
            found[-1].lines.append(line.text)
    return found


def _break_between(above: Line, line: Line, distance: float, leading: float, left: float, right: float) -> str:
    """Whether a paragraph, or only a line, was ended on purpose between two lines; "" if neither."""
    size = min(above.size, line.size)
    if max(above.size, line.size) > _OTHER_SIZE * size:
        return "paragraph"
    if distance > max(leading, size) + 0.35 * size:
        return "paragraph"
    if line.left > left + 0.6 * size and above.left <= left + 0.6 * size and line.left < left + 5 * size:
        return "paragraph"
    # A line that had room for the next one's first word was ended on purpose.
    if above.right + 0.3 * size + (line.words[0].right - line.words[0].left) < right - 0.3 * size:
        return "paragraph" if _SENTENCE_ENDS.search(above.text) else "line"
    return ""


def _goes_on(above: Paragraph, below: Paragraph) -> bool:
    """Whether a paragraph at the top of a column or page is the rest of the last one."""
    text = above.text
    if max(above.size, below.size) > _OTHER_SIZE * min(above.size, below.size):
        return False
    return not _SENTENCE_ENDS.search(text) and below.text[:1].islower() and text[-1:] not in ".!?"


def _set_levels(found: list[Paragraph]) -> None:
    """Tell the headings: short paragraphs that are larger than most of the text."""
    sizes: Counter[float] = Counter()
    for paragraph in found:
        sizes[round(paragraph.size, 1)] += len(paragraph.text)
    if not sizes:
        return
    body = sizes.most_common(1)[0][0]
    headings = [each for each in found if each.size > _HEADING_SIZE * body and len(each.text) <= _MAX_HEADING]
    largest = max((each.size for each in headings), default=0.0)
    for each in headings:
        each.level = 1 if each.size > largest / _OTHER_SIZE else 2


# -- broken words ----------------------------------------------------------------------


def _join_broken_words(found: Sequence[Paragraph]) -> None:
    """Put words that a hyphen breaks at the end of a line together, each as the document has it elsewhere."""
    known: set[str] = set()
    for paragraph in found:
        for line in paragraph.lines:
            known.update(word.casefold() for word in _WORD.findall(line))
    for paragraph in found:
        lines: list[str] = []
        for line in paragraph.lines:
            if lines and not line.startswith("\n") and (broken := _BROKEN.search(lines[-1])):
                rest = _WORD.match(line)
                if rest and (joint := _joint(broken[1], rest[0], known)) is not None:
                    word, space, others = line.partition(" ")
                    lines[-1] = lines[-1][: broken.end(1)] + joint + word
                    if space:
                        lines.append(others)
                    continue
            lines.append(line)
        paragraph.lines = [line[1:] if line.startswith("\n") and not at else line for at, line in enumerate(lines)]


def _joint(first: str, rest: str, known: set[str]) -> str | None:
    """What stands between the halves of a broken word: nothing or a hyphen; None if they are no one word."""
    if f"{first}{rest}".casefold() in known:
        return ""
    if f"{first}-{rest}".casefold() in known or not rest[0].islower():
        return "-"
    return ""
