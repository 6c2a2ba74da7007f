"""Dates as far as they are known, in the one form that the whole archive uses.

A date is text in a subset of EDTF (ISO 8601-2:2019, level 1): `2023`, `2023-10` or `2023-10-21`; `199X` or `19XX`
where the last digits of the year are unknown; any of these with a mark behind it, `?` (uncertain), `~`
(approximate) or `%` (both); and `1998/2001` for a time from one to the other. The date of an occasion may also
be open at one end: `2016-05/..` and `../2016`. Nothing is ever filled in: an article
of "October 2023" is not one of 1 October.

`parse_date` reads that form and no other; `archive.corpus.written_dates` reads what people write.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\S.*)?)?)?")
_UNSPECIFIED_YEAR = re.compile(r"\d(?:\dXX|\d\dX|XXX)")
#: Marks of EDTF behind a date: uncertain, approximate, both.
MARKS = "?~%"


@lru_cache(maxsize=4096)
def parse_date(text: str) -> str:
    """The canonical form of an EDTF date (see the module); a time of day is dropped.

    Raises ValueError, whose text says what is wrong with it.
    """
    text = text.strip()
    start, slash, end = text.partition("/")
    if not slash:
        return _single(text)
    interval = f"{_single(start)}/{_single(end)}"
    if _first_day(interval.partition("/")[0]) > _last_day(interval.rpartition("/")[2]):
        raise ValueError(f"{text!r} ends before it begins")
    return interval


def _single(text: str) -> str:
    mark = text[-1:] if text[-1:] in MARKS else ""
    date = text.removesuffix(mark)
    if _UNSPECIFIED_YEAR.fullmatch(date):
        return date + mark
    match = _ISO.fullmatch(date)
    if not match or (mark and len(date) > 10):
        raise ValueError(f"{text!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    return date_of_parts(text, *(int(part) if part else None for part in match.groups())) + mark


def date_of_parts(text: str, year: int | None, month: int | None = None, day: int | None = None) -> str:
    """The date of these numbers; raises ValueError where there is no such date, naming it as `text`."""
    if not year or not 1 <= year <= 9999:
        raise ValueError(f"{text!r} has no valid year")
    if month is None:
        return f"{year:04}"
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} has no month {month}")
    if day is None:
        return f"{year:04}-{month:02}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(f"{text!r} does not exist: that month has no day {day}")
    return f"{year:04}-{month:02}-{day:02}"


# -- what a date means -----------------------------------------------------------------


@lru_cache(maxsize=4096)
def day_span(date: str) -> tuple[int, int]:
    """First and last day that a canonical date can mean, as numbers YYYYMMDD."""
    if len(date) == 10 and len(digits := date.replace("-", "")) == 8 and digits.isdecimal():
        return int(digits), int(digits)  # what nearly all of them are
    start, slash, end = date.partition("/")
    first = _EVER[0] if start == OPEN else _first_day(start)
    return first, _EVER[1] if end == OPEN else _last_day(end if slash else start)


#: The open end of an interval, and the first and last day of all.
OPEN = ".."
_EVER = (1_01_01, 9999_12_31)


def _first_day(date: str) -> int:
    year, month, day = _parts(date, "0")
    return max(year, 1) * 10000 + (month or 1) * 100 + (day or 1)


def _last_day(date: str) -> int:
    year, month, day = _parts(date, "9")
    month = month or 12
    return year * 10000 + month * 100 + (day or calendar.monthrange(year, month)[1])


def _parts(date: str, unspecified: str) -> tuple[int, int, int]:
    parts = [int(part) for part in date.rstrip(MARKS).replace("X", unspecified).split("-")]
    year, month, day = parts + [0] * (3 - len(parts))
    return year, month, day


@lru_cache(maxsize=4096)
def enclosing_date(date: str) -> str:
    """The most precise date without marks that holds all of `date`: of an interval, what its ends have in common.

    An interval over several years is taken as the decade of its beginning.
    """
    if "/" not in date:
        return date.rstrip(MARKS)
    ends = date.split("/")
    if OPEN in ends:  # the end that is known
        return enclosing_date(next(end for end in ends if end != OPEN))
    first, last = day_span(date)
    for unit in (1, 100, 10_000):
        if first // unit == last // unit:
            return date_of_key(first // unit * unit)
    return f"{first // 100_000:03}X"


@lru_cache(maxsize=4096)
def year_of(date: str) -> int | None:
    """The one year that a canonical date lies in; None for a decade, or a time over several years."""
    first, last = day_span(date)
    return first // 10_000 if first // 10_000 == last // 10_000 else None


#: In the place of the month: the year before that is the last before a decade, century or millennium.
_UNSPECIFIED = 99


@lru_cache(maxsize=4096)
def date_key(date: str) -> int:
    """A number that sorts as dates do: YYYYMMDD of the enclosing date, with 00 for what is not known.

    A decade comes before its first year, a century before its first decade.
    """
    date = enclosing_date(date)
    if digits := date.count("X"):
        year = int(date.replace("X", "0"))
        return max(year - 1, 0) * 10_000 + _UNSPECIFIED * 100 + _UNSPECIFIED - digits
    year, month, day = _parts(date, "")
    return year * 10_000 + month * 100 + day


def date_range(dates: Iterable[str]) -> tuple[str | None, str | None]:
    """The first and the last of some canonical dates, as dates are sorted."""
    known = sorted((date_key(date), date) for date in dates if date)
    return (known[0][1], known[-1][1]) if known else (None, None)


def date_of_key(key: int) -> str:
    """The date of a key."""
    year, rest = divmod(key, 10_000)
    month, day = divmod(rest, 100)
    if month == _UNSPECIFIED:
        digits = _UNSPECIFIED - day
        return f"{year + 1 if year else 0:04}"[:-digits] + "X" * digits
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


@lru_cache(maxsize=1 << 16)
def period_of_key(key: int, digits: int) -> str:
    """The first `digits` characters of a key's date; of one whose year is not known, all of it."""
    date = date_of_key(key)
    return date if "X" in date else date[:digits]
