"""Blocks of lines beside each other, for lines that may hold styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from archive.text.graphemes import cell_width

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
