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
    for command, stdin in ((("hostle", BALL, "nosuch"), b""), (("-",), f"hostle\n{BALL}\nnosuch".encode())):
        result = run("show", *command, stdin=stdin)
        assert result.code == 2
        assert result.out == run("show", BALL).out  # the others are printed
        first, second = result.err.splitlines()
        assert first == "archive: there is no article with the id 'hostle'; similar ids: hostile"
        assert "'nosuch'" in second
    result = run("show", "hostle")
    assert (result.code, result.out) == (2, "")
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


def test_fields_choose_the_columns() -> None:
    csv = run("export", "lantern", "--format", "csv", "--fields", "date, title,person,tags,date").out.splitlines()
    assert csv[0] == "date,title,people,tags"
    assert csv[1] == "1998-07-04,The Lantern Ball,Ada Quill; Bruno Marsh; Élodie Faye,ball; summer"
    line = json.loads(run("export", "lantern", "--fields", "id,line,body").out.splitlines()[0])
    assert list(line) == ["id", "line", "body"]
    found = json.loads(run("search", "lantern", "--format", "json", "--fields", "source,id,score").out)
    assert [list(hit) for hit in found["hits"]] == [["source", "id", "score"]] * found["total"]
    assert found["hits"][0]["source"] == "Harbour Gazette"
    assert run("search", "lantern", "--format", "tsv", "--fields", "id,year").out.startswith("id\tyear\n1998-07-04")
    for refused in (
        ("search", "--format", "csv", "--fields", "colour"),
        ("export", "--format", "csv", "--fields", "colour"),
        ("search", "--fields", "id"),
        ("search", "--output", "ids", "--format", "csv", "--fields", "id"),
        ("export", "--format", "ris", "--fields", "id"),
    ):
        result = run(*refused)
        assert (result.code, result.out) == (2, "")
        assert ("the fields are id, title" in result.err) == ("colour" in refused)


def test_csv_has_the_declared_facets(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "archive.yaml").write_text("facets: [desk, source, people, photo-agency]\n", "utf-8")
    front = "---\ntitle: One\ndesk: [City, Crime]\nphoto_agency: Getty\n---\nText"
    (tmp_path / "corpus" / "one.md").write_text(front, "utf-8")
    head, row = run("--root", tmp_path, "export", "--format", "csv").out.splitlines()
    assert head.endswith("language,kind,desk,photo-agency,path")
    assert row.endswith("City; Crime,Getty,corpus/one.md")
    assert run("--root", tmp_path, "export", "--fields", "photo-agency,desk").out == (
        '{"photo-agency": ["Getty"], "desk": ["City", "Crime"]}\n'
    )


def test_paths_have_the_line_of_a_record() -> None:
    text = run("search", "--output", "paths", "--sort", "oldest").out.splitlines()
    assert "corpus/hostile.jsonl:1" in text
    assert "corpus/lantern-ball.md" in text
    assert "corpus/hostile.jsonl:1" in run("search", "--output", "paths", "-n", "100").out.splitlines()
    null = run("search", "--output", "paths", "--null").out.split("\0")
    assert "corpus/hostile.jsonl" in null  # names of files, for xargs
    found = json.loads(run("search", "--output", "paths", "--format", "json").out)
    assert dict(zip(found["paths"], found["lines"], strict=True))["corpus/lantern-ball.md"] == 12


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
