"""From the query tree to the query DSL, and from patterns to the terms they stand for.

A phrase is words in order, each at most `slop` after the one before, as the embedded engine means it.
Neighbours are a plain phrase, and two words a near-span. For more words, each step has its own
limit, and spans are nested from the right: a span of "b … c" begins at every b that a c
follows in time, and of those the nearest to an a is the one to take, so nothing is missed.
(Nested from the left, or by interval queries, some matches would be: of the spans of "a … b"
only the first to end is looked at.) Where a server refuses nested spans, intervals are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from whoosh import query as wq

from archive.engine.opensearch.dictionary import Dictionary, pattern_query
from archive.engine.opensearch.mapping import Mapping, encode_term, encode_terms
from archive.engine.opensearch.search_client import Body, SearchClient
from archive.engine.opensearch.span_compiler import SpanCompiler
from archive.engine.rewrite import rewrite
from archive.engine.schema import IndexKind
from archive.errors import LimitError
from archive.query.combined_fields import CombinedFields
from archive.query.limits import MAX_EXPANSION
from archive.query.plan import Plan
from archive.query.span_queries import Near, SpanPhrase


def phrase(field: str, terms: Sequence[str], slop: int, boost: float, nested_spans: Callable[[], bool]) -> Body:
    """The query for a phrase; `nested_spans` is asked whether the server nests spans, if that matters."""
    if slop <= 1:
        return {"match_phrase": {field: {"query": " ".join(terms), "boost": boost}}}
    if len(terms) == 2 or nested_spans():
        spans = _spans(field, terms, slop)
        spans["span_near"]["boost"] = boost
        return spans
    return {"intervals": {field: _intervals(terms, slop) | {"boost": boost}}}


def nested_probe(field: str) -> Body:
    """A query that a server answers only if it nests spans."""
    return _spans(field, ("a", "b", "c"), 2)


def _spans(field: str, terms: Sequence[str], slop: int) -> Body:
    first: Body = {"span_term": {field: terms[0]}}
    if len(terms) == 1:
        return first
    return {"span_near": {"clauses": [first, _spans(field, terms[1:], slop)], "slop": slop - 1, "in_order": True}}


def _intervals(terms: Sequence[str], slop: int) -> Body:
    first: Body = {"match": {"query": terms[0]}}
    if len(terms) == 1:
        return first
    parts = [first, _intervals(terms[1:], slop)]
    return {"all_of": {"ordered": True, "max_gaps": slop - 1, "intervals": parts}}


#: Two telling words of a query count more where they stand at most so far apart.
_NEAR = 4
_PROXIMITY = 0.1
#: How much of the weight of a field, beyond 1, is left to it where scores of fields are added up.
_SUMMED_WEIGHT = 0.25


class QueryCompiler:
    """Compiles trees on the fields of one archive; `nested_spans` as in `phrase`."""

    def __init__(
        self,
        mapping: Mapping,
        searcher: SearchClient,
        articles: str,
        dictionary: Dictionary,
        nested_spans: Callable[[], bool],
    ) -> None:
        self._kinds = {field.name: field.kind for field in mapping.index_fields}
        self._searcher, self._articles, self._dictionary = searcher, articles, dictionary
        self._nested_spans = nested_spans
        self._spans = SpanCompiler(dictionary, nested_spans)

    def text(self, plan: Plan) -> Body:
        """What the text of a plan's query matches, with near words counting more where scores matter."""
        query = self.query(self.expand(plan.parsed.tree)[0])
        pairs = [pair for pair in pairwise(plan.parsed.content_terms) if pair[0] != pair[1]]
        if not (plan.by_relevance and pairs):
            return query
        near = [
            {"match_phrase": {"body": {"query": encode_terms(list(pair)), "slop": _NEAR, "boost": _PROXIMITY}}}
            for pair in pairs
        ]
        return {"bool": {"must": [query], "should": near}}

    # -- patterns ----------------------------------------------------------------------

    def expand(self, tree: wq.Query) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
        """`tree` with every pattern replaced by the words it stands for, and those words by pattern.

        Raises LimitError beyond MAX_EXPANSION words.
        """
        return rewrite(tree, self._words, self._dictionary)

    def _words(self, q: Any, pattern: str) -> list[str]:
        terms = self._terms(q)
        if len(terms) > MAX_EXPANSION - isinstance(q, wq.FuzzyTerm):  # of these the server gives no more
            raise LimitError(f"{pattern} expands to more than {MAX_EXPANSION:,} words", "write more of its letters")
        return terms

    def _terms(self, q: Any) -> list[str]:
        if self._kinds.get(q.fieldname) is IndexKind.TEXT:
            return self._dictionary.terms(q)
        # Identifiers are in no dictionary; an article has one of each, so its buckets are those that match.
        values = {"composite": {"size": MAX_EXPANSION + 1, "sources": [{"value": {"terms": {"field": q.fieldname}}}]}}
        body = {"size": 0, "query": pattern_query(q.fieldname, q), "aggs": {"values": values}}
        answer = self._searcher.search(self._articles, body | {"track_total_hits": False})
        return [bucket["key"]["value"] for bucket in answer["aggregations"]["values"]["buckets"]]

    # -- the tree ----------------------------------------------------------------------

    def query(self, q: Any) -> Body:
        """A tree without patterns as a query."""
        match q:
            case wq.Term():
                return self._term(q)
            case wq.Phrase():
                terms = [encode_term(term) for term in q.words]
                return phrase(q.fieldname, terms, q.slop, q.boost, self._nested_spans)
            case SpanPhrase() | Near():
                return self._spans.query(q)
            case CombinedFields():
                return self._combined(q)
            case wq.And() | wq.Or():
                return self._group(q, list(q))
            case wq.Not():
                return {"bool": {"must_not": [self.query(q.query)]}}
            case wq.AndNot():
                return {"bool": {"must": [self.query(q.a)], "must_not": [self.query(q.b)]}}
            case wq.AndMaybe():
                return {"bool": {"must": [self.query(q.a)], "should": [self.query(q.b)]}}
            case wq.Require():
                return {"bool": {"must": [self.query(q.a)], "filter": [self.query(q.b)]}}
            case wq.Every():
                return {"match_all": {"boost": q.boost}}
            case wq.ConstantScoreQuery():
                return {"constant_score": {"filter": self._any_term(list(q.child)), "boost": q.score}}
            case wq.NumericRange():
                return _range(q)
        if q == wq.NullQuery:
            return {"match_none": {}}
        raise NotImplementedError(f"{type(q).__name__} is not part of the query language")

    def _term(self, q: Any) -> Body:
        if self._kinds.get(q.fieldname) is IndexKind.TEXT:
            return {"term": {q.fieldname: {"value": encode_term(q.text), "boost": q.boost}}}
        return {"constant_score": {"filter": {"term": {q.fieldname: {"value": q.text}}}, "boost": q.boost}}

    def _combined(self, q: CombinedFields) -> Body:
        """The server adds up the scores of fields, in which a title gains by being short and of rare words already."""
        parts = [part.with_boost(1 + (part.boost - 1) * _SUMMED_WEIGHT) for part in q.subqueries]
        ways = [self.query(part) for part in parts]
        return {"bool": {"should": ways, "minimum_should_match": 1, "boost": q.boost}}

    def _any_term(self, terms: Sequence[Any]) -> Body:
        return {"terms": {terms[0].fieldname: [term.text for term in terms]}}

    def _group(self, q: Any, parts: list[wq.Query]) -> Body:
        if isinstance(q, wq.Or):
            ways = [self.query(part) for part in parts]
            return {"bool": {"should": ways, "minimum_should_match": 1, "boost": q.boost}}
        made: Body = {"bool": {"boost": q.boost}}
        for part in parts:
            if isinstance(part, wq.Not):
                made["bool"].setdefault("must_not", []).append(self.query(part.query))
            else:
                made["bool"].setdefault("must", []).append(self.query(part))
        return made


def _range(q: Any) -> Body:
    ends: dict[str, Any] = {"boost": q.boost}
    if q.start is not None:
        ends["gt" if q.startexcl else "gte"] = q.start
    if q.end is not None:
        ends["lt" if q.endexcl else "lte"] = q.end
    return {"range": {q.fieldname: ends}} if len(ends) > 1 else {"exists": {"field": q.fieldname}}
