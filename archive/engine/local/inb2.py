"""InB2, the ranking function: a model of divergence from randomness without parameters to tune.

Of Amati and van Rijsbergen, "Probabilistic Models of Information Retrieval Based on Measuring the Divergence from
Randomness", ACM TOIS 20(4), 2002: the inverse document frequency model I(n), the after-effect B of two Bernoulli
processes, and length normalization H2 with c = 1 (in Lucene, DFRSimilarity with BasicModelIn, AfterEffectB and
NormalizationH2). The after-effect lets terms count more that come in bursts: those that occur often where they occur.

With tf occurrences of a term in a document of length L, cf in all N documents, and df documents having it:

    tfn   = tf · log2(1 + average L / L)
    score = (cf + 1) / df · log2((N + 1) / (df + 0.5)) · tfn / (tfn + 1)

A word searched in several fields is scored as if these were one field, in which each stands as often as its weight
says (as in BM25F; Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields", CIKM 2004): tf,
cf and L are weighted sums over the fields. As in Lucene's CombinedFieldQuery, df is the largest of the fields'.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def term_weight(documents: int, df: int, cf: float) -> float:
    """What the share tfn / (tfn + 1) of a term is multiplied with; 0.0 where no document has the term."""
    return (cf + 1) / df * math.log2((documents + 1) / (df + 0.5)) if df else 0.0


def length_norms(lengths: NDArray[np.float64], average: float) -> NDArray[np.float64]:
    """What tf / (tf + norm) = tfn / (tfn + 1) needs for documents of these lengths: 1 / log2(1 + average L / L)."""
    return 1.0 / np.log2(1.0 + max(average, 1.0) / np.maximum(lengths, 1.0))
