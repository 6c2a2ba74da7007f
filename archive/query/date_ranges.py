"""Years and dates in a query, alone or as ranges, as queries on numbers."""

from __future__ import annotations

from whoosh import query as wq

from archive.errors import QueryError, UsageError
from archive.model.dates import day_span, parse_date
from archive.model.fields import DATE_FIRST, DATE_LAST, HAS
from archive.query.request import YearRange


def ends(text: str) -> tuple[str, str]:
    """The ends of `2016..2019`, either possibly empty; of `2016` alone, that twice."""
    start, dots, end = text.partition("..")
    return start, end if dots else start


def year_number(text: str) -> int:
    """The year that `text` is; raises QueryError."""
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 4):
        raise QueryError(f"{text!r} is not a year; write year:2016 or year:2016..2020")
    return int(text)


def year(text: str, boost: float) -> wq.Query:
    """Articles of a year, or of a range of years."""
    try:
        years = YearRange.parse(text)
    except UsageError as error:
        raise QueryError(str(error)) from None
    return wq.NumericRange("year", years.first, years.last, boost=boost)


def date(start: str, end: str) -> wq.Query:
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
