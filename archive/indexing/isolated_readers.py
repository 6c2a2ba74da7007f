"""Reading sources ahead of the indexing, in processes of their own where that is asked for.

The order of what comes out does not depend on the number of processes: each reads every n-th
source, and the sources are taken in turn. A reader that dies costs the file that it was
reading, not the run. Formats that foreign parsers take apart are always read in such a
process, with limits of memory and time: any file can be made to exhaust them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from archive.corpus.formats.registry import read
from archive.corpus.ids import article_digest
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.util.worker_process import Child, ChildDiedError, Pipe

#: An article with the digest of its content, or what is wrong in its place.
Item = tuple[Article, str] | Problem
At = Callable[[int], None]

#: A message between processes holds so many items at the most, or characters of text.
_ITEMS, _CHARACTERS = 256, 500_000
#: The kinds that foreign parsers read …
_FOREIGN = ("html", "pdf")
#: … and what one such file may take: processor time, time until it must be done (a machine can be busy), memory.
_CPU_SECONDS, _SECONDS, _MEMORY_BYTES = 30, 120.0, 2_000_000_000


def read_source(source: Source, limit: int, at: At) -> Iterator[Item]:
    """The articles of a source, none of more than `limit` bytes, each with its digest."""
    for item in read(source, limit, at):
        yield item if isinstance(item, Problem) else (item, article_digest(item))


def read_alone(source: Source, limit: int) -> Iterator[Article | Problem]:
    """The articles of one source; HTML and PDF are read in another process, with its limits."""
    with Readers([source], limit, 0) as readers:
        for item in readers.read(source, lambda _: None):
            yield item if isinstance(item, Problem) else item[0]


class Readers:
    """Reads `sources`, which must be asked for in their order, in this process or in `count` others.

    Whatever `count` is, HTML and PDF are read in another process.
    """

    def __init__(self, sources: Sequence[Source], limit: int, count: int) -> None:
        self._limit = limit
        self._apart = count > 0
        there = [source for source in sources if self._is_read_apart(source)]
        count = min(max(count, 1), len(there))
        self._readers = [_Reader(there[number::count], limit) for number in range(count)]
        self._taken = 0

    def _is_read_apart(self, source: Source) -> bool:
        return self._apart or source.kind in _FOREIGN

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.child.stop()

    def read(self, source: Source, at: At) -> Iterator[Item]:
        """The articles of the next source; `at` is told how many of its bytes have been read."""
        if not self._is_read_apart(source):
            return read_source(source, self._limit, at)
        reader = self._readers[self._taken % len(self._readers)]
        self._taken += 1
        return reader.read(source, at)


class _Reader:
    """One process that reads sources, and sends what they hold."""

    def __init__(self, sources: Sequence[Source], limit: int) -> None:
        self._sources, self._limit = list(sources), limit
        self.child = self._started()

    def _started(self) -> Child:
        child = Child(__name__, "serve_sources")
        child.send((self._sources, self._limit))
        return child

    def read(self, source: Source, at: At) -> Iterator[Item]:
        self._sources.pop(0)
        ended = False
        while not ended:
            try:
                read_bytes, items, ended = self.child.receive(_SECONDS if source.kind in _FOREIGN else None)
            except ChildDiedError as death:
                self.child.stop()
                self.child = self._started()
                what = f"the process that read the file ended {death}"
                yield Problem(source.path, 0, what, _REMEDY)
                return
            yield from items
            at(read_bytes)


_REMEDY = "look at what is in the file, save its text as .txt, or move it out of the corpus"


def serve_sources(pipe: Pipe) -> None:
    """Receive sources; send what they hold."""
    sources, limit = pipe.receive()
    for source in sources:
        items: list[Item] = []
        positions = [0]
        characters = 0
        for item in _bounded(source, limit, positions.append):
            items.append(item)
            characters += 0 if isinstance(item, Problem) else len(item[0].body)
            if len(items) >= _ITEMS or characters >= _CHARACTERS:
                pipe.send((positions[-1], items, False))
                items, characters = [], 0
        pipe.send((positions[-1], items, True))


def _bounded(source: Source, limit: int, at: At) -> Iterator[Item]:
    """The same as read_source; a foreign format within the limits of what one file may take."""
    if source.kind not in _FOREIGN:
        yield from read_source(source, limit, at)
        return
    with _limited():
        try:
            items = list(read_source(source, limit, at))  # of such a file, one
        except MemoryError:
            what = f"reading the file takes more than {_MEMORY_BYTES // 1_000_000:,} MB of memory"
            items = [Problem(source.path, 0, what, _REMEDY)]
    yield from items


@contextmanager
def _limited() -> Iterator[None]:
    """Have the system end this process, or refuse it memory, beyond the limits; Windows has none."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft = ((resource.RLIMIT_CPU, math.ceil(time.process_time()) + _CPU_SECONDS), (resource.RLIMIT_AS, _MEMORY_BYTES))
    hard = {which: resource.getrlimit(which)[1] for which, _ in soft}
    for which, most in soft:
        lower = most if hard[which] == resource.RLIM_INFINITY else min(most, hard[which])
        resource.setrlimit(which, (lower, hard[which]))
    try:
        yield
    finally:
        for which, most in hard.items():
            resource.setrlimit(which, (most, most))
