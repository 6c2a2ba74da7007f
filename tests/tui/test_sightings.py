"""Sightings on the screen: stances, dates, deciding words; what is filtered, reviewed and copied; occasions."""

from __future__ import annotations

from rich.segment import Segment

from archive import Archive, SearchRequest
from archive.model.sightings import PRESENT
from archive.render.encounter_text import stance_word
from archive.render.quote_text import read_quotes
from archive.tui.keys import CommandPalette
from archive.tui.model import person_page
from archive.tui.screens.guest_lists import OccasionsScreen
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.widgets.encounter_list import EncounterList
from archive.tui.widgets.histogram import YearPicker
from archive.tui.widgets.occasion_list import OccasionList
from archive.tui.widgets.related_panel import RelatedPanel
from archive.tui.widgets.status import Heading
from tests.tui.support import Driver, drive
from tests.tui.test_people import IVANKA, KIM, TRUMP, open_person, page, to_row


def rows_shown(app: Driver) -> EncounterList:
    return page(app).query_one(EncounterList)


def test_every_row_says_its_stance_and_who_dates_it(demo: Archive) -> None:
    rows = demo.encounters(IVANKA, stance="all").rows

    async def scenario(app: Driver) -> None:
        await open_person(app)
        listed = rows_shown(app)
        for index, row in enumerate(rows):
            title, about = (_text(listed.draw_item_line(index, line, 100, listed.rich_style)) for line in (0, 1))
            assert stance_word(row) in title
            basis = {"text": "from the text", "article": "the article's date"}.get(row.when_basis or "", "")
            assert basis in about
        assert {"text", "article"} <= {row.when_basis for row in rows}
        assert page(app).query_one("#found").border_subtitle

    drive(scenario, demo, TRUMP)


