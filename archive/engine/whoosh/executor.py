"""Running a Whoosh query tree on a segment: all matching documents and their scores, as arrays.

Each kind of query has one function from the arrays of its parts to arrays of its own. What
has none is run by Whoosh's own matchers, through the codec. Deleted documents are matched
here like any other; the caller's mask of live documents takes them out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.whoosh.codec.inverted import InvertedField
from archive.engine.whoosh.codec.packed import Ints
from archive.engine.whoosh.codec.segment import NO_NUMBER, SegmentFile
from archive.engine.whoosh.codec.writing import number_term
from archive.engine.whoosh.statistics import K1, Statistics
from archive.query.limits import Deadline, present

Scores = NDArray[np.float64]


class Matched(NamedTuple):
    """Documents in ascending order, and their scores (None where scores do not matter)."""

    docs: Ints
    scores: Scores | None


class Execution:
    """Runs trees on one segment.

    statistics  of the whole index, so that scores do not depend on the segment
    scored      whether scores are wanted
    fallback    what runs a query that is not known here: tree -> documents and scores
    deadline    when to give up, looked at before each part of a tree
    """

    def __init__(
        self,
        segment: SegmentFile,
        statistics: Statistics,
        scored: bool,
        fallback: Callable[[wq.Query], Matched],
        deadline: Deadline | None = None,
    ) -> None:
        self._deadline = deadline or present()
        self._segment, self._statistics, self._scored, self._fallback = segment, statistics, scored, fallback
        self._runs: dict[type, Callable[[Any], Matched]] = {
            wq.Term: self._term,
            wq.Phrase: self._phrase,
            wq.And: self._and,
            wq.Or: self._or,
            wq.Not: self._not,
            wq.AndNot: self._and_not,
            wq.AndMaybe: self._and_maybe,
            wq.Require: self._require,
            wq.Every: self._every,
            wq.ConstantScoreQuery: self._constant,
            wq.NumericRange: self._numeric_range,
            type(wq.NullQuery): lambda _: self._nothing(),
        }

    def run(self, q: wq.Query) -> Matched:
        """The documents of the segment that match `q`; raises LimitError when it takes too long."""
        self._deadline.check()
        run = self._runs.get(type(q))
        return self._fallback(q) if run is None else run(q)

    def _unscored(self, q: wq.Query) -> Ints:
        scored, self._scored = self._scored, False
        try:
            return self.run(q).docs
        finally:
            self._scored = scored

    # -- leaves ------------------------------------------------------------------------

    def _nothing(self) -> Matched:
        return Matched(np.empty(0, np.int64), np.empty(0) if self._scored else None)

    def _same(self, docs: Ints, score: float) -> Matched:
        return Matched(docs, np.full(len(docs), score) if self._scored else None)

    def _term(self, q: Any) -> Matched:
        field = self._segment.field(q.fieldname)
        number = None if field is None else field.find(as_term(q.text))
        if field is None or number is None:
            return self._nothing()
        docs = field.docs(number)
        return Matched(docs, self._term_scores(field, number, docs, q) * q.boost if self._scored else None)

    def _term_scores(self, field: InvertedField, number: int, docs: Ints, q: Any) -> Scores:
        """BM25; a field whose lengths are not kept scores 1."""
        if field.lengths is None:
            return np.ones(len(docs))
        weights = self._statistics.weights(q.fieldname, as_term(q.text))
        freqs = field.freqs(number)
        codes = field.lengths[docs]
        if freqs is None:
            return weights.of_one[codes]
        return weights.idf * (K1 + 1) * freqs / (freqs + weights.norms[codes])

    def _phrase(self, q: Any) -> Matched:
        """Documents in which the words stand in order, each at most `slop` after the one before."""
        field = self._segment.field(q.fieldname)
        numbers = [None if field is None else field.find(as_term(word)) for word in q.words]
        if field is None or not numbers or None in numbers:
            return self._nothing()
        found = [number for number in numbers if number is not None]
        postings = {number: field.docs(number) for number in found}
        common = _intersection(list(postings.values()))
        if not len(common):
            return self._nothing()
        occurring = {number: occurrences(field, number, docs, common) for number, docs in postings.items()}
        ends: Ints | None = None
        for number in found:
            places = occurring[number]
            if ends is not None:
                first = np.searchsorted(ends, places - q.slop)
                places = places[np.searchsorted(ends, places - 1, "right") > first]
            ends = places
        assert ends is not None
        docs = common[np.unique(ends >> 32)]
        if not self._scored:
            return Matched(docs, None)
        scores = np.zeros(len(docs))
        for number, having in postings.items():
            word = q.words[found.index(number)]
            all_scores = self._term_scores(field, number, having, wq.Term(q.fieldname, word))
            scores += found.count(number) * all_scores[np.searchsorted(having, docs)]
        return Matched(docs, scores * q.boost)

    def _every(self, q: Any) -> Matched:
        if q.fieldname:  # every document that has something in that field
            return self._fallback(q)
        return self._same(np.arange(self._segment.doc_count, dtype=np.int64), q.boost)

    def _numeric_range(self, q: Any) -> Matched:
        numbers = self._segment.numbers(q.fieldname)
        if numbers is None:
            return self._nothing()
        inside = numbers != NO_NUMBER
        if q.start is not None:
            inside &= numbers > q.start if q.startexcl else numbers >= q.start
        if q.end is not None:
            inside &= numbers < q.end if q.endexcl else numbers <= q.end
        return self._same(np.flatnonzero(inside), q.boost)

    def _constant(self, q: Any) -> Matched:
        return self._same(self._unscored(q.child), q.score)

    # -- combinations ------------------------------------------------------------------

    def _and(self, q: Any) -> Matched:
        parts = [self.run(part) for part in q.subqueries]
        if not parts:
            return self._nothing()
        docs = _intersection([part.docs for part in parts])
        if not self._scored:
            return Matched(docs, None)
        scores = np.zeros(len(docs))
        for part in parts:
            assert part.scores is not None
            scores += part.scores[np.searchsorted(part.docs, docs)]
        return Matched(docs, scores * q.boost)

    def _or(self, q: Any) -> Matched:
        parts = [part for part in map(self.run, q.subqueries) if len(part.docs)]
        if not parts:
            return self._nothing()
        if len(parts) == 1:
            (part,) = parts
            return Matched(part.docs, None if part.scores is None else part.scores * q.boost)
        matched, sums = _taken_scratch(self._segment.doc_count)
        for part in parts:
            matched[part.docs] = True
            if part.scores is not None:
                sums[part.docs] += part.scores
        docs = np.flatnonzero(matched)
        scores = sums[docs] * q.boost if self._scored else None
        matched[docs] = False
        sums[docs] = 0.0
        _local.scratch = matched, sums
        return Matched(docs, scores)

    def _not(self, q: Any) -> Matched:
        matched = np.ones(self._segment.doc_count, np.bool_)
        matched[self._unscored(q.query)] = False
        return self._same(np.flatnonzero(matched), 1.0)

    def _and_not(self, q: Any) -> Matched:
        part = self.run(q.a)
        excluded = np.zeros(self._segment.doc_count, np.bool_)
        excluded[self._unscored(q.b)] = True
        return _kept(part, ~excluded[part.docs])

    def _require(self, q: Any) -> Matched:
        part = self.run(q.a)
        required = np.zeros(self._segment.doc_count, np.bool_)
        required[self._unscored(q.b)] = True
        return _kept(part, required[part.docs])

    def _and_maybe(self, q: Any) -> Matched:
        part = self.run(q.a)
        if part.scores is None:
            return part
        more = self.run(q.b)
        sums = np.zeros(self._segment.doc_count)
        sums[more.docs] = more.scores
        return Matched(part.docs, part.scores + sums[part.docs])


_local = threading.local()


def _taken_scratch(documents: int) -> tuple[NDArray[np.bool_], Scores]:
    """A mask and sums for every document of a segment, all zero: to clear what was used takes less than new ones.

    They are this thread's, and taken: whoever has cleared them puts them back as `_local.scratch`.
    """
    held: tuple[NDArray[np.bool_], Scores] | None = _local.__dict__.pop("scratch", None)
    if held is None or len(held[0]) != documents:
        held = np.zeros(documents, np.bool_), np.zeros(documents)
    return held


def as_term(text: str | bytes | int) -> bytes:
    """A query's text as the bytes of a term."""
    if isinstance(text, int):
        return number_term(text)
    return text if isinstance(text, bytes) else text.encode()


