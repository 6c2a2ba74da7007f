"""Occasions: the sightings of one scene put together, who was there and who was said not to be.

An occasion that several articles tell of, nearly the same ones, is one with several sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from archive.encounters.drafts import (
    date_keys,
    days,
    group_starts,
    in_a_row,
    in_year_ranges,
    is_present,
    mixed,
    name_keys,
)
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Occasion, Occasions
from archive.encounters.near_copies import distinct
from archive.encounters.query import YearRanges
from archive.encounters.sighting_sources import SightingSource, sighting_sources
from archive.engine.protocol import Engine
from archive.model.article import Article
from archive.model.sighting_columns import Ints
from archive.model.sightings import PRESENT, STANCES
from archive.query.limits import READING, current_deadline
from archive.query.plan import Plan

_ABSENT = STANCES.index("absent")
_TOGETHER = STANCES.index("together")


class _Scenes(NamedTuple):
    """The scenes that are occasions, as arrays.

    source, doc, scene   where each is from
    when   digest of its date; 0 for none
    alike  digest of its date and venue: of nearly the same articles they are one occasion
    day    sorts the latest first, and those without a date by that of the article
    """

    source: Ints
    doc: Ints
    scene: Ints
    when: Ints
    alike: Ints
    day: Ints

    def take(self, which: Ints) -> _Scenes:
        """Some of them, by a mask or by their places."""
        return _Scenes(*(column[which] for column in self))


def find_occasions(
    engine: Engine, plan: Plan, venues: Sequence[str], years: YearRanges, judge: SightingJudge, limit: int | None
) -> Occasions:
    """The occasions that the articles of a plan tell of, at some venues and in some years, the latest first."""
    current_deadline().work = READING
    sources = sighting_sources(engine, plan, judge)
    parts = [_scenes(number, source, venues, years) for number, source in enumerate(sources)]
    every = _Scenes(*map(in_a_row, zip(*parts, strict=True))) if parts else _no_scenes()
    every = every.take(np.argsort(every.day, kind="stable"))
    count = 0 if limit is None else limit
    while True:
        # Copies of a dated occasion are of the same day: those of earlier days need no look.
        some = every if limit is None else every.take((every.when == 0) | _of_first_days(every.day, count))
        kept, told = distinct(sources, some.source, some.doc, some.alike)
        if len(some.doc) == len(every.doc) or int(kept.sum()) >= count:
            break
        count = 2 * len(some.doc)
    guests = _GuestLists(engine, sources, judge)
    leads = np.flatnonzero(kept)
    if limit is not None and len(leads) > limit:
        leads = leads[_of_first_days(some.day[leads], limit)]
    named = [
        (int(some.day[at]), sources[int(some.source[at])].ids([int(some.doc[at])])[0], int(some.scene[at]), at)
        for at in leads.tolist()
    ]
    found = []
    for *_, at in current_deadline().checked(sorted(named)[:limit], 1, READING):
        whole = guests.of(int(some.source[at]), int(some.doc[at]), int(some.scene[at]))
        for number, doc in told.get(at, [])[1:]:
            same = (some.source == number) & (some.doc == doc) & (some.alike == some.alike[at])
            for scene in some.scene[same].tolist():
                other = guests.of(number, doc, scene)
                whole = other if whole is None else whole if other is None else whole.joined(other)
        found += [] if whole is None else [whole]
    return Occasions(found, judge.by_rules)


def _no_scenes() -> _Scenes:
    return _Scenes(*(np.empty(0, np.int64) for _ in _Scenes._fields))


class _GuestLists:
    """The occasions of articles, each article read once."""

    def __init__(self, engine: Engine, sources: Sequence[SightingSource], judge: SightingJudge) -> None:
        self._engine, self._sources, self._judge = engine, sources, judge
        self._known: dict[tuple[int, int], dict[int, Occasion]] = {}

    def of(self, number: int, doc: int, scene: int) -> Occasion | None:
        """The occasion that a document of a source tells of in a scene."""
        if (number, doc) not in self._known:
            article = self._engine.get(self._sources[number].ids([doc])[0])
            told = () if article is None else occasions_of(self._judge.known(article))
            self._known[number, doc] = {each.scene: each for each in told}
        return self._known[number, doc].get(scene)


def _of_first_days(days_in_order: Ints, count: int) -> Ints:
    """Which of some days in order are those of the first `count`."""
    if not count or not len(days_in_order):
        return np.zeros(len(days_in_order), np.bool_)
    last = days_in_order[min(count, len(days_in_order)) - 1]
    which: Ints = days_in_order <= last
    return which


def _scenes(number: int, source: SightingSource, venues: Sequence[str], years: YearRanges) -> _Scenes:
    """The scenes of a source that are occasions, as `occasions_of` has them."""
    columns = source.columns
    rows = columns.rows_of_docs(source.docs)
    docs = np.repeat(source.docs, columns.row_counts(source.docs))
    asserted = columns.stance[rows] <= _ABSENT
    rows, docs = rows[asserted], docs[asserted]
    order = np.lexsort((rows, columns.scene[rows], docs))
    rows, docs = rows[order], docs[order]
    starts = group_starts(docs, columns.scene[rows])
    if not len(starts):
        return _no_scenes()
    there = is_present(columns, rows)
    first_there = np.minimum.reduceat(np.where(there, np.arange(len(rows)), len(rows)), starts)
    is_occasion = first_there < len(rows)
    first = rows[np.where(is_occasion, first_there, 0)]
    one = columns.one[rows].astype(np.int64)
    least = np.minimum.reduceat(np.where(there, one, np.iinfo(np.int64).max), starts)
    most = np.maximum.reduceat(np.where(there, one, -1), starts)
    several = (least != most) | np.logical_or.reduceat(columns.stance[rows] == _TOGETHER, starts)
    absent = np.logical_or.reduceat((columns.stance[rows] == _ABSENT) & (columns.absent[rows] > 0), starts)
    is_occasion &= several | absent | (columns.venue[first] >= 0)  # else somebody was there, and nobody knows where
    if venues:
        numbers = [columns.name_number(name) for name in venues]
        is_occasion &= np.isin(columns.venue[first], [each for each in numbers if each >= 0])
    begins, ends = days(columns, columns.when[first])
    is_occasion &= in_year_ranges(begins, ends, years)
    first, doc = first[is_occasion], docs[starts][is_occasion]
    article_days, _ = days(columns, columns.date[doc])
    day = np.where(columns.when[first] >= 0, begins[is_occasion], article_days)
    when = date_keys(columns, columns.when[first])
    alike = mixed(when, name_keys(columns, columns.venue[first]))
    scene = columns.scene[first].astype(np.int64)
    return _Scenes(np.full(len(doc), number), doc, scene, when, alike, np.where(day > 0, -day, 1))


def occasions_of(article: Article) -> Iterator[Occasion]:
    """The occasions of one article, in the order of its scenes; its body is not needed."""
    ordered = sorted(article.sightings, key=lambda each: each.scene)
    for scene, group in groupby(ordered, key=lambda each: each.scene):
        of_scene = list(group)
        there = [each for each in of_scene if each.stance in PRESENT]
        grades: dict[str, str] = {}
        for each in there:
            for name in each.people:
                known = grades.setdefault(name, each.grade or "")
                grades[name] = "stated" if "stated" in (known, each.grade) else known
        absent = dict.fromkeys(name for each in of_scene if each.stance == "absent" for name in each.absent)
        if not grades or (len(grades) == 1 and not absent and there[0].venue is None):
            continue  # nobody was there, or one person nobody knows where
        first = there[0]
        yield Occasion(
            when=first.when,
            when_basis=first.when_basis,
            when_text=first.when_text,
            date=article.date,
            venue=first.venue,
            people=tuple(grades),
            stated=tuple(name for name, grade in grades.items() if grade == "stated"),
            absent=tuple(name for name in absent if name not in grades),
            id=article.id,
            title=article.title,
            scene=scene,
            sources=(article.id,),
        )
