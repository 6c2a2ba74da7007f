"""The parser's tree into one on index fields: groups here, leaves by the kind of their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whoosh import query as wq

from archive.model.fields import Fields
from archive.query.boolean import LEAST_BOOST, binary, group
from archive.query.clauses import ClauseBuilder
from archive.query.stopwords import stop_words
from archive.text.analyzer import Analyzer, fold


class Lowering:
    """Turns the parser's tree into one on index fields, noting words and marks on the way."""

    def __init__(self, fields: Fields, analyzer: Analyzer, any_word: bool) -> None:
        self.analyzer, self.any_word = analyzer, any_word
        self.leaves = leaves = ClauseBuilder(fields, analyzer)
        self.ignored: list[wq.Query] = []
        self._lowered_by: dict[type, Callable[[Any], wq.Query | None]] = {
            wq.Term: leaves.term,
            wq.Phrase: leaves.phrase,
            wq.Prefix: leaves.prefix,
            wq.Wildcard: leaves.wildcard,
            wq.FuzzyTerm: leaves.fuzzy,
            wq.TermRange: leaves.range,
            wq.Every: lambda q: wq.Every(boost=q.boost),
        }

    def lower(self, q: wq.Query) -> wq.Query | None:
        """The lowered form of `q`, or None where nothing of it is left."""
        if (leaf := self._lowered_by.get(type(q))) is not None:
            q.boost = max(q.boost, LEAST_BOOST)
            return leaf(q)
        if isinstance(q, wq.Not):
            return self._lower_not(q.query)
        if isinstance(q, wq.AndNot):
            return binary(wq.AndNot, self.lower(q.a), self._negate(q.b))
        if isinstance(q, (wq.AndMaybe, wq.Require)):
            return binary(type(q), self.lower(q.a), self.lower(q.b))
        if isinstance(q, (wq.And, wq.Or)):
            return group(type(q), self._lower_group(q), q.boost, self.any_word)
        return None

    def _lower_group(self, q: Any) -> list[wq.Query]:
        """The lowered parts of a group of words, without its stop words unless nothing else is left."""
        parts, ignored = self._without_stop_words(q)
        if lowered := self._lower_all(parts):
            self.ignored += ignored
            return lowered
        return self._lower_all(ignored)

    def _lower_all(self, parts: list[wq.Query]) -> list[wq.Query]:
        return [lowered for part in parts if (lowered := self.lower(part)) is not None]

    def _negate(self, q: wq.Query) -> wq.Query | None:
        self.leaves.negated += 1
        try:
            return self.lower(q)
        finally:
            self.leaves.negated -= 1

    def _lower_not(self, q: wq.Query) -> wq.Query | None:
        lowered = self._negate(q)
        return None if lowered is None else wq.Not(lowered)

    def _without_stop_words(self, q: Any) -> tuple[list[wq.Query], list[wq.Query]]:
        """The parts of a group that tell something, and its stop words."""
        stops = stop_words(self.analyzer.language or "")
        telling: list[wq.Query] = []
        stop: list[wq.Query] = []
        for part in q:
            plain = isinstance(part, wq.Term) and part.fieldname is None
            (stop if plain and fold(part.text) in stops else telling).append(part)
        return telling, stop
