"""From hidden states to stances: the head that looks at a pair of mentions.

Of each instance of a candidate it sees both mentions, the sentences around them, and the tokens that both
mentions attend to (localized context pooling: W. Zhou et al., "Document-level relation extraction with adaptive
thresholding and localized context pooling", ATLOP, AAAI 2021). Two people are seen symmetrically. The instances
of a candidate are joined by log-sum-exp: one that shows a stance is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from archive.encounters.encoder.network import EncodedWindow, Floats, QuantizedRows, gelu
from archive.encounters.encoder.windows import TRAITS, PairInstance, Span

#: Stances that the head tells apart, for two people and for a person and a venue.
PAIR_STANCES = ("together", "absent", "expected", "contact", "mentioned")
VENUE_STANCES = ("together", "absent", "expected")
STANCES = {"person": PAIR_STANCES, "venue": VENUE_STANCES}


class InstanceWeights(NamedTuple):
    """Weights over the n tokens of a window with which instances take means, float32[instances, n] each."""

    first: Floats
    second: Floats
    context: Floats
    traits: Floats


def instance_weights(instances: Sequence[PairInstance], n: int) -> InstanceWeights:
    """The weights of some instances in a window of n tokens."""
    traits = np.asarray([each.traits for each in instances], np.float32).reshape(len(instances), len(TRAITS))
    return InstanceWeights(
        _means([each.first for each in instances], n),
        _means([each.second for each in instances], n),
        _means([each.context for each in instances], n),
        traits,
    )


def _means(spans: Sequence[Sequence[Span]], n: int) -> Floats:
    weights = np.zeros((len(spans), n), np.float32)
    for row, some in zip(weights, spans, strict=True):
        for start, end in some:
            row[start:end] = 1
    return weights / np.maximum(weights.sum(1, keepdims=True), 1)


class PairHead:
    """The two heads with their weights."""

    def __init__(self, weights: Mapping[str, Floats | QuantizedRows]) -> None:
        self._weights = {
            name.removeprefix("pairs."): array.dequantized() if isinstance(array, QuantizedRows) else array
            for name, array in weights.items()
            if name.startswith("pairs.")
        }

    def logits(self, encoded: EncodedWindow, facet: str, instances: Sequence[PairInstance]) -> Floats:
        """float32[instances, stances of the facet]."""
        features = self._features(encoded, facet, instance_weights(instances, len(encoded.states)))
        hidden = gelu(features @ self._weights[f"{facet}.hidden.weight"].T + self._weights[f"{facet}.hidden.bias"])
        result: Floats = hidden @ self._weights[f"{facet}.out.weight"].T + self._weights[f"{facet}.out.bias"]
        return result

    def _features(self, encoded: EncodedWindow, facet: str, weights: InstanceWeights) -> Floats:
        states, attention = encoded
        first, second = weights.first @ states, weights.second @ states
        shared = ((weights.first @ attention) * (weights.second @ attention)).mean(0)
        shared /= shared.sum(-1, keepdims=True) + np.float32(1e-9)
        traits = weights.traits
        if facet == "person":
            pair = [first + second, np.abs(first - second), first * second]
            unnamed = traits[:, 1:3]
            traits = np.hstack(
                [traits[:, :1], unnamed.max(1, keepdims=True), unnamed.min(1, keepdims=True), traits[:, 3:]]
            )
        else:
            pair = [first, second, first * second]
        return np.hstack([*pair, shared @ states, weights.context @ states, traits])


def joined(logits: Floats, candidates: Sequence[int]) -> dict[int, Floats]:
    """The logits of each candidate: log-sum-exp over its instances."""
    numbers = np.asarray(candidates)
    return {int(number): np.logaddexp.reduce(logits[numbers == number], 0) for number in dict.fromkeys(candidates)}
