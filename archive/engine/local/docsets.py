"""Which documents match a Whoosh query tree, as ascending arrays of global doc ids.

Each kind of query has one function from the documents of its parts to documents of its own.
Segments are told apart at the leaves alone: a posting list is that of all segments.
What has no function is run by Whoosh's own matchers, through the codec. Deleted documents match
here like any other; the caller's mask of live documents takes them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.local.posting_lists import (
    RARE,
    Postings,
    as_term,
    docs_of,
    intersection,
    intersection_of_unions,
    is_in,
    to_bitset,
    union,
)
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.packed_lists import Ints, distinct_sorted
from archive.engine.local.span_finder import SpanFinder
from archive.query.any_term import AnyTerm
from archive.query.combined_fields import CombinedFields
from archive.query.limits import Deadline
from archive.query.span_queries import Near, SpanPhrase

if TYPE_CHECKING:
    from archive.engine.local.index_reader import IndexReader

Scores = NDArray[np.float64]
#: Fields ranked as one, each with its weight.
Weights = tuple[tuple[str, float], ...]
_NONE: Ints = np.empty(0, np.int64)
#: Of up to so many parts of an Or it is told apart which a document matches.
MOST_PARTS = 8
#: From so many terms on, their documents are read together where they stand in a row.
_ROW = 4
#: From so many times as long a list on, its documents among those asked about are looked for one by one.
_RARER = 8


class ScoredDocs(NamedTuple):
    """What Whoosh's own matchers find: doc ids, int64, ascending; and their scores, float64."""

    docs: Ints
    scores: Scores


class RankedWord(NamedTuple):
    """A word in fields ranked as one.

    lists   its posting lists, each with the weight of its field
    weight  what its share of a score is multiplied with
    """

    lists: Sequence[tuple[Postings, float]]
    weight: float


