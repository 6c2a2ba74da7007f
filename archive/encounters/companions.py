"""Companions: who was seen with somebody, and how much more often than by chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from archive.encounters.drafts import (
    date_keys,
    days,
    in_a_row,
    in_year_ranges,
    is_present,
    mixed,
    name_keys,
    rows_among,
)
from archive.encounters.model import Companion, Companions, SightingFacet
from archive.encounters.near_copies import distinct
from archive.encounters.query import EncounterQuery
from archive.encounters.sighting_sources import SightingSource, sighting_sources, with_request
from archive.engine.facet_listing import ValueTable, list_facet, words_near
from archive.engine.protocol import Engine
from archive.model.dates import date_range
from archive.model.fields import mentioned
from archive.model.results import FacetResult
from archive.model.sighting_columns import Ints, text_key
from archive.query.limits import ACCOMPANYING, current_deadline
from archive.query.plan import Plan, conjunction
from archive.query.request import SearchRequest, Selection
from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    from archive.encounters.judging import SightingJudge

#: People whose articles are counted one by one; of more, all are counted at once.
_CHOSEN = 200
#: Venues listed of a companion.
_VENUES = 5


class _Company(NamedTuple):
    """Where somebody was seen with whom: rows of columns, and of each a value of a facet of sightings.

    source, doc, scene   where each row is from
    when, venue          digests of its date and venue; 0 for none
    value                digest of the value; 0 for none
    """

    source: Ints
    doc: Ints
    scene: Ints
    when: Ints
    venue: Ints
    value: Ints

    @property
    def article(self) -> Ints:
        """A number for each article."""
        numbers: Ints = (self.source.astype(np.int64) << 40) | self.doc
        return numbers

    @property
    def occasion(self) -> Ints:
        """A number for each scene of an article."""
        return mixed(self.article, self.scene)

    def rows_with_value(self) -> _Company:
        """Those that have a value."""
        return self.take(self.value != 0)

    def take(self, which: Ints) -> _Company:
        """Some of the rows, by a mask or by their places."""
        return _Company(*(column[which] for column in self))


def companions(
    engine: Engine,
    everything: Plan,
    of_years: Plan,
    question: EncounterQuery,
    judge: SightingJudge,
    limit: int | None,
) -> Companions:
    """Everybody whom articles name with the person asked for, at the venues asked for, by surprise.

    The surprise is that of being seen together in so many articles, for two who are in so many of all.

    of_years  the plan of the articles whose own date is in the years asked for
    """
    person = question.people[0]
    theirs = conjunction(of_years, question.names)
    of_person, of_all = engine.count(theirs), engine.count(of_years)
    both = _counts(engine, with_request(theirs, facet_limit=None))
    both.pop(person, None)
    totals = _counts(engine, of_years, tuple(both))
    current_deadline().work = ACCOMPANYING
    sources = sighting_sources(engine, conjunction(everything, question.names), judge, person)
    company = _company(sources, question, "seen_with").rows_with_value()
    company = company.take(np.argsort(company.value, kind="stable"))
    articles, sightings = _per_value(company, company.article), _per_value(company, company.occasion)
    dates, places = _texts(sources, company.when, dates=True), _texts(sources, company.venue)

    def score(name: str) -> float:
        seen = min(articles.get(text_key(name), 0), both[name])
        # Articles that only name the two together are no evidence either way: they do not count as the companion's.
        return log_likelihood_ratio(seen, of_person, totals[name] - (both[name] - seen), of_all)

    ranked = sorted(((score(name), name) for name in both), key=lambda each: (-each[0], each[1]))
    rows = []
    for surprise, name in ranked[:limit]:
        key = np.uint64(text_key(name))
        seen = company.take(np.arange(*(int(np.searchsorted(company.value, key, side)) for side in ("left", "right"))))
        first, last = date_range(dates[day] for day in np.unique(seen.when[seen.when != 0]).tolist())
        venues = [venue for venue, _ in _ranked(places, seen.venue)][:_VENUES]
        rows.append(Companion(name, both[name], sightings.get(int(key), 0), surprise, first, last, tuple(venues)))
    return Companions(person, of_person, len(ranked), tuple(rows), judge.by_rules)


def seen_facet(
    engine: Engine,
    everything: Plan,
    question: EncounterQuery,
    judge: SightingJudge,
    facet: str,
    find: str,
    request: SearchRequest,
) -> SightingFacet:
    """With whom ("seen_with") or where ("seen_at") the person asked for was seen, by the number of sightings.

    find     keeps the values that have its words, as `Engine.facet` does
    request  has the order of the values, and their number
    """
    current_deadline().work = ACCOMPANYING
    plan = conjunction(everything, question.names)
    sources = sighting_sources(engine, plan, judge, question.people[0])
    company = _company(sources, question, facet)
    keys = company.rows_with_value().value
    values = ValueTable(dict(_ranked(_texts(sources, keys), keys)))
    chosen = Selection(values=question.venues if facet == "seen_at" else question.people[1:])
    # A sighting is without company, or a venue, if none of its rows has any.
    missing = len(np.setdiff1d(company.occasion, company.rows_with_value().occasion))
    found = _described(values.counted(), find) if find.strip() else None
    listed = list_facet(values, chosen, request.facet_limit, request.facet_sort, 0 if find else missing, found)
    return SightingFacet(listed.values, listed.distinct, listed.missing, judge.by_rules)


def _described(values: Iterable[str], find: str) -> dict[str, int]:
    """The values that have all words of a text, or words that are near them, each with how far off it is."""
    analyzer = Analyzer(None, names=True)
    words = {value: set(analyzer.terms(value)) for value in values}
    known = set().union(*words.values())
    found = dict.fromkeys(words, 0)
    for word in analyzer.terms(find):
        near = dict(words_near(word, known))
        off = {value: min((near[each] for each in words[value] if each in near), default=None) for value in found}
        found = {value: found[value] + away for value, away in off.items() if away is not None}
    return found


def _company(sources: Sequence[SightingSource], question: EncounterQuery, facet: str) -> _Company:
    """The sightings of the person asked for, in the years, with the people and at the venues asked for.

    Each has a value once, and of nearly the same articles that say the same only one counts.
    """
    parts = [_company_of(number, source, question, facet) for number, source in enumerate(sources)]
    found = _Company(*map(in_a_row, zip(*parts, strict=True))) if parts else _Company(*[np.empty(0, np.int64)] * 6)
    found = found.take(np.sort(np.unique(mixed(found.occasion, found.value), return_index=True)[1]))
    kept, _ = distinct(sources, found.source, found.doc, mixed(found.value, found.when, found.venue))
    return found.take(kept)


def _company_of(number: int, source: SightingSource, question: EncounterQuery, facet: str) -> _Company:
    columns = source.columns
    person, *others = (columns.name_number(name) for name in question.people)
    venues = [columns.name_number(name) for name in question.venues]
    rows, docs = rows_among(columns, columns.rows_of_person(person), source.docs)
    fits = is_present(columns, rows) & in_year_ranges(*days(columns, columns.when[rows]), question.years)
    if venues:
        fits &= np.isin(columns.venue[rows], [each for each in venues if each >= 0])
    rows, docs = rows[fits], docs[fits]
    company = np.where(columns.one[rows] == person, columns.other[rows], columns.one[rows])
    scene = columns.scene[rows].astype(np.int64)
    occasion = (docs << 32) | scene
    for other in others:  # seen together with all of them
        fits = np.isin(occasion, occasion[company == other])
        rows, docs, scene, company, occasion = (values[fits] for values in (rows, docs, scene, company, occasion))
    value = name_keys(columns, company if facet == "seen_with" else columns.venue[rows])
    return _Company(
        np.full(len(rows), number), docs, scene, date_keys(columns, columns.when[rows]),
        name_keys(columns, columns.venue[rows]), value,
    )  # fmt: skip


def _per_value(company: _Company, what: Ints) -> dict[int, int]:
    """How many different numbers there are for each value."""
    each = np.unique(mixed(company.value, what), return_index=True)[1]
    values, counts = np.unique(company.value[each], return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


def _ranked(names: Mapping[int, str], keys: Ints) -> list[tuple[str, int]]:
    """The names of digests and how often each is among them, the most frequent first."""
    found, counts = np.unique(keys[keys != 0], return_counts=True)
    known = ((names[key], count) for key, count in zip(found.tolist(), counts.tolist(), strict=True))
    return sorted(known, key=lambda each: (-each[1], each[0]))


def _texts(sources: Sequence[SightingSource], keys: Ints, *, dates: bool = False) -> dict[int, str]:
    """The names, or dates, of digests."""
    found: dict[int, str] = {}
    wanted = np.unique(keys[keys != 0])
    for source in sources:
        columns = source.columns
        table = columns.date_keys if dates else columns.name_keys
        places = np.flatnonzero(np.isin(table, wanted))
        found |= zip(table[places].tolist(), columns.texts("dates" if dates else "names", places), strict=True)
    return found


def _counts(engine: Engine, plan: Plan, people: tuple[str, ...] | None = None) -> dict[str, int]:
    """How many articles of a plan each person is in, by metadata or text; of `people` only, if given."""
    counts: dict[str, int] = {}
    for facet in ("person", mentioned("person")):
        for value in _facet(engine, plan, facet, people).values:
            counts[value.value] = counts.get(value.value, 0) + value.count
    return counts


def _facet(engine: Engine, plan: Plan, facet: str, people: tuple[str, ...] | None) -> FacetResult:
    if people is None or len(people) > _CHOSEN:
        return engine.facet(with_request(plan, facet_limit=None), facet, "")
    # Chosen values are listed whatever the limit, and in OR mode their choice narrows nothing.
    chosen = {**plan.selections, facet: Selection(values=people)}
    asked = Plan(plan.request.replace(facet_limit=0), plan.parsed, chosen, plan.facets)
    return engine.facet(asked, facet, "")


def log_likelihood_ratio(both: int, one: int, other: int, of_all: int) -> float:
    """Dunning's log-likelihood ratio G² of two names occurring together, negative if less often than by chance.

    both, one, other   articles that have both names, the one, and the other, of all there are

    From T. Dunning, "Accurate methods for the statistics of surprise and coincidence",
    Computational Linguistics 19(1), 1993: twice the sum of observed · ln(observed / expected)
    over the four cells of having and not having each of the two.
    """
    rest = of_all - one
    cells = (
        (both, one, other),
        (one - both, one, of_all - other),
        (other - both, rest, other),
        (rest - other + both, rest, of_all - other),
    )
    total = 2 * sum(seen * math.log(seen * of_all / (row * column)) for seen, row, column in cells if seen)
    return math.copysign(max(total, 0.0), both * of_all - one * other)
