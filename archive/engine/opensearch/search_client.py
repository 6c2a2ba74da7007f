"""Asking an index: answers that are whole or an error, and walks over any number of hits.

A walk is over a point in time, page after page by what the last hit was sorted by, so it has
no ceiling and sees no change. Elasticsearch calls the same things by other names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from archive.engine.opensearch.connection import Connection, NotFound, RequestRejected, missing_index
from archive.errors import EngineUnavailableError, IndexUnusableError, LimitError
from archive.query.limits import current_deadline

#: What one request may list: `index.max_result_window` is never raised.
WINDOW = 10_000
#: Stored articles fetched at once, and ids or entries.
PAGE, SLIM_PAGE = 200, 5_000
#: How long a point in time is kept between two pages.
_KEEP = "5m"

Body = dict[str, Any]


class SearchClient:
    """Searches of one server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(self, alias: str, body: Body, *, scored: bool = False) -> Any:
        """The answer to one search; raises EngineUnavailableError rather than answer from some of the shards.

        `scored` weighs words by all shards together, and always by the same copies of them.
        """
        current_deadline().check()
        params = {"allow_partial_search_results": "false"}
        if scored:
            params["search_type"] = "dfs_query_then_fetch"
        if "pit" not in body:
            params["preference"] = self._connection.remote.prefix
        path = "/_search" if "pit" in body else f"/{alias}/_search"
        try:
            answer = self._connection.call("POST", path, body, params)
        except NotFound as error:
            if "pit" in body:
                raise IndexUnusableError(
                    f"the index was replaced while it was read ({error})", "run the command again"
                ) from None
            raise missing_index(alias) from None
        except RequestRejected as error:
            if "too_many" in error.kind or "nested" in str(error) or "determinize" in str(error):
                raise LimitError(f"the query is too large for the search server ({error})", "shorten it") from None
            raise
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise EngineUnavailableError(
                f"only some shards of {alias} answered", "`GET _cluster/health` shows the state of the search server"
            )
        return answer

    def count(self, alias: str, query: Body, up_to: int | None = None) -> int:
        """How many documents match; with `up_to`, counting may stop there."""
        body: Body = {"size": 0, "query": query, "track_total_hits": True if up_to is None else up_to}
        return int(self.search(alias, body)["hits"]["total"]["value"])

    def msearch(self, alias: str, bodies: Sequence[Body]) -> list[Any]:
        """The answers to several searches, in one request."""
        current_deadline().check()
        head = json.dumps({"index": alias, "allow_partial_search_results": False})
        lines = "".join(f"{head}\n{json.dumps(body)}\n" for body in bodies)
        answers = self._connection.call("POST", "/_msearch", lines)["responses"] if lines else []
        for answer in answers:
            if answer.get("error"):
                kind = answer["error"].get("type", "")
                if kind == "index_not_found_exception":
                    raise missing_index(alias)
                raise EngineUnavailableError(f"the search server cannot answer for {alias} now ({kind})")
            if answer.get("timed_out") or answer["_shards"]["failed"]:
                raise EngineUnavailableError(f"only some shards of {alias} answered", "run the command again")
        return list(answers)

    def scan(
        self,
        alias: str,
        body: Body,
        *,
        offset: int = 0,
        limit: int | None = None,
        page: int = PAGE,
        scored: bool = False,
    ) -> Iterator[Any]:
        """Every hit from `offset` on, `limit` at the most.

        `body` has the query, and a sort that ends with a field that no two articles share. By
        score, ids come in pages as large as can be, for each page scores everything again, and
        what is stored is fetched afterwards.
        """
        if limit == 0:
            return
        with self._point_in_time(alias) as pit:
            if not scored:
                for hits in self._pages(pit, body, offset, limit, page, scored):
                    yield from hits
                return
            end = None if limit is None else offset + limit
            left = offset
            for hits in self._pages(pit, body | {"_source": False}, 0, end, WINDOW, scored):
                hits, left = hits[left:], max(0, left - len(hits))
                for start in range(0, len(hits), page):
                    yield from self._stored(pit, hits[start : start + page], body["_source"])

    def _pages(
        self, pit: list[str], body: Body, offset: int, limit: int | None, page: int, scored: bool
    ) -> Iterator[list[Any]]:
        asked: Body = {"track_total_hits": False} | body
        skipped, given = 0, 0
        while True:
            skipping = min(WINDOW, offset - skipped)
            wanted = page if limit is None else min(page, limit - given)
            asked["size"] = skipping or wanted
            hits = self._hits(pit, asked | ({"_source": False} if skipping else {}), scored)
            if skipping:
                skipped += len(hits)
            else:
                yield hits
                given += len(hits)
            if len(hits) < asked["size"] or given == limit:
                return
            asked["search_after"] = hits[-1]["sort"]

    def _stored(self, pit: list[str], hits: list[Any], source: object) -> Iterator[Any]:
        """Hits with what is stored of them, in their order."""
        ids = {"ids": {"values": [hit["_id"] for hit in hits]}}
        body = {"query": ids, "size": len(hits), "_source": source, "track_total_hits": False}
        stored = {hit["_id"]: hit["_source"] for hit in self._hits(pit, body, scored=False)}
        return (hit | {"_source": stored[hit["_id"]]} for hit in hits)

    def _hits(self, pit: list[str], body: Body, scored: bool) -> list[Any]:
        """The hits of a search in a point in time, whose id may change with every answer."""
        answer = self.search("", body | {"pit": {"id": pit[0], "keep_alive": _KEEP}}, scored=scored)
        pit[0] = answer.get("pit_id", pit[0])
        hits: list[Any] = answer["hits"]["hits"]
        return hits

    @contextmanager
    def _point_in_time(self, alias: str) -> Iterator[list[str]]:
        call, elastic = self._connection.call, self._connection.elasticsearch
        try:
            made = call(
                "POST", f"/{alias}/{'_pit' if elastic else '_search/point_in_time'}", None, {"keep_alive": _KEEP}
            )
        except NotFound:
            raise missing_index(alias) from None
        pit = [made["id"] if elastic else made["pit_id"]]
        try:
            yield pit
        finally:
            try:
                if elastic:
                    call("DELETE", "/_pit", {"id": pit[0]}, tries=1)
                else:
                    call("DELETE", "/_search/point_in_time", {"pit_id": pit}, tries=1)
            except (NotFound, RequestRejected, EngineUnavailableError):
                pass  # it ends by itself


def is_any(field: str, values: Sequence[str]) -> Body:
    """A field has at least one of some values."""
    return {"terms": {field: list(values)}}


def is_missing(field: str) -> Body:
    """A field has no value."""
    return {"bool": {"must_not": [{"exists": {"field": field}}]}}
