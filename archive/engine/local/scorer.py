"""InB2 scores of matching documents, summed over a query tree.

Documents are matched first (`docsets`), and only those that pass every filter are scored. The formula is in
`archive.engine.local.inb2`; here are the statistics that it needs of the whole index (`CollectionStats`), the scorer
(`Scorer`), and one query on one index (`QueryRun`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.local import inb2
from archive.engine.local.docsets import MOST_PARTS, DocSetEvaluator, Scores, Weights
from archive.engine.local.posting_lists import Postings, are_few, as_term, locate
from archive.engine.local.segment.packed_lists import Ints, smallest
from archive.engine.local.segment.postings import length_table
from archive.engine.local.segment.segment import SegmentReader
from archive.query.any_term import AnyTerm
from archive.query.combined_fields import CombinedFields
from archive.query.span_queries import Near, SpanPhrase

#: The posting lists of a term in such fields, each with the weight of its field.
WeightedPostings = Sequence[tuple[Postings, float]]
#: Terms whose document frequencies are remembered.
_REMEMBERED = 10_000


class Norms(NamedTuple):
    """`inb2.length_norms` of all documents, of which few differ: the number of its norm for each, and the norms."""

    numbers: Ints
    values: Scores

    def of(self, docs: Ints) -> Scores:
        """The norms of some documents."""
        return self.values.take(self.numbers.take(docs))


class CollectionStats:
    """Counts over all segments. Like Lucene's, they include documents deleted but not yet merged away."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self.documents = sum(segment.doc_count for segment in segments)
        self._frequencies: dict[tuple[str, bytes], int] = {}
        self._averages: dict[Weights, float] = {}
        self._norms: dict[Weights, Norms] = {}

    def doc_frequency(self, field_name: str, term: bytes) -> int:
        """The document frequency of a term, whose documents are not read."""
        key = field_name, term
        having = self._frequencies.get(key)
        if having is None:
            having = 0
            for segment in self._segments:
                field = segment.searched(field_name)
                number = None if field is None else field.find(term)
                if field is not None and number is not None:
                    having += field.doc_frequency(number)
            if len(self._frequencies) == _REMEMBERED:
                self._frequencies.clear()
            self._frequencies[key] = having
        return having

    def weight(self, term: WeightedPostings) -> float:
        """The weight of a term in fields ranked as one."""
        df = max((len(postings.docs) for postings, _ in term), default=0)
        return inb2.term_weight(self.documents, df, sum(postings.frequency * weight for postings, weight in term))

    def average_length(self, fields: Weights) -> float:
        """The average length of a document, in fields ranked as one."""
        average = self._averages.get(fields)
        if average is None:
            total = sum(weight * each.field_length(name) for name, weight in fields for each in self._segments)
            average = self._averages[fields] = total / (self.documents or 1)
        return average

    def norms(self, fields: Weights) -> Norms:
        """The norms of all documents, in fields ranked as one."""
        norms = self._norms.get(fields)
        if norms is None:
            numbers, lengths = np.zeros(self.documents, np.uint8), np.zeros(1)
            for name, weight in fields:
                # A length is known by a byte: what is different in both is numbered again.
                pairs = numbers.astype(np.int64) << 8 | self._length_codes(name)
                present = np.bincount(pairs, minlength=len(lengths) << 8) > 0
                distinct = np.flatnonzero(present)
                numbers = smallest(np.cumsum(present) - 1).take(pairs)
                lengths = lengths[distinct >> 8] + weight * _LENGTHS[distinct & 0xFF]
            values = inb2.length_norms(lengths, self.average_length(fields))
            norms = self._norms[fields] = Norms(numbers, values)
        return norms

    def _length_codes(self, field_name: str) -> Ints:
        """The byte of the length of a field in each document; that of no length where it has none."""
        codes = []
        for segment in self._segments:
            field = segment.searched(field_name)
            lengths = None if field is None else field.lengths
            codes.append(np.zeros(segment.doc_count, np.uint8) if lengths is None else lengths)
        return np.concatenate([np.empty(0, np.uint8), *codes])


_LENGTHS = length_table()


#: A cell is cleared by its number for the price of so many bytes in a row.
_SPARSE = 64
_ONE = np.ones(1, np.uint8)
_SCORE = np.dtype(np.float64)
#: Few documents are looked up in a list; from this share of it on, the whole list is gone through.
_FEW = 8
#: A word that at least one of so many documents has is looked for in all of them.
_MANY = 6


