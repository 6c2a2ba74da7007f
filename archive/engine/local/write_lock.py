"""The writer's lock: one writer at a time, and everybody else is told who that is.

The lock is the one that other Whoosh programs take too (`MAIN_WRITELOCK`, held through the
system, so that it ends with its owner however that ends). Who holds it is said in the file.
"""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.engine.local.manifest import LOCK
from archive.errors import IndexLockedError
from archive.util.atomic_files import unlink_if_special

_RETRY_SECONDS = 0.1


class WriterLock:
    """The lock of the index in `folder`; entering waits so many seconds for it, then raises IndexLockedError."""

    def __init__(self, folder: Path, wait: float) -> None:
        self._folder, self._wait = folder, wait
        self._lock: Any = None

    def __enter__(self) -> Self:
        from whoosh.filedb.filestore import FileStorage

        path = self._folder / LOCK
        unlink_if_special(path)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        lock = FileStorage(str(self._folder)).lock(LOCK)
        until = time.monotonic() + self._wait
        while not lock.acquire():
            if time.monotonic() >= until:
                raise IndexLockedError(
                    f"{self._owner()} is writing this index", "wait until it has finished (--wait N)"
                )
            time.sleep(_RETRY_SECONDS)
        self._lock = lock
        with suppress(OSError):  # a full disk: whoever comes next is told of "another program"
            owner = {"pid": os.getpid(), "host": socket.gethostname()}
            path.write_text(json.dumps(owner) + "\n", "utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def _owner(self) -> str:
        try:
            said = json.loads((self._folder / LOCK).read_text("utf-8"))
            return f"another process ({int(said['pid'])} on {said['host']!s:.60})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another program"
