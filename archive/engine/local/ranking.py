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
from archive.engine.local.index_reader import IndexReader
from archive.engine.local.posting_lists import locate, occurrences
from archive.engine.local.scorer import CollectionStats, LeafSearcher
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


def top_k(keys: NDArray[Any], ranks: NDArray[Any], count: int | None) -> Ints:
    """Indices of the `count` highest keys, highest first; of equal keys the lowest ranks first."""
    places = np.arange(len(keys))
    if count is not None and len(keys) > count:
        if not count:
            return places[:0]
        least = _kth_largest(keys, count)
        above = np.flatnonzero(keys > least)
        ties = np.flatnonzero(keys == least)
        room = count - len(above)
        if len(ties) > room:
            ties = ties[np.argpartition(ranks[ties], room - 1)[:room]]
        places = np.concatenate([above, ties])
    return places[np.lexsort((ranks[places], -keys[places]))]


def _kth_largest(keys: NDArray[Any], count: int) -> Any:
    """The `count`-th highest key."""
    columns = 256 if count < 256 else 4 * count
    if len(keys) > 4 * columns:
        # As many columns as the place have a key as high as the least of their highest: the rest need no look.
        most = keys[: len(keys) // columns * columns].reshape(-1, columns).max(axis=0)
        keys = keys[keys >= np.partition(most, columns - count)[columns - count]]
    top = keys.max()
    if np.count_nonzero(keys == top) >= count:  # many ties at the top, which partitioning is slow with
        return top
    return np.partition(keys, len(keys) - count)[len(keys) - count]


def proximity(
    matching: DocSetEvaluator,
    statistics: CollectionStats,
    field_name: str,
    terms: Sequence[str],
    docs: Ints,
) -> Scores:
    """The proximity bonus, float64, parallel to `docs` (segment-local doc ids, ascending).

    terms   the query's telling words in order; each is paired with the next
    """
    bonus = np.zeros(len(docs))
    field = matching.segment.searched(field_name)
    pairs = [(a.encode(), b.encode()) for a, b in pairwise(terms) if a != b]
    if field is None or field.lengths is None or not pairs or not len(docs):
        return bonus
    places: dict[bytes, Ints] = {}
    for term in {term for pair in pairs for term in pair}:
        postings = matching.postings(field_name, term)
        if postings is not None:
            inside, _ = locate(postings.docs, docs)
            found = occurrences(postings, docs[inside])
            # From places among the documents that have it to places among all of them.
            places[term] = (inside[found >> 32] << 32) + (found & 0xFFFFFFFF)
    fields = ((field_name, 1.0),)
    norms = statistics.norms(matching.segment, fields)[docs]
    for a, b in pairs:
        if a in places and b in places:
            near = _nearness(places[a], places[b], len(docs))
            bonus += min(statistics.weight(fields, a), statistics.weight(fields, b)) * near / (norms + near)
    return _PROXIMITY * bonus


def _nearness(a: Ints, b: Ints, documents: int) -> Scores:
    """For each document, the sum of 1/d² over all pairs of occurrences at most `_NEAR` apart."""
    begin = np.searchsorted(b, a - _NEAR)
    counts = np.searchsorted(b, a + _NEAR, "right") - begin
    total = int(counts.sum())
    if not total:
        return np.zeros(documents)
    other = b[np.arange(total) + np.repeat(begin - (np.cumsum(counts) - counts), counts)]
    one = np.repeat(a, counts)
    distance = (one - other).astype(np.float64)
    return np.bincount(one >> 32, 1.0 / (distance * distance), documents).astype(np.float64)


Keys = NDArray[np.float64]
#: Articles, or groups of equal ones, between two looks at the clock.
_LOOK_EVERY = 256


def rank(
    reader: IndexReader, plan: Plan, runs: Sequence[LeafSearcher], kept: Ints, count: int | None, body: Field
) -> tuple[list[int], list[float]]:
    """The first `count` documents in the order asked for, and their scores.

    runs   the query run on each segment
    kept   those of its matches that pass the selections: global doc ids, ascending
    body   the field in which words near each other count
    """
    if not plan.by_relevance:
        sort = plan.request.sort
        docs = _ordered(reader, runs, kept, "newest" if sort == "relevance" else sort, count)[0]
        return docs.tolist(), [0.0] * len(docs)
    terms = plan.parsed.content_terms
    near = len(terms) > 1
    wanted = None if count is None else max(count, RESCORED if near else 0)
    docs, scores = _ordered(reader, runs, kept, "relevance", wanted)
    if near:
        docs, scores = _rerank(reader, runs, terms, docs, scores, body)
    return docs[:count].tolist(), scores[:count].tolist()


def _ordered(
    reader: IndexReader, runs: Sequence[LeafSearcher], kept: Ints, sort: str, count: int | None
) -> tuple[Ints, Keys]:
    """The first `count` documents by one key, ties by id: segment by segment, then all together."""
    found: list[tuple[Ints, Keys]] = []
    for number, (segment, base, run) in enumerate(zip(reader.segments, reader.doc_bases, runs, strict=True)):
        begin, end = np.searchsorted(kept, (base, base + segment.doc_count))
        docs = kept[begin:end] - base if base else kept[begin:end]
        keys = run.scores(docs) if sort == "relevance" else _keys(reader, number, docs, sort)
        ids = segment.column("id")
        assert ids is not None
        places = top_k(keys, ids.ordinals[docs], count)
        found.append((docs[places] + base, keys[places]))
    if sum(len(docs) > 0 for docs, _ in found) == 1:
        return max(found, key=lambda each: len(each[0]))
    docs = np.concatenate([np.empty(0, np.int64), *(docs for docs, _ in found)])
    keys = np.concatenate([np.empty(0), *(keys for _, keys in found)])
    order = _merged_order(reader, docs, keys, sort, count)
    return docs[order], keys[order]


def _merged_order(reader: IndexReader, docs: Ints, keys: Keys, sort: str, count: int | None = None) -> Ints:
    """The first `count` documents of several segments; ids (and titles) are fetched only where it takes them."""
    if sort == "title":
        stored = of_question().checked(docs.tolist(), _LOOK_EVERY, LISTING)
        rows = [(title_key(decode_meta(reader.stored(doc))["title"]), reader.id(doc)) for doc in stored]
        return np.array(sorted(range(len(rows)), key=rows.__getitem__)[:count], np.int64)
    if len(reader.segments) == 1 and (ids := reader.segments[0].column("id")) is not None:
        return np.lexsort((ids.ordinals[docs], -keys))[:count]
    order = np.argsort(-keys, kind="stable")
    ordered = keys[order]
    # Runs of equal keys are put in the order of their ids.
    edges = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    for start, end in of_question().checked(pairwise(edges), _LOOK_EVERY, LISTING):
        if count is not None and start >= count:
            break
        if end - start > 1:
            places = order[start:end].tolist()
            id_of = dict(zip(places, reader.ids(docs[places].tolist()), strict=True))
            order[start:end] = sorted(places, key=id_of.__getitem__)
    return order[:count]


def _keys(reader: IndexReader, number: int, docs: Ints, sort: str) -> Keys:
    """What the documents of a segment are sorted by, the highest first, where that is not their score."""
    segment = reader.segments[number]
    if sort == "title":
        order = segment.numbers(TITLE_KEY)
        assert order is not None
        return -order[docs].astype(np.float64)
    numbers = segment.numbers(DATE_KEY)
    assert numbers is not None
    dates = numbers[docs].astype(np.float64)
    return np.where(dates == MISSING, -np.inf, -dates) if sort == "oldest" else dates


def _rerank(
    reader: IndexReader, runs: Sequence[LeafSearcher], terms: Sequence[str], docs: Ints, scores: Keys, body: Field
) -> tuple[Ints, Keys]:
    """The best documents again, with the bonus for near words."""
    first = docs[:RESCORED]
    bonus = np.zeros(len(docs))
    for number, (run, base) in enumerate(zip(runs, reader.doc_bases, strict=True)):
        end = reader.doc_bases[number + 1] if number + 1 < len(reader.doc_bases) else reader.documents
        places = np.flatnonzero((first >= base) & (first < end))
        places = places[np.argsort(first[places])]
        near = proximity(run.matching, reader.statistics, body.name, terms, first[places] - base)
        bonus[places] = near
    scores = scores + bonus
    order = _merged_order(reader, first, scores[: len(first)], "relevance")
    rest = slice(len(first), None)
    return np.concatenate([first[order], docs[rest]]), np.concatenate([scores[order], scores[rest]])
