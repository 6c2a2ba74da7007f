"""Where phrases with patterns among their words stand in documents, and which are near each other.

A place in the index is one number: document << 32 | position. No distance of a query reaches from one document to the
next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from whoosh import query as wq

from archive.engine.local.posting_lists import Postings, as_term, intersection
from archive.engine.local.segment.packed_lists import Ints
from archive.query.span_queries import Near, SpanPhrase

_NONE = np.empty(0, np.int64)
_POSITION = (1 << 32) - 1


class SpanFinder:
    """Finds spans.

    docs       the global doc ids that match a query, ascending
    postings   the posting list of a term of a field
    documents  how many the index has
    """

    def __init__(
        self, docs: Callable[[wq.Query], Ints], postings: Callable[[str, bytes], Postings | None], documents: int
    ) -> None:
        self._docs, self._postings, self._documents = docs, postings, documents

    def phrase(self, q: SpanPhrase) -> Ints:
        """The documents in which a phrase stands, ascending."""
        return _documents_of(self._ends(q))

    def near(self, q: Near) -> Ints:
        """The documents in which two phrases stand near each other, ascending."""
        ends_a, ends_b = self._ends(q.a), self._ends(q.b)
        starts_a, starts_b = ends_a - _reach(q.a), ends_b - _reach(q.b)
        found = [_followed(ends_a, starts_b, q.distance), _followed(ends_b, starts_a, q.distance)]
        return _documents_of(np.sort(np.concatenate(found)))

    def _ends(self, q: SpanPhrase) -> Ints:
        """The places at which a phrase ends, ascending."""
        common = intersection([self._docs(slot.query) for slot in q.slots], self._documents)
        ends = self._places(q.slots[0].query, common)
        for slot in q.slots[1:]:
            if not len(ends):
                break
            places = self._places(slot.query, common)
            nearest = slot.gap + 1
            before = np.searchsorted(ends, places - nearest, side="right") - 1
            ends = places[(before >= 0) & (ends.take(before, mode="clip") >= places - max(nearest, q.slop))]
        return ends

    def _places(self, q: Any, among: Ints) -> Ints:
        """Where any of some terms stands in some documents, ascending."""
        terms = q.subqueries if isinstance(q, wq.Or) else [q]
        found = [
            self._places_of(postings, among)
            for term in terms
            if (postings := self._postings(term.fieldname, as_term(term.text))) is not None
        ]
        return found[0] if len(found) == 1 else np.sort(np.concatenate([_NONE, *found]))

    def _places_of(self, postings: Postings, among: Ints) -> Ints:
        docs = intersection([postings.docs, among], self._documents)
        standing = postings.occurrences(docs)
        return docs[standing >> 32] << 32 | standing & _POSITION


def _reach(q: SpanPhrase) -> int:
    """From the first word of a phrase without slop to its last."""
    return sum(slot.gap + 1 for slot in q.slots[1:])


def _followed(ends: Ints, starts: Ints, distance: int) -> Ints:
    """Those of `ends` that one of `starts` follows, at most so far away."""
    after = np.append(starts, np.iinfo(np.int64).max)
    return ends[after[np.searchsorted(starts, ends, side="right")] <= ends + distance]


def _documents_of(places: Ints) -> Ints:
    return np.unique(places >> 32)
