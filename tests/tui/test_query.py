"""What typing a query shows: names it may mean, the last answer while it is too short, and a way on from nothing."""

from __future__ import annotations

from textual import events

from archive import Archive, SearchRequest
from archive.tui.model.query_completion import completions
from archive.tui.widgets.query_line import Completions, Query
from archive.tui.widgets.result_list import EmptyState
from tests.tui.support import Driver, drive


def test_a_typed_name_offers_the_person(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("birthday kard")
        assert "Kim Kardashian" in app.text()
        assert "person, 6" in app.text()
        await app.press("tab", "enter")
        assert app.request == SearchRequest("birthday", person="Kim Kardashian")
        assert app.search.query_one(Query).value == "birthday"

    drive(scenario, demo)


def test_hints_take_no_keys_but_tab(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        offered = app.search.query_one(Completions)
        assert offered.is_open
        await app.press("down")
        assert app.focus == "results"
        assert not offered.is_open
        await app.press("slash", "end")
        await app.type("s")
        await app.press("ctrl+u")
        await app.type("trump")
        await app.press("tab")
        assert offered.chosen is not None
        await app.press("escape")
        assert app.focus == "query"
        assert not offered.is_open
        await app.press("escape")
        assert app.focus == "results"

    drive(scenario, demo)


def test_a_longer_word_is_offered_below_an_exact_one(demo: Archive) -> None:
    exact, longer = demo.search("boat").total, demo.search("boat*").total
    assert 0 < exact < longer
    offered = completions(demo, "boat", exact)
    assert [each.line for each in offered if each.note == f"begins so, {longer}"] == ["boat*"]
    assert not any(each.note.startswith("begins") for each in completions(demo, "photo", 0))


def test_no_names_for_what_is_not_a_plain_word(demo: Archive) -> None:
    assert all(
        each.choice is None for text in ("-kard", '"kim kard', "ka", "kard*") for each in completions(demo, text)
    )


def test_the_last_answer_stays_until_enough_is_typed(demo: Archive) -> None:
    seen = set[int]()

    async def scenario(app: Driver) -> None:
        await app.type("trump")
        assert app.total == 9
        for key in " wr":
            await app.type(key)
            seen.add(app.total)
            assert not app.search.view.is_empty
        await app.type("itten")
        assert app.request.query == "trump written"
        seen.add(app.total)
        await app.press("ctrl+u", "z", "q")
        assert not app.search.view.is_empty
        await app.press("enter")
        assert app.search.view.is_empty

    drive(scenario, demo)
    assert seen == {9, demo.search("trump written").total}


def test_a_new_query_begins_at_its_best_hit_and_narrowing_keeps_the_place(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        await app.press("escape", "j", "j")
        assert app.results.cursor == 2
        await app.press("slash")
        await app.type("dinner")
        assert app.request.query == "dinner"
        assert app.results.cursor == 0
        await app.press("escape", "j", "j")
        title = app.selected
        hit = app.results.hits.get(2)
        assert hit is not None
        await app.to_facet(hit.people[0])
        await app.press("space")
        assert app.selected == title

    drive(scenario, demo)


def test_nothing_found_says_what_each_constraint_costs(demo: Archive) -> None:
    request = SearchRequest("trump", person="Chidi Amadi", year="1991")

    async def scenario(app: Driver) -> None:
        assert app.total == 0
        text = app.text()
        assert "Backspace" in text
        offered = app.search.query_one(EmptyState)
        assert SearchRequest("trump") in offered._requests
        without_query = SearchRequest("", person="Chidi Amadi", year="1991")
        total = demo.search(without_query).total
        assert total > 0
        assert f"without “trump”  {total} article" in text
        await app.press("escape", "backspace")
        assert app.request.year == ()

    drive(scenario, demo, request)


def test_a_misspelt_value_is_replaced_by_the_one_meant(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        app.search.change(SearchRequest(person="Kim Kardashan"))
        await app.settle()
        await app.press("escape", "enter")
        assert app.request == SearchRequest(person="Kim Kardashian")
        assert app.total == 6

    drive(scenario, demo)


def test_a_new_search_takes_one_key(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "ctrl+n")
        assert app.request == SearchRequest()
        assert app.focus == "query"
        await app.type("gala")
        await app.press("enter", "slash")
        assert app.search.query_one(Query).selected_text == "gala"
        await app.type("dinner")
        assert app.request.query == "dinner"

    drive(scenario, demo, SearchRequest("trump", person="Ivanka Trump"))


def test_letters_typed_right_behind_a_key_do_not_overtake_it(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        for key in ("ctrl+u", "g", "a", "l", "a"):
            app.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await app.settle()
        assert app.search.query_one(Query).value == "gala"
        assert app.request.query == "gala"

    drive(scenario, demo)