def _kept(part: Matched, mask: NDArray[np.bool_]) -> Matched:
    return Matched(part.docs[mask], None if part.scores is None else part.scores[mask])


def _intersection(lists: Sequence[Ints]) -> Ints:
    """The numbers that are in every one of some ascending lists."""
    shortest, *others = sorted(lists, key=len)
    for other in others:
        if not len(shortest):
            break
        places = np.searchsorted(other, shortest)
        places[places == len(other)] = 0
        shortest = shortest[other[places] == shortest]
    return shortest


def occurrences(field: InvertedField, number: int, docs: Ints, wanted: Ints) -> Ints:
    """Where a term stands in some documents, ascending: (place of the document in `wanted`) << 32 | position.

    docs    the term's documents; `wanted` are some of them, ascending
    """
    places = np.searchsorted(docs, wanted)
    positions = field.positions(number)
    freqs = field.freqs(number)
    if freqs is None:
        return (np.arange(len(wanted), dtype=np.int64) << 32) + positions[places]
    ends = np.cumsum(freqs, dtype=np.int64)
    counts = freqs[places].astype(np.int64)
    within = np.cumsum(counts)
    gathered = np.arange(int(within[-1]) if len(within) else 0) + np.repeat(ends[places] - within, counts)
    return (np.repeat(np.arange(len(wanted), dtype=np.int64), counts) << 32) + positions[gathered]


