"""Writing to the server: in place, or into new indices that take over when they are complete.

In place, the index is given a new generation before anything is sent: a run that is cut off
leaves one that no ledger knows, and the next run asks the index what it holds. A rebuild that
is cut off is found again by its own generation, and goes on from its last commit.
"""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self

from archive.engine.opensearch.bulk import Action, Bulk
from archive.engine.opensearch.connection import Connection
from archive.engine.opensearch.dictionary import entries, entry_id
from archive.engine.opensearch.indices import Indices, Pair
from archive.engine.opensearch.lease import Lease
from archive.engine.opensearch.mapping import Mapping
from archive.engine.opensearch.requirements import check_server
from archive.engine.protocol import Refusal
from archive.errors import EngineUnavailableError
from archive.model.article import Article

#: Keys of dictionary entries remembered as sent: some 200 MB at the most.
_REMEMBERED = 1_000_000


class OpenSearchWriter:
    """The one writer of an archive's indices; see `archive.engine.base.Writer`."""

    def __init__(
        self, connection: Connection, indices: Indices, mapping: Mapping, *, rebuild: bool, wait: float
    ) -> None:
        self._connection, self._indices, self._mapping, self._rebuild = connection, indices, mapping, rebuild
        self._lease = Lease(connection, wait)
        self._bulk = Bulk(connection)
        self._pair: Pair | None = None
        self._written = False
        self._known: set[str] = set()
        self._refusals: list[Refusal] = []

    def __enter__(self) -> Self:
        self._lease.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bulk.close()
        self._lease.release()

    def begin(self, generation: int) -> bool:
        assert self._pair is None, "a writer begins once"
        live = self._indices.find()
        unfinished = self._indices.find(unfinished=True)
        if not self._rebuild and live is not None:
            self._indices.drop(unfinished=True)
            self._pair = live
            return live.generation == generation
        alike = unfinished is not None and self._indices.made_alike(unfinished)
        if self._rebuild and unfinished is not None and alike and unfinished.generation == generation:
            self._pair = unfinished
            self._written = True
            return True
        check_server(self._connection)
        self._indices.drop(unfinished=True)
        self._rebuild = True
        newest = max((pair.generation for pair in (live, unfinished) if pair is not None), default=0)
        self._pair = self._indices.create(newest)
        self._written = True
        return False

    @property
    def generation(self) -> int:
        return self._begun().generation

    def put(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        pair = self._begun(writing=True)
        document = self._mapping.document(article, digest, base)
        for key, entry in entries(self._mapping.index_fields, document):
            if key not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known.add(key)
                self._bulk.add(Action("create", pair.words, entry_id(key), _dumped(entry)))
        self._bulk.add(Action("index", pair.articles, article.id, _dumped(document)))
        self._lease.check()

    def delete(self, article_id: str) -> None:
        self._bulk.add(Action("delete", self._begun(writing=True).articles, article_id))

    def commit(self, *, final: bool) -> None:
        pair = self._begun(writing=True)
        self._bulk.flush()
        self._take_rejected(pair)
        self._lease.check()
        self._indices.refresh(pair)
        self._pair = self._indices.advance(pair)
        if final and self._rebuild:
            self._pair = self._indices.swap(self._pair)
            self._rebuild = False
        self._written = self._rebuild

    def refused(self) -> tuple[Refusal, ...]:
        refused, self._refusals = tuple(self._refusals), []
        return refused

    def optimize(self) -> None:
        """Make one segment of every shard."""
        self._indices.merge(self._begun())

    def _begun(self, writing: bool = False) -> Pair:
        """The indices that are written; once anything is, of a generation of its own."""
        assert self._pair is not None, "begin() comes first"
        if writing and not self._written:
            self._pair = self._indices.advance(self._pair)
            self._written = True
        return self._pair

    def _take_rejected(self, pair: Pair) -> None:
        """Note what the server would not take; what it holds under those ids is older, and goes."""
        for rejected in self._bulk.rejected:
            if rejected.action.index != pair.articles:
                raise EngineUnavailableError(f"the dictionary of the index cannot be written ({rejected.why})")
            self._refusals.append(Refusal(rejected.action.id, rejected.why))
            self._bulk.add(Action("delete", pair.articles, rejected.action.id))
        if self._bulk.rejected:
            self._bulk.rejected.clear()
            self._bulk.flush()


def _dumped(source: object) -> str:
    return json.dumps(source, ensure_ascii=False, separators=(",", ":"))
