"""Where a question finds sightings: the columns that an index keeps, and what was judged since it was made.

An engine that keeps no columns has them made of the outlines of its articles, so that every engine is asked alike.
Articles that were judged by rules alone are judged completely as far as the time of a question goes; what that said
is kept, and stands in place of what the index has of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.engine.protocol import Engine
from archive.model.article import Article
from archive.model.sighting_columns import (
    BY_RULES,
    PHOTO,
    SKETCH,
    VENUES_DECLARED,
    Ints,
    SightingColumns,
    SightingColumnsBuilder,
    content_key,
)
from archive.names.near_duplicates import TextSketcher
from archive.query.limits import READING, current_deadline
from archive.query.plan import Plan

if TYPE_CHECKING:
    from archive.encounters.judging import SightingJudge


@dataclass(frozen=True, slots=True)
class SightingSource:
    """Some articles with their sightings.

    docs      which documents of the columns are meant, ascending
    ids       the ids of some documents
    sketches  the sketches of some documents, shape (documents, SKETCH), and which of them have one
    """

    columns: SightingColumns
    docs: Ints
    ids: Callable[[Iterable[int]], list[str]]
    sketches: Callable[[Ints], tuple[Ints, Ints]]

    def doc_keys(self, docs: Ints) -> Ints:
        """The place of each document's date among dates; -1 where it has none."""
        dates = self.columns.date[docs]
        return np.where(dates >= 0, np.append(self.columns.sort_keys, 0)[dates], -1)


def with_request(plan: Plan, **changes: object) -> Plan:
    """A plan with its request changed."""
    return Plan(plan.request.replace(**changes), plan.parsed, plan.selections, plan.facets)


def sighting_sources(engine: Engine, plan: Plan, judge: SightingJudge, person: str = "") -> list[SightingSource]:
    """The sightings of the articles of a plan; `judge` is told how many were judged by rules alone.

    person  the only one whose sightings are needed; "" for all
    """
    leaves = engine.sighting_leaves(plan)
    if leaves is None:
        sources = [_from_outlines(engine, plan, person)]
    else:
        sources = [SightingSource(leaf.columns, leaf.docs, leaf.ids, _kept_sketches(leaf.columns)) for leaf in leaves]
    by_rules = [each.docs[(each.columns.flags[each.docs] & BY_RULES) > 0] for each in sources]
    if not any(map(len, by_rules)):
        return sources
    return _completed(engine, sources, by_rules, judge)


def _kept_sketches(columns: SightingColumns) -> Callable[[Ints], tuple[Ints, Ints]]:
    def sketches(docs: Ints) -> tuple[Ints, Ints]:
        numbers = columns.sketch[docs]
        return columns.sketches[np.maximum(numbers, 0)] if len(columns.sketches) else _no_sketches(docs), numbers >= 0

    return sketches


def _no_sketches(docs: Ints) -> Ints:
    return np.zeros((len(docs), SKETCH), np.uint16)


def _from_outlines(engine: Engine, plan: Plan, person: str) -> SightingSource:
    """Columns of what an engine says of the articles of a plan; texts are read only to compare them."""
    builder, ids = SightingColumnsBuilder(), []
    outlines = engine.outlines(with_request(plan, sort="newest", limit=None), person)
    for outline in current_deadline().checked(outlines, 1, READING):
        article = engine.get(outline.id) if outline.by_rules else None
        builder.add(outline, content=0 if article is None else content_key(article))
        ids.append(outline.id)
    return SightingSource(
        builder.columns(), np.arange(len(ids)), lambda docs: [ids[doc] for doc in docs], _read_sketches(engine, ids)
    )


def _read_sketches(engine: Engine, ids: Sequence[str]) -> Callable[[Ints], tuple[Ints, Ints]]:
    known: dict[int, Any] = {}
    sketcher = TextSketcher()

    def sketches(docs: Ints) -> tuple[Ints, Ints]:
        for doc in current_deadline().checked(docs.tolist(), 1, READING):
            if doc not in known:
                article = engine.get(ids[doc])
                known[doc] = None if article is None else sketcher.sketch(article.body)
        found = [known[doc] for doc in docs.tolist()]
        rows = [np.zeros(SKETCH, np.uint16) if each is None else each.astype(np.uint16) for each in found]
        return np.array(rows).reshape(-1, SKETCH), np.array([each is not None for each in found], np.bool_)

    return sketches


def _completed(
    engine: Engine, sources: Sequence[SightingSource], by_rules: Sequence[Ints], judge: SightingJudge
) -> list[SightingSource]:
    """The sources, with what was judged completely in a source of its own."""
    numbers = np.repeat(np.arange(len(sources)), list(map(len, by_rules)))
    docs = np.concatenate(by_rules)
    dates = np.concatenate([source.doc_keys(some) for source, some in zip(sources, by_rules, strict=True)])
    content = np.concatenate([source.columns.content[some] for source, some in zip(sources, by_rules, strict=True)])
    newest_first = np.argsort(-dates, kind="stable")
    numbers, docs, keys = numbers[newest_first], docs[newest_first], content[newest_first].tolist()

    def load(at: int) -> Article | None:
        return engine.get(sources[int(numbers[at])].ids([int(docs[at])])[0])

    found = judge.complete(keys, load)
    if not found:
        return list(sources)
    places = zip(numbers.tolist(), docs.tolist(), strict=True)
    builder, ids = SightingColumnsBuilder(), []
    taken: list[set[int]] = [set() for _ in sources]
    of_overlay: list[tuple[int, int]] = []
    for (number, doc), key in zip(places, keys, strict=True):
        if (sightings := found.get(key)) is None:
            continue
        taken[number].add(doc)
        columns, article_id = sources[number].columns, sources[number].ids([doc])[0]
        flags = int(columns.flags[doc])
        inferred = [name for name, flag in (("people", PHOTO), ("venues", VENUES_DECLARED)) if not flags & flag]
        outline = Article(
            article_id, "", "", columns.day(int(columns.date[doc])), kind="photo" if flags & PHOTO else "",
            inferred=tuple(inferred), sightings=sightings,
        )  # fmt: skip
        if article_id in judge.reviews.articles and (whole := engine.get(article_id)) is not None:
            outline = Article(
                article_id, "", "", outline.date, kind=outline.kind, inferred=outline.inferred,
                sightings=judge.reviews.applied(whole, sightings),
            )  # fmt: skip
        builder.add(outline)
        ids.append(article_id)
        of_overlay.append((number, doc))
    kept = [
        SightingSource(each.columns, _without(each.docs, some), each.ids, each.sketches) if some else each
        for each, some in zip(sources, taken, strict=True)
    ]
    if not ids:
        return kept

    def sketches(docs: Ints) -> tuple[Ints, Ints]:
        parts = [sources[number].sketches(np.array([doc])) for number, doc in (of_overlay[at] for at in docs.tolist())]
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([having for _, having in parts])

    overlay = SightingSource(
        builder.columns(), np.arange(len(ids)), lambda docs: [ids[int(doc)] for doc in docs], sketches
    )
    return [*kept, overlay]


def _without(docs: Ints, some: set[int]) -> Ints:
    rest: Ints = np.setdiff1d(docs, np.fromiter(some, np.int64, len(some)), assume_unique=True)
    return rest
