"""JSON of any layout: values in, articles out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.corpus.formats import json_document
from archive.model.article import Article, Problem

from .helpers import article, everything, problem, results, warnings

A = {"title": "A", "body": "One."}
B = {"title": "B", "body": "Two."}


def titles(root: Path, data: Any, name: str = "x.json") -> list[str]:
    """The titles of the articles in a file, which has no problems."""
    text = data if isinstance(data, str) else json.dumps(data, indent=2)
    found = results(root, name, text)
    assert all(isinstance(each, Article) for each in found), found
    return [each.title for each in found if isinstance(each, Article)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (A, ["A"]),
        ([A, B], ["A", "B"]),
        ({"articles": [A, B]}, ["A", "B"]),
        ({"status": "ok", "response": {"total": 2, "results": [A, B]}}, ["A", "B"]),
        ({"posts": [A], "items": [B]}, ["A", "B"]),
        ("\ufeff" + json.dumps([A]), ["A"]),
        (json.dumps(A, indent=4) + "\n" + json.dumps(B, indent=4) + "\n", ["A", "B"]),
        (json.dumps(A) + json.dumps(B), ["A", "B"]),
        ({"title": "A", "text": "One.", "items": [{"name": "x"}]}, ["A"]),
        ({"title": "A", "items": ["x", "y"], "text": "One."}, ["A"]),
        ({"title": "A", "text": "One.", "data": {"a": "b"}}, ["A"]),
    ],
)
def test_where_articles_are(tmp_path: Path, data: Any, expected: list[str]) -> None:
    assert titles(tmp_path, data) == expected


def test_a_record_is_read_as_one_of_json_lines_is(tmp_path: Path) -> None:
    record = {"headline": "T", "published": "1998-02", "persons": ["Ada"], "text": "Text.", "n": 1.10, "x": {"a": [1]}}
    one = article(tmp_path, json.dumps(record), "x.json")
    other = article(tmp_path, json.dumps(record), "y.jsonl")
    assert (one.title, one.date, one.people, one.extra) == (other.title, other.date, other.people, other.extra)


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = '[\n {"title": "A",\n  "body": "x"},\n\n {"title": "B", "title": "C"}, 7,\n {"title": "D", "body": "y"}\n]'
    found = results(tmp_path, "x.json", text)
    assert [each.line for each in found] == [2, 5, 5, 6]
    assert [type(each) for each in found] == [Article, Problem, Problem, Article]


def test_what_a_json_feed_says_of_all_holds_for_each(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Courier",
        "language": "en",
        "authors": [{"name": "Mo"}],
        "items": [
            A | {"id": "https://x.test/1", "date_published": "2021-06-30T23:00:00-08:00"},
            B | {"id": "7", "language": "de", "authors": [{"name": "Ann"}], "tags": ["t"]},
        ],
    }
    first, second = results(tmp_path, "feed.json", json.dumps(feed))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.source, first.language, first.authors, first.date) == ("The Courier", "en", ("Mo",), "2021-06-30")
    assert (first.url, first.extra) == ("https://x.test/1", {"guid": "https://x.test/1"})
    assert (second.language, second.authors, second.tags, second.id) == ("de", ("Ann",), ("t",), "7")


def test_what_stands_behind_the_articles_is_named(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, json.dumps({"items": [A], "title": "Courier"}), "x.json")
    assert found.what == "'title' stands behind the articles, and is not read"


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"", 0, "there is no article"),
        (b" \n", 0, "there is no article"),
        (b"[]", 0, "there is no article"),
        (b"hello", 1, "neither an object nor an array"),
        (b'{"title": "A"', 1, "this is not JSON"),
        (b'[{"title": "A", "body": "x"}\n {"title": "B"}]', 2, "this is not JSON: ',' is missing before '{'"),
        (b'[{"title": "A", "body": "x"},\n', 2, "this is not JSON"),
        (b'{\n"title": "A",\n"title": "B"}', 3, "'title' is given twice"),
        (b'{"title": NaN}', 1, "NaN is not a number"),
        (b'{"title": "caf\xe9"}', 1, "0xE9 is not UTF-8"),
        (b"\xff\xfe{\0}\0", 1, "UTF-16"),
        (b"[" * 200_000, 1, "nested too deep"),
        (b'{"a":' * 200_000, 1, "nested too deep"),
        (b'{"data":' * 200_000, 1, "nested too deep"),
        (b'[{"title": "' + b"x" * 2_000_000, 1, "over the limit"),
        (b'{"title": [1, 2', 1, "this is not JSON"),
    ],
)
def test_what_cannot_be_read_is_one_named_problem(tmp_path: Path, data: bytes, line: int, what: str) -> None:
    *_, bad = results(tmp_path, "x.json", data, 1_000_000)
    assert isinstance(bad, Problem)
    assert what in bad.what
    assert bad.line == line


def test_json_over_several_lines_is_no_json_lines(tmp_path: Path) -> None:
    for value in (A, [A]):
        bad = problem(tmp_path, json.dumps(value, indent=1), "x.jsonl")
        assert (bad.line, bad.what) == (1, "the file is not JSON Lines: its first value goes on over several lines")
        assert "give it the ending .json" in bad.remedy


def test_ndjson_is_json_lines(tmp_path: Path) -> None:
    assert titles(tmp_path, f"{json.dumps(A)}\n{json.dumps(B)}\n", "x.ndjson") == ["A", "B"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"title": st.text('aé"\\\n{[', min_size=1), "body": st.text("x \ud83d\ude00]}")})),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
)
def test_no_cut_between_pieces_matters(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]], piece: int, indent: int | None
) -> None:
    root = tmp_path_factory.mktemp("pieces")
    data = json.dumps(records, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        whole = everything(root, "x.json", data)
        patch.setattr(json_document, "_PIECE", piece)
        assert everything(root, "x.json", data) == whole
    assert len(results(root, "x.json", data)) == max(len(records), 1)
