"""Dates as far as they are known, in the one form that the whole archive uses.

A date is text in a subset of EDTF (ISO 8601-2:2019, level 1): `2023`, `2023-10` or `2023-10-21`; `199X` or `19XX`
where the last digits of the year are unknown; any of these with a mark behind it, `?` (uncertain), `~`
(approximate) or `%` (both); and `1998/2001` for a time from one to the other. Nothing is ever filled in: an article
of "October 2023" is not one of 1 October.

`parse_date` reads that form and no other; `read_date` reads what people write, and says what it could not tell.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\S.*)?)?)?")
_UNSPECIFIED_YEAR = re.compile(r"\d(?:\dXX|\d\dX|XXX)")
_MARKS = "?~%"


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
    mark = text[-1:] if text[-1:] in _MARKS else ""
    date = text.removesuffix(mark)
    if _UNSPECIFIED_YEAR.fullmatch(date):
        return date + mark
    match = _ISO.fullmatch(date)
    if not match or (mark and len(date) > 10):
        raise ValueError(f"{text!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    return _checked(text, *(int(part) if part else None for part in match.groups())) + mark


def _checked(text: str, year: int | None, month: int | None = None, day: int | None = None) -> str:
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
    start, slash, end = date.partition("/")
    return _first_day(start), _last_day(end if slash else start)


def _first_day(date: str) -> int:
    year, month, day = _parts(date, "0")
    return max(year, 1) * 10000 + (month or 1) * 100 + (day or 1)


def _last_day(date: str) -> int:
    year, month, day = _parts(date, "9")
    month = month or 12
    return year * 10000 + month * 100 + (day or calendar.monthrange(year, month)[1])


def _parts(date: str, unspecified: str) -> tuple[int, int, int]:
    parts = [int(part) for part in date.rstrip(_MARKS).replace("X", unspecified).split("-")]
    year, month, day = parts + [0] * (3 - len(parts))
    return year, month, day


@lru_cache(maxsize=4096)
def enclosing_date(date: str) -> str:
    """The most precise date without marks that holds all of `date`: of an interval, what its ends have in common.

    An interval over several years is taken as the decade of its beginning.
    """
    if "/" not in date:
        return date.rstrip(_MARKS)
    first, last = day_span(date)
    for unit in (1, 100, 10_000):
        if first // unit == last // unit:
            return date_of_key(first // unit * unit)
    return f"{first // 100_000:03}X"


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


# -- what people write -----------------------------------------------------------------


class DateReading(NamedTuple):
    """A date as it was understood: canonical, or None; `doubt` says what could not be told, "" if nothing."""

    date: str | None
    doubt: str = ""


_UNDATED = """
unknown undated none null nil n.d. n.d nd s.d. s.d sd o.d. o.j. o.j n/a na tbd ? ?? ???? - -- no_date not_dated xxxx
uuuu 0000 0000-00-00 date_unknown unknown_date not_known sine_dato sin_fecha sans_date ohne_datum ohne_jahr
"""
_UNDATED_WORDS = frozenset(_UNDATED.split())
_MONTHS = """
jan january januar janvier janv enero ene gennaio gen januari janeiro
feb february februar février fevrier févr fevr febrero febbraio februari fevereiro fev
mar march märz maerz mrz mars marzo maart mrt março marco
apr april avril avr abril abr aprile
may mai mayo maggio mag mei maio maj
jun june juni juin junio giugno giu junho
jul july juli juillet juil julio luglio lug julho
aug august août aout agosto ago augustus augusti
sep september sept septembre septiembre settembre set setembro
oct october oktober okt octobre octubre ottobre ott outubro out
nov november novembre noviembre novembro
dec december dezember dez décembre decembre déc diciembre dic dicembre desember des dezembro
"""
_MONTH_NUMBERS = {
    unicodedata.normalize("NFC", name): number
    for number, names in enumerate(_MONTHS.strip().splitlines(), 1)
    for name in names.split()
}
_WEEKDAYS = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
#: What stands around a date and says nothing of it: weekdays, prepositions, the time of day, its zone.
_TIME = re.compile(
    r"[T ,]*(?:\bat )?\b\d{1,2}[:.]\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?\b)?"
    r"\s*(?:Z\b|(?:UTC|GMT)?\s*[+-]\d\d:?\d\d\b|\(?\b[A-Z]{2,5}\b\)?)?(?:\s*\([A-Z]{2,5}\))?(?=\s|$)",
    re.IGNORECASE,
)
_FILLING = re.compile(rf"\b(?:{_WEEKDAYS}\b\.?|of|the|on|de|del|do|le|den|der|am)(?=[\s,]|$)|[,]", re.IGNORECASE)
_APPROXIMATE = re.compile(
    r"(?:c(?:a|irca)?\.?|about|around|approx(?:\.|imately)?|roughly|um|vers|~)\s*(?=\S)", re.IGNORECASE
)
_UNCERTAIN = re.compile(r"(?:probably|possibly|perhaps|maybe|presumably|prob\.|poss\.)\s+", re.IGNORECASE)
_PART = re.compile(
    r"(?:early|mid(?:dle)?|late|spring|summer|autumn|fall|winter|christmas|easter)(?:[\s-]+(?:in|of))?[\s-]+",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(\d\d\d)0['’]?s|the (\d\d\d)0['’]?s", re.IGNORECASE)
_CENTURY = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th) c(?:entury|ent?\.?|\.)", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})([-/._: ])(\d{1,2})(?:\2(\d{1,2}))?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/._ ])(\d{1,2})\2(\d{4})(?:[T ,].*)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEARS = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{2}|\d{4})")
_BETWEEN = re.compile(
    r"(?:between|from)\s+(.+?)\s+(?:and|to|until)\s+(.+)|(.+?)(?:\s+(?:to|until)\s+|\s*[–—]\s*|\s+-\s+|/)(.+)",
    re.IGNORECASE,
)
_WORD = re.compile(r"(\d+)(?:st|nd|rd|th|er|º|ª)?\.?|([^\W\d_]+)\.?", re.IGNORECASE)
#: Longer than this is no date, whatever it says.
_LONGEST = 100


@lru_cache(maxsize=4096)
def read_date(text: str) -> DateReading:
    """The date that people, programs and libraries write as `text`, as precise as it is.

    What is unknown by its own word ("n.d.") is no date and no doubt; where day and month could be either, or there
    is no such day, as much as is certain is the date.
    """
    shown = " ".join(text.split())
    if not shown:
        return DateReading(None)
    try:
        return DateReading(parse_date(shown))
    except ValueError:
        pass
    if len(shown) > _LONGEST:
        return DateReading(None, f"{shown[:50]!r}… is not a date")
    said = unicodedata.normalize("NFC", shown).strip(" []()<>;,").rstrip(".")
    if said.casefold().replace(" ", "_") in _UNDATED_WORDS or shown.casefold() in _UNDATED_WORDS:
        return DateReading(None)
    mark, said = _take_marks(re.sub(r"^(\d{3})\?$", r"\1X", said))
    reading = _read(said, shown)
    if reading is None:
        return DateReading(None, f"{shown!r} is not a date that can be understood")
    date, doubt = reading
    if date and mark and "/" not in date:
        date = date.rstrip(_MARKS) + mark
    return DateReading(date, doubt)


def _take_marks(text: str) -> tuple[str, str]:
    """The EDTF mark for the words and signs of doubt around a date, and the date."""
    approximate = uncertain = False
    while True:
        if match := _APPROXIMATE.match(text):
            approximate, text = True, text[match.end() :]
        elif match := _UNCERTAIN.match(text):
            uncertain, text = True, text[match.end() :]
        elif re.fullmatch(r".*\d\s*\(?\?\)?", text) and not re.search(r"-\?\?$", text):
            uncertain, text = True, text.rstrip("?() ")
        elif text[-1:] in "~%" and text[-2:-1].isalnum():
            approximate, uncertain, text = True, uncertain or text[-1] == "%", text[:-1]
        else:
            break
    return "%" if approximate and uncertain else "~" if approximate else "?" if uncertain else "", text.strip()


def _read(text: str, shown: str) -> DateReading | None:
    """The date in `text`, without marks around it; None where it is none at all."""
    if match := _PART.match(text):
        text = text[match.end() :]
    text = re.sub(r"(?:-(?:\?\?|xx|uu|--|00)){1,2}$", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"\d{2,3}[xu?-]{1,2}", text, re.IGNORECASE) and len(text) == 4:
        text = re.sub(r"[xu?-]", "X", text, flags=re.IGNORECASE)
    if match := _DECADE.fullmatch(text):
        return DateReading((match[1] or match[2]) + "X")
    if match := _CENTURY.fullmatch(text):
        return DateReading(f"{int(match[1]) - 1:02}XX") if 1 < int(match[1]) <= 30 else None
    try:
        return DateReading(parse_date(text))
    except ValueError:
        pass
    if match := _COMPACT.fullmatch(text):
        return _numbers(shown, match[1], match[2], match[3])
    if match := _YEARS.fullmatch(text):
        return _years(match[1], match[2], shown)
    if match := _YEAR_FIRST.fullmatch(text):
        return _numbers(shown, match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        return _day_or_month(shown, match[1], match[3], match[4], day_first=match[2] == ".")
    if match := _MONTH_YEAR.fullmatch(text):
        return _numbers(shown, match[2], match[1], None)
    if reading := _written_out(text, shown):
        return reading
    return _interval(text)


def _numbers(shown: str, year: str, month: str, day: str | None) -> DateReading:
    """A date of numbers; of one that does not exist, the part that does."""
    parts = [int(part) for part in (year, month, day) if part is not None]
    doubt = ""
    while parts:
        try:
            return DateReading(_checked(shown, *parts), doubt)
        except ValueError as error:
            doubt = doubt or str(error)
            parts.pop()
    return DateReading(None, doubt)


def _day_or_month(shown: str, one: str, other: str, year: str, *, day_first: bool) -> DateReading:
    """A date whose year comes last: only a number over 12, or the dots of the continent, say which is the day."""
    if int(one) > 12 or (day_first and int(other) <= 12) or one == other:
        return _numbers(shown, year, other, one)
    if int(other) > 12:
        return _numbers(shown, year, one, other)
    if int(one) == int(other):
        return _numbers(shown, year, one, other)
    return DateReading(_numbers(shown, year, "1", None).date and f"{int(year):04}",
                       f"{shown!r} can be read day first or month first")  # fmt: skip


def _years(first: str, last: str, shown: str) -> DateReading | None:
    """`1998-2001` or `1998-99`; `1998-02` is a month and has been read before."""
    last = first[:2] + last if len(last) == 2 else last
    if int(first) < int(last):
        return DateReading(f"{first}/{last}")
    return DateReading(first, f"{shown!r} is neither a month nor a time from one year to another")


def _written_out(text: str, shown: str) -> DateReading | None:
    """A date with the month's name in it, in whatever order."""
    text = _FILLING.sub(" ", _TIME.sub(" ", text)).replace("-", " ").replace("/", " ")
    days: list[int] = []
    years: list[int] = []
    months: list[int] = []
    at = 0
    for match in _WORD.finditer(text):
        if text[at : match.start()].strip():
            return None
        at = match.end()
        if (number := match[1]) and len(number) == 4:
            years.append(int(number))
        elif number and len(number) < 3:
            days.append(int(number))
        elif month := _MONTH_NUMBERS.get((match[2] or "").casefold()):
            months.append(month)
        else:
            return None
    if text[at:].strip() or len(years) != 1 or len(months) > 1 or len(days) > 1 or (days and not months):
        return None
    return _numbers(shown, *(str(each[0]) if each else None for each in (years, months, days)))  # type: ignore[arg-type]