def _text(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def test_the_words_that_decide_are_marked(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app, "Verity Pascoe-Lund")
        listed = rows_shown(app)
        base, found = listed.rich_style, set[str]()
        for index in range(listed.total):
            for line in range(2, listed.row_height - 1):
                found |= {
                    each.text
                    for each in listed.draw_item_line(index, line, 100, base)
                    if each.style == base + listed.part("deciding")
                }
        assert {"chaired", "sat", "dancing"} <= found
        assert not any("Pascoe" in word or "O’Dowd" in word for word in found)

    drive(scenario, demo)


def test_rows_are_filtered_by_stance_with_one_key(demo: Archive) -> None:
    rows = demo.encounters(IVANKA, stance="all").rows
    kinds = [kind for kind in person_page.KINDS if kind in set(map(person_page.kind_of, rows))]
    assert len(kinds) > 2

    async def scenario(app: Driver) -> None:
        await open_person(app)
        for kind in kinds:
            await app.press("f")
            assert {person_page.kind_of(row) for row in rows_shown(app).shown.found.rows} == {kind}
            assert "only" in str(page(app).query_one("#found").border_title)
            years = page(app).query_one(YearPicker).bars.bins
            of_kind = [row for row in rows if person_page.kind_of(row) == kind]
            assert sum(each.count for each in years) == len(
                {(row.id, row.scene) for row in of_kind if row.occasion_date or row.date}
            )
        await app.press("f")
        assert rows_shown(app).total == len(rows)

    drive(scenario, demo, TRUMP)


def test_a_row_is_rejected_confirmed_and_dated(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await to_row(app, KIM)
        await app.press("enter")
        shown = rows_shown(app).shown.found.rows
        together = next(number for number, row in enumerate(shown) if row.stance in PRESENT)
        await app.press("4")
        page(app).action_pane("encounters")
        rows_shown(app).go_to(together)
        row = shown[together]
        await app.press("D")
        assert "Date of the occasion" in app.text()
        await app.press("ctrl+a", "ctrl+k")
        await app.type("nonsense")
        await app.press("enter")
        assert app.text().count("nonsense") > 1
        await app.press("ctrl+u")
        await app.type("2001-02")
        await app.press("enter")
        await app.until(lambda: "2001-02" in {each.when for each in rows_shown(app).shown.found.rows})
        await app.settle()
        dated = next(n for n, each in enumerate(rows_shown(app).shown.found.rows) if each.when == "2001-02")
        assert rows_shown(app).shown.found.rows[dated].reviewed
        rows_shown(app).go_to(dated)
        await app.press("X")
        await app.until(lambda: not any(each.when == "2001-02" for each in rows_shown(app).shown.found.rows))
        said = (own.root / "corpus" / "sightings.yaml").read_text()
        assert row.id in said
        assert "mentioned" in said

    drive(scenario, own, TRUMP)


def test_in_a_browser_nothing_is_reviewed(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.press("A", "X", "D")
        assert isinstance(app.app.screen, PersonScreen)
        assert not (own.root / "corpus" / "sightings.yaml").exists()

    drive(scenario, own, TRUMP, web=True)


def test_a_row_is_copied_to_be_verified(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_person(app)
        await app.press("v")
        (quote, *_) = read_quotes(app.app.clipboard, "the clipboard")
        assert demo.verify(quote).status == "unchanged"

    drive(scenario, demo, TRUMP)


def occasions(app: Driver) -> OccasionsScreen:
    assert isinstance(app.app.screen, OccasionsScreen)
    return app.app.screen


def test_the_guest_list_of_an_evening(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "O")
        listed = occasions(app).query_one(OccasionList)
        assert listed.items == demo.occasions("Lifeboat Station")
        assert occasions(app).query_one(Heading).lines[0] == "Occasions: at Lifeboat Station"
        evening = next(each for each in listed.items if each.absent)
        listed.cursor = list(listed.items).index(evening)
        listed.cursor_moved()
        await app.settle()
        rows = [row.text for row in occasions(app).query_one(RelatedPanel).shown]
        assert {f"There {len(evening.people)}", "● Siobhán O'Dowd", "✕ Hester Vane-Oyelaran", evening.id} <= set(rows)
        assert "✕ Hester Vane-Oyelaran" in app.text().replace("│   ✕", "")
        await app.press("v")
        quotes = list(read_quotes(app.app.clipboard, "the clipboard"))
        assert quotes
        assert {demo.verify(each).status for each in quotes} == {"unchanged"}
        await app.press("enter")
        assert isinstance(app.app.screen, ReaderScreen)
        assert app.view.article.id == evening.id
        assert app.reader.marks
        await app.press("escape", "tab", "enter")
        assert isinstance(app.app.screen, PersonScreen)
        assert app.app.screen.names == (evening.people[0],)
        await app.press("escape", "escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo, SearchRequest(venue="Lifeboat Station"))


def test_the_occasions_of_a_pair(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert any("guest lists" in name for name, _, _, _ in CommandPalette(app.app.screen)._commands())
        await open_person(app)
        await to_row(app, KIM)
        await app.press("enter", "O")
        for each in occasions(app).query_one(OccasionList).items:
            assert {IVANKA, KIM} <= {*each.people, *each.absent}
        assert occasions(app).query_one(OccasionList).total > 0

    drive(scenario, demo, TRUMP)


def test_narrowing_to_those_seen_together(demo: Archive) -> None:
    rows = demo.encounters(IVANKA, stance=("together", "present")).rows

    async def scenario(app: Driver) -> None:
        await app.press("escape", "W")
        found = {hit.id for rank in range(app.results.total) if (hit := app.results.hits.get(rank)) is not None}
        assert found == {row.id for row in rows} & {hit.id for hit in demo.search(TRUMP).hits}
        assert f"{len(found)} seen (W shows all)" in app.status.message
        heads = [row.text for row in app.facets.shown if row.facet == "seen_with"]
        assert heads[0] == "Seen with"
        kim = next(row for row in app.facets.shown if row.facet == "seen_with" and row.value == KIM)
        counts = demo.seen_facet("seen_with", IVANKA).values
        assert kim.count == next(each.count for each in counts if each.value == KIM)
        await app.press("f")
        app.facets.cursor = list(app.facets.shown).index(kim)
        await app.press("space")
        assert set(app.request.person) == {IVANKA, KIM}
        assert app.request.all_people
        both = {row.id for row in demo.encounters(IVANKA, KIM, stance="together").rows}
        await app.until(lambda: app.results.total == len(both))
        await app.press("W")
        assert app.results.total == app.total > len(both)
        assert not any(row.facet == "seen_with" for row in app.facets.shown)

    drive(scenario, demo, TRUMP)


def test_nobody_is_chosen_to_have_been_seen(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "W")
        assert app.results.total == app.total
        assert any("Choose a person" in str(note.message) for note in app.app._notifications)

    drive(scenario, demo)
