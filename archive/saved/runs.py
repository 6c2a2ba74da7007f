"""What a saved search finds that it did not find before, and why; and what this person was last told about it.

A run compares what the search finds with what was last told about it: it tells an article that
is new from one that was there and has changed, and both from one that only a change of the
authority files has brought in. Comparing remembers nothing: that is for whoever has told somebody.
The command line and the terminal UI share one memory (`RunStore`), so that they agree on what is new
whichever of them told last.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.config.user_state import Document, UserState, digest
from archive.model.article import Article
from archive.model.frozen_dict import freeze_fields
from archive.model.metadata_fields import METADATA
from archive.saved.searches import SavedSearch

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an article was: digests of its text and of everything else, and how to name it."""

    text: str
    rest: str
    title: str
    date: str | None

    @classmethod
    def of(cls, article: Article) -> Fingerprint:
        given = (each for each in METADATA if each.attribute and (each.value(article) or not each.default))
        *metadata, credits = (each.value(article) for each in given)
        extra = sorted(map(str, article.extra.items()))
        rest = (article.date, article.people, article.venues, *metadata, extra, credits)
        return cls(digest(f"{article.title}\n\n{article.body}"), digest(repr(rest)), article.title, article.date)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search found at a time (seconds since 1970), by id, and the digests of all that the archive held."""

    at: float
    found: Mapping[str, Fingerprint]
    held: Mapping[str, str]

    def __post_init__(self) -> None:
        freeze_fields(self, "found", "held")


@dataclass(frozen=True, slots=True)
class Memory:
    """What was told about a search.

    since   when it was last run, as an ISO time; None where it never was
    found, held   of that run, as in Snapshot
    seen    ids that the terminal UI has shown since; None where it has not shown the search
    """

    since: str | None = None
    found: Mapping[str, Fingerprint] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    seen: frozenset[str] | None = None

    def new_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these articles that were not told of; none before anything was."""
        if self.since is None and self.seen is None:
            return frozenset()
        return frozenset(ids) - self.found.keys() - (self.seen or frozenset())


class RunStore:
    """The memories of all saved searches of an archive. One of a search that now asks something else is empty."""

    def __init__(self, root: Path) -> None:
        self._state = UserState(root)

    def load(self, search: SavedSearch) -> Memory:
        """What was told about a search."""
        return _memory(self._usable(self._state.read(search.name), search))

    def keep_run(self, search: SavedSearch, snapshot: Snapshot) -> None:
        """Everything in `snapshot` was told; an older one than the last is no news, and is not kept."""

        def change(document: Document) -> Mapping[str, Any]:
            document = self._usable(document, search)
            if _time(document.get("began")) > snapshot.at:
                return document
            seen = document.get("seen")
            found = {each: [is_.text, is_.rest, is_.title, is_.date] for each, is_ in snapshot.found.items()}
            at = datetime.fromtimestamp(snapshot.at, UTC).isoformat(timespec="seconds")
            run = {"at": at, "began": snapshot.at, "found": found, "held": dict(snapshot.held)}
            later = isinstance(seen, dict) and _time(seen.get("at")) > snapshot.at
            return self._header(search) | run | ({"seen": seen} if later else {})

        self._state.change(change, search.name)

    def keep_seen(self, search: SavedSearch, ids: Collection[str]) -> None:
        """The terminal UI has shown these articles as what the search finds."""
        seen = {"at": time.time(), "ids": list(ids)}
        self._state.change(
            lambda document: self._usable(document, search) | self._header(search) | {"seen": seen}, search.name
        )

    def reset(self, name: str) -> None:
        """Nothing was told about the search of that name."""
        self._state.remove(name)

    @staticmethod
    def _header(search: SavedSearch) -> Document:
        return {"version": _VERSION, "name": search.name, "asked": search.request.to_record()}

    @staticmethod
    def _usable(document: Document, search: SavedSearch) -> Document:
        asked = search.request.to_record()
        usable = document.get("version") == _VERSION and document.get("asked", asked) == asked
        return document if usable else {}


def _memory(document: Document) -> Memory:
    """The memory that a document holds, as far as it can be read."""
    seen = document.get("seen")
    ids = seen.get("ids") if isinstance(seen, dict) else None
    shown = frozenset(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else None
    try:
        found = {each: Fingerprint(*known) for each, known in document["found"].items()}
        return Memory(str(document["at"]), found, dict(document["held"]), shown)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Memory(seen=shown)


def _time(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


@dataclass(frozen=True, slots=True)
class ResultChange:
    """One article of a run.

    kind   "new", "changed", "gone", or "same"
    why    what has made it so; "" for the same
    """

    kind: str
    why: str
    id: str
    title: str
    date: str | None


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run of a saved search.

    total     articles that it finds now
    since     when it was last run, as an ISO time; None for the first time
    articles  all that it finds, and those that it finds no more, the new first
    search, snapshot   what was run, and what there was, for `Archive.saved.remember`
    """

    name: str
    total: int
    since: str | None
    articles: tuple[ResultChange, ...]
    search: SavedSearch = field(repr=False)
    snapshot: Snapshot = field(repr=False, compare=False)

    @property
    def changes(self) -> tuple[ResultChange, ...]:
        """Articles that are not the same."""
        return tuple(each for each in self.articles if each.kind != "same")


@dataclass(frozen=True, slots=True)
class SavedStatus:
    """How a saved search stands: the ids that it finds now, and which of them were not told of yet."""

    search: SavedSearch
    ids: tuple[str, ...] = field(repr=False)
    new_ids: frozenset[str] = field(repr=False)

    @property
    def new(self) -> int:
        """How many articles were not told of yet."""
        return len(self.new_ids)

    @property
    def total(self) -> int:
        """Articles that it finds now."""
        return len(self.ids)


def compare(search: SavedSearch, now: Snapshot, memory: Memory) -> SavedRun:
    """What a search finds now, beside what was last told about it."""
    order = {"new": 0, "changed": 1, "gone": 2, "same": 3}
    found = [_change(each, known, now, memory) for each, known in now.found.items()]
    found += [_gone(each, known, now, memory) for each, known in memory.found.items() if each not in now.found]
    found.sort(key=lambda change: order[change.kind])
    return SavedRun(search.name, len(now.found), memory.since, tuple(found), search, now)


def _change(article: str, known: Fingerprint, now: Snapshot, memory: Memory) -> ResultChange:
    def said(kind: str, why: str = "") -> ResultChange:
        return ResultChange(kind, why, article, known.title, known.date)

    if (was := memory.found.get(article)) is not None:
        if was.text != known.text:
            return said("changed", "text changed")
        return said("same") if was.rest == known.rest else said("changed", "metadata changed")
    if memory.seen is not None and article in memory.seen:
        return said("same")
    if memory.since is None:
        return said("new", "first run")
    if article not in memory.held:
        return said("new", "new article")
    if memory.held[article] != now.held.get(article):
        return said("new", "its file changed, and now matches")
    return said("new", "its names or the search changed, and it now matches")


def _gone(article: str, known: Fingerprint, now: Snapshot, memory: Memory) -> ResultChange:
    if article not in now.held:
        why = "removed from the archive"
    elif now.held[article] != memory.held.get(article):
        why = "its file changed, and no longer matches"
    else:
        why = "its names or the search changed, and it no longer matches"
    return ResultChange("gone", why, article, known.title, known.date)
