"""What one person has seen and chosen in one archive: the only module that reads and writes these files.

They are in the person's own state folder, never in the archive. Several programs may have them open at
once, such as the terminal UI and `archive saved run` from a crontab, so a document is never written as a
whole from memory: it is changed, under its lock, from what it says at that moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from archive.config.user_config import home_folder
from archive.errors import SettingsError
from archive.util.atomic_files import edit_text

Document = dict[str, Any]


class UserState:
    """The documents of this person about the archive in `root`.

    A document that is missing or damaged reads as empty. Changing one raises SettingsError where it
    cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, name: str = "") -> Path:
        """The file of the document `name`; "" is the terminal UI's."""
        base = state_file(self._root)
        return base.with_suffix("") / f"{digest(name)}.json" if name else base

    def read(self, name: str = "") -> Document:
        """What a document says."""
        try:
            return _parse(self.path(name).read_text("utf-8"))
        except (OSError, ValueError, SettingsError):  # SettingsError: there is no home directory
            return {}

    def change(self, change: Callable[[Document], Mapping[str, Any]], name: str = "") -> None:
        """Replace a document by what `change` makes of it; may be called more than once."""
        edit_text(self.path(name), lambda text: json.dumps(change(_parse(text))), private=True)

    def remove(self, name: str) -> None:
        """Remove a document."""
        with suppress(OSError, SettingsError):
            self.path(name).unlink(missing_ok=True)


def digest(text: str) -> str:
    """A short name for a text of any length."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _parse(text: str) -> Document:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def state_file(root: Path) -> Path:
    """Where the terminal UI's state for the archive in `root` is kept."""
    return xdg_dir("XDG_STATE_HOME", "state") / "archive" / f"{digest(str(root.resolve()))}.json"


def xdg_dir(variable: str, usual: str) -> Path:
    """A folder for this person's files by the customs of the system: what `variable` names, or ~/.local/`usual`.

    Relative paths in variables are ignored, as the XDG base directory specification has it. Raises
    SettingsError where there is no home directory.
    """
    for name in (variable, "LOCALAPPDATA") if sys.platform == "win32" else (variable,):
        if (named := Path(os.environ.get(name, ""))).is_absolute():
            return named
    home = home_folder("files", variable)
    return home / "AppData" / "Local" if sys.platform == "win32" else home / ".local" / usual
