"""Paragraphs of a text as quotations and evidence have them, and lines that were wrapped by whoever wrote the file.

Newswire copy and mail come with a line end every seventy characters. Shown as they are, such lines are broken again at
another width; so a paragraph of them is laid out as one line. Verse, lists and tables keep their lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from archive import Article
from archive.render.quote_text import paragraphs
from archive.render.terminal import Mark

#: Characters that are looked at to tell whether a text was wrapped, and line ends in them that are needed to tell.
_SAMPLE, _MIN_LINE_ENDS = 20_000, 3
#: Widths at which texts are wrapped.
_NARROWEST, _WIDEST = 40, 110
#: Share of line ends that have to be where wrapping puts them, and by how much a width may be taken too large.
_WRAPPED_SHARE, _TOLERANCE = 0.85, 3
#: Blocks that are read line by line.
_OWN_LINES = frozenset(("code", "row", "item", "caption"))


@lru_cache(maxsize=4)
def paragraph_spans(text: str) -> Sequence[Mark]:
    """Start and end of every paragraph of a text."""
    return paragraphs(text)


def paragraph_at(text: str, offset: int) -> Mark:
    """Start and end of the paragraph with an offset in it, or before it; (0, 0) for a text without any."""
    spans = paragraph_spans(text)
    index = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return spans[max(0, index)] if spans else (0, 0)


def next_paragraph(text: str, offset: int, direction: int) -> int:
    """Where the next (1) or previous (-1) paragraph begins; the last or the first one where there is none."""
    spans = paragraph_spans(text)
    index = bisect_right(spans, offset, key=lambda span: span[0]) - 1 + direction
    return spans[max(0, min(index, len(spans) - 1))][0] if spans else 0


def lines_to_lay_out(article: Article, until: int) -> Iterator[Mark]:
    """The lines of an article's text up to the one with the offset `until`, those joined that were wrapped."""
    text, separate = article.body, _rows_apart(article)
    width = wrap_width(text, separate)
    start, row = 0, 0
    while start <= len(text) and (start <= until or start == 0):
        end = _line_end(text, start)
        while width and end < len(text) and row not in separate and row + 1 not in separate:
            following = _line_end(text, end + 1)
            if not _goes_on(text[start:end].rpartition("\n")[2], text[end + 1 : following], width):
                break
            end, row = following, row + 1
        yield start, end
        start, row = end + 1, row + 1


def wrap_width(text: str, apart: frozenset[int] = frozenset()) -> int:
    """The width at which a text was wrapped, its lines `apart` aside; 0 where it was not."""
    sample = enumerate(text[:_SAMPLE].split("\n"))
    lines = pairwise("" if row in apart else line for row, line in sample)
    pairs = [(line, after) for line, after in lines if line.strip() and after.strip()]
    width = max((len(line.rstrip()) for line, _ in pairs), default=0)
    if len(pairs) < _MIN_LINE_ENDS or not _NARROWEST <= width <= _WIDEST:
        return 0
    wrapped = sum(_goes_on(line, after, width) for line, after in pairs)
    return width if wrapped >= _WRAPPED_SHARE * len(pairs) else 0


def _goes_on(line: str, after: str, width: int) -> bool:
    """Whether the first word of the line after it would not have fitted on a line."""
    words = after.split(maxsplit=1)
    return bool(words) and bool(line.strip()) and len(line.rstrip()) + 1 + len(words[0]) > width - _TOLERANCE


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _rows_apart(article: Article) -> frozenset[int]:
    """The lines that are not joined with others: items of lists, rows of tables, code and headings."""
    return frozenset(
        row
        for block in article.blocks
        if block.style in _OWN_LINES or block.style.startswith("h")
        for row in range(block.first_row, block.last_row + 1)
    )
