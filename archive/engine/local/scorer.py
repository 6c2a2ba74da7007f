"""InB2 scores of matching documents, summed over a query tree.

Documents are matched first (`docsets`), and only those that pass every filter are scored. The formula is in
`archive.engine.local.inb2`; here are the statistics that it needs of the whole index (`CollectionStats`), the scorer of
one segment (`Scorer`), and one query on one segment (`LeafSearcher`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.local import inb2
from archive.engine.local.docsets import DocSetEvaluator, ScoredDocs, Scores
from archive.engine.local.posting_lists import as_term, locate
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import length_table
from archive.engine.local.segment.segment import SegmentReader
from archive.query.combined_fields import CombinedFields
from archive.query.limits import Deadline
from archive.query.span_queries import Near, SpanPhrase

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
        """The document frequency of a term."""
        return self.counts(field_name, term)[0]

    def counts(self, field_name: str, term: bytes) -> tuple[int, int]:
        """How many documents have a term, and how often it occurs in all of them together."""
        key = field_name, term
        counts = self._counts.get(key)
        if counts is None:
            having = occurring = 0
            for segment in self._segments:
                field = segment.searched(field_name)
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
                field = segment.searched(name)
                if field is not None and field.lengths is not None:
                    lengths += weight * _LENGTHS.take(field.lengths)
            norms = self._norms[segment, fields] = inb2.length_norms(lengths, total / (self.documents or 1))
        return norms


_LENGTHS = length_table()


#: A cell is cleared by its number for the price of this many in a row.
_SPARSE = 4
#: Few documents are looked up in each term's list; from this share of the longest list on, whole lists are scored.
_FEW = 8


class Scorer:
    """Scores documents of one segment by the statistics of the whole index.

    That way scores do not depend on how the index is cut into segments.
    """

    def __init__(self, matching: DocSetEvaluator, statistics: CollectionStats) -> None:
        self._matching, self._statistics = matching, statistics

    def scores(self, q: wq.Query, docs: Ints) -> Scores:
        """Scores, float64, parallel to `docs`: segment-local doc ids, ascending, all of which match `q`."""
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
        field = self._matching.segment.searched(q.fieldname)
        if field is not None and field.lengths is None:  # exact values are not ranked
            sums.add(self._matching.docs(q), weight * q.boost)
        else:
            self._rank(((q.fieldname, 1.0),), as_term(q.text), self._matching.docs(q), sums, weight * q.boost)

    def _phrase(self, q: Any, sums: Accumulator, weight: float, _: bool) -> None:
        """The sum of the phrase's words, each as often as it stands in the phrase."""
        docs = self._matching.docs(q)
        for word in q.words:
            self._rank(((q.fieldname, 1.0),), as_term(word), docs, sums, weight * q.boost)

    def _spans(self, q: SpanPhrase | Near, sums: Accumulator, weight: float, _: bool) -> None:
        """As a phrase; patterns add nothing where there are words."""
        docs = self._matching.docs(q)
        if not q.ranked_terms:
            sums.add(docs, weight * q.boost)
        for word in q.ranked_terms:
            self._rank(((q.fieldname, 1.0),), as_term(word), docs, sums, weight * q.boost)

    def _combined(self, q: CombinedFields, sums: Accumulator, weight: float, _: bool) -> None:
        docs = self._matching.docs(q)
        if not q.terms_of:  # patterns alone
            sums.add(docs, weight * q.boost)
        for word in q.terms_of:
            self._rank(q.weights, as_term(word), docs, sums, weight * q.boost)

    def _rank(self, fields: Weights, term: bytes, docs: Ints, sums: Accumulator, weight: float) -> None:
        """Add InB2 of a term, in fields ranked as one, to those of `docs`, which have it, that are to be scored."""
        weight *= self._statistics.weight(fields, term)
        cells, among = sums.cells_for(docs)
        tf = self._frequencies(fields, term, docs, cells, sums)
        norms = self._statistics.norms(self._matching.segment, fields).take(docs if among is None else docs.take(among))
        norms += tf
        tf *= weight
        tf /= norms
        sums.add_at(cells, tf)

    def _frequencies(self, fields: Weights, term: bytes, docs: Ints, cells: Ints, sums: Accumulator) -> Scores:
        """How often documents have a term, in fields ranked as one; `cells` are those of `docs` in `sums`."""
        found = [
            (postings, weight)
            for name, weight in fields
            if (postings := self._matching.postings(name, term)) is not None
        ]
        if len(found) == 1 and len(found[0][0].docs) == len(docs) == len(cells):  # every document that has the term
            ((postings, weight),) = found
            freqs = postings.field.freqs(postings.number)
            return np.full(len(docs), weight) if freqs is None else freqs * weight
        weighted: list[tuple[Ints, Scores | float]] = []
        for postings, weight in found:
            freqs = postings.field.freqs(postings.number)
            weighted.append((postings.docs, weight if freqs is None else freqs * weight))
        return sums.summed(weighted, cells)

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
        SpanPhrase: _spans,
        Near: _spans,
        CombinedFields: _combined,
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
    """Adds up the scores of wanted documents, each in a cell of an array."""

    _cells: Scores

    def cells_for(self, docs: Ints) -> tuple[Ints, Ints | None]:
        """The cells of those of `docs` that are wanted, and their indices in `docs` (None: all of them)."""
        raise NotImplementedError

    def add_at(self, cells: Ints, scores: Scores | float) -> None:
        """Add scores to cells, no cell twice."""
        self._cells[cells] = self._cells.take(cells) + scores  # a third of what `+=` and `np.add.at` take

    def add(self, docs: Ints, scores: Scores | float) -> None:
        """Add the score of each of `docs`, or one that all of them have."""
        cells, among = self.cells_for(docs)
        self.add_at(cells, scores if among is None or isinstance(scores, float) else scores.take(among))

    def summed(self, lists: Iterable[tuple[Ints, Scores | float]], cells: Ints) -> Scores:
        """What lists of documents, each with one number for each or for all, add up to in some cells."""
        raise NotImplementedError

    def result(self) -> Scores:
        """The scores, parallel to the wanted documents; nothing can be added after this."""
        raise NotImplementedError


