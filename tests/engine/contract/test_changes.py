"""The contract of writing: what changes in the corpus changes in the index, on every engine."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive import Archive, IndexLockedError

from ...conftest import Settings, reopened
from ...support import Record, ids, write_records
from .conftest import ENGINES


def records(count: int) -> list[Record]:
    return [
        {"id": f"a{n}", "title": f"Number {n}", "body": f"word{n} all", "people": [f"P{n % 3}"], "date": f"{1990 + n}"}
        for n in range(count)
    ]


@pytest.fixture(params=ENGINES)
def unindexed(request: pytest.FixtureRequest, tmp_path: Path, on_server: Settings) -> Archive:
    (tmp_path / "archive.yaml").write_text(on_server() if request.param == "opensearch" else "name: w\n", "utf-8")
    write_records(tmp_path / "corpus" / "a.jsonl", records(8))
    return Archive.open(tmp_path)


@pytest.fixture
def archive(unindexed: Archive) -> Archive:
    assert not unindexed.has_index
    assert unindexed.generation == -1
    assert unindexed.index().added == 8
    return unindexed


def test_additions_changes_and_deletions(archive: Archive) -> None:
    generations = [archive.generation]
    path = archive.root / "corpus" / "a.jsonl"
    rest = records(8)[2:]
    changed = [{**rest[0], "body": "another text", "people": ["New Name"]}, *rest[1:]]
    write_records(path, [*changed, {"id": "b1", "title": "Late", "body": "all", "people": []}])
    report = archive.index()
    assert (report.added, report.updated, report.unchanged, report.removed) == (1, 1, 5, 2)
    generations.append(archive.generation)
    assert ids(archive) == {"a2", "a3", "a4", "a5", "a6", "a7", "b1"}
    assert ids(archive, "word2") == set()
    assert ids(archive, "another") == {"a2"}
    assert archive.search(person="P2").total == 1  # a5; a2 has another name now
    assert {value.value: value.count for value in archive.search().facets["person"].values} == {
        "P0": 2,
        "P1": 2,
        "P2": 1,
        "New Name": 1,
    }
    assert archive.facet("person", "new").values[0].count == 1
    assert archive.check() == ()
    assert archive.index().changed is False
    assert archive.generation == generations[-1]
    (archive.root / "corpus" / "a.jsonl").unlink()
    assert archive.index().removed == 7
    assert ids(archive) == set()
    assert archive.facet("person", "new").values == ()
    assert archive.check() == ()
    assert generations[0] < generations[1] < archive.generation


def test_a_rebuild_says_the_same_and_leaves_nothing_behind(archive: Archive) -> None:
    before = archive.search(limit=None, facet_limit=None)
    report = archive.index(full=True)
    assert (report.unchanged, report.added) == (8, 0)
    again = reopened(archive).search(limit=None, facet_limit=None)
    assert (again.hits, again.facets) == (before.hits, before.facets)
    assert archive.check() == ()


def test_without_its_table_of_sources_the_index_is_asked_what_it_holds(archive: Archive) -> None:
    for path in (archive.root / "index").glob("*.sources"):
        path.unlink()
    assert [finding.remedy for finding in archive.check()] != []
    report = reopened(archive).index()
    assert (report.added, report.updated, report.unchanged) == (0, 0, 8)
    assert archive.check() == ()


def test_there_is_one_writer(archive: Archive) -> None:
    with archive._engine.writer(rebuild=False), pytest.raises(IndexLockedError, match="another process"):
        reopened(archive).index(full=True)
    assert archive.index(full=True).unchanged == 8


def test_a_writer_begins_with_what_was_committed(archive: Archive) -> None:
    engine, generation = archive._engine, archive.generation
    held = sorted(engine.entries())
    for rebuild in (False, True):
        with engine.writer(rebuild=rebuild) as writer:
            assert writer.begin() is not rebuild
            assert rebuild or writer.generation == generation
            assert writer.sources == engine.sources() is not None
            before = [entry._replace(indexed=not rebuild) for entry in held]
            assert sorted(writer.entries()) == before
            for path in {entry.path for entry in held}:
                assert sorted(writer.articles_of([path])) == [entry for entry in before if entry.path == path]
            assert [writer.article(entry.id) for entry in held] == before
            assert writer.article("no such id") is None
            assert list(writer.articles_of(["corpus/no-such-file.md"])) == []
    assert reopened(archive).generation == generation
    assert archive.check() == ()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_writer_that_has_not_begun_changes_nothing(archive: Archive, rebuild: bool) -> None:
    article = archive.get("a1")
    for write in (
        lambda writer: writer.add_document(article, "digest", "a1", replaces=True),
        lambda writer: writer.delete("a1"),
        lambda writer: writer.commit(b"", final=True),
    ):
        with pytest.raises(AssertionError, match="begin"), archive._engine.writer(rebuild=rebuild) as writer:
            write(writer)
    assert reopened(archive).check() == ()


def test_a_writer_is_waited_for(archive: Archive) -> None:
    held = archive._engine.writer(rebuild=False)
    held.__enter__()
    release = threading.Timer(0.3, held.__exit__, (None, None, None))
    release.start()
    assert reopened(archive).index(wait=60).unchanged == 8
    release.join()


def test_processes_that_begin_an_index_at_the_same_time_build_it_once(unindexed: Archive) -> None:
    """Each of them found none; those that had to wait go on with the one that was built meanwhile."""
    waiting = reopened(unindexed)._engine.writer(rebuild=False)
    assert unindexed.index().added == 8
    with waiting as writer:
        assert writer.begin()
        assert writer.generation == unindexed.generation
        assert len(list(writer.entries())) == 8


def test_new_names_in_the_authority_files(archive: Archive) -> None:
    late = {"id": "b1", "title": "Late", "body": "There was Wilma Three.", "people": ["P0"]}
    write_records(archive.root / "corpus" / "b.jsonl", [late])
    assert archive.index().added == 1
    names = archive.root / "corpus" / "people.yaml"
    names.write_text("- {name: Paula One, aliases: [P1]}\n- {name: Wilma Three}\n", "utf-8")
    report = archive.index()
    assert (report.updated, report.unchanged) == (4, 5)
    assert ids(archive, person="Paula One") == {"a1", "a4", "a7"}
    assert ids(archive, "person_mentioned:wilma") == {"b1"}
    assert [row.id for row in archive.encounters("Wilma Three", "P0", stance="all").rows] == ["b1"]
    assert archive.check() == ()
    names.unlink()
    assert reopened(archive).index().updated == 4
    assert ids(archive, person="P1") == {"a1", "a4", "a7"}
    assert archive.facet("person_mentioned").values == ()
    assert archive.check() == ()


def test_optimized_and_in_several_jobs(archive: Archive) -> None:
    write_records(archive.root / "corpus" / "b.jsonl", [{"id": "b1", "title": "Late", "body": "all"}])
    report = archive.index(optimize=True, jobs=3)
    assert (report.added, report.unchanged) == (1, 8)
    assert len(ids(archive, "all")) == 9
    assert archive.index(optimize=True).changed is False
    assert archive.check() == ()


def test_other_settings_are_another_index(archive: Archive) -> None:
    with (archive.root / "archive.yaml").open("a") as file:
        file.write("language: german\n")
    other = reopened(archive)
    assert not other.has_index
    assert other.index().unchanged == 8
    assert ids(other, "word3") == {"a3"}
