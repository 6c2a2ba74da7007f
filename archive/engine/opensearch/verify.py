"""Checking the indices on a server: shards, and whether what is counted is what is stored."""

from __future__ import annotations

from typing import Any

from archive.engine.opensearch import mapping as made
from archive.engine.opensearch.connection import Connection
from archive.engine.opensearch.indices import IndexPair
from archive.engine.opensearch.search_client import PAGE, SearchClient
from archive.errors import EngineUnavailableError

_TOLD = 20


def integrity_errors(
    connection: Connection, searcher: SearchClient, pair: IndexPair, mapping: made.Mapping
) -> list[str]:
    """What does not agree: one sentence a fault, none if all is sound.

    Raises EngineUnavailableError for an index of which shards are missing: that is for the
    cluster to mend, not for a rebuild.
    """
    health = connection.call("GET", f"/_cluster/health/{pair.articles},{pair.words}")
    if health["status"] == "red":
        raise EngineUnavailableError(
            f"the index {pair.articles} is red: some of its shards have no copy on any node",
            "`GET _cluster/allocation/explain` says why",
        )
    counted = [field.name for field in mapping.index_fields if field.column]
    body = {
        "query": {"match_all": {}},
        "sort": [{"id": "asc"}],
        "_source": made.STORED,
        "docvalue_fields": counted,
    }
    found: list[str] = []
    before = ""
    for hit in searcher.scan(pair.articles, body, page=PAGE):
        found += _faults_of(hit, mapping, counted)
        if hit["_id"] == before:
            found.append(f"the id {before!r} stands for more than one article")
        before = hit["_id"]
        if len(found) >= _TOLD:
            break
    return found


def _faults_of(hit: Any, mapping: made.Mapping, counted: list[str]) -> list[str]:
    try:
        article, entry = made.article(hit["_source"]), made.entry(hit["_source"])
        wanted = mapping.values(article, counted)
    except (KeyError, TypeError, ValueError) as error:
        return [f"the stored article {hit['_id']!r} cannot be read ({error})"]
    if entry.id != hit["_id"]:
        return [f"the article {entry.id!r} is stored as {hit['_id']!r}"]
    indexed = hit.get("fields", {})
    return [
        f"the values of {name} differ from the article {entry.id!r}"
        for name, values in wanted.items()
        if sorted(set(map(str, indexed.get(name, ())))) != sorted(set(values))
    ]
