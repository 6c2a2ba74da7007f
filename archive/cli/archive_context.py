"""Opening the archive that a command is about, and telling how far indexing has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

import click

from archive.cli.output import ROOT, print_status
from archive.render.terminal import quote_path
from archive.render.text import pluralize

if TYPE_CHECKING:
    from archive import Archive, IndexDamagedError, SearchRequest
    from archive.model.reports import Progress

_REDRAW = 0.1
#: Seconds to wait for another command that is building the first index at the same time.
BUILD_WAIT = 30.0


def named_root() -> str | None:
    """What --root says, before or after the command's name."""
    root = click.get_current_context().meta.get(ROOT)
    return None if root is None else str(root)


def open_archive() -> Archive:
    """The archive named by --root or ARCHIVE_ROOT, or around the working directory."""
    from archive import Archive

    return Archive.open(named_root())


def open_indexed() -> Archive:
    """The archive, indexed first if it never was (or was by another version or with other settings)."""
    archive = open_archive()
    if not archive.has_index:
        archive.generation  # noqa: B018 (raises where there is one, and it is damaged)
        if not note_outdated(archive):
            print_status("there is no index yet: building one")
        with ProgressLine() as progress:
            report = archive.index(progress=progress, wait=BUILD_WAIT)
        found = ((len(report.problems), "problem"), (len(report.warnings), "warning"))
        if said := " and ".join(pluralize(count, what) for count, what in found if count):
            print_status(f"{said} in the corpus; `archive index` lists them")
    return archive


def open_current() -> Archive:
    """The archive, indexed, with what little has changed since taken in; more than that is said to be missing."""
    archive = open_indexed()
    pending = archive.pending()
    if not pending:
        return archive
    if pending.is_small:
        from archive import ArchiveError

        with suppress(ArchiveError), ProgressLine() as progress:  # another run may be at work, or the disk full
            archive.index(progress=progress)
            return archive
    print_status(f"{pending}; run `archive index`")
    return archive


def note_outdated(archive: Archive) -> bool:
    """Say so, and return True, if the index is one that has to be rebuilt."""
    outdated = archive.has_outdated_index
    if outdated:
        print_status("the index was made by another version or with other settings: rebuilding it")
    return outdated


def print_notes(archive: Archive, request: SearchRequest) -> None:
    """Say how a query was understood, for a command whose output has no place for it."""
    if request.query.strip():
        for note in archive.search(request.replace(limit=0, facets=())).notes:
            print_status(note)


def note_changed(changed: Mapping[str, str]) -> None:
    """Say which of the files that articles were taken from have changed since; see `Archive.changed_sources`."""
    for path, status in changed.items():
        print_status(f"{quote_path(path)} {_CHANGED[status]}; run `archive index`")


_CHANGED = {
    "changed": "has changed since it was indexed",
    "missing": "was deleted after it was indexed",
    "unknown": "may have changed: this machine did not index it",
}


def rebuild(damage: IndexDamagedError) -> None:
    """Rebuild a damaged index, and say why."""
    print_status(f"{damage.what}: rebuilding it")
    with open_archive() as archive, ProgressLine() as progress:
        archive.index(full=True, progress=progress)


class ProgressLine:
    """One line on standard error, redrawn at most ten times a second; nothing off a terminal."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream is not None and self._stream.isatty()
        self._clock = clock
        self._last = float("-inf")
        self._length = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, progress: Progress) -> None:
        """Show how far it has come, if it is time to."""
        now = self._clock()
        if self._shown and now - self._last >= _REDRAW:
            self._last = now
            self._draw(describe(progress))

    def clear(self) -> None:
        """Take the line away."""
        if self._length:
            self._draw("")

    def _draw(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write("\r" + text.ljust(self._length) + ("" if text else "\r"))
            self._stream.flush()
        self._length = len(text)


def describe(progress: Progress) -> str:
    """Count, rate and remaining time, in less than 40 cells as a rule."""
    said = f"{progress.articles:,} articles"
    if progress.seconds > 0:
        said += f"  {progress.articles / progress.seconds:,.0f}/s"
    if 0 < progress.fraction < 1:
        left = round(progress.seconds * (1 - progress.fraction) / progress.fraction)
        said += f"  {left // 60}:{left % 60:02} left"
    return said
