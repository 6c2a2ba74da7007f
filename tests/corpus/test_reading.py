import os
from pathlib import Path

import pytest

from archive.corpus.formats.registry import ReadOptions, digest, read
from archive.model.article import Article, Problem

from .helpers import OPTIONS, is_superuser, put, source

FILES = {
    "x.md": b"Title\n\nText.",
    "x.html": b"<p>Text.</p>",
    "x.pdf": b"%PDF-1.4",
    "x.jsonl": b'{"title": "T"}',
    "x.jsonl.gz": b"\x1f\x8b",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_vanished_is_a_problem(tmp_path: Path, name: str) -> None:
    file = put(tmp_path, name, FILES[name])
    found = source(tmp_path, name)
    file.unlink()
    (only,) = read(found, OPTIONS)
    assert only == Problem(
        f"corpus/{name}",
        0,
        "the file cannot be read: No such file or directory",
        "check its permissions and the disk",
    )


@pytest.mark.skipif(is_superuser(), reason="permissions do not stop us")
def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "x.md").chmod(0)
    (only,) = read(source(tmp_path, "x.md"), OPTIONS)
    assert "Permission denied" in str(only)


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "x.md")
    found = source(tmp_path, "x.md")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    (only,) = read(found, OPTIONS)
    monkeypatch.undo()
    assert "the file cannot be read: Permission denied" in str(only)


def test_a_file_that_became_a_folder_is_a_problem(tmp_path: Path) -> None:
    file = put(tmp_path, "x.md")
    found = source(tmp_path, "x.md")
    file.unlink()
    file.mkdir()
    (only,) = read(found, OPTIONS)
    assert isinstance(only, Problem)


def test_a_sidecar_that_vanished_is_a_problem_of_the_sidecar(tmp_path: Path) -> None:
    put(tmp_path, "x.md")
    sidecar = put(tmp_path, "x.yaml", "title: T")
    found = source(tmp_path, "x.md")
    sidecar.unlink()
    (only,) = read(found, OPTIONS)
    assert isinstance(only, Problem)
    assert only.path == "corpus/x.yaml"


def test_a_file_that_grew_since_the_scan_is_held_to_the_limit(tmp_path: Path) -> None:
    put(tmp_path, "x.md", "a")
    found = source(tmp_path, "x.md")
    put(tmp_path, "x.md", "a" * 1_001)
    (only,) = read(found, ReadOptions(1_000))
    assert "over the limit" in str(only)


def test_the_digest_is_of_the_contents_and_the_sidecar(tmp_path: Path) -> None:
    file = put(tmp_path, "x.md", "one")
    plain = digest(source(tmp_path, "x.md"))
    assert plain == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    os.utime(file, ns=(1, 1))
    assert digest(source(tmp_path, "x.md")) == plain
    put(tmp_path, "x.yaml", "a: b")
    beside = digest(source(tmp_path, "x.md"))
    put(tmp_path, "x.yaml", "a: c")
    assert len({plain, beside, digest(source(tmp_path, "x.md"))}) == 3


def test_the_digest_of_a_vanished_file_raises(tmp_path: Path) -> None:
    file = put(tmp_path, "x.md")
    found = source(tmp_path, "x.md")
    file.unlink()
    with pytest.raises(FileNotFoundError):
        digest(found)


def test_reading_is_lazy_and_closes_its_file(tmp_path: Path) -> None:
    put(tmp_path, "x.jsonl", '{"title": "A"}\n{"title": "B"}\n')
    reader = read(source(tmp_path, "x.jsonl"), OPTIONS)
    first = next(reader)
    assert isinstance(first, Article)
    assert first.title == "A"
    reader.close()  # type: ignore[attr-defined]
    del reader  # a file left open would be a ResourceWarning, and so an error
