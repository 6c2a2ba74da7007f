"""Dates as people, programs and libraries write them: `c. 1998`, `Feb 21, 1998`, `1990s`, the name of a file.

Whatever is read becomes a date as `archive.model.dates` has it, as precise as it is and no more. What cannot be told is
said: a number that could be the day or the month, a day that does not exist.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from archive.model.dates import MARKS, date_of_parts, parse_date


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


@lru_cache(maxsize=1 << 14)
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
        date = date.rstrip(MARKS) + mark
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
            return DateReading(date_of_parts(shown, *parts), doubt)
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

_YEAR_IN_NAME = re.compile(r"[12]\d{3}", re.ASCII)
_IN_ADDRESS = re.compile(r"(?:^|/)([12]\d{3})[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)")


def split_name_date(name: str) -> tuple[DateReading, str]:
    """The date with which a file's name begins or ends, and the rest of the name; none that does not exist."""
    if not _YEAR_IN_NAME.search(name):
        return DateReading(None), name
    at_start, at_end = _name_patterns()
    for match in (at_start.match(name), at_end.search(name)):
        if match is None:
            continue
        reading = read_date(match[0].replace("_", " ") if " " in match[0] else match[0])
        if reading.date and "/" not in reading.date and (not reading.doubt or "first" in reading.doubt):
            return reading, (name[: match.start()] + name[match.end() :]).strip(" -_.,")
    return DateReading(None), name


@cache
def _name_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a date looks like where a file's name begins, and where it ends."""
    months = "|".join(sorted((name for name in _MONTH_NUMBERS if name.isascii()), key=len, reverse=True))
    date = (
        r"[12]\d{3}([-_.])\d{1,2}(?:\1\d{1,2})?|[12]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
        r"|\d{1,2}([-_.])\d{1,2}\2[12]\d{3}"
        rf"|(?:{months})\.?[ _-]\d{{1,2}}(?:st|nd|rd|th)?,?[ _-][12]\d{{3}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?[ _-](?:{months})\.?,?[ _-][12]\d{{3}}"
    )
    return (
        re.compile(rf"(?:{date}|[12]\d{{3}})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII),
        re.compile(rf"(?<![0-9A-Za-z.])(?:{date})\Z", re.IGNORECASE | re.ASCII),
    )


def date_in_address(address: str) -> str | None:
    """The date that the folders of an address say, as in `/2017/03/28/choir`."""
    match = _IN_ADDRESS.search(address)
    if not match:
        return None
    return _numbers(address, *match.groups()).date
