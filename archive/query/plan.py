"""A request made ready for an engine: parsed, with every name resolved, nothing run yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from whoosh import query as wq

from archive.errors import UsageError
from archive.model.fields import Field, Fields, mentioned
from archive.model.metadata_fields import Kind
from archive.query.clauses import ResolveValue, as_written
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.parser import parse
from archive.query.request import SearchRequest, Selection, YearRange
from archive.query.synonyms import NO_SYNONYMS, Synonyms
from archive.text.analyzer import Analyzer


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine runs.

    request     as asked, for its sort, paging and limits
    parsed      the query tree on index fields
    selections  what is chosen and excluded, by the facet's own name
    facets      the facets to count
    """

    request: SearchRequest
    parsed: ParsedQuery
    selections: Mapping[str, Selection]
    facets: tuple[Field, ...]

    @property
    def by_relevance(self) -> bool:
        """Whether scores decide the order; an empty query is in order of date instead."""
        return self.request.sort == "relevance" and not self.parsed.matches_all

    @property
    def relaxed(self) -> Plan | None:
        """The plan with any of the words of the query instead of all; None where that is not asked for, or the same."""
        if self.request.all_words or self.parsed.relaxed is None:
            return None
        return replace(self, parsed=replace(self.parsed, tree=self.parsed.relaxed, relaxed=None))

    @property
    def without_filters(self) -> Plan:
        """The plan of the query alone."""
        return replace(self, selections={})

    def describe_filters(self) -> tuple[str, ...]:
        """The selections as a person would say them."""
        return tuple(line for name, selection in self.selections.items() for line in _said(name, selection))


def make_plan(
    request: SearchRequest,
    fields: Fields,
    analyzer: Analyzer,
    synonyms: Synonyms = NO_SYNONYMS,
    resolve: ResolveValue = as_written,
) -> Plan:
    """The plan of a request, every chosen and excluded facet value being the one that `resolve` says is meant.

    Raises QueryError or UsageError for what the archive's fields do not have.
    """

    def resolved(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(resolve(name, value) or value for value in values))

    selections: dict[str, Selection] = {}
    for name, selection in request.selections.items():
        facet = fields.facet(name)
        if facet.kind is Kind.YEAR:
            selection = _with_year_values(selection)
        elif facet.name == "person":
            selection = selection._replace(all=request.all_people)  # by whatever name it was called
        selections[facet.name] = _merged(selections.get(facet.name), selection)
    facets = tuple(dict.fromkeys(fields.facet(name) for name in request.facets))
    parsed = parse(request.query, fields, analyzer, request.any_word, synonyms, resolve)
    selections = {
        name: selection._replace(values=resolved(name, selection.values), excluded=resolved(name, selection.excluded))
        for name, selection in selections.items()
    }
    return Plan(request, parsed, selections, facets)


def _with_year_values(selection: Selection) -> Selection:
    """Years chosen as texts may be ranges; single ones are values, listed even at count 0."""
    chosen = [*map(YearRange.parse, selection.values), *selection.years]
    excluded = [YearRange.parse(text) for text in selection.excluded]
    for years in excluded:
        if years.first != years.last:
            raise UsageError(f"the years {years} cannot be excluded at once", "name each of them, or choose the others")
    return selection._replace(
        values=_single_years(chosen),
        excluded=_single_years(excluded),
        years=tuple(years for years in chosen if years.first != years.last),
    )


def _single_years(ranges: list[YearRange]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{years.first:04}" for years in ranges if years.first == years.last))


def _merged(one: Selection | None, two: Selection) -> Selection:
    """Two ways of naming the same facet (an alias, `--where`) are one selection."""
    if one is None:
        return two
    return Selection(
        tuple(dict.fromkeys(one.values + two.values)),
        tuple(dict.fromkeys(one.excluded + two.excluded)),
        one.missing or two.missing,
        one.all or two.all,
        tuple(dict.fromkeys((*one.years, *two.years))),
    )


def _said(name: str, selection: Selection) -> list[str]:
    said: list[str | YearRange] = [*selection.values, *selection.years]
    if selection.missing:
        said.append(f"(no {name})")
    joiner = " and " if selection.all else " or "
    lines = [f"{name}: {joiner.join(map(str, said))}"] if said else []
    return lines + [f"{name}: not {value}" for value in selection.excluded]


#: A facet, "person" or "venue", and a canonical name in it.
Name = tuple[str, str]


def conjunction(everything: Plan, names: Iterable[Name]) -> Plan:
    """The part of a plan without a query whose articles have every name, declared or mentioned."""
    tree = wq.And([wq.Or([wq.Term(facet, name), wq.Term(mentioned(facet), name)]) for facet, name in names])
    return replace(everything, parsed=ParsedQuery("", tree, (), (), HighlightTerms()))
