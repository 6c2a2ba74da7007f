"""Doc values: the values of a field by document, for facets and for sorting.

Like Lucene's SORTED_SET doc values: for each document the ordinals of its values. An ordinal is the
number of the value among the sorted terms of the same field in the same segment.

    FIELD/column      ordinals of all documents in a row, unsigned, of the smallest width that holds the largest
    FIELD/column_at   where each document begins in it, and the end; left out where every document has one value
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints, smallest, starts_of

#: The value of a number column where a document has none.
MISSING = -1


class DocValues:
    """The doc values of one field in one segment."""

    def __init__(self, file: SegmentFileReader, name: str) -> None:
        starts = f"{name}/column_at"
        self._at: NDArray[Any] | None = file.array(starts) if starts in file else None
        self.ordinals: NDArray[Any] = file.array(f"{name}/column")

    @property
    def is_single(self) -> bool:
        """Whether every document has one value."""
        return self._at is None

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """Number of values of each document; shape (documents,), unsigned."""
        return np.ones(len(self.ordinals), np.uint8) if self._at is None else np.diff(self._at)

    def of(self, doc: int) -> NDArray[Any]:
        """Ordinals of the values of a document, in the order in which the article has them."""
        first, last = (doc, doc + 1) if self._at is None else (int(self._at[doc]), int(self._at[doc + 1]))
        return self.ordinals[first:last]

    def among(self, docs: Ints, numbers: NDArray[Any] | None = None) -> NDArray[Any]:
        """Ordinals of the values of all `docs` (segment-local, ascending), document after document.

        numbers  other numbers of the same values, to be had in place of these
        """
        ordinals = self.ordinals if numbers is None else numbers
        if self._at is None:
            return ordinals.take(docs)
        starts, ends = self._at.take(docs).astype(np.int64), self._at.take(docs + 1).astype(np.int64)
        if not (counts := ends - starts).all():
            having = counts.nonzero()[0]
            starts, ends, counts = starts.take(having), ends.take(having), counts.take(having)
        if not len(counts):
            return ordinals[:0]
        # From one place to the next it is a step, and between two documents as many as lie between them.
        places = np.ones(int(counts.sum()), np.int64)
        places[0] = starts[0]
        places[counts[:-1].cumsum()] += starts[1:] - ends[:-1]
        return ordinals.take(places.cumsum(out=places))


def write_doc_values(out: SegmentFileWriter, name: str, counts: Ints, ordinals: NDArray[Any]) -> None:
    """Write the sections of a field.

    counts    number of values of each document, by document
    ordinals  segment-local ordinals of all values, document after document, each in the order given
    """
    if not (counts == 1).all():
        out.add(f"{name}/column_at", smallest(starts_of(counts)))
    out.add(f"{name}/column", smallest(ordinals))
