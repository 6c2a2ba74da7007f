"""The encoder as the judge of pairs that `archive.encounters` asks: `load_judge` gives it, or None without weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np

from archive.encounters.encoder import encoder_version
from archive.encounters.encoder.network import EncoderNetwork, Floats, QuantizedRows
from archive.encounters.encoder.pair_head import STANCES, PairHead, joined
from archive.encounters.encoder.stacking import StackedRegressions, StanceRegression, stacked_features
from archive.encounters.encoder.weights import read_weights
from archive.encounters.encoder.windows import PassageWindows
from archive.encounters.encoder.wordpiece import WordPiece, load_wordpiece
from archive.encounters.pair_judge import PairCandidate, Passage, StanceProbabilities, Thresholds

#: What is taken for the logits of a candidate whose mentions a window's limit cut off: next to nothing.
_UNSEEN = -4.0


class PairEncoder:
    """Encoder and heads: from passages to logits."""

    def __init__(self, weights: Mapping[str, Floats | QuantizedRows], wordpiece: WordPiece) -> None:
        self._network, self._head, self._wordpiece = EncoderNetwork(weights), PairHead(weights), wordpiece

    def logits(self, passage: Passage, candidates: Sequence[PairCandidate]) -> list[Floats]:
        """For each candidate float32[stances of its facet]."""
        found: list[Floats] = [np.full(len(STANCES[each.facet]), _UNSEEN, np.float32) for each in candidates]
        windows = PassageWindows(passage, candidates, self._wordpiece)
        surnames = windows.surnames()
        for number in range(len(windows)):
            window = windows.window(number, surnames)
            encoded = self._network.encode(window.tokens)
            for facet in STANCES:
                inside = [each for each in window.instances if candidates[each.candidate].facet == facet]
                if inside:
                    logits = self._head.logits(encoded, facet, inside)
                    for candidate, values in joined(logits, [each.candidate for each in inside]).items():
                        found[candidate] = values
        return found


class EncoderJudge:
    """Judges pairs by encoder, rules and the rest of the passage; see `PairJudge`."""

    def __init__(self, weights: Mapping[str, Floats | QuantizedRows], digest: str) -> None:
        self._weights = weights
        self._version = encoder_version(digest)
        self.regressions = StackedRegressions(
            *(
                {facet: _regression(weights, f"{facet}.{part}") for facet in STANCES}
                for part in StackedRegressions._fields
            )
        )

    @property
    def version(self) -> str:
        """Of code and weights."""
        return self._version

    @property
    def thresholds(self) -> Thresholds:
        """For two people."""
        return self.of_facet("person")

    @property
    def venue_thresholds(self) -> Thresholds:
        """For a person and a venue."""
        return self.of_facet("venue")

    def of_facet(self, facet: str) -> Thresholds:
        """The thresholds for pairs whose second is a person or a venue."""
        stored = self._weights[f"stack.{facet}.thresholds"]
        assert not isinstance(stored, QuantizedRows)
        return Thresholds(*map(float, stored))

    @cached_property
    def _encoder(self) -> PairEncoder:
        return PairEncoder(self._weights, load_wordpiece())

    def judge(self, passage: Passage, candidates: Sequence[PairCandidate]) -> Sequence[StanceProbabilities]:
        """One answer a candidate, in their order."""
        if not candidates:
            return []
        features = stacked_features(passage, candidates, self._encoder.logits(passage, candidates))
        return stance_answers(passage, candidates, features, self.regressions)


def stance_answers(
    passage: Passage,
    candidates: Sequence[PairCandidate],
    features: Mapping[str, Floats],
    regressions: StackedRegressions,
) -> list[StanceProbabilities]:
    """What the regressions make of the features of candidates, by facet."""
    answers = regressions.answers(passage, candidates, features)
    rows = {facet: iter(some) for facet, some in answers.items()}
    return [_probabilities(next(rows[each.facet])) for each in candidates]


@lru_cache(maxsize=1)
def load_judge() -> EncoderJudge | None:
    """The judge with the weights of the package; None where they are missing or damaged."""
    weights = read_weights()
    return EncoderJudge(*weights) if weights is not None else None


def _probabilities(row: Floats) -> StanceProbabilities:
    """A row of a facet's stances; a venue has no `contact` and `mentioned`."""
    values = [float(value) for value in row]
    return StanceProbabilities(*values, *[0.0] * (len(StanceProbabilities._fields) - len(values)))


def _regression(weights: Mapping[str, Floats | QuantizedRows], name: str) -> StanceRegression:
    stored = weights[f"stack.{name}.weight"], weights[f"stack.{name}.bias"]
    assert not any(isinstance(array, QuantizedRows) for array in stored)
    return StanceRegression(*stored)  # type: ignore[arg-type]
