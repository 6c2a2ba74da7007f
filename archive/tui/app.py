"""The application: themes, the way from one screen to the next, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from archive.api import Archive
from archive.errors import IndexDamagedError, TrustError
from archive.model.reports import IndexReport
from archive.query.request import SearchRequest
from archive.tui.commands import Actions
from archive.tui.messages import Damaged, Mendable
from archive.tui.model import search_model
from archive.tui.screens.indexing_progress import BuildingScreen
from archive.tui.screens.responsive import ROOM_FOR_TWO
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.trust import TrustScreen
from archive.tui.screens.welcome import WelcomeScreen
from archive.tui.session import Session
from archive.tui.themes import PLAIN, THEMES, USUAL

#: Seconds between two looks whether there is anything in the state to be kept.
_KEEPING = 1.0
#: What a shell reports of a program that was ended by SIGTERM.
_TERMINATED = 128 + signal.SIGTERM


class ArchiveApp(App[None]):
    """The reading room. Made by `make_app`."""

    TITLE = "archive"
    CSS_PATH = Path(__file__).with_name("archive.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOM_FOR_TWO, "-medium"), (100, "-wide"), (160, "-huge")]  # noqa: RUF012 (as declared in App)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    COMMANDS: ClassVar[set[object]] = {Actions}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Every action by its name", show=False, priority=True),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self, archive: Archive | TrustError | None, request: SearchRequest | None, folder: Path, web: bool
    ) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=plain or None)
        self._archive, self._request, self._folder, self._web = archive, request, folder, web
        self.session: Session | None = None
        self.fault: Exception | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = PLAIN if plain else USUAL

    def on_mount(self) -> None:
        """Open the archive, or offer to make one."""
        if sys.platform != "win32":
            with suppress(RuntimeError, ValueError):  # only the main thread is told of signals
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, None, _TERMINATED)
        if self._archive is None:
            self.push_screen(WelcomeScreen(self._folder), self._open)
        elif isinstance(self._archive, TrustError):
            self.push_screen(TrustScreen(self._archive), self._trusted)
        else:
            self._open(self._archive)

    def _trusted(self, archive: Archive | None) -> None:
        if archive is None:
            self.fault = self._archive if isinstance(self._archive, TrustError) else None
            self.exit()
        self._open(archive)

    def _open(self, archive: Archive | None) -> None:
        if archive is None:
            return
        self.session = Session(archive, web=self._web)
        if self.session.state.theme in self.available_themes and not self.no_color:
            self.theme = self.session.state.theme
        self.set_interval(_KEEPING, self.session.keep)
        self.run_worker(self._begin(self.session))

    async def _begin(self, session: Session) -> None:
        """Search, if there is an index; where it is on a server, the answer may take its time."""
        if await session.aside(lambda: session.archive.has_index):
            await self._search(session)
        else:
            self.push_screen(BuildingScreen(session), self._built)

    def _built(self, report: IndexReport | None) -> None:
        if self.session is not None:
            self.run_worker(self._search(self.session))
        if report is not None and report.problems:
            self.notify(f"{len(report.problems):,} files or articles could not be taken; `archive index` names them.")

    async def _search(self, session: Session) -> None:
        try:
            if self._request is None:
                request = session.state.last_request
            else:
                request = await session.aside(search_model.settled, session.archive, self._request)
        except IndexDamagedError as damage:
            self.push_screen(BuildingScreen(session, damage), self._built)
        else:
            self.push_screen(SearchScreen(session, request))

    def on_damaged(self, event: Damaged) -> None:
        """Make a damaged index anew, once however many have met the damage; then go on."""
        if self.session is not None and not any(isinstance(each, BuildingScreen) for each in self.screen_stack):
            self.push_screen(BuildingScreen(self.session, event.damage), self._mended)

    def _mended(self, _: IndexReport | None) -> None:
        """Whatever is open asks its questions again."""
        for screen in self.screen_stack:
            if isinstance(screen, Mendable):
                screen.mended()

    def _handle_exception(self, error: Exception) -> None:
        """Keep what went wrong for the command that runs this."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.fault = cause if isinstance(cause, Exception) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without the toolkit's traceback: whether one is shown is the command's to decide."""
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers beside the actions: none of it touches files."""
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave; the next session begins here", self.action_quit)

    async def on_event(self, event: events.Event) -> None:
        """Whoever presses a key is there."""
        if isinstance(event, events.Key) and self.session is not None:
            self.session.pace.stir()
        await super().on_event(event)

    def watch_theme(self, theme: str) -> None:
        """The next session looks the same."""
        if self.session is not None:
            self.session.state.theme = theme

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()

    def on_unmount(self) -> None:
        """Keep the state, however this ends."""
        if self.session is not None:
            self.session.close()


def make_app(
    archive: Archive | TrustError | None,
    request: SearchRequest | None = None,
    *,
    folder: Path | None = None,
    web: bool = False,
) -> ArchiveApp:
    """The app on an archive; with None it offers to make one in `folder`, with a TrustError it asks for trust.

    request  what to search for first; None goes on where the last session ended
    web      whether this runs in a browser: no editor, no files
    """
    if not os.environ.get("NO_COLOR", "x"):
        del os.environ["NO_COLOR"]  # by its definition it counts only when it is not empty
    return ArchiveApp(archive, request, folder or (Path.cwd() if archive is None else Path()), web)
