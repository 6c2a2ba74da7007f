"""The labelled passages in `fixtures/sightings`: training data for the judge of who was together with whom.

Each file is a list of passages: `id`, `style`, `date` (of the article, or null), `title`, `text`, the `people` and
`venues` it names, and `rows`. A row is what the passage says of one occasion: `who` (two people, or one with a
`venue`), `stance` (one of `STANCES`), `when` (EDTF or null), its `basis` (whether a word of the `text` or the date
of the `article` gives it, or `none`) and the sentence of the text that is its `evidence`.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive.model.dates import parse_date
from archive.model.sightings import STANCES
from archive.text.sentences import sentences

FILES = sorted((Path(__file__).parent / "fixtures" / "sightings").glob("*.json"))
PASSAGES = [passage for file in FILES for passage in json.loads(file.read_text("utf-8"))]

each_passage = pytest.mark.parametrize("passage", PASSAGES, ids=[passage["id"] for passage in PASSAGES])

#: Words before a name that are no first name, so that "the Queen" does not name Queen Ingeborg alone.
TITLES = {"King", "Queen", "Prince", "Princess", "President", "Premier", "Count", "Countess", "Duke", "Lord", "Lady"}


def is_edtf(date: str) -> bool:
    """Whether `date` is a date or an interval, of which one end may be open."""
    start, slash, end = date.partition("/")
    if slash and ".." in (start, end):
        date = end if start == ".." else start
    try:
        return parse_date(date) == date
    except ValueError:
        return False


def people_named(sentence: str, passage: dict[str, Any]) -> list[str]:
    """Those of the passage whom a sentence names: by the full name, or by a first or last name nobody shares."""
    people = passage["people"]
    for venue in sorted(passage["venues"], key=len, reverse=True):
        sentence = re.sub(rf"(?<!\w){re.escape(venue)}(?!\w)", "·", sentence)
    named = set()
    for person in sorted(people, key=len, reverse=True):
        without = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", "·", sentence)
        if without != sentence:
            named.add(person)
        sentence = without
    bearers = Counter(word for person in people for word in set(person.split()) | set(re.split(r"[\s-]", person)))
    for person in people:
        for word in {person.split()[0], person.split()[-1]} - TITLES:
            if bearers[word] == 1 and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", sentence):
                named.add(person)
    return [person for person in people if person in named]


def test_there_are_passages_each_with_its_own_id() -> None:
    assert FILES
    assert [name for name, times in Counter(passage["id"] for passage in PASSAGES).items() if times > 1] == []
    assert [text for text, times in Counter(passage["text"] for passage in PASSAGES).items() if times > 1] == []


@each_passage
def test_passage_is_well_formed(passage: dict[str, Any]) -> None:
    assert list(passage) == ["id", "style", "date", "title", "text", "people", "venues", "rows"]
    assert passage["date"] is None or is_edtf(passage["date"])
    for name in passage["people"] + passage["venues"]:
        assert name in passage["text"]
    assert len(set(passage["people"])) == len(passage["people"]) >= 2
    assert len(set(passage["venues"])) == len(passage["venues"])


@each_passage
def test_rows_are_well_formed(passage: dict[str, Any]) -> None:
    for row in passage["rows"]:
        assert list(row) == ["who", "venue", "stance", "when", "basis", "evidence"]
        assert row["stance"] in STANCES
        assert set(row["who"]) <= set(passage["people"])
        assert len(set(row["who"])) == len(row["who"])
        assert len(row["who"]) == 2 or (len(row["who"]) == 1 and row["venue"])
        if row["stance"] in ("together", "present"):
            assert len(row["who"]) == {"together": 2, "present": 1}[row["stance"]]
        assert row["venue"] is None or row["venue"] in passage["venues"]
        assert row["evidence"] in passage["text"]
        assert "\n" not in row["evidence"]
        assert row["basis"] in ("text", "article", "none")
        assert (row["when"] is None) == (row["basis"] == "none")
        assert row["when"] is None or is_edtf(row["when"])
        if row["basis"] == "article":
            assert row["when"] == passage["date"]


@each_passage
def test_no_row_says_again_what_another_says(passage: dict[str, Any]) -> None:
    rows = passage["rows"]
    keys = [(frozenset(row["who"]), row["venue"], row["stance"], row["when"]) for row in rows]
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    at_once = {
        (person, row["venue"], row["when"]) for row in rows if row["stance"] == "together" for person in row["who"]
    }
    for row in rows:  # two people together at a venue were each present there
        if row["stance"] == "present":
            assert (row["who"][0], row["venue"], row["when"]) not in at_once


@each_passage
def test_no_pair_is_both_together_and_absent_at_one_occasion(passage: dict[str, Any]) -> None:
    occasions: dict[str, set[object]] = {"together": set(), "absent": set()}
    for row in passage["rows"]:
        if row["when"] and row["stance"] in occasions:
            occasions[row["stance"]].add((frozenset(row["who"]), row["venue"], row["when"]))
    assert occasions["together"] & occasions["absent"] == set()


@each_passage
def test_every_two_people_of_a_sentence_have_a_row(passage: dict[str, Any]) -> None:
    labelled = {frozenset(row["who"]) for row in passage["rows"]}
    for start, end in sentences(passage["text"]):
        for pair in itertools.combinations(people_named(passage["text"][start:end], passage), 2):
            assert frozenset(pair) in labelled, passage["text"][start:end]
