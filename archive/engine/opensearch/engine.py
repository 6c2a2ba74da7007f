"""The distributed engine: answers plans from the indices of an archive on a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from archive.config.server import ServerConfig
from archive.engine.facet_listing import ValueTable
from archive.engine.opensearch import mapping
from archive.engine.opensearch.aggregations import FacetAggregator, FacetCache, FacetFilters
from archive.engine.opensearch.connection import Connection, RequestRejected
from archive.engine.opensearch.dictionary import Dictionary, TermLookup
from archive.engine.opensearch.indices import IndexPair, Indices
from archive.engine.opensearch.query_compiler import QueryCompiler, nested_probe
from archive.engine.opensearch.search_client import PAGE, SLIM_PAGE, WINDOW, Body, SearchClient
from archive.engine.opensearch.verify import integrity_errors
from archive.engine.opensearch.writer import OpenSearchWriter
from archive.engine.protocol import IndexedRef, ScoredDoc, SearchResult
from archive.engine.schema import DATE_KEY, TITLE_KEY, facet_field
from archive.engine.stored import decode_outline
from archive.model.article import Article
from archive.model.dates import period_of_key
from archive.model.fields import Fields
from archive.model.results import FacetResult
from archive.query.plan import Plan
from archive.text.analyzer import Analyzer, unstemmed_terms

_DATES = 50_000


class OpenSearchEngine:
    """See `archive.engine.protocol.Engine`.

    folder    where tables of sources are kept
    settings  changes with the settings
    """

    def __init__(self, remote: ServerConfig, folder: Path, fields: Fields, analyzer: Analyzer, settings: str) -> None:
        self._folder, self._fields, self._analyzer, self._settings = folder, fields, analyzer, settings
        self._connection = Connection(remote)
        self._mapping = mapping.Mapping(fields, analyzer)
        self._indices = Indices(self._connection, self._mapping, settings)
        self._searcher = SearchClient(self._connection)
        self._memory = FacetCache()

    @property
    def exists(self) -> bool:
        pair = self._indices.find()
        return pair is not None and self._indices.is_current(pair)

    @property
    def outdated(self) -> bool:
        pair = self._indices.find()
        return pair is not None and not self._indices.is_current(pair)

    def generation(self) -> int:
        pair = self._indices.find(tries=1)  # who asks every second will ask again
        return -1 if pair is None else pair.generation

    def close(self) -> None:
        self._connection.close()

    # -- answering ---------------------------------------------------------------------

    def search(self, plan: Plan) -> SearchResult:
        pair = self._indices.usable()
        narrowing = self._narrowing(pair, plan, [facet.name for facet in plan.facets])
        counting = self._counting(pair)
        asked = {facet.name: counting.asked(plan, facet, narrowing) for facet in plan.facets}
        request = plan.request
        body: Body = {"query": narrowing.query, "track_total_hits": True, "_source": mapping.STORED, "size": 0}
        if narrowing.post:
            body["post_filter"] = {"bool": {"filter": narrowing.post}}
        if asked:
            body["aggs"] = {
                f"facet_{number}": counting.aggregation(each, narrowing.around(name))
                for number, (name, each) in enumerate(asked.items())
            }
        at_once = request.limit is not None and request.limit <= PAGE and request.offset + request.limit <= WINDOW
        if at_once:
            body |= {"size": request.limit, "from": request.offset, "sort": self._sort(plan)}
        answer = self._searcher.search(pair.articles, body, scored=plan.by_relevance)
        hits = answer["hits"]["hits"] if at_once else self._hits(pair, plan, narrowing)
        return SearchResult(
            total=int(answer["hits"]["total"]["value"]),
            matches=tuple(_match(hit, plan.by_relevance) for hit in hits),
            facets={
                name: counting.result(each, answer["aggregations"][f"facet_{number}"])
                for number, (name, each) in enumerate(asked.items())
            },
        )

    def count(self, plan: Plan) -> int:
        pair = self._indices.usable()
        return self._searcher.count(pair.articles, self._narrowing(pair, plan).whole)

    def matches(self, plan: Plan) -> Iterator[Article]:
        pair = self._indices.usable()
        hits = self._hits(pair, plan, self._narrowing(pair, plan))
        return (mapping.article(hit["_source"]) for hit in hits)

    def outlines(self, plan: Plan, person: str = "") -> Iterator[Article]:
        pair = self._indices.usable()
        hits = self._hits(pair, plan, self._narrowing(pair, plan), mapping.OUTLINE)
        return (decode_outline(hit["_source"]["article"], person) for hit in hits)

    def sighting_leaves(self, plan: Plan) -> None:
        return None

    def ids(self, plan: Plan) -> list[str]:
        pair = self._indices.usable()
        narrowing = self._narrowing(pair, plan)
        query: Body = {"bool": {"must": [narrowing.query], "filter": narrowing.post}}
        body = {"query": query, "sort": [{"id": "asc"}], "_source": ["article.id"]}
        return [hit["_source"]["article"]["id"] for hit in self._searcher.scan(pair.articles, body, page=SLIM_PAGE)]

    def _hits(
        self, pair: IndexPair, plan: Plan, narrowing: FacetFilters, stored: Sequence[str] = mapping.STORED
    ) -> Iterator[Any]:
        """Hits of a plan one after the other, however many."""
        query: Body = {"bool": {"must": [narrowing.query], "filter": narrowing.post}}
        body = {"query": query, "sort": self._sort(plan), "_source": list(stored)}
        request = plan.request
        return self._searcher.scan(
            pair.articles, body, offset=request.offset, limit=request.limit, scored=plan.by_relevance
        )

    def _sort(self, plan: Plan) -> list[Body]:
        """Ties go by id."""
        if plan.by_relevance:
            first: Body = {"_score": "desc"}
        elif plan.request.sort == "title":
            first = {TITLE_KEY: "asc"}
        elif plan.request.sort == "oldest":
            first = {DATE_KEY: {"order": "asc", "missing": 99_999_999}}
        else:
            first = {DATE_KEY: {"order": "desc", "missing": 0}}
        return [first, {"id": "asc"}]

    def _narrowing(self, pair: IndexPair, plan: Plan, counted: Iterable[str] = ()) -> FacetFilters:
        return FacetFilters(plan, self._compiler(pair).text(plan), self._fields.facet, tuple(counted))

    def _compiler(self, pair: IndexPair) -> QueryCompiler:
        return QueryCompiler(
            self._mapping, self._searcher, pair.articles, self._dictionary(pair), lambda: self._nested_spans
        )

    @cached_property
    def _nested_spans(self) -> bool:
        """Whether the server takes span queries inside span queries."""
        try:
            self._searcher.count(self._indices.usable().articles, nested_probe("body"), up_to=1)
        except RequestRejected:
            return False
        return True

    def _dictionary(self, pair: IndexPair) -> Dictionary:
        return Dictionary(self._searcher, pair.words, self._analyzer.stem)

    def _counting(self, pair: IndexPair) -> FacetAggregator:
        return FacetAggregator(self._searcher, pair.articles, self._memory, pair.generation, pair.shards)

    # -- facets ------------------------------------------------------------------------

    def facet(self, plan: Plan, name: str, find: str) -> FacetResult:
        pair = self._indices.usable()
        facet = self._fields.facet(name)
        narrowing = self._narrowing(pair, plan, [facet.name])
        counting = self._counting(pair)
        asked = counting.asked(plan, facet, narrowing)
        body = {
            "size": 0,
            "query": narrowing.scope(facet.name),
            "track_total_hits": False,
            "aggs": {"facet": counting.aggregation(asked, [])},
        }
        answer = self._searcher.search(pair.articles, body)["aggregations"]["facet"]
        if not find.strip():
            return counting.result(asked, answer)
        found = self._dictionary(pair).search_values(facet_field(facet), find)
        counts = counting.exactly(asked, list(found))
        missing = int(answer["missing"]["doc_count"])
        return asked.listed(ValueTable(counts), missing, found)

    def resolve_value(self, name: str, value: str) -> str | None:
        pair = self._indices.usable()
        field = facet_field(self._fields.facet(name))
        dictionary = self._dictionary(pair)
        if self._living(pair, field, [value]):
            return value
        if not unstemmed_terms(value):
            return None
        hits = self._searcher.search(pair.words, dictionary.same(field, value))["hits"]["hits"]
        living = self._living(pair, field, [hit["_source"]["value"] for hit in hits])
        return living[0] if len(living) == 1 else None

    def _living(self, pair: IndexPair, field: str, values: list[str]) -> list[str]:
        """Those of some values that an article has."""
        bodies = [{"size": 0, "query": {"term": {field: value}}, "track_total_hits": 1} for value in values]
        answers = self._searcher.msearch(pair.articles, bodies)
        return [value for value, answer in zip(values, answers, strict=True) if answer["hits"]["total"]["value"]]

    def histogram(self, plan: Plan, digits: int) -> Mapping[str, int]:
        pair = self._indices.usable()
        composite: Body = {"size": _DATES, "sources": [{"date": {"terms": {"field": DATE_KEY}}}]}
        aggs = {"dates": {"composite": composite}, "undated": {"missing": {"field": DATE_KEY}}}
        body = {"size": 0, "query": self._narrowing(pair, plan).whole, "track_total_hits": False, "aggs": aggs}
        histogram: Counter[str] = Counter()
        while True:
            answer = self._searcher.search(pair.articles, body)["aggregations"]
            for bucket in answer["dates"]["buckets"]:
                histogram[period_of_key(int(bucket["key"]["date"]), digits)] += int(bucket["doc_count"])
            if len(answer["dates"]["buckets"]) < _DATES:
                break
            composite["after"] = answer["dates"]["after_key"]
        undated = int(answer["undated"]["doc_count"])
        return dict(histogram) | ({"": undated} if undated else {})

    # -- articles and words ------------------------------------------------------------

    def get(self, article_id: str) -> Article | None:
        pair = self._indices.usable()
        body = {"size": 1, "query": {"term": {"id": article_id}}, "_source": mapping.STORED}
        hits = self._searcher.search(pair.articles, body)["hits"]["hits"]
        return mapping.article(hits[0]["_source"]) if hits else None

    def document(self, article_id: str) -> tuple[Article, IndexedRef] | None:
        """See `archive.engine.protocol.Engine.document`."""
        pair = self._indices.usable()
        body = {"size": 1, "query": {"term": {"id": article_id}}, "_source": mapping.STORED}
        hits = self._searcher.search(pair.articles, body)["hits"]["hits"]
        return (mapping.article(hits[0]["_source"]), mapping.entry(hits[0]["_source"])) if hits else None

    def values_among(self, name: str, values: Sequence[str]) -> frozenset[str]:
        """See `archive.engine.protocol.Engine.values_among`."""
        if not values:
            return frozenset()
        among = {"terms": {"field": name, "include": list(values), "size": len(values)}}
        body = {"size": 0, "query": {"terms": {name: list(values)}}, "aggs": {"among": among}}
        found = self._searcher.search(self._indices.usable().articles, body)["aggregations"]["among"]["buckets"]
        return frozenset(bucket["key"] for bucket in found) & frozenset(values)

    def similar_ids(self, article_id: str, limit: int) -> list[str]:
        return self._words().similar_ids(article_id, limit)

    def significant_terms(self, articles: Iterable[Article], limit: int) -> list[tuple[str, float]]:
        return self._words().significant_terms(articles, limit)

    def term_exists(self, term: str) -> bool:
        return self._words().term_exists(term)

    def similar_words(self, word: str, limit: int, *, times: int = 0) -> list[str]:
        return self._words().similar_words(word, limit, times=times)

    def _words(self) -> TermLookup:
        pair = self._indices.usable()
        searched = [field.name for field in self._fields.searched]
        return TermLookup(self._searcher, pair.articles, self._dictionary(pair), self._analyzer, searched)

    def expanded_terms(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        return self._compiler(self._indices.usable()).expand(plan.parsed.tree)[1]

    # -- the index itself --------------------------------------------------------------

    def entries(self) -> Iterator[IndexedRef]:
        pair = self._indices.usable()
        body = {"query": {"match_all": {}}, "sort": [{"id": "asc"}], "_source": mapping.ENTRY}
        return (mapping.entry(hit["_source"]) for hit in self._searcher.scan(pair.articles, body, page=SLIM_PAGE))

    def documents(self) -> Iterator[tuple[Article, IndexedRef]]:
        pair = self._indices.usable()
        body = {"query": {"match_all": {}}, "sort": [{"id": "asc"}], "_source": mapping.STORED}
        for hit in self._searcher.scan(pair.articles, body):
            yield mapping.article(hit["_source"]), mapping.entry(hit["_source"])

    def sources(self) -> bytes | None:
        pair = self._indices.find()
        return pair.sources.read(self._folder) if pair is not None and pair.sources is not None else None

    def article_count(self) -> int:
        return self._searcher.count(self._indices.usable().articles, {"match_all": {}})

    def size(self) -> int:
        pair = self._indices.usable()
        answer = self._connection.call("GET", f"/{pair.articles},{pair.words}/_stats/store")
        return int(answer["_all"]["total"]["store"]["size_in_bytes"])

    def verify(self, *, deep: bool) -> list[str]:
        """See `Engine.verify`; whether its bytes are sound is the server's to know, so `deep` changes nothing."""
        return integrity_errors(self._connection, self._searcher, self._indices.usable(), self._mapping)

    def writer(self, *, rebuild: bool, jobs: int | None = 1, wait: float = 0.0) -> OpenSearchWriter:
        about = (self._connection, self._indices, self._mapping, self._folder)
        return OpenSearchWriter(*about, rebuild=rebuild, wait=wait)


def _match(hit: Any, scored: bool) -> ScoredDoc:
    source = hit["_source"]  # and a score, where it is what hits are sorted by
    score = hit["sort"][0] if scored else 0.0
    return ScoredDoc(score, lambda: mapping.article(source), lambda: str(source["article"]["id"]))
