"""Building the index, with how far it has come."""

from __future__ import annotations

import threading
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from archive.errors import ArchiveError, IndexDamagedError
from archive.model.reports import IndexReport, Progress
from archive.render.terminal import safe
from archive.tui.session import Session


class _StoppedError(ArchiveError):
    """Nobody waits for the index any longer."""


class BuildingScreen(Screen[IndexReport]):
    """Indexes the corpus and answers with the report; leaving stops it and keeps nothing half done."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "quit", "Stop and quit")]

    def __init__(self, session: Session, damage: IndexDamagedError | None = None) -> None:
        """With `damage`, what was found of it; the index is then made anew."""
        super().__init__()
        self.session, self.damage = session, damage
        self._stop = threading.Event()

    def compose(self) -> ComposeResult:
        """A bar and a line of numbers."""
        with Middle(), Center(), Vertical(classes="dialog -small"):
            yield Static(Text(self._what()), id="what")
            yield ProgressBar(total=1.0, show_eta=False, id="progress")
            yield Static(" ", id="numbers")

    def on_mount(self) -> None:
        """Begin."""
        frame = self.query_one(".dialog")
        frame.border_title = "Building the index" if self.damage is None else "Building the index anew"
        frame.border_subtitle = "q stop and quit"
        self.run_worker(self._build())

    def _what(self) -> str:
        """Why the corpus is read."""
        if self.damage is None:
            return "Reading the corpus for the first time…"
        said = safe(str(self.damage).partition("; run ")[0])
        return f"{said[:1].upper()}{said[1:]}. It is made anew from the corpus…"

    async def _build(self) -> None:
        try:
            full = self.damage is not None
            report = await self.session.aside(self.session.archive.index, full=full, progress=self._progress)
        except _StoppedError:
            return
        except ArchiveError as error:
            for what in self.query("#what").results(Static):  # there is none if somebody has left meanwhile
                what.update(Text(safe(str(error))))
            return
        self.dismiss(report)

    def _progress(self, progress: Progress) -> None:
        """Called in the thread that indexes."""
        if self._stop.is_set():
            raise _StoppedError
        self.app.call_later(self._show, progress)

    def _show(self, progress: Progress) -> None:
        for bar in self.query(ProgressBar):
            bar.update(progress=progress.fraction)
        rate = f" · {progress.articles / progress.seconds:,.0f} a second" if progress.seconds else ""
        for numbers in self.query("#numbers").results(Static):
            numbers.update(f"{progress.articles:,} articles{rate}")

    def on_unmount(self) -> None:
        """However this ends, nothing goes on behind it."""
        self._stop.set()

    def action_quit(self) -> None:
        """Stop and leave."""
        self._stop.set()
        self.app.exit()
