"""Indexing from the terminal UI: the screen that builds an index, and watching for changes of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from archive import ArchiveError, IndexDamagedError, IndexLockedError, IndexReport, Progress
from archive.render.terminal import safe
from archive.render.text import pluralize
from archive.tui.model import search_model
from archive.tui.model.search_model import ViewResult
from archive.tui.search_controller import SearchController
from archive.tui.session import Session

#: Seconds between two looks whether another process has finished.
_RETRY_SECONDS = 0.5


def _sentence(text: str) -> str:
    text = safe(text)
    return f"{text[:1].upper()}{text[1:]}"


class _StoppedError(ArchiveError):
    """The screen was left: stop indexing."""


class IndexingScreen(Screen[IndexReport]):
    """Indexes the corpus and returns the report; leaving stops, and leaves no half-built index behind."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "quit", "Stop and quit")]

    def __init__(self, session: Session, damage: IndexDamagedError | None = None) -> None:
        """With `damage`, the index is rebuilt because of it."""
        super().__init__()
        self.session, self.damage = session, damage
        self._stop = threading.Event()

    def compose(self) -> ComposeResult:
        """A progress bar and a line of numbers."""
        with Middle(), Center(), Vertical(classes="dialog -small"):
            yield Static(Text(self._reason()), id="reason")
            yield ProgressBar(total=1.0, show_eta=False, id="progress")
            yield Static(" ", id="numbers")

    def on_mount(self) -> None:
        """Begin indexing."""
        frame = self.query_one(".dialog")
        frame.border_title = "Building the index" if self.damage is None else "Rebuilding the index"
        frame.border_subtitle = "q stop and quit"
        self.run_worker(self._build())

    def _reason(self) -> str:
        """Why the corpus is read."""
        if self.damage is None:
            return "Reading the corpus for the first time…"
        return f"{_sentence(self.damage.what)}. Rebuilding it from the corpus…"

    async def _build(self) -> None:
        """Index; while another process does, wait for it and show how far it has come."""
        while True:
            try:
                full, archive = self.damage is not None, self.session.archive
                report = await self.session.run_indexing(archive.index, full=full, progress=self._progress)
            except _StoppedError:
                return
            except IndexLockedError as error:
                self._say(f"{_sentence(error.what)}. Waiting for it…")
                if await self._other_has_finished():
                    self.dismiss(None)
                    return
            except ArchiveError as error:
                self._say(str(error))
                return
            else:
                self.dismiss(report)
                return

    async def _other_has_finished(self) -> bool:
        """Wait a moment, showing how far the other process has come; whether it has left an index to be used."""
        archive, run = self.session.archive, self.session.run_indexing
        if (progress := await run(archive.running_progress)) is not None:
            self._show(progress)
        await asyncio.sleep(_RETRY_SECONDS)
        return self.damage is None and await run(lambda: archive.has_index)

    def _say(self, text: str) -> None:
        for reason in self.query("#reason").results(Static):  # none if the screen was left meanwhile
            reason.update(Text(safe(text)))

    def _progress(self, progress: Progress) -> None:
        """Called in the thread that indexes."""
        if self._stop.is_set():
            raise _StoppedError("indexing was stopped")
        self.app.call_later(self._show, progress)

    def _show(self, progress: Progress) -> None:
        for bar in self.query(ProgressBar):
            bar.update(progress=progress.fraction)
        rate = f" · {progress.articles / progress.seconds:,.0f} per second" if progress.seconds else ""
        for numbers in self.query("#numbers").results(Static):
            numbers.update(f"{progress.articles:,} articles{rate}")

    def on_unmount(self) -> None:
        """Stop indexing, however the screen is left."""
        self._stop.set()

    def action_quit(self) -> None:
        """Stop and quit."""
        self._stop.set()
        self.app.exit()


async def index_when_free(session: Session, say: Callable[[str], None]) -> IndexReport:
    """Bring the index up to date, once no other process writes it; `say` is told meanwhile. Raises ArchiveError."""
    while True:
        try:
            return await session.run_indexing(session.archive.index)
        except IndexLockedError:
            progress = await session.run_indexing(session.archive.running_progress)
            done = f" ({progress.fraction:.0%})" if progress is not None else ""
            say(f"another process is indexing{done}; waiting…")
            await asyncio.sleep(_RETRY_SECONDS)


class IndexPoller:
    """Notices that the index has changed since the last result, or is gone, and brings it up to date on request."""

    def __init__(self, session: Session, controller: SearchController) -> None:
        self._session, self._controller = session, controller
        self._noticed = 0
        self._index_is_gone = False

    async def poll(self) -> str | None:
        """A notice if the index has changed since the last result; raises ArchiveError where it cannot be read.

        Where the index was deleted and is there again, the search is run again. To be called regularly: also lets
        garbage be collected while the user is idle.
        """
        result = self._controller.result
        self._session.gc_tuner.idle()
        if result is None:
            return None
        # Even the generation may take a while to read, from a server.
        generation = await self._session.run_quick(lambda: self._session.archive.generation)
        if generation < 0:
            self._index_is_gone = True
            return "the index was deleted — press i to build it again"
        if self._index_is_gone:
            self._index_is_gone = False
            self._controller.search_afresh()
            return ""
        found = await self._session.run_quick(search_model.count_new, self._session.archive, result)
        if found is None or result is not self._controller.result:
            return None
        self._noticed, new = found
        what = pluralize(new, "new article") if new > 0 else "the index has changed"
        return f"{what} — press u to refresh"

    def covers_notice(self, result: ViewResult) -> bool:
        """Whether a result is from an index as new as the last notice's."""
        return result.generation >= self._noticed

    async def update(self, say: Callable[[str], None]) -> str:
        """Index the corpus and search again; returns what was done. Raises ArchiveError."""
        report = await index_when_free(self._session, say)
        self._controller.search_afresh()
        return f"{report.added:,} added, {report.updated:,} updated, {report.removed:,} removed"