class Scorer:
    """Scores documents by the statistics of the whole index, however that is cut into segments.

    Each kind of query has a function to the scores, float64, of some documents that match it, which are parallel to
    them: global doc ids, ascending.
    """

    def __init__(self, matching: DocSetEvaluator, statistics: CollectionStats) -> None:
        self._matching, self._statistics = matching, statistics
        self._norms: tuple[Weights, Ints, Scores] | None = None

    def scores(self, q: wq.Query, docs: Ints) -> Scores:
        """The scores of `docs`, all of which match `q`."""
        self._matching.deadline.check()
        found = self._matching.fallback_result(q)
        if found is None:
            return self._KINDS[type(q)](self, q, docs)
        return found.scores.take(locate(found.docs, docs)[1])

    def _term(self, q: Any, docs: Ints) -> Scores:
        if not self._matching.index.is_ranked(q.fieldname):  # exact values are not ranked
            return same(q.boost, docs)
        return self._ranked(((q.fieldname, 1.0),), (q.text,), docs, q.boost)

    def _phrase(self, q: Any, docs: Ints) -> Scores:
        """The sum of the phrase's words, each as often as it stands in the phrase."""
        return self._ranked(((q.fieldname, 1.0),), q.words, docs, q.boost)

    def _spans(self, q: SpanPhrase | Near, docs: Ints) -> Scores:
        """As a phrase; patterns add nothing where there are words."""
        if not q.ranked_terms:
            return same(q.boost, docs)
        return self._ranked(((q.fieldname, 1.0),), q.ranked_terms, docs, q.boost)

    def _combined(self, q: CombinedFields, docs: Ints) -> Scores:
        words = q.terms_of
        if not words:  # patterns alone
            return same(q.boost, docs)
        return self._ranked(q.weights, words, docs, q.boost)

    def _ranked(self, fields: Weights, words: Sequence[str | bytes | int], docs: Ints, boost: float) -> Scores:
        """The sum of InB2 of some words, in fields ranked as one."""
        sums: Scores | None = None
        for word in words:
            scores = self._of_word(fields, as_term(word), docs, boost)
            sums = scores if sums is None else np.add(sums, scores, out=sums)
        return np.zeros(len(docs)) if sums is None else sums

    def _of_word(self, fields: Weights, term: bytes, docs: Ints, boost: float) -> Scores:
        word = self._matching.ranked_word(fields, term)
        tf = frequencies(word.lists, docs, self._matching.index.documents)
        norms = self._norms_of(fields, docs) + tf
        tf *= boost * word.weight
        tf /= norms
        return tf

    def _norms_of(self, fields: Weights, docs: Ints) -> Scores:
        """The norms of documents; one word after the other asks for the same."""
        held = self._norms
        if held is None or held[1] is not docs or held[0] != fields:
            held = self._norms = fields, docs, self._statistics.norms(fields).of(docs)
        return held[2]

    def _and(self, q: Any, docs: Ints) -> Scores:
        sums = np.zeros(len(docs))
        for part in q.subqueries:
            sums += self.scores(part, docs)
        return _times(sums, q.boost)

    def _or(self, q: Any, docs: Ints) -> Scores:
        """The sums of the scores of those parts that a document matches."""
        if type(q) is wq.Or and len(q.subqueries) <= MOST_PARTS and all(map(self._is_constant, q.subqueries)):
            return _times(self._sums_of_constants(q).take(self._matching.parts_matched(q).take(docs)), q.boost)
        return _times(self._of_any(q.subqueries, docs), q.boost)

    @staticmethod
    def _is_constant(q: wq.Query) -> bool:
        return type(q) is wq.ConstantScoreQuery

    @staticmethod
    def _sums_of_constants(q: Any) -> Scores:
        """The score of a document for each choice of parts that it may match."""
        sums = np.zeros(1)
        for part in q.subqueries:
            sums = np.concatenate([sums, sums + part.score])
        return sums

    def _and_maybe(self, q: Any, docs: Ints) -> Scores:
        return self.scores(q.a, docs) + self._of_any([q.b], docs)

    def _of_any(self, parts: Sequence[wq.Query], docs: Ints) -> Scores:
        sums = np.zeros(len(docs))
        others = []
        for part in parts:
            # A word adds 0.0 where it is not: to score all of the documents takes less than to find those that have it.
            if self._word_frequency(part) * _MANY > len(docs):
                sums += self.scores(part, docs)
            else:
                others.append(part)
        if not others:
            return sums
        if len(docs) * _FEW < self._matching.longest:
            return sums + self._summed(others, SparseAccumulator(docs))
        return sums + self._summed(others, DenseAccumulator(docs, self._matching.index.documents))

    def _word_frequency(self, q: Any) -> int:
        """How many documents have a word that is ranked, at the least; 0 for anything else."""
        parts = q.subqueries if type(q) is CombinedFields else [q]
        if not all(type(part) is wq.Term and self._matching.index.is_ranked(part.fieldname) for part in parts):
            return 0
        lists = (self._matching.postings(part.fieldname, as_term(part.text)) for part in parts)
        return max((len(postings.docs) for postings in lists if postings is not None), default=0)

    def _summed(self, parts: Sequence[wq.Query], sums: Accumulator) -> Scores:
        for part in parts:
            sums.add(self._matching.docs(part), partial(self.scores, part))
        return sums.result()

    def _constant(self, q: Any, docs: Ints) -> Scores:
        """One score for all that match."""
        return same(q.boost, docs)

    #: Of the class, as in `DocSetEvaluator`.
    _KINDS: ClassVar[Mapping[type, Callable[[Scorer, Any, Ints], Scores]]] = {
        wq.Term: _term,
        wq.Phrase: _phrase,
        SpanPhrase: _spans,
        Near: _spans,
        CombinedFields: _combined,
        wq.And: _and,
        wq.Or: _or,
        AnyTerm: _or,
        # What is required or excluded beside `a` adds nothing to the score.
        wq.AndNot: lambda self, q, docs: self.scores(q.a, docs),
        wq.Require: lambda self, q, docs: self.scores(q.a, docs),
        wq.AndMaybe: _and_maybe,
        wq.Not: lambda self, q, docs: np.ones(len(docs)),
        wq.Every: _constant,
        wq.ConstantScoreQuery: lambda self, q, docs: same(q.score, docs),
        wq.NumericRange: _constant,
        type(wq.NullQuery): lambda self, q, docs: np.zeros(len(docs)),
    }


