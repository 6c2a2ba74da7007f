"""The clauses of a query (words, phrases, patterns, ranges as typed), each lowered by the kind of its field.

Years and dates become ranges of numbers. A wildcard within a word is made to fit stems: of `lighthouse`
the index has `lighthous`, which `*house` does not match, so what follows the last wildcard is stemmed too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from whoosh import query as wq

from archive.errors import QueryError, UsageError
from archive.model.dates import day_span, parse_date
from archive.model.fields import DATE_FIRST, DATE_LAST, HAS, Field, Fields
from archive.model.metadata_fields import Kind
from archive.query import limits
from archive.query.combined_fields import in_any_field
from archive.query.parsed_query import ExactValue, HighlightTerms, Word
from archive.query.relative_dates import EXAMPLES, absolute_date
from archive.query.request import YearRange
from archive.text.analyzer import Analyzer, fold, unstemmed_terms


def ends(text: str) -> tuple[str, str]:
    """The ends of `2016..2019`, either possibly empty; of `2016` alone, that twice."""
    start, dots, end = text.partition("..")
    return start, end if dots else start


def year_number(text: str) -> int:
    """The year that `text` is; raises QueryError."""
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 4):
        raise QueryError(f"{text!r} is not a year", "write year:2016 or year:2016..2020")
    return int(text)


def year(text: str, boost: float) -> wq.Query:
    """Articles of a year, or of a range of years."""
    try:
        years = YearRange.parse(text)
    except UsageError as error:
        raise QueryError(error.what, error.remedy) from None
    return wq.NumericRange("year", years.first, years.last, boost=boost)


#: What stands before a word or a phrase that is to be found as it is written, in capitals or not.
EXACT_MARK = "="
#: The value of a facet, given by its name, that a text means; None where neither an article nor a record has one.
ResolveValue = Callable[[str, str], str | None]
_WILD = re.compile(r"[*?]")
_RANGE_EXAMPLES = {Kind.YEAR: "year:2010..2019", Kind.DATE: "date:2016-05..2016-08"}


def as_written(_: str, value: str) -> str:
    """A ResolveValue for queries without an archive: every value is there, as it is written."""
    return value


class ClauseBuilder:
    """Lowers leaves, noting words and marks on the way; None stands for a leaf of which nothing is left.

    resolve     the facet value that a text means, given the facet's name; None for an unknown one
    values      the clauses on exact facet values
    stands_for  what words of the query were taken for: absolute dates for relative ones, synonyms
    negated     how many negations are around the leaf
    """

    def __init__(self, fields: Fields, analyzer: Analyzer, resolve: ResolveValue = as_written) -> None:
        self.fields, self.analyzer, self._resolve = fields, analyzer, resolve
        self.values: list[ExactValue] = []
        self.stands_for: dict[str, tuple[str, ...]] = {}
        self.words: list[Word] = []
        self.prefixes: list[Word] = []
        self.marks = HighlightTerms()
        self.negated = 0
        self._unmarked = HighlightTerms()

    def _target(self, q: Any) -> list[Field]:
        if q.fieldname in (HAS, "missing"):
            raise QueryError(f"{q.fieldname}: takes the name of a field, as in {q.fieldname}:venue")
        return [self.fields.get(q.fieldname)] if q.fieldname else list(self.fields.searched)

    def _marks_for(self, target: list[Field]) -> HighlightTerms:
        """Where to note what to mark: only what is looked for in running text is marked."""
        return self.marks if not self.negated and target[0].kind is Kind.TEXT else self._unmarked

    def term(self, q: Any) -> wq.Query | None:
        if q.fieldname in (HAS, "missing"):
            present = wq.Term(HAS, self.fields.get(q.text).name)
            return present if q.fieldname == HAS else wq.Not(present)
        target = self._target(q)
        match target[0].kind:
            case Kind.YEAR:
                return year(q.text, q.boost)
            case Kind.DATE:
                return self._date(*ends(q.text))
            case Kind.EXACT:
                return wq.Term(target[0].name, q.text, boost=q.boost)
        return self._words(q, q.text, target, 1)

    def phrase(self, q: Any) -> wq.Query | None:
        text = " ".join(q.words)
        target = self._target(q)
        if target[0].kind in (Kind.YEAR, Kind.DATE, Kind.EXACT) or q.fieldname in (HAS, "missing"):
            return self.term(wq.Term(q.fieldname, text, boost=q.boost))
        if target[0].facet and q.slop == 1 and not _WILD.search(text):
            return self._value(target[0], text.removeprefix(EXACT_MARK), q.boost)
        return self._words(q, text, target, q.slop)

    def _value(self, facet: Field, text: str, boost: float) -> wq.Query | None:
        """Articles with a facet value, whole: as the filters choose it."""
        value = " ".join(text.split())
        if not value:
            return None
        meant = self._resolve(facet.name, value)
        self.values.append(ExactValue(facet.name, value, known=meant is not None))
        return wq.Term(facet.name, meant or value, boost=boost)

    def _date(self, start: str, end: str) -> wq.Query:
        """Articles whose whole date lies within; `2016` alone is not within `2016-05`."""
        try:
            first = day_span(self._absolute(start))[0] if start else None
            last = day_span(self._absolute(end))[1] if end else None
        except ValueError as error:
            remedy = f"write date:2016-05, date:2016-05..2016-08, or a relative date such as {EXAMPLES}"
            raise QueryError(str(error), remedy) from None
        if first is None and last is None:
            return wq.Term(HAS, "date")
        if first and last and first > last:
            raise QueryError(f"the dates {start}..{end} end before they begin", f"write {end}..{start}")
        return wq.And([wq.NumericRange(DATE_FIRST, first, None), wq.NumericRange(DATE_LAST, None, last)])

    def _absolute(self, date: str) -> str:
        if (absolute := absolute_date(date)) is None:
            return parse_date(date)
        self.stands_for[date] = (absolute,)
        return absolute

    def _words(self, q: Any, text: str, target: list[Field], slop: int) -> wq.Query | None:
        """The words of a text as a word or a phrase; after a `=` as they are written, unstemmed."""
        exact = text.startswith(EXACT_MARK) and target[0].kind is Kind.TEXT
        terms = unstemmed_terms(text) if exact else self._terms(text, target)
        if not terms:
            return None
        marks = self._marks_for(target)
        names = [(each.forms_name if exact else each.words_name, each.boost or 1.0) for each in target]
        if len(terms) > 1:
            (marks.exact_phrases if exact else marks.phrases).append((tuple(terms), slop))
            return in_any_field([wq.Phrase(name, terms, slop=slop, boost=weight) for name, weight in names], q.boost)
        (marks.exact_words if exact else marks.words).add(terms[0])
        if isinstance(q, wq.Term) and q.fieldname is None and not (self.negated or exact):
            self.words.append(Word(q.text, q.startchar or 0, q.endchar or 0, terms[0]))
        return in_any_field([wq.Term(name, terms[0], boost=weight) for name, weight in names], q.boost)

    def prefix(self, q: Any) -> wq.Query | None:
        return self._pattern(q, q.text + "*")

    def wildcard(self, q: Any) -> wq.Query | None:
        return self._pattern(q, q.text)

    def _pattern(self, q: Any, pattern: str) -> wq.Query | None:
        target = self._target(q)
        if not pattern.strip("*"):
            return wq.Term(HAS, target[0].name) if q.fieldname else wq.Every(boost=q.boost)
        kind = target[0].kind
        if kind in (Kind.YEAR, Kind.DATE):
            raise QueryError(f"{pattern!r} is not a {kind.value}", f"write a range, as in {_RANGE_EXAMPLES[kind]}")
        pattern = pattern if kind is Kind.EXACT else fold(pattern).replace("'", "")
        beginning = pattern[:-1]
        if _WILD.search(beginning) or not pattern.endswith("*"):
            self._marks_for(target).wildcards.append(pattern)
            return self._each_form(target, q.boost, lambda name, boost: wq.Wildcard(name, pattern, boost=boost))
        found = [] if kind is Kind.EXACT else unstemmed_terms(beginning)
        if len(found) > 1:  # of a script without spaces, every character is a word
            return self.phrase(wq.Phrase(q.fieldname, [beginning], boost=q.boost))
        self._marks_for(target).prefixes.append(beginning)
        if q.fieldname is None and not self.negated:
            self.prefixes.append(Word(f"{q.text}*", q.endchar - len(q.text) - 1, q.endchar, beginning))
        return self._each_form(target, q.boost, lambda name, boost: wq.Prefix(name, beginning, boost=boost))

    def fuzzy(self, q: Any) -> wq.Query | None:
        target = self._target(q)
        kind = target[0].kind
        if kind in (Kind.YEAR, Kind.DATE):
            raise QueryError(f"a {kind.value} cannot be fuzzy", f"write a range, as in {_RANGE_EXAMPLES[kind]}")
        terms = [q.text] if kind is Kind.EXACT else unstemmed_terms(q.text)
        if not terms:
            return None
        edits = min(q.maxdist, limits.MAX_EDITS)
        alike = [(term, edits, min(max(q.prefixlength, 1), len(term))) for term in terms]
        self._marks_for(target).fuzzy += alike

        def fuzzy(name: str, boost: float) -> wq.Query:
            parts = [wq.FuzzyTerm(name, term, boost, edits, prefix) for term, edits, prefix in alike]
            return parts[0] if len(parts) == 1 else wq.And(parts)

        return self._each_form(target, q.boost, fuzzy)

    def range(self, q: Any) -> wq.Query | None:
        target = self._target(q)
        start, end = (q.start or "").strip(), (q.end or "").strip()
        if target[0].kind is Kind.YEAR:
            first, last = (year_number(text) if text else None for text in (start, end))
            if first is not None and last is not None and first > last:
                raise QueryError(f"the years {start} TO {end} end before they begin", f"write year:[{end} TO {start}]")
            return wq.NumericRange("year", first, last, q.startexcl, q.endexcl, boost=q.boost)
        if target[0].kind is Kind.DATE:
            if q.startexcl or q.endexcl:
                raise QueryError("a range of dates includes its ends", "write date:[2016-05 TO 2016-08]")
            return self._date(start, end)
        low, high = (fold(text) if target[0].kind is not Kind.EXACT else text for text in (start, end))
        return self._each_form(
            target,
            q.boost,
            lambda name, boost: wq.TermRange(name, low, high or "\U0010ffff", q.startexcl, q.endexcl, boost=boost),
        )

    def _terms(self, text: str, target: list[Field]) -> list[str]:
        return self.analyzer.terms(text) if target[0].kind is Kind.TEXT else unstemmed_terms(text)

    def _each_form(self, target: list[Field], boost: float, make: Callable[[str, float], wq.Query]) -> wq.Query:
        """The same query on words as written, in every field of the target, weighted as the fields are."""
        return _any([make(each.forms_name, boost * (each.boost or 1.0)) for each in target])


def _any(parts: list[wq.Query]) -> wq.Query:
    return parts[0] if len(parts) == 1 else wq.Or(parts)
