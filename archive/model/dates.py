"""Dates as far as they are known: `2023`, `2023-10` or `2023-10-21`.

Nothing is ever filled in: an article of "October 2023" is not one of 1 October.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\S.*)?)?)?")


@lru_cache(maxsize=4096)
def parse_date(text: str) -> str:
    """The canonical form of an ISO date of any precision; a time of day is dropped.

    Raises ValueError, whose text says what is wrong with it.
    """
    match = _ISO.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not 1 <= year <= 9999:
        raise ValueError(f"{text!r} has no valid year")
    if match[2] is None:
        return f"{year:04}"
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} has no month {month}")
    if match[3] is None:
        return f"{year:04}-{month:02}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(f"{text!r} does not exist: that month has no day {day}")
    return f"{year:04}-{month:02}-{day:02}"


@lru_cache(maxsize=4096)
def day_span(date: str) -> tuple[int, int]:
    """First and last day that a canonical date can mean, as numbers YYYYMMDD."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = parts + [0] * (3 - len(parts))
    first = year * 10000 + (month or 1) * 100 + (day or 1)
    last_month = month or 12
    last = year * 10000 + last_month * 100 + (day or calendar.monthrange(year, last_month)[1])
    return first, last
