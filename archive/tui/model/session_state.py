"""What is remembered from one session to the next: per archive and per user, never in the archive.

A state that is missing, damaged or cannot be written is no error: the session begins, or goes on, without it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import ArchiveError, SearchRequest, UserState

_VERSION = 1
_HISTORY_LENGTH = 100

Document = dict[str, Any]


@dataclass
class State:
    """What one user last did in one archive.

    request  the last search, as a record
    article  id of the article under the cursor
    history  queries, the latest last
    folded   facets of which only the heading is shown
    order    facets sorted by name
    side     whether the facet panel is shown
    preview  whether the article under the cursor is shown beside the results, where there is room
    listed   whether the years are a list instead of a histogram
    hinted   whether the first steps need not be told any more
    theme    name of the theme, or "" for the default
    """

    request: dict[str, Any] = field(default_factory=dict)
    article: str = ""
    history: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    side: bool = True
    preview: bool = True
    listed: bool = False
    hinted: bool = False
    theme: str = ""

    @property
    def last_request(self) -> SearchRequest:
        """The last search, or an empty one."""
        try:
            return SearchRequest.from_record(self.request)
        except (ArchiveError, TypeError, ValueError):
            return SearchRequest()

    def set_request(self, request: SearchRequest) -> None:
        """Remember the current search."""
        self.request = request.to_record()

    def add_to_history(self, query: str) -> None:
        """Put a query at the end of the history, in which it stands once."""
        if query.strip():
            self.history = _with_last(self.history, query)


class StateKeeper:
    """Loads the state of one archive, and saves what this session changes in it.

    Other sessions may be open on the same archive: only what differs from what this one last loaded or saved is
    written, into what the file says at that moment.
    """

    def __init__(self, root: Path) -> None:
        self._document = UserState(root)
        self._saved = asdict(State())

    def load(self) -> State:
        """The state as far as it can be read."""
        state = _parse(self._document.read())
        self._saved = asdict(state)
        return state

    def unsaved(self, state: State) -> Document | None:
        """What `save` has to save; None where nothing has changed."""
        mine = asdict(state)
        return None if mine == self._saved else mine

    def save(self, mine: Document) -> None:
        """Save what `unsaved` returned, in any thread. Raises SettingsError or OSError."""
        base = self._saved

        def change(document: Document) -> Document:
            theirs = asdict(_parse(document)) if document else base
            merged = {**theirs, **{key: value for key, value in mine.items() if value != base.get(key)}}
            merged["history"] = theirs["history"]
            for query in mine["history"]:
                if query not in base["history"] or query == mine["history"][-1] != base["history"][-1]:
                    merged["history"] = _with_last(merged["history"], query)
            return {"version": _VERSION, **merged}

        self._document.change(change)
        self._saved = mine


def _with_last(history: list[str], query: str) -> list[str]:
    return [*(each for each in history if each != query), query][-_HISTORY_LENGTH:]


def _parse(document: Document) -> State:
    """The state in a document, as far as it can be read."""
    default = State()
    if document.get("version") != _VERSION:
        return default
    kept: dict[str, Any] = {
        name: document[name]
        for name, value in asdict(default).items()
        if name in document and type(document[name]) is type(value)
    }
    for name in ("history", "folded", "order"):
        kept[name] = [each for each in kept.get(name, []) if isinstance(each, str)]
    return State(**kept)
