"""The articles that there were when a writer began: in the index that is written, or that a rebuild replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from archive.engine.opensearch import mapping
from archive.engine.opensearch.indices import IndexPair
from archive.engine.opensearch.search_client import SLIM_PAGE, Body, SearchClient, is_any
from archive.engine.protocol import IndexedRef

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
        for hit in self._searcher.walk(pair.articles, body, page=SLIM_PAGE):
            yield mapping.entry(hit["_source"])._replace(indexed=indexed)
