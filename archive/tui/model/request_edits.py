"""Changes to a request, one function a gesture: all that the facets and breadcrumbs can do.

Every function takes a request and returns another; none knows a widget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from archive.query.request import SearchRequest, YearRange


class How(Enum):
    """In which way a constraint narrows."""

    QUERY = "query"
    CHOSEN = "chosen"
    EXCLUDED = "excluded"
    MISSING = "missing"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that a request demands: its query, or something of a facet; `value` is empty for a missing bucket."""

    facet: str
    value: str
    how: How

    @property
    def label(self) -> str:
        """The constraint in words, as a breadcrumb shows it."""
        if self.how is How.MISSING:
            return f"no {self.facet}"
        return self.value.replace("..", "–") if self.how is How.YEARS else self.value


def constraints(request: SearchRequest) -> tuple[Constraint, ...]:
    """Every constraint of a request: its query, then facet by facet."""
    query = request.query.strip()
    return (*([Constraint("", query, How.QUERY)] if query else []), *_of_facets(request))


def _of_facets(request: SearchRequest) -> Iterator[Constraint]:
    yield from (
        constraint
        for facet, selection in request.selections.items()
        for constraint in (
            *(Constraint(facet, value, How.CHOSEN) for value in selection.values),
            *(Constraint(facet, str(years), How.YEARS) for years in selection.years),
            *([Constraint(facet, "", How.MISSING)] if selection.missing else []),
            *(Constraint(facet, value, How.EXCLUDED) for value in selection.excluded),
        )
    )


def toggled(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """With a value chosen, or no longer chosen; choosing ends its exclusion."""
    if facet == "year":
        return years_toggled(request, YearRange.parse(value))
    values = _values(request, facet, excluded=False)
    chosen = [each for each in values if each != value] if value in values else [*values, value]
    request = _with_values(request, facet, chosen, excluded=False)
    others = [each for each in _values(request, facet, excluded=True) if each != value]
    return _with_values(request, facet, others, excluded=True)


def excluded(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """With a value excluded, or no longer excluded; excluding ends its choice."""
    values = _values(request, facet, excluded=True)
    out = [each for each in values if each != value] if value in values else [*values, value]
    request = _with_values(request, facet, out, excluded=True)
    chosen = [each for each in _values(request, facet, excluded=False) if each != value]
    return _with_values(request, facet, chosen, excluded=False)


def missing_toggled(request: SearchRequest, facet: str) -> SearchRequest:
    """With the articles chosen, or no longer, that have no value of the facet."""
    others = tuple(each for each in request.missing if each != facet)
    return request.replace(missing=others if facet in request.missing else (*others, facet))


def years_toggled(request: SearchRequest, years: YearRange) -> SearchRequest:
    """With some years chosen beside the others; or no longer, where all of them are chosen in one range."""
    if years in request.year:
        return request.replace(year=tuple(each for each in request.year if each != years))
    first, last = years
    if first is not None and last is not None and any(first in each and last in each for each in request.year):
        return request.replace(year=tuple(rest for each in request.year for rest in _apart_from(each, first, last)))
    return request.replace(year=(*request.year, years))


def _apart_from(chosen: YearRange, first: int, last: int) -> Iterator[YearRange]:
    """What is left of a chosen range without the years from `first` to `last`."""
    if first not in chosen and last not in chosen:
        yield chosen
        return
    if chosen.first is None or chosen.first < first:
        yield YearRange(chosen.first, first - 1)
    if chosen.last is None or last < chosen.last:
        yield YearRange(last + 1, chosen.last)


def years_only(request: SearchRequest, years: YearRange) -> SearchRequest:
    """With that range of years and no other; the same range again takes it away."""
    return request.replace(year=() if request.year == (years,) else (years,))


def all_people_toggled(request: SearchRequest) -> SearchRequest:
    """Every chosen person must be there, or any of them."""
    return request.replace(all_people=not request.all_people)


def removed(request: SearchRequest, constraint: Constraint) -> SearchRequest:
    """Without one constraint."""
    facet, value = constraint.facet, constraint.value
    match constraint.how:
        case How.QUERY:
            return request.replace(query="")
        case How.MISSING:
            return request.replace(missing=tuple(each for each in request.missing if each != facet))
        case How.YEARS:
            return request.replace(year=tuple(each for each in request.year if str(each) != value))
        case how:
            kept = [each for each in _values(request, facet, excluded=how is How.EXCLUDED) if each != value]
            return _with_values(request, facet, kept, excluded=how is How.EXCLUDED)


def cleared(request: SearchRequest) -> SearchRequest:
    """Without any constraint; the query and the order stay."""
    return SearchRequest(request.query, sort=request.sort)


def question(request: SearchRequest) -> SearchRequest:
    """What is asked, apart from which part of the answer is wanted: fit to compare and to keep."""
    return replace(SearchRequest(), **{name: getattr(request, name) for name in ASKED})


#: The fields of a request that say what is asked.
ASKED = (
    "query", "person", "venue", "year", "not_person", "not_venue", "all_people", "where", "not_where",
    "missing", "any_word", "expand", "sort",
)  # fmt: skip


def _values(request: SearchRequest, facet: str, *, excluded: bool) -> list[str]:
    selection = request.selections.get(facet)
    if selection is None:
        return []
    return list(selection.excluded if excluded else selection.values)


def _with_values(request: SearchRequest, facet: str, values: list[str], *, excluded: bool) -> SearchRequest:
    """The same request with these values of a facet chosen (or excluded)."""
    if facet in ("person", "venue"):
        return request.replace(**{f"not_{facet}" if excluded else facet: tuple(values)})
    name = "not_where" if excluded else "where"
    others = tuple(pair for pair in getattr(request, name) if pair[0] != facet)
    return request.replace(**{name: (*others, *((facet, value) for value in values))})
