"""What the ranking needs to know of the whole index: see `archive.engine.inb2`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive.engine import inb2
from archive.engine.local.segment.postings import length_table
from archive.engine.local.segment.segment_reader import SegmentReader

#: Fields ranked as one, each with its weight.
Weights = tuple[tuple[str, float], ...]
#: Terms whose counts are remembered: every segment asks for them.
_REMEMBERED = 10_000


class CollectionStats:
    """Counts over all segments. Like Lucene's, they include documents deleted but not yet merged away."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self.documents = sum(segment.doc_count for segment in segments)
        self._counts: dict[tuple[str, bytes], tuple[int, int]] = {}
        self._norms: dict[tuple[SegmentReader, Weights], NDArray[np.float64]] = {}

    def doc_frequency(self, field_name: str, term: bytes) -> int:
        """How many documents have a term."""
        return self.counts(field_name, term)[0]

    def counts(self, field_name: str, term: bytes) -> tuple[int, int]:
        """How many documents have a term, and how often it occurs in all of them together."""
        key = field_name, term
        counts = self._counts.get(key)
        if counts is None:
            having = occurring = 0
            for segment in self._segments:
                field = segment.field(field_name)
                number = None if field is None else field.find(term)
                if field is not None and number is not None:
                    having += field.doc_frequency(number)
                    occurring += field.frequency(number)
            if len(self._counts) == _REMEMBERED:
                self._counts.clear()
            counts = self._counts[key] = having, occurring
        return counts

    def weight(self, fields: Weights, term: bytes) -> float:
        """The weight of a term in fields ranked as one."""
        counts = [self.counts(name, term) for name, _ in fields]
        occurring = sum(cf * weight for (_, cf), (_, weight) in zip(counts, fields, strict=True))
        return inb2.term_weight(self.documents, max(df for df, _ in counts), occurring)

    def norms(self, segment: SegmentReader, fields: Weights) -> NDArray[np.float64]:
        """`inb2.length_norms` of the documents of a segment, in fields ranked as one."""
        norms = self._norms.get((segment, fields))
        if norms is None:
            total = sum(weight * each.field_length(name) for name, weight in fields for each in self._segments)
            lengths = np.zeros(segment.doc_count)
            for name, weight in fields:
                field = segment.field(name)
                if field is not None and field.lengths is not None:
                    lengths += weight * _LENGTHS.take(field.lengths)
            norms = self._norms[segment, fields] = inb2.length_norms(lengths, total / (self.documents or 1))
        return norms


_LENGTHS = length_table()
