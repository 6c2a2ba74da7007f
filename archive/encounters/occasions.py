"""Occasions: the sightings of one scene put together, who was there and who was said not to be.

An occasion that several articles tell of, nearly the same ones, is one with several sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from archive.encounters.encounters import originals_of, with_request
from archive.encounters.model import Occasion
from archive.encounters.query import in_years
from archive.engine.protocol import Engine
from archive.model.article import Article
from archive.model.dates import day_span
from archive.model.sightings import PRESENT
from archive.query.limits import READING, current_deadline
from archive.query.plan import Plan
from archive.query.request import YearRange


def find_occasions(
    engine: Engine, plan: Plan, venues: Sequence[str], years: Sequence[YearRange], limit: int | None
) -> tuple[Occasion, ...]:
    """The occasions that the articles of a plan tell of, at some venues and in some years, the latest first."""
    deadline = current_deadline()
    deadline.work = READING
    found: list[Occasion] = []
    for outline in deadline.checked(engine.outlines(with_request(plan, sort="newest", limit=None)), 1, READING):
        for each in occasions_of(outline):
            if (not venues or each.venue in venues) and in_years(each.when, years):
                found.append(each)
    found = _merged(engine, found)
    found.sort(key=_latest_first)
    return tuple(found[:limit])


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


def _merged(engine: Engine, found: list[Occasion]) -> list[Occasion]:
    """Occasions with the same date and venue in nearly the same articles as one, with the people of all."""
    alike: dict[tuple[str | None, str | None], list[Occasion]] = defaultdict(list)
    for each in found:
        alike[each.when, each.venue].append(each)
    ids = {each.id for group in alike.values() if len({one.id for one in group}) > 1 for each in group}
    original = originals_of(engine, sorted(ids))
    merged: dict[tuple[object, ...], Occasion] = {}
    for each in found:
        source = original.get(each.id, each.id)
        # Of one article every scene is its own; of several, those of one date and place are one.
        key = (each.when, each.venue, source) if each.id in ids else (each.id, each.scene)
        if (first := merged.get(key)) is None or first.id == each.id:
            merged[key if first is None else (each.id, each.scene)] = each
        else:
            merged[key] = first.joined(each)
    return list(merged.values())


def _latest_first(occasion: Occasion) -> tuple[int, str, int]:
    date = occasion.when or occasion.date
    day = -day_span(date)[0] if date and not date.startswith("..") else 1
    return day, occasion.id, occasion.scene