class DocSetEvaluator:
    """Evaluates query trees on an index, and keeps the doc ids found for every part of a tree.

    fallback    what runs a query that is not known here: segment's index, tree -> its documents and their scores
    deadline    when to give up, looked at before each part of a tree
    among       the documents that are asked about, ascending, where not all are: filters that drive the evaluation; of
                others it is left open whether they are found
    longest     the highest document frequency of the terms looked up so far
    """

    def __init__(
        self,
        index: IndexReader,
        fallback: Callable[[int, wq.Query], ScoredDocs],
        deadline: Deadline,
        among: Ints | None = None,
    ) -> None:
        self.index, self._fallback, self.deadline, self._among = index, fallback, deadline, among
        self.longest = 0
        self._found: dict[int, tuple[wq.Query, Ints]] = {}
        self._parts: dict[int, NDArray[np.uint8]] = {}
        self._rows: dict[int, tuple[AnyTerm, list[Ints] | None]] = {}
        self._fallen: dict[int, ScoredDocs] = {}
        self._postings: dict[tuple[str, bytes], Postings | None] = {}
        self._words: dict[tuple[Weights, bytes], RankedWord] = {}

    def docs(self, q: wq.Query) -> Ints:
        """Global doc ids that match `q`, ascending; raises LimitError when it takes too long."""
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
            found = self._postings[key] = self.index.postings(field_name, term)
            if found is not None and len(found.docs) > self.longest:
                self.longest = len(found.docs)
        return self._postings[key]

    def ranked_word(self, fields: Weights, term: bytes) -> RankedWord:
        """A word in fields ranked as one."""
        key = fields, term
        found = self._words.get(key)
        if found is None:
            lists = [(each, weight) for name, weight in fields if (each := self.postings(name, term)) is not None]
            found = self._words[key] = RankedWord(lists, self.index.statistics.weight(lists))
        return found

    def _by_whoosh(self, q: wq.Query) -> Ints:
        docs, scores = [_NONE], [np.empty(0)]
        for number, base in enumerate(self.index.doc_bases):
            found = self._fallback(number, q)
            docs.append(found.docs + base)
            scores.append(found.scores)
        fallback_result = self._fallen[id(q)] = ScoredDocs(np.concatenate(docs), np.concatenate(scores))
        return fallback_result.docs

    def _term(self, q: Any) -> Ints:
        postings = self.postings(q.fieldname, as_term(q.text))
        return _NONE if postings is None else self._those_asked_about(postings.docs)

    def _those_asked_about(self, docs: Ints) -> Ints:
        """The documents of a list that are asked about; the whole list where to look for them takes as long."""
        among = self._among
        return docs if among is None or len(among) * _RARER > len(docs) else among[is_in(docs, among)]

    def _phrase(self, q: Any) -> Ints:
        """Documents in which the words stand in order, each at most `slop` after the one before."""
        words = [self.postings(q.fieldname, as_term(word)) for word in q.words]
        found = [postings for postings in words if postings is not None]
        if not found or len(found) < len(words):
            return _NONE
        distinct = dict(zip(q.words, found, strict=True))
        lists = [self._those_asked_about(postings.docs) for postings in distinct.values()]
        common = intersection(lists, self.index.documents)
        if not len(common):
            return _NONE
        standing = {word: postings.occurrences(common) for word, postings in distinct.items()}
        ends = standing[q.words[0]]
        for word in q.words[1:]:
            if not len(ends):
                return _NONE
            places = standing[word]
            before = ends.searchsorted(places) - 1  # the nearest end before each place
            ends = places[(before >= 0) & (ends.take(before, mode="clip") >= places - q.slop)]
        return common[distinct_sorted(ends >> 32)[0]]

    def _span_phrase(self, q: Any) -> Ints:
        return self._spans.phrase(q)

    def _near(self, q: Any) -> Ints:
        return self._spans.near(q)

    @property
    def _spans(self) -> SpanFinder:
        return SpanFinder(self.docs, self.postings, self.index.documents)

    def _or(self, q: Any) -> Ints:
        if type(q) is wq.Or and len(q.subqueries) <= MOST_PARTS:
            parts = [list(self._unordered(part)) for part in q.subqueries]
            most = sum(len(docs) for lists in parts for docs in lists)
            if most * RARE > self.index.documents:
                self._parts[id(q)] = matched = _parts_matched(parts, self.index.documents)
                return docs_of(matched != 0, most)
        return union([docs for part in q.subqueries for docs in self.lists(part)], self.index.documents)

    def _unordered(self, q: Any) -> Iterable[Ints]:
        """Lists as of `lists`, but in any order, and with documents that are repeated."""
        if isinstance(q, wq.ConstantScoreQuery):
            q = q.child
        row = self._row(q) if isinstance(q, AnyTerm) else None
        return self.lists(q) if row is None else row

    def _any_term(self, q: AnyTerm) -> Ints:
        row = self._row(q)
        if row is not None:
            return self._those_asked_about(self._marked(row).nonzero()[0])
        found = (self.postings(q.field_name, text.encode()) for text in q.texts)
        return union([self._those_asked_about(each.docs) for each in found if each is not None], self.index.documents)

    def _row(self, q: AnyTerm) -> list[Ints] | None:
        """The documents of terms that stand in a row, as `_contiguous_terms` has them, which are kept."""
        if len(q.texts) < _ROW:
            return None
        if id(q) not in self._rows:
            self._rows[id(q)] = q, self._contiguous_terms(q)
        return self._rows[id(q)][1]

    def parts_matched(self, q: wq.Or) -> NDArray[np.uint8]:
        """Which parts of an Or, of up to `MOST_PARTS`, each document matches, a bit each; shape (documents,).

        The documents that match `q` were asked for before.
        """
        found = self._parts.get(id(q))
        if found is None:
            parts = [list(self._unordered(part)) for part in q.subqueries]
            found = self._parts[id(q)] = _parts_matched(parts, self.index.documents)
        return found

    def lists(self, q: Any) -> Iterator[Ints]:
        """Ascending lists of documents, which are in any of them if they match `q`: of an Or those of its parts."""
        if type(q) in (wq.Or, CombinedFields):
            for part in q.subqueries:
                yield from self.lists(part)
        elif len(docs := self.docs(q)):
            yield docs

    def _contiguous_terms(self, q: AnyTerm) -> list[Ints] | None:
        """The documents of terms that stand in a row in their field of every segment, as those of a prefix do."""
        texts = [text.encode() for text in q.texts]
        wanted = frozenset(texts)
        found = []
        for segment, base in zip(self.index.segments, self.index.doc_bases, strict=True):
            field = segment.searched(q.field_name)
            first, last = (0, 0) if field is None else (field.seek_ceil(texts[0]), field.seek_ceil(texts[-1] + b"\0"))
            if field is None or first == last:
                continue
            if last - first > len(texts) or not wanted.issuperset(field.terms(first, last)):
                return None
            docs = field.docs_of_any(first, last)
            found.append(docs + base if base else docs)
        return found

    def _all_of(self, parts: Iterable[Any]) -> Ints:
        return intersection_of_unions([list(self.lists(part)) for part in parts], self.index.documents)

    def _every(self, q: Any) -> Ints:
        if q.fieldname:  # every document that has something in that field
            return self._by_whoosh(q)
        return self._all_docs

    @property
    def _all_docs(self) -> Ints:
        return np.arange(self.index.documents, dtype=np.int64) if self._among is None else self._among

    def _numeric_range(self, q: Any) -> Ints:
        found = [_NONE]
        for segment, base in zip(self.index.segments, self.index.doc_bases, strict=True):
            numbers = segment.numbers(q.fieldname)
            if numbers is not None:
                found.append(self._inside(q, numbers) + base)
        return np.concatenate(found)

    @staticmethod
    def _inside(q: Any, numbers: NDArray[Any]) -> Ints:
        inside = numbers != MISSING
        if q.start is not None:
            inside &= numbers > q.start if q.startexcl else numbers >= q.start
        if q.end is not None:
            inside &= numbers < q.end if q.endexcl else numbers <= q.end
        return np.flatnonzero(inside)

    def _without(self, docs: Ints, excluded: Ints) -> Ints:
        return docs[~self._marked([excluded]).take(docs)]

    def _marked(self, lists: Iterable[Ints]) -> NDArray[np.bool_]:
        return to_bitset(lists, self.index.documents)

    #: Of the class and not of each search: methods bound to a search would keep it, and all that it found, alive.
    _KINDS: ClassVar[Mapping[type, Callable[[DocSetEvaluator, Any], Ints]]] = {
        wq.Term: _term,
        wq.Phrase: _phrase,
        SpanPhrase: _span_phrase,
        Near: _near,
        wq.And: lambda self, q: self._all_of(q.subqueries),
        wq.Or: _or,
        CombinedFields: _or,
        AnyTerm: _any_term,
        wq.Not: lambda self, q: self._without(self._all_docs, self.docs(q.query)),
        wq.AndNot: lambda self, q: self._without(self.docs(q.a), self.docs(q.b)),
        wq.AndMaybe: lambda self, q: self.docs(q.a),
        wq.Require: lambda self, q: self._all_of((q.a, q.b)),
        wq.Every: _every,
        wq.ConstantScoreQuery: lambda self, q: self.docs(q.child),
        wq.NumericRange: _numeric_range,
        type(wq.NullQuery): lambda *_: _NONE,
    }


def _parts_matched(parts: Sequence[Sequence[Ints]], documents: int) -> NDArray[np.uint8]:
    """See `DocSetEvaluator.parts_matched`; each part is lists of doc ids."""
    matched = np.zeros(documents, np.uint8)
    for number, lists in enumerate(parts):
        for docs in lists:
            matched[docs] = matched.take(docs) | 1 << number if number else 1
    return matched
