"""Filters and facet counts on a server; counts are exact however many shards there are.

What is chosen of one facet does not narrow its own counts (unless all of it must be there). So choices
become a filter after the query (`post_filter`) and, for each facet, a filter around its counts made of
what is chosen of the others.

A terms aggregation is asked for the first `_LISTED` values. Where it leaves none out, every
shard has told all it has: counts and `distinct` are exact, in the same request as the hits.
Otherwise all values are counted page by page with a composite aggregation, which is exact as
well; the last few such countings are remembered for as long as the index does not change.
Beyond `MAX_COUNTED` values (by the server's estimate) that would take too long. Then the
first by count are taken from the aggregation and proved: each is counted exactly, and none
that was left out can have as many (the threshold of Cao and Wang, "Efficient Top-K Query
Calculation in Distributed Networks", PODC 2004), more being asked of each shard until it is
so. Only `distinct` is then the server's estimate (HyperLogLog++).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from archive.engine.facet_listing import ValueTable, list_facet
from archive.engine.opensearch.search_client import Body, SearchClient, is_any, is_missing
from archive.engine.schema import facet_field
from archive.model.fields import Field
from archive.model.results import FacetResult
from archive.query.plan import Plan
from archive.query.request import Selection


class FacetFilters:
    """What the selections of a plan leave of what its text matches, as a whole and facet by facet.

    query   the text, what is excluded, and what is chosen of facets that are not counted
    post    the other choices, for hits and total
    """

    def __init__(self, plan: Plan, text: Body, facet: Callable[[str], Field], counted: Sequence[str]) -> None:
        self._plan = plan
        kept: list[Body] = []
        self._chosen: dict[str, Body] = {}
        without = [
            is_any(facet_field(facet(name)), selection.excluded)
            for name, selection in plan.selections.items()
            if selection.excluded
        ]
        for name, selection in plan.selections.items():
            if selection.has_filter:
                choice = _choice(facet(name), selection)
                if selection.all or name not in counted:
                    kept.append(choice)
                else:
                    self._chosen[name] = choice
        self.query: Body = {"bool": {"must" if plan.by_relevance else "filter": [text]}}
        self.query["bool"].setdefault("filter", []).extend(kept)
        if without:
            self.query["bool"]["must_not"] = without
        self.post = list(self._chosen.values())

    @property
    def whole(self) -> Body:
        """Everything as one query."""
        return _both(self.query, self.post)

    def around(self, name: str) -> list[Body]:
        """What is chosen of the other facets."""
        return [choice for other, choice in self._chosen.items() if other != name]

    def scope(self, name: str) -> Body:
        """The query over which the values of a facet are counted."""
        return _both(self.query, self.around(name))


def _both(query: Body, filters: list[Body]) -> Body:
    return {"bool": {"filter": [query, *filters]}} if filters else query


def _choice(facet: Field, selection: Selection) -> Body:
    """The articles that a selection lets through."""
    field = facet_field(facet)
    if selection.all and selection.values:
        every: list[Body] = [{"term": {field: value}} for value in selection.values]
        return {"bool": {"filter": [*every, is_missing(field)] if selection.missing else every}}
    ways: list[Body] = [is_any(field, selection.values)] if selection.values else []
    for years in selection.years:
        ends = {"gte": years.first} if years.first is not None else {}
        ways.append({"range": {facet.name: ends | ({"lte": years.last} if years.last is not None else {})}})
    if selection.missing:
        ways.append(is_missing(field))
    return {"bool": {"should": ways, "minimum_should_match": 1}}


#: Values listed by the first aggregation, and by one page of a composite: below `search.max_buckets`.
_LISTED, _PAGE = 1_000, 50_000
#: Facets with more values than this under a request are not counted to the last one.
MAX_COUNTED = 2_000_000
_REMEMBERED = 4

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacetSpec:
    """A facet to count: its field, the query over which, and what decides what is listed."""

    facet: Field
    scope: Body
    selection: Selection
    limit: int | None
    sort: str

    @property
    def field(self) -> str:
        return facet_field(self.facet)

    def listed(self, counts: ValueTable, missing: int, found: Mapping[str, int] | None = None) -> FacetResult:
        """Counts as a result; `found` as in `list_facet`."""
        return list_facet(counts, self.selection, self.limit, self.sort, missing, found)


class FacetAggregator:
    """Counts facets on one state of an index; `shards` is how many it has."""

    def __init__(self, searcher: SearchClient, alias: str, memory: FacetCache, key: object, shards: int) -> None:
        self._searcher, self._alias, self._memory, self._key, self._shards = searcher, alias, memory, key, shards

    def asked(self, plan: Plan, facet: Field, narrowing: FacetFilters) -> FacetSpec:
        """A facet of a plan."""
        request, name = plan.request, facet.name
        selection = plan.selections.get(name, Selection())
        return FacetSpec(facet, narrowing.scope(name), selection, request.facet_limit, request.facet_sort)

    def aggregation(self, asked: FacetSpec, around: list[Body]) -> Body:
        """What to ask of a facet in one search with the hits; `around` narrows further than the query does."""
        listed = max(_LISTED, min(_PAGE, (asked.limit or 0) + len(asked.selection.values)))
        inner: Body = {
            "values": _terms(asked.field, listed, listed),
            "missing": {"missing": {"field": asked.field}},
            "distinct": {"cardinality": {"field": asked.field, "precision_threshold": 40_000}},
        }
        return {"filter": {"bool": {"filter": around}} if around else {"match_all": {}}, "aggs": inner}

    def result(self, asked: FacetSpec, answer: Any) -> FacetResult:
        """The answer to `aggregation` as a result, after further requests where it is not the whole truth."""
        missing = int(answer["missing"]["doc_count"])
        values = answer["values"]
        counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in values["buckets"]}
        if not values["sum_other_doc_count"] and not values["doc_count_error_upper_bound"]:
            return asked.listed(ValueTable(counts), missing)
        estimate = int(answer["distinct"]["value"])
        if estimate <= MAX_COUNTED or asked.limit is None or asked.limit > _PAGE:
            return asked.listed(ValueTable(self._all(asked)), missing)
        first = self._first_by_name(asked) if asked.sort == "name" else self._first_by_count(asked)
        first |= self.exactly(asked, asked.selection.values)
        return asked.listed(ValueTable(first, max(estimate, len(first))), missing)

    def exactly(self, asked: FacetSpec, values: Sequence[str]) -> dict[str, int]:
        """The counts of some values, those above 0."""
        found: dict[str, int] = {}
        for start in range(0, len(values), _LISTED * 10):
            some = values[start : start + _LISTED * 10]
            answer = self._aggregated(asked, _terms(asked.field, len(some), len(some), include=list(some)))
            found |= {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}
        return found

    # -- more values than one aggregation lists ----------------------------------------

    def _aggregated(self, asked: FacetSpec, aggregation: Body) -> Any:
        body = {"size": 0, "query": asked.scope, "aggs": {"of": aggregation}, "track_total_hits": False}
        return self._searcher.search(self._alias, body)["aggregations"]["of"]

    def _pages(self, asked: FacetSpec, size: int) -> Any:
        composite: Body = {"size": size, "sources": [{"value": {"terms": {"field": asked.field}}}]}
        while True:
            answer = self._aggregated(asked, {"composite": composite})
            yield {str(bucket["key"]["value"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}
            if len(answer["buckets"]) < size or "after_key" not in answer:
                return
            composite = composite | {"after": answer["after_key"]}

    def _all(self, asked: FacetSpec) -> Counts:
        key = (self._key, asked.field, json.dumps(asked.scope, sort_keys=True))
        counts = self._memory.get(key)
        if counts is None:
            every: dict[str, int] = {}
            for page in self._pages(asked, _PAGE):
                every |= page
            self._memory.put(key, every)
            return every
        return counts

    def _first_by_name(self, asked: FacetSpec) -> dict[str, int]:
        page: dict[str, int] = next(self._pages(asked, (asked.limit or 0) + len(asked.selection.values) + 1))
        return page

    def _first_by_count(self, asked: FacetSpec) -> dict[str, int]:
        """The values with the highest counts, proved to be."""
        wanted = (asked.limit or 0) + len(asked.selection.values)
        depth = max(_LISTED, wanted)
        while True:
            answer = self._aggregated(asked, _terms(asked.field, depth, depth))
            counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}
            unseen = int(answer["doc_count_error_upper_bound"])
            if self._shards == 1 or not unseen:
                return counts
            counts = self.exactly(asked, list(counts))
            least = sorted(counts.values(), reverse=True)[wanted - 1] if len(counts) >= wanted > 0 else 0
            if least > unseen:
                return {value: count for value, count in counts.items() if count >= least}
            if depth >= _PAGE:
                return dict(self._all(asked))
            depth = min(_PAGE, depth * 8)


def _terms(field: str, size: int, shard_size: int, include: list[str] | None = None) -> Body:
    terms: Body = {"field": field, "size": max(1, size), "shard_size": max(1, shard_size)}
    terms |= {"order": [{"_count": "desc"}, {"_key": "asc"}]} | ({} if include is None else {"include": include})
    return {"terms": terms}


class FacetCache:
    """The last few countings of all values of a facet."""

    def __init__(self) -> None:
        self._held: OrderedDict[object, Counts] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> Counts | None:
        """What was counted under a key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: object, counts: Counts) -> None:
        """Remember a counting in the place of the one longest unused."""
        with self._lock:
            self._held[key] = counts
            while len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)
