"""`check`: silent when all is well, and one sentence a fault when it is not."""

from __future__ import annotations

import gc
import os
import time
import warnings
from pathlib import Path

import pytest

from archive import Archive, IndexUnusableError
from archive.engine.local import engine
from archive.indexing.sources import SourceTable

from ..support import make_archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = make_archive(tmp_path, [{"id": "a", "title": "A", "people": ["Kim"], "body": "alpha"}])
    for name in ("b", "c", "d", "e", "f"):
        (tmp_path / "corpus" / f"{name}.md").write_text(f"Title {name}\n\nbeta")
    archive.index()
    return archive


def _findings(archive: Archive) -> list[str]:
    return [str(finding) for finding in archive.check()]


def test_all_is_well(archive: Archive) -> None:
    assert archive.check() == ()


def test_without_an_index(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with Archive.open(tmp_path) as archive:
        assert _findings(archive) == ["there is no index for this version and these settings; run `archive index`"]


def test_what_the_corpus_has_otherwise(archive: Archive) -> None:
    corpus = archive.root / "corpus"
    (corpus / "new.md").write_text("New\n\nnew")
    for name in ("c", "d", "e", "f"):
        (corpus / f"{name}.md").unlink()
    (corpus / "b.md").write_text("Title b\n\ngamma, and more")
    assert _findings(archive) == [
        "corpus/new.md: not indexed yet; run `archive index`",
        "corpus/c.md, corpus/d.md, corpus/e.md and 1 more: indexed, but deleted since; run `archive index`",
        "corpus/b.md: changed since; run `archive index`",
    ]
    assert not any(finding.damage for finding in archive.check())
    archive.index()
    assert archive.check() == ()


def test_a_touched_file_is_no_change(archive: Archive) -> None:
    later = time.time() + 100
    os.utime(archive.root / "corpus" / "b.md", (later, later))
    assert archive.check() == ()


def test_a_table_of_sources_that_counts_otherwise(archive: Archive) -> None:
    def rewrite(**counts: int) -> None:
        with archive._engine.writer(rebuild=False) as writer:
            writer.begin()
            table = SourceTable.load(writer.sources or b"")
            for name, count in counts.items():
                table.sources[f"corpus/{name}"].articles = count
            writer.write_sources(table.dump())

    names = sorted(path.name for path in (archive.root / "corpus").iterdir())
    others = "the index and its table of sources disagree; rebuild it with `archive index --full`"
    rewrite(**{names[0]: 0})
    assert _findings(archive) == [others]
    assert archive.check()[0].damage
    rewrite(**{names[0]: 1})
    assert archive.check(deep=True) == ()
    rewrite(**{names[0]: 0, names[1]: 2})  # as many together
    assert archive.check() == ()
    assert [str(finding) for finding in archive.check(deep=True)] == [others]
    archive.index(full=True)
    assert archive.check(deep=True) == ()


def test_a_deep_check_reads_the_corpus(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the system says of a file."""
    monkeypatch.setattr("archive.corpus.scan.file_stamp", lambda status: str(status.st_size))
    monkeypatch.setattr("archive.indexing.changes.file_stamp", lambda status: str(status.st_size))
    path = archive.root / "corpus" / "b.md"
    long_ago = 1_600_000_000
    path.write_text("Title b\n\nbefore")
    os.utime(path, (long_ago, long_ago))
    archive.index()
    assert archive.check(deep=True) == ()
    path.write_text("Title b\n\nbehind")
    assert archive.check() == ()
    (finding,) = archive.check(deep=True)
    assert str(finding) == "corpus/b.md: changed since; run `archive index`"
    assert not finding.damage


@pytest.mark.parametrize("suffix", [".toc", ".seg", ".sources"])
@pytest.mark.parametrize("damage", ["gone", "empty", "half", "garbage"])
def test_damaged_files_are_damage_and_a_full_run_mends_them(
    archive: Archive, suffix: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_OPEN_PATIENCE", 0)
    archive.close()
    paths = [path for path in (archive.root / "index").iterdir() if path.suffix == suffix]
    content = max((path.read_bytes() for path in paths), key=len)
    for path in paths:
        match damage:
            case "gone":
                path.unlink()
            case "empty":
                path.write_bytes(b"")
            case "half":
                path.write_bytes(content[: len(content) // 2])
            case "garbage":
                path.write_bytes(b"\xa5" * len(content))
    with Archive.open(archive.root) as again, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Whoosh leaves open what it fails to read
        findings = again.check()
        assert findings
        assert all(finding.damage for finding in findings)
        assert findings[0].remedy == "rebuild it with `archive index --full`"
        if suffix != ".seg":  # only other programs read the table of contents, and only indexing that of sources
            assert again.search("beta").total == 5
        else:
            with pytest.raises(IndexUnusableError, match="run `archive index --full`"):
                again.search("beta")
        again.index(full=True)
        assert again.check() == ()
        assert again.search("beta").total == 5
        gc.collect()


@pytest.mark.parametrize("how_mended", ["full", "as usual"])
def test_a_single_wrong_bit_is_found_by_a_deep_check(archive: Archive, how_mended: str) -> None:
    path = max((archive.root / "index").glob("*.seg"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[600] ^= 16  # of a posting list or a stored article: no part of the structure
    path.write_bytes(data)
    with Archive.open(archive.root) as again:
        assert again.check() == ()  # which looks at the structure, and is fast
        again.index()  # as does a run without changes: nothing is mended of which nobody knows
        assert path.read_bytes() == data
        (finding,) = again.check(deep=True)
        assert finding.damage
        assert path.name in finding.what
        again.index(full=how_mended == "full")
        assert again.check(deep=True) == ()
        assert [each.name for each in path.parent.glob("*.damaged")] == []


def test_what_a_search_found_damaged_is_made_anew_by_the_next_run(archive: Archive) -> None:
    path = max((archive.root / "index").glob("*.seg"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    for at in range(600, len(data) - 4_000, 64):
        data[at] ^= 16
    path.write_bytes(data)
    with Archive.open(archive.root) as again:
        with pytest.raises(IndexUnusableError, match="run `archive index --full`"):
            again.search("beta", facets=("person", "venue"))
        again.index()
        assert again.search("beta").total == 5
        assert again.check(deep=True) == ()


def test_a_table_of_contents_that_is_damaged_is_made_anew_by_the_next_run(archive: Archive) -> None:
    (path,) = (archive.root / "index").glob("*.toc")
    path.write_bytes(path.read_bytes()[:-1])
    archive.index()
    assert archive.check(deep=True) == ()


@pytest.mark.parametrize("deep", [False, True])
def test_a_table_of_sources_that_is_not_as_it_was_written_is_rebuilt(archive: Archive, *, deep: bool) -> None:
    for hurt in (lambda _: b"\xa5", lambda data: data[:-1], lambda data: data.replace(b"a", b"b", 1)):
        (path,) = (archive.root / "index").glob("*.sources")
        path.write_bytes(hurt(path.read_bytes()))
        (finding,) = archive.check(deep=deep)
        assert finding.damage
        assert "table of sources" in finding.what
        assert archive.index().unchanged == 6
        assert archive.search().total == 6
        assert archive.check(deep=True) == ()
