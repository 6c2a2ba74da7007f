"""Posting lists of a segment, and what is done with ascending lists of doc ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import number_term
from archive.engine.local.segment.word_forms import FormsReader

_NONE = np.empty(0, np.int64)
#: Searching each of a few numbers among so many times more takes less than marking all.
_FEW = 8


class Postings(NamedTuple):
    """A posting list: a term of a field by its ordinal, and the segment-local doc ids that have it, ascending."""

    field: FieldReader | FormsReader
    number: int
    docs: Ints


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


def distinct_sorted(numbers: Ints) -> tuple[Ints, Ints]:
    """The different ones of ascending numbers, and how often each is there.

    `np.unique` does the same, but loads `numpy.ma` first, which takes longer than a search.
    """
    starts = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
    starts = np.concatenate([np.zeros(min(len(numbers), 1), np.int64), starts])
    return numbers.take(starts), np.diff(starts, append=len(numbers))


def union(lists: Sequence[Ints], documents: int) -> Ints:
    """The documents, numbered below `documents`, that are in any of some ascending lists."""
    if not lists:
        return _NONE
    longest, *others = sorted(lists, key=len, reverse=True)
    if not others:
        return longest
    mask = to_bitset([longest], documents)
    if all(mask.take(other).all() for other in others):  # as the words of most titles are in the text, too
        return longest
    for other in others:
        mask[other] = True
    return np.flatnonzero(mask)


def intersection(lists: Sequence[Ints], documents: int) -> Ints:
    """The doc ids, below `documents`, that are in all of some ascending lists; ascending."""
    if not lists:
        return _NONE
    shortest, *others = sorted(lists, key=len)
    for other in others:
        if not len(shortest):
            break
        if len(shortest) * _FEW < len(other):
            shortest = shortest[locate(other, shortest)[0]]
        else:
            shortest = shortest[to_bitset([other], documents).take(shortest)]
    return shortest


def locate(docs: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Of two ascending lists of doc ids, the indices of the common ones in `wanted`, and in `docs`; both ascending."""
    if not len(docs):
        return _NONE, _NONE
    places = np.searchsorted(docs, wanted)
    places[places == len(docs)] = 0
    common = np.flatnonzero(docs.take(places) == wanted)
    return common, places.take(common)


def occurrences(postings: Postings, wanted: Ints) -> Ints:
    """Where a term stands in some documents, ascending: (place of the document in `wanted`) << 32 | position.

    `wanted` are some of the term's documents, ascending.
    """
    field, number, docs = postings
    places = np.searchsorted(docs, wanted)
    positions = field.positions(number)
    freqs = field.freqs(number)
    if freqs is None:
        return (np.arange(len(wanted), dtype=np.int64) << 32) + positions[places]
    ends = np.cumsum(freqs, dtype=np.int64)
    counts = freqs[places].astype(np.int64)
    within = np.cumsum(counts)
    gathered = np.arange(int(within[-1]) if len(within) else 0) + np.repeat(ends[places] - within, counts)
    return (np.repeat(np.arange(len(wanted), dtype=np.int64), counts) << 32) + positions[gathered]
