"""Driving the app as a person would, and pictures of it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from archive import Archive, SearchRequest
from archive.tui.app import ArchiveApp, make_app
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.facet_panel import Facets
from archive.tui.widgets.result_list import Results
from archive.tui.widgets.status import Status

CORPUS = Path(__file__).parents[2] / "corpus"
SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "ARCHIVE_UPDATE_SNAPSHOTS"
_PATIENCE = 30.0


class Driver:
    """An app that is being driven: keys go in, what is seen comes out."""

    def __init__(self, app: ArchiveApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    def _calm(self) -> bool:
        """Whether no message, search or worker is waiting or under way."""
        nodes = (self.app, *self.app.screen_stack, *self.app.screen.walk_children())
        if any(not node._message_queue.empty() or node._next_callbacks for node in nodes):
            return False
        searches = [screen for screen in self.app.screen_stack if isinstance(screen, SearchScreen)]
        if any(screen.controller.busy or screen.completer.busy or screen.previewer.busy for screen in searches):
            return False
        return not any(worker.is_running and worker.group != "searching" for worker in self.app.workers)

    async def settle(self) -> None:
        """Wait until nothing is going on any more, and all of it is painted."""
        for _ in range(2):
            calm, tries = 0, 0
            while calm < 3:
                await asyncio.sleep(0.001)
                calm = calm + 1 if self._calm() else 0
                tries += 1
                assert tries < _PATIENCE * 1000, "it never came to rest"
            self.app.screen._on_timer_update()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the one before has had its effect."""
        for key in keys:
            self.app.simulate_key(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        for char in text:
            self.app.post_message(events.Key("space" if char == " " else char, char))
        await self.settle()

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something to become true."""
        for _ in range(int(_PATIENCE / 0.01)):
            if condition():
                await self.pilot.pause()
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never happened")

    @property
    def search(self) -> SearchScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, SearchScreen))

    @property
    def reader(self) -> ReaderScreen:
        assert isinstance(self.app.screen, ReaderScreen)
        return self.app.screen

    @property
    def view(self) -> ArticleView:
        return self.reader.query_one(ArticleView)

    @property
    def request(self) -> SearchRequest:
        return self.search.controller.request

    @property
    def total(self) -> int:
        answer = self.search.controller.result
        assert answer is not None
        return answer.page.total

    @property
    def results(self) -> Results:
        return self.search.query_one(Results)

    @property
    def facets(self) -> Facets:
        return self.search.query_one(Facets)

    @property
    def status(self) -> Status:
        return self.app.screen.query_one(Status)

    @property
    def focus(self) -> str | None:
        focused = self.app.screen.focused
        return None if focused is None else focused.id

    @property
    def selected(self) -> str:
        """The title under the cursor."""
        hit = self.results.hits.get(self.results.cursor)
        assert hit is not None
        return hit.title

    def text(self) -> str:
        """What is on the screen, as text."""
        width = self.app.size.width
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in lines)

    def facet_row(self, value: str) -> int:
        """The row of the facet panel with that value or heading."""
        return next(number for number, row in enumerate(self.facets.shown) if row.text == value)

    async def to_facet(self, value: str) -> None:
        """Put the cursor of the facet panel on a value."""
        await self.press("f")
        self.facets.cursor = self.facet_row(value)
        await self.pilot.pause()


Scenario = Callable[[Driver], Awaitable[None]]


def drive(
    scenario: Scenario,
    archive: Archive | None,
    request: SearchRequest | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    **options: Any,
) -> ArchiveApp:
    """Run the app and drive it; afterwards it has ended."""

    async def run() -> ArchiveApp:
        app = make_app(archive, request, **options)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            if archive is not None and archive.has_index:
                await driver.until(lambda: app.screen_stack and isinstance(app.screen, SearchScreen))
                await driver.until(lambda: driver.search.controller.result is not None)
            if archive is None or archive.has_index:
                await driver.settle()
            await scenario(driver)
        return app

    return asyncio.run(run())


def picture(app: ArchiveApp) -> str:
    """The screen as SVG, without what differs from one run to the next."""
    svg = app.export_screenshot(title="archive")
    svg = re.sub(r"terminal-\d+-", "terminal-", svg)
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def check_picture(app: ArchiveApp, name: str) -> None:
    """Compare the screen with the picture kept of it; the environment variable keeps a new one."""
    path = SNAPSHOTS / f"{name}.svg"
    drawn = picture(app)
    if os.environ.get(UPDATE):
        path.write_text(drawn, "utf-8")
        return
    assert path.exists(), f"no picture of {name}: run with {UPDATE}=1, and look at it"
    assert _said(path.read_text("utf-8")) == _said(drawn), (
        f"{name} looks different; {UPDATE}=1 keeps it, then look at it"
    )


def faintest(app: ArchiveApp) -> tuple[float, str]:
    """The lowest contrast of words on the screen, by the definition of WCAG, and the words."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style and style.color and style.bgcolor and re.search(r"\w", segment.text):
                shades = sorted(_luminance(each.get_truecolor()) for each in (style.color, style.bgcolor))
                found.append(((shades[1] + 0.05) / (shades[0] + 0.05), segment.text))
    return min(found)


def _luminance(color: tuple[int, int, int]) -> float:
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in (c / 255 for c in color)]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _said(svg: str) -> list[str]:
    """The lines of a picture, so that a difference is shown where it is."""
    return [line.strip() for line in re.sub(r"(<(?:text|rect)[ >])", r"\n\1", svg).splitlines() if line.strip()]
