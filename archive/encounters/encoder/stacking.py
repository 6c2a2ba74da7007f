"""The last judge: logistic regression over what the encoder, the rules and the rest of the passage say of a pair.

It is done in two rounds: the second sees what the first makes of the other pairs.

The rules see words that the encoder has met in no training passage; the encoder sees what no rule was written
for; and a pair is seldom alone: two people who were both with a third at one table were together, and somebody
who was missed by one of the guests was missed by all. Each stance has a regression of its own, since a pair may
have several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from archive.encounters.encoder.network import Floats
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.pair_judge import FEATURES, PairCandidate, Passage

#: Logits beyond this say no more.
_CLIP = 6.0
_TOGETHER, _ABSENT = 0, 1
#: Verdicts of the rules, each a feature: a stance, or `together` by its grade.
_VERDICTS = ("together stated", "together likely", "absent", "expected", "contact", "mentioned")
_GRAPH = {
    "person": (
        "third person with both",
        "venue of both",
        "venue of one without the other",
        "third person with one without the other",
        "least of their absences",
        "most of their absences",
        "least of their company",
        "most of their company",
        "together elsewhere",
        "absent elsewhere",
    ),
    "venue": (
        "companion there",
        "companion missed there",
        "absence of the person",
        "company of the person",
        "presence at another venue",
        "presence of others",
        "together elsewhere",
        "absent elsewhere",
    ),
}
_AGAIN = ", second round"
_PLACE = ("people in the paragraph", "paragraphs apart", "in the title")


def feature_names(facet: str) -> tuple[str, ...]:
    """Names of the columns of `stacked_features`."""
    return (*(f"logit {stance}" for stance in STANCES[facet]), *_VERDICTS, *FEATURES, *_GRAPH[facet], *_PLACE)


def second_feature_names(facet: str) -> tuple[str, ...]:
    """Names of the columns of `second_round`."""
    again = (*(f"logit {stance}" for stance in STANCES[facet]), *_GRAPH[facet])
    return (*feature_names(facet), *(f"{name}{_AGAIN}" for name in again))


def stacked_features(
    passage: Passage, candidates: Sequence[PairCandidate], logits: Sequence[Floats]
) -> dict[str, Floats]:
    """By facet, a row for each of its candidates, in their order: float32[candidates of the facet, features]."""
    clipped = [np.clip(some, -_CLIP, _CLIP) for some in logits]
    graph = _Graph(candidates, clipped)
    in_paragraph: dict[int, set[int]] = {}
    for mention in passage.mentions:
        if mention.facet == "person":
            in_paragraph.setdefault(mention.paragraph, set()).add(mention.number)
    found: dict[str, list[list[float]]] = {facet: [] for facet in STANCES}
    for number, candidate in enumerate(candidates):
        verdict = f"together {candidate.grade}" if candidate.stance in ("together", "present") else candidate.stance
        sides = (candidate.first_mentions, candidate.second_mentions)
        paragraphs = [{passage.mentions[mention].paragraph for mention in side} for side in sides]
        apart = min((abs(a - b) for a in paragraphs[0] for b in paragraphs[1]), default=0)
        found[candidate.facet].append(
            [
                *map(float, clipped[number]),
                *(float(verdict == each) for each in _VERDICTS),
                *(_tamed(candidate.features.get(name, 0.0)) for name in FEATURES),
                *(graph.of_pair(number) if candidate.facet == "person" else graph.of_visit(number)),
                _tamed(len(in_paragraph.get(candidate.paragraph, ()))),
                float(apart),
                float(candidate.paragraph < 0),
            ]
        )
    return {
        facet: np.asarray(rows, np.float32).reshape(len(rows), len(feature_names(facet)))
        for facet, rows in found.items()
    }


def _tamed(value: float) -> float:
    """A count, so that large ones differ little."""
    return float(np.log1p(max(0.0, value)))


def second_round(
    passage: Passage, candidates: Sequence[PairCandidate], first: Mapping[str, Floats], answers: Mapping[str, Floats]
) -> dict[str, Floats]:
    """The features of the second round: those of the first, and those that come of its answers (probabilities)."""
    rows = {facet: iter(_logits(some)) for facet, some in answers.items()}
    again = stacked_features(passage, candidates, [next(rows[each.facet]) for each in candidates])
    found = {}
    for facet, features in first.items():
        names = second_feature_names(facet)[len(feature_names(facet)) :]
        columns = [feature_names(facet).index(name.removesuffix(_AGAIN)) for name in names]
        found[facet] = np.hstack([features, again[facet][:, columns]])
    return found


def _logits(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 1e-4, 1 - 1e-4)
    result: Floats = np.log(clipped / (1 - clipped)).astype(np.float32)
    return result


class _Graph:
    """The people and venues of a passage, joined by what the encoder makes of each two of them (the highest logits)."""

    def __init__(self, candidates: Sequence[PairCandidate], logits: Sequence[Floats]) -> None:
        self._candidates, self._logits = candidates, logits
        self._with: dict[int, dict[int, float]] = {}
        self._without: dict[int, dict[int, float]] = {}
        self._at: dict[int, dict[int, float]] = {}
        self._not_at: dict[int, dict[int, float]] = {}
        self._of_key: dict[tuple[str, int, int], list[int]] = {}
        for number, (candidate, some) in enumerate(zip(candidates, logits, strict=True)):
            a, b = candidate.first, candidate.second
            self._of_key.setdefault((candidate.facet, a, b), []).append(number)
            if candidate.facet == "person":
                for x, y in ((a, b), (b, a)):
                    _raise(self._with, x, y, some[_TOGETHER])
                    _raise(self._without, x, y, some[_ABSENT])
            else:
                _raise(self._at, a, b, some[_TOGETHER])
                _raise(self._not_at, a, b, some[_ABSENT])

    def of_pair(self, number: int) -> list[float]:
        """The values of _GRAPH["person"]."""
        candidate = self._candidates[number]
        a, b = candidate.first, candidate.second
        absences = [max(_best(self._without, x, y), _best(self._not_at, x)) for x, y in ((a, b), (b, a))]
        company = [max(_best(self._with, x, y), _best(self._at, x)) for x, y in ((a, b), (b, a))]
        return [
            _meet(self._with.get(a, {}), self._with.get(b, {})),
            _meet(self._at.get(a, {}), self._at.get(b, {})),
            max(_meet(self._at.get(x, {}), self._not_at.get(y, {})) for x, y in ((a, b), (b, a))),
            max(_meet(self._with.get(x, {}), self._without.get(y, {})) for x, y in ((a, b), (b, a))),
            min(absences),
            max(absences),
            min(company),
            max(company),
            *self._elsewhere(number),
        ]

    def of_visit(self, number: int) -> list[float]:
        """The values of _GRAPH["venue"]."""
        candidate = self._candidates[number]
        a, venue = candidate.first, candidate.second
        there = {other: at[venue] for other, at in self._at.items() if other != a and venue in at}
        missed = {other: at[venue] for other, at in self._not_at.items() if other != a and venue in at}
        return [
            _meet(self._with.get(a, {}), there),
            _meet(self._with.get(a, {}), missed),
            _best(self._without, a),
            _best(self._with, a),
            _best(self._at, a, venue),
            max(there.values(), default=-_CLIP),
            *self._elsewhere(number),
        ]

    def _elsewhere(self, number: int) -> tuple[float, float]:
        """The same pair in other paragraphs."""
        candidate = self._candidates[number]
        others = [
            self._logits[other]
            for other in self._of_key[candidate.facet, candidate.first, candidate.second]
            if other != number
        ]
        return tuple(max((float(some[stance]) for some in others), default=-_CLIP) for stance in (_TOGETHER, _ABSENT))  # type: ignore[return-value]


def _raise(edges: dict[int, dict[int, float]], a: int, b: int, value: float) -> None:
    mine = edges.setdefault(a, {})
    mine[b] = max(mine.get(b, -_CLIP), float(value))


def _best(edges: Mapping[int, Mapping[int, float]], a: int, but: int = -1) -> float:
    return max((value for other, value in edges.get(a, {}).items() if other != but), default=-_CLIP)


def _meet(first: Mapping[int, float], second: Mapping[int, float]) -> float:
    """The best third that both have: the weaker of the two logits."""
    return max((min(value, second[other]) for other, value in first.items() if other in second), default=-_CLIP)


class StanceRegression(NamedTuple):
    """A regression for each stance of a facet.

    weights   float32[features, stances]; bias float32[stances]
    """

    weights: Floats
    bias: Floats

    def probabilities(self, features: Floats) -> Floats:
        """float32[rows, stances], each between 0 and 1, independent of each other."""
        result: Floats = 1 / (1 + np.exp(-(features @ self.weights + self.bias)))
        return result


class StackedRegressions(NamedTuple):
    """The regressions of both rounds, by facet."""

    first: Mapping[str, StanceRegression]
    second: Mapping[str, StanceRegression]

    def answers(
        self, passage: Passage, candidates: Sequence[PairCandidate], features: Mapping[str, Floats]
    ) -> dict[str, Floats]:
        """By facet the probabilities of its candidates' stances, from the features of the first round."""
        first = {facet: self.first[facet].probabilities(some) for facet, some in features.items()}
        again = second_round(passage, candidates, features, first)
        return {facet: self.second[facet].probabilities(some) for facet, some in again.items()}


