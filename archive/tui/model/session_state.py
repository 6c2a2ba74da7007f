"""What is remembered from one session to the next: per archive and per person, never in the archive.

A state that is missing, damaged or cannot be written is no reason to trouble anybody: the
session then begins, or ends, without it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.config.user_state import state_file
from archive.errors import ArchiveError
from archive.query.request import SearchRequest
from archive.saved.searches import request_from, request_record

_VERSION = 1
_HISTORY = 100


@dataclass
class State:
    """What one person last did in one archive.

    request   the last search, as a record
    article   id of the article under the cursor
    history   queries, the last one last
    folded    facets that show no more than their headings
    order     facets that are in order of name
    side      whether the facet panel is shown
    listed    whether the years are a list and not a drawing
    theme     name of the theme, or "" for the usual one
    seen      by the name of a saved search, what it found when it was last opened, here or by `archive saved run`
    """

    request: dict[str, Any] = field(default_factory=dict)
    article: str = ""
    history: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    side: bool = True
    listed: bool = False
    theme: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def last_request(self) -> SearchRequest:
        """The last search, or an empty one."""
        try:
            return request_from(self.request)
        except (ArchiveError, TypeError, ValueError):
            return SearchRequest()

    def remember(self, request: SearchRequest) -> None:
        """This is the search now."""
        self.request = request_record(request)

    def asked(self, query: str) -> None:
        """Put a query at the end of the history, where it stands once."""
        if query.strip():
            self.history = [*(each for each in self.history if each != query), query][-_HISTORY:]


def load_state(root: Path) -> State:
    """The state that was kept for the archive in `root`, as far as it can be read."""
    try:
        found = json.loads(state_file(root).read_text("utf-8"))
    except (OSError, ValueError, RuntimeError):
        return State()
    usual = State()
    if not isinstance(found, dict) or found.get("version") != _VERSION:
        return usual
    kept = {
        name: found[name] for name, value in asdict(usual).items() if name in found and type(found[name]) is type(value)
    }
    for name in ("history", "folded", "order"):
        kept[name] = [each for each in kept.get(name, []) if isinstance(each, str)]
    return State(**kept)


def keep_state(root: Path, state: State) -> None:
    """Keep the state for the archive in `root`; others who can read the home cannot read it."""
    with suppress(OSError, RuntimeError):
        path = state_file(root)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(f".{os.getpid()}.tmp")
        text = json.dumps({"version": _VERSION, **asdict(state)}, ensure_ascii=False, indent=1)
        beside.touch(mode=0o600)
        beside.write_text(text, "utf-8", "replace")
        beside.replace(path)
