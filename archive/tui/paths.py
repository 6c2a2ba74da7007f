"""Where this person's files go that belong in no archive, and how a path is said."""

from __future__ import annotations

from pathlib import Path

from archive.config.user_state import xdg_dir


def data_folder() -> Path:
    """For what a program brings along."""
    return xdg_dir("XDG_DATA_HOME", "share")


def from_home(path: Path) -> str:
    """A path as a person says it."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
