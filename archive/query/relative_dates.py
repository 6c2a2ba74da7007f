"""Dates relative to today: `yesterday`, `last-month`, `30-days-ago`, as a query may have them."""

from __future__ import annotations

import re
from datetime import date, timedelta

#: For error messages.
EXAMPLES = "date:yesterday, date:last-month.. or date:30-days-ago.."

_DAYS = {"today": 0, "yesterday": 1}
_UNITS_BACK = {"this": 0, "last": 1}
_NAMED = re.compile(r"(this|last)-(week|month|year)")
_AGO = re.compile(r"(\d{1,4})-(day|week|month|year)s?-ago")


def today() -> date:
    """The day that relative dates count from, in local time."""
    return date.today()


def absolute_date(text: str) -> str | None:
    """The EDTF date that a relative one means today: a day, a week from Monday to Sunday, a month or a year.

    None for any other text. Raises ValueError for a time before the year 1.
    """
    name = "-".join(text.casefold().split())
    if name in _DAYS:
        return _before(_DAYS[name], "day", text)
    if match := _NAMED.fullmatch(name):
        return _before(_UNITS_BACK[match[1]], match[2], text)
    if match := _AGO.fullmatch(name):
        return _before(int(match[1]), match[2], text)
    return None


def _before(count: int, unit: str, text: str) -> str:
    now = today()
    try:
        match unit:
            case "day":
                return (now - timedelta(days=count)).isoformat()
            case "week":
                monday = now - timedelta(days=now.weekday(), weeks=count)
                return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
            case "month":
                year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
                return date(year, month + 1, 1).isoformat()[:7]
        return f"{date(now.year - count, 1, 1).year:04}"
    except (OverflowError, ValueError):
        raise ValueError(f"{text!r} is before the year 1") from None