def fit_regression(features: Floats, wanted: npt.NDArray[np.bool_], penalty: float) -> StanceRegression:
    """L2-penalized maximum likelihood by Newton's method; `wanted` is bool[rows, stances].

    The penalty is on weights of standardized features, and not on the bias.
    """
    mean, spread = features.mean(0), features.std(0)
    used = spread > 1e-6
    standard = np.hstack([(features[:, used] - mean[used]) / spread[used], np.ones((len(features), 1))]).astype(
        np.float64
    )
    ridge = np.diag([penalty] * int(used.sum()) + [1e-6])
    weights = np.zeros((features.shape[1], wanted.shape[1]), np.float32)
    bias = np.zeros(wanted.shape[1], np.float32)
    for stance in range(wanted.shape[1]):
        beta = np.zeros(standard.shape[1])
        for _ in range(30):
            chance = 1 / (1 + np.exp(-standard @ beta))
            slope = standard.T @ (chance - wanted[:, stance]) + ridge @ beta
            curve = (standard * (chance * (1 - chance))[:, None]).T @ standard + ridge
            step = np.linalg.solve(curve, slope)
            beta -= step
            if np.abs(step).max() < 1e-8:
                break
        weights[used, stance] = beta[:-1] / spread[used]
        bias[stance] = beta[-1] - (beta[:-1] * mean[used] / spread[used]).sum()
    return StanceRegression(weights, bias)