class SparseAccumulator(Accumulator):
    """A cell for each wanted document, found by binary search: for few of them."""

    def __init__(self, wanted: Ints) -> None:
        self._wanted = wanted
        self._cells = np.zeros(len(wanted))

    def cells_for(self, docs: Ints) -> tuple[Ints, Ints | None]:
        if len(docs) < len(self._wanted):
            among, cells = locate(self._wanted, docs)
        else:
            cells, among = locate(docs, self._wanted)
        return cells, among

    def summed(self, lists: Iterable[tuple[Ints, Scores | float]], cells: Ints) -> Scores:
        sums = np.zeros(len(self._wanted))
        for docs, numbers in lists:
            into, among = self.cells_for(docs)
            sums[into] += numbers if among is None or isinstance(numbers, float) else numbers.take(among)
        return sums.take(cells)

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

    def summed(self, lists: Iterable[tuple[Ints, Scores | float]], cells: Ints) -> Scores:
        sums: Scores | None = _local.__dict__.get("sums")
        if sums is None or len(sums) != len(self._cells):
            sums = _local.sums = np.empty(len(self._cells))
        sums[cells] = 0.0  # what is left elsewhere is not looked at
        for docs, numbers in lists:
            sums[docs] = sums.take(docs) + numbers
        return sums.take(cells)

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
        """Segment-local doc ids that match, ascending, deleted ones too; raises LimitError when it takes too long."""
        return self.matching.docs(self._tree)

    def scores(self, docs: Ints) -> Scores:
        """Scores parallel to `docs`, some of those that match, ascending; raises LimitError when it takes too long."""
        return Scorer(self.matching, self._statistics).scores(self._tree, docs)
