"""The sightings of one article as rows: those that are about whom a question asks for, with their evidence.

Where the text says nothing of them together, the row is `mentioned`, with the closest level at which all are named.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby

from archive.encounters.cooccurrence import GAP, LEVELS, Name, passages
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Encounter, EvidenceSpan
from archive.model.article import FACET_KEYS, Article
from archive.model.results import Snippet
from archive.model.sightings import ASSERTED, MOST_PEOPLE, PRESENT, Sighting, TextSpan
from archive.names.gazetteer import UNLIMITED, Limit
from archive.text.sentences import sentences


def sightings_about(article: Article, asked: Sequence[Name]) -> list[Sighting]:
    """The sightings of those asked for in an article, in the order of the text; its body is not needed."""
    people = [name for facet, name in asked if facet == "person"]
    venues = {name for facet, name in asked if facet == "venue"}
    found = [each for each in _candidates(article, people, venues) if not venues or each.venue in venues]
    return sorted(found, key=lambda each: [span[:2] for span in each.spans])


def all_rows(article: Article, judge: SightingJudge) -> Iterator[Encounter]:
    """Every sighting of an article as a row; last the pairs that a sentence names, and of which nothing is said."""
    article = judge.completed(article)
    for each in article.sightings:
        yield encounter(article, each, each.people)
    told = {frozenset(each.people) for each in article.sightings}
    by_sentence = defaultdict[TextSpan, list[str]](list)
    spans = sentences(article.body)
    ends = [end for _, end in spans]
    for mention in article.mentions:
        if mention.facet == "person":
            if mention.in_title:
                span = TextSpan(0, len(article.title), True)
            else:
                span = TextSpan(*spans[min(bisect_right(ends, mention.start), len(ends) - 1)])
            by_sentence[span].append(mention.name)
    for span, names in by_sentence.items():
        distinct = list(dict.fromkeys(names))
        for pair in combinations(distinct, 2) if len(distinct) <= MOST_PEOPLE else ():
            if frozenset(pair) not in told:
                told.add(frozenset(pair))
                yield encounter(article, Sighting("mentioned", pair, scene=-1, spans=(span,)), pair)


def _candidates(article: Article, people: Sequence[str], venues: set[str]) -> list[Sighting]:
    if len(people) == 1:
        return _of_one(article, people[0], at_venue=bool(venues))
    if len(people) == 2:
        pair = set(people)
        return [each for each in article.sightings if set(each.people) == pair]
    return _of_several(article, people)


def _of_one(article: Article, person: str, *, at_venue: bool) -> list[Sighting]:
    """What an article says of one person: of each scene one sighting, those with others made one of all."""
    theirs = [each for each in article.sightings if person in each.people]
    found: list[Sighting] = []
    for _, group in groupby(sorted(theirs, key=lambda each: each.scene), key=lambda each: each.scene):
        of_scene = list(group)
        there = [each for each in of_scene if each.stance in PRESENT]
        alone = [
            each for each in of_scene if each.stance == "absent" and person in each.absent and len(each.people) == 1
        ]
        if there:
            first = min(there, key=lambda each: (len(each.people), [span[:2] for span in each.spans]))
            stance = "together" if not at_venue and any(each.stance == "together" for each in there) else "present"
            grade = "stated" if any(each.grade == "stated" for each in there) else "likely"
            found.append(replace(first, stance=stance, people=(person,), grade=grade))
        elif alone:
            found += alone[:1]
        elif not at_venue:
            others = [each for each in of_scene if each.stance in ("expected", "contact")]
            found += others
    return found


def _of_several(article: Article, people: Sequence[str]) -> list[Sighting]:
    """The scenes that place all of several people, or all but some who were said to be absent."""
    asked = set(people)
    found: list[Sighting] = []
    ordered = sorted(article.sightings, key=lambda each: each.scene)
    for _, group in groupby(ordered, key=lambda each: each.scene):
        pairs = {frozenset(each.people): each for each in group if len(each.people) == 2 and set(each.people) <= asked}
        every = [pairs.get(frozenset(pair)) for pair in combinations(people, 2)]
        known = [each for each in every if each is not None]
        stances = {each.stance for each in known}
        if len(known) == len(every) and len(stances) == 1:
            found.append(_joined(known, tuple(people)))
        elif "absent" in stances and {name for each in known for name in each.people} == asked:
            found.append(_joined([each for each in known if each.stance == "absent"], tuple(people)))
    return found


def _joined(parts: Sequence[Sighting], people: tuple[str, ...]) -> Sighting:
    spans = tuple(sorted({span for each in parts for span in each.spans}))
    absent = tuple(dict.fromkeys(name for each in parts for name in each.absent))
    grades = {each.grade for each in parts}
    grade = "likely" if "likely" in grades else parts[0].grade
    level = "sentence" if len(spans) == 1 else "paragraph"
    return replace(parts[0], people=people, spans=spans, absent=absent, grade=grade, level=level)


def encounter(article: Article, sighting: Sighting, people: Sequence[str]) -> Encounter:
    """A sighting as a row; `people` come first in it, then the others of its scene."""
    evidence, spans = evidence_of(article, sighting.spans, [("person", name) for name in people], sighting.venue)
    declared = () if FACET_KEYS["venue"] in article.inferred else article.venues
    others: list[str] = []
    if sighting.stance in ASSERTED:
        for each in article.sightings:
            if each.scene == sighting.scene and each.stance in PRESENT:
                others += each.people
    if sighting.stance not in PRESENT:
        others += sighting.people
    return Encounter(
        date=article.date,
        people=tuple(dict.fromkeys((*people, *others))),
        level=sighting.level,
        id=article.id,
        title=article.title,
        evidence=evidence,
        spans=spans,
        stance=sighting.stance,
        grade=sighting.grade,
        when=sighting.when,
        when_basis=sighting.when_basis,
        when_text=sighting.when_text,
        venue=sighting.venue,
        nearby=sighting.nearby or (() if sighting.venue else declared),
        absent=sighting.absent,
        scene=sighting.scene,
        reviewed=sighting.reviewed,
    )


def photograph_row(article: Article, asked: Sequence[Name]) -> Encounter | None:
    """The row of a photograph whose metadata says that it shows these people, at these venues; else None.

    Whom it shows were together when it was taken.
    """
    people = [name for facet, name in asked if facet == "person"]
    places = {name for facet, name in asked if facet == "venue"}
    shown = article.kind == "photo" and "people" not in article.inferred and set(people) <= set(article.people)
    if not shown or (places and ("venues" in article.inferred or not places <= set(article.venues))):
        return None
    everybody = tuple(dict.fromkeys((*people, *article.people)))
    venues = article.venues if "venues" not in article.inferred else ()
    return Encounter(
        date=article.date,
        people=everybody,
        level="declared",
        id=article.id,
        title=article.title,
        evidence=Snippet(),
        stance="together" if len(everybody) > 1 else "present",
        grade="stated",
        when=article.date,
        when_basis="article" if article.date else None,
        venue=venues[0] if len(venues) == 1 else None,
        nearby=venues if len(venues) > 1 else (),
    )


def mentioned_row(article: Article, asked: Sequence[Name], limit: Limit = UNLIMITED) -> Encounter | None:
    """The first of the places where all who are asked for are named closest to each other."""
    people = [name for facet, name in asked if facet == "person"]
    venues = [name for facet, name in asked if facet == "venue"]
    declared = () if FACET_KEYS["venue"] in article.inferred else article.venues
    closest = min(passages(article, asked, limit), key=lambda each: LEVELS.index(each.level), default=None)
    if closest is None:
        return None
    others = [mention.name for mention in closest.mentions if mention.facet == "person"]
    if closest.level == "declared":
        others = [*article.people, *others]
    return Encounter(
        date=article.date,
        people=tuple(dict.fromkeys((*people, *others))),
        level=closest.level,
        id=article.id,
        title=article.title,
        evidence=closest.evidence,
        spans=closest.spans,
        nearby=tuple(dict.fromkeys((*venues, *(closest.venues or declared)))),
    )


def evidence_of(
    article: Article, spans: Sequence[TextSpan], names: Sequence[Name], venue: str | None = None
) -> tuple[Snippet, tuple[EvidenceSpan, ...]]:
    """The sentences of some spans on one line, with a gap where some are left out and the names marked."""
    wanted = {*names, *([("venue", venue)] if venue else [])}
    parts: list[str] = []
    length = 0
    marks: list[tuple[int, int]] = []
    found: list[EvidenceSpan] = []
    before: TextSpan | None = None
    for span in sorted(spans, key=lambda each: (not each.in_title, each.start)):
        text = (article.title if span.in_title else article.body)[span.start : span.end]
        if before is not None:
            between = article.body[before.end : span.start] if not before.in_title else None
            parts.append(" " if between is not None and not between.strip() and "\n\n" not in between else GAP)
            length += len(parts[-1])
        for mention in article.mentions:
            if (
                mention.in_title == span.in_title
                and span.start <= mention.start < span.end
                and (mention.facet, mention.name) in wanted
            ):
                at = mention.start - span.start
                marks.append((length + at, length + min(at + len(mention.text), len(text))))
        found.append(EvidenceSpan(span.start, span.end, span.in_title, length))
        parts.append(text.replace("\n", " "))
        length += len(text)
        before = span
    return Snippet("".join(parts), tuple(marks)), tuple(found)
