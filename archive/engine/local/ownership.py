"""Whose index it is: one that another user made is not used unless that is asked for.

What an index holds is shown as what the articles say, so whoever wrote it decides what is read.
"""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import UsageError
from archive.util.quoting import quote_path

#: Set to anything, it has indexes of other users used.
VARIABLE = "ARCHIVE_ANY_OWNER"


def check_owner(path: Path) -> None:
    """Raise UsageError where `path` is there and belongs to another user; Windows has no such owners."""
    if not hasattr(os, "geteuid") or os.environ.get(VARIABLE):
        return
    try:
        owner = path.stat().st_uid
    except OSError:
        return
    mine = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        mine.add(int(os.environ["SUDO_UID"]))
    if owner not in mine:
        raise UsageError(
            f"{quote_path(path)} belongs to another user (number {owner}), and its contents cannot be trusted; "
            f"delete it and run `archive index`, or set {VARIABLE}=1 to use it anyway"
        )
