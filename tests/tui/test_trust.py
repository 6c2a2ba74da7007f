"""The question that is asked before an archive is opened that reaches out of its folder."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from archive import Archive, TrustError
from archive.config.trust import trusted
from archive.tui.app import ArchiveApp, make_app
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.welcome import TrustScreen

from .support import Driver

WANT = "read whatever files and folders the links in its corpus lead to (links_outside)"


@pytest.fixture
def refused(own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrustError:
    """What opening the demonstration says, now that it follows links."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (own.root / "archive.yaml").write_text("links_outside: true\n")
    with pytest.raises(TrustError) as error:
        Archive.open(own.root)
    return error.value


def ask(error: TrustError, scenario: Callable[[Driver], Awaitable[None]]) -> ArchiveApp:
    async def drive() -> ArchiveApp:
        app = make_app(error)
        async with app.run_test(size=(100, 30)) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: isinstance(app.screen, TrustScreen))
            await driver.settle()
            await scenario(driver)
        return app

    return asyncio.run(drive())


def test_a_yes_is_remembered_and_opens_the_archive(refused: TrustError) -> None:
    async def scenario(driver: Driver) -> None:
        text = " ".join(driver.text().split())
        assert "Do you trust this archive?" in text
        assert WANT in text.replace("│ │ ", "").replace(" │ │", "")
        await driver.press("down")
        driver.app.simulate_key("enter")
        await driver.until(lambda: isinstance(driver.app.screen, SearchScreen))

    app = ask(refused, scenario)
    assert app.fault is None
    assert trusted() == {str(refused.root): (WANT,)}
    Archive.open(refused.root).close()


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
def test_the_first_answer_is_no(refused: TrustError, key: str) -> None:
    async def scenario(driver: Driver) -> None:
        driver.app.simulate_key(key)
        await driver.until(lambda: driver.app.fault is not None)

    app = ask(refused, scenario)
    assert app.fault is refused
    assert app.session is None
    assert trusted() == {}


def test_settings_that_changed_meanwhile_ask_again(refused: TrustError) -> None:
    async def scenario(driver: Driver) -> None:
        (refused.root / "archive.yaml").write_text("links_outside: true\nurl: https://h:9200\n")
        await driver.press("down", "enter")
        await driver.until(lambda: "connect to https://h:9200" in driver.text())
        assert isinstance(driver.app.screen, TrustScreen)
        assert driver.app.session is None
        await driver.press("q")

    assert ask(refused, scenario).session is None


def test_what_cannot_be_remembered_is_said(refused: TrustError, tmp_path: Path) -> None:
    async def scenario(driver: Driver) -> None:
        (tmp_path / "config").write_text("no folder")
        await driver.press("down", "enter")
        assert "cannot be read: Not a directory" in driver.text()

    assert ask(refused, scenario).session is None
