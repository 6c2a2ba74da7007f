"""Where this person's files go on this system that belong in no archive."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def state_folder() -> Path:
    """For what a program remembers."""
    return _folder("XDG_STATE_HOME", "state")


def data_folder() -> Path:
    """For what a program brings along."""
    return _folder("XDG_DATA_HOME", "share")


def _folder(variable: str, usual: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ".local" / usual


def from_home(path: Path) -> str:
    """A path as a person says it."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
