"""The app: themes, the way from one screen to the next, rebuilding a damaged index, and how it ends."""

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
from textual.theme import Theme
from textual.worker import WorkerFailed

from archive import Archive, IndexDamagedError, IndexReport, SearchRequest, TrustError
from archive.render.text import pluralize
from archive.tui import textual_internals
from archive.tui.keys import CommandPalette
from archive.tui.messages import IndexDamaged, UsesIndex
from archive.tui.model import search_model
from archive.tui.screens.indexing import IndexingScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.two_panels import TWO_PANELS_WIDTH
from archive.tui.screens.welcome import TrustScreen, WelcomeScreen
from archive.tui.session import Session

#: Seconds between two looks whether the state has to be saved.
_SAVE_SECONDS = 1.0
#: The exit status of a shell for a program ended by SIGTERM.
_TERMINATED = 128 + signal.SIGTERM

_DEFAULT_THEME = "archive-dark"
#: The theme without colours: bold, reversed and struck through instead.
_NO_COLOR_THEME = "ansi-dark"

#: Calm colours; Textual's `ansi-dark` and `ansi-light` follow the terminal.
_THEMES = (
    Theme(
        name="archive-dark",
        primary="#7aa2c9",
        secondary="#8fb3a5",
        accent="#e0b26a",
        foreground="#d6d3cc",
        background="#16181c",
        surface="#1b1e23",
        panel="#262a31",
        boost="#22262c",
        success="#93b77e",
        warning="#d9a05b",
        error="#d97c70",
        dark=True,
        variables={"border": "#7aa2c9", "border-blurred": "#3a404a"},
    ),
    Theme(
        name="archive-light",
        primary="#2f5f8f",
        secondary="#3d7564",
        accent="#9a5b00",
        foreground="#2a2a28",
        background="#faf8f4",
        surface="#f3f0ea",
        panel="#e6e2d9",
        boost="#efebe3",
        success="#4a7531",
        warning="#9a5b00",
        error="#a83b2e",
        dark=False,
        variables={"border": "#2f5f8f", "border-blurred": "#c9c4b8"},
    ),
)


class ArchiveApp(App[None]):
    """The terminal UI on one archive; see `make_app`.

    fault  the error that ended the app, if any
    """

    TITLE = "archive"
    CSS_PATH = Path(__file__).with_name("archive.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (TWO_PANELS_WIDTH, "-medium"), (100, "-wide"), (160, "-huge")]  # noqa: RUF012 (as declared in App)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    COMMANDS: ClassVar[set[object]] = {CommandPalette}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Command palette", show=False, priority=True),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self, archive: Archive | TrustError | None, request: SearchRequest | None, folder: Path, web: bool
    ) -> None:
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=no_color or None)
        self._archive, self._request, self._folder, self._web = archive, request, folder, web
        self.session: Session | None = None
        self.fault: Exception | None = None
        for theme in _THEMES:
            self.register_theme(theme)
        self.theme = _NO_COLOR_THEME if no_color else _DEFAULT_THEME

    # -- opening the archive -----------------------------------------------------------

    def on_mount(self) -> None:
        """Open the archive, or ask for one, or for trust."""
        if sys.platform != "win32":
            with suppress(RuntimeError, ValueError):  # only the main thread receives signals
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, None, _TERMINATED)
        if self._archive is None:
            self.push_screen(WelcomeScreen(self._folder), self._open)
        elif isinstance(self._archive, TrustError):
            self.push_screen(TrustScreen(self._archive), self._trust_answered)
        else:
            self._open(self._archive)

    def _trust_answered(self, archive: Archive | None) -> None:
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
        self.set_interval(_SAVE_SECONDS, self.session.save_state)
        self.run_worker(self._begin(self.session))

    async def _begin(self, session: Session) -> None:
        """Search if there is an index; a server may take a while to say so."""
        if await session.run_quick(lambda: session.archive.has_index):
            await self._show_search(session)
        else:
            self.push_screen(IndexingScreen(session), self._indexed)

    def _indexed(self, report: IndexReport | None) -> None:
        if self.session is not None:
            self.run_worker(self._show_search(self.session))
        if report is not None and report.problems:
            self.notify(f"{pluralize(len(report.problems), 'problem')} in the corpus; `archive index` lists them.")

    async def _show_search(self, session: Session) -> None:
        try:
            if self._request is None:
                request = session.state.last_request
            else:
                request = await session.run_quick(search_model.canonicalize, session.archive, self._request)
        except IndexDamagedError as damage:
            self.push_screen(IndexingScreen(session, damage), self._indexed)
        else:
            self.push_screen(SearchScreen(session, request))

    # -- a damaged index ---------------------------------------------------------------

    def on_index_damaged(self, event: IndexDamaged) -> None:
        """Rebuild the index, once however many have reported the damage."""
        if self.session is not None and not any(isinstance(each, IndexingScreen) for each in self.screen_stack):
            self.push_screen(IndexingScreen(self.session, event.damage), self._rebuilt)

    def _rebuilt(self, _: IndexReport | None) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, UsesIndex):
                screen.on_index_rebuilt()

    # -- errors ------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Keep the error for the command that runs the app."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.fault = cause if isinstance(cause, Exception) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's traceback: whether to print one is up to the command."""
        textual_internals.close_messages(self)

    # -- the rest ----------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The commands of the palette beside the actions; Textual's others write files."""
        yield SystemCommand("Theme", "Change the colour theme", self.action_change_theme)
        yield SystemCommand("Quit", "Quit; the next session continues here", self.action_quit)

    async def on_event(self, event: events.Event) -> None:
        """Put off garbage collection at a key press."""
        if isinstance(event, events.Key) and self.session is not None:
            self.session.gc_tuner.active()
        await super().on_event(event)

    def watch_theme(self, theme: str) -> None:
        """Remember the theme."""
        if self.session is not None:
            self.session.state.theme = theme

    async def action_quit(self) -> None:
        """Quit."""
        self.exit()

    def on_unmount(self) -> None:
        """Save the state, however the app ends."""
        if self.session is not None:
            self.session.close()


def make_app(
    archive: Archive | TrustError | None,
    request: SearchRequest | None = None,
    *,
    folder: Path | None = None,
    web: bool = False,
) -> ArchiveApp:
    """The app on an archive; with None it offers to create one in `folder`, with a TrustError it asks for trust.

    request  the first search; None continues where the last session ended
    web      whether this runs in a browser: no editor, no files
    """
    if not os.environ.get("NO_COLOR", "x"):
        del os.environ["NO_COLOR"]  # an empty one does not count, by its definition
    return ArchiveApp(archive, request, folder or (Path.cwd() if archive is None else Path()), web)
