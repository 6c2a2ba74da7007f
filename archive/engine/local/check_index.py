"""Checking an index from the inside.

Its structure is checked by what a manifest and the header of each segment say; a deep check reads
every byte, and sees that postings, columns and stored articles agree.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from archive.engine.local.doc_set import Mask
from archive.engine.local.index_reader import IndexReader
from archive.engine.local.manifest import digest_of
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.schema import facet_field
from archive.engine.stored import decode_article
from archive.model.fields import Fields


def integrity_errors(reader: IndexReader, fields: Fields, folder: Path, *, deep: bool) -> list[str]:
    """What does not agree: one sentence a fault, none if the index is sound."""
    found: list[str] = []
    contents = reader.generation.toc_file
    if digest_of(folder / contents) != reader.generation.toc_digest:
        found.append(f"{contents}, by which other programs read the index, is damaged or missing")
    ids: Counter[str] = Counter()
    for listed, segment in zip(reader.listed, reader.segments, strict=True):
        damaged = segment.file.damaged_sections() if deep else []
        if damaged:
            found.append(f"{listed.filename} is damaged in {', '.join(damaged[:3])}")
            continue
        if not deep:
            continue
        alive = np.ones(segment.doc_count, np.bool_)
        alive[list(listed.deleted)] = False
        found += _stored_faults(segment, fields, alive, ids)
        for facet in fields.facets:
            found += _column_faults(segment, facet_field(facet), listed.filename)
    doubled = sum(count - 1 for count in ids.values())
    return found + ([f"{doubled} ids stand for more than one article"] if doubled else [])


def _stored_faults(segment: SegmentReader, fields: Fields, alive: Mask, ids: Counter[str]) -> list[str]:
    found = []
    for doc in np.flatnonzero(alive).tolist():
        article = decode_article(segment.stored[doc])
        ids[article.id] += 1
        for name, values in (("id", (article.id,)), *((facet_field(f), f.values(article)) for f in fields.facets)):
            field, column = segment.field(name), segment.column(name)
            indexed = [] if field is None or column is None else [field.term(int(n)).decode() for n in column.of(doc)]
            if indexed != list(values):
                found.append(f"the values of {name} differ from the article {article.id!r}")
    return found


def _column_faults(segment: SegmentReader, name: str, filename: str) -> list[str]:
    """Facet values whose postings name other documents than their column."""
    field, column = segment.field(name), segment.column(name)
    if field is None or column is None:
        return []
    counts = np.bincount(column.ordinals, minlength=len(field))
    wrong = int(np.count_nonzero(counts != field.doc_frequencies))
    return [f"{wrong} values of {name} in {filename} have counts that differ from their postings"] if wrong else []
