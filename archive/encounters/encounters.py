"""Encounters: the sightings of those asked for, found in what the index keeps of every article.

Most articles are not read for it: their sightings say who was where and when, and only the rows that are
given get their sentences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.encounters.cooccurrence import Name, is_unrecorded
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Encounter, Encounters
from archive.encounters.query import EncounterQuery
from archive.encounters.sighting_rows import encounter, mentioned_row, photograph_row, rows_of, sightings_about
from archive.engine.protocol import Engine
from archive.model.article import Article
from archive.model.dates import date_key, day_span
from archive.model.frozen_dict import FrozenDict
from archive.model.sightings import PRESENT, STANCES, Sighting
from archive.query.limits import READING, Deadline, current_deadline
from archive.query.plan import Plan, conjunction

#: Articles whose texts are compared, to count those that are nearly the same once.
_COMPARED = 200


@dataclass(slots=True)
class Draft:
    """A row before its evidence is fetched.

    stance, level, when   of the row; `date` is that of its article, and `article_id` its id
    sighting   what it is of; None for one that is only mentioned
    row        the whole row, where it is known already
    sources    ids of nearly the same articles that say the same, its own first
    """

    article_id: str
    date: str | None
    stance: str
    level: str
    when: str | None
    sighting: Sighting | None = None
    row: Encounter | None = None
    sources: tuple[str, ...] = ()

    @property
    def occasion_date(self) -> str | None:
        """As `Encounter.occasion_date`."""
        return self.date if self.stance == "mentioned" else self.when


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
    drafts = [
        each
        for each in iter_drafts(engine, plan, question, judge)
        if each.level in question.levels and question.has_year(each.occasion_date)
    ]
    drafts = _distinct(engine, drafts)
    counts = Counter(each.stance for each in drafts)
    asked = sorted((each for each in drafts if each.stance in question.stances), key=_latest_first)
    rows = _with_evidence(engine, question.names, asked[:limit], judge)
    known = FrozenDict({stance: counts[stance] for stance in STANCES if counts[stance]})
    return Encounters(
        question.people, question.venues, question.level, articles, tuple(rows), known, len(judge.by_rules)
    )


def dates_of_presence(engine: Engine, everything: Plan, question: EncounterQuery, judge: SightingJudge) -> list[str]:
    """The dates of the occasions at which all who are asked for were."""
    plan = conjunction(everything, question.names)
    return [
        each.when
        for each in iter_drafts(engine, plan, question, judge)
        if each.when and each.stance in PRESENT and each.level in question.levels and question.has_year(each.when)
    ]


def iter_drafts(engine: Engine, plan: Plan, question: EncounterQuery, judge: SightingJudge) -> Iterator[Draft]:
    """The drafts of all rows in the articles of a plan, the newest article first."""
    deadline = current_deadline()
    deadline.work = READING
    # With three people asked for, the sightings of the others with each other count too.
    person = question.people[0] if len(question.people) < 3 else ""
    outlines = engine.outlines(with_request(plan, sort="newest", limit=None), person)
    for outline in deadline.checked(outlines, 1, READING):
        article = engine.get(outline.id) if outline.by_rules else None
        known = outline if article is None else judge.completed(article)
        yield from _drafts(engine, known, question, judge, deadline)


def _drafts(
    engine: Engine, outline: Article, question: EncounterQuery, judge: SightingJudge, deadline: Deadline
) -> Iterator[Draft]:
    asked = question.names
    if is_unrecorded(outline, asked):
        if (article := engine.get(outline.id)) is not None:
            for each in rows_of(article, asked, judge, deadline):
                yield Draft(each.id, each.date, each.stance, each.level, each.when, row=each)
        return
    found = sightings_about(outline, asked)
    for sighting in found:
        yield Draft(outline.id, outline.date, sighting.stance, sighting.level, sighting.when, sighting)
    if found:
        return
    row = photograph_row(outline, asked)
    if row is not None:
        yield Draft(row.id, row.date, row.stance, row.level, row.when, row=row)
    elif question.level == "declared":  # whatever its level, it counts
        yield Draft(outline.id, outline.date, "mentioned", question.level, None)
    elif (article := engine.get(outline.id)) is not None:
        row = mentioned_row(article, asked, deadline)
        if row is not None:
            yield Draft(row.id, row.date, row.stance, row.level, row.when, row=row)


def _with_evidence(
    engine: Engine, asked: Sequence[Name], drafts: Iterable[Draft], judge: SightingJudge
) -> Iterator[Encounter]:
    """The rows of drafts, with their sentences."""
    people = [name for facet, name in asked if facet == "person"]
    loaded: dict[str, Article | None] = {}
    deadline = current_deadline()
    for draft in deadline.checked(drafts, 1, READING):
        row = draft.row
        if row is None:
            if draft.article_id not in loaded:
                stored = engine.get(draft.article_id)
                loaded[draft.article_id] = None if stored is None else judge.completed(stored)
            if (article := loaded[draft.article_id]) is None:
                continue
            if draft.sighting is not None:
                row = encounter(article, draft.sighting, people)
            else:
                row = mentioned_row(article, asked, deadline)
        if row is not None:
            yield replace(row, sources=draft.sources or (row.id,))


def _latest_first(draft: Draft) -> tuple[int, int]:
    """Sorts the latest occasions first, and of a row without a date by that of its article; undated articles last."""
    date = draft.occasion_date or draft.date
    article = -date_key(draft.date) if draft.date else 1
    return (-day_span(date)[0] if date and not date.startswith("..") else article), article


def _distinct(engine: Engine, drafts: list[Draft]) -> list[Draft]:
    """Of rows that say the same in nearly the same articles, the first, with all of them as its sources."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(drafts):
        if (sighting := each.sighting) is not None and each.stance in (*PRESENT, "absent"):
            key = (each.stance, frozenset(sighting.people), sighting.when, sighting.venue, sighting.absent)
            alike[key].append(number)
    ids = {drafts[n].article_id for numbers in alike.values() if len(numbers) > 1 for n in numbers}
    original = originals_of(engine, sorted(ids))
    if not original:
        return drafts
    dropped: set[int] = set()
    for numbers in alike.values():
        kept: dict[str, Draft] = {}
        for number in numbers:
            draft = drafts[number]
            source = original.get(draft.article_id, draft.article_id)
            first = kept.setdefault(source, draft)
            if first is not draft and first.article_id != draft.article_id:
                first.sources = tuple(dict.fromkeys((*(first.sources or (first.article_id,)), draft.article_id)))
                dropped.add(number)
    return [each for number, each in enumerate(drafts) if number not in dropped]


def originals_of(engine: Engine, ids: Sequence[str]) -> dict[str, str]:
    """Of articles that are nearly the same as another, the id of that other; nothing where there are very many."""
    if not 1 < len(ids) <= _COMPARED:
        return {}
    from archive.names.near_duplicates import MinHashIndex

    index = MinHashIndex()
    for each in ids:
        article = engine.get(each)
        index.add(article.body if article is not None else "")
    return {ids[pair.other]: ids[pair.one] for pair in index.similar_pairs()}


def with_request(plan: Plan, **changes: object) -> Plan:
    """A plan with its request changed."""
    return Plan(plan.request.replace(**changes), plan.parsed, plan.selections, plan.facets)


def iter_rows(engine: Engine, plan: Plan, question: EncounterQuery, judge: SightingJudge) -> Iterator[Encounter]:
    """Every row in the articles of a plan, with its evidence."""
    return _with_evidence(engine, question.names, iter_drafts(engine, plan, question, judge), judge)
