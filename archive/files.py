"""Writing small files whole: a reader sees the old one or the new one, never a part."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import SettingsError


def replace_text(path: Path, text: str, *, private: bool = False) -> None:
    """Put `text` in the place of what the file has, as UTF-8; raises SettingsError if it cannot be written.

    A `private` file can only be read by its owner, and its folder is made if need be.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if private:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.touch(mode=0o600)
        beside.write_text(text, "utf-8", "replace" if private else "strict", newline="\n")
        if path.exists() and not private:
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from None
