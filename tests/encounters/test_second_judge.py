"""Rules and a judge of pairs joined: what it adds, drops and grades, its time budget, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from archive import Archive
from archive.encounters import judging, second_opinion
from archive.encounters.encoder.windows import PassageWindows
from archive.encounters.encoder.wordpiece import load_wordpiece
from archive.encounters.pair_judge import PairCandidate, Passage, StanceProbabilities, Thresholds
from archive.encounters.sighting_cache import CACHE_FILE
from tests.cli.support import run
from tests.support import make_archive
from tests.work import calls

TEXT = "Ada Lund and Bo Ek dined at Funke on Friday. Cy Orr did not attend.\n\nAda Lund once wrote a book about Cy Orr."
PEOPLE = ("Ada Lund", "Bo Ek", "Cy Orr")


class FixedJudge:
    """Gives some pairs a probability of together and of absent, by their names; all others next to none."""

    version = "fixed-1"
    thresholds = Thresholds(0.5, 0.9, 0.5)
    venue_thresholds = Thresholds(0.5, 0.9, 0.5)

    def __init__(self, said: dict[frozenset[str], tuple[float, float]] | None = None) -> None:
        self.said, self.passages = said or {}, 0

    def judge(self, passage: Passage, candidates: Sequence[PairCandidate]) -> Sequence[StanceProbabilities]:
        self.passages += 1
        return [
            StanceProbabilities(*self.said.get(self._names(passage, each), (0.01, 0.01)), 0, 0, 0)
            for each in candidates
        ]

    def _names(self, passage: Passage, each: PairCandidate) -> frozenset[str]:
        others = passage.people if each.facet == "person" else passage.venues
        return frozenset((passage.people[each.first], others[each.second]))


@contextmanager
def judged_by(judge: FixedJudge | None) -> Iterator[None]:
    """The installed weights are those of `judge`; None: none are installed."""
    digest = "f" * 64 if judge else ""
    with (
        mock.patch.object(judging, "weights_digest", return_value=digest),
        mock.patch("archive.encounters.encoder.judge.load_judge", return_value=judge),
    ):
        yield


def dinner(root: Path, settings: str = "", text: str = TEXT) -> Archive:
    (root / "corpus").mkdir(parents=True)
    (root / "people.yaml").write_text("".join(f"- name: {name}\n" for name in PEOPLE), "utf-8")
    (root / "venues.yaml").write_text("- name: Funke\n", "utf-8")
    return make_archive(root, [{"id": "a", "title": "Dinner", "date": "2020-05-10", "body": text}], settings)


def rows(archive: Archive, first: str, second: str) -> list[tuple[str, str | None, str | None]]:
    return [(row.stance, row.grade, row.venue) for row in archive.encounters(first, with_=second, stance="all").rows]


AB, AF, BF = frozenset(("Ada Lund", "Bo Ek")), frozenset(("Ada Lund", "Funke")), frozenset(("Bo Ek", "Funke"))
AC, CF = frozenset(("Ada Lund", "Cy Orr")), frozenset(("Cy Orr", "Funke"))


def test_the_judge_decides_who_was_there_and_how_sure_that_is(tmp_path: Path) -> None:
    with judged_by(FixedJudge({AB: (0.95, 0), AF: (0.95, 0), BF: (0.95, 0)})):
        archive = dinner(tmp_path)
        assert rows(archive, "Ada Lund", "Bo Ek") == [("together", "stated", "Funke")]
        assert [(row.stance, row.grade) for row in archive.encounters("Ada Lund", at="Funke").rows] == [
            ("present", "stated")
        ]
        assert all(stance != "absent" for stance, *_ in rows(archive, "Ada Lund", "Cy Orr"))


def test_between_the_thresholds_it_is_likely_and_below_it_is_not_told(tmp_path: Path) -> None:
    with judged_by(FixedJudge({AB: (0.6, 0), AF: (0.6, 0), BF: (0.6, 0)})):
        assert rows(dinner(tmp_path / "likely"), "Ada Lund", "Bo Ek") == [("together", "likely", "Funke")]
    with judged_by(FixedJudge()):
        assert all(stance == "mentioned" for stance, *_ in rows(dinner(tmp_path / "no"), "Ada Lund", "Bo Ek"))


def test_it_adds_what_the_rules_have_not_seen_with_their_date_and_evidence(tmp_path: Path) -> None:
    with judged_by(FixedJudge({AC: (0.95, 0.0)})):
        archive = dinner(tmp_path)
        found = [row for row in archive.encounters("Ada Lund", with_="Cy Orr").rows if row.stance == "together"]
        assert found
        assert all("Cy Orr" in str(row.evidence) and row.id == "a" for row in found)
        for row in found:
            for span in row.spans:
                assert TEXT[span.start : span.end] in TEXT


def test_an_absence_wins_over_a_likely_presence_and_not_over_a_surer_stated_one(tmp_path: Path) -> None:
    with judged_by(FixedJudge({AB: (0.6, 0.8)})):
        assert {stance for stance, *_ in rows(dinner(tmp_path / "a"), "Ada Lund", "Bo Ek")} == {"absent"}
    with judged_by(FixedJudge({AB: (0.95, 0.8)})):
        assert {stance for stance, *_ in rows(dinner(tmp_path / "b"), "Ada Lund", "Bo Ek")} == {"together"}


def test_what_indexing_had_no_time_for_is_judged_when_it_is_asked_for_and_kept(tmp_path: Path) -> None:
    judge = FixedJudge({AB: (0.95, 0)})
    with judged_by(judge):
        archive = dinner(tmp_path, "judge_seconds: 0\n")
        assert judge.passages == 0
        first = archive.encounters("Ada Lund", with_="Bo Ek")
        assert (judge.passages, first.by_rules) == (1, 0)
        assert [row.grade for row in first.rows] == ["stated"]
        assert (tmp_path / "index" / CACHE_FILE).is_file()
        again = Archive.open(tmp_path).encounters("Ada Lund", with_="Bo Ek")
        assert judge.passages == 1
        assert again == first
        (tmp_path / "index" / CACHE_FILE).write_bytes(b"not a database" * 99)
        assert Archive.open(tmp_path).encounters("Ada Lund", with_="Bo Ek") == first
        assert judge.passages == 2


def test_the_next_indexing_run_takes_in_what_questions_had_judged(tmp_path: Path) -> None:
    judge = FixedJudge({AB: (0.95, 0)})
    with judged_by(judge):
        archive = dinner(tmp_path, "judge_seconds: 0\n")
        assert archive.get("a").by_rules
        first = archive.encounters("Ada Lund", with_="Bo Ek")
        assert archive.index().unchanged == 1
        assert not archive.get("a").by_rules
        (tmp_path / "index" / CACHE_FILE).unlink()
        assert archive.encounters("Ada Lund", with_="Bo Ek") == first
        assert judge.passages == 1
        generation = archive.generation
        archive.index()
        assert archive.generation == generation


def test_without_time_or_weights_the_rules_answer_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with judged_by(None):
        archive = dinner(tmp_path)
        found = archive.encounters("Ada Lund", with_="Bo Ek")
        assert (found.by_rules, [row.stance for row in found.rows]) == (1, ["together"])
    monkeypatch.setattr(judging, "QUESTION_SECONDS", 0.0)
    with judged_by(FixedJudge()):
        assert Archive.open(tmp_path).encounters("Ada Lund", with_="Bo Ek").by_rules == 1


def everything(archive: Archive) -> list[Callable[[], object]]:
    """Every answer that goes by sightings."""
    return [
        lambda: archive.encounters("Ada Lund", with_="Bo Ek"),
        lambda: archive.companions("Ada Lund"),
        lambda: archive.seen_facet("seen_with", "Ada Lund"),
        lambda: archive.seen_facet("seen_at", "Ada Lund"),
        lambda: (found := archive.occasions()) and (found, found.by_rules),
        lambda: archive.gaps("Ada Lund"),
        lambda: (rows := archive.timeline(person=["Ada Lund"])) and (rows, rows.by_rules),
        lambda: archive.certificate("Ada Lund", "Bo Ek"),
    ]


def test_the_answer_is_the_same_whichever_question_comes_first(tmp_path: Path) -> None:
    judge = FixedJudge({AB: (0.95, 0)})
    with judged_by(judge):
        archive = dinner(tmp_path, "judge_seconds: 0\n")
        answers = [ask() for ask in everything(archive)]
        for number, first in enumerate(answers):
            (tmp_path / "index" / CACHE_FILE).unlink()
            judge.passages = 0
            asked = Archive.open(tmp_path)
            assert everything(asked)[number]() == first
            assert judge.passages == 1
            assert [ask() for ask in everything(asked)] == answers
        assert [row.person for row in archive.companions("Ada Lund").rows if row.sightings] == ["Bo Ek"]


def test_every_answer_says_how_many_articles_were_judged_by_rules_alone(tmp_path: Path) -> None:
    with judged_by(None):
        archive = dinner(tmp_path)
        for found in (
            archive.encounters("Ada Lund"), archive.companions("Ada Lund"), archive.seen_facet("seen_at", "Ada Lund"),
            archive.occasions(), archive.timeline(person=["Ada Lund"]), archive.certificate("Ada Lund"),
        ):  # fmt: skip
            assert found.by_rules == 1
        said = "1 article judged by rules alone (if over 2,000,000 characters, not at all)"
        for command in (
            ["seen", "Ada Lund"], ["seen", "Ada Lund", "--gaps"], ["with", "Ada Lund"], ["occasions"],
            ["facets", "person", "--seen", "Ada Lund"], ["timeline", "--person", "Ada Lund"],
            ["export", "--format", "edges.csv"],
        ):  # fmt: skip
            assert said in run("--root", tmp_path, *command).err.splitlines(), command
        assert said in " ".join(run("--root", tmp_path, "seen", "Ada Lund", "--certificate").out.split())


def test_other_weights_judge_what_is_indexed_again(tmp_path: Path) -> None:
    with judged_by(None):
        archive = dinner(tmp_path)
        assert {stance for stance, *_ in rows(archive, "Ada Lund", "Bo Ek")} == {"together"}
    with judged_by(FixedJudge()):
        archive = Archive.open(tmp_path)
        archive.index()
        assert {stance for stance, *_ in rows(archive, "Ada Lund", "Bo Ek")} == {"mentioned"}


def test_an_article_with_a_single_name_is_not_judged(tmp_path: Path) -> None:
    judge = FixedJudge()
    with judged_by(judge):
        (tmp_path / "corpus").mkdir()
        (tmp_path / "people.yaml").write_text("- name: Ada Lund\n", "utf-8")
        archive = make_archive(tmp_path, [{"id": "a", "title": "x", "body": "Ada Lund dined alone."}])
        assert archive.encounters("Ada Lund", stance="all").by_rules == 0
        assert judge.passages == 0


def test_a_pair_with_twice_the_mentions_is_twice_the_work(tmp_path: Path) -> None:
    """What is found of it for the judge, and the windows in which the encoder takes it."""
    counts: list[tuple[int, int]] = []
    genuine = second_opinion.judged_candidates

    def counted(*about: Any) -> list[PairCandidate]:
        found: list[PairCandidate] = []
        features = calls(lambda: found.extend(genuine(*about)))
        passage = about[0].reading.passage
        counts.append((features, calls(lambda: PassageWindows(passage, found, load_wordpiece()))))
        return found

    with judged_by(FixedJudge()), mock.patch.object(second_opinion, "judged_candidates", counted):
        for sentences in (100, 300, 600):  # the first, so that words and patterns are known
            dinner(tmp_path / str(sentences), text="Ada Lund met Bo Ek. " * sentences).close()
    _, once, twice = counts
    for before, after in zip(once, twice, strict=True):
        assert after < 2.2 * before + 500
