"""`archive export` of sightings: graphs, a table of edges, a timeline, and FollowTheMoney."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from archive.api import Archive

from .support import dinner_archive, run

ARTICLE = """---
id: harbour-dinner
title: Dinner at the Harbour Rooms
date: 1998-07-06
url: https://example.org/dinner
---

Ada Byrne met Max Cole at the Harbour Rooms on Saturday. They dined there until midnight.

Rosa Lind did not attend the dinner at the Harbour Rooms.

Ada Byrne wrote to Rosa Lind in May.
"""


@pytest.fixture
def dinner(tmp_path: Path) -> Path:
    """An archive of one article: two people met, a third was not there."""
    return dinner_archive(tmp_path, ARTICLE)


def _export(root: Path, form: str, *options: str) -> str:
    result = run("--root", root, "export", "--format", form, *options)
    assert result.code == 0, result.err
    return result.out


def test_edges_are_a_table_of_sightings(dinner: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(_export(dinner, "edges.csv"))))
    together = [row for row in rows if row["stance"] == "together"]
    assert [{row["source"], row["target"]} for row in together] == [{"Ada Byrne", "Max Cole"}]
    assert (together[0]["when"], together[0]["when_basis"], together[0]["when_text"]) == (
        "1998-07-04", "text", "Saturday",
    )  # fmt: skip
    assert together[0]["evidence"] == "Ada Byrne met Max Cole at the Harbour Rooms on Saturday."
    assert {row["target"] for row in rows if row["target_kind"] == "venue"} == {"Harbour Rooms"}
    assert not any("Rosa Lind" in (row["source"], row["target"]) for row in rows)


def test_stances_choose_what_is_exported(dinner: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(_export(dinner, "edges.csv", "--stance", "absent,contact"))))
    assert {row["stance"] for row in rows} == {"absent", "contact"}
    assert all("Rosa Lind" in (row["source"], row["target"]) for row in rows)
    everything = list(csv.DictReader(io.StringIO(_export(dinner, "edges.csv", "--stance", "all"))))
    assert {row["stance"] for row in everything} >= {"together", "present", "absent", "contact"}
    wrong = run("--root", dinner, "export", "--format", "ftm", "--stance", "seen")
    assert (wrong.code, wrong.out) == (2, "")
    assert "a stance is together, present" in wrong.err
    assert run("--root", dinner, "export", "--stance", "all").code == 2


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_graphs_are_read_back_with_their_edges(dinner: Path, form: str, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    file = tmp_path / f"network.{form}"
    run("--root", dinner, "export", "--format", form, "--stance", "all", "--to", file)
    graph = networkx.read_gexf(file, version="1.2draft") if form == "gexf" else networkx.read_graphml(file)
    assert {"person:Ada Byrne", "person:Max Cole", "person:Rosa Lind", "venue:Harbour Rooms"} <= set(graph.nodes)
    found = [data for *_, data in graph.edges(["person:Max Cole"], data=True) if data["stance"] == "together"]
    assert [(data["when"], data["article"]) for data in found] == [("1998-07-04", "harbour-dinner")]
    rows = list(csv.DictReader(io.StringIO(_export(dinner, "edges.csv", "--stance", "all"))))
    assert graph.number_of_edges() == len(rows)


def test_a_timeline_has_an_event_for_each_dated_occasion(dinner: Path) -> None:
    events = json.loads(_export(dinner, "timelinejs"))["events"]
    assert [event["start_date"] for event in events] == [{"year": "1998", "month": "7", "day": "4"}]
    assert "Ada Byrne" in events[0]["text"]["headline"]
    assert "Harbour Rooms" in events[0]["text"]["headline"]
    assert "met Max Cole" in events[0]["text"]["text"]


def test_follow_the_money_entities_refer_to_each_other(dinner: Path) -> None:
    entities = [json.loads(line) for line in _export(dinner, "ftm", "--stance", "all").splitlines()]
    by_id = {entity["id"]: entity for entity in entities}
    assert len(by_id) == len(entities)
    event = next(entity for entity in entities if entity["schema"] == "Event")
    involved = [by_id[key]["properties"]["name"][0] for key in event["properties"]["involved"]]
    assert sorted(involved) == ["Ada Byrne", "Max Cole"]
    assert event["properties"]["date"] == ["1998-07-04"]
    assert by_id[event["properties"]["addressEntity"][0]]["properties"]["full"] == ["Harbour Rooms"]
    article = by_id[event["properties"]["proof"][0]]
    assert (article["schema"], article["properties"]["sourceUrl"]) == ("Article", ["https://example.org/dinner"])
    links = [entity for entity in entities if entity["schema"] == "UnknownLink"]
    assert {link["properties"]["role"][0] for link in links} == {"absent", "contact"}
    assert all(by_id[link["properties"][end][0]] for link in links for end in ("subject", "object"))


def test_characters_that_xml_cannot_have_are_left_out(tmp_path: Path) -> None:
    pytest.importorskip("networkx")
    with Archive.create(tmp_path) as archive:
        text = "Ada Byrne met Max\u00ad Cole \ufffe at \x0b Home.\n"
        (tmp_path / "corpus" / "a.txt").write_text(f"Title\n\n{text}", "utf-8")
        (tmp_path / "corpus" / "people.yaml").write_text("- name: Ada Byrne\n- name: Max Cole\n", "utf-8")
        archive.index()
    for form in ("gexf", "graphml"):
        assert not re.search("[\x00-\x08\x0b\x0e-\x1f\ufffe]", _export(tmp_path, form, "--stance", "all"))


def test_no_sightings_is_nothing_found(tmp_path: Path) -> None:
    with Archive.create(tmp_path) as archive:
        (tmp_path / "corpus" / "a.txt").write_text("Title\n\nNobody.\n", "utf-8")
        archive.index()
    result = run("--root", tmp_path, "export", "--format", "edges.csv")
    assert result.code == 1
    assert "no sightings" in result.err
