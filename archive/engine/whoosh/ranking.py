"""Ranking: BM25F, and a bonus for query words that stand near each other.

BM25 weights of the fields are summed with the fields' weights (Whoosh's BM25F; k1 = 1.2
and b = 0.75, and the inverse document frequency log(1 + (N - n + ½) / (n + ½)), as in
Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, and in Lucene).
The best articles are then re-scored with the term proximity of Rasolofo and Savoy ("Term
Proximity Scoring for Keyword-Based Retrieval Systems", ECIR 2003): two neighbouring query
words at distance d up to 5 add 1/d², saturated and weighted like a BM25 term. It counts in
running text only: in a title every word is near every other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F

from archive.engine.whoosh.columns import Docs
from archive.engine.whoosh.executor import Scores

K1 = 1.2
B = 0.75
#: How many of the best articles are re-scored, and the furthest that counts as near.
RESCORED = 200
_NEAR = 5


class Weighting(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with an inverse document frequency that is near 0 for the commonest words."""

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Any, fieldname: str, text: str | bytes) -> float:
        whole = searcher.get_parent()
        articles, having = whole.doc_count_all(), whole.doc_frequency(fieldname, text)
        return math.log(1 + (articles - having + 0.5) / (having + 0.5))


def add_proximity(searcher: Any, field: str, weight: float, terms: Sequence[str], docs: Docs, scores: Scores) -> Scores:
    """The scores of `docs` (best first, any order of numbers) with the bonus for near words.

    field, weight   the running text, and what its scores are multiplied with
    terms           the query's telling words in order; each is paired with the next
    """
    pairs = [(a, b) for a, b in pairwise(terms) if a != b]
    if not pairs or not len(docs):
        return scores
    order = np.argsort(docs)
    ascending: list[int] = docs[order].tolist()
    positions = {term: _positions(searcher, field, term, ascending) for pair in pairs for term in pair}
    average = searcher.avg_field_length(field) or 1.0
    bonus = np.zeros(len(docs))
    for a, b in pairs:
        importance = min(searcher.idf(field, a), searcher.idf(field, b))
        for at, doc in enumerate(ascending):
            if doc in positions[a] and doc in positions[b]:
                near = _nearness(positions[a][doc], positions[b][doc])
                length = searcher.reader().doc_field_length(doc, field, 1)
                saturation = K1 * (1 - B + B * length / average)
                bonus[order[at]] += weight * importance * near * (K1 + 1) / (saturation + near)
    return scores + bonus


def _nearness(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """The sum of 1/d² over all occurrences of two terms that are at most `_NEAR` apart."""
    if len(a) * len(b) > 250_000:
        a, b = a[:500], b[:500]
    distances = np.abs(a[:, None] - b[None, :])
    near = distances[distances <= _NEAR]
    return float((1.0 / (near * near)).sum())


def _positions(searcher: Any, field: str, term: str, docs: list[int]) -> dict[int, NDArray[np.int64]]:
    """Where `term` stands in those of `docs` (ascending) that have it."""
    found: dict[int, NDArray[np.int64]] = {}
    leaves = searcher.leaf_searchers()
    ends = [offset for _, offset in leaves[1:]] + [searcher.doc_count_all()]
    for (leaf, offset), end in zip(leaves, ends, strict=True):
        inside = [doc for doc in docs if offset <= doc < end]
        if not inside or (field, term.encode()) not in leaf.reader():
            continue
        matcher = leaf.reader().postings(field, term)
        for doc in inside:
            if matcher.is_active() and matcher.id() < doc - offset:
                matcher.skip_to(doc - offset)
            if not matcher.is_active():
                break
            if matcher.id() == doc - offset:
                found[doc] = np.array(matcher.value_as("positions"), np.int64)
    return found
