"""Occasions: the guest list of an evening, put together from what articles say of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive, NotFoundError, UsageError

from .cli.support import Result, run
from .test_encounters import archive_of

PEOPLE = "".join(f"- name: {name}\n" for name in ("Odile Renard", "Tomas Varga", "Mina Okoye", "Helena Strand"))
VENUES = "- name: Brasserie Lune\n- name: Opera Ball\n"
PARTY = """---
title: A party
date: 2011-06-13
---
Odile Renard dined with Tomas Varga at Brasserie Lune on Saturday, and Helena Strand joined them for coffee. Mina Okoye
did not attend. Everybody else stayed until the lamps were put out, and the bill was paid by somebody who has asked not
to be named in this column or in any other.
"""
BALL = """---
title: A ball
date: 2010-02-09
---
Odile Renard danced with Helena Strand at the Opera Ball on Friday.
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    copy = PARTY.replace("A party", "The party, as printed elsewhere")
    return archive_of(tmp_path, PEOPLE, VENUES, party=PARTY, ball=BALL, wire=copy)


def test_an_occasion_has_its_date_place_guests_and_absentees(archive: Archive) -> None:
    party, ball = archive.occasions()
    assert (party.when, party.when_text, party.venue) == ("2011-06-11", "Saturday", "Brasserie Lune")
    assert set(party.people) == {"Odile Renard", "Tomas Varga", "Helena Strand"}
    assert party.absent == ("Mina Okoye",)
    assert len(party.sources) == 2  # printed twice, and one occasion
    assert (ball.when, ball.venue, set(ball.people)) == ("2010-02-05", "Opera Ball", {"Odile Renard", "Helena Strand"})


def test_occasions_of_a_venue_and_of_years(archive: Archive) -> None:
    assert [each.venue for each in archive.occasions("opera ball")] == ["Opera Ball"]
    assert [each.venue for each in archive.occasions(year=2011)] == ["Brasserie Lune"]
    assert archive.occasions("Opera Ball", year=2011) == ()
    with pytest.raises(NotFoundError, match="the venue 'Nowhere'"):
        archive.occasions("Nowhere")


def test_a_row_that_two_articles_tell_alike_is_one_with_two_sources(archive: Archive) -> None:
    found = archive.encounters("Odile Renard", "Tomas Varga")
    assert [(row.stance, row.venue, len(row.sources)) for row in found.rows] == [("together", "Brasserie Lune", 2)]
    assert found.counts == {"together": 1}
    (absent,) = archive.encounters("Odile Renard", "Mina Okoye").rows
    assert (absent.stance, absent.absent, absent.when) == ("absent", ("Mina Okoye",), "2011-06-11")


def test_facets_of_a_person_count_sightings(archive: Archive) -> None:
    company = archive.seen_facet("seen_with", "Odile Renard")  # the party was printed twice, and counts once
    assert {value.value: value.count for value in company.values} == {"Helena Strand": 2, "Tomas Varga": 1}
    places = archive.seen_facet("seen_at", "Odile Renard", year=2010)
    assert [(value.value, value.count) for value in places.values] == [("Opera Ball", 1)]
    with pytest.raises(UsageError, match="seen_with or seen_at"):
        archive.seen_facet("seen", "Odile Renard")


def test_the_sightings_of_an_article(archive: Archive) -> None:
    (article,) = archive.articles("ball")
    rows = archive.sightings(article.id)
    assert {(row.stance, row.people[0]) for row in rows} == {
        ("present", "Odile Renard"), ("present", "Helena Strand"), ("together", "Odile Renard"),
    }  # fmt: skip


def test_facets_of_sightings_on_the_command_line(archive: Archive) -> None:
    def facets(*said: str) -> Result:
        return run("--root", archive.root, "facets", *said)

    assert facets("person", "--seen", "Odile Renard").out.splitlines() == ["Helena Strand  2", "Tomas Varga    1"]
    found = json.loads(facets("venue", "--seen", "odile renard", "--year", "2010", "--format", "json").out)
    assert (found["facet"], found["seen"], found["missing"], found["by_rules"]) == ("seen_at", "odile renard", 0, 0)
    assert [(each["value"], each["count"]) for each in found["values"]] == [("Opera Ball", 1)]
    near = facets("seen_with", "--seen", "Odile Renard", "--find", "helna", "--format", "csv").out
    assert near.splitlines()[1:] == ["Helena Strand,2,false"]
    both = facets("person", "--seen", "Odile Renard", "--person", "Tomas Varga").out
    assert both.splitlines() == ["[x] Tomas Varga    1", "    Helena Strand  1"]
    refused = facets("person", "dinner", "--seen", "Odile Renard")
    assert (refused.code, refused.out) == (2, "")
    assert "sightings are counted of all articles; narrow them by" in refused.err
    assert facets("person", "--seen", "Odile Renard", "--year", "1999").code == 1


def test_every_answer_counts_an_occasion_that_was_printed_twice_once(archive: Archive) -> None:
    (companion,) = [row for row in archive.companions("Odile Renard").rows if row.person == "Tomas Varga"]
    assert (companion.articles, companion.sightings, companion.first) == (2, 1, "2011-06-11")
    made = archive.certificate("Odile Renard", "Tomas Varga")
    assert (made.rows, made.articles) == (1, 1)
    seen = {row.period: row.seen for row in archive.timeline(person=["Odile Renard"])}
    assert seen == {"2010": 1, "2011": 1}
    both = archive.timeline(person=["Odile Renard", "Tomas Varga"], all_people=True, by="month")
    assert {row.period: (row.hits, row.seen) for row in both if row.hits} == {"2011-06": (2, 1)}
    assert {row.seen for row in archive.timeline(person=["Odile Renard", "Tomas Varga"])} == {None}


MEMOIR = """---
title: A memoir
date: 2015-05-01
---
Odile Renard danced with Tomas Varga at the Opera Ball in 2003. Tomas Varga did not attend the Opera Ball in April 2015.
"""
UNDATED = "Notes\n\nOdile Renard dined with Mina Okoye.\n"


def test_a_timeline_gaps_and_the_last_encounter_go_by_the_occasion(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, PEOPLE, VENUES, ball=BALL, memoir=MEMOIR, notes=UNDATED)
    rows = archive.timeline(person=["Odile Renard"])
    assert [(row.period, row.hits, row.held, row.seen) for row in rows if row.hits or row.seen] == [
        ("2003", 0, 0, 1), ("2010", 1, 1, 1), ("2015", 1, 1, 0), ("undated", 1, 1, 1),
    ]  # fmt: skip
    gaps = archive.gaps("Odile Renard")
    assert (gaps.undated, gaps[0].after, gaps[0].before) == (1, "2003", "2010-02-05")
    last = run("--root", archive.root, "seen", "Tomas Varga", "--last")
    assert "2003" in last.out
    assert "did not attend" not in last.out
    said = run("--root", archive.root, "seen", "Odile Renard", "--gaps").out
    assert "1 sighting without a date may lie in any of these" in said
