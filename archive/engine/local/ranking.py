"""Which matched documents come first: by score, date or title, ties by id, over all segments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from archive.engine.local import top_k
from archive.engine.local.executor import LeafSearcher
from archive.engine.local.facet_reader import Mask
from archive.engine.local.index_reader import IndexReader
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.segment_reader import NO_NUMBER
from archive.engine.schema import DATE_KEY, TITLE_KEY, title_key
from archive.engine.stored import decode_meta
from archive.model.fields import Field
from archive.query.limits import LISTING, of_question
from archive.query.plan import Plan

Keys = NDArray[np.float64]
#: Articles, or groups of equal ones, between two looks at the clock.
_LOOK_EVERY = 256


def rank(
    at: IndexReader, plan: Plan, runs: Sequence[LeafSearcher], kept: Mask, count: int | None, body: Field
) -> tuple[list[int], list[float]]:
    """The first `count` documents in the order asked for, and their scores.

    runs   the query run on each segment
    kept   which of these pass, those of all segments in a row
    body   the field in which words near each other count
    """
    if not plan.by_relevance:
        sort = plan.request.sort
        docs = _ordered(at, runs, kept, "newest" if sort == "relevance" else sort, count)[0]
        return docs.tolist(), [0.0] * len(docs)
    terms = plan.parsed.content_terms
    near = len(terms) > 1
    wanted = None if count is None else max(count, top_k.RESCORED if near else 0)
    docs, scores = _ordered(at, runs, kept, "relevance", wanted)
    if near:
        docs, scores = _rerank(at, runs, terms, docs, scores, body)
    return docs[:count].tolist(), scores[:count].tolist()


def _ordered(
    at: IndexReader, runs: Sequence[LeafSearcher], kept: Mask, sort: str, count: int | None
) -> tuple[Ints, Keys]:
    """The first `count` documents by one key, ties by id: segment by segment, then all together."""
    found: list[tuple[Ints, Keys]] = []
    end = 0
    for number, (segment, base, run) in enumerate(zip(at.segments, at.bases, runs, strict=True)):
        here = kept[end : end + len(run.docs)]
        end += len(run.docs)
        docs = run.docs if here.all() else run.docs[here]
        keys = run.scores(docs) if sort == "relevance" else _keys(at, number, docs, sort)
        ids = segment.column("id")
        assert ids is not None
        places = top_k.top_k(keys, ids.ordinals[docs], count)
        found.append((docs[places] + base, keys[places]))
    if sum(len(docs) > 0 for docs, _ in found) == 1:
        return max(found, key=lambda each: len(each[0]))
    docs = np.concatenate([np.empty(0, np.int64), *(docs for docs, _ in found)])
    keys = np.concatenate([np.empty(0), *(keys for _, keys in found)])
    order = _merged_order(at, docs, keys, sort, count)
    return docs[order], keys[order]


def _merged_order(at: IndexReader, docs: Ints, keys: Keys, sort: str, count: int | None = None) -> Ints:
    """The first `count` documents of several segments; ids (and titles) are fetched only where it takes them."""
    if sort == "title":
        stored = of_question().checked(docs.tolist(), _LOOK_EVERY, LISTING)
        rows = [(title_key(decode_meta(at.stored(doc))["title"]), at.id(doc)) for doc in stored]
        return np.array(sorted(range(len(rows)), key=rows.__getitem__)[:count], np.int64)
    if len(at.segments) == 1 and (ids := at.segments[0].column("id")) is not None:
        return np.lexsort((ids.ordinals[docs], -keys))[:count]
    order = np.argsort(-keys, kind="stable")
    ordered = keys[order]
    # Runs of equal keys are put in the order of their ids.
    edges = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    for start, end in of_question().checked(pairwise(edges), _LOOK_EVERY, LISTING):
        if count is not None and start >= count:
            break
        if end - start > 1:
            places = order[start:end].tolist()
            id_of = dict(zip(places, at.ids(docs[places].tolist()), strict=True))
            order[start:end] = sorted(places, key=id_of.__getitem__)
    return order[:count]


def _keys(at: IndexReader, number: int, docs: Ints, sort: str) -> Keys:
    """What the documents of a segment are sorted by, the highest first, where that is not their score."""
    segment = at.segments[number]
    if sort == "title":
        order = segment.numbers(TITLE_KEY)
        assert order is not None
        return -order[docs].astype(np.float64)
    numbers = segment.numbers(DATE_KEY)
    assert numbers is not None
    dates = numbers[docs].astype(np.float64)
    return np.where(dates == NO_NUMBER, -np.inf, -dates) if sort == "oldest" else dates


def _rerank(
    at: IndexReader, runs: Sequence[LeafSearcher], terms: Sequence[str], docs: Ints, scores: Keys, body: Field
) -> tuple[Ints, Keys]:
    """The best documents again, with the bonus for near words."""
    first = docs[: top_k.RESCORED]
    bonus = np.zeros(len(docs))
    for number, (run, base) in enumerate(zip(runs, at.bases, strict=True)):
        end = at.bases[number + 1] if number + 1 < len(at.bases) else at.documents
        places = np.flatnonzero((first >= base) & (first < end))
        places = places[np.argsort(first[places])]
        near = top_k.proximity(run.matching, at.statistics, body.name, terms, first[places] - base)
        bonus[places] = near
    scores = scores + bonus
    order = _merged_order(at, first, scores[: len(first)], "relevance")
    rest = slice(len(first), None)
    return np.concatenate([first[order], docs[rest]]), np.concatenate([scores[order], scores[rest]])
