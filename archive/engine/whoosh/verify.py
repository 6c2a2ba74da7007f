"""Checking an index from the inside: postings, columns and stored articles must agree."""

from __future__ import annotations

import numpy as np

from archive.engine.whoosh.schema import article_from
from archive.engine.whoosh.snapshot import Snapshot
from archive.fields import Fields, Kind


def faults(at: Snapshot, fields: Fields) -> list[str]:
    """What does not agree: one sentence a fault, none if the index is sound."""
    found: list[str] = []
    live = at.live
    ids = at.keys("id")
    seen = [ids[doc] for doc in np.flatnonzero(live).tolist()]
    if len(set(seen)) != len(seen):
        found.append(f"{len(seen) - len(set(seen))} ids stand for more than one article")
    for doc in np.flatnonzero(live).tolist():
        article = article_from(at.reader.stored_fields(doc))
        if article.id != ids[doc]:
            found.append(f"the article stored as {article.id!r} is indexed as {ids[doc]!r}")
        for field in fields.facets:
            column = at.facet(field.name)
            begin, end = np.searchsorted(column.docs, [doc, doc + 1])
            indexed = [column.values[at_value] for at_value in column.ordinals[begin:end]]
            if sorted(indexed) != sorted(field.values(article)):
                found.append(f"the values of {field.name} differ from the article {article.id!r}")
    for field in fields.facets:
        if field.kind is Kind.NAMES:
            found += _postings_faults(at, field.name)
    return found


def _postings_faults(at: Snapshot, name: str) -> list[str]:
    """Facet values whose postings name other documents than their column."""
    column = at.facet(name)
    counts = column.counts(at.live)
    wrong = 0
    posted = np.zeros(len(column.values), dtype=np.int64)
    for leaf, _ in at.reader.leaf_readers():
        for term in leaf.lexicon(name):
            ordinal = column.ordinal(term.decode())
            live = sum(1 for _ in leaf.postings(name, term).all_ids())
            if ordinal is None:
                wrong += live > 0
            else:
                posted[ordinal] += live
    wrong += int(np.count_nonzero(posted != counts))
    return [f"{wrong} values of {name} are counted otherwise than they are found"] if wrong else []
