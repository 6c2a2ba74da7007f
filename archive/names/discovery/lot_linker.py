"""Articles linked in lots, in several processes where these are there already: their names, discovered ones among them.

What comes out does not depend on the number of processes, nor does its order.
"""

from __future__ import annotations

import marshal
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache

from archive.model.article import Article, make_article
from archive.names.discovery.incremental import DiscoveredName
from archive.names.entity_linker import EntityLinker, LinkedNames
from archive.util.worker_pool import WorkerPool

#: Articles go to another process by so many characters of text.
_LOT_CHARACTERS = 1 << 16
#: With more records articles are linked here alone: every process would need much memory for them.
_MOST_RECORDS = 10_000


@dataclass
class _LinkingLot:
    """Articles that are linked together, and what they are linked to."""

    articles: list[Article] = field(default_factory=list)
    discovered: list[Sequence[DiscoveredName]] = field(default_factory=list)
    linked: Future[bytes | None] | list[LinkedNames] | None = None

    def packed(self) -> bytes:
        """What linking goes by, as plain values: these are packed much faster than objects."""
        articles = []
        for each in self.articles:
            declared = {key: {**names} for key, names in each.declared.items()}
            articles.append((each.title, each.body, each.people, each.venues, each.inferred, declared))
        return marshal.dumps((articles, [list(map(tuple, each)) for each in self.discovered]))


class LotLinker:
    """Links the articles of one indexing run."""

    def __init__(self, linker: EntityLinker, workers: WorkerPool) -> None:
        self._linker, self._workers = linker, workers
        self._sent = pickle.dumps(linker) if linker.record_count <= _MOST_RECORDS else None

    def linked(
        self, asked: Iterable[tuple[Article, Sequence[DiscoveredName]]]
    ) -> Iterator[tuple[Article, LinkedNames]]:
        """Articles, given with the names that are discovered in them, with what they are linked to, in their order."""
        lots: deque[_LinkingLot] = deque()
        for lot in _lots(asked):
            if self._sent is not None and self._workers.has_room:
                lot.linked = self._workers.ask(link_lot, (self._sent, lot.packed()))
            if lot.linked is None:
                lot.linked = self._link(lot)
            lots.append(lot)
            while lots and (not isinstance(linked := lots[0].linked, Future) or linked.done()):
                yield from self._results(lots.popleft())
        for lot in lots:
            yield from self._results(lot)

    def _results(self, lot: _LinkingLot) -> Iterable[tuple[Article, LinkedNames]]:
        linked = lot.linked
        if isinstance(linked, Future):
            packed = linked.result()
            linked = None if packed is None else list(map(LinkedNames.unpacked, marshal.loads(packed)))
        return zip(lot.articles, linked or self._link(lot), strict=True)

    def _link(self, lot: _LinkingLot) -> list[LinkedNames]:
        return list(map(self._linker.names_of, lot.articles, lot.discovered))


def _lots(asked: Iterable[tuple[Article, Sequence[DiscoveredName]]]) -> Iterator[_LinkingLot]:
    lot, characters = _LinkingLot(), 0
    for article, discovered in asked:
        lot.articles.append(article)
        lot.discovered.append(discovered)
        characters += len(article.body)
        if characters >= _LOT_CHARACTERS:
            yield lot
            lot, characters = _LinkingLot(), 0
    if lot.articles:
        yield lot


def link_lot(lot: tuple[bytes, bytes]) -> bytes:
    """What articles are linked to, for another process of this interpreter, which sends its linker along."""
    sent, packed = lot
    linker = _received_linker(sent)
    linked = []
    for (title, body, people, venues, inferred, declared), names in zip(*marshal.loads(packed), strict=True):
        article = make_article("", title, body, None, people, venues, inferred=inferred, declared=declared)
        linked.append(linker.names_of(article, list(map(DiscoveredName._make, names))).packed())
    return marshal.dumps(linked)


@lru_cache(maxsize=1)
def _received_linker(sent: bytes) -> EntityLinker:
    linker: EntityLinker = pickle.loads(sent)
    return linker
