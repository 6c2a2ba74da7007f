"""The table of sources: which files an index was made from, as they were when they were read.

It is a part of the index: an engine commits it together with the articles, in one step, and hands
out none that belongs to another generation. Which articles a file has, with their ids, lines and
digests, is asked of the index itself.

JSON Lines in ASCII: a line about the index, then one for each file in the order of the paths, so
that one file is found without reading the others:

    {"version":1,"names":DIGEST,"sightings":VERSION,"reviews":DIGEST,"mirrors":GENERATION or null,
     "rejected":[[id,base,path,line],…]}
    [path,stamp,digest,retry,articles]  or, with what there is of the rest,
    [path,stamp,digest,retry,articles,[[path,line,what,remedy,taken],…],{picture:stamp,…},[broken word,…]]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.engine.protocol import IndexedRef, RejectedDocument, Writer
from archive.errors import IndexDamagedError
from archive.model.article import Problem

_VERSION = 3
_UNREADABLE = (ValueError, KeyError, TypeError, RecursionError)
_encoded = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class SourceState:
    """What is known of a file.

    stamp     `archive.corpus.scan.Source.stamp` of when it was read; "" where it proves nothing
    digest    `archive.corpus.formats.registry.digest` of what was read; "" where it was not read to its end
    retry     whether to read it again even if it has not changed
    articles  how many of the index's articles it has
    pictures  the photographs that its articles name, each with the stamp that it had, "" where there was none
    problems  what could not be taken, or not understood; a problem's path may be that of the sidecar
    broken    words that are broken at the ends of its lines, and of which no whole was known when it was read
    """

    stamp: str = ""
    digest: str = ""
    retry: bool = True
    articles: int = 0
    pictures: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: tuple[str, ...] = ()


class SourceTable:
    """The files of an index, by path.

    names     digest of the authority files with which the articles were indexed
    sightings  version of what judged the sightings that are stored with them
    reviews   digest of the reviews of sightings, "" for none
    mirrored_generation  that of the other engine's index from which this one was copied, until this one changes
    rejected  articles that the engine would not take, by id; their files are read again by every run
    """

    def __init__(self) -> None:
        self.names = self.sightings = self.reviews = ""
        self.mirrored_generation: int | None = None
        self.sources: dict[str, SourceState] = {}
        self.rejected: dict[str, IndexedRef] = {}

    @classmethod
    def load(cls, data: bytes) -> SourceTable:
        """The table that `dump` has written; raises IndexDamagedError for anything else."""
        table = cls()
        try:
            about, *lines = data.decode("ascii").split("\n")
            said = _about(about)
            table.names = _text(said["names"])
            table.sightings = _text(said.get("sightings", ""))
            table.reviews = _text(said.get("reviews", ""))
            table.mirrored_generation = None if said["mirrors"] is None else _number(said["mirrors"])
            for each, base, path, line in said["rejected"]:
                entry = IndexedRef(_text(each), _text(base), _text(path), "", _number(line), indexed=False)
                table.rejected[entry.id] = entry
            for path, *rest in json.loads(f"[{','.join(filter(None, lines))}]"):
                table.sources[_text(path)] = _state(*rest)
        except _UNREADABLE:
            raise _damaged() from None
        return table

    def dump(self) -> bytes:
        """The table as a file."""
        rejected = [(each.id, each.requested_id, each.path, each.line) for _, each in sorted(self.rejected.items())]
        about = {
            "version": _VERSION, "names": self.names, "sightings": self.sightings, "reviews": self.reviews,
            "mirrors": self.mirrored_generation, "rejected": rejected,
        }  # fmt: skip
        lines = [_encoded(about)]
        for path, state in sorted(self.sources.items()):
            row: list[object] = [path, state.stamp, state.digest, int(state.retry), state.articles]
            if state.problems or state.pictures or state.broken:
                row.append([(each.path, each.line, each.what, each.remedy, int(each.taken)) for each in state.problems])
            if state.pictures or state.broken:
                row.append(state.pictures)
            if state.broken:
                row.append(state.broken)
            lines.append(_encoded(row))
        return ("\n".join(lines) + "\n").encode("ascii")

    def rebuild_from_index(self, entries: Iterable[IndexedRef]) -> None:
        """Know the files of an index whose table is lost: each is to be read, every name to be resolved."""
        for entry in entries:
            self.sources.setdefault(entry.path, SourceState()).articles += entry.indexed

    def mark_all_unindexed(self) -> None:
        """Begin a rebuild: the new index holds nothing, and every file is to be read."""
        for state in self.sources.values():
            state.stamp = state.digest = ""
            state.articles = 0

    def begin(self, path: str) -> SourceState:
        """A file is about to be read: until its state says more, it counts as unread."""
        state = self.sources.setdefault(path, SourceState())
        state.stamp, state.digest, state.retry = "", "", True
        state.problems, state.pictures, state.broken = [], {}, ()
        return state

    def reject(self, refusal: RejectedDocument) -> None:
        """Note that the engine did not take an article, so that its file is read again."""
        entry = refusal.entry
        self.rejected[entry.id] = entry._replace(digest="", indexed=False)
        state = self.sources.setdefault(entry.path, SourceState())
        state.retry = True
        state.articles -= 1
        what = f"the engine rejects {entry.id!r}: {refusal.why}"
        remedy = "change the article, or fix the server; `archive index` tries again"
        state.problems.append(Problem(entry.path, entry.line, what, remedy))

    @property
    def article_count(self) -> int:
        """How many articles all files have in the index."""
        return sum(state.articles for state in self.sources.values())

    def problems(self) -> list[Problem]:
        """Every problem, by file and line."""
        return sorted(problem for state in self.sources.values() for problem in state.problems)


def find_source(data: bytes, path: str) -> SourceState | None:
    """What a table that `dump` has written says of one file; raises IndexDamagedError for anything else."""
    try:
        _about(data[: data.find(b"\n")].decode("ascii"))
        begin = data.find(f"\n[{_encoded(path)},".encode())
        if begin < 0:
            return None
        _, *rest = json.loads(data[begin + 1 : data.find(b"\n", begin + 1)])
        return _state(*rest)
    except _UNREADABLE:
        raise _damaged() from None


def _damaged() -> IndexDamagedError:
    return IndexDamagedError("the index's table of sources cannot be read", "run `archive index`")


def _about(line: str) -> Any:
    said = json.loads(line)
    if said["version"] != _VERSION:
        raise ValueError("a table of sources of another version")
    return said


def _state(stamp: object, digest: object, retry: object, articles: object, problems: Iterable[Any] = (),
           pictures: Mapping[str, object] | None = None, broken: Iterable[object] = ()) -> SourceState:  # fmt: skip
    found = [
        Problem(_text(path), _number(line), _text(what), _text(remedy), bool(taken))
        for path, line, what, remedy, taken in problems
    ]
    linked = {_text(picture): _text(its) for picture, its in (pictures or {}).items()}
    words = tuple(map(_text, broken))
    return SourceState(_text(stamp), _text(digest), bool(retry), _number(articles), linked, found, words)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.20} is not text")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r:.20} is not a number")
    return value


@dataclass
class SourceWriter:
    """An index that is written, and its table of sources, which is kept with every generation.

    rejected      how many articles the engine did not take
    rejected_in   the files that they are of
    """

    writer: Writer
    table: SourceTable
    rejected: int = 0
    rejected_in: set[str] = field(default_factory=set)

    def flush(self) -> tuple[RejectedDocument, ...]:
        """Have everything taken that was written; what the engine rejects is noted in the table."""
        rejected = self.writer.flush()
        for refusal in rejected:
            self.table.reject(refusal)
            self.rejected_in.add(refusal.entry.path)
            self.rejected += 1
        return rejected

    def forget_rejected(self) -> None:
        """Count from the beginning what the engine does not take."""
        self.rejected = 0
        self.rejected_in.clear()

    def commit(self, *, final: bool) -> None:
        """Make a generation of what was written; the last one of a run where `final`."""
        self.table.mirrored_generation = None
        self.writer.commit(self.table.dump(), final=final)
