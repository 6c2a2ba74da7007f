"""Evidence found in several processes is that which one finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.names.discovery import evidence_finder, lot_linker
from archive.names.discovery.evidence import evidence_in
from archive.names.discovery.evidence_finder import Asked, EvidenceFinder
from archive.names.discovery.evidence_store import kept_evidence
from archive.util import worker_pool
from archive.util.worker_pool import WorkerPool

from ..shapes import name

_TEXTS = [
    f"{name(number)}, the mayor, met {name(number % 7)} and Mr {name(number).split()[1]} at the Grand Hotel."
    for number in range(40)
]


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Iterator[EvidenceFinder]:
    """One that begins its process after the first text, and sends it some texts at a time."""
    monkeypatch.setattr(worker_pool, "WORTH_A_WORKER", 0.0)
    monkeypatch.setattr(evidence_finder, "_SENT_CHARACTERS", 300)
    with WorkerPool(2) as workers:
        yield EvidenceFinder(None, workers)


def _ask(finder: EvidenceFinder, number: int) -> None:
    finder.add(Asked(f"text-{number}", "digest", None), _TEXTS[number])


def test_what_several_processes_find_is_what_one_finds(finder: EvidenceFinder) -> None:
    found = []
    for number in range(len(_TEXTS)):
        _ask(finder, number)
        found += finder.found()
    found += finder.found(wait=True)
    assert finder._workers._workers
    assert [asked.id for asked, _ in found] == [f"text-{number}" for number in range(len(_TEXTS))]
    assert [evidence for _, evidence in found] == [kept_evidence(evidence_in(text)) for text in _TEXTS]
    assert all(evidence.rows for _, evidence in found)


def test_a_process_that_dies_costs_nothing_but_time(finder: EvidenceFinder) -> None:
    found = []
    for number in range(len(_TEXTS)):
        _ask(finder, number)
        if number == 20:
            for process in finder._workers._workers:
                process._child._process.kill()
    found += finder.found(wait=True)
    assert [evidence for _, evidence in found] == [kept_evidence(evidence_in(text)) for text in _TEXTS]


def test_the_index_of_plain_texts_does_not_depend_on_the_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "WORTH_A_WORKER", 0.0)
    monkeypatch.setattr(evidence_finder, "_SENT_CHARACTERS", 300)
    monkeypatch.setattr(lot_linker, "_LOT_CHARACTERS", 300)
    segments = []
    for jobs in (1, 2):
        corpus = tmp_path / str(jobs) / "corpus"
        corpus.mkdir(parents=True)
        for number, text in enumerate(_TEXTS):
            (corpus / f"{number}.txt").write_text(text)
        with Archive.open(corpus.parent) as archive:
            archive.index(jobs=jobs)
            (corpus / "3.txt").unlink()
            (corpus / "5.txt").write_text(_TEXTS[8])
            archive.index(jobs=jobs)
            assert archive.articles(person=name(9))
        segments.append({path.read_bytes() for path in (corpus.parent / "index").glob("*.seg")})
    assert segments[0] == segments[1]
