"""Phrases with patterns, and nearness, in the query DSL.

A span query is of one field, so all of it is asked of words as written: a term is any of the words that have it.
Servers take span queries inside span queries; for one that does not, intervals are sent. These keep only the shortest
of what begins or ends at a word, which finds the same but for a gap, and that is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from whoosh import query as wq

from archive.engine.opensearch.dictionary import Dictionary
from archive.engine.opensearch.mapping import encode_term
from archive.engine.opensearch.search_client import Body
from archive.errors import QueryError
from archive.model.fields import FORMS
from archive.query.span_queries import Near, Slot, SpanPhrase


class SpanCompiler:
    """Compiles span phrases; `nested_spans` says whether the server nests spans."""

    def __init__(self, dictionary: Dictionary, nested_spans: Callable[[], bool]) -> None:
        self._dictionary, self._nested_spans = dictionary, nested_spans

    def query(self, q: SpanPhrase | Near) -> Body:
        """A phrase, or two near each other, as a query."""
        phrases = [q] if isinstance(q, SpanPhrase) else [q.a, q.b]
        words = [[self._words(phrase, slot) for slot in phrase.slots] for phrase in phrases]
        if not all(all(each) for each in words):
            return {"match_none": {}}
        field = phrases[0].fieldname
        field = field if field.endswith(FORMS) else f"{field}{FORMS}"
        if self._nested_spans():
            made = [_spans(field, phrase, each) for phrase, each in zip(phrases, words, strict=True)]
            query = made[0] if isinstance(q, SpanPhrase) else _near_spans(made, q.distance)
            query = query if "span_near" in query else {"span_near": {"clauses": [query], "slop": 0, "in_order": True}}
            query["span_near"]["boost"] = q.boost
            return query
        made = [_intervals(phrase, each) for phrase, each in zip(phrases, words, strict=True)]
        rule = made[0] if isinstance(q, SpanPhrase) else _near_intervals(made, q.distance)
        return {"intervals": {field: rule | {"boost": q.boost}}}

    def _words(self, phrase: SpanPhrase, slot: Slot) -> list[str]:
        """The words as written that may stand at a place of a phrase."""
        q = slot.query
        if isinstance(q, wq.Or):
            return [encode_term(term.text) for term in q.subqueries]
        if phrase.fieldname == q.fieldname and not phrase.fieldname.endswith(FORMS):
            return self._dictionary.words_of(q.fieldname, q.text)
        return [encode_term(q.text)]


def _spans(field: str, phrase: SpanPhrase, words: list[list[str]]) -> Body:
    made = [_any_span(field, each) for each in words]
    if phrase.slop == 1:
        clauses: list[Body] = []
        for slot, span in zip(phrase.slots, made, strict=True):
            clauses += [{"span_gap": {field: slot.gap}}] * bool(slot.gap) + [span]
        return clauses[0] if len(clauses) == 1 else _in_order(clauses, 0)
    nested = made.pop()
    while made:  # each step has its own limit
        nested = _in_order([made.pop(), nested], phrase.slop - 1)
    return nested


def _any_span(field: str, words: list[str]) -> Body:
    spans: list[Body] = [{"span_term": {field: word}} for word in words]
    return {"span_or": {"clauses": spans}} if len(spans) > 1 else spans[0]


def _in_order(clauses: list[Body], slop: int) -> Body:
    return {"span_near": {"clauses": clauses, "slop": slop, "in_order": True}}


def _near_spans(sides: list[Body], distance: int) -> Body:
    either = [_in_order(sides, distance - 1), _in_order(sides[::-1], distance - 1)]
    return _in_order([{"span_or": {"clauses": either}}], 0)


def _intervals(phrase: SpanPhrase, words: list[list[str]]) -> Body:
    if any(slot.gap for slot in phrase.slots):
        raise QueryError("this server finds no phrase with * for a whole word", "allow for a word by ~2 instead")
    made = [_any_interval(each) for each in words]
    nested = made.pop()
    while made:
        nested = _ordered([made.pop(), nested], phrase.slop - 1)
    return nested


def _any_interval(words: list[str]) -> Body:
    return {"any_of": {"intervals": [{"match": {"query": word}} for word in words]}}


def _ordered(intervals: list[Body], gaps: int) -> Body:
    return {"all_of": {"ordered": True, "max_gaps": gaps, "intervals": intervals}}


def _near_intervals(sides: list[Body], distance: int) -> Body:
    return {"any_of": {"intervals": [_ordered(sides, distance - 1), _ordered(sides[::-1], distance - 1)]}}
