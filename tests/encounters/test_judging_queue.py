"""Articles judged in several processes: the same sightings, in the same order, whatever becomes of the processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.encounters import judging_queue
from archive.encounters.judging import SightingJudge
from archive.encounters.judging_queue import JudgingQueue
from archive.model.article import Article, Mention
from archive.util import worker_pool
from archive.util.worker_pool import WorkerPool


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


@pytest.mark.parametrize("most", [1, 1_000])
def test_several_processes_judge_as_one_does(workers: WorkerPool, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging_queue, "_MOST_WAITING", most)
    queue: JudgingQueue[int] = JudgingQueue(SightingJudge("en", 60.0), workers)
    found = []
    for number, article in enumerate(_ARTICLES):
        found += queue.put(number, article)
        assert len(queue) <= most
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
