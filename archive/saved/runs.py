"""What a saved search finds that it did not find before, and why.

A run remembers, for one person and one archive, the digest of every article that it found, and
which articles the archive held with which content. The next run can then tell an article that
is new from one that was there and has changed, and both from one that only a change of the
authority files has brought in. What the terminal UI has opened counts as seen too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.config.user_state import state_file
from archive.engine.protocol import Entry
from archive.model.article import Article
from archive.util.atomic_files import replace_text

_VERSION = 1
#: As many ids of one search as the terminal UI compares.
_LISTED = 3000


@dataclass(frozen=True, slots=True)
class Change:
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
    """

    name: str
    total: int
    since: str | None
    articles: tuple[Change, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Articles that are not the same."""
        return tuple(each for each in self.articles if each.kind != "same")


@dataclass(frozen=True, slots=True)
class _Known:
    """What an article was: digests of its text and of everything else, and how to name it."""

    text: str
    rest: str
    title: str
    date: str | None


def run(root: Path, name: str, articles: Iterable[Article], entries: Iterable[Entry], *, remember: bool) -> SavedRun:
    """Compare what a saved search finds with its last run, and remember it as the last if asked."""
    held = {entry.id: entry.digest[:16] for entry in entries}
    now = {article.id: _known(article) for article in articles}
    memory = _Memory(root, name)
    since, before, held_before = memory.last()
    seen = memory.seen()
    order = {"new": 0, "changed": 1, "gone": 2, "same": 3}
    found = [_change(each, known, before, held, held_before, seen, since) for each, known in now.items()]
    found += [_gone(each, known, held, held_before) for each, known in before.items() if each not in now]
    found.sort(key=lambda change: order[change.kind])
    if remember:
        memory.keep(now, held)
    return SavedRun(name, len(now), since, tuple(found))


def forget(root: Path, name: str) -> None:
    """Forget the runs of a search."""
    _Memory(root, name).clear()


def _change(
    article: str,
    known: _Known,
    before: Mapping[str, _Known],
    held: Mapping[str, str],
    held_before: Mapping[str, str],
    seen: set[str],
    since: str | None,
) -> Change:
    def said(kind: str, why: str = "") -> Change:
        return Change(kind, why, article, known.title, known.date)

    if (was := before.get(article)) is not None:
        if was.text != known.text:
            return said("changed", "text changed")
        return said("same") if was.rest == known.rest else said("changed", "metadata changed")
    if article in seen:
        return said("same")
    if since is None:
        return said("new", "first run")
    if article not in held_before:
        return said("new", "new article")
    if held_before[article] != held.get(article):
        return said("new", "its file changed, and matches now")
    return said("new", "its names, or the search, changed, and it matches now")


def _gone(article: str, known: _Known, held: Mapping[str, str], held_before: Mapping[str, str]) -> Change:
    if article not in held:
        why = "removed from the archive"
    elif held[article] != held_before.get(article):
        why = "its file changed, and matches no more"
    else:
        why = "its names, or the search, changed, and it matches no more"
    return Change("gone", why, article, known.title, known.date)


def _known(article: Article) -> _Known:
    rest = (article.date, article.people, article.venues, article.source, article.authors, article.url, article.tags,
            article.language, sorted(map(str, article.extra.items())), article.credits)  # fmt: skip
    return _Known(_digest(f"{article.title}\n\n{article.body}"), _digest(repr(rest)), article.title, article.date)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Memory:
    """The last run of one search. What is missing or damaged is as if there had been none."""

    def __init__(self, root: Path, name: str) -> None:
        self._state, self._name = state_file(root), name
        self._file = self._state.with_suffix("") / f"{_digest(name)}.json"

    def last(self) -> tuple[str | None, dict[str, _Known], dict[str, str]]:
        """When it was, what it found, and what the archive held."""
        try:
            record = json.loads(self._file.read_text("utf-8"))
            if record["version"] != _VERSION:
                return None, {}, {}
            found = {each: _Known(*known) for each, known in record["found"].items()}
            return str(record["at"]), found, dict(record["held"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None, {}, {}

    def seen(self) -> set[str]:
        """Ids that the terminal UI has opened the search with."""
        ids = self._seen().get("ids")
        return {each for each in ids if isinstance(each, str)} if isinstance(ids, list) else set()

    def _seen(self) -> Mapping[str, Any]:
        seen = self._read_state().get("seen")
        mine = seen.get(self._name) if isinstance(seen, dict) else None
        return mine if isinstance(mine, dict) else {}

    def _read_state(self) -> dict[str, Any]:
        try:
            state = json.loads(self._state.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def keep(self, found: Mapping[str, _Known], held: Mapping[str, str]) -> None:
        """This was the last run, also for the terminal UI."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        record = {
            "version": _VERSION,
            "name": self._name,
            "at": at,
            "found": {each: [known.text, known.rest, known.title, known.date] for each, known in found.items()},
            "held": held,
        }
        _write(self._file, record)
        state = self._read_state() or {"version": _VERSION}
        seen = state.get("seen")
        total = {"total": len(found)}
        mine: dict[str, Any] = total | {"ids": list(found)} if len(found) <= _LISTED else total
        _write(self._state, state | {"seen": (seen if isinstance(seen, dict) else {}) | {self._name: mine}})

    def clear(self) -> None:
        """There was no run."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
        state = self._read_state()
        if isinstance(state.get("seen"), dict) and self._name in state["seen"]:
            del state["seen"][self._name]
            _write(self._state, state)


def _write(path: Path, record: Mapping[str, Any]) -> None:
    replace_text(path, json.dumps(record, ensure_ascii=False), private=True)
