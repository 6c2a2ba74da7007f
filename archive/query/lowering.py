"""From the parser's tree to one on index fields: boolean groups and stop words here, clauses by their fields.

Whoosh's own `normalize` is not used: it makes an And with `*` in it match everything, and
drops parts that match nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container
from functools import lru_cache
from typing import Any

from whoosh import query as wq
from whoosh.lang import two_letter_code
from whoosh.lang.stopwords import stoplists

from archive.model.fields import Fields
from archive.query.clauses import ClauseBuilder, ResolveValue, as_written
from archive.query.near_query import NearQuery
from archive.query.synonym_expansion import SynonymExpander, SynonymRun
from archive.query.synonyms import NO_SYNONYMS, Synonyms
from archive.text.analyzer import Analyzer, unstemmed_terms


@lru_cache(maxsize=8)
def stop_words(language: str) -> frozenset[str]:
    """The Snowball project's stop words of `language`, folded; empty where it has none."""
    listed = stoplists.get(two_letter_code(language) or language, ())
    return frozenset("".join(unstemmed_terms(word)) for word in listed)


@lru_cache(maxsize=1_024)
def forms_in(text: str) -> tuple[str, ...]:
    """The words in what was typed, folded: a query is asked for those of each of its words more than once."""
    return tuple(unstemmed_terms(text))


def is_stop_word(text: str, stops: Container[str]) -> bool:
    """Whether a word as typed, punctuation beside it and all, is a stop word."""
    found = forms_in(text)
    return len(found) == 1 and found[0] in stops


#: What `^0` weighs: Whoosh's matchers take a score of 0 for no match at all.
LEAST_BOOST = 1e-6


def group(kind: Any, parts: list[wq.Query], boost: float, any_word: bool) -> wq.Query | None:
    """An And or Or of lowered parts, as flat as can be; with `any_word`, an Or excludes what its Nots say."""
    if not parts:
        return None
    everything = [part for part in parts if isinstance(part, wq.Every)]
    if everything and (kind is wq.Or or len(everything) == len(parts)):
        return everything[0]
    if len(parts) == 1 and type(parts[0]) is not kind:
        return _one_or(kind, parts, boost)
    times: Counter[wq.Query] = Counter()
    for part in parts:
        if type(part) is kind and part.boost == 1.0:
            times.update(part)
        elif not isinstance(part, wq.Every):
            times[part] += 1
    # What is asked for twice counts twice: the frequency of a term in the query.
    flat = [
        part if count == 1 or isinstance(part, wq.Not) else part.with_boost(part.boost * count)
        for part, count in times.items()
    ]
    without = [part for part in flat if isinstance(part, wq.Not)]
    if any_word and kind is wq.Or and 0 < len(without) < len(flat):
        # One of the words is enough, but what is excluded must not be there.
        wanted = [part for part in flat if not isinstance(part, wq.Not)]
        return wq.And([_one_or(wq.Or, wanted), *without], boost=boost)
    return _one_or(kind, flat, boost)


def _one_or(kind: Any, parts: list[wq.Query], boost: float = 1.0) -> wq.Query:
    boost = max(boost, LEAST_BOOST)
    if len(parts) > 1:
        return kind(parts, boost=boost)
    return parts[0] if boost == 1.0 else parts[0].with_boost(parts[0].boost * boost)


def binary(kind: Any, a: wq.Query | None, b: wq.Query | None) -> wq.Query | None:
    if a is None or b is None:
        return a if kind is wq.AndNot else a or b
    return kind(a, b)


def is_of_words(q: wq.Query) -> bool:
    """Whether a part of a query is nothing but words and phrases that may be in any searched field."""
    if isinstance(q, (wq.And, wq.Or)):
        return all(map(is_of_words, q))
    return isinstance(q, (wq.Term, wq.Phrase, wq.Prefix, wq.Wildcard, wq.FuzzyTerm)) and q.fieldname is None


