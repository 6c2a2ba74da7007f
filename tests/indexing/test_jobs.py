"""Several processes: the same index, and a death among them that costs no more than it must."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive import Archive, ArchiveError
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import scan
from archive.engine.local import segment_writer
from archive.engine.local.writer import WhooshWriter
from archive.indexing.isolated_readers import Readers
from archive.model.article import Article, Problem
from archive.util.worker_process import Channel, Worker, WorkerDiedError

from ..support import write_records

REPO = Path(__file__).resolve().parents[2]


def _corpus(root: Path) -> Path:
    corpus = root / "corpus"
    corpus.mkdir(parents=True)
    (root / "archive.yaml").write_text("facets: [source]\n")
    words = [f"word{number}" for number in range(300)]
    chance = Random(5)
    records = [
        {"title": f"T {n % 50}", "people": chance.sample(words, n % 4), "body": " ".join(chance.choices(words, k=90))}
        for n in range(60)
    ]
    write_records(corpus / "articles.jsonl", records)
    for number in range(40):
        head = f"date: {1990 + number % 7}\npeople: [Ann Ó {number % 5}]\nsource: The Bell"
        text = f"---\n{head}\n---\n# Title {number}\n\nText.\n"
        (corpus / f"{number}.md").write_text(text)
    (corpus / "broken.md").write_text("---\npeople: [\n---\n")
    (corpus / "wide.md").write_text("a" + "\u0301" * 300)
    (corpus / "none.txt").write_bytes(b"\xff\xfe")
    return root


def _segments(root: Path) -> set[bytes]:
    return {path.read_bytes() for path in (root / "index").glob("*.seg")}


def test_the_index_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    reports, segments = [], []
    for jobs in (1, 2, 4):
        root = _corpus(tmp_path / str(jobs))
        with Archive.open(root) as archive:
            report = archive.index(jobs=jobs)
            assert archive.check() == ()
            reports.append((report.added, report.problems, report.warnings))
            assert archive.index(jobs=jobs).unchanged == report.added
        segments.append(_segments(root))
    assert reports[0] == reports[1] == reports[2]
    assert len(reports[0][1]) == 2
    assert len(reports[0][2]) == 2
    assert segments[0] == segments[1] == segments[2]


def test_jobs_are_chosen_by_how_much_there_is_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []

    def begin(*about: Any) -> segment_writer.SegmentWriter:
        begun.append(about)
        return segment_writer.LocalSegmentWriter(*about)

    monkeypatch.setattr("archive.engine.local.writer.core_count", lambda: 2)
    monkeypatch.setattr(segment_writer, "ProcessSegmentWriter", begin)
    for root, worth in ((tmp_path / "little", 1_000_000), (tmp_path / "much", 1_000)):
        monkeypatch.setattr(segment_writer, "WORTH_A_PROCESS", worth)
        with Archive.open(_corpus(root)) as archive:
            assert archive.index().added == 101
            assert archive.index(full=True).unchanged == 101
        assert len(begun) == (0 if worth > 1_000 else 2)
    assert _segments(tmp_path / "little") == _segments(tmp_path / "much")


def test_what_one_run_writes_becomes_four_segments_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_writer, "BUDGET_BYTES", 1)
    monkeypatch.setattr("archive.engine.local.segment.builder._BATCH_CHARACTERS", 10_000)
    with Archive.open(_corpus(tmp_path)) as archive:
        assert archive.index(jobs=1).added == 101
        assert len(_segments(tmp_path)) == 4
        assert archive.check() == ()
        assert archive.search("word7").total == archive.search("word7", person=[]).total > 10
        assert [archive.search("text", year=year).total for year in range(1990, 1997)] == [6, 6, 6, 6, 6, 5, 5]


def test_a_small_budget_makes_more_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_writer, "BUDGET_BYTES", 1)
    monkeypatch.setattr("archive.engine.local.segment.builder._BATCH_CHARACTERS", 20_000)
    root = _corpus(tmp_path)
    with Archive.open(root) as archive:
        report = archive.index()
        assert len(_segments(root)) > 1
        assert archive.check() == ()
        assert archive.search().total == report.added


class Deadly:
    """A source that ends the other process, the one that reads it."""

    may_have_pictures = False

    def __init__(self, path: str) -> None:
        self.path = path
        self._here = os.getpid()
        self.size = 0

    @property
    def format(self) -> str:
        if os.getpid() != self._here:
            os._exit(7)
        return "text"


def test_a_reader_that_dies_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPO))
    root = _corpus(tmp_path)
    sources = scan(root / "corpus", root).sources[:6]
    asked: list[Any] = [*sources[:2], Deadly(sources[2].path), *sources[3:]]
    with Readers(asked, ReadOptions(10**6), 1) as readers:
        found = [list(readers.read(source, lambda _: None)) for source in asked]
    (problem,) = found[2]
    assert isinstance(problem, Problem)
    assert "ended with status 7" in problem.what
    assert problem.path == sources[2].path
    with Readers(sources, ReadOptions(10**6), 0) as readers:
        here = [list(readers.read(source, lambda _: None)) for source in sources]
    assert found[:2] + found[3:] == here[:2] + here[3:]


def give_up(pipe: Channel) -> None:
    pipe.receive()
    print("noise that must not get into the pipe")
    pipe.send(sys.argv)
    os._exit(3)


def test_a_child_that_dies_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPO))
    child = Worker("tests.indexing.test_jobs", "give_up")
    child.send("anything")
    assert child.receive() == ["-c"]
    with pytest.raises(WorkerDiedError, match="with status 3"):
        child.receive()
    child.stop()


def test_a_builder_that_dies_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _corpus(tmp_path)
    with Archive.open(root) as archive:
        archive.index()
        before = archive.generation
        (root / "corpus" / "new.md").write_text("A new one\n\nText.\n")

        def killed(self: segment_writer.ProcessSegmentWriter, document: tuple[Article, str, str]) -> None:
            self._child._process.kill()
            self._send_batch()
            self._child.receive()

        monkeypatch.setattr(segment_writer.ProcessSegmentWriter, "add", killed)
        with pytest.raises((ArchiveError, WorkerDiedError), match="by signal 9"):
            archive.index(jobs=2)
        assert archive.generation == before
        monkeypatch.undo()
        assert archive.index(jobs=2).added == 1
        assert archive.check() == ()


def test_optimizing_leaves_one_segment(tmp_path: Path) -> None:
    root = _corpus(tmp_path)
    with Archive.open(root) as archive:
        archive.index()
        for number in range(3):
            (root / "corpus" / f"more{number}.md").write_text(f"More {number}\n\nText.\n")
            archive.index()
        found = archive.search("more", sort="title")
        assert len(_segments(root)) > 1
        report = archive.index(optimize=True)
        assert (report.added, report.updated) == (0, 0)
        assert len(_segments(root)) == 1
        assert archive.check() == ()
        again = archive.search("more", sort="title")
        assert [hit.id for hit in again.hits] == [hit.id for hit in found.hits]
        generation = archive.generation
        archive.index(optimize=True)
        assert archive.generation == generation


def test_the_time_told_is_that_of_the_whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _corpus(tmp_path)
    monkeypatch.setattr(WhooshWriter, "optimize", lambda _: time.sleep(0.3))
    with Archive.open(root) as archive:
        assert archive.index(optimize=True).seconds > 0.3
