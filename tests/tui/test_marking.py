"""Marking several articles, rows and names, and acting on them together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive, SearchRequest
from archive.render.quote_text import read_quotes
from archive.tui.screens.marked_actions import MarkedMenu
from archive.tui.screens.unreviewed_names import UnreviewedNamesScreen
from archive.tui.widgets.name_list import UnreviewedNameList
from tests.tui.support import Driver, drive
from tests.tui.test_people import TRUMP, open_person, page
from tests.tui.test_sightings import rows_shown
from tests.tui.test_unreviewed_names import plain  # noqa: F401


async def choose(app: Driver, what: str) -> None:
    """Choose what to do with what is marked."""
    await app.press("full_stop")
    assert isinstance(app.app.screen, MarkedMenu)
    for _ in range(5):
        options = app.app.screen.query_one("#choices")
        if options.get_option_at_index(options.highlighted).id == what:  # type: ignore[attr-defined]
            break
        await app.press("down")
    await app.press("enter")


def test_articles_are_exported_copied_and_kept(own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ids = [hit.id for hit in own.search("trump").hits]

    async def scenario(app: Driver) -> None:
        await app.press("escape", "m", "j", "m")
        assert list(app.results.marked) == [ids[0], ids[2]]
        assert app.text().count("✓ ") == 2
        assert "2 marked" in str(app.search.query_one("#found").border_subtitle)
        await choose(app, "export")
        await app.press("enter")
        records = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
        assert [each["id"] for each in records] == [ids[0], ids[2]]
        assert all(each["title"] for each in records)
        await choose(app, "copy")
        quotes = list(read_quotes(app.app.clipboard, "the clipboard"))
        assert [each.id for each in quotes] == [ids[0], ids[2]]
        assert {own.verify(each).status for each in quotes} == {"unchanged"}
        assert all("trump" in each.text.casefold() for each in quotes)
        await choose(app, "keep")
        await app.press("ctrl+a", "ctrl+k")
        await app.type("Both")
        await app.press("enter")
        (saved,) = own.saved.list()
        assert {hit.id for hit in own.search(saved.request).hits} == {ids[0], ids[2]}
        await choose(app, "unmark")
        assert not app.results.marked
        assert "✓" not in app.text()

    drive(scenario, own, SearchRequest("trump"))


def test_what_the_chosen_values_find_is_exported_and_kept(
    own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    value = own.search("").facets["person"].values[0].value
    found = own.search("", person=value, limit=None)

    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "J", "K", "j", "space")
        assert app.request.person == (value,)
        await choose(app, "export")
        await app.press("enter")
        records = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
        assert [each["id"] for each in records] == [hit.id for hit in found.hits]
        await choose(app, "keep")
        await app.press("ctrl+a", "ctrl+k")
        await app.type("Theirs")
        await app.press("enter")
        (saved,) = own.saved.list()
        assert saved.request.person == (value,)

    drive(scenario, own)


def test_files_are_opened_in_the_editor(own: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[str]()
    monkeypatch.setattr(
        "archive.tui.screens.marked_actions.edit", lambda app, path, line: opened.append(path.name) or ""
    )

    async def scenario(app: Driver) -> None:
        await app.press("escape", "m", "m")
        await choose(app, "edit")
        assert len(opened) == 2

    drive(scenario, own, SearchRequest("trump"))


def test_rows_are_copied_together(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.press("m", "j", "m")
        assert len(rows_shown(app).marked_rows) == 2
        assert "2 marked" in str(page(app).query_one("#side").border_subtitle)
        await choose(app, "copy")
        quotes = list(read_quotes(app.app.clipboard, "the clipboard"))
        assert {each.id for each in quotes} == {row.id for row in rows_shown(app).marked_rows}

    drive(scenario, demo, TRUMP)


def test_names_are_answered_together(plain: Archive) -> None:  # noqa: F811
    async def scenario(app: Driver) -> None:
        await app.press("escape", "U", "m", "m", "A")
        assert isinstance(app.app.screen, UnreviewedNamesScreen)
        listed = app.app.screen.query_one(UnreviewedNameList)
        recorded = {each.name for each in plain.names.authority("person").records}
        assert len(recorded) == 2
        assert not recorded & {each.name for each in listed.names}

    drive(scenario, plain)
