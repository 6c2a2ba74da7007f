"""Rows that say the same in nearly the same articles: wire copy printed twice is one source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from archive.encounters.sighting_sources import SightingSource
from archive.model.sighting_columns import SKETCH, Ints
from archive.names.near_duplicates import ALIKE, BANDS
from archive.query.limits import READING, current_deadline

#: Of so many that say the same every two are compared; of more, those that agree in a band of their sketches.
_EVERY_TWO = 32
#: Pairs compared at once.
_AT_ONCE = 1 << 15


def distinct(
    sources: Sequence[SightingSource], source: Ints, doc: Ints, alike: Ints
) -> tuple[Ints, dict[int, list[tuple[int, int]]]]:
    """Of rows that say the same in nearly the same articles, those of the newest article.

    source, doc  where each row is from
    alike        what it says: a digest, or 0 for a row that is never a copy

    Returns a mask of the rows that are kept, and for those of them that others say as well, by their places, the
    source and document of all, its own first.
    """
    kept = np.ones(len(doc), np.bool_)
    first = _copies(sources, source, doc, alike)
    again = np.flatnonzero(first != np.arange(len(doc)))
    groups: dict[int, list[int]] = defaultdict(list)
    for at in again.tolist():
        groups[int(first[at])].append(at)
    told: dict[int, list[tuple[int, int]]] = {}
    rank = _newest_first(sources, source, doc, np.union1d(again, first[again]))
    for lead, others in groups.items():
        rows = [lead, *others]
        documents = list(dict.fromkeys((int(source[at]), int(doc[at])) for at in rows))
        documents.sort(key=rank.__getitem__)
        for at in rows:
            if (int(source[at]), int(doc[at])) == documents[0]:
                told[at] = documents
            else:
                kept[at] = False
    return kept, told


def _newest_first(
    sources: Sequence[SightingSource], source: Ints, doc: Ints, rows: Ints
) -> dict[tuple[int, int], tuple[int, str]]:
    """What sorts the documents of some rows, by source and document: the newest first, then by id."""
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for number, each in enumerate(sources):
        docs = np.unique(doc[rows[source[rows] == number]])
        ranks = zip((-each.doc_keys(docs)).tolist(), each.ids(docs), strict=True)
        found |= zip(((number, at) for at in docs.tolist()), ranks, strict=True)
    return found


def _copies(sources: Sequence[SightingSource], source: Ints, doc: Ints, alike: Ints) -> Ints:
    """For each row the first row that says the same in nearly the same article; or itself."""
    found = np.arange(len(doc))
    order = np.argsort(alike, kind="stable")
    order = order[alike[order] != 0]
    if len(order) < 2:
        return found
    ordered = alike[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    sizes = np.diff(np.append(starts, len(order)))
    several = sizes > 1
    if not several.any():
        return found
    starts, sizes = starts[several], sizes[several]
    group = np.repeat(np.arange(len(starts)), sizes)
    rows = order[np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))]
    article, inverse = np.unique((source[rows].astype(np.int64) << 40) | doc[rows], return_inverse=True)
    sketches, known = _sketches(sources, article)
    having = known[inverse]
    rows, group, inverse = rows[having], group[having], inverse[having]
    owner = np.arange(len(rows))
    for one, other in _pairs(group, inverse, sketches):
        for at in range(0, len(one), _AT_ONCE):
            current_deadline().check(READING)
            a, b = one[at : at + _AT_ONCE], other[at : at + _AT_ONCE]
            share = (sketches[inverse[a]] == sketches[inverse[b]]).mean(axis=1)
            near = (share >= ALIKE) & (inverse[a] != inverse[b])
            for first, second in zip(a[near].tolist(), b[near].tolist(), strict=True):
                low, high = sorted((_root(owner, first), _root(owner, second)))
                owner[high] = low
    for at in np.flatnonzero(owner != np.arange(len(rows))).tolist():
        found[rows[at]] = rows[_root(owner, at)]
    return found


def _sketches(sources: Sequence[SightingSource], article: Ints) -> tuple[Ints, Ints]:
    sketches, known = np.zeros((len(article), SKETCH), np.uint16), np.zeros(len(article), np.bool_)
    for number, source in enumerate(sources):
        mine = np.flatnonzero(article >> 40 == number)
        if len(mine):
            sketches[mine], known[mine] = source.sketches(article[mine] & ((1 << 40) - 1))
    return sketches, known


def _pairs(group: Ints, article: Ints, sketches: Ints) -> list[tuple[Ints, Ints]]:
    """Which rows of each group are to be compared, as places; rows of a group stand in a row."""
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(group)))
    found = []
    for size in np.unique(sizes[(sizes > 1) & (sizes <= _EVERY_TWO)]).tolist():
        first, second = np.triu_indices(size, 1)
        begin = starts[sizes == size][:, None]
        found.append(((begin + first).ravel(), (begin + second).ravel()))
    large = np.flatnonzero(np.repeat(sizes, sizes) > _EVERY_TWO)
    if not len(large):
        return found
    width = SKETCH // BANDS
    for band in range(BANDS):
        some = sketches[article[large], band * width : (band + 1) * width].astype(np.uint64)
        key = some[:, 0] << np.uint64(32) | some[:, 1] << np.uint64(16) | some[:, 2]
        order = np.lexsort((large, key, group[large]))
        same = (key[order][1:] == key[order][:-1]) & (group[large][order][1:] == group[large][order][:-1])
        found.append((large[order][:-1][same], large[order][1:][same]))
    return found


def _root(owner: Ints, at: int) -> int:
    while owner[at] != at:
        owner[at] = owner[owner[at]]
        at = int(owner[at])
    return at
