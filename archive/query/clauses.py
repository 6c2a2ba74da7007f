"""The clauses of a query (words, phrases, patterns, ranges as typed), each lowered by the kind of its field.

Years and dates become ranges of numbers. A wildcard within a word is made to fit stems: of `lighthouse`
the index has `lighthous`, which `*house` does not match, so what follows the last wildcard is stemmed too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any, NamedTuple

from whoosh import query as wq

from archive.errors import QueryError, UsageError
from archive.model.dates import day_span, parse_date
from archive.model.fields import DATE_FIRST, DATE_LAST, HAS, Field, Fields
from archive.model.metadata_fields import Kind
from archive.query import limits
from archive.query.combined_fields import in_any_field
from archive.query.near_query import NearQuery
from archive.query.parsed_query import ExactValue, HighlightTerms, SpanMarks, Word
from archive.query.relative_dates import EXAMPLES, absolute_date
from archive.query.request import YearRange
from archive.query.span_queries import InCapitals, Near, Slot, SpanPhrase, WordPhrase
from archive.text.analyzer import CAPITALS, EXTRA, Analyzer, fold, unstemmed_terms, whole_compounds


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
#: Letters that stand for wildcards while a text with some is cut into words: no text has these syllables of Yi.
_STAND_INS = str.maketrans("*?", "\ua000\ua001")
_WILDCARDS = str.maketrans("\ua000\ua001", "*?")
#: What of a phrase may be a pattern: in an address, as in other text, `?` and `*` are what they are.
_PATTERN_IN_PHRASE = re.compile(r"""[=(\['‘’]*[\w*?'’.-]*[\w*][.,;:!?)\]'’]*""")
#: In a phrase, an asterisk between digits multiplies, and a question mark after a word is one.
_PRODUCT = re.compile(r"(?<=\d)\*(?=\d)")
_PUNCTUATION = re.compile(r"\?(?![\w*?])")
_ACRONYM = re.compile(r"(?:[A-Z]\.){2,4}|[A-Z](?:\.[A-Z]){1,3}")
_RANGE_EXAMPLES = {Kind.YEAR: "year:2010..2019", Kind.DATE: "date:2016-05..2016-08"}


def as_written(_: str, value: str) -> str:
    """A ResolveValue for queries without an archive: every value is there, as it is written."""
    return value


class _PhrasePart(NamedTuple):
    """A word or pattern of a phrase, folded, and how many words before it may be any."""

    form: str
    gap: int = 0

    @property
    def is_pattern(self) -> bool:
        return _WILD.search(self.form) is not None


class ClauseBuilder:
    """Lowers leaves, noting words and marks on the way; None stands for a leaf of which nothing is left.

    stops       stop words, folded
    resolve     the facet value that a text means, given the facet's name; None for an unknown one
    values      the clauses on exact facet values
    stands_for  what words of the query were taken for: absolute dates for relative ones, synonyms
    negated     how many negations are around the leaf
    """

    def __init__(
        self, fields: Fields, analyzer: Analyzer, stops: Container[str], resolve: ResolveValue = as_written
    ) -> None:
        self.fields, self.analyzer, self._stops = fields, analyzer, stops
        self._resolve = resolve
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
        if _WILD.search(text := _only_patterns(text)):
            return self._pattern_phrase(q, text, target)
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
        marks = self._marks_for(target)
        if text.startswith(EXACT_MARK) and target[0].kind is Kind.TEXT:
            return self._exact_words(q, text.removeprefix(EXACT_MARK), target, slop, marks)
        ways = [forms for forms in self._ways(text, target) if forms]
        if len(ways) == 1 and len(ways[0]) == 1 and isinstance(q, wq.Term) and q.fieldname is None and not self.negated:
            term = self._stem(ways[0][0], target)
            self.words.append(Word(q.text, q.startchar or 0, q.endchar or 0, term))
        return _any([self._way(forms, target, slop, q.boost, marks) for forms in ways]) if ways else None

    def _ways(self, text: str, target: list[Field]) -> list[list[str]]:
        """The words of a text as typed, folded; and again with each compound in one piece, if there is any."""
        if text.isascii() and text.isalnum():
            return [[text.lower()]]
        forms = self._forms(text, target)
        compounds = whole_compounds(self.analyzer.compounds(text)) if target[0].kind is Kind.TEXT else []
        if not compounds:
            return [forms]
        joined, place = [], 0
        for compound in compounds:
            joined += [*forms[place : compound.first], compound.joined]
            place = compound.first + len(compound.parts)
        joined += forms[place:]
        return [forms] if len(joined) == 1 and joined[0] in self._stops else [forms, joined]

    def _way(self, forms: list[str], target: list[Field], slop: int, boost: float, marks: HighlightTerms) -> wq.Query:
        terms = [self._stem(form, target) for form in forms]
        names = [(each.words_name, each.boost or 1.0) for each in target]
        if len(terms) == 1:
            marks.words.add(terms[0])
            return in_any_field([wq.Term(name, terms[0], boost=weight) for name, weight in names], boost)
        marks.phrases.append((tuple(terms), slop))
        if target[0].kind is not Kind.TEXT:
            return in_any_field([wq.Phrase(name, terms, slop=slop, boost=weight) for name, weight in names], boost)
        return in_any_field([WordPhrase(name, terms, forms, slop, weight) for name, weight in names], boost)

    def _exact_words(self, q: Any, text: str, target: list[Field], slop: int, marks: HighlightTerms) -> wq.Query | None:
        """Words as written; those typed in capitals as acronyms are in capitals there, with or without full stops."""
        forms = self.analyzer.forms(text)
        acronyms = [word.replace(".", "") for word in re.findall(r"[\w.]+", text) if _is_acronym(word)]
        if len(acronyms) == 1 and _is_acronym(text.strip()):
            forms = [acronyms[0].lower()]
            marks.acronyms.add(acronyms[0])
        elif len(forms) == 1:
            marks.exact_words.add(forms[0])
        elif forms:
            marks.exact_phrases.append((tuple(forms), slop))
        else:
            return None
        names = [(each.forms_name, each.boost or 1.0) for each in target]
        if len(forms) > 1:
            found = in_any_field([wq.Phrase(name, forms, slop=slop, boost=weight) for name, weight in names], q.boost)
        else:
            found = in_any_field([wq.Term(name, forms[0], boost=weight) for name, weight in names], q.boost)
        for acronym in acronyms:
            capitals = in_any_field([wq.Term(name, EXTRA + acronym, boost=weight) for name, weight in names], q.boost)
            alone = len(forms) == 1
            found = InCapitals(
                acronym, [name for name, _ in names], capitals if alone else wq.And([found, capitals]), found
            )
        return found

    # -- phrases with patterns, and words near each other ---------------------------------

    def _places(self, text: str, target: list[Field]) -> list[_PhrasePart]:
        """The words and patterns of a text; `*` for a whole word is a gap before the next one, and none at the ends."""
        places: list[_PhrasePart] = []
        gap = 0
        for form in self._forms(text.translate(_STAND_INS), target):
            if pattern := (form := form.translate(_WILDCARDS)).strip("*"):
                places.append(_PhrasePart(form, gap if places else 0))
                gap = 0
            else:
                gap += not pattern
        return places

    def _pattern_phrase(self, q: Any, text: str, target: list[Field]) -> wq.Query | None:
        exact = text.startswith(EXACT_MARK) and target[0].kind is Kind.TEXT
        places = self._places(text, target)
        if not any(place.gap or place.is_pattern for place in places):
            return self._words(q, text.replace("*", " "), target, q.slop)
        if len(places) == 1:
            return self._pattern(q, places[0].form)
        return self._span_phrase(places, target, q.slop, q.boost, exact=exact)

    def _span_phrase(
        self, places: list[_PhrasePart], target: list[Field], slop: int, boost: float, *, exact: bool = False
    ) -> wq.Query:
        if slop > 1 and any(place.gap for place in places):
            raise QueryError(f"a phrase with * for a whole word takes no ~{slop}", "leave one of them out")
        self._marks_for(target).spans.append((self._span_marks(places, target, exact=exact), slop))
        phrases = [self._in_field(places, each, slop, exact=exact) for each in target]
        return in_any_field([p.with_boost(each.boost or 1.0) for p, each in zip(phrases, target, strict=True)], boost)

    def _in_field(self, places: list[_PhrasePart], field: Field, slop: int = 1, *, exact: bool = False) -> SpanPhrase:
        """Words and patterns as a phrase of one field."""
        return SpanPhrase(
            field.forms_name if exact else field.words_name,
            [Slot(self._slot(place, field, exact=exact), place.gap) for place in places],
            slop,
        )

    def _slot(self, place: _PhrasePart, field: Field, *, exact: bool) -> wq.Query:
        if not place.is_pattern:
            return (
                wq.Term(field.forms_name, place.form)
                if exact
                else wq.Term(field.words_name, self._stem(place.form, [field]))
            )
        if place.form.endswith("*") and not _WILD.search(place.form[:-1]):
            return wq.Prefix(field.forms_name, place.form[:-1])
        return wq.Wildcard(field.forms_name, place.form)

    def _span_marks(self, places: list[_PhrasePart], target: list[Field], *, exact: bool = False) -> SpanMarks:
        marks = []
        for place in places:
            each = HighlightTerms()
            if place.is_pattern:
                each.wildcards.append(place.form)
            elif exact:
                each.exact_words.add(place.form)
            else:
                each.words.add(self._stem(place.form, target))
            marks.append((place.gap, each))
        return tuple(marks)

    def near(self, q: NearQuery) -> wq.Query | None:
        """Two words, patterns or phrases at most so far apart."""
        named = {side.fieldname for side in (q.a, q.b) if getattr(side, "fieldname", None)}
        if len(named) > 1:
            raise QueryError(f"{q.operator} stands between words of one field", "name the same field on both sides")
        target = self._target(wq.Term(next(iter(named), None), ""))
        if target[0].kind in (Kind.YEAR, Kind.DATE, Kind.EXACT):
            raise QueryError(f"{q.operator} stands between words of a text", "leave the field out")
        a, b = (self._near_side(side, target, q.operator) for side in (q.a, q.b))
        if not (a and b):
            return None
        self._marks_for(target).near.append((self._span_marks(a, target), self._span_marks(b, target), q.distance))
        found = [
            Near(self._in_field(a, each), self._in_field(b, each), q.distance, each.boost or 1.0) for each in target
        ]
        return in_any_field(found, q.boost)

    def _near_side(self, side: Any, target: list[Field], operator: str) -> list[_PhrasePart]:
        match side:
            case wq.Phrase(slop=1):
                text = " ".join(side.words)
            case wq.Prefix():
                text = f"{side.text}*"
            case wq.Term() | wq.Wildcard():
                text = side.text
            case _:
                raise QueryError(
                    f"{operator} stands between two words, words with wildcards or phrases", "put these on both sides"
                )
        if text.startswith(EXACT_MARK):
            raise QueryError(f"{operator} takes no words after a {EXACT_MARK}", "leave it out")
        places = self._places(_only_patterns(text), target)
        if isinstance(side, wq.Term) and len(places) == 1 and side.fieldname is None and not self.negated:
            term = self._stem(places[0].form, target)
            self.words.append(Word(side.text, side.startchar or 0, side.endchar or 0, term))
        return places

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
        if kind is not Kind.EXACT:
            places = [] if "[" in pattern else self._places(pattern, target)
            if len(places) > 1:  # `co-oper*`, `東京*`
                if not any(place.gap or place.is_pattern for place in places):
                    return self._words(q, pattern.replace("*", " "), target, 1)
                return self._span_phrase(places, target, 1, q.boost)
            pattern = places[0].form if places else fold(pattern).replace("'", "")
        beginning = pattern[:-1]
        if _WILD.search(beginning) or not pattern.endswith("*"):
            self._marks_for(target).wildcards.append(pattern)
            return self._each_form(target, q.boost, lambda name, boost: wq.Wildcard(name, pattern, boost=boost))
        self._marks_for(target).prefixes.append(beginning)
        if q.fieldname is None and not self.negated and isinstance(q, wq.Prefix):
            self.prefixes.append(Word(f"{q.text}*", q.endchar - len(q.text) - 1, q.endchar, beginning))
        return self._each_form(target, q.boost, lambda name, boost: wq.Prefix(name, beginning, boost=boost))

    def fuzzy(self, q: Any) -> wq.Query | None:
        target = self._target(q)
        kind = target[0].kind
        if kind in (Kind.YEAR, Kind.DATE):
            raise QueryError(f"a {kind.value} cannot be fuzzy", f"write a range, as in {_RANGE_EXAMPLES[kind]}")
        terms = [q.text] if kind is Kind.EXACT else self._forms(q.text, target)
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

    def _forms(self, text: str, target: list[Field]) -> list[str]:
        return self.analyzer.forms(text) if target[0].kind is Kind.TEXT else unstemmed_terms(text)

    def _stem(self, form: str, target: list[Field]) -> str:
        return self.analyzer.stem(form) if target[0].kind is Kind.TEXT else form

    def _each_form(self, target: list[Field], boost: float, make: Callable[[str, float], wq.Query]) -> wq.Query:
        """The same query on words as written, in every field of the target, weighted as the fields are."""
        return _any([make(each.forms_name, boost * (each.boost or 1.0)) for each in target])


def _only_patterns(text: str) -> str:
    """A phrase without the question marks and asterisks that are no wildcards."""
    text = _PRODUCT.sub(" ", text)
    words = (word if _PATTERN_IN_PHRASE.fullmatch(word) else _WILD.sub(" ", word) for word in text.split())
    return _PUNCTUATION.sub(" ", " ".join(words))


def _is_acronym(word: str) -> bool:
    return bool(CAPITALS.fullmatch(word) or _ACRONYM.fullmatch(word))


def _any(parts: list[wq.Query]) -> wq.Query:
    return parts[0] if len(parts) == 1 else wq.Or(parts)
