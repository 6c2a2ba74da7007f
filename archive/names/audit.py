"""An audit of names and dates: where the metadata say one thing and the text another.

A date in the text that is later than the article's own is a contradiction only in a sentence that speaks of the
past: a preview or a forecast is none. Only dates with a month and a year, or a past event's year, count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.model.article import FACET_KEYS, Article
from archive.model.dates import day_span
from archive.names.entity_linker import with_ad_hoc_mentions
from archive.names.near_duplicates import MinHashIndex, groups
from archive.text.analyzer import fold
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
    last_day = day_span(article.date)[1]
    for start, end in sentences(article.body):
        sentence = article.body[start:end]
        said = map(_said, _DATE.finditer(sentence))
        late = next((date for date in said if day_span(date)[0] > last_day), None)
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


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An article whose declared names are not those of its text.

    facet        "person" or "venue"
    declared     all that are declared
    unmentioned  declared, but nowhere in the text; undeclared: in the text, but not declared
    """

    id: str
    path: str
    facet: str
    declared: tuple[str, ...]
    unmentioned: tuple[str, ...]
    undeclared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An article whose text tells of something later than its date."""

    id: str
    path: str
    date: str
    late: LateDate


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One article of several that are nearly the same."""

    id: str
    date: str | None
    source: str


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Articles that are nearly the same; `share` is the least that two of them have in common (0 to 1)."""

    copies: tuple[Duplicate, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found; false if nothing.

    articles, independent   how many there are, and how many if those that are one source count once
    """

    articles: int
    independent: int
    disagreements: tuple[Disagreement, ...]
    contradictions: tuple[Contradiction, ...]
    duplicates: tuple[DuplicateGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.disagreements or self.contradictions or self.duplicates)


def audit(articles: Iterable[Article]) -> Audit:
    """Look through articles as they are in the index, with their mentions resolved."""
    disagreements: list[Disagreement] = []
    contradictions: list[Contradiction] = []
    copies: list[Duplicate] = []
    sketches = MinHashIndex()
    for article in articles:
        disagreements += _disagreements(article)
        contradictions += (
            Contradiction(article.id, article.path, article.date or "", late) for late in late_dates(article)
        )
        copies.append(Duplicate(article.id, article.date, article.source))
        sketches.add(article.body)
    found = groups(sketches.similar_pairs(), len(copies))
    duplicates = tuple(DuplicateGroup(tuple(copies[at] for at in numbers), share) for numbers, share in found)
    independent = len(copies) - sum(len(each.copies) - 1 for each in duplicates)
    return Audit(len(copies), independent, tuple(disagreements), tuple(contradictions), duplicates)


def _disagreements(article: Article) -> Iterable[Disagreement]:
    mentions = with_ad_hoc_mentions(article)
    authors = {fold(name) for name in article.authors}  # who wrote it was there
    for facet, key in FACET_KEYS.items():
        declared: tuple[str, ...] = getattr(article, key)
        if key in article.inferred or not (article.body or declared):
            continue
        named = dict.fromkeys(mention.name for mention in mentions if mention.facet == facet)
        unmentioned = tuple(name for name in declared if name not in named and fold(name) not in authors)
        known = set(declared)
        undeclared = tuple(name for name in named if name not in known)
        if unmentioned or undeclared:
            yield Disagreement(article.id, article.path, facet, declared, unmentioned, undeclared)
