"""Merging segments: their arrays one after the other, renumbered, without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.codec.inverted import Inverted
from archive.engine.whoosh.codec.packed import Ints, starts_of
from archive.engine.whoosh.codec.sections import SectionWriter
from archive.engine.whoosh.codec.segment import NO_NUMBER, SegmentFile
from archive.engine.whoosh.codec.stored import StoredWriter
from archive.engine.whoosh.codec.writing import SegmentWriter
from archive.engine.whoosh.schema import IndexField, IndexKind, article_of


@dataclass(frozen=True, slots=True)
class Part:
    """A segment to be merged: which of its documents are kept, and their new numbers."""

    segment: SegmentFile
    kept: NDArray[np.bool_]
    numbers: Ints

    @property
    def whole(self) -> bool:
        """Whether every document is kept."""
        return bool(self.kept.all())


def make_parts(segments: Sequence[tuple[SegmentFile, NDArray[np.bool_]]]) -> list[Part]:
    """The segments with the masks of their documents that are not deleted, numbered in a row."""
    parts, base = [], 0
    for segment, kept in segments:
        numbers = np.cumsum(kept) - 1 + base
        parts.append(Part(segment, kept, numbers))
        base += int(kept.sum())
    return parts


def merge(parts: Sequence[Part], fields: Sequence[IndexField], out: SectionWriter) -> int:
    """Write the documents that are kept as one segment; returns their number."""
    segment = SegmentWriter(out)
    for field in fields:
        if field.kind is IndexKind.NUMBER:
            segment.numbers(field.name, _merged_numbers(parts, field.name))
        elif field.kind is IndexKind.ORDER:
            segment.order(field.name, [key for part in parts for key in _keys(part, field)])
        else:
            inverted, new_numbers = _merged(parts, field.name)
            length = None if inverted.lengths is None else _kept_length(parts, field.name, inverted)
            segment.field(field.name, inverted, length)
            if field.column:
                segment.column(field.name, *_merged_column(parts, field.name, new_numbers))
    stored = StoredWriter()
    for part in parts:
        if part.whole:
            stored.add_blocks(*part.segment.stored.raw())
        else:
            for doc in np.flatnonzero(part.kept).tolist():
                stored.add(part.segment.stored[doc])
    stored.write(out)
    segment.finish(len(stored))
    return len(stored)


def _keys(part: Part, field: IndexField) -> Iterator[str]:
    """What the documents are sorted by: a segment keeps their order alone, so it is made again."""
    for doc in np.flatnonzero(part.kept).tolist():
        yield field.put(article_of(part.segment.stored[doc]))[0]


def _merged(parts: Sequence[Part], name: str) -> tuple[Inverted, list[Ints]]:
    """The field over all parts, and for each part the new numbers of its terms (-1: gone)."""
    loaded = [
        _without_deleted(field.load(), part) if (field := part.segment.field(name)) else _EMPTY for part in parts
    ]
    terms = sorted({term for each in loaded for term, count in zip(each.terms, each.counts, strict=True) if count})
    place = {term: number for number, term in enumerate(terms)}
    new_numbers: list[Ints] = [np.array([place.get(term, -1) for term in each.terms], np.int64) for each in loaded]
    of_term = np.concatenate([np.repeat(new, each.counts) for new, each in zip(new_numbers, loaded, strict=True)])
    docs = np.concatenate([part.numbers[each.docs] for part, each in zip(parts, loaded, strict=True)])
    order = np.argsort(of_term, kind="stable")
    counts = np.bincount(of_term, minlength=len(terms)).astype(np.int64)
    with_positions = any(each.positions is not None for each in loaded)
    merged_lengths = _merged_lengths(parts, loaded) if any(each.lengths is not None for each in loaded) else None
    if not with_positions:
        return Inverted(terms, counts, docs[order], lengths=merged_lengths), new_numbers
    freqs = np.concatenate([_or_empty(each.freqs) for each in loaded])
    positions = np.concatenate([_or_empty(each.positions) for each in loaded])
    starts = starts_of(freqs)[:-1][order]
    freqs = freqs[order]
    # Each posting's positions move with it: its start, then one after the other.
    gathered = np.arange(len(positions)) + np.repeat(starts - starts_of(freqs)[:-1], freqs)
    return Inverted(terms, counts, docs[order], freqs, positions[gathered], merged_lengths), new_numbers


_EMPTY = Inverted([], np.empty(0, np.int64), np.empty(0, np.int64))


def _or_empty(values: Ints | None) -> Ints:
    return np.empty(0, np.int64) if values is None else values


def _without_deleted(field: Inverted, part: Part) -> Inverted:
    if part.whole:
        return field
    kept = part.kept[field.docs]
    of_term = np.repeat(np.arange(len(field.terms)), field.counts)
    counts = np.bincount(of_term[kept], minlength=len(field.terms)).astype(np.int64)
    freqs = positions = None
    if field.freqs is not None and field.positions is not None:
        positions = field.positions[np.repeat(kept, field.freqs)]
        freqs = field.freqs[kept]
    return Inverted(field.terms, counts, field.docs[kept], freqs, positions, field.lengths)


def _merged_lengths(parts: Sequence[Part], loaded: Sequence[Inverted]) -> Ints:
    lengths = [
        np.zeros(int(part.kept.sum()), np.int64) if each.lengths is None else each.lengths[part.kept]
        for part, each in zip(parts, loaded, strict=True)
    ]
    return np.concatenate(lengths)


def _kept_length(parts: Sequence[Part], name: str, merged: Inverted) -> int:
    """The exact number of terms: what whole parts say of themselves, or what the postings add up to."""
    if all(part.whole for part in parts):
        return sum(part.segment.field_length(name) for part in parts)
    return int(merged.freqs.sum()) if merged.freqs is not None else 0


def _merged_numbers(parts: Sequence[Part], name: str) -> Ints:
    columns = []
    for part in parts:
        numbers = part.segment.numbers(name)
        none = np.full(int(part.kept.sum()), NO_NUMBER, np.int64)
        columns.append(none if numbers is None else numbers[part.kept].astype(np.int64))
    return np.concatenate(columns)


def _merged_column(parts: Sequence[Part], name: str, new_numbers: Sequence[Ints]) -> tuple[Ints, NDArray[Any]]:
    """How many values each document has, and their numbers among the merged terms."""
    counts, ordinals = [], []
    for part, new in zip(parts, new_numbers, strict=True):
        column = part.segment.column(name)
        if column is None:
            counts.append(np.zeros(int(part.kept.sum()), np.int64))
            continue
        each = column.lengths.astype(np.int64)
        counts.append(each[part.kept])
        ordinals.append(new[column.ordinals[np.repeat(part.kept, each)]])
    return np.concatenate(counts), np.concatenate(ordinals) if ordinals else np.empty(0, np.int64)
