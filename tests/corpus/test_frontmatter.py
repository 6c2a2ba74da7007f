import time
from pathlib import Path

import pytest

from archive.corpus.front_matter import split

from .helpers import article, problem


def test_parts_know_their_lines() -> None:
    assert split("---\ntitle: T\n---\nText\n") == ("title: T\n", 2, "Text\n", 4)
    assert split("\n\n---\na: b\nc: d\n...\n\nText") == ("a: b\nc: d\n", 4, "\nText", 7)
    assert split("Text\n---\n") == (None, 1, "Text\n---\n", 1)
    assert split("---\n---\n") == ("", 2, "", 3)


@pytest.mark.parametrize(
    ("front", "line", "what"),
    [
        ("a: &x [l]\nb: [*x, *x]", 2, "aliases"),
        ("a: 1\nb: " + "[" * 30_000, 3, "16 deep"),
        ("a: 1\na: 2", 3, "given twice"),
        ("title: T\n\ndate: 2016-02-30", 4, "no day 30"),
        ("x: !!python/object/apply:os.system [ls]", 2, "the tag"),
        ("title: 'T", 3, "not YAML"),
        ("a: \tb\n\tc", 3, "not YAML"),
        ("just text", 2, "`key: value` lines"),
        ("[a, b]", 2, "`key: value` lines"),
        ("x: 1\ntitle:\n  a: b", 4, "one piece of text"),
        ("people: [a, [b]]", 2, "not plain text"),
        ("Person: a\npeople: b", 3, "both 'Person' and 'people'"),
        ("a: b\n" + "k" * 101 + ": x", 3, "over 100 characters"),
        ("a: " + "x" * 70_000, 2, "over 64 KiB"),
    ],
)
def test_hostile_front_matter_is_one_problem_with_its_line(
    tmp_path: Path, front: str, line: int, what: str
) -> None:
    began = time.perf_counter()
    found = problem(tmp_path, f"---\n{front}\n---\nTitle\n\nText")
    assert time.perf_counter() - began < 1
    assert found.line == line
    assert what in found.what


def test_an_alias_bomb_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairs)
    assert "aliases" in problem(tmp_path, f"---\n{bomb}---\nText").what


def test_every_scalar_stays_the_text_that_was_written(tmp_path: Path) -> None:
    found = article(tmp_path, "---\ntitle: 017\npeople: [No, 12:30:45, 2023-10-05, 1e3]\nx: ~\ny: yes\n---\n")
    assert found.title == "017"
    assert found.people == ("No", "12:30:45", "2023-10-05", "1e3")
    assert found.extra == {"y": "yes"}


def test_blank_and_empty_lists_of_people(tmp_path: Path) -> None:
    found = article(tmp_path, "---\npeople:\nvenues: []\n---\nTitle")
    assert found.inferred == ("id", "title", "date", "people")
