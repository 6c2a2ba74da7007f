"""Indexing from the terminal UI: the screen that builds an index, and watching for changes of it."""

from __future__ import annotations

import threading
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from archive import ArchiveError, IndexDamagedError, IndexReport, Progress
from archive.render.terminal import safe
from archive.render.text import pluralize
from archive.tui.model import search_model
from archive.tui.model.search_model import ViewResult
from archive.tui.search_controller import SearchController
from archive.tui.session import Session


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
        text = safe(self.damage.what)
        return f"{text[:1].upper()}{text[1:]}. Rebuilding it from the corpus…"

    async def _build(self) -> None:
        full = self.damage is not None
        try:
            report = await self.session.run_quick(self.session.archive.index, full=full, progress=self._progress)
        except _StoppedError:
            return
        except ArchiveError as error:
            for reason in self.query("#reason").results(Static):  # none if the screen was left meanwhile
                reason.update(Text(safe(str(error))))
            return
        self.dismiss(report)

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


class IndexPoller:
    """Notices that the index has changed since the last result, and brings it up to date on request."""

    def __init__(self, session: Session, controller: SearchController) -> None:
        self._session, self._controller = session, controller
        self._noticed = 0

    async def poll(self) -> str | None:
        """A notice if the index has changed since the last result; raises ArchiveError where it cannot be read.

        To be called regularly: also lets garbage be collected while the user is idle.
        """
        result = self._controller.result
        self._session.gc_tuner.idle()
        if result is None:
            return None
        # Even the generation may take a while to read, from a server.
        found = await self._session.run_quick(search_model.count_new, self._session.archive, result)
        if found is None or result is not self._controller.result:
            return None
        self._noticed, new = found
        what = pluralize(new, "new article") if new > 0 else "the index has changed"
        return f"{what} — press u to refresh"

    def covers_notice(self, result: ViewResult) -> bool:
        """Whether a result is from an index as new as the last notice's."""
        return result.generation >= self._noticed

    async def update(self) -> str:
        """Index the corpus and search again; returns what was done. Raises ArchiveError."""
        report = await self._session.run_quick(self._session.archive.index)
        self._controller.search(self._controller.request)
        done = f"{report.added:,} added, {report.updated:,} updated, {report.removed:,} removed"
        if report.problems:
            done += f"; {pluralize(len(report.problems), 'problem')}, listed by `archive index`"
        return done
