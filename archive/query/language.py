"""The query language: text -> Whoosh query tree.

Whoosh's parser does the grammar, without a schema; its leaves (words, phrases, wildcards,
ranges as they were typed) are then lowered, each by the kind of its field, into queries on
the index's fields. The result is the tree that every engine compiles or runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from whoosh import query as wq
from whoosh.qparser import QueryParser, plugins, syntax

from archive.analysis import Analyzer, fold, words
from archive.dates import day_span, parse_date
from archive.errors import QueryError, UsageError
from archive.fields import DATE_FIRST, DATE_LAST, HAS, Field, Fields, Kind
from archive.query import limits
from archive.query.request import SURROGATES, YearRange
from archive.query.stopwords import stop_words

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_FIELD_PREFIX = r"(?<!\w)(?<!\w-)(?P<text>[A-Za-z_][\w-]*):(?=[^\s:/])"
_NOT = r"(^|(?<=(\s|[()])))(NOT(?=\s)|-(?=[^\s-]))"
_WILD = re.compile(r"[*?]")
#: What `^0` weighs: Whoosh's matchers take a score of 0 for no match at all.
_LEAST_BOOST = 1e-6


@dataclass(frozen=True, slots=True)
class Word:
    """A plain word of a query: how it was typed, where, and its term."""

    text: str
    start: int
    end: int
    term: str


@dataclass(slots=True)
class Marks:
    """What to mark in a text that matched: all that the query asks for, negations apart."""

    words: set[str] = field(default_factory=set)
    phrases: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    wildcards: list[str] = field(default_factory=list)
    fuzzy: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query text made into a tree.

    tree      Whoosh query on index fields; matches every article for an empty text
    words     its plain words in order, negated ones and ignored ones apart
    telling_terms   the terms of those that are no stop words
    ignored   stop words that were left out, as typed
    marks     what to mark in a matching text
    """

    text: str
    tree: wq.Query
    words: tuple[Word, ...]
    ignored: tuple[str, ...]
    marks: Marks
    telling_terms: tuple[str, ...] = ()

    @property
    def matches_all(self) -> bool:
        """Whether the text asked for nothing in particular."""
        return isinstance(self.tree, wq.Every)


def parse(text: str, fields: Fields, analyzer: Analyzer, any_word: bool = False) -> ParsedQuery:
    """The tree for `text`; with `any_word`, one of its words is enough.

    Raises LimitError beyond a published limit and QueryError for an unknown field or a
    year, date or range that cannot be read. Unbalanced quotes and brackets are forgiven:
    people see results while they type.
    """
    text = unicodedata.normalize("NFC", SURROGATES.sub("\ufffd", text.translate(_QUOTES)))
    limits.check(text)
    lowering = _Lowering(fields, analyzer, any_word)
    if not text.strip():
        return ParsedQuery(text, wq.Every(), (), (), lowering.marks)
    try:
        parsed = _parser(any_word).parse(text, normalize=False)
    except AssertionError:  # how Whoosh refuses two operators in a row
        raise QueryError(
            "two operators follow one another; put a word or brackets between them, or quote those that are words"
        ) from None
    tree = lowering.lower(parsed)
    tree = wq.NullQuery if tree is None else tree
    stops = stop_words(analyzer.language or "")
    telling = tuple(word.term for word in lowering.words if fold(word.text) not in stops)
    ignored = tuple(part.text for part in lowering.ignored)
    return ParsedQuery(text, tree, tuple(lowering.words), ignored, lowering.marks, telling)


@lru_cache(maxsize=2)
def _parser(any_word: bool) -> QueryParser:
    return QueryParser(
        None,
        None,
        plugins=[
            plugins.FieldsPlugin(_FIELD_PREFIX, remove_unknown=False),
            plugins.WildcardPlugin(),
            plugins.PhrasePlugin(),
            plugins.RangePlugin(),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(Not=_NOT),
            plugins.BoostPlugin(),
            plugins.EveryPlugin(),
            plugins.FuzzyTermPlugin(),
        ],
        group=syntax.OrGroup if any_word else syntax.AndGroup,
    )


