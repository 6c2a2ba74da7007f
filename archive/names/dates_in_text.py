"""Dates in a text that are later than the article says it is: one of the two is wrong.

Only dates with a month and a year, or a past event's year, count, and only in a sentence that
speaks of the past and not of what is to come; a preview or a prophecy is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.article import Article
from archive.text.sentences import sentences, wordset

_MONTHS = {
    name: number
    for number, names in enumerate(
        """january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|
        november nov|december dec""".replace("\n", "").split("|"), 1)
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:1[6-9]|20)\d\d"
_NTH = r"(?:st|nd|rd|th)?"
_ISO = r"(?:1[6-9]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}){_NTH}(?: of)? )?(?P<month>{_NAMES})\.?(?: (?P<day2>\d{{1,2}}){_NTH})?,?"
    rf" (?P<in>{_YEAR})\b"
    rf"|\b(?P<iso>{_ISO})\b"
    rf"|\b(?:in|since|during) (?P<year>{_YEAR})\b(?![-:])",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|had|did|ago|went|came|won|lost|died|said|took|gave|made|met|held|began|\w{3,}ed)\b")
_COMING = wordset(
    """will shall would could should may might must to next until till by expected expects due plans planned planning
    scheduled hopes hoped aims promised promises intends expires expiring ending valid upcoming coming forthcoming
    future candidate election if unless when before forecast predicted predicts proposed set for deadline towards"""
)


@dataclass(frozen=True, slots=True)
class LateDate:
    """A date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`) in a sentence of an article that is of an earlier one."""

    date: str
    sentence: str


def late_dates(article: Article) -> Iterator[LateDate]:
    """Where the text of a dated article tells of something past that is later than its date."""
    if not article.date or not _DATE.search(article.body):
        return
    for start, end in sentences(article.body):
        sentence = article.body[start:end]
        said = map(_said, _DATE.finditer(sentence))
        late = next((date for date in said if date[: len(article.date)] > article.date[: len(date)]), None)
        if late is not None and _is_past(sentence):
            yield LateDate(late, " ".join(sentence.split()))


def _said(match: re.Match[str]) -> str:
    if date := match["iso"] or match["year"]:
        return date
    year, month = match["in"], f"{_MONTHS[match['month'].casefold()]:02}"
    day = match["day"] or match["day2"]
    return f"{year}-{month}-{int(day):02}" if day and 0 < int(day) < 32 else f"{year}-{month}"


def _is_past(sentence: str) -> bool:
    words = set(re.findall(r"[a-z]+", sentence.casefold()))
    return bool(_PAST.search(sentence)) and not words & _COMING
