"""What a saved search finds that it did not find before, and why.

A run compares what the search finds with what was last told about it: it tells an article that
is new from one that was there and has changed, and both from one that only a change of the
authority files has brought in. Comparing remembers nothing: that is for whoever has told somebody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.saved.searches import SavedSearch
from archive.saved.state import Fingerprint, Memory, Snapshot


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
    """How a saved search stands: the ids that it finds now, and how many were not told of yet."""

    search: SavedSearch
    ids: tuple[str, ...] = field(repr=False)
    new: int

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
