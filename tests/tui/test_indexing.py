"""The index as others write, delete and rebuild it while the app is open, and what could not be read for it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, IndexLockedError, Progress
from archive.engine.local.write_lock import WriterLock
from archive.indexing.shared_progress import SharedProgress, read_progress
from archive.tui.screens import indexing
from archive.tui.screens.problems import ProblemList, ProblemsScreen
from archive.tui.screens.search import SearchScreen
from tests.tui.support import Driver, drive


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_RETRY_SECONDS", 0.02)


def add(archive: Archive, name: str, text: str) -> Path:
    path = archive.root / "corpus" / f"{name}.md"
    path.write_text(text)
    return path


ARTICLE = "---\ntitle: Harbour lights\ndate: 2020-01-01\n---\n\nThe harbour at night.\n"


def _unwrapped(app: Driver) -> str:
    """The text of a dialogue without its line ends and borders."""
    return " ".join(app.text().replace("│", " ").split())


def test_opened_while_another_process_builds_the_index(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "new")
    add(archive, "one", ARTICLE)
    folder = archive.root / "index"
    folder.mkdir(exist_ok=True)
    lock = WriterLock(folder, 0)
    lock.__enter__()
    shared = SharedProgress(folder, None)
    shared._due = 0
    shared(Progress(41, 0.5, 1.0))

    async def scenario(app: Driver) -> None:
        # Where a line ends depends on the number of the process.
        await app.until(lambda: "Waiting for it" in _unwrapped(app) and "41 articles" in app.text())
        assert "nother process" in app.text()
        lock.__exit__(None, None, None)
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: app.search.controller.result is not None)
        assert app.total == 1

    drive(scenario, archive)


def test_the_index_of_another_process_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive.create(tmp_path / "new")
    add(archive, "one", ARTICLE)
    other = Archive.open(archive.root)
    there = threading.Event()

    def locked(self: Archive, **_: Any) -> None:
        if there.is_set():
            other_index(other)
        raise IndexLockedError("another process is writing this index", "wait")

    other_index = Archive.index
    monkeypatch.setattr(Archive, "index", locked)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: "Waiting for it" in app.text())
        there.set()
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))

    drive(scenario, archive)


def test_updating_waits_for_another_process(own: Archive) -> None:
    lock = WriterLock(own.root / "index", 0)

    async def scenario(app: Driver) -> None:
        add(own, "one", ARTICLE)
        await app.press("escape")
        lock.__enter__()
        app.app.simulate_key("i")
        await app.until(lambda: "another process is indexing" in app.status.notice)
        lock.__exit__(None, None, None)
        await app.until(lambda: app.total == 102)
        assert app.status.error == ""

    drive(scenario, own)


@pytest.mark.parametrize("looks_between", [True, False])
def test_an_index_deleted_and_rebuilt_is_picked_up(few: Archive, looks_between: bool) -> None:
    async def scenario(app: Driver) -> None:
        assert app.total == 17
        (few.root / few.get("crossing-paths-at-the-met-gala").path).unlink()
        shutil.rmtree(few.root / "index")
        if looks_between:
            await app.search.upkeep.poll()
            assert "the index was deleted" in app.status.notice
        Archive.open(few.root).index()
        await app.search.upkeep.poll()
        if not looks_between:
            assert "press u" in app.status.notice
            await app.press("escape", "u")
        await app.settle()
        assert app.total == 16
        assert app.status.notice == ""

    drive(scenario, few)


def test_a_deleted_index_is_built_again_by_key(few: Archive) -> None:
    async def scenario(app: Driver) -> None:
        shutil.rmtree(few.root / "index")
        await app.type("trump")
        assert "there is no index" in app.text().lower()
        await app.press("escape", "i")
        await app.until(lambda: not app.search.view.is_empty)
        assert app.total == 9

    drive(scenario, few)


def test_problems_are_marked_and_listed(own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = own.root / "corpus" / "wrong.jsonl"
    wrong.write_text('{"title": "One", "text": "Harbour."}\n{"title":\n')
    own.index()
    (problem,) = own.problems()
    assert not problem.taken

    async def scenario(app: Driver) -> None:
        await app.until(lambda: app.status.warning == "1 problem")
        assert "! 1 problem" in app.text()
        await app.press("escape", "exclamation_mark")
        assert isinstance(app.app.screen, ProblemsScreen)
        assert "not read" in app.text()
        assert "corpus/wrong.jsonl:2" in app.text()
        assert app.app.screen.query_one(ProblemList).items == (problem,)
        await app.press("escape")
        wrong.write_text('{"title": "One", "text": "Harbour."}\n')
        await app.press("i")
        await app.until(lambda: app.status.warning == "")
        await app.press("exclamation_mark")
        assert app.app.screen is app.search

    drive(scenario, own)


def test_progress_is_shared_by_long_runs_only(tmp_path: Path) -> None:
    told = list[Progress]()
    with SharedProgress(tmp_path, told.append) as shared:
        shared(Progress(1, 0.1, 0.1))
        assert list(tmp_path.iterdir()) == []
        shared._due = 0
        shared(Progress(2, 0.2, 0.2))
        assert read_progress(tmp_path) == Progress(2, 0.2, 0.2)
    assert [each.articles for each in told] == [1, 2]
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "progress.json").write_text("[" * 2_000)
    assert read_progress(tmp_path) is None
