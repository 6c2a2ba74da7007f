"""Questions about people answered from an engine: encounters, companions, gaps."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from itertools import accumulate, groupby, islice

from archive.encounters.cooccurrence import LEVELS, Name, passages
from archive.encounters.model import Companion, Companions, Encounter, Encounters, Gap
from archive.engine.protocol import Engine
from archive.model.article import FACET_KEYS, Article
from archive.model.dates import date_range, day_span
from archive.model.fields import mentioned
from archive.model.results import FacetResult
from archive.query.limits import ACCOMPANYING, READING, Deadline, current_deadline
from archive.query.plan import Plan, conjunction
from archive.query.request import SearchRequest, Selection


@dataclass(frozen=True, slots=True)
class EncounterQuery:
    """Who is looked for together, at which venues, and how close.

    names   canonical names, the person asked about first
    level   the widest level that counts
    scope   a request for the articles to look in: all, or those of some years
    """

    names: tuple[Name, ...]
    level: str
    scope: SearchRequest

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


#: Rows of one article between two looks at the clock.
_LOOK_EVERY = 256


def find_encounters(engine: Engine, everything: Plan, question: EncounterQuery, limit: int | None) -> Encounters:
    """The encounters that are asked for, newest first, among the articles of a plan."""
    plan = conjunction(everything, question.names)
    found = (row for row in iter_encounters(engine, plan, question.names) if row.level in question.levels)
    return Encounters(question.people, question.venues, question.level, engine.count(plan), tuple(islice(found, limit)))


def iter_encounters(engine: Engine, plan: Plan, asked: Sequence[Name]) -> Iterator[Encounter]:
    """Encounters of all `asked` in the articles of a plan, newest first."""
    deadline = current_deadline()
    for article in deadline.checked(engine.matches(_with(plan, sort="newest", limit=None)), 1, READING):
        yield from deadline.checked(_encounters(article, asked, deadline), _LOOK_EVERY, READING)


def _with(plan: Plan, **changes: object) -> Plan:
    """A plan with its request changed."""
    return Plan(plan.request.replace(**changes), plan.parsed, plan.selections, plan.facets)


def _encounters(article: Article, asked: Sequence[Name], deadline: Deadline) -> Iterator[Encounter]:
    """The encounters in one article."""
    people = [name for facet, name in asked if facet == "person"]
    venues = [name for facet, name in asked if facet == "venue"]
    declared = () if FACET_KEYS["venue"] in article.inferred else article.venues
    named: tuple[str, ...] | None = None
    for passage in passages(article, asked, deadline):
        if passage.venues is not named:  # the same for all passages of a paragraph, which may have many of both
            named = passage.venues
            around = tuple(dict.fromkeys((*venues, *(named or declared))))
        others = [mention.name for mention in passage.mentions if mention.facet == "person"]
        if passage.level == "declared":
            others = [*article.people, *others]
        yield Encounter(
            date=article.date,
            people=tuple(dict.fromkeys((*people, *others))),
            venues=around,
            level=passage.level,
            id=article.id,
            title=article.title,
            evidence=passage.evidence,
            spans=passage.spans,
        )


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
