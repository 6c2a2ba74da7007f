"""Which documents of a segment match a Whoosh query tree, as ascending arrays.

Each kind of query has one function from the documents of its parts to documents of its own.
What has none is run by Whoosh's own matchers, through the codec. Deleted documents match
here like any other; the caller's mask of live documents takes them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.local.posting_lists import (
    Postings,
    as_term,
    distinct_sorted,
    intersection,
    occurrences,
    to_bitset,
    union,
)
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.local.span_finder import SpanFinder
from archive.query.combined_fields import CombinedFields
from archive.query.limits import Deadline
from archive.query.span_queries import Near, SpanPhrase

Scores = NDArray[np.float64]
_NONE = np.empty(0, np.int64)
#: From so many terms on, their documents are read together where they stand in a row.
_ROW = 4


class ScoredDocs(NamedTuple):
    """What Whoosh's own matchers find: segment-local doc ids, int64, ascending; and their scores, float64."""

    docs: Ints
    scores: Scores


class DocSetEvaluator:
    """Evaluates query trees on one segment, and keeps the doc ids found for every part of a tree.

    fallback    what runs a query that is not known here: tree -> documents and scores
    deadline    when to give up, looked at before each part of a tree
    """

    def __init__(self, segment: SegmentReader, fallback: Callable[[wq.Query], ScoredDocs], deadline: Deadline) -> None:
        self.segment, self._fallback, self.deadline = segment, fallback, deadline
        self._found: dict[int, tuple[wq.Query, Ints]] = {}
        self._fallen: dict[int, ScoredDocs] = {}
        self._postings: dict[tuple[str, bytes], Postings | None] = {}

    def docs(self, q: wq.Query) -> Ints:
        """Segment-local doc ids that match `q`, ascending; raises LimitError when it takes too long."""
        found = self._found.get(id(q))
        if found is None:  # a query is kept beside what it found, so that its id stays its own
            self.deadline.check()
            found = self._found[id(q)] = q, self._KINDS.get(type(q), DocSetEvaluator._by_whoosh)(self, q)
        return found[1]

    def fallback_result(self, q: wq.Query) -> ScoredDocs | None:
        """What Whoosh's matchers found for a part of the tree, if they were what ran it."""
        return self._fallen.get(id(q))

    def postings(self, field_name: str, term: bytes) -> Postings | None:
        """The posting list of a term; None where no document has it."""
        key = field_name, term
        if key not in self._postings:
            field = self.segment.searched(field_name)
            number = None if field is None else field.find(term)
            found = None if field is None or number is None else Postings(field, number, field.docs(number))
            self._postings[key] = found
        return self._postings[key]

    @property
    def longest(self) -> int:
        """The highest document frequency of the terms looked up so far."""
        return max((len(found.docs) for found in self._postings.values() if found), default=0)

    def _by_whoosh(self, q: wq.Query) -> Ints:
        fallback_result = self._fallen[id(q)] = self._fallback(q)
        return fallback_result.docs

    def _term(self, q: Any) -> Ints:
        postings = self.postings(q.fieldname, as_term(q.text))
        return _NONE if postings is None else postings.docs

    def _phrase(self, q: Any) -> Ints:
        """Documents in which the words stand in order, each at most `slop` after the one before."""
        words = [self.postings(q.fieldname, as_term(word)) for word in q.words]
        found = [postings for postings in words if postings is not None]
        if not found or len(found) < len(words):
            return _NONE
        distinct = {postings.number: postings for postings in found}
        common = intersection([postings.docs for postings in distinct.values()], self.segment.doc_count)
        if not len(common):
            return _NONE
        standing = {number: occurrences(postings, common) for number, postings in distinct.items()}
        ends = standing[found[0].number]
        for postings in found[1:]:
            if not len(ends):
                return _NONE
            places = standing[postings.number]
            before = np.searchsorted(ends, places) - 1  # the nearest end before each place
            ends = places[(before >= 0) & (ends.take(before, mode="clip") >= places - q.slop)]
        return common[distinct_sorted(ends >> 32)[0]]

    def _span_phrase(self, q: Any) -> Ints:
        return self._spans.phrase(q)

    def _near(self, q: Any) -> Ints:
        return self._spans.near(q)

    @property
    def _spans(self) -> SpanFinder:
        return SpanFinder(self.docs, self.postings, self.segment.doc_count)

    def _or(self, q: Any) -> Ints:
        row = self._contiguous_terms(q.subqueries)
        if row is not None:
            return np.flatnonzero(self._marked([row]))
        return union([docs for part in q.subqueries if len(docs := self.docs(part))], self.segment.doc_count)

    def _contiguous_terms(self, parts: Sequence[Any]) -> Ints | None:
        """The documents of terms that stand in a row in one field, as those of a prefix do, term after term."""
        if len(parts) < _ROW or len({(type(part), getattr(part, "fieldname", None)) for part in parts}) > 1:
            return None
        field = self.segment.searched(parts[0].fieldname) if type(parts[0]) is wq.Term else None
        if field is None:
            return None
        texts = {as_term(part.text) for part in parts}
        first, last = field.seek_ceil(min(texts)), field.seek_ceil(max(texts) + b"\0")
        if not 0 < last - first <= len(texts) or not texts.issuperset(field.terms(first, last)):
            return None
        return field.docs_of_any(first, last)

    def _all_of(self, parts: Iterable[Any]) -> Ints:
        return intersection([self.docs(part) for part in parts], self.segment.doc_count)

    def _every(self, q: Any) -> Ints:
        if q.fieldname:  # every document that has something in that field
            return self._by_whoosh(q)
        return np.arange(self.segment.doc_count, dtype=np.int64)

    def _numeric_range(self, q: Any) -> Ints:
        numbers = self.segment.numbers(q.fieldname)
        if numbers is None:
            return _NONE
        inside = numbers != MISSING
        if q.start is not None:
            inside &= numbers > q.start if q.startexcl else numbers >= q.start
        if q.end is not None:
            inside &= numbers < q.end if q.endexcl else numbers <= q.end
        return np.flatnonzero(inside)

    def _without(self, docs: Ints, excluded: Ints) -> Ints:
        return docs[~self._marked([excluded]).take(docs)]

    def _marked(self, lists: Iterable[Ints]) -> NDArray[np.bool_]:
        return to_bitset(lists, self.segment.doc_count)

    #: Of the class and not of each search: methods bound to a search would keep it, and all that it found, alive.
    _KINDS: ClassVar[Mapping[type, Callable[[DocSetEvaluator, Any], Ints]]] = {
        wq.Term: _term,
        wq.Phrase: _phrase,
        SpanPhrase: _span_phrase,
        Near: _near,
        wq.And: lambda self, q: self._all_of(q.subqueries),
        wq.Or: _or,
        CombinedFields: _or,
        wq.Not: lambda self, q: self._without(np.arange(self.segment.doc_count, dtype=np.int64), self.docs(q.query)),
        wq.AndNot: lambda self, q: self._without(self.docs(q.a), self.docs(q.b)),
        wq.AndMaybe: lambda self, q: self.docs(q.a),
        wq.Require: lambda self, q: self._all_of((q.a, q.b)),
        wq.Every: _every,
        wq.ConstantScoreQuery: lambda self, q: self.docs(q.child),
        wq.NumericRange: _numeric_range,
        type(wq.NullQuery): lambda *_: _NONE,
    }
