import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.config.yaml_loader import load
from archive.corpus.serialize import to_markdown, to_record, to_yaml
from archive.errors import UsageError
from archive.model.article import Article

from .helpers import article, results

FULL = Article(
    id="the-ball",
    title="The Ball",
    body="One.\n\nTwo.",
    date="2016-05-03",
    people=("Ada Quill", "Bruno Marsh"),
    venues=("Pier Pavilion",),
    source="Gazette",
    authors=("Mo Lind",),
    url="https://x.org/a?b=c#d",
    tags=("a", "No"),
    language="en",
    extra={"desk": "017", "nested": {"a b": ("1", ())}},
    credits=("Getty Images",),
)
MARKDOWN = """\
---
title: The Ball
date: 2016-05-03
people:
- Ada Quill
- Bruno Marsh
venues:
- Pier Pavilion
source: Gazette
author: Mo Lind
url: https://x.org/a?b=c#d
tags:
- a
- "No"
language: en
id: the-ball
credits:
- Getty Images
desk: "017"
nested: {"a b": ["1", []]}
---

One.

Two.
"""


def again(root: Path, found: Article, name: str = "again.md") -> Article:
    """The article that reading gives after writing `found`, in its old place."""
    read = article(root, to_markdown(found), name)
    return replace(read, path=found.path, line=found.line)


def record_again(root: Path, found: Article) -> Article:
    """The same through a JSON record, which declares id, title and date."""
    read = article(root, json.dumps(to_record(found)), "again.jsonl")
    return replace(read, path=found.path, line=found.line)


def declared(found: Article) -> Article:
    """`found` as a record declares it."""
    known = {"id", "title", *(["date"] if found.date else [])}
    return replace(found, inferred=tuple(name for name in found.inferred if name not in known))


def test_markdown_is_written_for_people_to_read(tmp_path: Path) -> None:
    assert to_markdown(FULL) == MARKDOWN
    assert again(tmp_path, FULL) == FULL


def test_a_record_has_its_keys_in_order(tmp_path: Path) -> None:
    record = to_record(FULL)
    assert list(record) == (
        "id title date people venues source author url tags language desk nested credits body".split()  # noqa: SIM905
    )
    assert record["author"] == ["Mo Lind"]
    assert record["nested"] == {"a b": ["1", []]}
    assert record_again(tmp_path, FULL) == FULL


def test_what_is_absent_or_not_declared_is_left_out(tmp_path: Path) -> None:
    bare = article(tmp_path, "The Ball\n\nText.")
    assert to_markdown(bare) == "# The Ball\n\nText.\n"
    assert to_record(bare) == {"id": "the-ball", "title": "The Ball", "body": "Text."}
    empty = article(tmp_path, "---\npeople: []\n---\n# The Ball")
    assert to_markdown(empty) == "---\npeople: []\n---\n\n# The Ball\n"
    assert again(tmp_path, empty) == empty
    assert record_again(tmp_path, empty) == declared(empty)


def test_detected_names_are_not_made_declared_ones(tmp_path: Path) -> None:
    detected = replace(FULL, inferred=("people",))
    assert again(tmp_path, detected).people == ()
    assert "people" not in to_record(detected)


def test_a_date_from_a_file_name_is_written(tmp_path: Path) -> None:
    found = article(tmp_path, "The Ball\n\nText.", "2016-05 ball.md")
    assert again(tmp_path, found) == replace(found, inferred=("id", "title", "people", "venues"))
    assert record_again(tmp_path, found) == declared(found)


