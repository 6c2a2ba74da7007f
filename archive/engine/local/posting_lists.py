"""Posting lists over all segments, and what is done with ascending lists of doc ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import number_term
from archive.engine.local.segment.word_forms import FormsReader

_NONE = np.empty(0, np.int64)
#: Searching for a few numbers among so many times as many takes less than marking all of these.
_FEW = 20
#: To mark none takes for so many documents as long as to mark one.
_CLEARED = 100
#: A mask at least this long with one in so many documents at the most is gone through by eights.
_LONG = 1 << 18
_SPARSE = 10
#: Looking for each of some documents takes less than going through so many times more.
RARE = 50


class SegmentTerm(NamedTuple):
    """A term in one segment: its field there, its ordinal, and the segment's doc base."""

    field: FieldReader | FormsReader
    number: int
    base: int


class Postings:
    """The posting list of a term of a field, over all segments that have it.

    docs  the global doc ids that have it, ascending
    """

    def __init__(self, parts: Sequence[SegmentTerm]) -> None:
        self._parts = parts
        self._starts = [0, *accumulate(part.field.doc_frequency(part.number) for part in parts)]
        self.docs: Ints = np.empty(self._starts[-1], np.int64)
        for part, (start, end) in zip(parts, pairwise(self._starts), strict=True):
            docs = self.docs[start:end]
            part.field.read_docs(part.number, docs)
            if part.base:
                docs += part.base

    @property
    def frequency(self) -> int:
        """The number of occurrences of the term in all documents."""
        return sum(part.field.frequency(part.number) for part in self._parts)

    @cached_property
    def freqs(self) -> NDArray[Any] | None:
        """The frequency of the term in each of its documents, parallel to `docs`; None where all are 1."""
        lists = [part.field.freqs(part.number) for part in self._parts]
        if len(lists) == 1:
            return lists[0]
        if all(freqs is None for freqs in lists):
            return None
        counts = (end - start for start, end in pairwise(self._starts))
        return np.concatenate(
            [np.ones(count, np.uint8) if freqs is None else freqs for count, freqs in zip(counts, lists, strict=True)]
        )

    def occurrences(self, wanted: Ints) -> Ints:
        """Where the term stands in some documents, ascending: (place of the document in `wanted`) << 32 | position.

        `wanted` are some of the term's documents, ascending.
        """
        found, freqs = [], self.freqs
        if len(self._parts) == 1:
            return _occurrences(self._parts[0], self.docs, freqs, wanted)
        for part, (start, end) in zip(self._parts, pairwise(self._starts), strict=True):
            docs = self.docs[start:end]
            first, last = wanted.searchsorted((docs[0], docs[-1] + 1)).tolist()
            if first < last:
                standing = _occurrences(part, docs, None if freqs is None else freqs[start:end], wanted[first:last])
                found.append(standing + (first << 32) if first else standing)
        return found[0] if len(found) == 1 else np.concatenate([_NONE, *found])


def as_term(text: str | bytes | int) -> bytes:
    """A query's text as the bytes of a term."""
    if isinstance(text, int):
        return number_term(text)
    return text if isinstance(text, bytes) else text.encode()


def to_bitset(lists: Iterable[Ints], documents: int) -> NDArray[np.bool_]:
    """The union of some lists of doc ids as a mask, shape (documents,), bool."""
    mask = np.zeros(documents, np.bool_)
    for docs in lists:
        mask[docs] = True
    return mask


def docs_of(mask: NDArray[np.bool_], most: int) -> Ints:
    """The documents of a mask, ascending, which are about so many at the most."""
    if len(mask) < _LONG or most * _SPARSE > len(mask):
        return mask.nonzero()[0]
    eights = len(mask) >> 3
    having = (mask[: eights << 3].view(np.uint64) != 0).nonzero()[0]
    found = mask[: eights << 3].reshape(-1, 8).take(having, axis=0).ravel().nonzero()[0]
    docs = (having.take(found >> 3) << 3) + (found & 7)
    rest = mask[eights << 3 :].nonzero()[0]
    return np.concatenate([docs, rest + (eights << 3)]) if len(rest) else docs


def union(lists: Sequence[Ints], documents: int) -> Ints:
    """The documents, numbered below `documents`, that are in any of some ascending lists."""
    if not lists:
        return _NONE
    longest, *others = sorted(lists, key=len, reverse=True)
    if sum(map(len, others)) * RARE > documents:
        return docs_of(to_bitset(lists, documents), sum(map(len, lists)))
    for other in others:
        missing = other[~is_in(longest, other)]
        if len(missing):  # hardly ever many: most words of titles are in the text, too
            longest = np.concatenate([longest, missing])
            longest.sort(kind="stable")  # which merges what is sorted
    return longest


def is_in(docs: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Which of `wanted` are among `docs`; both are ascending lists of doc ids."""
    if not len(docs):
        return np.zeros(len(wanted), np.bool_)
    return docs.take(docs.searchsorted(wanted), mode="clip") == wanted


def intersection(lists: Sequence[Ints], documents: int) -> Ints:
    """The doc ids, below `documents`, that are in all of some ascending lists; ascending."""
    return intersection_of_unions([[docs] for docs in lists], documents)


def intersection_of_unions(groups: Sequence[Sequence[Ints]], documents: int) -> Ints:
    """The doc ids, below `documents`, that are in some list of each group of ascending lists; ascending."""
    if not groups:
        return _NONE
    smallest, *others = sorted(groups, key=lambda lists: sum(map(len, lists)))
    found = union(smallest, documents)
    for lists in others:
        if not len(found):
            break
        found = found[_is_in_any(lists, found, documents)]
    return found


def are_few(wanted: Ints, among: int, documents: int) -> bool:
    """Whether to search for documents one by one among so many takes less than to mark all of these in an array."""
    return len(wanted) * _FEW < among + documents // _CLEARED


def _is_in_any(lists: Sequence[Ints], wanted: Ints, documents: int) -> NDArray[np.bool_]:
    if not are_few(wanted, sum(map(len, lists)), documents):
        return to_bitset(lists, documents).take(wanted)
    inside = np.zeros(len(wanted), np.bool_)
    for docs in lists:
        inside |= is_in(docs, wanted)
    return inside


def locate(docs: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Of two ascending lists of doc ids, the indices of the common ones in `wanted`, and in `docs`; both ascending."""
    if not len(docs):
        return _NONE, _NONE
    places = docs.searchsorted(wanted)
    common = (docs.take(places, mode="clip") == wanted).nonzero()[0]
    return common, places.take(common)


def _occurrences(term: SegmentTerm, docs: Ints, freqs: Ints | None, wanted: Ints) -> Ints:
    """Where a term of a segment stands, as `Postings.occurrences` has it; `docs` are all its documents there."""
    places = docs.searchsorted(wanted)
    numbers = np.arange(len(wanted), dtype=np.int64) << 32
    if freqs is None or not len(places):
        return numbers + term.field.positions_at(term.number, places)
    counts = freqs.take(places).astype(np.int64)
    within = counts.cumsum()
    # From the first of one document to the first of the next; before the first document stand those of all others.
    begins = np.empty(len(places), np.int64)
    begins[0] = freqs[: places[0]].sum(dtype=np.int64)
    begins[1:] = np.add.reduceat(freqs[: places[-1] + 1], places, dtype=np.int64)[:-1]
    begins.cumsum(out=begins)
    gathered = np.arange(int(within[-1])) + np.repeat(begins - within + counts, counts)
    return np.repeat(numbers, counts) + term.field.positions_at(term.number, gathered)
