"""Files as an archive needs them: on disk when a call returns, whole or not there at all, and nobody else's.

An archive may come from anywhere. A link, a pipe or a device in the place of one of its files
must lead no write elsewhere and keep no reader waiting for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from io import DEFAULT_BUFFER_SIZE, BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from archive.errors import SettingsError

#: The largest small file that people write: settings, saved searches, names.
_MOST_BYTES = 64 * 1024 * 1024


class NotOrdinaryError(OSError):
    """What should be a file is a folder, a pipe, a socket or a device."""


def open_ordinary(path: str | Path, buffering: int = DEFAULT_BUFFER_SIZE) -> BufferedReader:
    """Open a file for reading without waiting for whatever it is; raises NotOrdinaryError unless it is a file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotOrdinaryError(errno.EINVAL, "it is no ordinary file", str(path))
    return BufferedReader(FileIO(descriptor), buffering)


def read_small(path: Path) -> str:
    """The text of a small file that people write, or "" where there is none; raises SettingsError."""
    try:
        with open_ordinary(path) as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise SettingsError(f"{path} cannot be read: it is over {_MOST_BYTES >> 20} MB; make it shorter")
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}; check what it is, and its permissions") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} cannot be read: {error}; save it as UTF-8 text") from None


def remove_strange(path: Path) -> None:
    """Remove a link, a pipe or the like from the place of a file of ours; files and folders stay."""
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            path.unlink(missing_ok=True)


def create_file(path: Path, *, private: bool = True) -> BinaryIO:
    """Open a new file in the place of what `path` is now; a `private` one can only be read by its owner."""
    path.unlink(missing_ok=True)
    return open(path, "xb", opener=_private if private else None)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync_file(file: BinaryIO) -> None:
    """See that what was written to an open file is on disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_path(path: Path) -> None:
    """The same for a file, or for the names in a folder where the system can do that."""
    with suppress(PermissionError, IsADirectoryError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_file(path: Path, data: bytes, beside: Path, *, private: bool = True) -> None:
    """Put `data` in the place of what the file has, by way of `beside`: a crash leaves the old or the new."""
    try:
        with create_file(beside, private=private) as file:
            file.write(data)
            sync_file(file)
        if not private and path.exists():
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        os.replace(beside, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_path(path.parent)


def replace_text(path: Path, text: str, *, private: bool = False) -> None:
    """Put `text` in the place of what the file has, as UTF-8; raises SettingsError if it cannot be written.

    A `private` file can only be read by its owner, and its folder is made if need be.
    """
    try:
        if private:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = text.encode("utf-8", "replace" if private else "strict")
        replace_file(path, data, path.with_name(f".{path.name}.{os.getpid()}"), private=private)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from None
