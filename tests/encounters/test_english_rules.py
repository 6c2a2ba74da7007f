"""Where the rules for English place people: whose venue is whose, who was away, and who can have been nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.encounters.test_second_judge import FixedJudge, judged_by
from tests.support import make_archive

ADA, MAX, IDA, TOM = "Ada Byrne", "Max Cole", "Ida Holt", "Tom Reed"
VENUES = ("Vale Hall", "Quay House", "Elm Court")

#: id: (text, two people, their stance, its venue)
TOLD: dict[str, tuple[str, str, str, str, str | None]] = {
    "later-venue-of-another": (
        "Ada Byrne was installed as warden of Vale Hall on Sunday. Max Cole preached, and Ada Byrne and Max Cole cut "
        "the cake together.\n\nIda Holt spent the evening at Quay House.",
        ADA, MAX, "together", "Vale Hall",
    ),
    "spoken-from-elsewhere": (
        "Vale Hall reopened on Saturday. Ada Byrne cut the ribbon with Max Cole. Tom Reed told us by telephone from "
        "Quay House that he was glad.",
        ADA, MAX, "together", "Vale Hall",
    ),
    "a-place-for-each": (
        "Ada Byrne breakfasted with Max Cole at Vale Hall, inspected a boat at Quay House with Ida Holt, and in the "
        "evening watched a play at Elm Court with Tom Reed.",
        ADA, IDA, "together", "Quay House",
    ),
    "bridge-of": (
        "Ada Byrne met Max Cole at Quay House on Friday. She watched a race with Ida Holt from the roof of Elm Court.",
        ADA, IDA, "together", "Elm Court",
    ),
    "not-at": (
        "The talks were held not at Vale Hall but in Quay House on Friday. Ada Byrne shook hands with Max Cole.",
        ADA, MAX, "together", "Quay House",
    ),
    "but-elsewhere": (
        "Vale Hall was reopened on Friday. Tom Reed should have cut the ribbon but was kept in Quay House by a strike, "
        "so it was cut by Ada Byrne, who arrived with Max Cole.",
        ADA, MAX, "together", "Vale Hall",
    ),
    "but-not-by": (
        "Ada Byrne was joined at Vale Hall on Friday by the mayor, Max Cole, but not by the local MP, Ida Holt.",
        ADA, IDA, "absent", "Vale Hall",
    ),
    "in-place-of": (
        "Ada Byrne opened the fair at Vale Hall on Friday in the place of her father, Tom Reed. She walked round it "
        "with Max Cole.",
        ADA, TOM, "absent", "Vale Hall",
    ),
    "next-paragraph": (
        "Ada Byrne and Max Cole dined at Vale Hall on Friday.\n\nIda Holt did not attend.",
        ADA, IDA, "absent", "Vale Hall",
    ),
    "vacationing": (
        "Ada Byrne was sworn in at Vale Hall on Friday and shook hands with Max Cole. Ida Holt was vacationing in "
        "Florida.",
        ADA, IDA, "absent", "Vale Hall",
    ),
    "dismissed": (
        "Ada Byrne held talks at Vale Hall on Friday. She dismissed reports that she had secretly met Tom Reed last "
        "week.",
        ADA, TOM, "expected", None,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root: Path = tmp_path_factory.mktemp("rules")
    (root / "corpus").mkdir()
    (root / "people.yaml").write_text("".join(f"- name: {name}\n" for name in (ADA, MAX, IDA, TOM)), "utf-8")
    (root / "venues.yaml").write_text("".join(f"- name: {name}\n" for name in VENUES), "utf-8")
    texts = {name: case[0] for name, case in TOLD.items()}
    texts["dateline"] = "TOLVO, May 9 (Agency) - Ada Byrne spent Thursday with Max Cole. They dined at Vale Hall."
    articles = [{"id": name, "title": "Notes", "date": "2020-05-10", "body": text} for name, text in texts.items()]
    with judged_by(None), make_archive(root, articles) as archive:
        yield archive


@pytest.mark.parametrize("name", TOLD)
def test_stance_and_venue_are_of_the_occasion(told: Archive, name: str) -> None:
    _, first, second, stance, venue = TOLD[name]
    rows = [row for row in told.encounters(first, with_=second, stance="all").rows if row.id == name]
    assert [(row.stance, row.venue if venue else None) for row in rows] == [(stance, venue)]


def test_when_a_report_was_filed_is_not_when_it_plays(told: Archive) -> None:
    rows = [row for row in told.encounters(ADA, with_=MAX).rows if row.id == "dateline"]
    assert {row.when for row in rows} == {"2020-05-07"}


def test_nobody_is_seen_at_their_own_funeral_whatever_a_judge_says(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "people.yaml").write_text(f"- name: {ADA}\n- name: {IDA}\n", "utf-8")
    (tmp_path / "venues.yaml").write_text("- name: Vale Hall\n", "utf-8")
    body = "Ida Holt, warden of Vale Hall for years, died on Sunday. Ada Byrne was at the funeral on Friday."
    sure = FixedJudge({frozenset((IDA, "Vale Hall")): (0.95, 0), frozenset((ADA, IDA)): (0.95, 0)})
    articles = [{"id": "a", "title": "Notes", "date": "2020-05-10", "body": body}]
    with judged_by(sure), make_archive(tmp_path, articles) as archive:
        assert archive.encounters(IDA, at="Vale Hall").rows == ()
        assert archive.encounters(ADA, with_=IDA).rows == ()


LISTS = {
    "guests": ("Vale Hall was crowded on Friday. The guests included:", ["Ada Byrne", "Max Cole"], True),
    "minutes": ("## Present", ["Ada Byrne (chair)", "Max Cole"], True),
    "following": ("The following were present at Vale Hall on Friday.", ["Ada Byrne", "Max Cole"], True),
    "no-fewer": ("No fewer than 300 guests came, among them:", ["Ada Byrne", "Max Cole"], True),
    "nobody": ("No guests came:", ["Ada Byrne", "Max Cole"], False),
    "givers": ("Thanks go to those who gave:", ["Ada Byrne", "Max Cole"], False),
    "composers": ("They played works by:", ["Ada Byrne", "Max Cole"], False),
    "apologies": ("## Apologies for absence", ["Ada Byrne", "Max Cole"], False),
    "invited": ("These guests are expected at the fair:", ["Ada Byrne", "Max Cole"], False),
    "guests-who-write": (
        "Vale Hall was crowded on Friday. The guests included:",
        ["Ada Byrne, author", "Max Cole"],
        True,
    ),
    "staff": ("It was a fine issue. Staff:", ["Editor: Ada Byrne", "Printers: Max Cole, Ida Holt"], False),
    "contents": ("In this issue:", ["A dinner at Vale Hall, by Ada Byrne", "Spring, by Max Cole"], False),
    "nothing": ("Friends of the Gazette", ["Ada Byrne", "Max Cole"], False),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_who_was_there_only_where_it_is_one_of_guests(tmp_path: Path, name: str) -> None:
    lead, items, there = LISTS[name]
    rows = "".join(f"- {item}\n" for item in items)
    with make_archive(tmp_path) as archive:
        head = "---\npeople: [Ada Byrne, Max Cole, Ida Holt]\nvenues: [Vale Hall]\ndate: 2020-05-10\n---\n"
        (archive.root / "corpus" / "list.md").write_text(f"{head}# Gazette\n\n{lead}\n\n{rows}")
        archive.index()
        said = archive.sightings("2020-05-10-gazette")
        assert {each.stance for each in said} <= ({"present", "together"} if there else set())
        assert {person for each in said for person in each.people} == ({ADA, MAX} if there else set())


def test_the_items_of_a_diary_are_read_one_by_one(tmp_path: Path) -> None:
    with make_archive(tmp_path) as archive:
        head = "---\npeople: [Ada Byrne, Max Cole, Ida Holt]\nvenues: [Vale Hall]\ndate: 2020-05-10\n---\n"
        lunch = "4 May: lunch with Ada Byrne and Max Cole, the writer, at Vale Hall"
        rows = f"- {lunch}\n- 5 May: Ida Holt telephoned Max Cole\n"
        (archive.root / "corpus" / "diary.md").write_text(f"{head}# Diary\n\n{rows}")
        archive.index()
        (row,) = archive.encounters(ADA, MAX).rows
        assert (row.stance, row.when, row.venue) == ("together", "2020-05-04", "Vale Hall")
        assert not archive.encounters(IDA, MAX, stance=("together",)).rows
