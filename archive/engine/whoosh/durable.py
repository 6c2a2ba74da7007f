"""What is on disk when a call returns stays there, whatever happens to the machine after it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


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


def replace_file(path: Path, text: str) -> None:
    """Put `text` in the place of a file in one step: after a crash there is the old text or the new one."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(text.encode())
        sync_file(file)
    os.replace(new, path)  # noqa: PTH105
    sync_path(path.parent)
