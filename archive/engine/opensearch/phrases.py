"""Phrases: words in order, each at most `slop` after the one before, as the embedded engine means it.

Neighbours are a plain phrase, and two words a near-span. For more words, each step has its own
limit, and spans are nested from the right: a span of "b … c" begins at every b that a c
follows in time, and of those the nearest to an a is the one to take, so nothing is missed.
(Nested from the left, or by interval queries, some matches would be: of the spans of "a … b"
only the first to end is looked at.) Where a server refuses nested spans, intervals are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.engine.opensearch.search_client import Body


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
