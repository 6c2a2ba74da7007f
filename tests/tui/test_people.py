"""A person's page and a pair's: what they tell, where they lead, and the way back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive import Archive, NotFoundError, SearchRequest
from archive.render.quote_text import read_quotes
from archive.tui.keys import CommandPalette
from archive.tui.model import person_page
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.widgets.encounter_list import EncounterList
from archive.tui.widgets.histogram import YearPicker
from archive.tui.widgets.related_panel import RelatedPanel
from archive.tui.widgets.status import Heading
from tests.tui.support import Driver, drive
from tests.tui.test_damage import damage

IVANKA, KIM = "Ivanka Trump", "Kim Kardashian"


def page(app: Driver) -> PersonScreen:
    assert isinstance(app.app.screen, PersonScreen)
    return app.app.screen


def heading(app: Driver) -> tuple[str, ...]:
    return page(app).query_one(Heading).lines


async def open_person(app: Driver, name: str = IVANKA) -> None:
    await app.press("escape")
    await app.to_facet(name)
    await app.press("P")


async def to_row(app: Driver, text: str) -> None:
    panel = page(app).query_one(RelatedPanel)
    page(app).action_pane("context")
    panel.cursor = next(number for number, row in enumerate(panel.shown) if row.text == text)
    panel.cursor_moved()
    await app.settle()


TRUMP = SearchRequest(person=IVANKA)


def test_a_person_of_the_facets_has_a_page(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        name, about, last = heading(app)
        assert name == IVANKA
        assert about.startswith("9 articles · 2016-05 to 2023-10")
        assert last == "last seen 2023-10 at Funke"
        seen = page(app).query_one(EncounterList).shown.found
        assert seen == demo.encounters(IVANKA, limit=person_page.FIRST, stance="all")
        rows = page(app).query_one(RelatedPanel).shown
        companions = [row.value for row in rows if row.section == "Companions" and row.kind == "value"]
        assert companions == [row.person for row in demo.companions(IVANKA).rows]
        assert "Forty-Three Candles in Beverly Hills" in app.text()
        await app.press("escape")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.focus == "facets"

    drive(scenario, demo, TRUMP)


def test_no_page_where_no_person_is(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("Funke")
        await app.press("P")
        assert isinstance(app.app.screen, SearchScreen)
        assert any("Move to a person" in str(note.message) for note in app.app._notifications)

    drive(scenario, demo, TRUMP)


def test_a_person_of_an_article_has_a_page(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter", "P")
        assert isinstance(app.app.screen, ReaderScreen)
        assert any("Tab to select a person" in str(note.message) for note in app.app._notifications)
        await app.press("tab", "P")
        assert heading(app)[0] == IVANKA
        await app.press("q")
        assert isinstance(app.app.screen, ReaderScreen)
        await app.press("P", "s")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.request == SearchRequest(person=IVANKA)

    drive(scenario, demo, SearchRequest("trump", person=IVANKA))


def test_a_companion_opens_the_pair_and_the_pair_leads_back(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await to_row(app, KIM)
        assert app.status.message.startswith("Kim Kardashian · 6 articles · 2023-10 · surprise 10.1 · Funke")
        await app.press("enter")
        assert page(app).names == (IVANKA, KIM)
        assert heading(app)[0] == f"{IVANKA} + {KIM}"
        rows = demo.encounters(IVANKA, KIM, stance="all").rows
        assert heading(app)[1].startswith(f"6 articles · {len(rows)} encounters · 2017 to 2023-10")
        assert page(app).query_one(EncounterList).shown.found.rows == demo.encounters(IVANKA, KIM, stance="all").rows
        await to_row(app, KIM)
        await app.press("enter")
        assert page(app).names == (KIM,)
        await app.press("escape", "escape", "escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo, TRUMP)


def test_a_sentence_opens_the_article_there(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.press("j", "j", "enter")
        row = demo.encounters(IVANKA, stance="all").rows[2]
        assert app.view.article.id == row.id
        assert app.view.hit is not None
        start = app.view.article.body.index(row.evidence)
        assert app.view.hit[0] == start + row.evidence.marks[0][0]
        assert app.view.article.body[slice(*app.view.hit)] == IVANKA
        assert IVANKA in app.text()
        assert app.status.message.startswith("encounter 3 of 10")
        await app.press("J")
        assert app.view.article.id == demo.encounters(IVANKA, stance="all").rows[3].id
        await app.press("escape")
        assert page(app).query_one(EncounterList).cursor == 3
        assert app.status.message == "encounter 4 of 10"

    drive(scenario, demo, TRUMP, size=(80, 24))


def test_a_link_of_an_article_reached_from_a_page_narrows_the_search(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.press("enter", "tab", "enter")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.request.person[0] == IVANKA
        assert len(app.request.person) <= 2

    drive(scenario, demo, TRUMP)


def test_venues_silences_and_years_lead_somewhere(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        rows = page(app).query_one(EncounterList).shown.found.rows
        assert "┊ 2,678-day gap · 14 other articles" in app.text()
        await to_row(app, "2016-05 → 2023-10")
        assert "not seen for 2,678 days, 2016-05 to 2023-10 (14 articles from that period)" in app.status.message
        await app.press("enter")
        assert app.focus == "encounters"
        assert rows[page(app).query_one(EncounterList).cursor].when == "2016-05"
        page(app).action_pane("years")
        await app.press("g", "enter")
        assert (rows[page(app).query_one(EncounterList).cursor].date or "").startswith("2016")
        await to_row(app, "Funke")
        await app.press("enter")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.request == SearchRequest(person=IVANKA, venue="Funke")
        assert app.total > 0

    drive(scenario, demo, TRUMP)


def test_the_years_and_the_list_are_clicked(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.pilot.click("#years", offset=(1, 2))
        await app.settle()
        rows = page(app).query_one(EncounterList).shown.found.rows
        assert (rows[page(app).query_one(EncounterList).cursor].date or "").startswith("2016")
        await app.pilot.click("#context", offset=(5, 1))
        await app.settle()
        assert page(app).names == (IVANKA, KIM)

    drive(scenario, demo, TRUMP)


def test_panels_are_walked_and_more_is_listed(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app, "Verity Pascoe-Lund")
        await app.press("tab")
        panel = page(app).query_one(RelatedPanel)
        assert app.focus == "context"
        assert "14 more" in [row.text for row in panel.shown][21]
        await app.press("m")
        assert sum(row.section == "Companions" for row in panel.shown) == 35
        await app.press("right_square_bracket")
        assert panel.current is not None
        assert panel.current.section == "Venues"
        await app.press("left_square_bracket")
        assert panel.current.section == "Companions"
        await app.press("tab")
        assert isinstance(app.app.screen.focused, YearPicker)
        await app.press("left", "right", "tab")
        assert app.focus == "encounters"
        await app.press("shift+tab", "shift+tab")
        assert app.focus == "context"

    drive(scenario, demo)


def test_names_that_are_not_declared_are_told_apart(demo: Archive) -> None:
    rows = demo.encounters("Verity Pascoe-Lund", stance="all").rows
    found = person_page.fetch_encounters(demo, ["Verity Pascoe-Lund"], person_page.FIRST)
    only_found = {row.id for row in rows} - found.declared
    assert found.undeclared == len(only_found) == 2
    for article in map(demo.get, only_found):
        assert "people" in article.detected or "Verity Pascoe-Lund" in article.mentioned("person")

    async def scenario(app: Driver) -> None:
        await open_person(app, "Verity Pascoe-Lund")
        assert "2 not declared" in heading(app)[1]
        seen = page(app).query_one(EncounterList)
        seen.go_to(next(number for number, row in enumerate(rows) if row.id in only_found))
        await app.settle()
        assert "│   not declared" in app.text() or "▌ not declared" in app.text()

    drive(scenario, demo)


def test_the_reader_says_what_is_not_declared(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        assert app.view.article.id == "2017-03-11-the-coxswain-gets-her-plinth"
        assert "Grace Halloran (only in the text)" in app.text()
        links = len([run for runs in app.view.layout_.head for run in runs if run.link])
        await app.press(*["tab"] * links)
        while app.view.link_target != ("person_mentioned", "Grace Halloran"):
            await app.press("tab")
        await app.press("P")
        assert heading(app)[0] == "Grace Halloran"
        await app.press("escape", "enter")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.total == demo.search("plinth", where=(("person_mentioned", "Grace Halloran"),)).total > 0

    drive(scenario, demo, SearchRequest("plinth", year=2017))


def test_the_reader_says_what_was_found_in_the_text(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        assert app.view.article.detected == ("people", "venues")
        assert app.text().count("(not declared)") == 2

    for size in ((120, 40), (40, 40)):
        drive(scenario, demo, SearchRequest('"Overdraft Rides Again"'), size=size)


def test_keys_are_in_the_footer_the_help_and_the_palette(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet(IVANKA)
        assert "P Person page" in app.text()
        assert "Facets: Person page" in {name for name, _, _, _ in CommandPalette(app.app.screen)._commands()}
        await app.press("P")
        assert "⏎ Read" in app.text()
        names = {name for name, _, _, _ in CommandPalette(app.app.screen)._commands()}
        assert {"Back", "Their articles", "Encounters: Read", "Years: Go to year"} <= names
        provider = CommandPalette(app.app.screen)
        more = "Companions, venues, gaps: More"
        node, action = next((node, b.action) for name, _, node, b in provider._commands() if name == more)
        await provider._run(node, action)
        await app.settle()
        assert app.focus == "context"
        await app.press("f1")
        assert isinstance(app.app.screen, HelpScreen)
        titles = [title for title, _, _ in app.app.screen._sections]
        assert titles[:2] == ["Companions, venues, gaps", "Everywhere"]
        await app.press("escape", "escape", "4", "enter", "tab")
        assert isinstance(app.app.screen, ReaderScreen)
        assert "P Person page" in app.text()

    drive(scenario, demo, SearchRequest(person=IVANKA), size=(160, 40))


def test_one_panel_at_a_time_in_forty_columns(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        assert "2023-10  ◐  Forty-Three" in app.text()
        assert "Companions 11" not in app.text()
        await app.press("tab")
        assert "Companions 11" in app.text()
        assert "The guest who drew remark" not in app.text()
        await app.press("tab", "tab")
        assert "2023-10  ◐  Forty-Three" in app.text()

    drive(scenario, demo, TRUMP, size=(40, 24))


def test_nothing_is_asked_in_the_event_loop(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set[str]()
    encounters, companions, gaps = Archive.encounters, Archive.companions, Archive.gaps
    for name, method in (("encounters", encounters), ("companions", companions), ("gaps", gaps)):

        def noted(self: Archive, *args: object, _method: object = method, **options: object) -> object:
            threads.add(threading.current_thread().name)
            return _method(self, *args, **options)  # type: ignore[operator]

        monkeypatch.setattr(Archive, name, noted)

    async def scenario(app: Driver) -> None:
        await open_person(app)
        assert heading(app)[0] == IVANKA

    drive(scenario, demo, TRUMP)
    assert threads
    assert all(name.startswith("slow") for name in threads)


def test_a_long_list_is_fetched_in_two_steps(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_page, "FIRST", 5)
    monkeypatch.setattr(person_page, "MOST", 20)

    async def scenario(app: Driver) -> None:
        await open_person(app, "Verity Pascoe-Lund")
        assert page(app).query_one(EncounterList).total == 20
        assert "32 articles · the newest 20 are shown" in heading(app)[1]
        assert not any(row.section == "Gaps" for row in page(app).query_one(RelatedPanel).shown)

    drive(scenario, demo)


def test_the_damage_of_the_index_is_mended_under_a_page(few: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet(IVANKA)
        damage(few)
        await app.press("P")
        await app.until(lambda: isinstance(app.app.screen, PersonScreen) and len(heading(app)) == 3)
        assert page(app).query_one(EncounterList).total == 10

    drive(scenario, few, TRUMP)


def test_somebody_who_is_gone_is_said(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: Archive, *args: object, **options: object) -> None:
        raise NotFoundError("no article and no authority file has the person")

    monkeypatch.setattr(Archive, "encounters", gone)

    async def scenario(app: Driver) -> None:
        await open_person(app)
        assert "no article and no authority file has the person" in app.text()
        await app.press("enter", "tab", "enter", "tab", "enter", "escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo, TRUMP)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    front = 'title: "Bad\\x1b[2J title"\npeople: ["Ada \\x1b[31mByrne", "Jun\\x07 Ito"]\nvenues: ["\\x1b]52;Quay"]\n'
    text = "Ada \x1b[31mByrne \u202eand\u202c Jun\x07 Ito came.\n"
    (tmp_path / "corpus" / "bad.md").write_text(f"---\n{front}---\n\n{text}", "utf-8")
    archive = Archive.open(tmp_path)
    archive.index()

    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "j", "P")
        assert isinstance(app.app.screen, PersonScreen)
        for keys in (("tab",), ("enter",), ("enter",)):
            for strip in app.app.screen._compositor.render_strips():
                text = "".join(segment.text for segment in strip if not segment.control)
                assert not any(ord(char) < 32 or char in "\x7f\x9b\u202e\u202c" for char in text)
                assert strip.cell_length == 100
            await app.press(*keys)

    drive(scenario, archive, size=(100, 30))


def test_the_evidence_is_copied_so_that_it_can_be_verified(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("Verity Pascoe-Lund")
        await app.press("P")
        await app.until(lambda: app.app.screen.query_one(EncounterList).total)
        await app.settle()
        await app.press("y")
        quotes = read_quotes(app.app.clipboard, "the clipboard")
        row = app.app.screen.query_one(EncounterList).current
        assert row is not None
        assert len(quotes) == len(row.spans) > 0
        assert {each.id for each in quotes} == {row.id}
        assert all(demo.verify(each).status == "unchanged" for each in quotes)

    drive(scenario, demo)