@pytest.mark.parametrize(
    "value",
    ["No", "null", "~", "", " ", "017", "1e3", "2023-10", "2023-10-05", "12:30:45", "a: b", "a #b", "a:", "@x", "- x",
     "#x", "'x'", '"x"', "\\n", "a\nb", "\ta", "{a}", "[a]", "*a", "&a", "!a", "%a", "|", ">", "?", "é", "字",
     "a\u0085b", "a\u2028b", "\x1b[31m", "\ufeffx", "a\n\u0303", "\x9f\u0307\u0307", "😀", "a'b", "yes", "Y", "=",
     "<<", ".5", "---", "...", "a - b", "x" * 5000, "a\u200db", "\u202eb", "\U000e0001", "\x0b\u0301"],
)  # fmt: skip
def test_every_value_reads_back_as_the_same_text(tmp_path: Path, value: str) -> None:
    found = article(tmp_path, json.dumps({"title": "T", "x": value, "y": [value], "z": {"a": value}}), "x.jsonl")
    assert found.extra["x"] == value
    assert again(tmp_path, found) == found
    assert record_again(tmp_path, found) == declared(found)
    front = to_markdown(found).split("---\n")[1]
    if value and "---" not in value:
        assert yaml.safe_load(front)["x"] == value  # other programs see the same text


@pytest.mark.parametrize(
    "body", ["", "---\nx\n---", "...", "# The Ball\n\nText.", "## the BALL", "    code", "# Other"]
)
@pytest.mark.parametrize("inferred", [(), ("title",)])
def test_bodies_that_look_like_something_else(tmp_path: Path, body: str, inferred: tuple[str, ...]) -> None:
    found = replace(FULL, body=body, inferred=inferred)
    assert again(tmp_path, found) == found
    assert record_again(tmp_path, found) == declared(found)


@pytest.mark.parametrize("title", ["# x", "**x**", "x" * 250, "---", "#", "*", "a #"])
def test_titles_that_look_like_something_else(tmp_path: Path, title: str) -> None:
    found = replace(FULL, title=title)
    assert again(tmp_path, found) == found
    same = again(tmp_path, replace(found, inferred=("title",)))
    assert (same.title, same.body) == (title, FULL.body)


def test_metadata_can_be_written_alone_as_for_a_sidecar() -> None:
    metadata = {"date": "2016-05", "title": "017", "people": (), "Desk Name": ("a: b",)}
    assert load(to_yaml(metadata)).plain() == metadata
    assert to_yaml({}) == ""


def test_metadata_that_front_matter_cannot_hold_are_refused() -> None:
    people = tuple(f"{number:0300}" for number in range(300))
    with pytest.raises(UsageError, match="over 64 KiB"):
        to_markdown(replace(FULL, people=people))


line_text = st.text(max_size=40).map(lambda text: " ".join(text.split()))
values: st.SearchStrategy[object] = st.recursive(
    st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
tricky = st.text(alphabet="#-=*_ ab:\n\t'\"\\.…/|", max_size=60)
bodies = st.one_of(
    st.text(max_size=200),
    tricky,
    st.lists(st.one_of(tricky, st.sampled_from(["Getty Images", "# T", "T", "x" * 250, "---", ""]))).map("\n\n".join),
)
records = st.fixed_dictionaries(
    {"body": bodies},
    optional={
        "title": line_text | tricky | st.just("T"),
        "date": st.sampled_from(["2016", "2016-05", "2016-05-03"]),
        "people": st.lists(line_text, max_size=3),
        "venues": st.lists(tricky, max_size=3),
        "source": line_text,
        "author": st.lists(line_text, max_size=2),
        "url": line_text,
        "tags": st.lists(line_text, max_size=3),
        "language": line_text,
        "id": st.sampled_from(["a", "x-1", "0017"]),
        "credits": st.lists(line_text, max_size=2),
        "text": values,
        "other": values,
        "x: y": values,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(record=records)
def test_any_record_survives_markdown_and_json(tmp_path: Path, record: dict[str, object]) -> None:
    for found in results(tmp_path, "x.jsonl", json.dumps(record)):
        if isinstance(found, Article):
            assert again(tmp_path, found) == found
            assert record_again(tmp_path, found) == declared(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(text=bodies)
def test_any_text_file_survives_markdown(tmp_path: Path, text: str) -> None:
    for found in results(tmp_path, "x.md", text.encode("utf-8", "replace")):
        if isinstance(found, Article):
            assert again(tmp_path, found) == found
            assert to_markdown(again(tmp_path, found)) == to_markdown(found)
