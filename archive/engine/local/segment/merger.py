"""Merging segments: their arrays one after the other, renumbered, without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.doc_store import DocStoreWriter
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.file import SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints, starts_of
from archive.engine.local.segment.postings import FieldReader, PostingsData, PostingsWriter, length_table
from archive.engine.local.segment.segment import SegmentFieldWriter, SegmentReader
from archive.engine.local.segment.word_forms import FormMerger
from archive.engine.schema import IndexField, IndexKind, ranked_as_one
from archive.engine.stored import decode_article
from archive.model.sighting_columns import merged_columns

#: Occurrences that are merged at a time, each some hundred bytes while that lasts.
_LOT = 1 << 20


@dataclass(frozen=True, slots=True)
class MergeInput:
    """A segment to be merged: which of its documents are kept, and their new numbers."""

    segment: SegmentReader
    kept: NDArray[np.bool_]
    numbers: Ints

    @property
    def whole(self) -> bool:
        """Whether every document is kept."""
        return bool(self.kept.all())


def merge_inputs(segments: Sequence[tuple[SegmentReader, NDArray[np.bool_]]]) -> list[MergeInput]:
    """The segments with the masks of their documents that are not deleted, numbered in a row."""
    parts, base = [], 0
    for segment, kept in segments:
        numbers = np.cumsum(kept) - 1 + base
        parts.append(MergeInput(segment, kept, numbers))
        base += int(kept.sum())
    return parts


def merge(
    parts: Sequence[MergeInput], fields: Sequence[IndexField], out: SegmentFileWriter
) -> tuple[int, tuple[int, str]]:
    """Write the documents that are kept as one segment; returns their number, and the file's size and digest."""
    segment = SegmentFieldWriter(out)
    for field in fields:
        if field.kind is IndexKind.NUMERIC:
            segment.numbers(field.name, _merged_numbers(parts, field.name))
        elif field.kind is IndexKind.SORT_KEY:
            segment.order(field.name, [key for part in parts for key in _keys(part, field)])
        elif not field.forms_of:
            new_numbers = _merge_field(parts, field.name, segment, stemmed=field.stemmed)
            if field.column:
                segment.column(field.name, *_merged_column(parts, field.name, new_numbers))
    segment.sightings(merged_columns([(part.segment.sightings, part.kept) for part in parts]))
    stored = DocStoreWriter(out.spool())
    for part in parts:
        if part.whole:
            stored.add_all(part.segment.stored.raw())
        else:
            for doc in np.flatnonzero(part.kept).tolist():
                stored.add(part.segment.stored[doc])
    stored.write(out)
    return len(stored), segment.finish(len(stored), ranked_as_one(fields))


def _keys(part: MergeInput, field: IndexField) -> Iterator[str]:
    """What the documents are sorted by: a segment keeps their order alone, so it is made again."""
    for doc in np.flatnonzero(part.kept).tolist():
        yield field.extract(decode_article(part.segment.stored[doc]))[0]


def _merge_field(
    parts: Sequence[MergeInput], name: str, out: SegmentFieldWriter, *, stemmed: bool = False
) -> list[Ints]:
    """Write the field of all parts, some of its terms at a time.

    Returns for each part the new numbers of its terms (-1: in no document that is kept).
    """
    fields = [part.segment.field(name) for part in parts]
    held = [[] if field is None else list(field.terms()) for field in fields]
    terms = sorted(set().union(*held))
    place = {term: number for number, term in enumerate(terms)}
    numbers = [np.fromiter(map(place.__getitem__, each), np.int64, len(each)) for each in held]
    del held, place
    new_numbers: list[Ints] = [np.full(len(each), -1, np.int64) for each in numbers]
    readers = [part.segment.forms(name) if stemmed else None for part in parts]
    forms = FormMerger(readers) if stemmed else None
    writer = PostingsWriter(out.out, name)
    written = occurrences = 0
    for first, last in _term_batches(fields, numbers, len(terms)):
        loaded, into = [], []
        for number, (part, field, each, new) in enumerate(zip(parts, fields, numbers, new_numbers, strict=True)):
            begin, end = np.searchsorted(each, (first, last)).tolist()
            some = field.load(begin, end) if field else _EMPTY
            if forms is not None and field is not None and readers[number] is not None and some.terms:
                among = field.load_forms(begin, end)
                some = replace(some, forms=forms.numbers_of(number, begin, some.occurrences, among))
            some = _without_deleted(some, part)
            loaded.append((part, some, each[begin:end] - first))
            into.append(new[begin:end])
        counts, merged = _merge_terms(loaded, terms[first:last])
        if forms is not None and merged.forms is not None and merged.terms:
            merged = replace(merged, forms=forms.take(merged.forms, merged.occurrences, written))
        # Terms that are left are numbered on.
        numbered = np.where(counts > 0, np.cumsum(counts > 0) - 1 + written, -1)
        for new, (_, _, each) in zip(into, loaded, strict=True):
            new[:] = numbered[each]
        written += len(merged.terms)
        occurrences += 0 if merged.freqs is None else int(merged.freqs.sum())
        writer.add(merged)
        for part in parts:
            part.segment.file.drop_pages()
    lengths = _merged_lengths(parts, fields)
    if all(part.whole for part in parts):
        occurrences = sum(part.segment.field_length(name) for part in parts)
    vocabulary = None if forms is None else forms.vocabulary
    out.finish_field(name, writer, lengths, None if lengths is None else occurrences, vocabulary)
    return new_numbers