class _Lowering:
    """Turns the parser's tree into one on index fields, noting words and marks on the way."""

    def __init__(self, fields: Fields, analyzer: Analyzer, any_word: bool) -> None:
        self.fields, self.analyzer, self.any_word = fields, analyzer, any_word
        self.words: list[Word] = []
        self.ignored: list[wq.Query] = []
        self.marks = Marks()
        self._unmarked = Marks()
        self._negated = 0
        self._leaves: dict[type, Callable[[Any], wq.Query | None]] = {
            wq.Term: self._term,
            wq.Phrase: self._phrase,
            wq.Prefix: self._prefix,
            wq.Wildcard: self._wildcard,
            wq.FuzzyTerm: self._fuzzy,
            wq.TermRange: self._range,
            wq.Every: lambda q: wq.Every(boost=q.boost),
        }

    def lower(self, q: wq.Query) -> wq.Query | None:
        """The lowered form of `q`, or None where nothing of it is left."""
        if (leaf := self._leaves.get(type(q))) is not None:
            q.boost = max(q.boost, _LEAST_BOOST)
            return leaf(q)
        if isinstance(q, wq.Not):
            return self._lower_not(q.query)
        if isinstance(q, wq.AndNot):
            return _binary(wq.AndNot, self.lower(q.a), self._negate(q.b))
        if isinstance(q, (wq.AndMaybe, wq.Require)):
            return _binary(type(q), self.lower(q.a), self.lower(q.b))
        if isinstance(q, (wq.And, wq.Or)):
            return _group(type(q), self._lower_group(q), q.boost, self.any_word)
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
        self._negated += 1
        try:
            return self.lower(q)
        finally:
            self._negated -= 1

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

    # -- leaves ------------------------------------------------------------------------

    def _target(self, q: Any) -> list[Field]:
        if q.fieldname in (HAS, "missing"):
            raise QueryError(f"{q.fieldname}: takes the name of a field, as in {q.fieldname}:venue")
        return [self.fields.get(q.fieldname)] if q.fieldname else list(self.fields.searched)

    def _marks_for(self, target: list[Field]) -> Marks:
        """Where to note what to mark: only what is looked for in running text is marked."""
        return self.marks if not self._negated and target[0].kind is Kind.TEXT else self._unmarked

    def _term(self, q: Any) -> wq.Query | None:
        if q.fieldname in (HAS, "missing"):
            present = wq.Term(HAS, self.fields.get(q.text).name)
            return present if q.fieldname == HAS else wq.Not(present)
        target = self._target(q)
        match target[0].kind:
            case Kind.YEAR:
                return _year(q.text, q.boost)
            case Kind.DATE:
                return _date(*_ends(q.text))
            case Kind.EXACT:
                return wq.Term(target[0].name, q.text, boost=q.boost)
        terms = self._terms(q.text, target)
        if not terms:
            return None
        marks = self._marks_for(target)
        if len(terms) > 1:
            marks.phrases.append((tuple(terms), 1))
            return self._each(target, q.boost, lambda name, boost: wq.Phrase(name, terms, boost=boost))
        marks.words.add(terms[0])
        if q.fieldname is None and not self._negated:
            self.words.append(Word(q.text, q.startchar or 0, q.endchar or 0, terms[0]))
        return self._each(target, q.boost, lambda name, boost: wq.Term(name, terms[0], boost=boost))

    def _phrase(self, q: Any) -> wq.Query | None:
        text = " ".join(q.words)
        target = self._target(q)
        if target[0].kind in (Kind.YEAR, Kind.DATE, Kind.EXACT) or q.fieldname in (HAS, "missing"):
            return self._term(wq.Term(q.fieldname, text, boost=q.boost))
        terms = self._terms(text, target)
        if not terms:
            return None
        marks = self._marks_for(target)
        if len(terms) == 1:
            marks.words.add(terms[0])
            return self._each(target, q.boost, lambda name, boost: wq.Term(name, terms[0], boost=boost))
        marks.phrases.append((tuple(terms), q.slop))
        return self._each(target, q.boost, lambda name, boost: wq.Phrase(name, terms, slop=q.slop, boost=boost))

    def _prefix(self, q: Any) -> wq.Query | None:
        return self._pattern(q, q.text + "*")

    def _wildcard(self, q: Any) -> wq.Query | None:
        return self._pattern(q, q.text)

    def _pattern(self, q: Any, pattern: str) -> wq.Query | None:
        target = self._target(q)
        if not pattern.strip("*"):
            return wq.Term(HAS, target[0].name) if q.fieldname else wq.Every(boost=q.boost)
        kind = target[0].kind
        if kind in (Kind.YEAR, Kind.DATE):
            raise QueryError(f"{pattern!r} is not a {kind.value}; write a range, as in {_RANGE_EXAMPLES[kind]}")
        pattern = pattern if kind is Kind.EXACT else fold(pattern).replace("'", "")
        stem = pattern[:-1]
        if _WILD.search(stem) or not pattern.endswith("*"):
            self._marks_for(target).wildcards.append(pattern)
            return self._each(target, q.boost, lambda name, boost: wq.Wildcard(name, pattern, boost=boost))
        marks = self._marks_for(target)
        marks.prefixes.append(stem)
        # Terms are stems, so `parties*` must also find what `parties` finds.
        whole = self.analyzer.term(stem) if kind is Kind.TEXT else stem

        def either(name: str, boost: float) -> wq.Query:
            prefix = wq.Prefix(name, stem, boost=boost)
            return prefix if whole == stem else wq.Or([prefix, wq.Term(name, whole, boost=boost)])

        if whole != stem:
            marks.words.add(whole)
        return self._each(target, q.boost, either)

    def _fuzzy(self, q: Any) -> wq.Query | None:
        target = self._target(q)
        kind = target[0].kind
        if kind in (Kind.YEAR, Kind.DATE):
            raise QueryError(f"a {kind.value} cannot be fuzzy; write a range, as in {_RANGE_EXAMPLES[kind]}")
        terms = [q.text] if kind is Kind.EXACT else self._terms(q.text, target)
        if not terms:
            return None
        edits = min(q.maxdist, limits.MAX_EDITS)
        alike = [(term, edits, min(max(q.prefixlength, 1), len(term))) for term in terms]
        self._marks_for(target).fuzzy += alike

        def fuzzy(name: str, boost: float) -> wq.Query:
            parts = [wq.FuzzyTerm(name, term, boost, edits, prefix) for term, edits, prefix in alike]
            return parts[0] if len(parts) == 1 else wq.And(parts)

        return self._each(target, q.boost, fuzzy)

    def _range(self, q: Any) -> wq.Query | None:
        target = self._target(q)
        start, end = (q.start or "").strip(), (q.end or "").strip()
        if target[0].kind is Kind.YEAR:
            first, last = (_year_number(text) if text else None for text in (start, end))
            if first is not None and last is not None and first > last:
                raise QueryError(f"the years {start} TO {end} end before they begin; write year:[{end} TO {start}]")
            return wq.NumericRange("year", first, last, q.startexcl, q.endexcl, boost=q.boost)
        if target[0].kind is Kind.DATE:
            if q.startexcl or q.endexcl:
                raise QueryError("a range of dates includes its ends; write date:[2016-05 TO 2016-08]")
            return _date(start, end)
        low, high = (fold(text) if target[0].kind is not Kind.EXACT else text for text in (start, end))
        return self._each(
            target,
            q.boost,
            lambda name, boost: wq.TermRange(name, low, high or "\U0010ffff", q.startexcl, q.endexcl, boost=boost),
        )

    def _terms(self, text: str, target: list[Field]) -> list[str]:
        return self.analyzer.terms(text) if target[0].kind is Kind.TEXT else words(text)

    def _each(self, target: list[Field], boost: float, make: Callable[[str, float], wq.Query]) -> wq.Query:
        """The same query on every field of the target, weighted as the fields are."""
        parts = [make(each.words_name, boost * (each.boost or 1.0)) for each in target]
        return parts[0] if len(parts) == 1 else wq.Or(parts)


