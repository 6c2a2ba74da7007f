"""Periods in a row: what was found and what is held, with the silences between."""

from __future__ import annotations

from collections.abc import Mapping

from archive.model.reports import TimelineRow

#: Characters of a date that name its period.
DIGITS = {"year": 4, "month": 7}
#: The period of articles without a date.
UNDATED = "undated"


def rows(hits: Mapping[str, int], held: Mapping[str, int]) -> tuple[TimelineRow, ...]:
    """One row a period from the first to the last held, in order, then one for undated articles if there are any.

    Periods between are filled in, also those of which nothing is held.
    """
    periods = {period for period in held if period}
    if periods:
        periods |= set(_between(min(periods), max(periods), months=any(len(period) > 4 for period in periods)))
    dated = [TimelineRow(period, hits.get(period, 0), held.get(period, 0)) for period in sorted(periods)]
    undated = [TimelineRow(UNDATED, hits.get("", 0), held[""])] if held.get("") else []
    return (*dated, *undated)


def _between(first: str, last: str, months: bool) -> list[str]:
    years = range(int(first[:4]), int(last[:4]) + 1)
    if not months:
        return [f"{year:04}" for year in years]
    every = [f"{year:04}-{month:02}" for year in years for month in range(1, 13)]
    start = first if len(first) > 4 else f"{first}-01"
    end = last if len(last) > 4 else f"{last}-12"
    return [month for month in every if start <= month <= end]
