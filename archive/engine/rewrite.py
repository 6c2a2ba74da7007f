"""Rewriting a query tree for an index: patterns become the terms that match them, and phrases find compounds.

As `MultiTermQuery.rewrite` does in Lucene, with a constant score. Which terms match is for an engine to say, and which
words are written as compounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product
from typing import Any, Protocol

from whoosh import query as wq

from archive.model.fields import FORMS
from archive.query.any_term import AnyTerm
from archive.query.combined_fields import CombinedFields, in_any_field
from archive.query.span_queries import InCapitals, Near, Slot, SpanPhrase, WordPhrase

_PATTERNS = (wq.Prefix, wq.Wildcard, wq.FuzzyTerm, wq.TermRange)
_GROUPS = (wq.And, wq.Or, wq.Not, wq.AndNot, wq.AndMaybe, wq.Require, wq.ConstantScoreQuery)
_REWRITTEN = (*_PATTERNS, WordPhrase, SpanPhrase, Near, InCapitals)
#: Ways of writing one phrase, with this or that word as a compound, that are looked for at the most.
_MOST_WAYS = 16

#: A pattern, as a query and as typed, to the terms that match it.
Terms = Callable[[Any, str], list[str]]


class ExtraForms(Protocol):
    """Looks up what an index has besides words (`archive.text.analyzer.Analyzer.extra_forms`)."""

    def compounds(self, fields: Sequence[str], forms: Sequence[str]) -> Mapping[str, Sequence[tuple[str, list[str]]]]:
        """For some forms the compounds in some fields that are one of them in one piece.

        Each is its extra form and the terms of its parts.
        """

    def has_acronym(self, fields: Sequence[str], acronym: str) -> bool:
        """Whether an acronym is in any of some fields of forms, in capitals."""


def rewrite(tree: wq.Query, terms: Terms, extra: ExtraForms) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """`tree` for the index of an engine, and the terms that match its patterns, by pattern as typed."""
    if not _has_any(tree):
        return tree, {}
    rewriting = _Rewriting(terms, extra)
    rewritten = rewriting.query(tree)
    return rewritten, {pattern: tuple(sorted(each)) for pattern, each in rewriting.found.items()}


class _Rewriting:
    """`found` are the terms of the patterns so far."""

    def __init__(self, terms: Terms, extra: ExtraForms) -> None:
        self._terms, self._extra = terms, extra
        self.found: dict[str, dict[str, None]] = {}

    def query(self, q: Any) -> wq.Query:
        match q:
            case CombinedFields():
                return self._combined(q)
            case WordPhrase():
                return _any(self._ways([q]), q.boost)
            case SpanPhrase() | Near():
                return self._spans(q)
            case InCapitals():
                return self.query(q.capitals if self._extra.has_acronym(q.fields, q.acronym) else q.otherwise)
        if isinstance(q, _PATTERNS):
            terms = self._matching(q)
            return wq.ConstantScoreQuery(AnyTerm(q.fieldname, terms), score=q.boost) if terms else wq.NullQuery
        return q.apply(self.query) if isinstance(q, _GROUPS) else q

    def _matching(self, q: Any) -> list[str]:
        pattern = _typed(q)
        matching = self._terms(q, pattern)
        self.found.setdefault(pattern, {}).update(dict.fromkeys(matching))
        return matching

    # -- phrases -----------------------------------------------------------------------

    def _combined(self, q: CombinedFields) -> wq.Query:
        parts = q.subqueries
        if isinstance(parts[0], WordPhrase):
            return _any(self._ways(parts), q.boost)
        if isinstance(parts[0], (SpanPhrase, Near)):
            kept = [each for part in parts if (each := self._spans(part)) is not wq.NullQuery]
            return in_any_field(kept, q.boost) if kept else wq.NullQuery
        return q

    def _ways(self, parts: Sequence[WordPhrase]) -> list[wq.Query]:
        """The same phrase in some fields, as it is and with its words as the compounds that there are of them."""
        phrase = parts[0]
        known = self._extra.compounds([part.fieldname for part in parts], phrase.forms)
        choices = [[("", [term]), *known.get(form, ())] for term, form in zip(phrase.words, phrase.forms, strict=True)]
        return [self._way(parts, chosen) for chosen in islice(product(*choices), _MOST_WAYS)]

    @staticmethod
    def _way(parts: Sequence[WordPhrase], chosen: Sequence[tuple[str, list[str]]]) -> wq.Query:
        """A phrase with some of its words as compounds, which must be written as such."""
        words = [term for _, terms in chosen for term in terms]
        phrase = in_any_field(wq.Phrase(part.fieldname, words, slop=part.slop, boost=part.boost) for part in parts)
        compounds = [
            _any([wq.Term(f"{part.fieldname}{FORMS}", extra) for part in parts], 1.0) for extra, _ in chosen if extra
        ]
        if not compounds:
            return phrase
        return wq.Require(phrase, wq.And(compounds) if len(compounds) > 1 else compounds[0])

    def _spans(self, q: Any) -> Any:
        """The same with the terms of its patterns; a NullQuery where one of them has none."""
        if isinstance(q, Near):
            a, b = self._spans(q.a), self._spans(q.b)
            return wq.NullQuery if wq.NullQuery in (a, b) else Near(a, b, q.distance, q.boost)
        slots = []
        for slot in q.slots:
            if isinstance(slot.query, _PATTERNS):
                terms = self._matching(slot.query)
                if not terms:
                    return wq.NullQuery
                slot = Slot(AnyTerm(slot.query.fieldname, terms), slot.gap)
            slots.append(slot)
        return SpanPhrase(q.fieldname, slots, q.slop, q.boost)


def _any(ways: Sequence[wq.Query], boost: float) -> wq.Query:
    if len(ways) > 1:
        return wq.Or(list(ways), boost=boost)
    return ways[0] if ways[0].boost == boost else ways[0].with_boost(boost)  # a deep copy


def _has_any(q: wq.Query) -> bool:
    return isinstance(q, _REWRITTEN) or any(map(_has_any, q.children()))


def _typed(q: Any) -> str:
    match q:
        case wq.Prefix():
            return f"{q.text}*"
        case wq.FuzzyTerm():
            return f"{q.text}~{q.maxdist}"
        case wq.TermRange():
            return f"[{q.start} TO {q.end}]"
    return str(q.text)
