"""`archive search` and `archive similar`: what is asked for, and how it ends."""

import json
from pathlib import Path

import pytest

from .support import run

pytestmark = pytest.mark.usefixtures("small")


def ids(*arguments: str) -> list[str]:
    result = run("search", "--output", "ids", "--format", "json", *arguments)
    answer = json.loads(result.out)
    assert result.code == (0 if answer["total"] else 1)
    found: list[str] = answer["ids"]
    return found


def test_filters_become_one_request() -> None:
    ball, regatta = "1998-07-04-the-lantern-ball", "2004-08-regatta-dinner-the-wettest-in-years"
    both = ("--person", "Ada Quill", "--person", "Élodie Faye")
    assert ids(*both, "--all-people") == [ball]
    assert len(ids(*both)) == 5
    assert ids("--venue", "Yacht Club", "--not-person", "Ada Quill") == ["2007-02-11-a-quiet-week"]
    assert ids("--year", "..2004", "--not-venue", "Café Løvstad") == [regatta, ball]
    assert ids("--where", "source=Harbour Gazette", "--not-where", "tags=summer") == ["2007-02-11-a-quiet-week"]
    assert ids("--missing", "year") == ["a-note-without-a-date"]
    assert ids("umbrella", "lantern", "--any", "--sort", "oldest") == [ball, regatta, "2007-02-11-a-quiet-week"]


def test_words_are_joined_as_they_are() -> None:
    assert ids("wettest", "in", "years") == ids("wettest in years") == ids('"wettest in years"') != []
    assert ids('"in wettest years"') == []
    assert "1998-07-04-the-lantern-ball" not in ids("--", "-lantern", "ball")


def test_an_option_like_word_says_how_to_search_for_it() -> None:
    result = run("search", "-lantern", "ball")
    assert result.code == 2
    assert "put '--' first: archive search -- -word" in result.err


def test_paging() -> None:
    every = ids("pier")
    assert ids("pier", "-n", "2", "--offset", "1") == every[1:3]
    assert ids("pier", "-n", "all") == every
    assert ids("pier", "-n", "0") == []


@pytest.mark.parametrize("output", ["hits", "ids", "paths"])
def test_a_page_without_hits_is_not_nothing_found(output: str) -> None:
    total = json.loads(run("search", "pier", "--output", "count", "--format", "json").out)["total"]
    for page in (("--offset", "1000"), ("-n", "0"), ("-n", "2"), ("-n", "2", "--offset", "1")):
        said = ("search", "pier", "--output", output, *page)
        result = run(*said, "--format", "json")
        assert (result.code, json.loads(result.out)["total"]) == (0, total)
        assert (run(*said).code, run(*said).err) == (0, "")


def test_ids_and_paths_are_all_unless_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.api import Archive

    monkeypatch.setattr(Archive, "search", lambda *_, **__: pytest.fail("one page was asked for"))
    assert len(run("search", "--output", "paths").out.splitlines()) == 8


def test_null_ends_names_for_xargs() -> None:
    result = run("search", "pier", "--output", "paths", "-0", "-n", "1", "--sort", "oldest")
    assert result.raw == b"corpus/lantern-ball.md\0"
    assert run("search", "zeppelin", "--output", "ids", "--null").raw == b""
    assert run("search", "pier", "--null").code == 2
    assert run("search", "pier", "--null", "--output", "ids", "--format", "csv").code == 2


def test_count() -> None:
    assert run("search", "ball", "--output", "count").out == "6\n"
    nothing = run("search", "zeppelin", "--output", "count")
    assert (nothing.code, nothing.out, nothing.err) == (1, "0\n", "")
    assert run("search", "ball", "--output", "count", "--format", "csv").out == "total\n6\n"


def test_nothing_found_is_said_on_stderr_with_what_would_be() -> None:
    for output in ("hits", "ids", "paths", "facets"):
        result = run("search", "lanterm", "--output", output)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("nothing found for lanterm\n")
        assert "for lantern (spelling)" in result.err
    data = run("search", "lanterm", "--format", "json")
    assert data.code == 1
    assert json.loads(data.out)["suggestions"][0]["query"] == "lantern"
    assert run("search", "lanterm", "--format", "jsonl").raw == b""


def test_facets_asked_for() -> None:
    page = json.loads(run("search", "--facets", "tags, source", "--facet-limit", "1", "--format", "json").out)
    assert list(page["facets"]) == ["tags", "source"]
    assert len(page["facets"]["tags"]["values"]) == 1
    assert json.loads(run("search", "--facets", "none", "--format", "json").out)["facets"] == {}
    unknown = run("search", "--facets", "colour")
    assert unknown.code == 2
    assert "person, venue, year" in unknown.err


