"""Which articles come first: the best by score, date or title, ties by id, near words rewarded.

The best articles by InB2 are scored anew with the term proximity of Rasolofo and Savoy ("Term
Proximity Scoring for Keyword-Based Retrieval Systems", ECIR 2003): two neighbouring query
words at distance d up to 5 add 1/d², saturated and weighted like a term, and a tenth of that:
enough to put a name in one piece first, and more would cost news articles their order. It counts
in running text only: in a title every word is near every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.docsets import DocSetEvaluator, Scores, locate, occurrences
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.statistics import CollectionStats

#: How many of the best articles are scored anew, and the furthest that counts as near.
RESCORED = 200
_NEAR = 5
#: What nearness weighs.
_PROXIMITY = 0.1


def top_k(keys: NDArray[Any], ranks: NDArray[Any], count: int | None) -> Ints:
    """The places of the `count` highest keys, highest first; of equal keys the lowest ranks first."""
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
    """The key in that place from the highest."""
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
    """The bonus of each of `docs` (ascending, of one segment) for near words.

    terms   the query's telling words in order; each is paired with the next
    """
    bonus = np.zeros(len(docs))
    field = matching.segment.field(field_name)
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
