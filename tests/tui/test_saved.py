"""What the terminal UI remembers beside other programs: the news of saved searches, and its own state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import OptionList

from archive import Archive, IndexAccessError, SearchRequest
from archive.config.user_state import UserState
from archive.tui.model.session_state import State, StateKeeper
from archive.tui.session import Session
from tests.cli.support import run
from tests.tui.support import Driver, drive

from .test_screens import add


@pytest.fixture
def zoe(own: Archive) -> Archive:
    """An archive with a saved search that finds twenty articles."""
    own.saved.add("Zoë", person="Zoë Amadi")
    return own


def with_new(archive: Archive, name: str) -> None:
    """One article more that the saved search finds."""
    add(archive, name)
    archive.index()


def told(archive: Archive) -> int:
    """How many articles `archive saved run` tells as new."""
    done = run("saved", "run", "--all", "--format", "json", "--root", archive.root)
    assert done.code == 0
    (found,) = json.loads(done.out)["runs"]
    return sum(each["kind"] == "new" for each in found["articles"])


def line(app: Driver) -> str:
    """What the screen of saved searches says of the one of these tests."""
    return str(app.app.screen.query_one(OptionList).get_option("Zoë").prompt)


# -- one notion of what is new ---------------------------------------------------------


def test_the_ui_tells_what_came_after_a_run_on_the_command_line(zoe: Archive) -> None:
    assert told(zoe) == 20
    with_new(zoe, "harbour")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S")
        assert "1 new" in line(app)

    drive(scenario, zoe)
    assert told(zoe) == 1  # it was listed, and not opened
    assert zoe.saved.status("Zoë").new == 0


def test_what_the_ui_has_shown_is_no_news_on_the_command_line(zoe: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter")
        assert told(zoe) == 0
        with_new(zoe, "harbour")
        await app.press("S", "enter", "S")
        assert "1 new" in line(app)  # it was listed, and not looked at
        await app.press("enter", "n", "S")
        assert "new" not in line(app)
        with_new(zoe, "mill")

    drive(scenario, zoe)
    assert told(zoe) == 1
    assert told(zoe) == 0


def test_a_run_on_the_command_line_beside_the_ui_is_not_undone_when_that_ends(zoe: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter")
        with_new(zoe, "harbour")
        assert told(zoe) == 1
        await app.press("S")
        assert "new" not in line(app)
        with_new(zoe, "mill")
        await app.press("escape", "S")
        assert "1 new" in line(app)

    drive(scenario, zoe)
    assert told(zoe) == 1


def test_a_search_that_cannot_be_shown_keeps_its_news(zoe: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    told(zoe)
    with_new(zoe, "harbour")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S")
        assert "1 new" in line(app)

        def fail(*_: object, **__: object) -> None:
            raise IndexAccessError("the disk has gone")

        monkeypatch.setattr(Archive, "search", fail)
        await app.press("enter")
        assert "The disk has gone." in app.text()

    drive(scenario, zoe)
    assert told(zoe) == 1


def test_a_search_that_was_changed_under_its_name_begins_anew_everywhere(zoe: Archive) -> None:
    assert told(zoe) == 20
    zoe.saved.add("Zoë", person="Zoë Amadi", year="1990..")
    assert zoe.saved.status("Zoë").new == 0
    assert {change.why for change in zoe.saved.run("Zoë").articles} == {"first run"}


def test_a_search_that_found_nothing_has_all_of_it_new(own: Archive) -> None:
    own.saved.add("Zoë", "zyzzyva")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter")
        assert app.total == 0
        with_new(own, "harbour")
        await app.press("S")
        assert "1 new" in line(app)

    drive(scenario, own)


def test_a_search_that_is_saved_on_the_screen_has_been_seen_there(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "s")
        app.app.screen.query_one("Input").value = "Zoë"
        await app.press("enter")
        with_new(own, "harbour")
        await app.press("S")
        assert "1 new" in line(app)

    drive(scenario, own, SearchRequest(person="Zoë Amadi"))
    assert told(own) == 1


def test_a_browser_reads_what_was_told_and_writes_nothing(zoe: Archive) -> None:
    told(zoe)
    with_new(zoe, "harbour")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter", "S")
        assert "1 new" in line(app)

    drive(scenario, zoe, web=True)
    assert told(zoe) == 1


def test_what_is_new_is_marked_and_found_by_key(zoe: Archive) -> None:
    assert told(zoe) == 20
    for name in ("harbour", "mill"):
        with_new(zoe, name)
    new = {hit.id for hit in zoe.search(person="Zoë Amadi", limit=100).hits if hit.title in ("Harbour", "Mill")}
    assert zoe.saved.status("Zoë").new_ids == new
    assert len(new) == 2

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter")
        assert "2 new (n next, o only these)" in app.status.message
        assert app.total == 22
        assert "new Harbour" in app.text()
        assert zoe.saved.status("Zoë").new == 2
        await app.press("n")
        assert app.selected in ("Harbour", "Mill")
        assert zoe.saved.status("Zoë").new == 0
        await app.press("o")
        assert app.results.total == 2
        assert "only these; o shows all" in app.status.message
        await app.press("g", "enter")
        assert "of 2" in app.status.message
        await app.press("J", "escape", "o")
        assert app.results.total == 22
        await app.press("S")
        assert "new" not in line(app)

    drive(scenario, zoe)
    assert told(zoe) == 0


def test_everything_is_seen_by_one_key(zoe: Archive) -> None:
    told(zoe)
    with_new(zoe, "harbour")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter", "A", "S")
        assert "new" not in line(app)

    drive(scenario, zoe)
    assert told(zoe) == 0


def test_what_is_new_stays_marked_where_the_search_is_narrowed(zoe: Archive) -> None:
    told(zoe)
    with_new(zoe, "harbour")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "enter")
        app.search.change(app.request.replace(query="harbour"))
        await app.settle()
        assert "1 new" in app.status.message
        app.search.change(SearchRequest("harbour"))
        await app.settle()
        assert "new" not in app.status.message

    drive(scenario, zoe)


# -- the state -------------------------------------------------------------------------


def test_the_state_is_kept_while_the_ui_runs(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("trump")
        await app.press("enter")
        await app.until(lambda: StateKeeper(demo.root).load().history == ["trump"])  # it may be saved before Enter too
        assert StateKeeper(demo.root).load().last_request.query == "trump"

    drive(scenario, demo)


def test_two_sessions_keep_what_each_has_changed(demo: Archive) -> None:
    one, other = Session(demo), Session(demo)
    one.state.add_to_history("first")
    one.state.theme = "archive-light"
    other.state.add_to_history("second")
    other.state.side = False
    one.close()
    other.close()
    state = StateKeeper(demo.root).load()
    assert (state.history, state.theme, state.side) == (["first", "second"], "archive-light", False)
    assert Session(demo).state == state


def test_a_session_that_changed_nothing_writes_nothing(demo: Archive) -> None:
    Session(demo).close()
    assert UserState(demo.root).read() == {}
    assert not UserState(demo.root).path().exists()


def test_a_query_that_is_asked_again_goes_to_the_end_for_both(demo: Archive) -> None:
    keeper = StateKeeper(demo.root)
    state = keeper.load()
    for query in ("a", "b"):
        state.add_to_history(query)
    changed = keeper.unsaved(state)
    assert changed is not None
    keeper.save(changed)
    assert keeper.unsaved(state) is None
    other = StateKeeper(demo.root)
    theirs = other.load()
    theirs.add_to_history("c")
    other.save(other.unsaved(theirs) or {})
    state.add_to_history("a")
    keeper.save(keeper.unsaved(state) or {})
    assert StateKeeper(demo.root).load().history == ["b", "c", "a"]


def test_a_state_that_cannot_be_written_is_no_trouble(
    demo: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    session = Session(demo)
    session.state.theme = "archive-light"
    session.close()
    assert Session(demo).state == State()
