"""`archive show` and `archive export`."""

import json
from pathlib import Path

import pytest

from archive.api import Archive

from .support import run

BALL = "1998-07-04-the-lantern-ball"
pytestmark = pytest.mark.usefixtures("small")


def test_show_reads_ids_from_stdin() -> None:
    found = run("show", "-", "--format", "json", stdin=f"{BALL}\nhostile\n".encode())
    decoder, rest, ids = json.JSONDecoder(), found.out, []
    while rest.strip():
        record, end = decoder.raw_decode(rest)
        ids.append(record["id"])
        rest = rest[end:].lstrip()
    assert ids == [BALL, "hostile"]
    assert run("show", "-", stdin=b"hostile\0").code == 0
    assert run("show", "-").code == 1


def test_show_an_unknown_id() -> None:
    result = run("show", "hostle", BALL)
    assert (result.code, result.out) == (2, "")
    assert "similar ids: hostile" in result.err
    assert run("show").code == 2


def test_show_markdown_is_the_article(tmp_path: Path) -> None:
    written = run("show", BALL, "--format", "markdown").out
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "copy.md").write_text(written, "utf-8")
    with Archive.open(tmp_path) as copy:
        copy.index()
        assert run("--root", tmp_path, "show", BALL, "--format", "markdown").out == written


def test_export_writes_to_a_new_file_only(tmp_path: Path) -> None:
    path = tmp_path / "all.bib"
    first = run("export", "--format", "bibtex", "--to", path)
    assert (first.code, first.out) == (0, "")
    assert first.err == f"8 articles written to {path}\n"
    assert path.read_bytes() == run("export", "--format", "bibtex").raw
    second = run("export", "ball", "--to", path)
    assert second.code == 2
    assert "exists; give --to another name" in second.err
    assert path.read_text("utf-8").startswith("@")


def test_export_of_nothing() -> None:
    result = run("export", "zeppelin")
    assert (result.code, result.out) == (1, "")
    assert result.err == "nothing found for zeppelin\n"


def test_export_without_ceiling_and_in_order() -> None:
    lines = [json.loads(line) for line in run("export", "--year", "2004..", "--sort", "oldest").out.splitlines()]
    assert [line.get("date") for line in lines] == sorted(line["date"] for line in lines)
    assert len(lines) == 6


def test_an_interrupted_export_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Archive.articles

    def torn(self: Archive, *arguments: object) -> object:
        yield next(whole(self, *arguments))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "articles", torn)
    assert run("export", "--to", tmp_path / "all.jsonl").code == 130
    assert not (tmp_path / "all.jsonl").exists()


def test_export_markdown_makes_a_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "bundle" / "corpus"
    assert run("export", "--format", "markdown", "--to", folder).code == 0
    assert len(list(folder.glob("*.md"))) == 8
    with Archive.open(folder.parent) as copy:
        assert copy.index().problems == ()
        copied = {article.id: article.body for article in copy.articles()}
    with Archive.open() as original:
        assert copied == {article.id: article.body for article in original.articles()}


def test_export_markdown_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "HOSTILE.md").write_text("mine", "utf-8")
    result = run("export", "--format", "markdown", "--to", tmp_path)
    assert result.code == 2
    assert "hostile.md exists" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["HOSTILE.md"]
    assert run("export", "--format", "markdown").code == 2
    assert run("export", "--format", "markdown", "--to", tmp_path / "HOSTILE.md").code == 2
    assert run("export", "--to", tmp_path).code == 2
    assert run("export", "--to", tmp_path / "no" / "such").code == 2


def test_stats_and_check(small: Path) -> None:
    record = json.loads(run("stats", "--format", "json").out)
    assert record["articles"] == 8
    assert list(record) == [
        "format_version", "name", "language", "articles", "sources", "problems", "warnings", "undated", "first",
        "last", "distinct", "index_bytes",
    ]  # fmt: skip
    assert "articles       8\n" in run("stats").out
    sound = run("check")
    assert (sound.code, sound.err) == (0, "")
    assert sound.out.startswith("ok: ")
    assert json.loads(run("check", "--format", "json").out) == {"format_version": 1, "findings": []}
