"""What BM25 needs to know of the whole index, and how it weighs a term: see `archive.engine.bm25`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.bm25 import K1, B, idf
from archive.engine.local.segment.postings import length_table
from archive.engine.local.segment.segment_reader import SegmentReader

#: Terms whose document frequency is remembered: every segment asks for it.
_REMEMBERED = 10_000
#: Frequencies below this have their saturation looked up.
_TABLED = 64


class Bm25TfTable:
    """The part of BM25 that does not depend on the term: f / (f + k1 · (1 - b + b · length / average length)).

    f       how often the term occurs in a document
    norms   what is added to f, by the byte that stands for the document's length
    """

    def __init__(self, average_length: float) -> None:
        self.norms: NDArray[np.float64] = K1 * (1 - B + B * _LENGTHS / (average_length or 1.0))
        freqs = np.arange(_TABLED, dtype=np.float64)[:, None]
        self._table = (freqs / (freqs + self.norms)).ravel()

    def of(self, freqs: NDArray[Any] | None, codes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The saturation for each pair of a frequency (None: all are one) and the byte of a length."""
        if freqs is None:
            return self._table[256:512].take(codes)
        if freqs.dtype.itemsize == 1 and len(freqs) and int(freqs.max()) < _TABLED:
            return self._table.take((freqs.astype(np.uint16) << 8) | codes)
        return freqs / (freqs + self.norms.take(codes))


class CollectionStats:
    """Counts over all segments. Like Lucene's, they include documents deleted but not yet merged away."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self.documents = sum(segment.doc_count for segment in segments)
        self._saturations: dict[str, Bm25TfTable] = {}
        self._frequencies: dict[tuple[str, bytes], int] = {}

    def doc_frequency(self, field_name: str, term: bytes) -> int:
        """How many documents have a term."""
        key = field_name, term
        total = self._frequencies.get(key)
        if total is None:
            total = 0
            for segment in self._segments:
                field = segment.field(field_name)
                number = None if field is None else field.find(term)
                if field is not None and number is not None:
                    total += field.doc_frequency(number)
            if len(self._frequencies) == _REMEMBERED:
                self._frequencies.clear()
            self._frequencies[key] = total
        return total

    def idf(self, field_name: str, term: bytes) -> float:
        """The inverse document frequency of a term."""
        return idf(self.documents, self.doc_frequency(field_name, term))

    def saturation(self, field_name: str) -> Bm25TfTable:
        """How the occurrences of a term in a field are weighed by their number and the document's length."""
        saturation = self._saturations.get(field_name)
        if saturation is None:
            length = sum(segment.field_length(field_name) for segment in self._segments)
            saturation = self._saturations[field_name] = Bm25TfTable(length / (self.documents or 1))
        return saturation

    def weight(self, field_name: str, term: bytes) -> float:
        """What the saturation of a term is multiplied with: its inverse document frequency and k1 + 1."""
        return self.idf(field_name, term) * (K1 + 1)


_LENGTHS = length_table()
