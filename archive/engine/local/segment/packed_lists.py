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

from archive.engine.local.segment.file import Sections, SegmentFileWriter

#: Whole numbers at whatever width they lie in the file.
Ints = NDArray[np.integer[Any]]
_NONE: Ints = np.empty(0, np.int64)
_DTYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


def starts_of(counts: NDArray[Any]) -> Ints:
    """Where each group begins when they lie one after the other, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def smallest(values: NDArray[Any]) -> NDArray[Any]:
    """The same numbers (none negative) at the least width that holds the largest."""
    most = int(values.max()) if len(values) else 0
    return values.astype("<u1" if most < 1 << 8 else "<u2" if most < 1 << 16 else "<u4" if most < 1 << 32 else "<u8")


def distinct_sorted(numbers: Ints) -> tuple[Ints, Ints]:
    """The different ones of ascending numbers, and how often each is there.

    `np.unique` does the same, but loads `numpy.ma` first, which takes longer than a search.
    """
    if not len(numbers):
        return numbers, np.empty(0, np.int64)
    edges = (numbers[1:] != numbers[:-1]).nonzero()[0]
    ends = np.empty(len(edges) + 2, np.int64)
    ends[0], ends[-1] = 0, len(numbers)
    np.add(edges, 1, out=ends[1:-1])
    return numbers.take(ends[:-1]), ends[1:] - ends[:-1]


class PackedListsWriter:
    """Writes groups, one lot after the other, as the sections of `name`."""

    def __init__(self, out: SegmentFileWriter, name: str) -> None:
        self._out, self._name = out, name
        self._streams = {width: out.spool() for width in _DTYPES}
        self._sizes = dict.fromkeys(_DTYPES, 0)
        self._widths: list[NDArray[np.uint8]] = []
        self._starts: list[Ints] = []

    def add(self, values: NDArray[Any], counts: NDArray[Any]) -> None:
        """Add `values`, of which each group has `counts` (at least one)."""
        if not len(counts):
            return
        counts = counts.astype(np.int64)
        most = np.maximum.reduceat(values, starts_of(counts)[:-1])
        least = np.minimum.reduceat(values, starts_of(counts)[:-1])
        widths = np.where(most < 1 << 8, 1, np.where(most < 1 << 16, 2, 4)).astype(np.uint8)
        widths[(most == 1) & (least == 1)] = 0
        starts = np.zeros(len(counts), np.int64)
        each = np.repeat(widths, counts)
        for width, dtype in _DTYPES.items():
            chosen = widths == width
            ends = starts_of(counts[chosen])
            starts[chosen] = ends[:-1] + self._sizes[width]
            self._sizes[width] += int(ends[-1])
            self._streams[width].write(values[each == width].astype(dtype))
        self._widths.append(widths)
        self._starts.append(starts)

    def finish(self) -> tuple[Ints, Ints]:
        """Write the sections; returns of each group its width, and where it begins among those of that width."""
        for width, dtype in _DTYPES.items():
            self._out.add_all(f"{self._name}/{width}", self._streams[width], dtype.str)
        return np.concatenate([np.empty(0, np.uint8), *self._widths]), np.concatenate([_NONE, *self._starts])


class PackedLists:
    """Reads what a PackedListsWriter wrote."""

    def __init__(self, file: Sections, name: str) -> None:
        self._streams = {width: file.pages(f"{name}/{width}") for width in _DTYPES}

    def group(self, width: int, start: int, count: int) -> NDArray[Any]:
        """The `count` numbers of a group of some width, as they lie from its start."""
        return self._streams[width].part(start, start + count) if width else np.ones(count, np.uint8)

    def some(self, width: int, start: int, places: Ints) -> NDArray[Any]:
        """The numbers of a group at some places in it, ascending."""
        return self._streams[width].take(places + start) if width else np.ones(len(places), np.uint8)

    def of_groups(self, widths: Ints, starts: Ints, counts: Ints) -> Ints:
        """Groups by their order, one after the other."""
        ends = counts.cumsum()
        places = np.arange(int(ends[-1])) + (starts - ends + counts).repeat(counts)
        if (widths == widths[0]).all():
            return self._streams[int(widths[0])].take(places) if widths[0] else np.ones(len(places), np.int64)
        values, each = np.ones(len(places), np.int64), widths.repeat(counts)
        for width, stream in self._streams.items():
            of_width = (each == width).nonzero()[0]
            values[of_width] = stream.take(places.take(of_width))
        return values

    def groups(self, widths: Ints, starts: Ints, counts: Ints) -> Ints:
        """Groups in a row, one after the other."""
        values = np.ones(int(counts.sum()), np.int64)
        each = np.repeat(widths, counts)
        for width, stream in self._streams.items():
            # A stream holds its groups in order, so that they fall into place by themselves.
            chosen = widths == width
            if chosen.any():
                start = int(starts[np.argmax(chosen)])
                values[each == width] = stream.part(start, start + int(counts[chosen].sum()))
        return values
