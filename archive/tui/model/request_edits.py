"""Edits of a request, one function per gesture in the facet panel, the histogram and the breadcrumb.

Every function takes a request and returns another; none knows a widget.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from archive import SearchRequest, YearRange

#: A clause of a query that narrows it to months.
#: What the chart puts into a query, for months and for days.
_PERIODS = {
    digits: re.compile(rf"date:(?P<first>{period})(?:\.\.(?P<last>{period}))?")
    for digits, period in ((7, r"\d{4}-\d\d"), (10, r"\d{4}-\d\d-\d\d"))
}


class ConstraintKind(Enum):
    """How a constraint narrows a search."""

    QUERY = "query"
    CHOSEN = "chosen"
    EXCLUDED = "excluded"
    MISSING = "missing"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One condition of a request: its query, or one about a facet; `value` is empty for a missing value."""

    facet: str
    value: str
    kind: ConstraintKind

    @property
    def label(self) -> str:
        """The constraint as the breadcrumb shows it."""
        if self.kind is ConstraintKind.MISSING:
            return f"no {self.facet}"
        return self.value.replace("..", "–") if self.kind is ConstraintKind.YEARS else self.value

    @property
    def description(self) -> str:
        """The constraint in a phrase."""
        match self.kind:
            case ConstraintKind.QUERY:
                return f"“{self.value}”"
            case ConstraintKind.MISSING:
                return f"no {self.facet}"
            case ConstraintKind.EXCLUDED:
                return f"the exclusion of {self.value}"
        return f"{self.facet} {self.label}"


def constraints(request: SearchRequest) -> tuple[Constraint, ...]:
    """Every constraint of a request: its query, then facet by facet."""
    query = request.query.strip()
    return (*([Constraint("", query, ConstraintKind.QUERY)] if query else []), *_of_facets(request))


def _of_facets(request: SearchRequest) -> Iterator[Constraint]:
    yield from (
        constraint
        for facet, selection in request.selections.items()
        for constraint in (
            *(Constraint(facet, value, ConstraintKind.CHOSEN) for value in selection.values),
            *(Constraint(facet, str(years), ConstraintKind.YEARS) for years in selection.years),
            *([Constraint(facet, "", ConstraintKind.MISSING)] if selection.missing else []),
            *(Constraint(facet, value, ConstraintKind.EXCLUDED) for value in selection.excluded),
        )
    )


def toggled(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """Select a value, or deselect it; selecting ends its exclusion."""
    if facet == "year":
        return years_toggled(request, YearRange.parse(value))
    if facet == "seen_with":
        return toggled(request, "person", value).replace(all_people=True)
    if facet == "seen_at":
        return toggled(request, "venue", value)
    values = _values(request, facet, excluded=False)
    others = [each for each in values if each != value] if value in values else [*values, value]
    request = _with_values(request, facet, others, excluded=False)
    others = [each for each in _values(request, facet, excluded=True) if each != value]
    return _with_values(request, facet, others, excluded=True)


def chosen(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """With a value selected, whether it was or not."""
    return request if value in _values(request, facet, excluded=False) else toggled(request, facet, value)


def excluded(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """Exclude a value, or no longer; excluding deselects it."""
    values = _values(request, facet, excluded=True)
    out = [each for each in values if each != value] if value in values else [*values, value]
    request = _with_values(request, facet, out, excluded=True)
    others = [each for each in _values(request, facet, excluded=False) if each != value]
    return _with_values(request, facet, others, excluded=False)


def missing_toggled(request: SearchRequest, facet: str) -> SearchRequest:
    """Select the articles without a value of the facet, or no longer."""
    others = tuple(each for each in request.missing if each != facet)
    return request.replace(missing=others if facet in request.missing else (*others, facet))


def years_toggled(request: SearchRequest, years: YearRange) -> SearchRequest:
    """Add a range of years to those selected; or remove it, where one selected range covers it."""
    if years in request.year:
        return request.replace(year=tuple(each for each in request.year if each != years))
    first, last = years
    if first is not None and last is not None and any(first in each and last in each for each in request.year):
        return request.replace(year=tuple(rest for each in request.year for rest in _subtract(each, first, last)))
    return request.replace(year=(*request.year, years))


def _subtract(years: YearRange, first: int, last: int) -> Iterator[YearRange]:
    """The parts of a selected range outside the years from `first` to `last`."""
    if first not in years and last not in years:
        yield years
        return
    if years.first is None or years.first < first:
        yield YearRange(years.first, first - 1)
    if years.last is None or last < years.last:
        yield YearRange(last + 1, years.last)


def years_only(request: SearchRequest, years: YearRange) -> SearchRequest:
    """Select that range of years and no other; if it already is the only one, none."""
    return request.replace(year=() if request.year == (years,) else (years,))


def periods_toggled(request: SearchRequest, first: str, last: str) -> SearchRequest:
    """Narrow the query to some months ("2016-03") or days, or no longer: they are no facet, but queries have them."""
    clause = f"date:{first}" if first == last else f"date:{first}..{last}"
    kept = without_periods(request, len(first)).query
    return request.replace(query=kept if clause in request.query.split() else f"{kept} {clause}".strip())


def without_periods(request: SearchRequest, digits: int) -> SearchRequest:
    """Without the months (7 digits, "2016-03") or the days (10) that the query is narrowed to."""
    kept = [word for word in request.query.split() if not _PERIODS[digits].fullmatch(word)]
    return request.replace(query=" ".join(kept))


def chosen_periods(request: SearchRequest, digits: int) -> tuple[str, str] | None:
    """The first and the last month (7 digits) or day (10) that the query is narrowed to; None if it is not."""
    found = next(filter(None, map(_PERIODS[digits].fullmatch, request.query.split())), None)
    return None if found is None else (found["first"], found["last"] or found["first"])


def all_people_toggled(request: SearchRequest) -> SearchRequest:
    """Require every selected person, or any of them."""
    return request.replace(all_people=not request.all_people)


def removed(request: SearchRequest, constraint: Constraint) -> SearchRequest:
    """Without one constraint."""
    facet, value = constraint.facet, constraint.value
    match constraint.kind:
        case ConstraintKind.QUERY:
            return request.replace(query="")
        case ConstraintKind.MISSING:
            return request.replace(missing=tuple(each for each in request.missing if each != facet))
        case ConstraintKind.YEARS:
            return request.replace(year=tuple(each for each in request.year if str(each) != value))
        case kind:
            out = kind is ConstraintKind.EXCLUDED
            kept = [each for each in _values(request, facet, excluded=out) if each != value]
            return _with_values(request, facet, kept, excluded=out)


def cleared(request: SearchRequest) -> SearchRequest:
    """Without any constraint but the query; the order stays."""
    return SearchRequest(request.query, sort=request.sort)


def _values(request: SearchRequest, facet: str, *, excluded: bool) -> list[str]:
    selection = request.selections.get(facet)
    if selection is None:
        return []
    return list(selection.excluded if excluded else selection.values)


def _with_values(request: SearchRequest, facet: str, values: list[str], *, excluded: bool) -> SearchRequest:
    """The request with these values of a facet selected (or excluded)."""
    if facet in ("person", "venue"):
        return request.replace(**{f"not_{facet}" if excluded else facet: tuple(values)})
    name = "not_where" if excluded else "where"
    others = tuple(pair for pair in getattr(request, name) if pair[0] != facet)
    return request.replace(**{name: (*others, *((facet, value) for value in values))})
