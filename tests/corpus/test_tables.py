"""CSV and TSV: rows in, articles out."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from archive.api import Archive
from archive.corpus.formats.registry import ReadOptions, read
from archive.corpus.metadata_keys import KeyNames
from archive.model.article import Article, Problem
from archive.render.table import rows

from ..cli.support import run
from .helpers import article, everything, problem, put, results, source, warnings


def table(*cells: tuple[str, ...], delimiter: str = ",") -> str:
    """The text of a table, quoted as spreadsheets do."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(cells)
    return text.getvalue()


def test_a_row_is_an_article_and_every_column_is_kept(tmp_path: Path) -> None:
    data = table(
        ("Headline", "Published", "Persons", "Places", "Byline", "Text", "Desk"),
        ("Ball", "3 March 1971", "Ada Quill; Bruno Marsh", "Pier", "Mo", "One.\n\nTwo.", "city"),
        ("", "", "", "", "", "", ""),
        ("Rain", "", "", "", "", "Three.", ""),
    )
    first, second = results(tmp_path, "x.csv", data)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.date, first.people, first.venues) == (
        "Ball", "1971-03-03", ("Ada Quill", "Bruno Marsh"), ("Pier",),
    )  # fmt: skip
    assert (first.authors, first.body, first.extra) == (("Mo",), "One.\n\nTwo.", {"desk": "city"})
    assert (second.title, second.body, second.date, second.people) == ("Rain", "Three.", None, ())
    assert "people" in second.inferred
    assert [first.line, second.line] == [2, 6]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_programs_write_for_csv(tmp_path: Path, delimiter: str, start: str, end: str) -> None:
    lines = [("title", "date", "body"), ("Fog, rain; sun", "21.03.1971", 'She said "no|yes"\tand left.')]
    data = start + table(*lines, delimiter=delimiter).replace("\r\n", end)
    found = article(tmp_path, data, "x.csv")
    assert (found.title, found.date, found.body) == (lines[1][0], "1971-03-21", lines[1][2])


def test_a_first_line_may_state_the_delimiter(tmp_path: Path) -> None:
    assert article(tmp_path, "sep=|\ntitle|body\nA, b, c|Text\n", "x.csv").title == "A, b, c"


@pytest.mark.parametrize("cell", ["Ada; Bruno", "Ada|Bruno", '["Ada", "Bruno"]', "['Ada', 'Bruno']"])
def test_lists_in_a_cell(tmp_path: Path, cell: str) -> None:
    found = article(tmp_path, table(("title", "people", "body"), ("T", cell, "a | b")), "x.csv")
    assert (found.people, found.body) == (("Ada", "Bruno"), "a | b")


def test_a_column_may_come_again(tmp_path: Path) -> None:
    found = article(tmp_path, "title,tag,tag,tag\nT,a,,b; c\n", "x.csv")
    assert found.tags == ("a", "b", "c")


def test_a_row_with_too_many_cells_loses_none(tmp_path: Path) -> None:
    items = everything(tmp_path, "x.csv", "title,body\nT,Text, and more\n")
    assert isinstance(items[0], Article)
    assert items[0].extra == {"column_3": " and more"}
    (warning,) = warnings(tmp_path, "title,body\nT,Text, and more\n", "x.csv")
    assert (warning.line, warning.what) == (2, "the row has 3 cells where the first row names 2 columns")


def test_keys_of_an_archives_own(tmp_path: Path) -> None:
    put(tmp_path, "x.csv", "nr,message\n7,Word for word.\n")
    options = ReadOptions(1000, KeyNames.of({"body": ("message",)}, ()))
    (found, *_) = read(source(tmp_path, "x.csv"), options)
    assert isinstance(found, Article)
    assert (found.title, found.extra) == ("Word for word.", {"nr": "7"})


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"", 1, "the file is empty"),
        (b"\n\n", 1, "the file is empty"),
        (b"1,2,3\n4,5,6\n", 1, "the first row names no column that is a title or text (1, 2, 3)"),
        (b"title,body\nA,B\nC,caf\xe9\n", 3, "not UTF-8"),
        (b"title,body\nA,\0\n", 2, "NUL"),
        (b"\xff\xfet\0i\0t\0l\0e\0", 1, "UTF-16"),
        (b'title,body\nA,B\nC,"' + b"never closed\n" * 20_000, 3, "larger than an article may be"),
        (b'title,body\nA,B\nC,"D\nE,F\n', 3, "a quotation mark that opens a cell is never closed"),
        (b"title,body\n" + b"x" * 300_000, 2, "the line is"),
        (b"title,body\rA,B\r", 1, "a line ends in the middle of a cell"),
    ],
)
def test_what_is_no_table_is_one_problem(tmp_path: Path, data: bytes, line: int, what: str) -> None:
    *_, bad = results(tmp_path, "x.csv", data, 100_000)
    assert isinstance(bad, Problem)
    assert what in bad.what
    assert bad.line == line


def test_what_precedes_a_broken_row_is_taken(tmp_path: Path) -> None:
    found = results(tmp_path, "x.csv", b"title,body\nA,B\nC,\xff\nD,E\n")
    assert [type(each) for each in found] == [Article, Problem]


def test_rows_that_cannot_be_taken_are_named_by_their_line(tmp_path: Path) -> None:
    assert problem(tmp_path, "title,body,desk\n,,city\n", "x.csv").line == 2


TITLES = ["=SUM(A1)", "+1", "-x", "@you", "'quoted'", 'a "b" c', '"all"', "plain; simple", "x, y"]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_tables_of_our_own_come_back(tmp_path: Path, form: str) -> None:
    columns = ("id", "title", "date", "year", "people", "venues", "source", "authors", "url", "tags", "path")
    records = [
        {"id": f"n-{n}", "title": title, "date": "1998-07-04", "year": 1998, "people": ["Ada", "Bruno"],
         "venues": ["-Pier"], "authors": ["Mo"], "url": "https://x.test/", "tags": ["a", "b"], "path": "corpus/x.md"}
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    found = results(tmp_path, f"x.{form}", "\n".join(rows(form, columns, records)))
    for title, each in zip(TITLES, found, strict=True):
        assert isinstance(each, Article)
        assert (each.title, each.people, each.venues, each.tags) == (title, ("Ada", "Bruno"), ("-Pier",), ("a", "b"))
        assert (each.extra, each.date) == ({}, "1998-07-04")


def test_an_exported_table_is_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `archive export --format csv` writes is indexed and exported again as the same table."""
    old, new = tmp_path / "old", tmp_path / "new"
    put(old, "a.md", "---\ntitle: '=1+1'\ndate: 1998?\npeople: [Ada Quill, '@bruno']\ntags: [a, b]\n---\nText.\n")
    put(old, "b.md", "---\ntitle: B\nurl: https://b.test/\nlanguage: de\nauthor: Mo\nsource: Post\n---\nText.\n")
    exported = []
    for root in (old, new):
        (root / "archive.yaml").write_text("name: x\n")
        monkeypatch.setenv("ARCHIVE_ROOT", str(root))
        with Archive.open(root) as archive:
            assert archive.index().problems == ()
        exported.append(run("export", "--format", "csv").out)
        put(new, "all.csv", exported[0])
    first, second = (list(csv.DictReader(io.StringIO(text))) for text in exported)
    assert [row | {"path": ""} for row in first] == [row | {"path": ""} for row in second]
    assert len(first) == 2
