"""German through the door for a second language: thirty sentences written for it, in an article of a Monday.

`told` has the pairs that the sentence says anything of, those absent, and of sentences with one person there, who was
where. What is labelled is what a reader takes from the sentence.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive
from archive.encounters.judging import judge, rules_of
from archive.model.article import Mention
from archive.model.sightings import Sighting

from ..support import REPOSITORY
from ..test_encounters import archive_of

SENTENCES = json.loads((REPOSITORY / "tests" / "fixtures" / "german_sightings.json").read_text("utf-8"))
PEOPLE = ("Anna Brandt", "Karl Wessel", "Eva Roth")
VENUES = {"Palais Lindenhof": "Palais Lindenhof", "Hotel Adler": "Hotel Adler", "Alte": "Alte Oper"}
MONDAY = "2011-06-13"


def mentions(text: str) -> list[Mention]:
    found = [("person", name, name) for name in PEOPLE]
    found += [("venue", "Palais Lindenhof", "Palais Lindenhof"), ("venue", "Hotel Adler", "Hotel Adler")]
    found += [("venue", "Alte Oper", form) for form in ("Alte Oper", "Alten Oper")]
    placed = [
        Mention(facet, name, form, at, at + len(form)) for facet, name, form in found if (at := text.find(form)) >= 0
    ]
    return sorted(placed, key=lambda each: each.start)


def told(each: Sighting) -> list[str | None]:
    if each.stance == "absent":
        return ["absent", *each.absent]
    if each.stance == "present":
        return ["present", *each.people, each.venue]
    where = [each.venue, each.when] if each.stance == "together" else []
    return [each.stance, *sorted(each.people), *where]


def found_in(text: str) -> list[list[str | None]]:
    found = [told(each) for each in judge("", text, MONDAY, mentions(text), language="de")]
    paired = {name for each in found if each[0] == "together" for name in each[1:3]}
    return [each for each in found if each[0] != "present" or each[1] not in paired]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda each: each["text"][:40])
def test_a_sentence_says_what_a_reader_takes_from_it(sentence: dict[str, object]) -> None:
    def distinct(rows: object) -> set[tuple[str, ...]]:
        return {tuple(map(str, row)) for row in rows}  # type: ignore[attr-defined]

    assert distinct(found_in(str(sentence["text"]))) == distinct(sentence["told"])


def test_an_article_in_german_has_sightings_and_the_judge_of_pairs_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.encounters.encoder.judge.load_judge", lambda: pytest.fail("the judge was asked"))
    text = f"---\nlanguage: de\ndate: {MONDAY}\n---\nEin Ball\n\n{SENTENCES[0]['text']}\n"
    french = text.replace("de\n", "fr\n").replace("Ein Ball", "Un bal")
    people = "".join(f"- name: {name}\n" for name in PEOPLE)
    with archive_of(tmp_path, people, "- name: Palais Lindenhof\n", ball=text, bal=french) as archive:
        german, other = _rows(archive)
    assert (german.stance, german.grade, german.venue, german.when) == (
        "together", "stated", "Palais Lindenhof", "2011-06-11",
    )  # fmt: skip
    assert (other.stance, other.level) == ("mentioned", "sentence")
    assert rules_of("de-AT") is rules_of("german")
    assert rules_of("fr") is None


def _rows(archive: Archive):  # type: ignore[no-untyped-def]
    rows = archive.encounters("Anna Brandt", "Karl Wessel", stance="all")
    assert rows.by_rules == 0
    return sorted(rows.rows, key=lambda row: row.stance != "together")
