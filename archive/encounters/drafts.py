"""Drafts: the rows of a question before their evidence is fetched, as arrays over all articles at once.

Of one person a draft is a scene that has him or her; of two, a sighting of both; of more, what the sightings of a
scene say of them all. An article that has all who are asked for, and says nothing of them, has one draft that is only
`mentioned`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from archive.encounters.cooccurrence import LEVELS, Name
from archive.encounters.model import Encounter
from archive.encounters.query import EncounterQuery, YearRanges
from archive.encounters.sighting_rows import mentioned_row, photograph_row, sightings_about
from archive.encounters.sighting_sources import SightingSource
from archive.model.article import Article
from archive.model.dates import OPEN, day_span
from archive.model.sighting_columns import NONE, PHOTO, VENUES_DECLARED, Ints, SightingColumns, text_key
from archive.model.sightings import ASSERTED, STANCES, Sighting
from archive.query.limits import READING, current_deadline

_TOGETHER, _PRESENT, _ABSENT, _EXPECTED, _CONTACT, _MENTIONED = map(STANCES.index, STANCES)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_DECLARED = LEVELS.index("declared")

#: The article of a document of a source, complete.
Load = Callable[[SightingSource, int], Article | None]


@dataclass(slots=True)
class DraftTable:
    """Drafts as arrays of one length; see `Drafts` for what they are of.

    source, doc   the source and its document
    stance, level  numbers in STANCES and LEVELS
    first, last   days that the occasion's date can mean (YYYYMMDD), 0 as the first where it is open; -1 where there is
                  none. Of a draft that is only mentioned, the article's
    when          digest of the occasion's date; 0 for none
    place         which of `sightings_about` its article it is; -1 for none
    alike         digest of what it says: two that say the same in nearly the same articles count once; 0 for never
    row           the number of its row in `rows`, where that is known already; else -1
    """

    source: Ints
    doc: Ints
    stance: Ints
    level: Ints
    first: Ints
    last: Ints
    when: Ints
    place: Ints
    alike: Ints
    row: Ints

    def __len__(self) -> int:
        return len(self.doc)

    def take(self, which: Ints) -> DraftTable:
        """Some of the drafts, by a mask or by their places."""
        return DraftTable(*(getattr(self, each.name)[which] for each in fields(self)))


class _RowDrafts(NamedTuple):
    """The drafts of one source that come from its rows, document after document, each in the order of the text."""

    rows: Ints
    stance: Ints
    alike: Ints


class Drafts:
    """All drafts of a question.

    table   the drafts; `rows` those rows that had to be read already
    """

    def __init__(self, sources: Sequence[SightingSource], question: EncounterQuery, load: Load) -> None:
        self.sources, self._question, self._load = sources, question, load
        self.rows: list[Encounter] = []
        self._asked: Sequence[Name] = question.names
        parts = [part for number, source in enumerate(sources) for part in self._of_source(number, source)]
        names = [each.name for each in fields(DraftTable)]
        self.table = DraftTable(*(in_a_row([getattr(part, name) for part in parts]) for name in names))
        del self._load  # a cycle would keep the index's files open until the garbage collector comes by

    def _of_source(self, number: int, source: SightingSource) -> Iterator[DraftTable]:
        if not len(source.docs):
            return
        columns, question = source.columns, self._question
        people = [columns.name_number(name) for name in question.people]
        venues = [columns.name_number(name) for name in question.venues]
        told = np.empty(0, np.int64)
        if len(people) > 2:
            table, told = self._of_several(number, source, people)
            yield table
        elif min(people) >= 0:
            part = (_of_one if len(people) == 1 else _of_two)(columns, source.docs, people, bool(venues))
            if venues:
                fits = np.isin(columns.venue[part.rows], [each for each in venues if each >= 0])
                part = _RowDrafts(*(values[fits] for values in part))
            docs = docs_of_rows(columns, part.rows)
            first, last = days(columns, columns.when[part.rows])
            yield DraftTable(
                np.full(len(docs), number), docs, part.stance.astype(np.int64),
                columns.level[part.rows].astype(np.int64), first, last,
                date_keys(columns, columns.when[part.rows]), _places(docs), part.alike, np.full(len(docs), NONE),
            )  # fmt: skip
            told = np.unique(docs)
        yield from self._mentioned(number, source, np.setdiff1d(source.docs, told))

    def _of_several(self, number: int, source: SightingSource, people: Sequence[int]) -> tuple[DraftTable, Ints]:
        """The drafts of three people or more, of which the articles that pair any of them are read."""
        columns = source.columns
        rows = [columns.rows_of_person(each) for each in people]
        every = np.unique(np.concatenate(rows))
        both = np.isin(columns.one[every], people) & np.isin(columns.other[every], people)
        docs = np.intersect1d(docs_of_rows(columns, every[both]), source.docs)
        found: list[tuple[int, int, Sighting]] = []
        for doc in current_deadline().checked(docs.tolist(), 1, READING):
            if (article := self._load(source, doc)) is not None:
                found += [(doc, at, each) for at, each in enumerate(sightings_about(article, self._asked))]
        alike = np.array([_alike_of(each) for _, _, each in found], np.uint64)
        spans = [_days_of(each.when) for _, _, each in found]
        table = DraftTable(
            np.full(len(found), number), np.array([doc for doc, _, _ in found], np.int64),
            np.array([STANCES.index(each.stance) for _, _, each in found], np.int64),
            np.array([LEVELS.index(each.level) for _, _, each in found], np.int64),
            np.array([first for first, _ in spans], np.int64), np.array([last for _, last in spans], np.int64),
            np.array([text_key(each.when) if each.when else 0 for _, _, each in found], np.uint64),
            np.array([at for _, at, _ in found], np.int64), alike, np.full(len(found), NONE),
        )  # fmt: skip
        return table, np.unique(table.doc)

    def _mentioned(self, number: int, source: SightingSource, docs: Ints) -> Iterator[DraftTable]:
        """The drafts of articles that say nothing of those asked for: photographs that show them, and mere mentions."""
        columns, question = source.columns, self._question
        flags = columns.flags[docs]
        reads = (flags & PHOTO) > 0
        if question.venues:  # a venue that is only named, in an article that declares others, may be no mention
            reads |= (flags & VENUES_DECLARED) > 0
        if question.level != LEVELS[-1]:
            reads |= True
        known = docs[~reads]
        first, last = days(columns, columns.date[known])
        none = np.full(len(known), NONE)
        zero = np.zeros(len(known), np.uint64)
        yield DraftTable(
            np.full(len(known), number), known, np.full(len(known), _MENTIONED), np.full(len(known), _DECLARED),
            first, last, zero, none, zero, none,
        )  # fmt: skip
        kept: list[int] = []
        before = len(self.rows)
        deadline = current_deadline()
        for doc in deadline.checked(docs[reads].tolist(), 1, READING):
            if (article := self._load(source, doc)) is not None:
                row = photograph_row(article, self._asked) or mentioned_row(article, self._asked, deadline)
                if row is not None:
                    kept.append(doc)
                    self.rows.append(row)
        read = self.rows[before:]
        spans = [_days_of(each.occasion_date) for each in read]
        yield DraftTable(
            np.full(len(read), number), np.array(kept, np.int64),
            np.array([STANCES.index(each.stance) for each in read], np.int64),
            np.array([LEVELS.index(each.level) for each in read], np.int64),
            np.array([day for day, _ in spans], np.int64), np.array([day for _, day in spans], np.int64),
            np.array([text_key(each.when) if each.when else 0 for each in read], np.uint64),
            np.full(len(read), NONE), np.zeros(len(read), np.uint64), np.arange(before, len(self.rows)),
        )  # fmt: skip


def in_a_row(arrays: Iterable[Ints]) -> Ints:
    """Arrays one after the other; an empty one has no say in the type of the numbers."""
    return np.concatenate([each for each in arrays if len(each)] or [np.empty(0, np.int64)])


# -- rows of columns -------------------------------------------------------------------


def docs_of_rows(columns: SightingColumns, rows: Ints) -> Ints:
    """The document of each row."""
    docs: Ints = np.searchsorted(columns.row_at, rows.astype(np.uint32), "right").astype(np.int64) - 1
    return docs


def rows_among(columns: SightingColumns, rows: Ints, docs: Ints) -> tuple[Ints, Ints]:
    """Those of some rows that are in `docs`, and their documents."""
    of = docs_of_rows(columns, rows)
    if len(docs) == columns.documents:
        return rows, of
    meant = np.zeros(columns.documents, np.bool_)
    meant[docs] = True
    return rows[meant[of]], of[meant[of]]


def days(columns: SightingColumns, dates: Ints) -> tuple[Ints, Ints]:
    """The first and the last day that dates of a column can mean; -1 where there is none."""
    first = np.append(columns.first_days, NONE).astype(np.int64)
    last = np.append(columns.last_days, NONE).astype(np.int64)
    return first[dates], last[dates]


def in_year_ranges(first: Ints, last: Ints, years: YearRanges) -> Ints:
    """As `query.in_years`, of arrays of first and last days; -1 as the first is no date."""
    found: Ints = np.full(len(first), not years)
    first_years, last_years = first // 10_000, last // 10_000
    for start, end in years:
        np.logical_or(found, ((start or 0) <= last_years) & (first_years <= (end or 9999)) & (first >= 0), out=found)
    return found


def date_keys(columns: SightingColumns, dates: Ints) -> Ints:
    """The digests of dates of a column; 0 where there is none."""
    return _keys(columns.date_keys, dates)


def name_keys(columns: SightingColumns, names: Ints) -> Ints:
    """The digests of names of a column; 0 where there is none."""
    return _keys(columns.name_keys, names)


def _keys(table: Ints, numbers: Ints) -> Ints:
    keys: Ints = np.append(table, np.uint64(0))[numbers]
    return keys


def is_present(columns: SightingColumns, rows: Ints) -> Ints:
    """Which rows say that people were there."""
    found: Ints = columns.stance[rows] <= _PRESENT
    return found


def mixed(*parts: Ints) -> Ints:
    """One digest of several numbers each, never 0."""
    found = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        found = (found ^ part.astype(np.uint64)) * _PRIME
        found ^= found >> np.uint64(29)
    return found | np.uint64(1)


def group_starts(*keys: Ints) -> Ints:
    """Where rows that are sorted by some keys begin to have others."""
    if not len(keys[0]):
        return np.empty(0, np.int64)
    changed = np.zeros(len(keys[0]), np.bool_)
    changed[0] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    starts: Ints = np.flatnonzero(changed)
    return starts


def _places(docs: Ints) -> Ints:
    """The place of each row among those of its document, which stand in a row."""
    starts = group_starts(docs)
    places: Ints = np.arange(len(docs)) - np.repeat(starts, np.diff(np.append(starts, len(docs))))
    return places


def _of_two(columns: SightingColumns, docs: Ints, people: Sequence[int], at_venue: bool) -> _RowDrafts:
    """The sightings of both; see `sighting_rows._candidates`."""
    rows = columns.rows_of_person(people[0])
    rows = rows[(columns.one[rows] == people[1]) | (columns.other[rows] == people[1])]
    rows, of = rows_among(columns, rows, docs)
    order = np.lexsort((rows, columns.place[rows], of))
    rows = rows[order]
    gone, swapped = columns.absent[rows], columns.one[rows] == people[1]
    gone = np.where(swapped, ((gone & 1) << 1) | (gone >> 1), gone)
    return _RowDrafts(rows, columns.stance[rows], _alike(columns, rows, columns.stance[rows], gone))


def _of_one(columns: SightingColumns, docs: Ints, people: Sequence[int], at_venue: bool) -> _RowDrafts:
    """What is said of one person, scene by scene; see `sighting_rows._of_one`."""
    (person,) = people
    rows, of = rows_among(columns, columns.rows_of_person(person), docs)
    order = np.lexsort((rows, columns.scene[rows], of))
    rows, of = rows[order], of[order]
    starts = group_starts(of, columns.scene[rows])
    if not len(starts):
        return _RowDrafts(rows, columns.stance[rows], np.empty(0, np.uint64))
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    stance, alone = columns.stance[rows], columns.other[rows] < 0
    there = stance <= _PRESENT
    # The one that says most simply that they were there: of fewest people, then the first in the text.
    simplicity = (~alone).astype(np.int64) << 62 | columns.place[rows].astype(np.int64) << 31 | np.arange(len(rows))
    simplicity[~there] = np.iinfo(np.int64).max
    best = np.minimum.reduceat(simplicity, starts)
    is_there = best < np.iinfo(np.int64).max
    chosen = np.zeros(len(rows), np.bool_)
    chosen[best[is_there] & ((1 << 31) - 1)] = True
    together = np.logical_or.reduceat(stance == _TOGETHER, starts) & (not at_venue)
    told = np.where(chosen, np.where(together[group], _TOGETHER, _PRESENT), stance)
    gone = (stance == _ABSENT) & alone & ((columns.absent[rows] & 1) > 0) & ~is_there[group]
    first_gone = np.zeros(len(rows), np.bool_)
    gone_at = np.flatnonzero(gone)
    first_gone[gone_at[group_starts(group[gone_at])]] = True
    is_gone = np.logical_or.reduceat(gone, starts)
    chosen |= first_gone
    if not at_venue:
        chosen |= ((stance == _EXPECTED) | (stance == _CONTACT)) & ~is_there[group] & ~is_gone[group]
    rows, of, told = rows[chosen], of[chosen], told[chosen]
    order = np.lexsort((rows, columns.scene[rows], columns.place[rows], of))
    rows, told = rows[order], told[order]
    return _RowDrafts(rows, told, _alike(columns, rows, told, (told == _ABSENT).astype(np.int64)))


def _alike(columns: SightingColumns, rows: Ints, stance: Ints, gone: Ints) -> Ints:
    """Digests of what rows say of those asked for; 0 where they may count twice."""
    keys = mixed(stance, date_keys(columns, columns.when[rows]), name_keys(columns, columns.venue[rows]), gone)
    keys[stance > _ABSENT] = 0
    return keys


def _alike_of(sighting: Sighting) -> int:
    if sighting.stance not in ASSERTED:
        return 0
    gone = ", ".join(sorted(sighting.absent))
    return text_key(repr((sighting.stance, sighting.when, sighting.venue, gone)))


def _days_of(date: str | None) -> tuple[int, int]:
    if date is None:
        return NONE, NONE
    first, last = day_span(date)
    return (0 if date.startswith(OPEN) else first), last
