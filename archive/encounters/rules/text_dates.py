"""Dates in running text, as EDTF, worked out from the date of the article: "last Saturday of September", "in 1926".

Longest pattern first: what a longer one has read is not read again. A weekday looks back from the article's date
(that day counts), and forward in a clause about the future. Without an article's date only whole dates are read.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from archive.model.dates import day_span

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1, "several": 0, "a few": 0, "couple of": 2, "a couple of": 2, "fifteen": 15, "twenty": 20}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": -1}
_HOLIDAYS = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "christmas eve": (12, 24), "christmas day": (12, 25),
    "boxing day": (12, 26), "halloween": (10, 31), "valentine's day": (2, 14), "valentine’s day": (2, 14),
    "new year’s eve": (12, 31), "new year’s day": (1, 1), "independence day": (7, 4), "fourth of july": (7, 4),
    "bastille day": (7, 14), "st patrick's day": (3, 17), "midsummer's eve": (6, 23), "bonfire night": (11, 5),
    "armistice day": (11, 11), "may day": (5, 1),
}  # fmt: skip
#: First and last month of a season; a winter is taken by its year alone, as it lies in two.
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}

_M = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_D = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
_Y = r"(?P<year>1[5-9]\d\d|20\d\d)\b(?!-\d)"
_W = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_N = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"


@dataclass(frozen=True, slots=True)
class TextDate:
    """A date read off a text: its EDTF form, the words, and their offsets."""

    when: str
    text: str
    start: int
    end: int


class DateReader:
    """Reads dates in the text of one article; `article_date` is its EDTF date, or None."""

    def __init__(self, article_date: str | None) -> None:
        self._known = article_date
        self._read: dict[tuple[str, bool, str | None], list[TextDate]] = {}
        self.today: Date | None = None
        self.year: int | None = None
        if article_date:
            first, last = day_span(article_date)
            if first // 10_000 == last // 10_000:
                self.year = first // 10_000
            self.today = _day(first) if first == last else None
        self._first = _day(day_span(article_date)[0]) if article_date else None

    def dates(self, text: str, *, future: bool = False, anchor: str | None = None) -> list[TextDate]:
        """The dates in a text, in its order.

        future   whether the text is about what is to come: then a weekday or a month is the next one
        anchor   the date of what is being told, to which "the next day" or "that year" refer
        """
        key = (text, future, anchor)
        if (known := self._read.get(key)) is None:
            known = self._read[key] = self._dates(text, future, anchor) if _ANY.search(text) else []
        return known

    def _dates(self, text: str, future: bool, anchor: str | None) -> list[TextDate]:
        taken = bytearray(len(text))
        found: list[TextDate] = []
        for pattern, read in _PATTERNS:
            for match in pattern.finditer(text):
                if taken.find(1, match.start(), match.end()) >= 0:
                    continue
                when = read(self, match, future, anchor)
                if when is None:
                    continue
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                if when:
                    words = _LEADING.sub("", match[0]).strip(" ,.")
                    found.append(TextDate(when, words, match.start(), match.end()))
        return sorted(found, key=lambda each: each.start)

    # -- what each pattern means: an EDTF date, "" for words that are no date but are used up, None for no match ------

    def whole(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """A day, a month or a year that the text gives with its year."""
        parts = match.groupdict()
        month = _MONTHS[parts["month"].lower().rstrip(".")] if parts.get("month") else None
        return _edtf(int(parts["year"]), month, int(parts["day"]) if parts.get("day") else None)

    def season(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "the spring of 1999"."""
        return _season(match["season"].lower(), int(match["year"]))

    def relative_season(self, match: re.Match[str], future: bool, _anchor: str | None) -> str | None:
        """ "last spring", "this summer", "in the autumn"."""
        if self.today is None:
            return None
        season = match["season"].lower()
        span = _SEASONS.get(season, (12, 12))
        ahead = future or (match["which"] or "").lower() == "next"
        year = self.today.year
        last = (match["which"] or "").lower() == "last"
        if ahead and self.today.month > span[1]:
            year += 1
        elif not ahead and (self.today.month < span[0] or (last and self.today.month <= span[1])):
            year -= 1
        return _season(season, year)

    def month_day(self, match: re.Match[str], future: bool, anchor: str | None) -> str | None:
        """A day and a month: of the year that is told of, or else the nearest."""
        month, day = _MONTHS[match["month"].lower().rstrip(".")], int(match["day"])
        if self._first is None:
            return _edtf(int(anchor[:4]), month, day) if anchor and anchor[:4].isdecimal() else None
        years = range(self._first.year - 1, self._first.year + 2)
        known = [each for each in (_date(year, month, day) for year in years) if each]
        if not known:
            return None
        edge = self._first
        if future:
            later = [each for each in known if each >= edge]
            return later[0].isoformat() if later else known[-1].isoformat()
        past = [each for each in known if each <= _end(self._known or "")]
        return past[-1].isoformat() if past else known[0].isoformat()

    def month_alone(self, match: re.Match[str], future: bool, anchor: str | None) -> str | None:
        """ "in June", "last June", "that December"."""
        word = match["month"]
        if word.lower() in ("may", "march", "mar") and not word[0].isupper():
            return None
        month, which = _MONTHS[word.lower().rstrip(".")], (match["which"] or "").lower().split()[-1:]
        if which in (["that"], ["same"], ["following"]):
            return _edtf(int(anchor[:4]), month) if anchor and anchor[:4].isdecimal() else None
        if self._first is None:
            return _edtf(int(anchor[:4]), month) if anchor and anchor[:4].isdecimal() else None
        year = self._first.year
        if future or which == ["next"]:
            year += month < self._first.month or (month == self._first.month and which == ["next"])
        elif month > self._first.month or (month == self._first.month and which == ["last"]):
            year -= 1
        return _edtf(year, month)

    def nth_weekday(self, match: re.Match[str], future: bool, _anchor: str | None) -> str | None:
        """ "the last Saturday of September"."""
        month = _MONTHS[match["month"].lower().rstrip(".")]
        year = int(match["year"]) if match["year"] else None
        if year is None:
            if self._first is None:
                return None
            year = self._first.year - (month > self._first.month and not future)
        days = [
            day
            for day in range(1, calendar.monthrange(year, month)[1] + 1)
            if Date(year, month, day).weekday() == _DAYS[match["weekday"].lower()]
        ]
        number = _ORDINALS[match["nth"].lower()]
        return _edtf(year, month, days[number if number < 0 else number - 1])

    def weekday(self, match: re.Match[str], future: bool, _anchor: str | None) -> str | None:
        """A weekday: back from the article's date, which counts itself; the one after it where it is to come."""
        if self.today is None:
            return None
        which = (match["which"] or "").lower()
        number = _DAYS[match["weekday"].lower()]
        if which in ("next", "coming", "this coming") or (future and which != "last"):
            ahead = (number - self.today.weekday()) % 7
            return (self.today + timedelta(ahead or 7 * (which != "this"))).isoformat()
        back = (self.today.weekday() - number) % 7
        if which in ("last", "past") and back == 0:
            back = 7
        if (match["ago"] or "").lower().strip().endswith("week"):
            back += 7
        return (self.today - timedelta(back)).isoformat()

    def day_word(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "yesterday", "last night", "tomorrow"."""
        if self.today is None:
            return None
        return (self.today + timedelta(_DAY_WORDS[re.sub(r"\s+", " ", match[0].lower())])).isoformat()

    def next_day(self, match: re.Match[str], _future: bool, anchor: str | None) -> str | None:
        """ "the next day", "the day before", of what is told of."""
        if not anchor or len(anchor) != 10:
            return ""
        days = -1 if re.search(r"before|previous|earlier|eve", match[0], re.IGNORECASE) else 1
        return (Date.fromisoformat(anchor) + timedelta(days)).isoformat()

    def same(self, _match: re.Match[str], _future: bool, anchor: str | None) -> str | None:
        """ "that night", "the same evening": the date of what is told of."""
        return anchor or ""

    def week(self, match: re.Match[str], future: bool, _anchor: str | None) -> str | None:
        """ "last week", "next week", "this week", "the weekend"."""
        if self.today is None:
            return None
        which, monday = (match["which"] or "").lower(), self.today - timedelta(self.today.weekday())
        shift = {"last": -7, "next": 7, "past": -7, "previous": -7}.get(which, 0)
        if match["weekend"]:
            if future or which in ("next", "coming"):
                saturday = monday + timedelta(5 + 7 * (which == "next" and self.today.weekday() < 5))
            else:
                saturday = monday - timedelta(2) if self.today.weekday() < 5 else monday + timedelta(5)
                if which == "last" and self.today.weekday() >= 5:
                    saturday -= timedelta(7)
            return f"{saturday}/{saturday + timedelta(1)}"
        if not which or which == "this":
            return f"{monday}/{monday + timedelta(6)}" if which else None
        return f"{monday + timedelta(shift)}/{monday + timedelta(shift + 6)}"

    def unit(self, match: re.Match[str], _future: bool, anchor: str | None) -> str | None:
        """ "last month", "next year", "that year"."""
        which, unit = match["which"].lower(), match["unit"].lower()
        if which in ("that", "the same", "same"):
            return (anchor[:4] if unit == "year" else anchor[:7]) if anchor else ""
        if which in ("the following", "the next", "following", "the previous"):
            step = -1 if which == "the previous" else 1
            if anchor and unit == "year" and anchor[:4].isdecimal():
                return _edtf(int(anchor[:4]) + step)
            return ""
        if self._first is None:
            return None
        step = {"last": -1, "next": 1, "this": 0}[which]
        return _shifted(self._first, unit, step)

    def ago(self, match: re.Match[str], _future: bool, anchor: str | None) -> str | None:
        """ "three weeks ago", "two years earlier"."""
        number = match["number"].lower()
        amount = int(number) if number.isdecimal() else _NUMBERS[number]
        back = match["back"].lower()
        start: Date | None = self._first
        if back != "ago" and anchor and "/" not in anchor and anchor[:4].isdecimal():
            start = _day(day_span(anchor)[0])
        if start is None or not amount:
            return ""
        step = amount if back in ("later", "on") else -amount
        return _shifted(start, match["unit"].lower().rstrip("s"), step)

    def holiday(self, match: re.Match[str], future: bool, anchor: str | None) -> str | None:
        """A holiday with a fixed date."""
        month, day = _HOLIDAYS[match["holiday"].lower()]
        if match["year"]:
            return _edtf(int(match["year"]), month, day)
        if anchor and anchor[:4].isdecimal() and (self.year is None or int(anchor[:4]) != self.year):
            return _edtf(int(anchor[:4]), month, day)
        if self._first is None:
            return None
        year = self._first.year
        if future:
            year += (month, day) < (self._first.month, self._first.day)
        else:
            year -= (month, day) > (self._first.month, self._first.day)
        return _edtf(year, month, day)

    def instant(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "the 17th inst.", "the 3rd ult."."""
        if self._first is None:
            return None
        month = self._first.replace(day=1)
        if match["which"].lower().startswith("ult"):
            month -= timedelta(1)
        return _edtf(month.year, month.month, int(match["day"]))

    def day_alone(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "on the 21st": of the article's month, or the one before."""
        if self.today is None:
            return None
        day, month = int(match["day"]), self.today.replace(day=1)
        if day > self.today.day:
            month -= timedelta(1)
        return _edtf(month.year, month.month, day)

    def decade(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "the 1960s"."""
        return f"{match['decade']}X"

    def decade_word(self, match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """ "the sixties": of the twentieth century, but for an older article."""
        century = 18 if self.year is not None and self.year < 1920 else 19
        return f"{century}{_DECADES.index(match['word'].lower()) + 2}X"

    def span_of_days(self, match: re.Match[str], future: bool, anchor: str | None) -> str | None:
        """ "4-7 May 2019", "from May 4 to 7"."""
        month = _MONTHS[match["month"].lower().rstrip(".")]
        year = int(match["year"]) if match["year"] else None
        if year is None:
            near = self.month_day(_AsDay(match), future, anchor)  # type: ignore[arg-type]
            if near is None:
                return None
            year = int(near[:4])
        first, last = _edtf(year, month, int(match["day"])), _edtf(year, month, int(match["until"]))
        return f"{first}/{last}" if first and last and first < last else first

    def life(self, _match: re.Match[str], _future: bool, _anchor: str | None) -> str | None:
        """The years of a life, or a score: no date of anything told."""
        return ""


_DECADES = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]


class _AsDay:
    """A match of a span of days as one of its first day."""

    def __init__(self, match: re.Match[str]) -> None:
        self._match = match

    def __getitem__(self, name: str) -> str | None:
        return self._match[name]


_LEADING = re.compile(r"(?:in|since|until|till|by|of|and|to|from|on)[ -]", re.IGNORECASE)
_DAY_WORDS = {
    "today": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "tonight": 0, "earlier today": 0,
    "yesterday": -1, "last night": -1, "last evening": -1, "yesterday evening": -1, "yesterday morning": -1,
    "yesterday afternoon": -1, "tomorrow": 1, "the day before yesterday": -2, "tomorrow night": 1,
}  # fmt: skip


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


Read = Callable[[DateReader, re.Match[str], bool, "str | None"], "str | None"]
_SAME = r"\b(?:(?:that|the) same|that very|that)"
_PATTERNS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (_compiled(r"\((?:born |b\. ?|c\. ?)?(?:[^()]{0,24} )?\d{4} ?[–—-] ?(?:[^()]{0,24} )?\d{4}[^()]{0,12}\)"), DateReader.life),
    (_compiled(r"\b(?P<year>\d{4})-(?P<month_number>\d\d)-(?P<day>\d\d)\b"),
     lambda _, m, _f, _a: _edtf(int(m["year"]), int(m["month_number"]), int(m["day"]))),
    (_compiled(rf"\b(?P<nth>{'|'.join(_ORDINALS)}) {_W} (?:of|in) {_M}(?:,? {_Y})?(?P<none>)"), DateReader.nth_weekday),
    (_compiled(rf"\b(?:the )?{_D} ?(?:-|–|to|and) ?(?P<until>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of )?{_M}(?:,? {_Y})?"),
     DateReader.span_of_days),
    (_compiled(rf"\b{_M} {_D} ?(?:-|–|to|and) ?(?P<until>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?:,? {_Y})?"),
     DateReader.span_of_days),
    (_compiled(rf"\b(?:the )?{_D} (?:of )?{_M},? {_Y}"), DateReader.whole),
    (_compiled(rf"\b{_M} (?:the )?{_D},? {_Y}"), DateReader.whole),
    (_compiled(rf"\b(?P<holiday>{'|'.join(_HOLIDAYS)}),?(?: (?:of |in )?{_Y})?"), DateReader.holiday),
    (_compiled(rf"\b(?P<season>spring|summer|autumn|fall|winter)(?: of| in|,)? {_Y}"), DateReader.season),
    (_compiled(rf"\b{_M},? (?:of )?{_Y}"), DateReader.whole),
    (_compiled(rf"\b(?:the )?{_D} (?:of )?{_M}(?!\w)"), DateReader.month_day),
    (_compiled(rf"\b{_M} (?:the )?{_D}(?! ?(?:people|guests|minutes|years))"), DateReader.month_day),
    (_compiled(r"\b(?:the )?(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th) (?P<which>ult|inst)(?:\.|imo|ant)?"), DateReader.instant),
    (_compiled(rf"\b{_N} (?P<unit>days?|weeks?|months?|years?|decades?) (?P<back>ago|earlier|before|previously|later)\b"), DateReader.ago),
    (_compiled(rf"\b(?:(?P<which>last|next|this coming|this|coming|past) )?{_W}(?:’s|'s)?(?P<ago> (?:of )?(?:last week))?"), DateReader.weekday),
    (_compiled(rf"\b(?:{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})\b"), DateReader.day_word),
    (_compiled(rf"{_SAME} (?:day|night|evening|afternoon|morning|noon|occasion|weekend|week)\b"), DateReader.same),
    (_compiled(r"\bthe (?:next|following|previous) (?:day|morning|evening|night|afternoon)|\bthe (?:day|night|evening) (?:before|after|earlier)\b"), DateReader.next_day),
    (_compiled(r"\b(?:(?P<which>last|next|this|past|previous|coming)|(?:over|at|during|for|on) the(?: past)?) (?:(?P<weekend>weekend)|week)\b"), DateReader.week),
    (_compiled(r"\b(?P<which>last|next|this|that|the same|the following|the next|the previous) (?P<unit>month|year)\b"), DateReader.unit),
    (_compiled(r"\b(?:(?P<which>last|next|this)|in the|that) (?P<season>spring|summer|autumn|fall|winter)\b"), DateReader.relative_season),
    (re.compile(r"\b(?:(?P<which>(?i:last|next|this|that same|that|the following|the same)) |(?i:in|since|until|till|by|early|late|mid|of|and|to|from)[ -])(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?(?! \d)"), DateReader.month_alone),
    (_compiled(r"\b(?:the |in )?(?P<decade>1[5-9]\d|20\d)0['’]?s\b"), DateReader.decade),
    (_compiled(r"\bthe (?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"), DateReader.decade_word),
    (_compiled(rf"(?<![\d$£€,.])\b{_Y}(?![,.]\d|\d)(?! (?:people|guests|votes|fans|students|villagers))"), DateReader.whole),
    (_compiled(r"\bon the (?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b(?! \w+ary)"), DateReader.day_alone),
)  # fmt: skip
#: What any of these begins or ends with, looked for before them all.
_ANY = re.compile(
    r"\d|day\b|day[’']s|night|evening|morning|tomorrow|week|month|year|ago\b|earlier|spring|summer|autumn|fall\b|winter"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|halloween|ties\b|[ui]lt|inst",
    re.IGNORECASE,
)


def _season(season: str, year: int) -> str | None:
    span = _SEASONS.get(season)
    return f"{year:04}-{span[0]:02}/{year:04}-{span[1]:02}" if span else f"{year:04}"


def _shifted(start: Date, unit: str, step: int) -> str | None:
    if unit == "day":
        return (start + timedelta(step)).isoformat()
    if unit == "week":
        return (start + timedelta(7 * step)).isoformat()
    if unit == "month":
        months = start.year * 12 + start.month - 1 + step
        return _edtf(months // 12, months % 12 + 1)
    return _edtf(start.year + step * (10 if unit == "decade" else 1))


def _edtf(year: int, month: int | None = None, day: int | None = None) -> str | None:
    if not 1 <= year <= 9999:
        return None
    if month is None:
        return f"{year:04}"
    if day is None:
        return f"{year:04}-{month:02}"
    known = _date(year, month, day)
    return known.isoformat() if known else None


def _date(year: int, month: int, day: int) -> Date | None:
    try:
        return Date(year, month, day)
    except ValueError:
        return None


def _day(number: int) -> Date:
    return Date(number // 10_000, number // 100 % 100, number % 100)


def _end(date: str) -> Date:
    return _day(day_span(date)[1]) if date else Date.max


def months_apart(one: str, other: str) -> float:
    """How many months lie between two EDTF dates: 0.0 where they touch."""
    (a, b), (c, d) = (tuple(map(_day, day_span(each))) for each in (one, other))
    return max(0, (c - b).days, (a - d).days) / 30.4
