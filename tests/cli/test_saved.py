"""`archive saved`: searches by name, and what a run says that the last did not."""

import json
import re
from pathlib import Path

import pytest

from archive import Archive
from archive.config.user_state import state_file

from .support import run

pytestmark = pytest.mark.usefixtures("fresh")


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def article(name: str, text: str) -> None:
    Path("corpus", name).write_text(text, "utf-8")
    assert run("index").code == 0


def new(*arguments: str) -> tuple[int, list[str]]:
    result = run("saved", "run", *arguments, "--new")
    assert result.err == ""
    return result.code, result.out.splitlines()


def test_a_search_is_added_listed_run_and_removed() -> None:
    assert run("saved", "list").code == 1
    result = run("saved", "add", "Balls", "ball", "--year", "..2011", "--sort", "oldest")
    assert (result.code, result.err.splitlines()[-1]) == (0, "Balls: 4 articles")
    assert run("saved", "list").out.startswith("Balls\n  ball · year: ..2011")
    (listed,) = json.loads(run("saved", "list", "--format", "json").out)["searches"]
    assert listed == {"name": "Balls", "query": "ball", "year": ["..2011"], "sort": "oldest"}
    assert json.loads(run("saved", "list", "--format", "jsonl").out) == listed
    assert run("saved", "run", "Balls").code == 0
    assert run("saved", "rm", "Balls").code == 0
    assert run("saved", "list").code == 1
    assert run("saved", "rm", "Balls").code == 2


def test_one_that_cannot_be_run_is_not_saved() -> None:
    assert run("saved", "add", "bad", "nofield:x").code == 2
    assert not Path("saved.yaml").exists()
    assert run("saved", "run").code == 2
    assert run("saved", "run", "x", "--all").code == 2
    result = run("saved", "run", "none")
    assert (result.code, "there is no saved search 'none'" in result.err) == (2, True)


def test_every_reason_why_something_is_new_changed_or_gone() -> None:
    texts = {"a": "A cormorant.", "b": "Nothing here.", "c": "A cormorant, too.", "d": "A cormorant."}
    for name, text in texts.items():
        article(f"{name}.md", f"---\nid: {name}\ntitle: Note {name}\npeople: [Ada Byrne]\n---\n{text}\n")
    assert run("saved", "add", "Birds", "cormorant").code == 0
    code, said = new("Birds")
    assert (code, said[0]) == (0, "Birds: 3 articles, 3 new")
    assert sorted(said[1:]) == [f"+ {name}: Note {name} (first run)" for name in "acd"]
    assert new("Birds") == (1, [])
    article("e.md", "---\nid: e\ntitle: Note e\n---\nCormorant.\n")
    article("b.md", "---\nid: b\ntitle: Note b\n---\nA cormorant after all.\n")
    article("c.md", "---\nid: c\ntitle: Note c\npeople: [Ada Byrne]\n---\nA cormorant, three.\n")
    article("d.md", "---\nid: d\ntitle: Note d\npeople: [Jun Ito]\n---\nA cormorant.\n")
    Path("corpus", "a.md").unlink()
    run("index")
    expected = [
        "Birds: 4 articles, 2 new, 2 changed, 1 gone",
        "+ b: Note b (its file changed, and now matches)",
        "+ e: Note e (new article)",
        "~ c: Note c (text changed)",
        "~ d: Note d (metadata changed)",
        "- a: Note a (removed from the archive)",
    ]
    code, said = new("Birds", "--peek")
    assert (code, [said[0], *sorted(said[1:], key=lambda line: ("+~-".index(line[0]), line))]) == (0, expected)
    assert new("--all")[1][0] == expected[0]  # it was but a peek
    assert new("--all") == (1, [])
    article("e.md", "---\nid: e\ntitle: Note e\n---\nA gull.\n")
    assert new("Birds") == (0, ["Birds: 3 articles, 1 gone", "- e: Note e (its file changed, and no longer matches)"])


def test_a_new_record_brings_articles_in() -> None:
    article("a.md", "---\nid: a\ntitle: Note\npeople: [Miss B.]\n---\nText.\n")
    assert run("saved", "add", "Ada", "--person", "Ada Byrne").code == 0
    assert new("Ada") == (1, [])
    article("people.yaml", "- name: Ada Byrne\n  aliases: [Miss B.]\n")
    code, said = new("Ada")
    assert code == 0
    assert said[1] == "+ a: Note (its names or the search changed, and it now matches)"


def test_forms_for_programs() -> None:
    run("saved", "add", "Balls", "ball", "--sort", "oldest")
    first = json.loads(run("saved", "run", "Balls", "--format", "json").out)["runs"][0]
    assert (first["search"], first["since"]) == ("Balls", None)
    assert list(first["articles"][0]) == ["kind", "why", "id", "title", "date"]
    again = json.loads(run("saved", "run", "Balls", "--format", "json").out)["runs"][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", again["since"])
    assert {each["kind"] for each in again["articles"]} == {"same"}
    assert run("saved", "run", "Balls", "--format", "csv").out.startswith("search,kind,why,id,title,date\nBalls,same,,")


def test_what_the_terminal_ui_has_opened_is_not_new_and_the_other_way_round(fresh: Path) -> None:

    run("saved", "add", "Balls", "ball")
    total = json.loads(run("saved", "run", "Balls", "--format", "json").out)["runs"][0]["total"]
    with Archive.open(fresh) as archive:
        assert (archive.saved.status("Balls").total, archive.saved.status("Balls").new) == (total, 0)
        article("x.md", "---\nid: x\ntitle: X\n---\nA ball.\n")
        status = archive.saved.status("Balls")
        assert (status.total, status.new) == (total + 1, 1)
        archive.saved.mark_seen(status)
        assert archive.saved.status("Balls").new == 0
    assert new("Balls") == (1, [])


def test_a_damaged_memory_is_as_none(fresh: Path) -> None:
    run("saved", "add", "Balls", "ball")
    assert new("Balls")[0] == 0
    files = list(state_file(fresh).with_suffix("").iterdir())
    assert len(files) == 1
    for file in (state_file(fresh), *files):
        file.write_text("{", "utf-8")
    assert new("Balls")[0] == 0
    assert new("Balls")[0] == 1
