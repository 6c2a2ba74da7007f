"""A question about people: who is looked for together, where, when, and in which stances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.encounters.cooccurrence import LEVELS, Name
from archive.model.dates import day_span
from archive.model.sightings import STANCES
from archive.query.request import SearchRequest, YearRange


@dataclass(frozen=True, slots=True)
class EncounterQuery:
    """Who is looked for together, at which venues, how close, and in which stances.

    names   canonical names, the person asked about first
    level   the widest level that counts
    scope   a request for the articles to look in
    years   of the occasions, as a request has them; none for all
    stances  which to answer with
    """

    names: tuple[Name, ...]
    level: str
    scope: SearchRequest
    years: tuple[YearRange, ...] = ()
    stances: tuple[str, ...] = STANCES

    @property
    def people(self) -> tuple[str, ...]:
        """The people asked for."""
        return tuple(name for facet, name in self.names if facet == "person")

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues asked for."""
        return tuple(name for facet, name in self.names if facet == "venue")

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that count, the closest first."""
        return LEVELS[: LEVELS.index(self.level) + 1]

    def has_year(self, date: str | None) -> bool:
        """Whether an occasion of a date lies in the years asked for; an undated one lies in none."""
        return in_years(date, self.years)


#: The years of occasions that are asked for; none for all.
YearRanges = Sequence[YearRange]


def in_years(date: str | None, years: YearRanges) -> bool:
    """Whether a date may lie in some years; any does where none are given, and no date in none."""
    if not years:
        return True
    if date is None:
        return False
    first, last = (day // 10_000 for day in day_span(date))
    return any((start or 0) <= last and first <= (end or 9999) for start, end in years)
