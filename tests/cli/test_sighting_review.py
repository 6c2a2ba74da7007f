"""`archive seen … --review` and sightings.yaml: what a person says of a sighting wins over what was derived."""

import json
from pathlib import Path

import pytest

from archive.api import Archive
from archive.errors import SettingsError, UsageError

from .support import dinner_archive, run

ARTICLE = """---
id: harbour-dinner
title: Dinner at the Harbour Rooms
date: 1998-07-06
---

Ada Byrne met Max Cole at the Harbour Rooms on Saturday.

Rosa Lind praised Max Cole in a letter. Rosa Lind was at the Harbour Rooms on Sunday.
"""


@pytest.fixture
def dinner(tmp_path: Path) -> Path:
    """An archive of one article."""
    return dinner_archive(tmp_path, ARTICLE)


def _rows(root: Path, *options: str) -> list[dict[str, object]]:
    found = run("--root", root, "seen", "Ada Byrne", *options, "--stance", "all", "--format", "json")
    return json.loads(found.out)["rows"]  # type: ignore[no-any-return]


def _review(root: Path, answer: str, *question: str) -> None:
    result = run("--root", root, "seen", *question, "--review", stdin=answer.encode())
    assert result.code == 0, result.err
    assert "1 row reviewed" in result.err


def test_a_rejected_row_is_only_mentioned_and_the_index_follows_at_once(dinner: Path) -> None:
    assert [row["stance"] for row in _rows(dinner, "--with", "Max Cole")] == ["together"]
    _review(dinner, "reject\n", "Ada Byrne", "--with", "Max Cole")
    assert [row["stance"] for row in _rows(dinner, "--with", "Max Cole")] == ["mentioned"]
    nothing = run("--root", dinner, "seen", "Ada Byrne", "--with", "Max Cole")
    assert nothing.code == 1
    written = (dinner / "corpus" / "sightings.yaml").read_text("utf-8")
    assert "- article: harbour-dinner\n" in written
    assert "  people: [Ada Byrne, Max Cole]\n" in written


@pytest.mark.parametrize("answer", ["confirm 1998-99-99", "absent 1998"])
def test_the_answer_after_one_that_cannot_be_meant_is_for_the_next_row(dinner: Path, answer: str) -> None:
    stdin = f"{answer}\nreject\n".encode()
    result = run("--root", dinner, "seen", "Ada Byrne", "--with", "Max Cole", "--review", stdin=stdin)
    assert "0 rows reviewed" in result.err
    assert [row["stance"] for row in _rows(dinner, "--with", "Max Cole")] == ["together"]


def test_a_confirmed_row_may_get_another_date(dinner: Path) -> None:
    _review(dinner, "confirm 1998-07-05\n", "Ada Byrne", "--with", "Max Cole")
    (row,) = _rows(dinner, "--with", "Max Cole")
    about = [row[key] for key in ("stance", "grade", "when", "when_basis", "reviewed")]
    assert about == ["together", "stated", "1998-07-05", "review", True]
    shown = run("--root", dinner, "seen", "Ada Byrne", "--with", "Max Cole").out
    assert "1998-07-05 (as reviewed)" in shown
    assert "reviewed" in shown


def test_a_person_may_find_what_the_rules_did_not(dinner: Path) -> None:
    with Archive.open(dinner) as archive:
        article = archive.get("harbour-dinner")
        start = article.body.index("Rosa Lind praised")
        archive.review_sighting(article.id, ("Rosa Lind", "Max Cole"), "together", (start, start + 10), when="1998-07")
        archive.index()
        (row,) = archive.encounters("Rosa Lind", "Max Cole").rows
        assert (row.stance, row.when, row.reviewed) == ("together", "1998-07", True)
        assert str(row.evidence).startswith("Rosa Lind praised Max Cole")


def test_the_later_of_two_records_holds_and_removing_them_restores_the_row(dinner: Path) -> None:
    _review(dinner, "reject\n", "Ada Byrne", "--with", "Max Cole")
    with Archive.open(dinner) as archive:
        (row,) = archive.encounters("Ada Byrne", "Max Cole", stance="all").rows
        archive.review_sighting(row.id, ("Max Cole", "Ada Byrne"), "absent", (row.spans[0].start, row.spans[0].end))
        archive.index()
        assert [row.stance for row in archive.encounters("Ada Byrne", "Max Cole").rows] == ["absent"]
        (dinner / "corpus" / "sightings.yaml").unlink()
        archive.index()
        (row,) = archive.encounters("Ada Byrne", "Max Cole").rows
        assert (row.stance, row.reviewed) == ("together", False)


