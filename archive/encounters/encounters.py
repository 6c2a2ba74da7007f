"""Encounters: the sightings of those asked for, found in what the index keeps of every article.

Most articles are not read for it: columns of sightings say who was where and when, and only the rows that are given
get their sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from archive.encounters.cooccurrence import LEVELS, Name, is_unrecorded
from archive.encounters.drafts import Drafts, DraftTable, in_year_ranges
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Encounter, Encounters
from archive.encounters.near_copies import distinct
from archive.encounters.query import EncounterQuery, YearRanges
from archive.encounters.sighting_rows import encounter, mentioned_row, sightings_about
from archive.encounters.sighting_sources import SightingSource, sighting_sources
from archive.engine.protocol import Engine
from archive.model.article import Article
from archive.model.dates import date_key, date_range, period_of_key
from archive.model.frozen_dict import FrozenDict
from archive.model.sighting_columns import Ints, text_key
from archive.model.sightings import PRESENT, STANCES
from archive.names.entity_linker import with_ad_hoc_mentions
from archive.query.limits import READING, current_deadline
from archive.query.plan import Plan, conjunction

_MENTIONED = STANCES.index("mentioned")


def find_encounters(
    engine: Engine,
    everything: Plan,
    of_years: Plan,
    question: EncounterQuery,
    judge: SightingJudge,
    limit: int | None,
) -> Encounters:
    """The encounters that are asked for, the latest occasion first, among the articles of a plan.

    of_years  the plan of those whose own date is in the years asked for
    """
    articles = engine.count(conjunction(of_years, question.names))
    found = FoundDrafts(engine, conjunction(everything, question.names), question, judge)
    kept = found.distinct(found.within(question.levels, question.years))
    counts = np.bincount(kept.table.stance, minlength=len(STANCES)).tolist()
    asked = np.isin(kept.table.stance, [STANCES.index(stance) for stance in question.stances])
    rows = found.rows(kept.table.take(asked), limit, kept.sources)
    known = FrozenDict({stance: count for stance, count in zip(STANCES, counts, strict=True) if count})
    return Encounters(question.people, question.venues, question.level, articles, tuple(rows), known, judge.by_rules)


def dates_of_presence(
    engine: Engine, everything: Plan, question: EncounterQuery, judge: SightingJudge
) -> tuple[list[str], int]:
    """The dates of the occasions at which all who are asked for were, each once; and how many others have none."""
    found = FoundDrafts(engine, conjunction(everything, question.names), question, judge)
    there = there_of(found.within(question.levels, question.years))
    every = there_of(found.within(question.levels, ()))
    undated = found.distinct(every.take(every.first < 0)).table
    return found.dates(there), len(undated)


def presences_by_period(
    engine: Engine, plan: Plan, question: EncounterQuery, judge: SightingJudge, digits: int
) -> dict[str, int]:
    """How many encounters there are in the articles of a plan, by the first digits of their date; "" where undated."""
    found = FoundDrafts(engine, plan, question, judge)
    table = found.distinct(found.within(question.levels, question.years)).table
    periods: Counter[str] = Counter()
    for date, count in found.counted_dates(there_of(table)):
        periods[period_of_key(date_key(date), digits) if date else ""] += count
    return dict(periods)


@dataclass(frozen=True, slots=True)
class DistinctDrafts:
    """Drafts of which those that nearly the same articles have are one.

    sources  of a draft that several articles have, by `_identity`: the source and document of all, its own first
    """

    table: DraftTable
    sources: dict[tuple[int, int, int], list[tuple[int, int]]]


class FoundDrafts:
    """The drafts of a question, and the rows and dates of some of them."""

    def __init__(self, engine: Engine, plan: Plan, question: EncounterQuery, judge: SightingJudge) -> None:
        current_deadline().work = READING
        self._engine, self._question, self._judge = engine, question, judge
        # With three people asked for, the sightings of the others with each other count too.
        person = question.people[0] if len(question.people) < 3 else ""
        self.sources = sighting_sources(engine, plan, judge, person)
        self._loaded: dict[str, Article | None] = {}
        self._drafts = Drafts(self.sources, question, self._load)

    @property
    def table(self) -> DraftTable:
        """All drafts."""
        return self._drafts.table

    def within(self, levels: Sequence[str], years: YearRanges) -> DraftTable:
        """The drafts of some levels whose occasions may lie in some years."""
        table = self.table
        fits = table.level < len(LEVELS[: max(map(LEVELS.index, levels)) + 1])
        return table.take(fits & in_year_ranges(table.first, table.last, years))

    def distinct(self, table: DraftTable) -> DistinctDrafts:
        """The drafts without those that nearly the same articles have as well: the newest article stands for all."""
        kept, told = distinct(self.sources, table.source, table.doc, table.alike)
        return DistinctDrafts(table.take(kept), {_identity(table, at): documents for at, documents in told.items()})

    def rows(
        self,
        table: DraftTable,
        limit: int | None = None,
        sources: dict[tuple[int, int, int], list[tuple[int, int]]] | None = None,
    ) -> Iterator[Encounter]:
        """The rows of drafts, the latest occasion first, and in the order of the text within an article."""
        for at in current_deadline().checked(self._latest_first(table, limit), 1, READING):
            row = self._row(table, at)
            if row is None:
                continue
            others = (sources or {}).get(_identity(table, at), [])
            ids = (self.sources[number].ids([doc])[0] for number, doc in others)
            yield replace(row, sources=tuple(dict.fromkeys((row.id, *ids))))

    def dates(self, table: DraftTable, *, of_articles: bool = False) -> list[str]:
        """The dates of the occasions of drafts, or of their articles; each once, and not in order."""
        if not of_articles:
            return sorted(date for date, _ in self.counted_dates(table) if date)
        found: set[str] = set()
        for number, source in enumerate(self.sources):
            dates = np.unique(source.columns.date[table.doc[table.source == number]])
            found.update(source.columns.texts("dates", dates[dates >= 0]))
        return sorted(found)

    def counted_dates(self, table: DraftTable) -> Iterator[tuple[str, int]]:
        """The dates of drafts, each with how many have it; "" for none."""
        texts = {key: date for source in self.sources for key, date in _dates_of(source, np.unique(table.when))}
        texts |= {text_key(row.when): row.when for row in self._drafts.rows if row.when}
        keys, counts = np.unique(table.when, return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            yield texts.get(int(key), ""), count

    def range_of(self, table: DraftTable) -> tuple[str | None, str | None]:
        """The first and the last date of drafts: of the occasion, or of the article of one that has none."""
        undated = table.when == 0
        return date_range([*self.dates(table.take(~undated)), *self.dates(table.take(undated), of_articles=True)])

    def articles(self, table: DraftTable) -> int:
        """How many articles drafts are from."""
        return len(np.unique((table.source.astype(np.int64) << 40) | table.doc))

    # -- inside ------------------------------------------------------------------------

    def _load(self, source: SightingSource, doc: int) -> Article | None:
        """The article of a document, judged completely if it can be, with the names that it alone declares."""
        (article_id,) = source.ids([doc])
        if article_id not in self._loaded:
            article = self._engine.get(article_id)
            if article is not None:
                article = self._judge.known(article)
                if is_unrecorded(article, self._question.names):
                    article = replace(article, mentions=with_ad_hoc_mentions(article, current_deadline()))
            self._loaded[article_id] = article
        return self._loaded[article_id]

    def _row(self, table: DraftTable, at: int) -> Encounter | None:
        if table.row[at] >= 0:
            return self._drafts.rows[int(table.row[at])]
        article = self._load(self.sources[int(table.source[at])], int(table.doc[at]))
        if article is None:
            return None
        asked: Sequence[Name] = self._question.names
        if table.place[at] < 0:
            return mentioned_row(article, asked, current_deadline())
        found = sightings_about(article, asked)
        place = int(table.place[at])
        return encounter(article, found[place], list(self._question.people)) if place < len(found) else None

    def _id(self, table: DraftTable, at: int) -> str:
        return self.sources[int(table.source[at])].ids([int(table.doc[at])])[0]

    def _doc_keys(self, table: DraftTable) -> Ints:
        keys = np.full(len(table), -1, np.int64)
        for number, source in enumerate(self.sources):
            mine = table.source == number
            keys[mine] = source.doc_keys(table.doc[mine])
        return keys

    def _latest_first(self, table: DraftTable, limit: int | None) -> list[int]:
        """Sorts the latest occasions first, and of a row without a date by that of its article; undated articles last.

        Those of one day go by the article's date and id, and by the order of the text.
        """
        if not len(table):
            return []
        doc_keys = self._doc_keys(table)
        article = np.where(doc_keys >= 0, -doc_keys, 1)
        first = table.first.copy()
        for number, source in enumerate(self.sources):  # of a row without a date, the first day of its article's
            mine = np.flatnonzero((table.source == number) & (table.when == 0) & (table.stance != _MENTIONED))
            dates = source.columns.date[table.doc[mine]]
            first[mine] = np.append(source.columns.first_days, -1)[dates]
        key = np.where(first > 0, -first, article)
        order = np.lexsort((article, key))
        if limit is not None and len(order) > limit:
            if not limit:
                return []
            last = order[limit - 1]
            order = order[: np.count_nonzero((key < key[last]) | ((key == key[last]) & (article <= article[last])))]
        named = [
            (int(key[at]), int(article[at]), self._id(table, at), int(table.place[at]), at) for at in order.tolist()
        ]
        return [each[-1] for each in sorted(named)][:limit]


def there_of(table: DraftTable) -> DraftTable:
    """The drafts that say that all were there."""
    return table.take(np.isin(table.stance, [STANCES.index(stance) for stance in PRESENT]))


def _dates_of(source: SightingSource, keys: Ints) -> Iterator[tuple[int, str]]:
    columns = source.columns
    places = np.flatnonzero(np.isin(columns.date_keys, keys))
    yield from zip(columns.date_keys[places].tolist(), columns.texts("dates", places), strict=True)


def _identity(table: DraftTable, at: int) -> tuple[int, int, int]:
    return int(table.source[at]), int(table.doc[at]), int(table.place[at])
