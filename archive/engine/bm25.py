"""BM25, the ranking function: its parameters, and how rare terms count more.

Weights are those of Whoosh's BM25F with k1 = 1.2 and b = 0.75, summed over the fields, and
with the inverse document frequency log(1 + (N - n + ½) / (n + ½)), as in Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009, and in Lucene. The embedded engine
computes it; a search server does so with the same parameters, which are its defaults.
"""

from __future__ import annotations

import math

K1 = 1.2
B = 0.75


def idf(documents: int, having: int) -> float:
    """The inverse document frequency of a term that `having` of all documents have."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))
