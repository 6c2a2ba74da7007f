"""What BM25 needs to know of the whole index, and how it weighs a term.

Weights are those of Whoosh's BM25F with k1 = 1.2 and b = 0.75, summed over the fields, and
with the inverse document frequency log(1 + (N - n + ½) / (n + ½)), as in Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009, and in Lucene.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.codec.inverted import length_table
from archive.engine.whoosh.codec.segment import SegmentFile

K1 = 1.2
B = 0.75


def idf(documents: int, having: int) -> float:
    """The inverse document frequency of a term that `having` of all documents have."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


@dataclass(frozen=True, slots=True)
class Weights:
    """How a term is weighed in a field, by the byte that stands for a document's length.

    norms   k1 · (1 - b + b · length / average length)
    of_one  the score of a single occurrence
    """

    idf: float
    norms: NDArray[np.float64]
    of_one: NDArray[np.float64]


class Statistics:
    """Counts over all segments. Like Lucene's, they include documents deleted but not yet merged away."""

    def __init__(self, segments: Sequence[SegmentFile]) -> None:
        self._segments = segments
        self.documents = sum(segment.doc_count for segment in segments)
        self._norms: dict[str, NDArray[np.float64]] = {}

    def doc_frequency(self, field_name: str, term: bytes) -> int:
        """How many documents have a term."""
        total = 0
        for segment in self._segments:
            field = segment.field(field_name)
            number = None if field is None else field.find(term)
            if field is not None and number is not None:
                total += field.doc_frequency(number)
        return total

    def idf(self, field_name: str, term: bytes) -> float:
        """The inverse document frequency of a term."""
        return idf(self.documents, self.doc_frequency(field_name, term))

    def norms(self, field_name: str) -> NDArray[np.float64]:
        """The part of BM25 that depends on the length alone, by the byte that stands for it."""
        norms = self._norms.get(field_name)
        if norms is None:
            average = sum(segment.field_length(field_name) for segment in self._segments) / (self.documents or 1)
            norms = self._norms[field_name] = K1 * (1 - B + B * _LENGTHS / (average or 1.0))
        return norms

    def weights(self, field_name: str, term: bytes) -> Weights:
        """How a term is weighed."""
        importance, norms = self.idf(field_name, term), self.norms(field_name)
        return Weights(importance, norms, importance * (K1 + 1) / (1 + norms))


_LENGTHS = length_table()
