"""An archive that somebody else has made: links, pipes and forged files in it lead nowhere and stop nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, IndexDamagedError, SettingsError, UsageError
from archive.config.settings import write_lines
from archive.engine.local.manifest import MANIFEST
from archive.engine.local.segment import inverter
from archive.errors import IndexAccessError

from ..support import make_archive

_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(tmp_path / "a", [{"id": f"n{n}", "title": f"T {n}", "body": "pier"} for n in range(3)])


@contextmanager
def _without_waiting() -> Iterator[None]:
    """Whatever waits for a pipe is woken after five seconds, and fails."""

    def wake(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(5)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@_POSIX
def test_all_that_is_written_into_the_index_is_private(tmp_path: Path) -> None:
    (tmp_path / "a" / "index").mkdir(parents=True, mode=0o755)
    archive = make_archive(tmp_path / "a", [{"id": "n", "title": "T", "body": "pier"}])
    made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (archive.root / "index").iterdir()}
    assert {Path(name).suffix for name in made} == {"", ".json", ".seg", ".sources", ".sqlite3", ".toc"}
    assert set(made.values()) == {0o600}


@_POSIX
@pytest.mark.parametrize(
    "name",
    [MANIFEST, f"{MANIFEST}.new", "MAIN_WRITELOCK", "*.sources", "*.toc", "*.seg", "ledger.sqlite", "names.sqlite3"],
)
def test_a_link_in_the_index_leads_no_write_out_of_it(archive: Archive, tmp_path: Path, name: str) -> None:
    index, precious = archive.root / "index", tmp_path / "precious"
    precious.write_text("mine")
    before = precious.read_bytes()
    path = next(index.glob(name), index / name)
    path.unlink(missing_ok=True)
    path.symlink_to(precious)
    archive.check()
    archive.index(full=True)
    assert archive.search("pier").total == 3
    assert precious.read_bytes() == before
    assert not archive.check(deep=True)


@_POSIX
def test_a_link_beside_the_settings_leads_no_write_out(archive: Archive, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for name in ("archive.yaml.new", f".archive.yaml.{os.getpid()}"):
        (archive.root / name).symlink_to(precious)
    write_lines(archive.root, {"name": "Other"})
    assert precious.read_text() == "mine"
    assert "name: Other" in (archive.root / "archive.yaml").read_text()


@_POSIX
@pytest.mark.parametrize("name", [MANIFEST, "*.seg", "*.toc", "MAIN_WRITELOCK", "*.sources"])
def test_a_pipe_in_the_index_is_waited_for_by_nobody(archive: Archive, name: str) -> None:
    (path,) = (archive.root / "index").glob(name)
    path.unlink()
    os.mkfifo(path)
    archive.close()
    with _without_waiting(), Archive.open(archive.root) as opened:
        opened.check(deep=True)
        opened.index()
        assert opened.search("pier").total == 3
        opened.index(full=True)
        assert not opened.check(deep=True)


@_POSIX
@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("archive.yaml", Archive.open),
        ("saved.yaml", lambda root: Archive.open(root).saved.list()),
        ("names-ignored.txt", lambda root: Archive.open(root).suggest_names()),
    ],
)
def test_a_pipe_in_the_place_of_a_small_file_is_refused(
    archive: Archive, name: str, reads: Callable[[Path], object]
) -> None:
    (archive.root / name).unlink(missing_ok=True)
    os.mkfifo(archive.root / name)
    with _without_waiting(), pytest.raises(SettingsError, match=r"it is not a regular file"):
        reads(archive.root)


@_POSIX
def test_a_file_that_became_a_pipe_after_it_was_found_is_a_problem(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.indexing import run

    genuine = run.scan
    paths = [archive.root / "corpus" / name for name in ("new.md", "new.jsonl")]

    def scan(*about: Any, **options: Any) -> Any:
        found = genuine(*about, **options)
        for path in paths:
            path.unlink()
            os.mkfifo(path)
        return found

    for path in paths:
        path.write_text("{}")
    monkeypatch.setattr(run, "scan", scan)
    with _without_waiting():
        problems = [problem.what for problem in archive.index().problems]
    assert problems == ["the file cannot be read: it is not a regular file"] * 2


def _one(**said: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["segments"][0].update(said)


_FORGED: dict[str, Callable[[dict[str, Any]], None]] = {
    "a path": _one(id="x/../../../corpus/x"),
    "a NUL": _one(id="a\0b"),
    "half a character": _one(id="\ud800"),
    "a number beyond the end": _one(deleted=[77]),
    "a number beyond all": _one(deleted=[10**30]),
    "a number that is none": _one(deleted=["0"]),
    "a negative number": _one(deleted=[-1]),
    "more articles than there are": _one(documents=10**12, deleted=[10**11]),
    "a size that is none": _one(size="x"),
    "one segment twice": lambda manifest: manifest.update(segments=manifest["segments"] * 2),
    "sources of another place": lambda manifest: manifest["sources"].__setitem__(0, "../../corpus/x"),
    "sources of any size": lambda manifest: manifest["sources"].__setitem__(1, 1 << 40),
    "sources of numbers": lambda manifest: manifest.update(sources=3),
    "no word on sources": lambda manifest: manifest.pop("sources"),
    "a generation of text": lambda manifest: manifest.update(generation="../../x"),
    "a generation between": lambda manifest: manifest.update(generation=1.5),
}


@pytest.mark.parametrize("forge", _FORGED.values(), ids=_FORGED)
def test_a_forged_manifest_is_damage(archive: Archive, forge: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads(json.loads((archive.root / "index" / MANIFEST).read_text())["manifest"])
    forge(manifest)
    text = json.dumps(manifest)
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    _is_damage(archive, json.dumps({"digest": digest, "manifest": text}))


@pytest.mark.parametrize("table", [b"", b"[]\n", b'{"version":1}\n', b"[" * 100_000])
def test_a_forged_table_of_sources_is_rebuilt(archive: Archive, table: bytes) -> None:
    with archive._engine.writer(rebuild=False) as writer:
        writer.begin()
        writer.write_sources(table)
    for deep in (False, True):
        (finding,) = archive.check(deep=deep)
        assert finding.damage
    with pytest.raises(IndexDamagedError, match="table of sources cannot be read"):
        archive.stats()
    assert archive.search("pier").total == 3
    assert archive.index().unchanged == 3
    assert archive.check(deep=True) == ()


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[]", "3", "NaN", "9" * 5_000])
def test_a_manifest_that_is_none_is_damage(archive: Archive, text: str) -> None:
    _is_damage(archive, text)


def _is_damage(archive: Archive, manifest: str) -> None:
    (archive.root / "index" / MANIFEST).write_text(manifest)
    with pytest.raises(IndexDamagedError, match="run `archive index --full`"):
        archive.search("pier")
    assert any(finding.damage for finding in archive.check())
    archive.index()
    assert archive.search("pier").total == 3
    assert not archive.check(deep=True)


@_POSIX
def test_names_are_not_read_through_a_link_out_of_the_archive(archive: Archive, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("- name: Ann Lee\n  aliases: [pier]\n")
    for place in (archive.root / "people.yaml", archive.root / "corpus" / "people.yaml"):
        place.symlink_to(outside)
        report = archive.index()
        assert [problem.what for problem in report.problems] == [
            "this link leads out of the archive and is not followed"
        ]
        assert archive.search(facets=["person"]).facets["person"].distinct == 0
        place.unlink()
    write_lines(archive.root, {"links_outside": "true"})
    (archive.root / "people.yaml").symlink_to(outside)
    with Archive.open(archive.root, trust=True) as allowed:
        allowed.index()
        assert allowed.search(facets=["person"]).facets["person"].distinct == 1


def test_an_article_that_is_added_is_on_disk(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    genuine = os.fsync

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synced.append((stat.S_ISDIR(status.st_mode), status.st_ino))
        genuine(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    added = archive.root / archive.add(b"A quiet evening.", metadata={"title": "Pier"}).path
    assert synced == [(False, added.stat().st_ino), (True, added.parent.stat().st_ino)]


def test_a_full_disk_leaves_no_part_of_an_article_that_was_to_be_added(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted((archive.root / "corpus").iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"cannot be written into .*: No space left"):
        archive.add(b"A quiet evening.", metadata={"title": "Pier"})
    assert sorted((archive.root / "corpus").iterdir()) == before


def test_a_disk_that_fills_while_words_wait_in_files_leaves_the_index_as_it_was(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(inverter, "_KEPT_BYTES", 0)
    (archive.root / "corpus" / "more.txt").write_text("More\n\nA lighthouse.")
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(IndexAccessError, match=r"cannot be written \(No space left"):
            archive.index(jobs=1)
    assert archive.search("lighthouse").total == 0
    assert archive.search("pier").total == 3
    assert archive.index(jobs=1).added == 1
    assert archive.search("lighthouse").total == 1


def test_folders_in_the_index_are_left_alone(archive: Archive) -> None:
    (path,) = (archive.root / "index").glob("*.seg")
    path.unlink()
    path.mkdir()
    archive.index()
    assert archive.search("pier").total == 3
    assert path.is_dir()
    shutil.rmtree(path)


@pytest.mark.parametrize("name", ["huge.txt", "huge.html", "huge.pdf", "small.yaml"])
def test_a_sparse_file_is_not_read_to_its_end(archive: Archive, name: str) -> None:
    """A tebibyte of nothing takes no room on the disk, and would take half an hour to read."""
    (archive.root / "corpus" / "small.txt").write_text("Small\n\npier")
    with (archive.root / "corpus" / name).open("wb") as file:
        file.truncate(1 << 40)
    with _without_waiting():
        report = archive.index()
        (problem,) = [*report.problems, *(each for each in report.warnings if each.path.endswith(".yaml"))]
        assert " over " in problem.what
        assert "e+" not in problem.what
        assert not archive.check()
