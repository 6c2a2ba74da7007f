"""The ledger: what it keeps, and that it never throws away what another is writing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive import IndexLockedError, Problem
from archive.engine.protocol import Entry
from archive.indexing import sealed
from archive.indexing.ledger import Known, Ledger, Row

from ..support import make_archive


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def _row(article_id: str, base: str = "x", path: str = "a", digest: str = "0d", run: int = 1) -> Row:
    return Row(article_id, base, path, 1, digest, True, run)


def test_what_is_committed_is_there_next_time_and_the_rest_is_not(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.generation == -1
        ledger.end_source("a", Known("stamp", "digest", False))
        ledger.put(_row("x"))
        ledger.add_problem("b.txt", Problem("b.yaml", 3, "what", "remedy"))
        ledger.names = "names"
        ledger.commit(7)
        ledger.put(_row("y"))
    with Ledger(path) as ledger:
        assert ledger.generation == 7
        assert ledger.names == "names"
        assert ledger.sources() == {"a": Known("stamp", "digest", False)}
        assert dict(ledger.ids()) == {"x": "0d"}
        assert ledger.get("x") == _row("x")
        assert ledger.problems() == [Problem("b.yaml", 3, "what", "remedy")]
        ledger.begin_source("b.txt")  # the problems are the file's, whatever path they name
        assert ledger.problems() == []
        assert ledger.sources()["b.txt"] == Known("", "", True)


def test_an_article_that_was_not_seen_is_found_by_content_then_by_age(path: Path) -> None:
    with Ledger(path) as ledger:
        for row in (
            _row("x", digest="01"),
            _row("x-2", digest="02"),
            _row("x-3", digest="03", run=2),
            _row("y", path="b"),
        ):
            ledger.put(row)
        assert ledger.unseen_with_base("x", "a", "02", 2) == _row("x-2", digest="02")
        assert ledger.unseen_with_base("x", "a", "03", 2) == _row("x", digest="01")
        assert ledger.unseen_with_base("x", "a", "03", 3) == _row("x-3", digest="03", run=2)
        assert ledger.unseen_with_base("x", "c", "01", 9) is None
        assert ledger.unseen("a", 2) == ["x", "x-2"]
        assert ledger.next_run() == 3


def test_an_adopted_index_has_every_file_read_again(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.end_source("old", Known("stamp", "digest", False))
        ledger.put(_row("old"))
        ledger.adopt([Entry("x", "x", "a", "01", 4), Entry("x-2", "x", "a", "02", 5)])
        assert ledger.sources() == {"a": Known("", "", True)}
        assert ledger.get("x-2") == Row("x-2", "x", "a", 5, "02", True, 0)
        assert ledger.get("old") is None
        assert ledger.counts() == {"a": 2}


def test_a_ledger_of_another_version_begins_anew(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.put(_row("x"))
        ledger.commit(1)
    with sqlite3.connect(path) as db:
        db.execute("update state set value = '0' where key = 'version'")
        db.execute("drop table problem")
        db.execute("create table problem(otherwise)")
    db.close()
    with Ledger(path) as ledger:
        assert ledger.generation == -1
        assert ledger.get("x") is None
        ledger.add_problem("a", Problem("a", 1, "what", "remedy"))
        assert len(ledger.problems()) == 1


def test_a_ledger_in_use_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Being locked is no damage: to replace the file would lose what the run is writing."""
    with Ledger(path) as ledger:
        ledger.put(_row("x"))
        ledger.commit(3)
    monkeypatch.setattr(sealed, "_PATIENCE", 0.05)
    other = sqlite3.connect(path)
    other.execute("begin exclusive")
    with pytest.raises(IndexLockedError, match="wait for `archive index`"):
        Ledger(path)
    other.rollback()
    other.close()
    with Ledger(path) as ledger:
        assert ledger.generation == 3


def test_statistics_and_checks_work_beside_a_run(tmp_path: Path) -> None:
    with make_archive(tmp_path, [{"id": f"a{n}", "title": f"T {n}"} for n in range(3)]) as archive:
        seen = []
        (tmp_path / "corpus" / "b.md").write_text("B\n\nb")
        archive.index(progress=lambda _: seen.append((archive.stats().articles, len(archive.check()))))
        assert set(seen) == {(3, 1)}
        assert archive.stats().articles == 4