def test_explain_is_part_of_the_answer() -> None:
    text = run("search", "lant*", "--explain").out
    assert text.startswith("query ")
    assert "lantern" in text.split("\n\n")[0]
    assert "query" in json.loads(run("search", "lant*", "--explain", "--format", "json").out)["explanation"]
    lines = run("search", "lant*", "--explain", "--format", "jsonl")
    assert lines.err.startswith("query ")
    assert all(json.loads(line)["id"] for line in lines.out.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--year", "soon"), ("--year", "2020..2010"), ("-n", "-1"), ("-n", "many"), ("--facet-limit", "x"),
        ("--where", "source"), ("--where", "=x"), ("--sort", "best"), ("--offset", "-1"), ("--person", ""),
        ("colour:red",), ("date:soon",), ("(" * 60 + "x",), ("--format", "xml"), ("--missing", "colour"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error_in_a_sentence(arguments: tuple[str, ...]) -> None:
    result = run("search", *arguments)
    assert (result.code, result.out) == (2, "")
    assert "archive: " in result.err
    assert "Traceback" not in result.err
    assert "unexpected" not in result.err


def test_a_root_before_or_after_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    monkeypatch.chdir(tmp_path)
    nowhere = run("search", "ball")
    assert nowhere.code == 2
    assert "archive init" in nowhere.err
    before = run("--root", small, "search", "ball", "--output", "count")
    after = run("--root", tmp_path, "search", "ball", "--output", "count", "--root", small)
    monkeypatch.setenv("ARCHIVE_ROOT", str(small))
    assert before.out == after.out == run("search", "ball", "--output", "count").out == "6\n"


def test_similar() -> None:
    ball = "1998-07-04-the-lantern-ball"
    hits = [json.loads(line) for line in run("similar", ball, "-n", "2", "--format", "jsonl").out.splitlines()]
    assert len(hits) == 2
    assert ball not in {hit["id"] for hit in hits}
    record = json.loads(run("similar", ball, "--format", "json").out)
    assert list(record) == ["format_version", "id", "total", "hits"]
    assert run("similar", ball).out.startswith("1. ")
    assert len(run("similar", ball, "-n", "all", "--format", "csv").out.splitlines()) == record["total"] + 1
    wrong = run("similar", "1998-07-04-the-lantern-bal")
    assert wrong.code == 2
    assert ball in wrong.err


def test_facets_command() -> None:
    assert run("facets", "person", "--find", "elodie").out.startswith("Élodie Faye")
    assert run("facets", "people", "-n", "1", "--format", "csv").out == "value,count,selected\nAda Quill,5,false\n"
    nothing = run("facets", "venue", "--find", "zeppelin")
    assert (nothing.code, nothing.out) == (1, "")
    assert "zeppelin" in nothing.err
    assert run("facets", "venue", "--year", "1066").code == 1
    assert run("facets", "colour").code == 2
    named = run("facets", "year", "--sort", "name", "-n", "all", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["value"] for line in named] == ["1998", "2004", "2007", "2011", "2019"]


def test_timeline_command() -> None:
    rows = json.loads(run("timeline", "ball", "--year", "2004..2011", "--format", "json").out)["rows"]
    assert rows[0] == {"period": "1998", "hits": 0, "held": 1, "share": 0.0}
    nothing = run("timeline", "zeppelin")
    assert (nothing.code, nothing.out) == (1, "")
    assert "zeppelin" in nothing.err
    assert run("timeline", "--by", "week").code == 2


def test_a_batch_answers_a_request_a_line(tmp_path: Path) -> None:
    lines = [
        "pier",
        "",
        '{"query": "pier", "limit": 1, "facets": ["venue"], "year": "2004..2007"}',
        '{"query": "pier", "person": ["Ada Quill", "Élodie Faye"], "all_people": true}',
        '{"queri": "pier"}',
        '{"query": "pier", "all_people": "yes"}',
        "{pier}",
        "body:(pier",
        "zeppelin",
    ]
    batch = "\r\n".join(lines).encode()
    result = run("search", "--batch", "-", "--facets", "none", "-n", "2", stdin=batch)
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert (result.code, result.err, [each["line"] for each in answers]) == (2, "", [1, 3, 4, 5, 6, 7, 8, 9])
    assert list(answers[0])[:4] == ["format_version", "line", "query", "total"]
    first, second, both, *failed, last = answers[:6] + answers[7:]
    assert (len(first["hits"]), first["facets"]) == (2, {})
    assert (len(second["hits"]), list(second["facets"])) == (1, ["venue"])
    alone = json.loads(run("search", "pier", "--year", "2004..2007", "--format", "json").out)
    assert (second["total"], second["hits"]) == (alone["total"], alone["hits"][:1])
    assert all({"Ada Quill", "Élodie Faye"} <= set(hit["people"]) for hit in both["hits"])
    assert all(list(each) == ["format_version", "line", "error"] for each in failed)
    assert "a search has no queri" in failed[0]["error"]
    assert "all_people must be true or false" in failed[1]["error"]
    assert "not JSON" in failed[2]["error"]
    assert last["total"] == 0

    file = tmp_path / "requests.txt"
    file.write_text("zeppelin\npier\n")
    assert run("search", "--batch", file).code == 0
    file.write_text("zeppelin\n")
    assert run("search", "--batch", file).code == 1
    assert run("search", "--batch", tmp_path).code == 2
    assert run("search", "pier", "--batch", file).code == 2
    file.write_bytes(b"x" * 1_000_002)
    assert "over 1 MB" in run("search", "--batch", file).err
