"""The encoder as a judge: the same answer every time, none without weights, and nothing of it in a search."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from archive.encounters.encoder import weights as weights_module
from archive.encounters.encoder.judge import EncoderJudge, load_judge
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.encoder.weights import open_weights, quantized, read_weights, write_weights
from archive.encounters.encoder.wordpiece import load_wordpiece
from archive.encounters.pair_candidates import pair_candidates
from archive.encounters.pair_judge import Passage, PassageMention, StanceProbabilities
from tests.encounters.encoder_arrays import encoder_arrays, stack_arrays

BODY = "Ada Lund met Bo Ek at Funke. She left with Cy Orr.\n\nCy Orr was not at Funke."
PEOPLE, VENUES = ("Ada Lund", "Bo Ek", "Cy Orr"), ("Funke",)
_PLACES = ((0, 0, 0), (13, 0, 0), (22, 0, 0), (29, 0, 1), (43, 0, 1), (52, 1, 2), (70, 1, 2))
_WHO = (
    ("person", 0, 8),
    ("person", 1, 5),
    ("venue", 0, 5),
    ("person", 0, 3),
    ("person", 2, 6),
    ("person", 2, 6),
    ("venue", 0, 5),
)
PASSAGE = Passage("", BODY, None, PEOPLE, VENUES, tuple(
    PassageMention(facet, number, at, at + length, False, "pronoun" if length == 3 else "name", paragraph, sentence)
    for (at, paragraph, sentence), (facet, number, length) in zip(_PLACES, _WHO, strict=True)
))  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> EncoderJudge:
    words = len(load_wordpiece()._numbers)
    return EncoderJudge(quantized(encoder_arrays(words)) | stack_arrays(), "abc")


def test_mentions_are_where_they_should_be() -> None:
    assert [BODY[m.start : m.end] for m in PASSAGE.mentions] == [
        "Ada Lund", "Bo Ek", "Funke", "She", "Cy Orr", "Cy Orr", "Funke",
    ]  # fmt: skip


def test_the_same_passage_gives_the_same_answer(judge: EncoderJudge) -> None:
    candidates = pair_candidates(PASSAGE)
    first, again = judge.judge(PASSAGE, candidates), judge.judge(PASSAGE, candidates)
    assert first == again
    assert len(first) == len(candidates)
    assert all(0 <= value <= 1 for answer in first for value in answer)
    assert len(set(first)) > 1
    assert judge.judge(PASSAGE, []) == []


def test_an_answer_depends_on_its_own_pair_not_on_the_others_asked_for(judge: EncoderJudge) -> None:
    """As far as the encoder goes: the regression looks at the other pairs, but has no weight for them here."""
    candidates = pair_candidates(PASSAGE)
    alone = [judge.judge(PASSAGE, [each])[0] for each in candidates]
    np.testing.assert_allclose(alone, judge.judge(PASSAGE, candidates), atol=1e-4)


def test_a_person_and_a_venue_have_no_contact(judge: EncoderJudge) -> None:
    candidates = pair_candidates(PASSAGE)
    answers = [a for a, c in zip(judge.judge(PASSAGE, candidates), candidates, strict=True) if c.facet == "venue"]
    assert answers
    assert all(isinstance(each, StanceProbabilities) and each.contact == each.mentioned == 0 for each in answers)


def test_other_weights_are_another_version() -> None:
    arrays = encoder_arrays(40) | stack_arrays()
    assert EncoderJudge(arrays, "a" * 64).version != EncoderJudge(arrays, "b" * 64).version


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not quite", b"\0" * 4096])
def test_missing_or_damaged_weights_are_no_judge(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "weights.npz").write_bytes(content)
    monkeypatch.setattr(weights_module, "files", lambda _: tmp_path)
    assert read_weights() is None


def test_weights_of_the_package_are_complete_where_they_are_there() -> None:
    judge = load_judge()
    if judge is None:
        pytest.skip("the weights are not installed")
    answers = judge.judge(PASSAGE, pair_candidates(PASSAGE))
    assert all(0 <= value <= 1 for answer in answers for value in answer)
    for facet in STANCES:
        thresholds = judge.of_facet(facet)
        assert 0 < thresholds.together <= thresholds.stated <= 1


def test_truncated_weights_are_refused(tmp_path: Path) -> None:
    write_weights(tmp_path / "whole.npz", quantized(encoder_arrays(40)))
    whole = (tmp_path / "whole.npz").read_bytes()
    with pytest.raises(Exception, match=r".") as raised:
        open_weights(whole[: len(whole) // 2])
    assert isinstance(raised.value, (ValueError, OSError, KeyError)) or "zip" in type(raised.value).__name__.lower()


def test_a_search_imports_nothing_of_it() -> None:
    code = (
        "import sys; from archive.__main__ import command; sys.argv = ['archive', 'search', '--help']\n"
        "try: command()\nexcept SystemExit: pass\n"
        "from archive import Archive\n"
        "assert not [name for name in sys.modules if name.startswith('archive.encounters.encoder')]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