def test_check_names_the_records_of_paragraphs_that_have_changed(dinner: Path) -> None:
    _review(dinner, "confirm\n", "Ada Byrne", "--with", "Max Cole")
    with Archive.open(dinner) as archive:
        assert archive.check() == ()
        text = ARTICLE.replace("met Max Cole", "saw Max Cole")
        (dinner / "corpus" / "dinner.md").write_text(text, "utf-8")
        archive.index()
        (issue,) = archive.check()
    assert "sightings.yaml:1: the paragraph of harbour-dinner has changed" in str(issue.what)


def test_verify_says_when_a_reviewed_paragraph_has_changed(dinner: Path) -> None:
    _review(dinner, "confirm\n", "Ada Byrne", "--with", "Max Cole")
    quote = run("--root", dinner, "quote", "harbour-dinner", "Rosa Lind was at the Harbour Rooms").out.encode()
    assert run("--root", dinner, "verify", "corpus/sightings.yaml").code == 0
    assert run("--root", dinner, "verify", stdin=quote).err == ""
    (dinner / "corpus" / "dinner.md").write_text(ARTICLE.replace("met Max Cole", "saw Max Cole"), "utf-8")
    run("--root", dinner, "index")
    beside = run("--root", dinner, "verify", stdin=quote)
    assert (beside.code, beside.out.split()[0]) == (0, "unchanged")
    assert "sightings.yaml:1: harbour-dinner: the reviewed paragraph is no longer as it was" in beside.err
    asked = run("--root", dinner, "verify", "corpus/sightings.yaml")
    assert asked.code == 1
    assert asked.out.splitlines() == ["changed    harbour-dinner", "    together · Ada Byrne, Max Cole · Harbour Rooms"]
    found = json.loads(run("--root", dinner, "verify", "corpus/sightings.yaml", "--format", "json").out)["reviews"]
    assert [(each["status"], each["people"]) for each in found] == [("changed", ["Ada Byrne", "Max Cole"])]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("- article: a\n  people: [Ada Byrne, Max Cole]\n  stance: together\n", 1, "needs `article:` and `paragraph:`"),
        ("- article: a\n  paragraph: b\n  people: [Ada Byrne]\n  stance: present\n", 1, "two people, or about one"),
        ("- article: a\n  paragraph: b\n  people: [A, B]\n  stance: seen\n", 1, "its stance is together"),
        ("- article: a\n  paragraph: b\n  people: [A, B]\n  stance: together\n  when: soon\n", 1, "soon"),
        ("- article: a\n  paragraph: b\n  people: Ada\n  stance: together\n", 1, "about two people"),
        ("- artcle: a\n", 1, "a record has no 'artcle'"),
        ("people\n", 1, "not a list of records"),
        ("- [\n", 2, "not YAML"),
    ],
)
def test_records_that_say_nothing_are_named_by_line(dinner: Path, text: str, line: int, what: str) -> None:
    (dinner / "corpus" / "sightings.yaml").write_text(text, "utf-8")
    with Archive.open(dinner) as archive:
        problem = next(each for each in archive.index().problems if "sightings.yaml" in each.path)
        assert (problem.path, problem.line) == ("corpus/sightings.yaml", line)
        assert what in problem.what
        with pytest.raises(SettingsError, match="nothing can be added until this is fixed"):
            archive.review_sighting("harbour-dinner", ("Ada Byrne", "Max Cole"), "together", (0, 5))
        assert (dinner / "corpus" / "sightings.yaml").read_text("utf-8") == text


def test_a_review_that_says_nothing_is_refused(dinner: Path) -> None:
    with Archive.open(dinner) as archive:
        with pytest.raises(UsageError, match="two people, or about one and a venue"):
            archive.review_sighting("harbour-dinner", ("Ada Byrne",), "present", (0, 5))
        with pytest.raises(UsageError, match="write the date"):
            archive.review_sighting("harbour-dinner", ("Ada Byrne", "Max Cole"), "together", (0, 5), when="later")
    assert run("--root", dinner, "seen", "Ada Byrne", "--review").code == 2
    assert not (dinner / "corpus" / "sightings.yaml").exists()
