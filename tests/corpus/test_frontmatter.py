import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.config.yaml_loader import load
from archive.corpus import front_matter
from archive.corpus.front_matter import MetadataBlock, split

from .helpers import article, problem, warnings


def parts(text: str) -> tuple[dict | None, str, int]:
    front, body, line = split(text, "x.md")
    return None if front is None else front.values, body, line


def test_parts_know_their_lines() -> None:
    assert parts("---\ntitle: T\n---\nText\n") == ({"title": "T"}, "Text\n", 4)
    assert parts("\n\n---\na: b\nc: d\n...\n\nText") == ({"a": "b", "c": "d"}, "\nText", 7)
    assert parts("Text\n---\n") == (None, "Text\n---\n", 1)
    assert parts("---\n---\n") == ({}, "", 3)
    assert parts("+++\na = 1\n+++\nText") == ({"a": "1"}, "Text", 4)
    assert parts('{"a": 1}\n\nText') == ({"a": "1"}, "\n\nText", 1)
    assert parts("Title: T\nTags: a,\n  b\n\nText") == ({"Title": "T", "Tags": "a, b"}, "\nText", 4)


@pytest.mark.parametrize(
    "text",
    [
        "---yaml\ntitle: T\nn: 1\npeople: [A, B]\n---\nText",
        '+++\ntitle = "T"\nn = 1\npeople = ["A", "B"]\n+++\nText',
        "---toml\ntitle = 'T'\nn = 1\npeople = [\n'A',\n'B' ]\n---\nText",
        '{"title": "T", "n": 1, "people": ["A", "B"]}\nText',
        '---json\n{"title": "T", "n": 1, "people": ["A", "B"]}\n---\nText',
        ';;;\n{"title": "T",\n"n": 1, "people": ["A", "B"]}\n;;;\nText',
        "Title: T\nN: 1\nPeople: A, B\n\nText",
        "title: T\nn: 1\npeople: A; B\n\nText",
    ],
)
def test_every_form_declares_the_same(tmp_path: Path, text: str) -> None:
    found = article(tmp_path, text)
    assert (found.title, found.people, found.extra, found.body) == ("T", ("A", "B"), {"n": "1"}, "Text")
    assert warnings(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Note: it was cold.\nNobody came.\n\nText.",
        "Note: it was cold.\n\nText.",
        "Note: it was cold.\nNote: it was late.\n\nText.",
        "{{ macro }}\n\nText.",
        "{not json}\n\nText.",
        "{}\n\nText.",
        "---\n\nA line above the text.\n",
    ],
)
def test_text_that_only_looks_like_metadata_is_text(text: str) -> None:
    assert parts(text) == (None, text, 1)


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
        ("people: {a: b}", 2, "not a mapping"),
        ("Title: a\ntitle: b", 3, "both 'Title' and 'title'"),
        ("a: b\n" + "k" * 101 + ": x", 3, "over 100 characters"),
        ("date: 1998-??-04", 2, "not a date"),
    ],
)
def test_what_is_not_understood_is_a_warning_with_its_line(tmp_path: Path, front: str, line: int, what: str) -> None:
    text = f"---\n{front}\n---\n# Title\n\nText"
    began = time.perf_counter()
    assert "Text" in article(tmp_path, text).body
    assert time.perf_counter() - began < 1
    found = warnings(tmp_path, text)[0]
    assert found.line == line
    assert what in found.what


def test_a_block_that_is_too_large_is_a_problem(tmp_path: Path) -> None:
    found = problem(tmp_path, f"---\na: {'x' * 70_000}\n---\nTitle\n\nText")
    assert (found.line, found.what) == (2, "the block is over 64 KiB")


def test_one_bad_line_costs_no_other(tmp_path: Path) -> None:
    text = "---\ntitle: Storm: stay ashore\ndate: 2016\npeople: [Ada\nvenues: [Pier]\nx: 'a\n---\nText"
    found = article(tmp_path, text)
    assert (found.title, found.date, found.venues) == ("Storm: stay ashore", "2016", ("Pier",))
    assert found.people == ("[Ada",)
    assert [each.line for each in warnings(tmp_path, text)] == [5, 7]


