"""Inverting a field: documents' lists of terms become terms' lists of documents, by one sort.

An occurrence is one number of 64 bits: that of its term, its document, its position there, and which form of the term
it is, from the highest bits to the lowest. numpy sorts such numbers in vector registers, many times faster than it
sorts places; and nothing else has to be brought into the same order. Where they do not fit into 64 bits, as of long
articles among very many, terms are sorted by themselves. Terms are sorted in lots, whose occurrences wait in files for
their turn: memory does not grow with the number of documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice, pairwise
from operator import lt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.file import SpillBuffer
from archive.engine.local.segment.packed_lists import Ints, smallest, starts_of
from archive.engine.local.segment.postings import PostingsData
from archive.engine.schema import VALUE_GAP

#: Occurrences of which the postings are made together: arrays for which memory is at hand, and that fit in caches.
_MADE_TOGETHER = 1 << 20
#: Occurrences that are sorted together.
_SORTED_TOGETHER = 1 << 22
#: Bytes that all lots together keep in memory until they are.
_KEPT_BYTES = 1 << 26
#: Bits of a number.
_WIDTH = 64


def in_order(terms: list[bytes]) -> tuple[list[bytes], NDArray[np.uint32]]:
    """Terms sorted, and the place of each in that order."""
    places = np.arange(len(terms), dtype=np.uint32)
    if not all(map(lt, terms, islice(terms, 1, None))):
        order = sorted(range(len(terms)), key=terms.__getitem__)
        terms = [terms[number] for number in order]
        places[order] = np.arange(len(terms), dtype=np.uint32)
    return terms, places


class Inverter:
    """Collects documents and turns their lists of terms into terms' lists of documents.

    folder         where occurrences wait that outgrow memory, in files without a name
    terms          sorted
    places         for each number that documents have, the place of its term
    occurring      how often each number occurs in all
    forms          for each number, what is kept as `PostingsData.forms`; None to keep nothing
    documents      how many there will be
    most_position  no position is larger; None to keep neither positions nor frequencies
    """

    def __init__(
        self,
        folder: Path,
        terms: list[bytes],
        places: NDArray[np.uint32],
        occurring: Ints,
        forms: Ints | None = None,
        *,
        documents: int,
        most_position: int | None = None,
    ) -> None:
        self._terms = terms
        self._has_positions, self._has_forms = most_position is not None, forms is not None
        self._form_bits = 0 if forms is None else int(forms.max(initial=0)).bit_length()
        self._position_bits = (most_position or 0).bit_length()
        self._doc_bits = documents.bit_length()
        self._bits = self._form_bits + self._position_bits + self._doc_bits
        assert self._bits <= _WIDTH, "a document of more words than a computer can hold"
        self._starts = starts_of(np.bincount(places, occurring, len(terms)).astype(np.int64))
        self._lots = _lots(self._starts, folder)
        edges = [lot.first for lot in self._lots[1:]]
        self._lot_of = np.searchsorted(edges, places, side="right").astype(np.uint16) if edges else None
        self._codes = np.zeros(len(places), np.uint64) if forms is None else forms.astype(np.uint64)
        #: The places of terms, where there are no bits for them.
        self._apart: NDArray[np.uint32] | None = None
        if len(terms).bit_length() + self._bits > _WIDTH:
            self._apart = places
        else:
            self._codes |= places.astype(np.uint64) << np.uint64(self._bits)
        self._documents = 0

    def add(self, numbers: NDArray[np.uint32], lengths: Ints, positions: Ints | None = None) -> None:
        """Take documents: the numbers of their terms, one document after the other, how many each has, and where."""
        keys = self._codes.take(numbers)
        docs = np.arange(self._documents, self._documents + len(lengths), dtype=np.uint64)
        keys |= np.repeat(docs << np.uint64(self._form_bits + self._position_bits), lengths)
        if positions is not None:
            keys |= positions.astype(np.uint64) << np.uint64(self._form_bits)
        self._documents += len(lengths)
        places = None if self._apart is None else self._apart.take(numbers)
        lots = None if self._lot_of is None else self._lot_of.take(numbers)
        for number, lot in enumerate(self._lots):
            chosen = slice(None) if lots is None else lots == number
            lot.keys.write(keys[chosen])
            if places is not None:
                lot.places.write(places[chosen])

    def parts(self, threads: int = 1) -> Iterator[PostingsData]:
        """The postings, some terms after the other; nothing can be added any more.

        So many `threads` work at the same time, before any part is asked for; with one, each part is made when it is.
        """
        if threads == 1:
            return chain.from_iterable(map(self._parts, self._taken_lots()))
        with ThreadPoolExecutor(threads) as pool:
            return chain.from_iterable(list(pool.map(lambda lot: list(self._parts(lot)), self._taken_lots())))

    def _taken_lots(self) -> Iterator[_TermRange]:
        """The lots, each of which is let go of when the next is asked for."""
        self._lots.reverse()
        while self._lots:
            yield self._lots.pop()

    def _parts(self, lot: _TermRange) -> Iterator[PostingsData]:
        starts = self._starts[lot.first : lot.last + 1] - self._starts[lot.first]
        keys = lot.keys.array(np.uint64)
        assert len(keys) == starts[-1], "fewer or more occurrences than were said to come"
        if self._apart is None:
            keys.sort()
        else:
            keys = keys[np.argsort(lot.places.array(np.uint32), kind="stable")]
        for begin, end in _even_bounds(starts, _MADE_TOGETHER):
            terms = self._terms[lot.first + begin : lot.first + end]
            yield self._part(terms, keys[starts[begin] : starts[end]], np.diff(starts[begin : end + 1]))

    def _part(self, terms: list[bytes], keys: NDArray[np.uint64], occurring: Ints) -> PostingsData:
        """The postings of some terms from their occurrences in order, so many of each."""
        forms = smallest(self._field(keys, 0, self._form_bits)) if self._has_forms else None
        positions = None
        if self._has_positions:
            positions = smallest(self._field(keys, self._form_bits, self._position_bits))
        docs = self._field(keys, self._form_bits + self._position_bits, self._doc_bits).astype(np.uint32)
        return PostingsData(terms, *_postings(docs, occurring, positions), forms)

    @staticmethod
    def _field(keys: NDArray[np.uint64], shift: int, bits: int) -> NDArray[np.uint64]:
        """So many bits of each key, those above `shift`."""
        return (keys >> np.uint64(shift)) & np.uint64((1 << bits) - 1)


class _TermRange:
    """The terms from one on to before another, and their occurrences: keys, and the places of terms that are apart."""

    def __init__(self, first: int, last: int, folder: Path, kept: int) -> None:
        self.first, self.last = first, last
        self.keys, self.places = SpillBuffer(folder, kept), SpillBuffer(folder, kept)


def _lots(starts: Ints, folder: Path) -> list[_TermRange]:
    """All terms in lots; `starts` says where the occurrences of each begin, and the end of the last."""
    bounds = _even_bounds(starts, _SORTED_TOGETHER)
    return [_TermRange(first, last, folder, _KEPT_BYTES // len(bounds)) for first, last in bounds]


def _even_bounds(starts: Ints, together: int) -> list[tuple[int, int]]:
    """Terms in ranges, first and last, of which each has some `together` occurrences, or is one term."""
    edges = np.searchsorted(starts, np.arange(together, starts[-1], together))
    return list(pairwise(sorted({0, *edges.tolist(), len(starts) - 1})))


def _postings(
    docs: NDArray[np.uint32], occurring: Ints, positions: Ints | None
) -> tuple[Ints, Ints, Ints | None, Ints | None]:
    """The postings of terms that occur in `docs` at `positions`, term after term, so often each.

    Document frequencies, documents, frequencies and positions, as in PostingsData.
    """
    # A posting begins where the document changes, and where the term does.
    first = np.ones(len(docs), np.bool_)
    np.not_equal(docs[1:], docs[:-1], out=first[1:])
    first[starts_of(occurring)[:-1]] = True
    postings = np.flatnonzero(first).astype(np.uint32)
    del first
    counts = np.diff(np.searchsorted(postings, starts_of(occurring).astype(np.uint32)))  # both of one type: no copy
    if positions is None:
        return counts, docs[postings], None, None
    freqs = np.empty(len(postings), np.uint32)
    np.subtract(postings[1:], postings[:-1], out=freqs[:-1])
    freqs[-1:] = len(docs) - postings[-1:]
    return counts, docs[postings], freqs, positions


def sequential_positions(lengths: Ints, words: Ints | None = None) -> Ints:
    """The positions of the terms of documents, one document after the other.

    words   so many of the terms of each document are words (None: all); what follows these stands apart, each term
            as if in a text of its own
    """
    starts = starts_of(lengths)
    found = np.arange(starts[-1], dtype=np.uint32)
    found -= np.repeat(starts[:-1].astype(np.uint32), lengths)
    if words is not None:
        extra = lengths - words
        number = np.arange(int(extra.sum())) - np.repeat(starts_of(extra)[:-1], extra)
        places = np.repeat(starts[:-1] + words, extra) + number
        found[places] += ((VALUE_GAP - 1) * (number + 1)).astype(np.uint32)
    return found
