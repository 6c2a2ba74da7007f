"""What decides on top of the encoder: features of the other pairs, the regressions, the thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from archive.encounters.encoder.labels import LabelledPassage
from archive.encounters.encoder.stacking import feature_names, fit_regression, stacked_features
from archive.encounters.encoder.thresholds import JudgedPassage, fit_thresholds, measure
from archive.encounters.pair_candidates import pair_candidates
from archive.encounters.pair_judge import Passage, PassageMention, StanceProbabilities, Thresholds


def passage(people: int, venues: int, paragraphs: int = 1) -> Passage:
    """Everybody and every venue mentioned once in each paragraph."""
    mentions = [
        PassageMention(facet, number, 0, 1, False, "name", paragraph, paragraph)
        for paragraph in range(paragraphs)
        for facet, count in (("person", people), ("venue", venues))
        for number in range(count)
    ]
    names = [tuple(f"{kind} {number}" for number in range(count)) for kind, count in (("P", people), ("V", venues))]
    return Passage("", "x" * 9, None, names[0], names[1], tuple(mentions))


def test_a_third_person_and_a_shared_venue_tell_of_a_pair() -> None:
    some = passage(3, 1)
    candidates = pair_candidates(some)
    assert [(c.facet, c.first, c.second) for c in candidates] == [
        ("person", 0, 1), ("person", 0, 2), ("person", 1, 2), ("venue", 0, 0), ("venue", 1, 0), ("venue", 2, 0),
    ]  # fmt: skip
    logits = {
        ("person", 0, 1): [-1, -2], ("person", 0, 2): [3, -5], ("person", 1, 2): [2, -5],
        ("venue", 0, 0): [4, -3], ("venue", 1, 0): [1, 5], ("venue", 2, 0): [0, -4],
    }  # fmt: skip
    wide = {"person": 5, "venue": 3}
    values = [
        np.asarray(logits[c.facet, c.first, c.second] + [0] * (wide[c.facet] - 2), np.float32) for c in candidates
    ]
    found = stacked_features(some, candidates, values)
    person = dict(zip(feature_names("person"), found["person"][0], strict=True))
    assert person["logit together"] == -1
    assert person["third person with both"] == 2  # the weaker of 3 and 2
    assert person["venue of both"] == 1  # of 4 and 1
    assert person["venue of one without the other"] == 4  # 0 is there (4), 1 is not (5)
    assert (person["least of their absences"], person["most of their absences"]) == (-3, 5)
    venue = dict(zip(feature_names("venue"), found["venue"][0], strict=True))
    assert venue["companion there"] == 0  # with 2 (3), who is there (0)
    assert venue["companion missed there"] == -1  # with 1 (-1), who is not
    assert venue["presence of others"] == 1


def test_two_that_no_paragraph_names_together_are_a_candidate_of_the_closest_ones() -> None:
    mentions = tuple(
        PassageMention("person", number, 0, 1, False, "name", paragraph, paragraph)
        for number, paragraph in ((0, 0), (1, 2), (2, 9), (0, 3))
    )
    found = pair_candidates(Passage("", "", None, ("A", "B", "C"), (), mentions))
    assert [(c.first, c.second, c.paragraph, c.first_mentions, c.second_mentions) for c in found] == [
        (0, 1, 3, (3,), (1,))
    ]


def test_a_regression_finds_the_weights_that_made_its_data() -> None:
    draw = np.random.default_rng(1)
    features = draw.normal(size=(20_000, 3)).astype(np.float32) * [1, 5, 1] + [0, 2, 0]
    features[:, 2] = 7  # never differs
    chance = 1 / (1 + np.exp(-(features @ [2.0, -0.3, 0.0] + 0.5)))
    found = fit_regression(features.astype(np.float32), (draw.random(20_000) < chance)[:, None], penalty=1)
    np.testing.assert_allclose(found.weights[:, 0], [2.0, -0.3, 0.0], atol=0.1)
    np.testing.assert_allclose(found.bias, [0.5], atol=0.1)
    np.testing.assert_allclose(found.probabilities(features.astype(np.float32))[:, 0], chance, atol=0.05)


def judged(scores: list[tuple[float, float, set[str]]]) -> list[JudgedPassage]:
    """A passage for each pair: its probabilities of together and absent, and its labels."""
    found = []
    for number, (together, absent, labels) in enumerate(scores):
        some = passage(2, 0)
        candidates = tuple(pair_candidates(some))
        stances = {("person", "P 0", "P 1"): frozenset(labels)} if labels else {}
        labelled = LabelledPassage(str(number), "set", some, candidates, stances, (frozenset(labels),))
        found.append(JudgedPassage(labelled, [StanceProbabilities(together, absent, 0, 0, 0)]))
    return found


def test_thresholds_are_the_lowest_with_the_precision_aimed_at() -> None:
    good, bad = {"together"}, {"mentioned"}
    high = [(0.9 - at / 100, 0.0, good) for at in range(10)]
    middle = [(0.7 - at / 100, 0.0, bad if at % 4 == 3 else good) for at in range(20)]
    low = [(0.3 - at / 100, 0.0, bad) for at in range(20)]
    found = fit_thresholds(judged(high + middle + low), "person")
    assert found.stated == pytest.approx(0.56)  # 22 of 25
    assert found.together == pytest.approx(0.27)  # 25 of 34
    assert found.absent == 1.0  # none is ever right


def test_figures_count_pairs_and_vetoes() -> None:
    thresholds = Thresholds(together=0.5, stated=0.8, absent=0.4)
    some = judged(
        [
            (0.9, 0.9, {"together", "absent"}),  # stated in spite of a stated absence
            (0.6, 0.5, {"absent"}),  # vetoed
            (0.6, 0.1, {"absent"}),  # told as the opposite
            (0.6, 0.1, {"together"}),
            (0.1, 0.1, {"together"}),
            (0.7, 0.1, set()),
        ]
    )
    found = measure(some, "person", thresholds)
    assert found.together == (2, 4, 3)
    assert found.stated == (1, 1, 3)
    assert found.absent == (2, 2, 3)
    assert found.opposite == (1, 1, 2)
    assert found.together.precision == 0.5
