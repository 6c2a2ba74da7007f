"""Companions: who was seen with somebody, and how much more often than by chance."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from archive.encounters.encounters import with_request
from archive.encounters.model import Companion, Companions
from archive.encounters.query import EncounterQuery
from archive.engine.protocol import Engine
from archive.model.dates import date_range
from archive.model.fields import mentioned
from archive.model.results import FacetCount, FacetResult
from archive.model.sightings import PRESENT
from archive.query.limits import ACCOMPANYING, current_deadline
from archive.query.plan import Plan, conjunction
from archive.query.request import Selection

#: Venues listed of a companion.
_VENUES = 5


@dataclass(slots=True)
class _Together:
    """The sightings of two people: the articles that have them, the scenes, their dates and venues."""

    articles: set[str] = field(default_factory=set)
    scenes: set[tuple[str, int]] = field(default_factory=set)
    dates: list[str] = field(default_factory=list)
    venues: Counter[str] = field(default_factory=Counter)


def companions(
    engine: Engine, everything: Plan, of_years: Plan, question: EncounterQuery, limit: int | None
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
    together = _together(engine, conjunction(everything, question.names), question)

    def score(name: str) -> float:
        seen = min(len(together[name].articles), both[name]) if name in together else 0
        # Articles that only name the two together are no evidence either way: they do not count as the companion's.
        return log_likelihood_ratio(seen, of_person, totals[name] - (both[name] - seen), of_all)

    ranked = sorted(((score(name), name) for name in both), key=lambda each: (-each[0], each[1]))
    rows = []
    for surprise, name in ranked[:limit]:
        seen = together.get(name, _Together())
        venues = tuple(venue for venue, _ in sorted(seen.venues.items(), key=lambda each: (-each[1], each[0])))
        first, last = date_range(seen.dates)
        rows.append(Companion(name, both[name], len(seen.scenes), surprise, first, last, venues[:_VENUES]))
    return Companions(person, of_person, len(ranked), tuple(rows))


def seen_facet(
    engine: Engine, everything: Plan, question: EncounterQuery, facet: str, limit: int | None
) -> FacetResult:
    """With whom ("seen_with") or where ("seen_at") the person asked for was seen, by the number of sightings."""
    person, venues = question.people[0], set(question.venues)
    counts: Counter[str] = Counter()
    missing = 0
    outlines = engine.outlines(with_request(conjunction(everything, question.names), sort="newest", limit=None), person)
    for outline in current_deadline().checked(outlines, 1, ACCOMPANYING):
        values: set[tuple[int, str]] = set()
        scenes: set[int] = set()
        for each in outline.sightings:
            if each.stance in PRESENT and question.has_year(each.when) and (not venues or each.venue in venues):
                scenes.add(each.scene)
                names = set(each.people) - {person} if facet == "seen_with" else {each.venue} - {None}
                values |= {(each.scene, name) for name in names if name}
        counts.update(name for _, name in values)
        missing += len(scenes - {scene for scene, _ in values})
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    chosen = question.venues if facet == "seen_at" else question.people[1:]
    rows = tuple(FacetCount(name, count, name in chosen) for name, count in ranked[:limit])
    return FacetResult(rows, len(counts), missing)


def _together(engine: Engine, plan: Plan, question: EncounterQuery) -> dict[str, _Together]:
    """With whom the person asked for was seen, in the years and at the venues asked for."""
    person, venues = question.people[0], set(question.venues)
    found: dict[str, _Together] = defaultdict(_Together)
    outlines = engine.outlines(with_request(plan, sort="newest", limit=None), person)
    for outline in current_deadline().checked(outlines, 1, ACCOMPANYING):
        for each in outline.sightings:
            if each.stance == "together" and question.has_year(each.when) and (not venues or each.venue in venues):
                (other,) = set(each.people) - {person}
                seen = found[other]
                if (outline.id, each.scene) not in seen.scenes:
                    seen.scenes.add((outline.id, each.scene))
                    seen.articles.add(outline.id)
                    seen.dates += [each.when] if each.when else []
                    seen.venues.update([each.venue] if each.venue else [])
    return found


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