def _term_batches(
    fields: Sequence[FieldReader | None], numbers: Sequence[Ints], terms: int
) -> Iterator[tuple[int, int]]:
    """The merged terms in lots of at most so many occurrences: first number, and that after the last."""
    sizes = np.zeros(terms, np.int64)
    for field, each in zip(fields, numbers, strict=True):
        if field is not None:
            sizes[each] += field.occurrences
    lots = np.cumsum(sizes) // _LOT
    edges = [0, *(np.flatnonzero(lots[1:] != lots[:-1]) + 1).tolist(), terms]
    return (pair for pair in pairwise(edges) if pair[0] < pair[1])


def _merge_terms(
    loaded: Sequence[tuple[MergeInput, PostingsData, Ints]], terms: list[bytes]
) -> tuple[Ints, PostingsData]:
    """Some terms over all parts, each with the places of its terms among these; the counts of all of them too."""
    of_term = np.concatenate([np.repeat(places, some.counts) for _, some, places in loaded])
    docs = np.concatenate([part.numbers[some.docs] for part, some, _ in loaded])
    order = np.argsort(of_term, kind="stable")
    counts = np.bincount(of_term, minlength=len(terms)).astype(np.int64)
    kept = [term for term, count in zip(terms, counts.tolist(), strict=True) if count]
    merged = PostingsData(kept, counts[counts > 0], docs[order])
    if any(some.positions is not None for _, some, _ in loaded):
        freqs = np.concatenate([_or_empty(some.freqs) for _, some, _ in loaded])
        positions = np.concatenate([_or_empty(some.positions) for _, some, _ in loaded])
        starts = starts_of(freqs)[:-1][order]
        freqs = freqs[order]
        # Each posting's positions move with it: its start, then one after the other.
        gathered = np.repeat((starts - starts_of(freqs)[:-1]).astype(np.int32), freqs)
        gathered += np.arange(len(positions), dtype=np.int32)
        merged = replace(merged, freqs=freqs, positions=positions[gathered])
        if any(some.forms is not None for _, some, _ in loaded):
            forms = np.concatenate([_or_empty(some.forms) for _, some, _ in loaded])
            merged = replace(merged, forms=forms[gathered])
    return counts, merged


_EMPTY = PostingsData([], np.empty(0, np.int64), np.empty(0, np.int64))


def _or_empty(values: Ints | None) -> Ints:
    return np.empty(0, np.int64) if values is None else values


def _without_deleted(some: PostingsData, part: MergeInput) -> PostingsData:
    if part.whole:
        return some
    kept = part.kept[some.docs]
    of_term = np.repeat(np.arange(len(some.terms)), some.counts)
    counts = np.bincount(of_term[kept], minlength=len(some.terms)).astype(np.int64)
    freqs = positions = forms = None
    if some.freqs is not None and some.positions is not None:
        occurring = np.repeat(kept, some.freqs)
        positions = some.positions[occurring]
        forms = None if some.forms is None else some.forms[occurring]
        freqs = some.freqs[kept]
    return PostingsData(some.terms, counts, some.docs[kept], freqs, positions, forms=forms)


def _merged_lengths(parts: Sequence[MergeInput], fields: Sequence[FieldReader | None]) -> Ints | None:
    """How many terms each document has, as far as that was kept; None for a field that keeps none."""
    if all(field is None or field.lengths is None for field in fields):
        return None
    lengths = [
        np.zeros(int(part.kept.sum()), np.int64)
        if field is None or field.lengths is None
        else length_table()[field.lengths[part.kept]].astype(np.int64)
        for part, field in zip(parts, fields, strict=True)
    ]
    return np.concatenate(lengths)


def _merged_numbers(parts: Sequence[MergeInput], name: str) -> Ints:
    columns = []
    for part in parts:
        numbers = part.segment.numbers(name)
        none = np.full(int(part.kept.sum()), MISSING, np.int64)
        columns.append(none if numbers is None else numbers[part.kept].astype(np.int64))
    return np.concatenate(columns)


def _merged_column(parts: Sequence[MergeInput], name: str, new_numbers: Sequence[Ints]) -> tuple[Ints, NDArray[Any]]:
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
