"""Quitting, copying, themes and the command palette, on whatever screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette

from archive import Archive, SearchRequest
from archive.tui import terminal_host
from archive.tui.external_editor import find_editor
from archive.tui.screens.quitting import QuitScreen
from archive.tui.widgets.query_line import Query
from tests.tui.support import Driver, drive


def test_ctrl_c_copies_what_is_marked_and_asks_otherwise(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.type("gala dinner")
        await app.press("shift+home", "ctrl+c")
        assert app.app.clipboard == "gala dinner"
        assert not isinstance(app.app.screen, QuitScreen)
        await app.press("end", "ctrl+c")
        assert isinstance(app.app.screen, QuitScreen)
        await app.press("escape")
        assert app.app.screen is app.search
        await app.press("ctrl+c", "enter")
        assert app.app._exit

    assert drive(scenario, demo).return_code == 0


def test_ctrl_c_copies_text_marked_with_the_mouse(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        await app.pilot.mouse_down(app.view, offset=(3, 1))
        await app.pilot.hover(app.view, offset=(11, 1))
        await app.pilot.mouse_up(app.view, offset=(11, 1))
        await app.settle()
        await app.press("ctrl+c")
        assert app.app.clipboard
        assert app.view.article.title.startswith(app.app.clipboard)

    drive(scenario, demo, SearchRequest("gala"))


def test_the_palette_offers_what_the_toolkit_can_do(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("ctrl+p")
        assert isinstance(app.app.screen, CommandPalette)
        await app.type("picture of the screen")
        await app.until(lambda: app.app.screen.query_one(CommandList).option_count)
        await app.press("escape")
        await app.press("ctrl+p")
        await app.type("change the theme")
        await app.until(lambda: app.app.screen.query_one(CommandList).option_count)
        await app.press("enter")
        await app.until(lambda: isinstance(app.app.screen, CommandPalette))
        await app.type("archive-light")
        await app.until(lambda: app.app.screen.query_one(CommandList).option_count == 1)
        await app.press("enter")
        await app.until(lambda: app.app.theme == "archive-light")

    app = drive(scenario, demo)
    assert app.session is not None
    assert app.session.state.theme == "archive-light"


def test_a_theme_that_is_given_is_remembered(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert app.app.theme == "archive-light"

    drive(scenario, demo, theme="archive-light")
    drive(scenario, demo)


def test_the_screen_is_drawn_again_on_request(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        before = app.text()
        await app.press("ctrl+l")
        assert app.text() == before
        assert isinstance(app.app.screen.focused, Query)

    drive(scenario, demo)


def test_the_editor_is_the_one_named_or_one_that_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "kak -e")
    assert find_editor() == "kak -e"
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_editor() == ""
    (tmp_path / "nano").touch(0o755)
    assert find_editor() == "nano"


def test_terminals_that_take_no_copies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert terminal_host.clipboard_failure("a text", {"TERM": "xterm-256color"}) == ""
    assert "does not let programs copy" in terminal_host.clipboard_failure("a text", {"TERM": "linux"})
    assert "does not let programs copy" in terminal_host.clipboard_failure("a text", {"VTE_VERSION": "6800"})
    assert terminal_host.clipboard_failure("a text", {"VTE_VERSION": "8000"}) == ""
    assert "120,000 bytes" in terminal_host.clipboard_failure("x" * 120_000, {"TERM": "xterm-256color"})
    (tmp_path / "pbcopy").write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/copied\n")
    (tmp_path / "pbcopy").chmod(0o755)
    assert terminal_host.clipboard_failure("a text", {"TERM_PROGRAM": "Apple_Terminal"}) == ""
    assert (tmp_path / "copied").read_text() == "a text"
