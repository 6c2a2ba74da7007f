"""The app: themes, the way from one screen to the next, rebuilding a damaged index, and how it ends."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import WorkerFailed

from archive import Archive, IndexDamagedError, IndexReport, SearchRequest, TrustError
from archive.render.text import pluralize
from archive.tui import terminal_host, textual_internals
from archive.tui.keys import CommandPalette
from archive.tui.messages import CopyRequested, IndexDamaged, PersonPageRequested, ReadingRequested, UsesIndex
from archive.tui.model import search_model
from archive.tui.screens.indexing import IndexingScreen
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.quitting import QuitScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.two_panels import PREVIEW_WIDTH, TWO_PANELS_WIDTH
from archive.tui.screens.welcome import TrustScreen, WelcomeScreen
from archive.tui.session import Session
from archive.tui.themes import DEFAULT_THEME, NO_COLOR_THEME, THEMES, ThemedStyleSheets

#: Seconds between two looks whether the state has to be saved.
_SAVE_SECONDS = 1.0
#: The exit status of a shell for a program whose terminal was closed.
_HUNG_UP = 129

#: Textual's own commands, as the palette names them.
_SYSTEM_COMMANDS = {
    "Keys": "Show or hide the panel of keys",
    "Maximize": "Maximise the current panel",
    "Minimize": "Restore the maximised panel",
    "Screenshot": "Save a picture of the screen (SVG)",
}


class ArchiveApp(App[None]):
    """The terminal UI on one archive; see `make_app`.

    fault  the error that ended the app, if any
    """

    TITLE = "archive"
    CSS_PATH = Path(__file__).with_name("archive.tcss")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (as declared in App)
        (0, "-narrow"), (TWO_PANELS_WIDTH, "-medium"), (100, "-wide"), (PREVIEW_WIDTH, "-roomy"), (160, "-huge"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    COMMANDS: ClassVar[set[object]] = {*App.COMMANDS, CommandPalette}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Command palette", show=False, priority=True),
        Binding("ctrl+c", "copy_or_quit", "Copy the marked text, or quit", show=False, priority=True),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+l", "redraw", "Redraw the screen", show=False, priority=True),
        Binding("ctrl+t", "change_theme", "Change the theme", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend (fg continues)", show=False, priority=True),
    ]

    def __init__(
        self,
        archive: Archive | TrustError | None,
        request: SearchRequest | None,
        folder: Path,
        web: bool,
        theme: str = "",
    ) -> None:
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=no_color or None)
        self._archive, self._request, self._folder, self._web = archive, request, folder, web
        self.session: Session | None = None
        self.fault: Exception | None = None
        for each in THEMES:
            self.register_theme(each)
        self._given_theme = theme
        self.theme = theme or (NO_COLOR_THEME if no_color else DEFAULT_THEME)
        self.stylesheet = ThemedStyleSheets(variables=self.get_css_variables())

    # -- opening the archive -----------------------------------------------------------

    def on_mount(self) -> None:
        """Open the archive, or ask for one, or for trust."""
        terminal_host.on_ending_signal(self._end)
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
        if self._given_theme:
            self.session.state.theme = self._given_theme
        elif self.session.state.theme in self.available_themes and not self.no_color:
            self.theme = self.session.state.theme
        self.set_interval(_SAVE_SECONDS, self._save)
        self.run_worker(self._begin(self.session))

    async def _save(self) -> None:
        """Save the state if it has changed; end if the terminal is gone, from which Textual would read for ever."""
        if self.session is not None:
            await self.session.save_state()
        if not self.is_headless and not self.is_web and terminal_host.is_gone():
            self._end(_HUNG_UP)

    def _end(self, status: int) -> None:
        """Save the state and end: at once where the terminal is gone, from which there may be no orderly way out."""
        if self.session is not None:
            self.session.save_now()
        if terminal_host.is_gone():
            terminal_host.exit_at_once(status)
        self.exit(None, status)

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
            self.notify(f"{pluralize(len(report.problems), 'problem')} in the corpus; ! lists them.")

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

    def push_screen(self, screen: Any, *arguments: Any, **options: Any) -> Any:
        """Show a screen; it has the classes of the terminal's size from the start, or it would be styled twice."""
        if isinstance(screen, Screen):
            width, height = self.size
            for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
                screen.add_class(max(each for each in breakpoints if each[0] <= size)[1], update=False)
        return super().push_screen(screen, *arguments, **options)

    # -- pages that several screens lead to --------------------------------------------

    def on_person_page_requested(self, event: PersonPageRequested) -> None:
        """Show the page of a person, or of two."""
        if self.session is not None:
            self.push_screen(PersonScreen(self.session, event.names), event.closed)

    def on_reading_requested(self, event: ReadingRequested) -> None:
        """Read articles, unless that was asked for twice and they are there already."""
        if not isinstance(self.screen, ReaderScreen):
            self.run_worker(self._read(event), group="opening", exclusive=True)

    async def _read(self, event: ReadingRequested) -> None:
        self.push_screen(await ReaderScreen(event.sequence, event.index).preload(), event.closed)

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
        """Textual's commands of the palette, in phrases; what has a key of its own is listed by `CommandPalette`."""
        for title, _, callback, discover in super().get_system_commands(screen):
            if title in _SYSTEM_COMMANDS:
                yield SystemCommand(_SYSTEM_COMMANDS[title], "", callback, discover)

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

    def action_copy_or_quit(self) -> None:
        """Copy the marked text; without any quit, after a question."""
        focused, screen = self.screen.focused, self.screen
        text = focused.selected_text if isinstance(focused, Input) else ""
        text = text or screen.get_selected_text() or ""
        if text:
            self.post_message(CopyRequested(text, f"Copied {pluralize(len(text.split()), 'word')}."))
        elif isinstance(screen, QuitScreen) or not any(isinstance(each, SearchScreen) for each in self.screen_stack):
            self.exit()
        else:
            self.push_screen(QuitScreen(), self._quit_answered)

    def _quit_answered(self, quits: bool | None) -> None:
        if quits:
            self.exit()

    def on_copy_requested(self, event: CopyRequested) -> None:
        """Copy a text, and say that it was done, or that the terminal does not take it."""
        self.copy_to_clipboard(event.text)
        failure = "" if self.is_web or self.is_headless else terminal_host.clipboard_failure(event.text)
        if failure:
            self.notify(failure, severity="warning", timeout=8)
        else:
            self.notify(event.done, timeout=3)

    def action_redraw(self) -> None:
        """Draw the whole screen again, over whatever another program or a wide character left on it."""
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    def action_suspend_process(self) -> None:
        """Suspend the app as a shell's job; the state is saved first."""
        if self.session is not None:
            self.session.save_now()
        super().action_suspend_process()

    def on_unmount(self) -> None:
        """Save the state, however the app ends."""
        if self.session is not None:
            self.session.close()


def make_app(
    archive: Archive | TrustError | None,
    request: SearchRequest | None = None,
    *,
    folder: Path | None = None,
    theme: str = "",
    web: bool = False,
) -> ArchiveApp:
    """The app on an archive; with None it offers to create one in `folder`, with a TrustError it asks for trust.

    request  the first search; None continues where the last session ended
    theme    its name, to be used from now on; "" for the one last chosen
    web      whether this runs in a browser: no editor, no files
    """
    if not os.environ.get("NO_COLOR", "x"):
        del os.environ["NO_COLOR"]  # an empty one does not count, by its definition
    return ArchiveApp(archive, request, folder or (Path.cwd() if archive is None else Path()), web, theme)
