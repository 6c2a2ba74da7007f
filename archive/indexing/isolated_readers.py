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
from dataclasses import replace
from types import TracebackType
from typing import Self

from archive.corpus.formats.registry import ReadOptions, format_named, read
from archive.corpus.ids import article_digest
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.util.worker_process import Channel, Worker, WorkerDiedError

#: An article with the digest of its content, or what is wrong in its place.
Item = tuple[Article, str] | Problem
At = Callable[[int], None]

#: A message between processes holds so many items at the most, or characters of text.
_ITEMS, _CHARACTERS = 256, 500_000
#: … and is sent after so many seconds, whatever is in it: whoever waits for it knows that reading goes on.
_SENT_WITHIN = 5.0
#: What one isolated file, or each article of one that holds many, may take: processor time, time until it must be
#: done (a machine can be busy), memory.
_CPU_SECONDS, _SECONDS, _MEMORY_BYTES = 30, 120.0, 2_000_000_000


def read_source(source: Source, options: ReadOptions) -> Iterator[Item]:
    """The articles of a source, each with its digest, and what is wrong with it."""
    for item in read(source, options):
        yield item if isinstance(item, Problem) else (item, article_digest(item))


def read_isolated(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of one source; of a format that is isolated, in another process with its limits."""
    with Readers([source], options, 0) as readers:
        for item in readers.read(source, options.progress):
            yield item if isinstance(item, Problem) else item[0]


def is_isolated(source: Source) -> bool:
    """Whether a source is always read in a process of its own: itself, or a picture in it, may be anything."""
    return source.may_have_pictures or format_named(source.format).is_isolated(source.size)


class Readers:
    """Reads `sources`, which must be asked for in their order, in this process or in `count` others.

    Whatever `count` is, formats that are isolated are read in another process.
    """

    def __init__(self, sources: Sequence[Source], options: ReadOptions, count: int) -> None:
        self._options = options
        self._apart = count > 0
        there = [source for source in sources if self._is_read_apart(source)]
        count = min(max(count, 1), len(there))
        self._readers = [_ReaderProcess(there[number::count], options) for number in range(count)]
        self._taken = 0

    def _is_read_apart(self, source: Source) -> bool:
        return self._apart or is_isolated(source)

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
            return read_source(source, replace(self._options, progress=at))
        reader = self._readers[self._taken % len(self._readers)]
        self._taken += 1
        return reader.read(source, at)


class _ReaderProcess:
    """One process that reads sources, and sends what they hold."""

    def __init__(self, sources: Sequence[Source], options: ReadOptions) -> None:
        self._sources, self._options = list(sources), options
        self.child = self._started()

    def _started(self) -> Worker:
        child = Worker(__name__, "serve_sources")
        child.send((self._sources, replace(self._options, progress=_ignore)))
        return child

    def read(self, source: Source, at: At) -> Iterator[Item]:
        self._sources.pop(0)
        ended = False
        while not ended:
            try:
                read_bytes, items, ended = self.child.receive(_SECONDS if is_isolated(source) else None)
            except WorkerDiedError as death:
                self.child.stop()
                self.child = self._started()
                what = f"the process that read the file ended {death}"
                yield Problem(source.path, 0, what, _REMEDY)
                return
            yield from items
            at(read_bytes)


def _ignore(_: int) -> None:
    pass


_REMEDY = "check the file, save its text as .txt, or move it out of the corpus"


def serve_sources(pipe: Channel) -> None:
    """Receive sources; send what they hold."""
    sources, options = pipe.receive()
    for source in sources:
        items: list[Item] = []
        positions = [0]
        characters = 0
        sent = time.monotonic()
        for item in _bounded(source, replace(options, progress=positions.append)):
            items.append(item)
            characters += 0 if isinstance(item, Problem) else len(item[0].body)
            if len(items) >= _ITEMS or characters >= _CHARACTERS or time.monotonic() - sent > _SENT_WITHIN:
                pipe.send((positions[-1], items, False))
                items, characters, sent = [], 0, time.monotonic()
        pipe.send((positions[-1], items, True))


def _bounded(source: Source, options: ReadOptions) -> Iterator[Item]:
    """The same as read_source; of an isolated format, each article within the limits of what it may take."""
    if not is_isolated(source):
        yield from read_source(source, options)
        return
    items: Iterator[Item] | None = None
    while True:
        with limited(_CPU_SECONDS):
            try:
                items = items or read_source(source, options)
                item = next(items, None)
            except MemoryError:
                what = f"reading the file takes more than {_MEMORY_BYTES // 1_000_000:,} MB of memory"
                item, items = Problem(source.path, 0, what, _REMEDY), iter(())
        if item is None:
            return
        yield item


@contextmanager
def limited(cpu_seconds: int) -> Iterator[None]:
    """Have the system end this process, or refuse it memory, beyond the limits; Windows has none."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft = ((resource.RLIMIT_CPU, math.ceil(time.process_time()) + cpu_seconds), (resource.RLIMIT_AS, _MEMORY_BYTES))
    hard = {which: resource.getrlimit(which)[1] for which, _ in soft}
    for which, most in soft:
        lower = most if hard[which] == resource.RLIM_INFINITY else min(most, hard[which])
        resource.setrlimit(which, (lower, hard[which]))
    try:
        yield
    finally:
        for which, most in hard.items():
            resource.setrlimit(which, (most, most))