def same(score: float, docs: Ints) -> Scores:
    """One score for all of some documents, kept once: read-only, and known by its stride of 0."""
    return np.broadcast_to(np.float64(score), len(docs))


def _times(scores: Scores, boost: float) -> Scores:
    return scores if boost == 1.0 else scores * boost


def frequencies(term: WeightedPostings, docs: Ints, documents: int) -> Scores:
    """How often documents have a term, in fields ranked as one: the sum over the fields.

    docs       global doc ids, ascending
    documents  how many the index has
    """
    sums = np.zeros(len(docs))
    for postings, weight in term:
        if postings.docs is docs:
            sums += weight if postings.freqs is None else postings.freqs * weight
        elif are_few(docs, len(postings.docs), documents):
            common, places = locate(postings.docs, docs)
            sums[common] += weight if postings.freqs is None else postings.freqs.take(places) * weight
        else:
            freqs = _ONE if postings.freqs is None else postings.freqs
            cells = _lend(documents, freqs.dtype)
            cells[postings.docs] = freqs
            sums += cells.take(docs) * weight
            _take_back(cells, (postings.docs,))
    return sums


_local = threading.local()


def _lend(documents: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """A cell for each document, 0 in all of them.

    To clear what was used takes less than new memory: a thread keeps its cells.
    """
    held: list[NDArray[Any]] = _local.__dict__.setdefault(kind.char, [])
    cells = held.pop() if held else np.zeros(documents, kind)
    if len(cells) != documents:
        held.clear()
        cells = np.zeros(documents, kind)
    return cells


def _take_back(cells: NDArray[Any], used: Sequence[Ints]) -> None:
    """Make the cells of documents that were used 0 again, and keep them all."""
    if sum(map(len, used)) * _SPARSE > cells.nbytes:
        cells.fill(0)
    else:
        for docs in used:
            cells[docs] = 0
    _local.__dict__[cells.dtype.char].append(cells)


class Accumulator:
    """Adds up the scores of wanted documents, each in a cell of an array."""

    def add(self, docs: Ints, score: Callable[[Ints], Scores]) -> None:
        """Add the scores of `docs`, ascending; `score` gives those of some of them."""
        raise NotImplementedError

    def result(self) -> Scores:
        """The scores, parallel to the wanted documents; nothing can be added after this."""
        raise NotImplementedError


class SparseAccumulator(Accumulator):
    """A cell for each wanted document, found by binary search: for few of them."""

    def __init__(self, wanted: Ints) -> None:
        self._wanted = wanted
        self._sums = np.zeros(len(wanted))

    def add(self, docs: Ints, score: Callable[[Ints], Scores]) -> None:
        if len(docs) < len(self._wanted):
            _, cells = locate(self._wanted, docs)
        else:
            cells, _ = locate(docs, self._wanted)
        if len(cells):
            self._sums[cells] += score(self._wanted.take(cells))

    def result(self) -> Scores:
        return self._sums


class DenseAccumulator(Accumulator):
    """A cell for each document of the index; what comes to those that are not wanted is not taken."""

    def __init__(self, wanted: Ints, documents: int) -> None:
        self._wanted, self._cells = wanted, _lend(documents, _SCORE)
        self._touched: list[Ints] = []

    def add(self, docs: Ints, score: Callable[[Ints], Scores]) -> None:
        scores = score(docs)
        # A third of what `+=` and `np.add.at` take.
        self._cells[docs] = self._cells.take(docs) + scores if self._touched else scores
        self._touched.append(docs)

    def result(self) -> Scores:
        scores = self._cells.take(self._wanted)
        _take_back(self._cells, self._touched)
        return scores
