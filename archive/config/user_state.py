"""Where it is remembered what one person last saw in one archive: never in the archive itself."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path


def state_file(root: Path) -> Path:
    """Where the state for the archive in `root` is kept."""
    key = hashlib.sha256(str(root.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return user_folder("XDG_STATE_HOME", "state") / "archive" / f"{key}.json"


def user_folder(variable: str, usual: str) -> Path:
    """A folder for this person's files by the customs of the system: what `variable` names, or ~/.local/`usual`."""
    if named := os.environ.get(variable):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ".local" / usual
