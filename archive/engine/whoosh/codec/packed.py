"""Numbers in groups, each group at the least width of 0, 1, 2 or 4 bytes that holds its largest.

A group is a term's list: gaps between documents, frequencies, or positions. Frequent terms
have small gaps, so that the lists that make up most of an index take a byte a posting; and a
group is still one array that numpy can use as it lies in the file. Width 0 is for lists of
nothing but ones, the frequencies of most terms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.codec.sections import SectionFile, SectionWriter

#: Whole numbers at whatever width they lie in the file.
Ints = NDArray[np.integer[Any]]
_DTYPES = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


def starts_of(counts: NDArray[Any]) -> Ints:
    """Where each group begins when they lie one after the other, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def smallest(values: NDArray[Any]) -> NDArray[Any]:
    """The same numbers (none negative) at the least width that holds the largest."""
    most = int(values.max()) if len(values) else 0
    return values.astype("<u1" if most < 1 << 8 else "<u2" if most < 1 << 16 else "<u4" if most < 1 << 32 else "<u8")


def write_packed(out: SectionWriter, name: str, values: NDArray[Any], counts: NDArray[Any]) -> None:
    """Write `values`, of which each group has `counts` (at least one), as the sections of `name`."""
    counts = counts.astype(np.int64)
    most = np.maximum.reduceat(values, starts_of(counts)[:-1]) if len(counts) else np.empty(0, np.int64)
    least = np.minimum.reduceat(values, starts_of(counts)[:-1]) if len(counts) else most
    widths = np.where(most < 1 << 8, 1, np.where(most < 1 << 16, 2, 4)).astype(np.uint8)
    widths[(most == 1) & (least == 1)] = 0
    starts = np.zeros(len(counts), np.int64)
    each = np.repeat(widths, counts)
    for width, dtype in _DTYPES.items():
        chosen = widths == width
        starts[chosen] = starts_of(counts[chosen])[:-1]
        out.add(f"{name}/{width}", values[each == width].astype(dtype))
    out.add(f"{name}/width", widths)
    out.add(f"{name}/start", smallest(starts))


class Packed:
    """Reads what `write_packed` wrote."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._widths = file.array(f"{name}/width")
        self._starts = file.array(f"{name}/start")
        self._streams = {width: file.array(f"{name}/{width}") for width in _DTYPES}
        self._ones = np.ones(0, np.uint8)

    def group(self, number: int, count: int) -> NDArray[Any]:
        """The `count` numbers of a group, as they lie."""
        width = int(self._widths[number])
        if width == 0:
            return np.ones(count, np.uint8)
        start = int(self._starts[number])
        return self._streams[width][start : start + count]

    def all_ones(self, number: int) -> bool:
        """Whether a group holds nothing but ones."""
        return not self._widths[number]

    def all(self, counts: NDArray[Any]) -> Ints:
        """Every group one after the other; `counts` are their sizes."""
        values = np.ones(int(counts.sum()), np.int64)
        each = np.repeat(self._widths, counts)
        for width, stream in self._streams.items():
            # A stream holds its groups in order, so that they fall into place by themselves.
            values[each == width] = stream
        return values