def _interval(text: str) -> DateReading | None:
    """A time from one date to another, each written in its own way."""
    match = _BETWEEN.fullmatch(text)
    if not match:
        return None
    ends = [read_date(part) for part in match.groups() if part]
    if any(end.date is None or "/" in end.date or end.doubt for end in ends):
        return None
    try:
        return DateReading(parse_date("/".join(end.date for end in ends if end.date)))
    except ValueError:
        return None


# -- dates in the names of files and in addresses --------------------------------------

_NAME_MONTH = "|".join(sorted((name for name in _MONTH_NUMBERS if name.isascii()), key=len, reverse=True))
_NAME_DATE = (
    r"[12]\d{3}([-_.])\d{1,2}(?:\1\d{1,2})?|[12]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,2}([-_.])\d{1,2}\2[12]\d{3}"
    rf"|(?:{_NAME_MONTH})\.?[ _-]\d{{1,2}}(?:st|nd|rd|th)?,?[ _-][12]\d{{3}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?[ _-](?:{_NAME_MONTH})\.?,?[ _-][12]\d{{3}}"
)
_AT_START = re.compile(rf"(?:{_NAME_DATE}|[12]\d{{3}})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
_AT_END = re.compile(rf"(?<![0-9A-Za-z.])(?:{_NAME_DATE})\Z", re.IGNORECASE | re.ASCII)
_IN_ADDRESS = re.compile(r"(?:^|/)([12]\d{3})[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)")


def split_name_date(name: str) -> tuple[DateReading, str]:
    """The date with which a file's name begins or ends, and the rest of the name; none that does not exist."""
    for place in (_AT_START, _AT_END):
        for match in _longest_first(place, name):
            reading = read_date(match[0].replace("_", " ") if " " in match[0] else match[0])
            if reading.date and "/" not in reading.date and (not reading.doubt or "first" in reading.doubt):
                return reading, (name[: match.start()] + name[match.end() :]).strip(" -_.,")
    return DateReading(None), name


def _longest_first(place: re.Pattern[str], name: str) -> Iterator[re.Match[str]]:
    if match := place.match(name) if place is _AT_START else place.search(name):
        yield match


def date_in_address(address: str) -> str | None:
    """The date that the folders of an address say, as in `/2017/03/28/choir`."""
    match = _IN_ADDRESS.search(address)
    if not match:
        return None
    return _numbers(address, *match.groups()).date