def test_a_title_with_a_colon_is_no_matter_for_a_warning(tmp_path: Path) -> None:
    text = "---\ntitle: Storm warning: stay ashore\npeople: [Ada]\n---\nText"
    assert article(tmp_path, text).title == "Storm warning: stay ashore"
    assert warnings(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('+++\ntitle = "A\nx = 1\n+++\nText', 2, "not TOML"),
        ('---json\n{"title": }\n---\nText', 2, "not JSON"),
        (";;;\n[1]\n;;;\nText", 2, "not a JSON object"),
        ("---json\n" + "[" * 20_000 + "\n---\nText", 2, "nested too deep"),
        ("+++\nx = " + "[" * 20_000 + "\n+++\nText", 2, "not TOML"),
    ],
)
def test_a_block_that_is_broken_is_text(tmp_path: Path, text: str, line: int, what: str) -> None:
    assert article(tmp_path, text).body.endswith("Text")
    (found,) = warnings(tmp_path, text)
    assert (found.line, what in found.what) == (line, True)


def test_an_alias_bomb_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairs)
    assert "aliases" in warnings(tmp_path, f"---\n{bomb}---\nText")[0].what


def test_a_block_that_is_never_closed_ends_at_the_first_blank_line(tmp_path: Path) -> None:
    text = "---\ntitle: The Ball\npeople: Ada\n\nText.\n"
    found = article(tmp_path, text)
    assert (found.title, found.people, found.body, found.line) == ("The Ball", ("Ada",), "Text.", 5)
    (warning,) = warnings(tmp_path, text)
    assert str(warning) == (
        "corpus/x.md:1: the front matter that begins on line 1 is never closed: it is taken to end at the first blank"
        " line; add a line --- after it"
    )


def test_every_scalar_stays_the_text_that_was_written(tmp_path: Path) -> None:
    found = article(tmp_path, "---\ntitle: 017\npeople: [No, 12:30:45, 2023-10-05, 1e3]\nx: ~\ny: yes\n---\n")
    assert found.title == "017"
    assert found.people == ("No", "12:30:45", "2023-10-05", "1e3")
    assert found.extra == {"y": "yes"}


def test_blank_and_empty_lists_of_people(tmp_path: Path) -> None:
    found = article(tmp_path, "---\npeople:\nvenues: []\n---\nTitle")
    assert found.inferred == ("id", "title", "date", "people")


PARTS = """
a b9 title date people tags 2016-05 2016 null ~ No 12:30 x:y http://x.y A.B O'Dowd Café , , ; : # ' " [ ] { } - ? ! & *
"null" "" "a, b" "#x:y" "Café" | @ % ` a# #b x: (y) 字 _ 0x1 +1 .5 1e3 yes = < > \\
"""
_parts = st.sampled_from(PARTS.split())
_joints = st.sampled_from([" ", ", ", ", ", "", ","])
_rows = st.tuples(st.sampled_from(["", "[", "- "]), st.lists(_parts, max_size=4), _joints)
_lines = st.tuples(st.sampled_from(["a: ", "b: ", "title: ", "date:", "", "c:  "]), _rows).map(
    lambda line: f"{line[0]}{line[1][0]}{line[1][2].join(line[1][1])}{']' if line[1][0] == '[' else ''}"
)


@settings(deadline=None, max_examples=500)
@given(text=st.lists(_lines, min_size=1, max_size=4).map("\n".join))
@example(text="a: [a , a]")
@example(text='a: "x: \'y\' #z"\nb: ["null", null, " a, b ", c d, ""]')
def test_plain_blocks_are_read_as_the_parser_reads_them(text: str) -> None:
    plain = MetadataBlock("x.md")
    if not front_matter._read_plain_yaml(plain, text, 1):
        return
    root = load(text)
    assert isinstance(root.value, dict)
    assert plain.values == {key: node.plain() for key, node in root.value.items()}
    assert plain.lines == {key: node.line for key, node in root.value.items()}


def test_most_blocks_are_plain() -> None:
    text = "title: The Ball, a night/day (so)\ndate: 2016-05-03\npeople: [Ada O'Quill, Zoë B.]\nurl: https://x.org/a=c"
    text += '\nvenues: ["The Hall: upstairs", X]\nplace: "a: b"'
    assert front_matter._read_plain_yaml(MetadataBlock("x.md"), text, 1)
    assert not front_matter._read_plain_yaml(MetadataBlock("x.md"), text.replace("Ball, ", "Ball: "), 1)
