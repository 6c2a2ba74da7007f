"""The search screen: typing, results, and the way between the panels."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import ContentSwitcher, Static

from archive import Archive, SearchRequest
from archive.tui.screens.reader import ReaderScreen
from archive.tui.widgets.query_line import Completions, Query
from archive.tui.widgets.result_list import EmptyState, Results
from tests.tui.support import Driver, drive


def test_it_opens_on_every_article(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert app.total == 101
        assert app.focus == "query"
        assert "101 articles" in app.status.message
        assert app.results.row_count == 101

    drive(scenario, demo)


def test_it_opens_with_the_search_that_is_asked_for(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert app.search.query_one(Query).value == "trump"
        assert app.request.person == ("Kim Kardashian",)
        assert app.total == 6

    drive(scenario, demo, SearchRequest("trump", person="kim kardashian"))


def test_results_follow_the_typing(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        assert app.total == 9
        assert app.selected == "A Statement About Stepping Back"
        await app.press("backspace", "backspace", "backspace", "backspace", "backspace")
        assert app.total == 101

    drive(scenario, demo)


def test_a_word_that_is_being_typed_finds_what_begins_so(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump kardash")
        assert app.request.query == "trump kardash*"
        assert app.total == demo.search("trump kardash*").total > 0
        await app.press("enter")
        await app.to_facet("Ivanka Trump")
        row = app.facets.current
        assert row is not None
        await app.press("space")
        assert app.total == row.count
        assert app.search.query_one(Query).value == "trump kardash"  # can be gone on with
        await app.press("escape", "slash", "end")
        await app.type("i")
        assert app.request.query == "trump kardashi*"
        assert not app.search.query_one("#notes").display
        await app.type("x")
        assert app.request.query == "trump kardashix"
        notes = app.search.query_one("#notes", Static)
        assert notes.display
        assert "no article has all of these words" in str(notes.content)
        assert app.total == demo.search(app.request).total > 0
        app.search.controller.search(app.request.replace(all_words=True))
        await app.settle()
        assert app.total == 0
        assert not notes.display

    drive(scenario, demo)


def test_what_was_found_by_its_beginning_is_found_again(own: Archive) -> None:
    async def type_and_leave(app: Driver) -> None:
        await app.type("kardash")
        await app.press("enter", "slash", "ctrl+u", "up")
        assert app.request.query == "kardash*"
        assert app.total == own.search("kardash*").total

    async def come_back(app: Driver) -> None:
        assert app.total == own.search("kardash*").total

    drive(type_and_leave, own)
    drive(come_back, own)


def test_a_query_that_cannot_be_read_is_explained_in_place_of_the_results(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        app.search.query_one(Query).value = "trump nofield:x"
        await app.settle()
        seen = app.text()
        assert "There is no field 'nofield'" in seen
        assert all(word in seen for word in ("person", "venue", "missing"))  # the sentence goes on, it is not cut
        assert "A Statement About Stepping Back" not in seen
        assert "9 of 101" not in seen
        assert app.search.has_class("-stale")
        await app.press("escape", "slash", "ctrl+u")
        assert app.total == 101
        assert app.search.query_one(ContentSwitcher).current == "results"
        assert not app.search.has_class("-stale")

    drive(scenario, demo, size=(80, 24))


def test_moving_through_the_results(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        assert app.focus == "results"
        await app.press("j", "down", "k")
        assert app.results.cursor == 1
        await app.press("G")
        assert app.results.cursor == 100
        assert app.results.hits.get(100) is not None
        await app.press("g", "pagedown")
        assert app.results.cursor > 1
        await app.press("ctrl+u", "up", "home")
        assert app.results.cursor == 0
        await app.press("end")
        assert app.results.cursor == 100

    drive(scenario, demo)


def test_the_selection_stays_on_its_article(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        await app.press("escape", "j", "j", "j")
        title = app.selected
        await app.press("t")
        assert app.request.sort == "newest"
        assert app.selected == title
        await app.press("t", "t", "t")
        assert app.request.sort == "relevance"
        assert app.selected == title

    drive(scenario, demo)


def test_the_selection_is_found_again_far_down(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "t", "t")
        assert app.request.sort == "oldest"
        await app.press("j")
        title = app.selected
        await app.press("t", "t", "t")
        assert app.request.sort == "newest"
        assert app.selected == title
        assert app.results.cursor > 40

    drive(scenario, demo)


def test_the_query_history(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query = app.search.query_one(Query)
        await app.type("gala")
        await app.press("enter", "slash", "ctrl+u")
        await app.type("trump")
        await app.press("enter", "slash", "ctrl+u")
        await app.type("x")
        await app.press("up")
        assert query.value == "trump"
        await app.press("up", "up")
        assert query.value == "gala"
        assert app.request.query == "gala"
        await app.press("down", "down")
        assert query.value == "x"

    drive(scenario, demo)


def test_what_was_asked_before_is_left_downwards(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query = app.search.query_one(Query)
        for text in ("gala", "gala dinner"):
            await app.type(text)
            await app.press("enter", "slash", "ctrl+u")
        await app.type("trump")
        await app.press("up", "up", "down")
        assert query.value == "gala dinner"
        await app.press("down")
        assert query.value == "trump"
        assert app.focus == "query"
        await app.press("down")
        assert app.focus == "results"

    drive(scenario, demo)


def test_only_what_is_typed_goes_on_as_before(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query = app.search.query_one(Query)
        await app.type("gala dinner")
        await app.press("enter", "slash", "ctrl+u")
        await app.type("gala")
        assert query._suggestion == "gala dinner"
        await app.press("enter", "slash", "ctrl+u", "up", "up")
        assert query.value == "gala dinner"
        await app.press("down")
        assert query.value == "gala"
        assert query._suggestion == ""
        await app.press("ctrl+u")
        await app.type("gala d")
        await app.press("right")
        assert query.value == "gala dinner"

    drive(scenario, demo)


def test_suggestions_are_listed_and_taken_with_the_keys(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query, offered = app.search.query_one(Query), app.search.query_one(Completions)
        await app.type("pers")
        assert "person:" in app.text()
        await app.press("tab")
        assert query.value == "person:"
        assert not offered.is_open
        await app.type("odo")
        assert offered.is_open
        assert "Siobhán O'Dowd" in app.text()
        await app.press("down", "up", "down", "enter")
        assert query.value == 'person:"Siobhán O\'Dowd" '
        assert app.focus == "query"
        assert app.total > 0
        await app.type("fire")
        assert app.request.query == 'person:"Siobhán O\'Dowd" fire'
        await app.press("enter")
        assert app.focus == "results"

    drive(scenario, demo)


def test_suggestions_steal_neither_enter_nor_escape(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query, offered = app.search.query_one(Query), app.search.query_one(Completions)
        await app.type("person:trum")
        assert offered.is_open
        await app.press("escape")
        assert not offered.is_open
        assert app.focus == "query"
        await app.press("escape")
        assert app.focus == "suggestions"
        await app.press("slash", "end")
        await app.type("p")
        assert offered.is_open
        await app.press("enter")
        assert app.focus == "results"
        assert not offered.is_open
        assert query.value == "person:trump"

    drive(scenario, demo)


def test_a_suggestion_is_clicked(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        query = app.search.query_one(Query)
        await app.type("dinner venue:met")
        await app.pilot.click("#completions", offset=(5, 1))
        await app.settle()
        assert query.value == 'dinner venue:"Met Gala" '
        assert app.focus == "query"

    drive(scenario, demo)


def test_nothing_found_offers_another_query(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("kardashan")
        assert app.search.query_one(ContentSwitcher).current == "empty"
        assert app.search.query_one(EmptyState)._requests[0].query == "kardashian"
        await app.press("escape")
        assert app.focus == "suggestions"
        await app.press("j", "k", "enter")
        assert app.request.query == "kardashian"
        assert app.total > 0
        assert app.focus == "results"

    drive(scenario, demo)


def test_panes_by_number_and_tab(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        for key, pane in (("2", "facets"), ("3", "years"), ("4", "results"), ("f", "facets"), ("1", "query")):
            await app.press(key)
            assert app.focus == pane
        await app.press("escape")
        assert app.focus == "results"
        for key in ("escape", "down", "j"):
            await app.press("b")
            assert app.focus == "constraints"
            await app.press(key)
            assert app.focus == "results"
        seen = set()
        for _ in range(5):
            await app.press("tab")
            seen.add(app.focus)
        assert {"query", "facets", "years", "results"} <= seen

    drive(scenario, demo)


def test_escape_steps_out_and_clears_nothing(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        await app.press("escape")
        await app.to_facet("Ivanka Trump")
        await app.press("space", "F")
        assert app.focus == "find"
        await app.type("kim")
        await app.press("down")
        assert app.focus == "facets"
        await app.press("escape")
        assert app.focus == "facets"
        assert app.search.controller.facet_view("person").find == ""
        await app.press("escape")
        assert app.focus == "results"
        await app.press("escape")
        assert app.focus == "results"
        assert app.request.query == "trump"
        assert app.request.person == ("Ivanka Trump",)

    drive(scenario, demo)


def test_q_quits_but_not_while_typing(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("q")
        assert app.search.query_one(Query).value == "q"
        assert app.app._exit is False
        await app.press("escape")
        await app.pilot.press("q")
        assert app.app._exit is True

    app = drive(scenario, demo)
    assert app.return_code == 0


def test_control_c_asks_and_quits_anywhere(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("S", "ctrl+c")
        assert app.app._exit is False
        await app.pilot.press("ctrl+c")
        assert app.app._exit is True

    drive(scenario, demo)


def test_the_mouse_selects_opens_and_presses_hints(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.pilot.click("#results", offset=(10, 11))
        assert app.results.cursor == 2
        hints = app.status._hints(120)
        start = next(start for start, _, binding in hints if binding.action == "help")
        await app.pilot.click("#status", offset=(start, 1))
        await app.settle()
        assert type(app.app.screen).__name__ == "HelpScreen"
        await app.press("escape")
        await app.pilot.click("#results", offset=(10, 11), times=2)
        await app.settle()
        assert app.reader.index == 2

    drive(scenario, demo)


def test_an_article_is_opened_once_however_often_one_clicks(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.pilot.click("#results", offset=(10, 11))
        await app.pilot.click("#results", offset=(10, 11), times=2)  # so soon that it is the third click in a row
        await app.settle()
        assert [type(screen) for screen in app.app.screen_stack].count(ReaderScreen) == 1
        await app.press("escape")
        app.search.post_message(Results.Opened(2))
        await app.until(lambda: isinstance(app.app.screen, ReaderScreen))
        app.search.post_message(Results.Opened(2))  # of a key pressed before there was anything to see
        await app.settle()
        assert [type(screen) for screen in app.app.screen_stack].count(ReaderScreen) == 1

    drive(scenario, demo)


def test_every_hint_says_the_key_that_does_it(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        for there in ("query", "escape", "f", "F", "escape", "3", "b", "4", "enter"):
            if there != "query":
                await app.press(there)
            hints = app.status._hints(120)
            shown = [key for _, key, _ in hints]
            assert len(set(shown)) == len(shown)
            help_key = "f1" if app.focus in ("query", "find") else "?"
            assert next(key for _, key, binding in hints if binding.action == "help") == help_key
            assert app.focus not in ("query", "find") or "/" not in shown
        await app.press("escape", "slash")
        start = next(start for start, _, binding in app.status._hints(120) if binding.action == "help")
        await app.pilot.click("#status", offset=(start, 1))
        await app.settle()
        assert type(app.app.screen).__name__ == "HelpScreen"
        assert app.search.query_one(Query).value == ""

    drive(scenario, demo)


def test_the_facets_can_be_hidden_and_focused_again(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "w")
        assert not app.facets.region
        await app.press("f")
        assert app.facets.region

    drive(scenario, demo)


def test_one_panel_at_a_time_in_a_narrow_window(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert app.results.region
        assert not app.facets.region
        await app.press("escape", "f")
        assert app.facets.region.width >= 38
        assert not app.results.region
        await app.press("escape")
        assert app.results.region
        assert not app.facets.region

    drive(scenario, demo, size=(40, 24))


def test_the_widest_and_the_smallest_windows(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        await app.press("escape")
        for size in ((300, 80), (30, 8), (10, 4), (120, 40)):
            await app.pilot.resize_terminal(*size)
            await app.settle()
            assert all(strip.cell_length == size[0] for strip in app.app.screen._compositor.render_strips())
        await app.press("enter")
        for size in ((300, 80), (12, 5), (80, 24)):
            await app.pilot.resize_terminal(*size)
            await app.settle()
            assert all(strip.cell_length == size[0] for strip in app.app.screen._compositor.render_strips())

    drive(scenario, demo)


def test_the_same_words_are_marked_for_another_query(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.md").write_text("---\ntitle: One\n---\n\nA seagull at the harbour.\n", "utf-8")
    archive = Archive.open(tmp_path)
    archive.index()

    async def scenario(app: Driver) -> None:
        for word in ("seagull", "harbour"):
            await app.type(word)
            await app.settle()
            found = app.results.part("hit").color
            drawn = [segment for y in range(app.results.line_count) for segment in app.results.render_line(y)]
            assert [each.text for each in drawn if each.style and each.style.color == found] == [word]
            await app.press("ctrl+u")
            await app.settle()

    drive(scenario, archive)
