"""Gaps: the times between sightings, as far as the dates are known, and what is held of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date as Date
from itertools import accumulate, groupby

from archive.encounters.model import Gap
from archive.model.dates import day_span


def gaps(dates: Iterable[str], held: Mapping[str, int]) -> tuple[Gap, ...]:
    """The times between `dates`, and after the last, the longest first.

    held  the dates of all articles, each with its number
    """
    known = {date for date in dates if date}
    spans = {date: _span(date) for date in {*known, *held} if date}
    ordered = sorted(known, key=lambda date: (spans[date], date))
    within = _counter(spans, held)
    found = []
    last = ""
    for date in ordered:
        if last and (days := (spans[date][0] - spans[last][1]).days - 1) > 0:
            found.append(Gap(last, date, days, within(spans[last][1], spans[date][0])))
        if not last or spans[date][1] >= spans[last][1]:
            last = date
    if last and (days := (max(span[1] for span in spans.values()) - spans[last][1]).days) > 0:
        found.append(Gap(last, None, days, within(spans[last][1], Date.max)))
    return tuple(sorted(found, key=lambda silence: (-silence.days, silence.after)))


def _counter(spans: Mapping[str, tuple[Date, ...]], held: Mapping[str, int]) -> Callable[[Date, Date], int]:
    """What counts the articles whose date lies between two days, as far as it is known."""
    # Dates of one precision do not overlap, so that those between two days stand in a row.
    kinds = []
    for _, dates in groupby(
        sorted((date for date in held if date), key=lambda date: (len(date), spans[date])), key=len
    ):
        row = list(dates)
        sums = list(accumulate((held[date] for date in row), initial=0))
        kinds.append(([spans[date][0] for date in row], [spans[date][1] for date in row], sums))

    def within(after: Date, before: Date) -> int:
        counted = 0
        for firsts, lasts, sums in kinds:
            counted += max(0, sums[bisect_left(lasts, before)] - sums[bisect_right(firsts, after)])
        return counted

    return within


def _span(date: str) -> tuple[Date, Date]:
    first, last = day_span(date)
    begin = _day(first)
    return begin, begin if first == last else _day(last)


def _day(number: int) -> Date:
    return Date(number // 10000, number // 100 % 100, number % 100)
