"""Articles judged in several processes: the same sightings, in the same order, whatever becomes of the processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.encounters import judging, judging_queue
from archive.encounters.judging import SightingJudge
from archive.encounters.judging_queue import JudgingQueue
from archive.indexing import run
from archive.indexing.sources import SourceTable
from archive.model.article import Article, Mention
from archive.util import worker_pool
from archive.util.worker_pool import Work, WorkerPool


def _article(number: int) -> Article:
    """One in three says nothing of people."""
    body = f"Ann Ferro and Bo Lindqvist danced at the gala {number}." if number % 3 else f"Nobody came {number}."
    names = [("Ann Ferro", 0, 9), ("Bo Lindqvist", 14, 26)] if number % 3 else []
    mentions = tuple(Mention("person", name, name, start, end) for name, start, end in names)
    return Article(id=f"a{number}", title=f"Evening {number}", body=body, date="2016-10-08", mentions=mentions)


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerPool]:
    """One process beside this one, begun after the first article."""
    monkeypatch.setattr(worker_pool, "WORTH_A_WORKER", 0.0)
    with WorkerPool(2) as workers:
        yield workers


_ARTICLES = list(map(_article, range(30)))


@pytest.mark.parametrize(("most", "characters"), [(1, 1_000_000), (1_000, 60), (1_000, 1_000_000)])
def test_several_processes_judge_as_one_does(
    workers: WorkerPool, most: int, characters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging_queue, "_MOST_WAITING", most)
    monkeypatch.setattr(judging_queue, "_MOST_CHARACTERS", characters)
    queue: JudgingQueue[int] = JudgingQueue(SightingJudge("en", 60.0), workers)
    found = []
    for number, article in enumerate(_ARTICLES):
        found += queue.put(number, article)
        assert len(queue) <= min(most, characters // len(_ARTICLES[0].body))
    found += queue.finish()
    assert workers._workers
    judge = SightingJudge("en", 60.0)
    assert found == [(number, judge.with_sightings(article)) for number, article in enumerate(_ARTICLES)]
    assert [bool(article.sightings) for _, article in found] == [number % 3 > 0 for number in range(30)]


def test_a_process_that_dies_costs_nothing_but_time(workers: WorkerPool) -> None:
    queue: JudgingQueue[int] = JudgingQueue(SightingJudge("en", 60.0), workers)
    found = []
    for number, article in enumerate(_ARTICLES):
        found += queue.put(number, article)
        if number == 10:
            for worker in workers._workers:
                worker._child._process.kill()
    found += queue.finish()
    judge = SightingJudge("en", 60.0)
    assert found == [(number, judge.with_sightings(article)) for number, article in enumerate(_ARTICLES)]


def test_what_other_processes_take_counts_as_the_time_of_the_judge(workers: WorkerPool) -> None:
    judge = SightingJudge("en", 1e-9)
    queue: JudgingQueue[int] = JudgingQueue(judge, workers)
    found = [*queue.put(1, _ARTICLES[1]), *queue.put(2, _ARTICLES[2]), *queue.finish()]
    assert [article.by_rules for _, article in found] == [False, True]


def test_the_index_does_not_depend_on_who_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "WORTH_A_WORKER", 0.0)
    segments = []
    for jobs in (1, 2):
        corpus = tmp_path / str(jobs) / "corpus"
        corpus.mkdir(parents=True)
        for number, article in enumerate(_ARTICLES):
            (corpus / f"{number:02}.md").write_text(f"---\npeople: [Ann Ferro, Bo Lindqvist]\n---\n{article.body}\n")
        with Archive.open(corpus.parent) as archive:
            assert archive.index(jobs=jobs).added == 30
            assert len(archive.encounters("Ann Ferro", "Bo Lindqvist").rows) == 20
        segments.append({path.read_bytes() for path in (corpus.parent / "index").glob("*.seg")})
    assert segments[0] == segments[1]


class _LateAnswer(Future[bytes | None]):
    """What another process answers only when it is waited for."""

    def __init__(self, work: Work, sent: Any) -> None:
        super().__init__()
        self._work = partial(work, sent)

    def done(self) -> bool:
        return False

    def result(self, timeout: float | None = None) -> bytes:
        return self._work()


def _no_answer(*_: object) -> None:
    return None


@pytest.mark.parametrize("limit", ["_BATCH_ARTICLES", "_BATCH_CHARACTERS"])
def test_batches_and_problems_do_not_depend_on_how_long_others_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(judging, "_MOST_CHARACTERS", 60)
    monkeypatch.setattr(run, limit, {"_BATCH_ARTICLES": 5, "_BATCH_CHARACTERS": 250}[limit])
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "archive.yaml").write_text("names:\n  discover: false\n")
    (corpus / "people.yaml").write_text("- name: Ann Ferro\n- name: Bo Lindqvist\n")
    lines = [
        json.dumps({"title": each.title, "body": each.body * (1 + (at == 1))}) for at, each in enumerate(_ARTICLES)
    ]
    (corpus / "all.jsonl").write_text("\n".join([*lines[:4], "{", *lines[4:]]))
    commits: dict[Any, list[bytes]] = {}
    genuine = SourceTable.dump

    def dump(table: SourceTable) -> bytes:
        commits[ask].append(genuine(table))
        return commits[ask][-1]

    with Archive.open(tmp_path) as archive:
        archive.index()
        monkeypatch.setattr(SourceTable, "dump", dump)
        for ask in (_no_answer, lambda _, *asked: _LateAnswer(*asked)):
            commits[ask] = []
            monkeypatch.setattr(WorkerPool, "ask", ask)
            report = archive.index(full=True)
            assert (report.unchanged, len(report.problems), len(report.warnings)) == (30, 1, 1)
    alone, beside = commits.values()
    assert alone == beside
    assert len(alone) > 3
