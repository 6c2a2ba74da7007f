"""Saved searches, help, the palette, the first start, the index, the state, and the end."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from textual.widgets import OptionList, Static

from archive import Archive, SearchRequest
from archive.config.user_state import state_file
from archive.tui.app import make_app
from archive.tui.keys import CommandPalette
from archive.tui.model.session_state import StateKeeper
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.indexing import IndexingScreen
from archive.tui.screens.saved_searches import SavedSearchesScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.welcome import WelcomeScreen
from archive.tui.widgets.query_line import Query
from tests.tui.support import Driver, drive

ARTICLE = "---\ntitle: {title}\ndate: 2024-01-02\npeople: [Zoë Amadi]\n---\n\nThe zyzzyva was seen at {title}.\n"


def add(archive: Archive, name: str) -> None:
    (archive.root / "corpus" / f"{name}.md").write_text(ARTICLE.format(title=name.title()), "utf-8")


def test_an_index_that_is_slow_to_answer_does_not_freeze_the_screen(
    own: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, go = list[bool](), threading.Event()

    def slowly(_: Archive) -> bool:
        answered.append(go.wait(10))
        return answered[-1]

    async def run() -> None:
        app = make_app(own)
        async with app.run_test() as pilot:
            await pilot.pause()
            assert not answered
            go.set()
            driver = Driver(app, pilot)
            await driver.until(lambda: isinstance(app.screen, SearchScreen))

    monkeypatch.setattr(Archive, "has_index", property(slowly))
    asyncio.run(run())
    assert answered == [True]


# -- saved searches --------------------------------------------------------------------


def test_a_search_is_saved_opened_and_deleted(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "s")
        app.app.screen.query_one("Input").value = "About Trump"
        await app.press("enter")
        assert own.saved.list()[0].request == SearchRequest("trump", person="Ivanka Trump")
        await app.press("c", "slash", "ctrl+u", "escape")
        assert app.total == 101
        await app.press("S", "enter")
        assert app.total == 9
        assert app.request.person == ("Ivanka Trump",)
        await app.press("S", "d")
        assert len(own.saved.list()) == 1
        assert "d again to delete" in app.text()
        await app.press("d")
        assert own.saved.list() == ()
        assert "No saved searches yet" in app.text()
        await app.press("escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, own, SearchRequest("trump", person="Ivanka Trump"))


def test_deleting_is_asked_for_twice_in_the_same_place(own: Archive) -> None:
    for name in ("One", "Two"):
        own.saved.add(name, SearchRequest(name))

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S", "d", "down", "d")
        assert len(own.saved.list()) == 2
        await app.press("d")
        assert [each.name for each in own.saved.list()] == ["One"]

    drive(scenario, own)


def test_saving_can_be_called_off(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "s", "escape")
        assert own.saved.list() == ()

    drive(scenario, own)


def test_saved_searches_say_how_many_are_new(own: Archive) -> None:
    own.saved.add("Zoë", SearchRequest(person="Zoë Amadi"))

    def listed(app: Driver) -> str:
        return str(app.app.screen.query_one(OptionList).get_option("Zoë").prompt)

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S")
        assert "20" in app.text()
        assert "new" not in app.text().split("Zoë")[1].split("\n")[0]
        await app.press("enter")
        add(own, "harbour")
        own.index()
        await app.press("S")
        assert "1 new" in listed(app)
        await app.press("enter", "S")
        assert "1 new" in listed(app)  # it was in the list, and not looked at
        await app.press("enter", "n", "S")
        assert "new" not in listed(app)

    drive(scenario, own)


def test_saved_searches_say_how_they_ask(own: Archive) -> None:
    own.saved.add("Both", SearchRequest(person=("Kim Kardashian", "Ivanka Trump"), all_people=True, sort="newest"))
    with (own.root / "saved.yaml").open("a") as file:
        file.write("- name: Wrong\n  query: colour:red\n")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S")
        assert "Kim Kardashian + Ivanka Trump · all people · by newest" in app.text()
        assert "there is no field" in app.text()
        await app.press("enter")
        assert app.request.all_people
        await app.press("S")
        assert own.saved.status("Both").total == app.total
        assert own.saved.status("Both").new == 0

    drive(scenario, own)


def test_a_damaged_file_of_saved_searches_is_explained(own: Archive) -> None:
    (own.root / "saved.yaml").write_text("- query: x\n", "utf-8")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "S")
        assert isinstance(app.app.screen, SavedSearchesScreen)
        assert "saved.yaml:1" in str(app.app.screen.query_one("#about", Static).render())

    drive(scenario, own)


def test_in_a_browser_nothing_is_written(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "s", "i")
        assert isinstance(app.app.screen, SearchScreen)
        assert "s Save" not in app.text()

    drive(scenario, own, web=True)
    assert not state_file(own.root).exists()


# -- help and the palette --------------------------------------------------------------


def test_help_begins_with_the_panel_one_is_in(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("f1")
        assert isinstance(app.app.screen, HelpScreen)
        titles = [title for title, _, _ in app.app.screen._sections]
        assert titles[:3] == ["Query", "Query syntax", "Everywhere"]
        await app.press("j", "k", "escape", "escape", "f", "question_mark")
        assert isinstance(app.app.screen, HelpScreen)
        assert next(title for title, _, _ in app.app.screen._sections) == "Facets"
        await app.press("q", "escape", "enter", "question_mark")
        assert isinstance(app.app.screen, HelpScreen)
        assert [title for title, _, _ in app.app.screen._sections] == ["Article", "Everywhere", "Query syntax"]
        keys = dict(app.app.screen._sections[1][2])
        assert keys["^p"] == "Command palette"

    drive(scenario, demo)


@pytest.mark.parametrize("size", [(80, 24), (40, 24), (120, 40)])
def test_help_is_read_to_its_end(demo: Archive, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "question_mark")
        assert "has:venue" not in app.text()
        await app.press("G")
        await app.until(lambda: "has:venue" in app.text())
        await app.press("g")
        await app.until(lambda: "The articles found" in app.text())

    drive(scenario, demo, size=size)


def test_help_is_filtered_and_an_entry_is_run(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "question_mark", "slash")
        await app.type("find facet")
        assert "Find a facet value" in app.text()
        assert "Remove all constraints" not in app.text()
        await app.press("enter")
        assert app.focus == "find"
        await app.press("escape", "question_mark", "slash")
        await app.type("years only")
        await app.press("down", "enter")
        assert app.focus == "years"
        assert app.request.year
        await app.press("question_mark", "slash", "escape")
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo)


def test_the_palette_says_what_actions_do_with_the_key_at_the_right(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "ctrl+p")
        await app.until(lambda: "Sort" in app.text())
        (line,) = (line for line in app.text().splitlines() if line.startswith("  Saved searches"))
        assert line.split() == ["Saved", "searches", "List", "the", "saved", "searches", "S"]
        await app.type("guest list")
        await app.until(lambda: "Occasions: the guest lists" in app.text() and "Find a facet value" not in app.text())

    drive(scenario, demo, size=(100, 40))


def test_every_binding_that_is_declared_is_an_action(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        screens = [screen for screen in app.app.screen_stack if type(screen).__module__.startswith("archive.")]
        for node in [app.app, *screens, *(child for screen in screens for child in screen.walk_children())]:
            if not type(node).__module__.startswith("archive."):
                continue
            for _, binding in node._bindings:
                where, _, name = binding.action.split("(")[0].rpartition(".")
                owner = {"app": app.app, "screen": node.screen}.get(where, node)
                assert hasattr(owner, f"action_{name}"), f"{node}: {binding.action}"

    drive(scenario, demo)


def test_the_palette_knows_every_action(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        names = {name for name, _, _, _ in CommandPalette(app.app.screen)._commands()}
        assert {"Save", "Saved searches", "Sort", "Remove all constraints"} <= names
        assert {"Facets: Exclude", "Years: Mark a range"} <= names
        assert {"Years as list/chart", "Constraints: Remove"} <= names
        panels = [app.search, *app.search.query("Query, Breadcrumb, Facets, Histogram, Results")]
        described = {each.description for node in panels for _, each in node._bindings if each.show}
        assert described <= {name.rpartition(": ")[2] for name in names}
        provider = CommandPalette(app.app.screen)
        found = [hit async for hit in provider.search("clear")]
        assert found
        commands = provider._commands()
        node, action = next((node, b.action) for name, _, node, b in commands if name == "Facets: All/any")
        await provider._run(node, action)
        await app.settle()
        assert app.focus == "facets"
        assert app.request.all_people

    drive(scenario, demo)


def test_the_palette_opens_and_changes_the_theme(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "ctrl+p")
        assert type(app.app.screen).__name__ == "CommandPalette"
        await app.press("escape")
        for theme in ("archive-light", "ansi-dark", "ansi-light", "archive-dark", "textual-dark"):
            app.app.theme = theme
            await app.settle()
        await app.until(lambda: StateKeeper(demo.root).load().theme == "textual-dark")  # kept while it runs

    drive(scenario, demo)
    assert StateKeeper(demo.root).load().theme == "textual-dark"


@pytest.mark.parametrize(("value", "colour"), [("1", False), ("", True)])
def test_no_color_counts_only_when_it_is_not_empty(
    demo: Archive, monkeypatch: pytest.MonkeyPatch, value: str, colour: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", value)

    async def scenario(app: Driver) -> None:
        assert app.app.no_color is not colour
        strips = app.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        colours = {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour is not None}
        assert (colours <= {"default"}) is not colour

    drive(scenario, demo)


# -- the first start, and the index ----------------------------------------------------


def test_without_an_archive_one_can_be_made(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        assert isinstance(app.app.screen, WelcomeScreen)
        await app.press("j", "k", "enter")
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: app.search.controller.result is not None)
        await app.settle()
        assert (tmp_path / "archive.yaml").exists()
        assert "This archive is empty" in app.text()
        add(Archive.open(tmp_path), "harbour")
        await app.press("escape", "i")
        assert app.total == 1

    drive(scenario, None, folder=tmp_path)


def test_the_demonstration_is_opened_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    async def scenario(app: Driver) -> None:
        for key in ("j", "enter"):  # the one right after the other, as a fast typist presses them
            app.app.simulate_key(key)
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: app.search.controller.result is not None)
        assert app.total == 101
        assert app.search.session.archive.root == tmp_path / "data" / "archive" / "demonstration"

    (tmp_path / "empty").mkdir()
    for _ in range(2):  # the second time it is there already
        drive(scenario, None, folder=tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []
    assert [each.name for each in (tmp_path / "data" / "archive").iterdir()] == ["demonstration"]


def test_a_demonstration_that_cannot_be_copied_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    async def scenario(app: Driver) -> None:
        app.app.screen.query_one(OptionList).highlighted = 1
        await app.press("enter")
        assert isinstance(app.app.screen, WelcomeScreen)
        assert "could not be copied" in app.text()

    drive(scenario, None, folder=tmp_path)


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
def test_without_an_archive_one_can_leave(tmp_path: Path, key: str) -> None:
    async def scenario(app: Driver) -> None:
        app.app.screen.query_one(OptionList).highlighted = 2
        app.app.simulate_key(key)
        await app.until(lambda: app.app._exit)

    drive(scenario, None, folder=tmp_path)
    assert not (tmp_path / "archive.yaml").exists()


def test_an_archive_that_is_there_already_is_said(tmp_path: Path) -> None:
    async def scenario(app: Driver) -> None:
        (tmp_path / "corpus").mkdir()
        await app.press("enter")
        assert "already" in app.text()

    drive(scenario, None, folder=tmp_path)


def test_the_index_is_built_first(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "new")
    for number in range(60):
        add(archive, f"harbour {number}")

    async def scenario(app: Driver) -> None:
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: app.search.controller.result is not None)
        assert app.total == 60

    drive(scenario, archive)


def test_building_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive.create(tmp_path / "new")
    add(archive, "harbour")
    stopped = []

    def index(self: Archive, *, full: bool = False, progress: object = None) -> None:
        from archive import Progress

        assert callable(progress)
        try:
            for step in range(1000):
                progress(Progress(step, step / 1000, step / 100))
                __import__("time").sleep(0.005)
        except Exception:
            stopped.append(True)
            raise

    monkeypatch.setattr(Archive, "index", index)

    async def scenario(app: Driver) -> None:
        await app.until(lambda: isinstance(app.app.screen, IndexingScreen))
        await app.until(lambda: "articles" in app.text())
        app.app.simulate_key("q")
        await app.until(lambda: app.app._exit)
        await app.until(lambda: stopped)

    drive(scenario, archive)


def test_new_articles_are_offered(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        add(own, "harbour")
        own.index()
        await app.search.upkeep.poll()
        assert app.status.notice == "1 new article — press u to refresh"
        assert app.total == 101
        await app.press("u")
        assert app.total == 102
        assert app.status.notice == ""
        (own.root / "corpus" / "harbour.md").unlink()
        own.index()
        await app.search.upkeep.poll()
        assert "index has changed" in app.status.notice

    drive(scenario, own)


def test_indexing_from_within(own: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        add(own, "harbour")
        await app.press("i")
        assert app.total == 102
        assert any("1 added" in str(note.message) for note in app.app._notifications)

    drive(scenario, own)


# -- the state -------------------------------------------------------------------------


def test_the_next_session_begins_where_this_one_ended(demo: Archive) -> None:
    title = ""

    async def first(app: Driver) -> None:
        nonlocal title
        await app.type("trump")
        await app.press("enter")
        await app.to_facet("Ivanka Trump")
        await app.press("space", "g", "h", "escape", "j", "j")
        title = app.selected

    async def second(app: Driver) -> None:
        assert app.request == SearchRequest("trump", person="Ivanka Trump")
        assert app.selected == title
        assert app.search.controller.facet_view("person").folded
        assert list(app.search.query_one(Query).history) == ["trump"]

    drive(first, demo)
    drive(second, demo)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1, "request": {"nope": 1}, "history": 3}'])
def test_a_damaged_state_is_no_trouble(demo: Archive, content: str) -> None:
    path = state_file(demo.root)
    path.parent.mkdir(parents=True)
    path.write_text(content)

    async def scenario(app: Driver) -> None:
        assert app.total == 101

    drive(scenario, demo)
