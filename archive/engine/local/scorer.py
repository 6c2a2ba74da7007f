"""BM25 scores of matching documents, summed over a query tree.

Documents are matched first (`docsets`), and only those that pass every filter are scored. The formula and its
parameters are in `archive.engine.bm25`; here are the statistics that it needs of the whole index
(`CollectionStats`), its term frequency part as a table (`Bm25TfTable`), the scorer of one segment (`Scorer`),
and one query on one segment (`LeafSearcher`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.bm25 import K1, B, idf
from archive.engine.local.docsets import DocSetEvaluator, Postings, ScoredDocs, Scores, as_term, locate
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import length_table
from archive.engine.local.segment.segment import SegmentReader
from archive.query.limits import Deadline

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


#: A cell is cleared by its number for the price of this many in a row.
_SPARSE = 4
#: Few documents are looked up in each term's list; from this share of the longest list on, whole lists are scored.
_FEW = 8


class Scorer:
    """Scores documents of the segment of a Matching, by the statistics of the whole index.

    That way scores do not depend on how the index is cut into segments.
    """

    def __init__(self, matching: DocSetEvaluator, statistics: CollectionStats) -> None:
        self._matching, self._statistics = matching, statistics

    def scores(self, q: wq.Query, docs: Ints) -> Scores:
        """The scores of some of the documents that match `q`, ascending."""
        few = len(docs) * _FEW < self._matching.longest
        sums = SparseAccumulator(docs) if few else DenseAccumulator(docs, self._matching.segment.doc_count)
        self._add(q, sums, 1.0, True)
        return sums.result()

    def _add(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        """Add the scores of `q`, times `weight`; `all_match` says that every wanted document matches it."""
        self._matching.deadline.check()
        fallback_result = self._matching.fallback_result(q)
        if fallback_result is None:
            self._KINDS[type(q)](self, q, sums, weight, all_match)
        else:
            sums.add(fallback_result.docs, fallback_result.scores * weight)

    def _term(self, q: Any, sums: Accumulator, weight: float, _: bool) -> None:
        postings = self._matching.postings(q.fieldname, as_term(q.text))
        if postings is not None:
            into, among = sums.cells_for(postings.docs)
            sums.add_at(into, self._bm25(q.fieldname, as_term(q.text), postings, among, weight * q.boost))

    def _bm25(self, field_name: str, term: bytes, postings: Postings, among: Ints | None, weight: float) -> Scores:
        """BM25 of a term in those of its documents that `among` names (all without); 1 in a field without lengths."""
        field, number, docs = postings
        docs = docs if among is None else docs.take(among)
        if field.lengths is None:
            return np.full(len(docs), weight)
        freqs = field.freqs(number)
        if freqs is not None and among is not None:
            freqs = freqs.take(among)
        scores = self._statistics.saturation(field_name).of(freqs, field.lengths.take(docs))
        scores *= self._statistics.weight(field_name, term) * weight
        return scores

    def _phrase(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        """The sum of the phrase's words, each as often as it stands in the phrase."""
        if not all_match:
            self._score_subset(q, sums, weight)
            return
        for word in q.words:
            self._term(wq.Term(q.fieldname, word), sums, weight * q.boost, True)

    def _and(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        if not all_match:
            self._score_subset(q, sums, weight)
            return
        for part in q.subqueries:
            self._add(part, sums, weight * q.boost, True)

    def _or(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        for part in q.subqueries:
            self._add(part, sums, weight * q.boost, all_match and len(q.subqueries) == 1)

    def _required(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        """What is required or excluded beside `q.a` adds nothing to the score."""
        if all_match:
            self._add(q.a, sums, weight, True)
        else:
            self._score_subset(q, sums, weight)

    def _and_maybe(self, q: Any, sums: Accumulator, weight: float, all_match: bool) -> None:
        if not all_match:
            self._score_subset(q, sums, weight)
            return
        self._add(q.a, sums, weight, True)
        self._add(q.b, sums, weight, False)

    def _constant(self, q: Any, sums: Accumulator, weight: float, _: bool) -> None:
        """One score for all that match."""
        sums.add(self._matching.docs(q), weight * q.boost)

    def _score_subset(self, q: Any, sums: Accumulator, weight: float) -> None:
        """Add a part that only some of the wanted documents match: they are scored by themselves."""
        docs = self._matching.docs(q)
        into, among = sums.cells_for(docs)
        scores = self.scores(q, docs if among is None else docs.take(among))
        sums.add_at(into, scores if weight == 1.0 else scores * weight)

    #: Of the class, as in `Matching`.
    _KINDS: ClassVar[Mapping[type, Callable[[Scorer, Any, Accumulator, float, bool], None]]] = {
        wq.Term: _term,
        wq.Phrase: _phrase,
        wq.And: _and,
        wq.Or: _or,
        wq.AndNot: _required,
        wq.Require: _required,
        wq.AndMaybe: _and_maybe,
        wq.Not: lambda self, q, sums, weight, _: sums.add(self._matching.docs(q), weight),
        wq.Every: _constant,
        wq.ConstantScoreQuery: lambda self, q, sums, weight, _: sums.add(self._matching.docs(q), weight * q.score),
        wq.NumericRange: _constant,
        type(wq.NullQuery): lambda *_: None,
    }


class Accumulator:
    """The scores of wanted documents while they add up, in cells."""

    _cells: Scores

    def cells_for(self, docs: Ints) -> tuple[Ints, Ints | None]:
        """The cells of those of `docs` that are to be scored, and their places in `docs` (None: all of them)."""
        raise NotImplementedError

    def add_at(self, cells: Ints, scores: Scores | float) -> None:
        """Add to some distinct cells."""
        np.add.at(self._cells, cells, scores)

    def add(self, docs: Ints, scores: Scores | float) -> None:
        """Add the score of each of `docs`, or one that all of them have."""
        cells, among = self.cells_for(docs)
        self.add_at(cells, scores if among is None or isinstance(scores, float) else scores.take(among))

    def result(self) -> Scores:
        """The scores of the wanted documents; nothing can be added after this."""
        raise NotImplementedError


class SparseAccumulator(Accumulator):
    """A cell for each wanted document, for which it is looked up where that is."""

    def __init__(self, wanted: Ints) -> None:
        self._wanted = wanted
        self._cells = np.zeros(len(wanted))

    def cells_for(self, docs: Ints) -> tuple[Ints, Ints | None]:
        if len(docs) < len(self._wanted):
            among, cells = locate(self._wanted, docs)
        else:
            cells, among = locate(docs, self._wanted)
        return cells, among

    def result(self) -> Scores:
        return self._cells


_local = threading.local()


class DenseAccumulator(Accumulator):
    """A cell for each document of the segment; what comes to those that are not wanted is not taken.

    To clear the cells that were used takes less than new ones: a thread keeps them from one
    scoring to the next.
    """

    def __init__(self, wanted: Ints, documents: int) -> None:
        self._wanted = wanted
        self._touched: list[Ints] = []
        held: Scores | None = _local.__dict__.pop("cells", None)
        self._cells = np.zeros(documents) if held is None or len(held) != documents else held

    def cells_for(self, docs: Ints) -> tuple[Ints, Ints | None]:
        self._touched.append(docs)
        return docs, None

    def result(self) -> Scores:
        scores = self._cells.take(self._wanted)
        if sum(map(len, self._touched)) * _SPARSE > len(self._cells):
            self._cells.fill(0.0)
        else:
            for docs in self._touched:
                self._cells[docs] = 0.0
        _local.cells = self._cells
        return scores


class LeafSearcher:
    """One tree run on one segment.

    statistics  of the whole index
    fallback    what runs a part of the tree that is not known here: tree -> documents and scores
    deadline    when to give up, looked at before each part of the tree
    """

    def __init__(
        self,
        tree: wq.Query,
        segment: SegmentReader,
        statistics: CollectionStats,
        fallback: Callable[[wq.Query], ScoredDocs],
        deadline: Deadline,
    ) -> None:
        self._tree, self._statistics = tree, statistics
        self.matching = DocSetEvaluator(segment, fallback, deadline)

    @cached_property
    def docs(self) -> Ints:
        """The documents of the segment that match, deleted ones too; raises LimitError when it takes too long."""
        return self.matching.docs(self._tree)

    def scores(self, docs: Ints) -> Scores:
        """The scores of some of `docs`, ascending; raises LimitError when it takes too long."""
        return Scorer(self.matching, self._statistics).scores(self._tree, docs)