_RANGE_EXAMPLES = {Kind.YEAR: "year:2010..2019", Kind.DATE: "date:2016-05..2016-08"}


def _group(kind: Any, parts: list[wq.Query], boost: float, any_word: bool) -> wq.Query | None:
    """An And or Or of lowered parts, as flat as can be. (Whoosh's own `normalize` makes an And
    with `*` in it match everything, and forgets parts that match nothing.)
    """
    if not parts:
        return None
    everything = [part for part in parts if isinstance(part, wq.Every)]
    if everything and (kind is wq.Or or len(everything) == len(parts)):
        return everything[0]
    flat: dict[wq.Query, None] = {}
    for part in parts:
        if type(part) is kind and part.boost == 1.0:
            flat |= dict.fromkeys(part)
        elif not isinstance(part, wq.Every):
            flat[part] = None
    without = [part for part in flat if isinstance(part, wq.Not)]
    if any_word and kind is wq.Or and 0 < len(without) < len(flat):
        # One of the words is enough, but what is excluded must not be there.
        wanted = [part for part in flat if not isinstance(part, wq.Not)]
        return wq.And([_one_or(wq.Or, wanted), *without], boost=boost)
    return _one_or(kind, list(flat), boost)


def _one_or(kind: Any, parts: list[wq.Query], boost: float = 1.0) -> wq.Query:
    boost = max(boost, _LEAST_BOOST)
    if len(parts) > 1:
        return kind(parts, boost=boost)
    return parts[0] if boost == 1.0 else parts[0].with_boost(parts[0].boost * boost)


def _binary(kind: Any, a: wq.Query | None, b: wq.Query | None) -> wq.Query | None:
    if a is None or b is None:
        return a if kind is wq.AndNot else a or b
    return kind(a, b)


def _ends(text: str) -> tuple[str, str]:
    start, dots, end = text.partition("..")
    return start, end if dots else start


def _year_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 4):
        raise QueryError(f"{text!r} is not a year; write year:2016 or year:2016..2020")
    return int(text)


def _year(text: str, boost: float) -> wq.Query:
    try:
        years = YearRange.parse(text)
    except UsageError as error:
        raise QueryError(str(error)) from None
    return wq.NumericRange("year", years.first, years.last, boost=boost)


def _date(start: str, end: str) -> wq.Query:
    """Articles whose whole date lies within; `2016` alone is not within `2016-05`."""
    try:
        first = day_span(parse_date(start))[0] if start else None
        last = day_span(parse_date(end))[1] if end else None
    except ValueError as error:
        raise QueryError(f"{error}; write date:2016-05 or date:2016-05..2016-08") from None
    if first is None and last is None:
        return wq.Term(HAS, "date")
    if first and last and first > last:
        raise QueryError(f"the dates {start}..{end} end before they begin; write {end}..{start}")
    return wq.And([wq.NumericRange(DATE_FIRST, first, None), wq.NumericRange(DATE_LAST, None, last)])
