"""Writing to the server: in place, or into new indices that take over when they are complete.

In place, the index is given a new generation, without a table of sources, before anything is sent:
after a run that is cut off, the next reads every file and asks the index what it holds. A rebuild
that is cut off goes on from its last commit, if the table of sources of that is found.
`PreviousArticles` are those that there were when the writer began.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.engine.opensearch import mapping
from archive.engine.opensearch.bulk import Action, Bulk
from archive.engine.opensearch.connection import Connection
from archive.engine.opensearch.dictionary import entries, entry_id
from archive.engine.opensearch.indices import IndexPair, Indices
from archive.engine.opensearch.lease import Lease
from archive.engine.opensearch.mapping import Mapping, entry
from archive.engine.opensearch.requirements import check_server
from archive.engine.opensearch.search_client import SLIM_PAGE, Body, SearchClient, is_any
from archive.engine.protocol import IndexedRef, RejectedDocument
from archive.engine.sources_file import SourcesFile, write_sources_file
from archive.errors import EngineUnavailableError
from archive.model.article import Article

#: After so many questions for one id each, it is quicker to know all of them.
_ASKED_SINGLY = 100


class PreviousArticles:
    """The articles of `pairs`, each with whether what it holds is in what is written.

    Of an article that several hold, the first counts.
    """

    def __init__(self, searcher: SearchClient, pairs: Sequence[tuple[IndexPair, bool]]) -> None:
        self._searcher, self._pairs = searcher, pairs
        self._asked = 0
        self._ids: set[str] | None = None

    def articles_of(self, paths: Sequence[str]) -> Iterator[IndexedRef]:
        """See `archive.engine.protocol.Writer.articles_of`."""
        for first in range(0, len(paths), SLIM_PAGE):
            yield from self._found(is_any("path", paths[first : first + SLIM_PAGE]))

    def article(self, article_id: str) -> IndexedRef | None:
        """See `archive.engine.protocol.Writer.article`."""
        self._asked += 1
        if self._ids is None and self._asked > _ASKED_SINGLY:
            self._ids = {entry.id for entry in self.entries()}
        if self._ids is not None and article_id not in self._ids:
            return None
        body = {"query": {"term": {"id": article_id}}, "size": 1, "_source": mapping.ENTRY}
        for pair, indexed in self._pairs:
            for hit in self._searcher.search(pair.articles, body)["hits"]["hits"]:
                return mapping.entry(hit["_source"])._replace(indexed=indexed)
        return None

    def entries(self) -> Iterator[IndexedRef]:
        """See `archive.engine.protocol.Writer.entries`."""
        return self._found({"match_all": {}})

    def _found(self, query: Body) -> Iterator[IndexedRef]:
        before: list[IndexPair] = []
        for pair, indexed in self._pairs:
            found = self._in_pair(pair, query, indexed)
            while entries := list(islice(found, SLIM_PAGE)):
                ids = is_any("id", [entry.id for entry in entries])
                held = {entry.id for each in before for entry in self._in_pair(each, ids, indexed)}
                yield from (entry for entry in entries if entry.id not in held)
            before.append(pair)

    def _in_pair(self, pair: IndexPair, query: Body, indexed: bool) -> Iterator[IndexedRef]:
        body = {"query": query, "sort": [{"id": "asc"}], "_source": mapping.ENTRY}
        for hit in self._searcher.scan(pair.articles, body, page=SLIM_PAGE):
            yield mapping.entry(hit["_source"])._replace(indexed=indexed)


#: Keys of dictionary entries remembered as sent: some 200 MB at the most.
_REMEMBERED = 1_000_000
#: How the names of files with tables of sources begin.
_PREFIX = "opensearch"


class OpenSearchWriter:
    """The one writer of an archive's indices; see `archive.engine.protocol.Writer`."""

    def __init__(
        self, connection: Connection, indices: Indices, mapping: Mapping, folder: Path, *, rebuild: bool, wait: float
    ) -> None:
        self._connection, self._indices, self._mapping, self._rebuild = connection, indices, mapping, rebuild
        self._folder = folder
        self._lease = Lease(connection, wait)
        self._bulk = Bulk(connection)
        self._pair: IndexPair | None = None
        self._written = False
        self._known: set[str] = set()
        self._sources: SourcesFile | None = None
        self._replaced: IndexPair | None = None
        self._previous = PreviousArticles(SearchClient(connection), ())

    def __enter__(self) -> Self:
        self._lease.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bulk.close()
        self._lease.release()

    def begin(self, resumes: Callable[[bytes], bool] | None = None) -> bool:
        assert self._pair is None, "begin() may be called once"
        live = self._indices.find()
        unfinished = self._indices.find(unfinished=True)
        if not self._rebuild and live is not None and self._indices.is_current(live):
            self._indices.drop(unfinished=True)
            self._pair, self._sources = live, live.sources
            if live.sources is None:
                self._indices.refresh(live)  # what was sent last may be there unseen
            self._set_previous((live, True))
            return True
        self._rebuild = True
        self._replaced = live
        replaced = [] if live is None else [(live, False)]
        if unfinished is not None and resumes is not None and self._is_resumed(unfinished, resumes):
            self._pair, self._sources = unfinished, unfinished.sources
            self._written = True
            self._set_previous((unfinished, True), *replaced)
            return True
        check_server(self._connection)
        self._indices.drop(unfinished=True)
        newest = max((pair.generation for pair in (live, unfinished) if pair is not None), default=0)
        self._pair = self._indices.create(newest)
        self._sources = live.sources if live is not None else None
        self._written = True
        self._set_previous(*replaced)
        return False

    def _is_resumed(self, unfinished: IndexPair, resumes: Callable[[bytes], bool]) -> bool:
        sources = unfinished.sources.read(self._folder) if unfinished.sources else None
        return sources is not None and self._indices.made_alike(unfinished) and resumes(sources)

    def _set_previous(self, *pairs: tuple[IndexPair, bool]) -> None:
        self._previous = PreviousArticles(SearchClient(self._connection), pairs)

    @property
    def sources(self) -> bytes | None:
        return self._sources.read(self._folder) if self._sources else None

    def articles_of(self, paths: Sequence[str]) -> Iterator[IndexedRef]:
        return self._previous.articles_of(paths)

    def article(self, article_id: str) -> IndexedRef | None:
        return self._previous.article(article_id)

    def entries(self) -> Iterator[IndexedRef]:
        return self._previous.entries()

    @property
    def generation(self) -> int:
        return self._begun().generation

    def add_document(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        pair = self._begun(writing=True)
        document = self._mapping.document(article, digest, base)
        for key, listed in entries(self._mapping.index_fields, document, self._mapping.stem):
            if key not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known.add(key)
                self._bulk.add(Action("create", pair.words, entry_id(key), _dumped(listed)))
        self._bulk.add(Action("index", pair.articles, article.id, _dumped(document)))
        self._lease.check()

    def delete(self, article_id: str) -> None:
        self._bulk.add(Action("delete", self._begun(writing=True).articles, article_id))

    def flush(self) -> tuple[RejectedDocument, ...]:
        pair = self._begun(writing=True)
        self._bulk.flush()
        return self._take_rejected(pair)

    def commit(self, sources: bytes, *, final: bool) -> None:
        pair = self._begun(writing=True)
        self._bulk.flush()
        assert not self._bulk.rejected, "flush() comes first"
        self._lease.check()
        self._indices.refresh(pair)
        self._pair = self._indices.advance(pair, self._write_table(sources))
        if final and self._rebuild:
            self._pair = self._indices.swap(self._pair)
            self._rebuild = False
        self._written = self._rebuild
        self._remove_tables()

    def write_sources(self, sources: bytes) -> None:
        self._lease.check()
        self._pair = self._indices.describe(self._begun(), self._write_table(sources))
        self._remove_tables()

    def _write_table(self, sources: bytes) -> SourcesFile:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sources = write_sources_file(self._folder, _PREFIX, sources)
        return self._sources

    def _remove_tables(self) -> None:
        """Remove the tables of sources that no generation names any more."""
        pairs = (self._pair, self._replaced if self._rebuild else None)
        named = {pair.sources.name for pair in pairs if pair is not None and pair.sources is not None}
        for path in self._folder.glob(f"{_PREFIX}_*.sources"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    def optimize(self) -> None:
        """Make one segment of every shard."""
        self._indices.merge(self._begun())

    def _begun(self, writing: bool = False) -> IndexPair:
        """The indices that are written; once anything is, of a generation of its own."""
        assert self._pair is not None, "begin() comes first"
        if writing and not self._written:
            self._pair = self._indices.advance(self._pair)
            self._written = True
        return self._pair

    def _take_rejected(self, pair: IndexPair) -> tuple[RejectedDocument, ...]:
        """What the server would not take; what it holds under those ids is older, and goes."""
        refused = []
        for rejected in self._bulk.rejected:
            if rejected.action.index != pair.articles:
                raise EngineUnavailableError(f"the dictionary of the index cannot be written ({rejected.why})")
            refused.append(RejectedDocument(entry(json.loads(rejected.action.source)), rejected.why))
            self._bulk.add(Action("delete", pair.articles, rejected.action.id))
        if refused:
            self._bulk.rejected.clear()
            self._bulk.flush()
        return tuple(refused)


def _dumped(source: object) -> str:
    return json.dumps(source, ensure_ascii=False, separators=(",", ":"))
