"""Reading sources ahead of the indexing, in processes of their own where that is asked for.

The order of what comes out does not depend on the number of processes: each reads every n-th
source, and the sources are taken in turn. A reader that dies costs the file that it was
reading, not the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

from archive.article import Article, Problem
from archive.child import Child, ChildDiedError, Pipe
from archive.corpus.identity import article_digest
from archive.corpus.reading import read
from archive.corpus.scan import Source

#: An article with the digest of its content, or what is wrong in its place.
Item = tuple[Article, str] | Problem
At = Callable[[int], None]

#: A message between processes holds so many items at the most, or characters of text.
_ITEMS, _CHARACTERS = 256, 500_000


def read_source(source: Source, limit: int, at: At) -> Iterator[Item]:
    """The articles of a source, none of more than `limit` bytes, each with its digest."""
    for item in read(source, limit, at):
        yield item if isinstance(item, Problem) else (item, article_digest(item))


class Readers:
    """Reads `sources`, which must be asked for in their order, in this process or in `count` others."""

    def __init__(self, sources: Sequence[Source], limit: int, count: int) -> None:
        self._limit = limit
        count = min(count, len(sources))
        self._readers = [_Reader(sources[number::count], limit) for number in range(count)]
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.child.stop()

    def read(self, source: Source, at: At) -> Iterator[Item]:
        """The articles of the next source; `at` is told how many of its bytes have been read."""
        if not self._readers:
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
                read_bytes, items, ended = self.child.receive()
            except ChildDiedError as death:
                self.child.stop()
                self.child = self._started()
                what = f"the process that read the file ended {death}"
                yield Problem(source.path, 0, what, "look at what is in the file, or move it out of the corpus")
                return
            yield from items
            at(read_bytes)


def serve_sources(pipe: Pipe) -> None:
    """Receive sources; send what they hold."""
    sources, limit = pipe.receive()
    for source in sources:
        items: list[Item] = []
        positions = [0]
        characters = 0
        for item in read_source(source, limit, positions.append):
            items.append(item)
            characters += 0 if isinstance(item, Problem) else len(item[0].body)
            if len(items) >= _ITEMS or characters >= _CHARACTERS:
                pipe.send((positions[-1], items, False))
                items, characters = [], 0
        pipe.send((positions[-1], items, True))
