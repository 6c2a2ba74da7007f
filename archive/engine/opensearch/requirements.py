"""What a search server must be able to do, tried out before anything is written to it.

There are servers that speak a part of the protocol, or an older one. Each capability that answers
are made of is tried on an index of two documents with a known answer, so that a server without it
is named together with what it lacks, rather than failing amid a copy or counting wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from archive.engine.opensearch.connection import Conflict, Connection, NotFound, RequestRejected
from archive.engine.opensearch.mapping import ANALYSIS, WORDS_PROPERTY
from archive.engine.opensearch.search_client import Body, SearchClient
from archive.errors import IndexUnusableError, LimitError, SettingsError

_PROPERTIES = {"words": WORDS_PROPERTY, "name": {"type": "keyword"}, "number": {"type": "integer"}}
_DOCUMENTS: Mapping[str, Body] = {
    "1": {"words": "alpha beta gamma", "name": ["x", "y"], "number": 1},
    "2": {"words": "beta alpha", "name": ["x"], "number": 2},
}
_ALL: Body = {"match_all": {}}


@dataclass(frozen=True, slots=True)
class _Probe:
    """The index of two documents on a server."""

    connection: Connection
    searcher: SearchClient
    index: str

    def found(self, query: Body, **more: Any) -> set[str]:
        """The ids of the documents that a query finds, which must be as many as the total says."""
        answer = self.searcher.search(self.index, {"query": query, "track_total_hits": True, **more}, scored=True)
        ids = {hit["_id"] for hit in answer["hits"]["hits"]}
        return ids if answer["hits"]["total"]["value"] == len(ids) else set()

    def aggregated(self, aggregation: Body) -> Any:
        body = {"size": 0, "query": _ALL, "aggs": {"of": aggregation}}
        return self.searcher.search(self.index, body)["aggregations"]["of"]

    def conflicts(self, document_id: str, params: Mapping[str, str]) -> bool:
        """Whether the server declines to write a document under some conditions."""
        path = f"/{self.index}/_doc/{document_id}"
        try:
            self.connection.call("PUT", path, _DOCUMENTS[document_id], params)
        except Conflict:
            return True
        return False


def _writes_conditionally(probe: _Probe) -> bool:
    found = probe.connection.call("GET", f"/{probe.index}/_doc/1")
    outdated = {"if_seq_no": str(found["_seq_no"] + 1_000), "if_primary_term": str(found["_primary_term"])}
    return probe.conflicts("1", {"op_type": "create"}) and probe.conflicts("1", outdated)


def _searches(probe: _Probe) -> bool:
    term: Body = {"term": {"words": {"value": "gamma", "boost": 2.0}}}
    both = {"bool": {"should": [term, {"range": {"number": {"gte": 2}}}], "minimum_should_match": 1}}
    return probe.found(both) == {"1", "2"} and probe.found(both, post_filter={"term": {"name": "y"}}) == {"1"}


def _matches_patterns(probe: _Probe) -> bool:
    patterns: list[Body] = [
        {"prefix": {"words": {"value": "gam"}}},
        {"wildcard": {"words": {"value": "g?mm*"}}},
        {"regexp": {"words": {"value": "g[a-b]m.*", "flags": "NONE"}}},
        {"fuzzy": {"words": {"value": "gamna", "fuzziness": 1, "transpositions": False}}},
    ]
    return all(probe.found(pattern) == {"1"} for pattern in patterns)


def _matches_phrases(probe: _Probe) -> bool:
    near: Body = {"span_near": {"clauses": [{"span_term": {"words": word}} for word in ("alpha", "gamma")]}}
    near["span_near"] |= {"slop": 1, "in_order": True}
    return probe.found({"match_phrase": {"words": {"query": "alpha beta"}}}) == {"1"} == probe.found(near)


def _counts_values(probe: _Probe) -> bool:
    terms = probe.aggregated({"terms": {"field": "name", "size": 1, "shard_size": 1}})
    first = [(bucket["key"], bucket["doc_count"]) for bucket in terms["buckets"]]
    return first == [("x", 2)] and terms["sum_other_doc_count"] == 1 and "doc_count_error_upper_bound" in terms


def _counts_around_filters(probe: _Probe) -> bool:
    counts = {"missing": {"missing": {"field": "name"}}, "distinct": {"cardinality": {"field": "name"}}}
    around = probe.aggregated({"filter": {"term": {"number": 2}}, "aggs": counts})
    named = probe.aggregated({"filters": {"filters": {"0": {"term": {"words": "gamma"}}}}})
    return (
        (around["doc_count"], around["missing"]["doc_count"], around["distinct"]["value"]) == (1, 0, 1)
        and named["buckets"]["0"]["doc_count"] == 1
    )  # fmt: skip


def _pages_through_values(probe: _Probe) -> bool:
    composite: Body = {"size": 1, "sources": [{"value": {"terms": {"field": "name"}}}]}
    first = probe.aggregated({"composite": composite})
    rest = probe.aggregated({"composite": composite | {"after": first["after_key"]}})
    pages = [(bucket["key"]["value"], bucket["doc_count"]) for page in (first, rest) for bucket in page["buckets"]]
    return pages == [("x", 2), ("y", 1)]


def _walks(probe: _Probe) -> bool:
    body = {"query": _ALL, "sort": [{"number": "desc"}], "_source": ["number"]}
    return [hit["_source"] for hit in probe.searcher.scan(probe.index, body, page=1)] == [{"number": 2}, {"number": 1}]


def _searches_several(probe: _Probe) -> bool:
    bodies = [{"size": 0, "query": {"term": {"words": word}}, "track_total_hits": True} for word in ("beta", "gamma")]
    return [answer["hits"]["total"]["value"] for answer in probe.searcher.msearch(probe.index, bodies)] == [2, 1]


#: What is needed, each with its name in a message, and whether a server does it.
CAPABILITIES: Mapping[str, Callable[[_Probe], bool]] = {
    "conditional writes": _writes_conditionally,
    "searches with exact totals": _searches,
    "patterns": _matches_patterns,
    "phrases": _matches_phrases,
    "terms aggregations": _counts_values,
    "filter, missing and cardinality aggregations": _counts_around_filters,
    "composite aggregations": _pages_through_values,
    "points in time": _walks,
    "multi-searches": _searches_several,
}


def check_server(connection: Connection) -> None:
    """Raise SettingsError, naming all that is lacking, if the server cannot hold an archive."""
    probe = _Probe(connection, SearchClient(connection), f"{connection.remote.prefix}-probe")
    _delete(probe)  # of a check that was cut off
    body = {
        "settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0}, "analysis": ANALYSIS},
        "mappings": {"dynamic": False, "properties": _PROPERTIES},
    }
    try:
        connection.call("PUT", f"/{probe.index}", body)
        for document_id, document in _DOCUMENTS.items():
            connection.call("PUT", f"/{probe.index}/_doc/{document_id}", document, {"refresh": "true"})
        lacking = [name for name, works in CAPABILITIES.items() if not _has(probe, works)]
    finally:
        _delete(probe)
    if lacking:
        raise SettingsError(
            f"the search server {connection.remote.name} ({connection.server}) lacks what an archive needs: "
            f"{', '.join(lacking)}",
            "nothing was written to it. Use OpenSearch 2.5 or later, or Elasticsearch 8",
        )


def _has(probe: _Probe, works: Callable[[_Probe], bool]) -> bool:
    try:
        return works(probe)
    except (RequestRejected, NotFound, Conflict, IndexUnusableError, LimitError):
        return False
    except (KeyError, IndexError, TypeError, ValueError):  # an answer of another form
        return False


def _delete(probe: _Probe) -> None:
    with suppress(NotFound):
        probe.connection.call("DELETE", f"/{probe.index}")
