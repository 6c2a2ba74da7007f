"""An audit of names and dates: where the metadata say one thing and the text another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.model.article import Article
from archive.names.aliases_used import FACET_KEYS
from archive.names.dates_in_text import LateDate, late_dates
from archive.names.entity_linker import with_ad_hoc_mentions
from archive.names.near_duplicates import MinHashIndex, groups
from archive.text.analyzer import fold


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
