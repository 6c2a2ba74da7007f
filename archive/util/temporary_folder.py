"""A folder for files of a moment, which does not stay behind for ever when its process is killed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archive.util.atomic_files import try_lock

_PREFIX = "archive-add-"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A private folder that is locked for as long as it is used; those that nobody uses any more are removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_abandoned(left)
    folder, lock = _create()
    try:
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _create() -> tuple[Path, int]:
    """A new folder and its lock. Another process may take it for abandoned until it is locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            lock = try_lock(folder)
        except FileNotFoundError:
            continue
        if lock is not None:
            if folder.is_dir():
                return folder, lock
            os.close(lock)


def _remove_abandoned(folder: Path) -> None:
    with suppress(OSError):
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
            return
        lock = try_lock(folder)
        if lock is not None:
            try:
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
