"""Decision thresholds, and how good the decisions are: precision and recall over the pairs of passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from archive.encounters.encoder.labels import LabelledPassage, PairKey
from archive.encounters.pair_judge import StanceProbabilities, Thresholds

#: What a threshold aims at: the precision that it must reach, with a margin for passages apart, or 0 for the best F1.
_AIMS = {
    "person": {"together": 0.73, "stated": 0.88, "absent": 0.64},
    "venue": {"together": 0.765, "stated": 0.89, "absent": 0.75},
}


class JudgedPassage(NamedTuple):
    """A labelled passage with the judge's answers, one a candidate."""

    labelled: LabelledPassage
    answers: Sequence[StanceProbabilities]


class PrecisionRecall(NamedTuple):
    """Of what is told how much is right, and of what is right how much is told."""

    right: int
    told: int
    wanted: int

    @property
    def precision(self) -> float:
        """0 where nothing is told."""
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        """0 where nothing is wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / (self.told + self.wanted) if self.told + self.wanted else 0.0

    def __str__(self) -> str:
        figures = f"precision {self.precision:.3f}  recall {self.recall:.3f}  F {self.f1:.3f}"
        return f"{figures}  ({self.told} told, {self.wanted} labelled)"


class Figures(NamedTuple):
    """How good the decisions on the pairs of a facet are; `opposite` of those only ever absent, told as together."""

    together: PrecisionRecall
    stated: PrecisionRecall
    absent: PrecisionRecall
    opposite: PrecisionRecall


def fit_thresholds(judged: Sequence[JudgedPassage], facet: str) -> Thresholds:
    """The lowest thresholds at which each decision reaches the precision that it aims at."""
    aims = _AIMS[facet]
    stated = _lowest(_ranked(judged, facet, "together"), aims["stated"])
    absent = _lowest(_ranked(judged, facet, "absent"), aims["absent"])
    together = min(
        stated, _lowest(_ranked(judged, facet, "together", veto=Thresholds(0, stated, absent)), aims["together"])
    )
    return Thresholds(together, stated, absent)


def _lowest(ranked: Sequence[tuple[float, bool]], precision: float) -> float:
    """The lowest score down to which so large a share is right; the most that recall can be had at that precision."""
    right, best = 0, 1.0
    for told, (score, good) in enumerate(ranked, 1):
        right += good
        if right >= precision * told and (told == len(ranked) or ranked[told][0] < score):
            best = score
    return best


def _ranked(
    judged: Iterable[JudgedPassage], facet: str, stance: str, veto: Thresholds | None = None
) -> list[tuple[float, bool]]:
    """The highest probability of a stance for each pair, and whether it is labelled so; the highest first."""
    found: list[tuple[float, bool]] = []
    for labelled, answers in judged:
        best: dict[PairKey, float] = {}
        for candidate, answer in zip(labelled.candidates, answers, strict=True):
            if candidate.facet == facet and not (veto and is_vetoed(answer, veto)):
                key = labelled.key(candidate)
                best[key] = max(best.get(key, 0.0), getattr(answer, stance))
        found += [(score, stance in labelled.stances.get(key, ())) for key, score in best.items()]
    return sorted(found, reverse=True)


def is_vetoed(answer: StanceProbabilities, thresholds: Thresholds) -> bool:
    """Whether it is told as absent, and not as together."""
    return answer.absent >= thresholds.absent and answer.together < thresholds.stated


def measure(judged: Iterable[JudgedPassage], facet: str, thresholds: Thresholds) -> Figures:
    """Figures over all pairs of some passages; a pair counts once a passage."""
    count = {name: [0, 0, 0] for name in Figures._fields}

    def add(name: str, told: set[PairKey], wanted: set[PairKey]) -> None:
        for at, number in enumerate((len(told & wanted), len(told), len(wanted))):
            count[name][at] += number

    for labelled, answers in judged:
        told: Mapping[str, set[PairKey]] = {"together": set(), "stated": set(), "absent": set()}
        for candidate, answer in zip(labelled.candidates, answers, strict=True):
            if candidate.facet != facet:
                continue
            key = labelled.key(candidate)
            stated = answer.together >= thresholds.stated and answer.together > answer.absent
            if answer.absent >= thresholds.absent and not stated:
                told["absent"].add(key)
            if answer.together >= thresholds.together and not is_vetoed(answer, thresholds):
                told["together"].add(key)
            if answer.together >= thresholds.stated:
                told["stated"].add(key)
        wanted = {
            stance: {key for key, some in labelled.stances.items() if key[0] == facet and stance in some}
            for stance in ("together", "absent")
        }
        add("together", told["together"], wanted["together"])
        add("stated", told["stated"], wanted["together"])
        add("absent", told["absent"], wanted["absent"])
        only = wanted["absent"] - wanted["together"]
        add("opposite", told["together"] & only, only)
    return Figures(*(PrecisionRecall(*count[name]) for name in Figures._fields))