class Lowering:
    """Turns the parser's tree into one on index fields, noting words and marks on the way."""

    def __init__(
        self,
        fields: Fields,
        analyzer: Analyzer,
        any_word: bool,
        synonyms: Synonyms = NO_SYNONYMS,
        resolve: ResolveValue = as_written,
    ) -> None:
        self.analyzer, self.any_word = analyzer, any_word
        self.leaves = leaves = ClauseBuilder(fields, analyzer, stop_words(analyzer.language or ""), resolve)
        self._expander = SynonymExpander(leaves, synonyms, analyzer)
        self.ignored: list[wq.Query] = []
        # No method of its own: it would be kept, with the engine that `resolve` has, until the garbage is collected.
        self._lowered_by: dict[type, Callable[[Any], wq.Query | None]] = {
            wq.Phrase: leaves.phrase,
            wq.Prefix: leaves.prefix,
            wq.Wildcard: leaves.wildcard,
            wq.FuzzyTerm: leaves.fuzzy,
            wq.TermRange: leaves.range,
            NearQuery: leaves.near,
            wq.Every: lambda q: wq.Every(boost=q.boost),
        }

    def lower_query(self, q: Any) -> tuple[wq.Query | None, wq.Query | None]:
        """The lowered form of a whole query, a group of parts, and the same with any of its words and phrases.

        Clauses on a field and exclusions are required in both. The second is None where it would be the same, and
        where one of the words is enough anyway.
        """
        if not isinstance(q, (wq.And, wq.Or)):
            return self.lower(q), None
        kept, parts = self._kept_parts(q)
        tree = group(type(q), parts, q.boost, self.any_word)
        words = [lowered for part, lowered in zip(kept, parts, strict=True) if is_of_words(part)]
        if not isinstance(q, wq.And) or len(words) < 2:
            return tree, None
        any_of = group(wq.Or, words, 1.0, any_word=False)
        required = [lowered for part, lowered in zip(kept, parts, strict=True) if not is_of_words(part)]
        relaxed = group(wq.And, [any_of, *required], q.boost, any_word=False)
        return tree, None if relaxed == tree else relaxed

    def lower(self, q: wq.Query) -> wq.Query | None:
        """The lowered form of `q`, or None where nothing of it is left."""
        if (leaf := self._leaf_of(type(q))) is not None:
            q.boost = max(q.boost, LEAST_BOOST)
            return leaf(q)
        if isinstance(q, wq.Not):
            return self._lower_not(q.query)
        if isinstance(q, wq.AndNot):
            return binary(wq.AndNot, self.lower(q.a), self._negate(q.b))
        if isinstance(q, (wq.AndMaybe, wq.Require)):
            return binary(type(q), self.lower(q.a), self.lower(q.b))
        if isinstance(q, (wq.And, wq.Or)):
            return group(type(q), self._kept_parts(q)[1], q.boost, self.any_word)
        return None

    def _leaf_of(self, kind: type) -> Callable[[Any], wq.Query | None] | None:
        """What lowers a kind of leaf; None for any other part."""
        if kind is wq.Term:
            return self._lower_term
        return self._lower_run if kind is SynonymRun else self._lowered_by.get(kind)

    def _lower_term(self, q: Any) -> wq.Query | None:
        return self._expander.with_synonyms([q], self.leaves.term(q))

    def _lower_run(self, q: Any) -> wq.Query | None:
        """Words that are together a member of a group of synonyms: all of them, or any other member."""
        telling, stop = self._without_stop_words(q)
        self.ignored += stop if telling else []
        words = [lowered for word in telling or stop if (lowered := self.leaves.term(word)) is not None]
        return self._expander.with_synonyms(list(q), group(wq.And, words, 1.0, self.any_word))

    def _kept_parts(self, q: Any) -> tuple[list[wq.Query], list[wq.Query]]:
        """The parts of a group and their lowered forms, without its stop words unless nothing else is left."""
        parts, ignored = self._without_stop_words(q)
        kept, lowered = self._lower_all(parts)
        if lowered:
            self.ignored += ignored
            return kept, lowered
        return self._lower_all(ignored)

    def _lower_all(self, parts: list[wq.Query]) -> tuple[list[wq.Query], list[wq.Query]]:
        """The parts of which something is left, and their lowered forms."""
        found = [(part, lowered) for part in parts if (lowered := self.lower(part)) is not None]
        return [part for part, _ in found], [lowered for _, lowered in found]

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
        for part in self._expander.runs(q) if type(q) is wq.And else q:
            plain = isinstance(part, wq.Term) and part.fieldname is None
            (stop if plain and is_stop_word(part.text, stops) else telling).append(part)
        return telling, stop
