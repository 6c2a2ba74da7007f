"""The order of results over all segments: by score, date or title, ties by id; with a bonus for term proximity.

The best articles by InB2 are rescored with the term proximity of Rasolofo and Savoy ("Term Proximity
Scoring for Keyword-Based Retrieval Systems", ECIR 2003): two neighbouring query words at distance d up
to 5 add 1/d², saturated and weighted like a term, and a tenth of that: enough to put a name in one piece
first, and more would cost news articles their order. It counts in running text only: in a title every
word is near every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.docsets import DocSetEvaluator, Scores
from archive.engine.local.index_reader import IdColumn, IndexReader
from archive.engine.local.posting_lists import locate
from archive.engine.local.query_run import QueryRun
from archive.engine.local.scorer import CollectionStats
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.schema import DATE_KEY, TITLE_KEY, title_key
from archive.engine.stored import decode_meta
from archive.model.fields import Field
from archive.query.limits import LISTING, of_question
from archive.query.plan import Plan

#: How many of the top articles are rescored, and the furthest that counts as near.
RESCORED = 200
_NEAR = 5
#: What nearness weighs.
_PROXIMITY = 0.1
#: By so much of themselves sums may be rounded, and more.
_ROUNDING = 1e-9
#: Articles between two looks at the clock.
_LOOK_EVERY = 256
_NO_DOCS: Ints = np.empty(0, np.int64)

Keys = NDArray[np.float64]


def top_k(keys: Keys, docs: Ints, count: int | None, ids: IdColumn) -> Ints:
    """Indices of the `count` highest keys, highest first; of equal keys the one with the lowest id first.

    docs  global doc ids, ascending, parallel to `keys`
    """
    places = _highest(keys, docs, count, ids)
    return places[ids.order(keys.take(places), docs.take(places))]


def _highest(keys: Keys, docs: Ints, count: int | None, ids: IdColumn) -> Ints:
    """The same indices, in no order."""
    if count is None or len(keys) <= count:
        return np.arange(len(keys))
    if not count:
        return _NO_DOCS
    if not keys.strides[0] or keys.min() == keys.max():  # as patterns give: one score for all
        return ids.first(docs, count)
    least = _kth_largest(keys, count)
    places = (keys >= least).nonzero()[0]
    if len(places) == count:
        return places
    ties = (keys == least).nonzero()[0]  # of which not all have room
    above = places[keys.take(places) > least]
    return np.concatenate([above, ties[ids.first(docs.take(ties), count - len(above))]])


def _kth_largest(keys: Keys, count: int) -> Any:
    """The `count`-th highest key."""
    columns = 256 if count < 256 else 4 * count
    if len(keys) > 4 * columns:
        # As many columns as the place have a key as high as the least of their highest: the rest need no look.
        most = keys[: len(keys) // columns * columns].reshape(-1, columns).max(axis=0)
        keys = keys[keys >= np.partition(most, columns - count)[columns - count]]
    # Patterns give many equal scores, which partitioning is slow with.
    highest, lowest = keys.max(), keys.min()
    if np.count_nonzero(keys == highest) >= count:
        return highest
    if np.count_nonzero(keys > lowest) < count:
        return lowest
    return np.partition(keys, len(keys) - count)[len(keys) - count]


class Proximity:
    """The bonus for words of a query that are near each other in a field.

    terms   the query's telling words in order; each is paired with the next
    """

    def __init__(
        self, matching: DocSetEvaluator, statistics: CollectionStats, field_name: str, terms: Sequence[str]
    ) -> None:
        self._statistics, self._field = statistics, ((field_name, 1.0),)
        pairs = [(a.encode(), b.encode()) for a, b in pairwise(terms) if a != b]
        if not matching.index.is_ranked(field_name):
            pairs = []
        words = {term: matching.ranked_word(self._field, term) for pair in pairs for term in pair}
        self._postings = {term: word.lists[0][0] for term, word in words.items() if word.lists}
        #: Each pair that may stand near each other, with its weight.
        self._pairs = [
            (a, b, min(words[a].weight, words[b].weight)) for a, b in pairs if words[a].lists and words[b].lists
        ]

    @property
    def most(self) -> float:
        """No document gets more."""
        return _PROXIMITY * sum(weight for _, _, weight in self._pairs)

    def of(self, docs: Ints) -> Scores:
        """The bonus, float64, parallel to `docs` (global doc ids, ascending)."""
        bonus = np.zeros(len(docs))
        if not self._pairs or not len(docs):
            return bonus
        places = {term: self._places(term, docs) for term in {term for a, b, _ in self._pairs for term in (a, b)}}
        norms = self._statistics.norms(self._field).of(docs)
        for a, b, weight in self._pairs:
            near = _nearness(places[a], places[b], len(docs))
            bonus += weight * near / (norms + near)
        return _PROXIMITY * bonus

    def _places(self, term: bytes, docs: Ints) -> Ints:
        """Where a term stands: (place of the document in `docs`) << 32 | position."""
        postings = self._postings[term]
        inside, _ = locate(postings.docs, docs)
        found = postings.occurrences(docs[inside])
        # From places among the documents that have it to places among all of them.
        return (inside[found >> 32] << 32) + (found & 0xFFFFFFFF)


def _nearness(a: Ints, b: Ints, documents: int) -> Scores:
    """For each document, the sum of 1/d² over all pairs of occurrences at most `_NEAR` apart."""
    begin = b.searchsorted(a - _NEAR)
    counts = b.searchsorted(a + _NEAR, "right") - begin
    total = int(counts.sum())
    if not total:
        return np.zeros(documents)
    other = b[np.arange(total) + (begin - (counts.cumsum() - counts)).repeat(counts)]
    one = a.repeat(counts)
    distance = (one - other).astype(np.float64)
    return np.bincount(one >> 32, 1.0 / (distance * distance), documents).astype(np.float64)


def rank(
    reader: IndexReader, plan: Plan, run: QueryRun, kept: Ints, count: int | None, body: Field
) -> tuple[list[int], list[float]]:
    """The first `count` documents in the order asked for, and their scores.

    run    the query run on the index
    kept   those of its matches that pass the selections: global doc ids, ascending
    body   the field in which words near each other count
    """
    if not plan.by_relevance:
        sort = plan.request.sort
        docs = _sorted(reader, kept, "newest" if sort == "relevance" else sort, count)
        return docs.tolist(), [0.0] * len(docs)
    if count == 0 or not len(kept):
        return [], []
    terms = plan.parsed.content_terms
    if len(terms) > 1:
        docs, scores = _with_proximity(
            reader, run, kept, count, Proximity(run.matching, reader.statistics, body.name, terms)
        )
    else:
        kept = kept if count is None else run.candidates(kept, count)
        scores = run.scores(kept)
        places = top_k(scores, kept, count, reader.ids)
        docs, scores = kept.take(places), scores.take(places)
    return docs[:count].tolist(), scores[:count].tolist()


def _sorted(reader: IndexReader, kept: Ints, sort: str, count: int | None) -> Ints:
    """The first `count` documents by date or title, ties by id."""
    if sort == "title":
        return _by_title(reader, kept, count)
    dates = reader.numbers(DATE_KEY, kept).astype(np.float64)
    keys = np.where(dates == MISSING, -np.inf, -dates) if sort == "oldest" else dates
    return kept.take(top_k(keys, kept, count, reader.ids))


def _by_title(reader: IndexReader, kept: Ints, count: int | None) -> Ints:
    """The first `count` documents by title: those of each segment, and of several segments these by what is stored."""
    found = [_NO_DOCS]
    bounds = np.searchsorted(kept, [*reader.doc_bases, reader.documents]).tolist()
    for first, last in pairwise(bounds):
        docs = kept[first:last]
        if len(docs):
            places = top_k(-reader.numbers(TITLE_KEY, docs).astype(np.float64), docs, count, reader.ids)
            found.append(docs.take(places))
    docs = np.concatenate(found)
    if sum(map(bool, map(len, found))) < 2:
        return docs
    stored = of_question().checked(docs.tolist(), _LOOK_EVERY, LISTING)
    rows = [(title_key(decode_meta(reader.stored(doc))["title"]), reader.ids[doc]) for doc in stored]
    return docs[np.array(sorted(range(len(rows)), key=rows.__getitem__)[:count], np.int64)]


def _with_proximity(
    reader: IndexReader, run: QueryRun, kept: Ints, count: int | None, proximity: Proximity
) -> tuple[Ints, Keys]:
    """The best documents in order, the very best with the bonus for near words."""
    if count is None or count > RESCORED:
        if count is not None:
            kept = run.candidates(kept, max(count, RESCORED))
        scores = run.scores(kept)
        places = _highest(scores, kept, None if count is None else max(count, RESCORED), reader.ids)
        return _rerank(reader, kept.take(places), scores.take(places), proximity)
    # What has less than the last of the first by more than any bonus does not come before it.
    most = proximity.most
    kept = run.candidates(kept, count, most)
    scores = run.scores(kept)
    if len(scores) > count:
        least = _kth_largest(scores, count)
        near = (scores >= least - most - _ROUNDING * least).nonzero()[0]
        kept, scores = kept.take(near), scores.take(near)
        places = _highest(scores, kept, RESCORED, reader.ids)
        kept, scores = kept.take(places), scores.take(places)
    return _rerank(reader, kept, scores, proximity)


def _rerank(reader: IndexReader, docs: Ints, scores: Keys, proximity: Proximity) -> tuple[Ints, Keys]:
    """Documents in order, the first with the bonus."""
    if len(docs) > RESCORED:
        order = reader.ids.order(scores, docs)
        docs, scores = docs.take(order), scores.take(order)
    first = docs[:RESCORED]
    places = np.argsort(first)
    again = scores[: len(first)].copy()
    again[places] += proximity.of(first.take(places))
    order = reader.ids.order(again, first)
    if len(first) == len(docs):
        return first.take(order), again.take(order)
    rest = slice(len(first), None)
    return np.concatenate([first[order], docs[rest]]), np.concatenate([again[order], scores[rest]])
