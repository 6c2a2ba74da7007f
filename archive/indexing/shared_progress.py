"""How far an indexing run has come, in a file of the index folder: for the programs that wait for it.

The file is a courtesy: it is only written by runs that take a while, where it cannot be written nobody is told, and
what it says counts only while the writer's lock is taken.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.model.reports import Progress
from archive.util.atomic_files import create_file, open_regular_file

_FILE = "progress.json"
#: Seconds between two writes, and before the first.
_INTERVAL = 1.0
_MAX_BYTES = 1_000
#: Seconds after which nothing was written by a run that is still alive.
_STALE = 60.0


class SharedProgress:
    """Passes the progress of a run on to `tell`, and now and then writes it; used as a context manager."""

    def __init__(self, folder: Path, tell: Callable[[Progress], None] | None) -> None:
        self._path, self._tell = folder / _FILE, tell
        self._due = time.monotonic() + _INTERVAL
        self._written = False

    def __call__(self, progress: Progress) -> None:
        if self._tell is not None:
            self._tell(progress)
        if (now := time.monotonic()) >= self._due:
            self._due, self._written = now + _INTERVAL, True
            said = {"articles": progress.articles, "fraction": progress.fraction, "seconds": progress.seconds}
            with suppress(OSError), create_file(self._path) as file:
                file.write(json.dumps(said).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._written:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


def read_progress(folder: Path) -> Progress | None:
    """What the run that is writing the index in `folder` last said; None where that is not known."""
    path = folder / _FILE
    try:
        if time.time() - path.lstat().st_mtime > _STALE:
            return None
        with open_regular_file(path) as file:
            said = json.loads(file.read(_MAX_BYTES))
        return Progress(int(said["articles"]), min(1.0, max(0.0, float(said["fraction"]))), float(said["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
