"""What is remembered from one session to the next: per archive and per person, never in the archive.

A state that is missing, damaged or cannot be written is no reason to trouble anybody: the
session then begins, or goes on, without it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.config.user_state import Document, UserState, merged
from archive.errors import ArchiveError
from archive.query.request import SearchRequest

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
    """

    request: dict[str, Any] = field(default_factory=dict)
    article: str = ""
    history: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    side: bool = True
    listed: bool = False
    theme: str = ""

    @property
    def last_request(self) -> SearchRequest:
        """The last search, or an empty one."""
        try:
            return SearchRequest.from_record(self.request)
        except (ArchiveError, TypeError, ValueError):
            return SearchRequest()

    def remember(self, request: SearchRequest) -> None:
        """This is the search now."""
        self.request = request.to_record()

    def asked(self, query: str) -> None:
        """Put a query at the end of the history, where it stands once."""
        if query.strip():
            self.history = _with_last(self.history, query)


class StateKeeper:
    """Loads the state of one archive, and keeps what this session changes in it.

    Other sessions may be open on the same archive: only what is different from what this one last loaded
    or kept is written, into what the file says at that moment.
    """

    def __init__(self, root: Path) -> None:
        self._document = UserState(root)
        self._kept = asdict(State())

    def load(self) -> State:
        """The state as far as it can be read."""
        state = _state(self._document.read())
        self._kept = asdict(state)
        return state

    def unkept(self, state: State) -> Document | None:
        """What is to be kept, for `keep`; None where nothing has changed."""
        mine = asdict(state)
        return None if mine == self._kept else mine

    def keep(self, mine: Document) -> None:
        """Keep what `unkept` gave; may be called in another thread. Raises SettingsError, OSError or RuntimeError."""
        base = self._kept

        def change(document: Document) -> Document:
            theirs = asdict(_state(document)) if document else base
            kept = merged(base, mine, theirs)
            kept["history"] = theirs["history"]
            for query in mine["history"]:
                if query not in base["history"] or query == mine["history"][-1] != base["history"][-1]:
                    kept["history"] = _with_last(kept["history"], query)
            return {"version": _VERSION, **kept}

        self._document.change(change)
        self._kept = mine


def _with_last(history: list[str], query: str) -> list[str]:
    return [*(each for each in history if each != query), query][-_HISTORY:]


def _state(document: Document) -> State:
    """The state that a document holds, as far as it can be read."""
    usual = State()
    if document.get("version") != _VERSION:
        return usual
    kept: dict[str, Any] = {
        name: document[name]
        for name, value in asdict(usual).items()
        if name in document and type(document[name]) is type(value)
    }
    for name in ("history", "folded", "order"):
        kept[name] = [each for each in kept.get(name, []) if isinstance(each, str)]
    return State(**kept)
