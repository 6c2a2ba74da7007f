"""Questions about people answered from an engine: encounters, companions, gaps."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from itertools import accumulate, groupby, islice

from archive.encounters.cooccurrence import LEVELS, Name
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Companion, Companions, Encounter, Encounters, Gap
from archive.encounters.sighting_rows import rows_of
from archive.engine.protocol import Engine
from archive.model.dates import date_key, date_range, day_span
from archive.model.fields import mentioned
from archive.model.frozen_dict import FrozenDict
from archive.model.results import FacetResult
from archive.model.sightings import STANCES
from archive.query.limits import ACCOMPANYING, READING, current_deadline
from archive.query.plan import Plan, conjunction
from archive.query.request import SearchRequest, Selection, YearRange


@dataclass(frozen=True, slots=True)
class EncounterQuery:
    """Who is looked for together, at which venues, how close, and in which stances.

    names   canonical names, the person asked about first
    level   the widest level that counts
    scope   a request for the articles to look in
    years   of the occasions, as a request has them; none for all
    stances  which to answer with
    """

    names: tuple[Name, ...]
    level: str
    scope: SearchRequest
    years: tuple[YearRange, ...] = ()
    stances: tuple[str, ...] = STANCES

    @property
    def people(self) -> tuple[str, ...]:
        """The people asked for."""
        return tuple(name for facet, name in self.names if facet == "person")

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues asked for."""
        return tuple(name for facet, name in self.names if facet == "venue")

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that count, the closest first."""
        return LEVELS[: LEVELS.index(self.level) + 1]

    def has_year(self, row: Encounter) -> bool:
        """Whether the occasion of a row lies in the years asked for; an undated one lies in none."""
        if not self.years:
            return True
        if row.occasion_date is None:
            return False
        first, last = (day // 10_000 for day in day_span(row.occasion_date))
        return any((start or 0) <= last and first <= (end or 9999) for start, end in self.years)


#: Rows of one article between two looks at the clock.
_LOOK_EVERY = 256


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
    plan = conjunction(everything, question.names)
    articles = engine.count(conjunction(of_years, question.names))
    counts: Counter[str] = Counter()
    rows: list[Encounter] = []
    for row in iter_encounters(engine, plan, question.names, judge):
        if row.level in question.levels and question.has_year(row):
            counts[row.stance] += 1
            if row.stance in question.stances:
                rows.append(row)
    rows.sort(key=_latest_first)
    known = FrozenDict({stance: counts[stance] for stance in STANCES if counts[stance]})
    return Encounters(
        question.people, question.venues, question.level, articles, tuple(islice(rows, limit)), known,
        len(judge.by_rules),
    )  # fmt: skip


def _latest_first(row: Encounter) -> tuple[int, int]:
    """Sorts the latest occasions first, and of a row without a date by that of its article; undated articles last."""
    date = row.occasion_date or row.date
    article = -date_key(row.date) if row.date else 1
    return (-day_span(date)[0] if date and not date.startswith("..") else article), article


def iter_encounters(engine: Engine, plan: Plan, asked: Sequence[Name], judge: SightingJudge) -> Iterator[Encounter]:
    """Encounters of all `asked` in the articles of a plan, the newest article first."""
    deadline = current_deadline()
    deadline.work = READING
    for article in deadline.checked(engine.matches(_with(plan, sort="newest", limit=None)), 1, READING):
        yield from deadline.checked(rows_of(article, asked, judge, deadline), _LOOK_EVERY, READING)


def _with(plan: Plan, **changes: object) -> Plan:
    """A plan with its request changed."""
    return Plan(plan.request.replace(**changes), plan.parsed, plan.selections, plan.facets)


# -- companions ------------------------------------------------------------------------


def companions(engine: Engine, plan: Plan, question: EncounterQuery, limit: int | None) -> Companions:
    """Everybody who is in articles with the person asked for, at the venues asked for, by surprise.

    The surprise is that of being in these articles, for somebody who is in so many of all.
    """
    person = question.people[0]
    theirs = conjunction(plan, question.names)
    of_person, of_all = engine.count(theirs), engine.count(plan)
    both = _counts(engine, _with(theirs, facet_limit=None))
    both.pop(person, None)
    totals = _counts(engine, plan, tuple(both))
    ranked = sorted(
        ((log_likelihood_ratio(count, of_person, totals[name], of_all), name) for name, count in both.items()),
        key=lambda each: (-each[0], each[1]),
    )
    current_deadline().work = ACCOMPANYING
    found = [
        _companion(engine, conjunction(plan, [*question.names, ("person", name)]), name, both[name], score)
        for score, name in ranked[:limit]
    ]
    return Companions(person, of_person, len(ranked), tuple(found))


def _counts(engine: Engine, plan: Plan, people: tuple[str, ...] | None = None) -> dict[str, int]:
    """How many articles of a plan each person is in, by metadata or text; of `people` only, if given."""
    counts: dict[str, int] = {}
    for facet in ("person", mentioned("person")):
        for value in _facet(engine, plan, facet, people).values:
            counts[value.value] = counts.get(value.value, 0) + value.count
    return counts


def _facet(engine: Engine, plan: Plan, facet: str, people: tuple[str, ...] | None) -> FacetResult:
    if people is None:
        return engine.facet(plan, facet, "")
    # Chosen values are listed whatever the limit, and in OR mode their choice narrows nothing.
    chosen = {**plan.selections, facet: Selection(values=people)}
    asked = Plan(plan.request.replace(facet_limit=0), plan.parsed, chosen, plan.facets)
    return engine.facet(asked, facet, "")


def _companion(engine: Engine, both: Plan, name: str, articles: int, score: float) -> Companion:
    first, last = date_range(engine.histogram(both, 10))
    venues = engine.facet(_with(both, facet_limit=_VENUES), "venue", "")
    return Companion(
        name,
        articles,
        score,
        first,
        last,
        tuple(value.value for value in venues.values),
    )


#: Venues listed of a companion.
_VENUES = 5


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


# -- silences --------------------------------------------------------------------------


def gaps(dates: Iterable[str], held: Mapping[str, int]) -> tuple[Gap, ...]:
    """The times between `dates`, and after the last, the longest first.

    held  the dates of all articles, each with its number
    """
    known = {date for date in dates if date}
    spans = {date: tuple(map(_day, day_span(date))) for date in {*known, *held} if date}
    ordered = sorted(known, key=lambda date: (spans[date], date))
    within = _counter(spans, held)
    found = []
    last = ""
    for date in ordered:
        if last and (days := (spans[date][0] - spans[last][1]).days - 1) > 0:
            found.append(Gap(last, date, days, within(spans[last][1], spans[date][0])))
        if not last or spans[date][1] >= spans[last][1]:
            last = date
    if last and (days := (max(span[1] for span in spans.values()) - spans[last][1]).days) > 0:
        found.append(Gap(last, None, days, within(spans[last][1], Date.max)))
    return tuple(sorted(found, key=lambda silence: (-silence.days, silence.after)))


def _counter(spans: Mapping[str, tuple[Date, ...]], held: Mapping[str, int]) -> Callable[[Date, Date], int]:
    """What counts the articles whose date lies between two days, as far as it is known."""
    # Dates of one precision do not overlap, so that those between two days stand in a row.
    kinds = []
    for _, dates in groupby(
        sorted((date for date in held if date), key=lambda date: (len(date), spans[date])), key=len
    ):
        row = list(dates)
        sums = list(accumulate((held[date] for date in row), initial=0))
        kinds.append(([spans[date][0] for date in row], [spans[date][1] for date in row], sums))

    def within(after: Date, before: Date) -> int:
        counted = 0
        for firsts, lasts, sums in kinds:
            counted += max(0, sums[bisect_left(lasts, before)] - sums[bisect_right(firsts, after)])
        return counted

    return within


def _day(number: int) -> Date:
    return Date(number // 10000, number // 100 % 100, number % 100)
