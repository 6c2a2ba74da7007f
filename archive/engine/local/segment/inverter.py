"""Inverting a field: documents' lists of terms become terms' lists of documents, by one sort.

An occurrence is one number of 64 bits: that of its term, its document, its position there, and which form of the term
it is, from the highest bits to the lowest. numpy sorts such numbers in vector registers, many times faster than it
sorts places; and nothing else has to be brought into the same order. Where they do not fit into 64 bits, as of long
articles among very many, terms are sorted by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, pairwise, starmap
from operator import lt

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints, smallest, starts_of
from archive.engine.local.segment.postings import PostingsData
from archive.engine.schema import VALUE_GAP

#: Occurrences of which the postings are made together: arrays for which memory is at hand, and that fit in caches.
_MADE_TOGETHER = 1 << 20
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

    terms          sorted
    places         for each number that documents have, the place of its term
    forms          for each number, what is kept as `PostingsData.forms`; None to keep nothing
    documents      how many there will be
    occurrences    how many numbers they have in all
    most_position  no position is larger; None to keep neither positions nor frequencies
    """

    def __init__(
        self,
        terms: list[bytes],
        places: NDArray[np.uint32],
        forms: Ints | None = None,
        *,
        documents: int,
        occurrences: int,
        most_position: int | None = None,
    ) -> None:
        self._terms = terms
        self._has_positions, self._has_forms = most_position is not None, forms is not None
        self._form_bits = 0 if forms is None else int(forms.max(initial=0)).bit_length()
        self._position_bits = (most_position or 0).bit_length()
        self._doc_bits = documents.bit_length()
        self._bits = self._form_bits + self._position_bits + self._doc_bits
        assert self._bits <= _WIDTH, "a document of more words than a computer can hold"
        self._codes = np.zeros(len(places), np.uint64) if forms is None else forms.astype(np.uint64)
        #: The places of terms, where there are no bits for them.
        self._apart: NDArray[np.uint32] | None = None
        if len(terms).bit_length() + self._bits > _WIDTH:
            self._places, self._apart = places, np.empty(occurrences, np.uint32)
        else:
            self._codes |= places.astype(np.uint64) << np.uint64(self._bits)
        self._keys = np.empty(occurrences, np.uint64)
        self._taken = self._documents = 0

    def add(self, numbers: NDArray[np.uint32], lengths: Ints, positions: Ints | None = None) -> None:
        """Take documents: the numbers of their terms, one document after the other, how many each has, and where."""
        taken = slice(self._taken, self._taken + len(numbers))
        keys = self._keys[taken]
        np.take(self._codes, numbers, out=keys, mode="clip")  # in any other mode numpy makes a copy
        if self._apart is not None:
            np.take(self._places, numbers, out=self._apart[taken], mode="clip")
        docs = np.arange(self._documents, self._documents + len(lengths), dtype=np.uint64)
        keys |= np.repeat(docs << np.uint64(self._form_bits + self._position_bits), lengths)
        if positions is not None:
            keys |= positions.astype(np.uint64) << np.uint64(self._form_bits)
        self._taken, self._documents = taken.stop, self._documents + len(lengths)

    def parts(self, threads: int = 1) -> Iterator[PostingsData]:
        """The postings, some terms after the other; nothing can be added any more.

        So many `threads` work at the same time, before any part is asked for; with one, each part is made when it is.
        """
        assert self._taken == len(self._keys), "fewer or more occurrences than were said to come"
        if threads == 1:
            return starmap(self._part, _even_bounds(self._sort()))
        with ThreadPoolExecutor(threads) as pool:
            cuts = [len(self._keys) * number // threads for number in range(1, threads)]
            bounds = _even_bounds(self._sort(cuts, pool))
            return iter(list(pool.map(self._part, *zip(*bounds, strict=True))))

    def _sort(self, cuts: Sequence[int] = (), pool: ThreadPoolExecutor | None = None) -> Ints:
        """Bring the occurrences into the order of their terms; returns where each term's begin, and the end.

        What is between two `cuts` is sorted at the same time as what is between others.
        """
        keys = self._keys
        if self._apart is not None:
            starts = starts_of(np.bincount(self._apart, minlength=len(self._terms)))
            self._keys = keys[np.argsort(self._apart, kind="stable")]
            self._apart = None
            return starts
        if pool is None or not len(keys):
            keys.sort()
        else:
            keys.partition(cuts)
            list(pool.map(np.ndarray.sort, np.split(keys, cuts)))
        firsts = np.arange(len(self._terms), dtype=np.uint64) << np.uint64(self._bits)
        return np.append(np.searchsorted(keys, firsts), len(keys))

    def _part(self, begin: int, end: int, starts: Ints) -> PostingsData:
        """The postings of terms from one on to before another; `starts` says where the occurrences of each begin."""
        keys = self._keys[starts[0] : starts[-1]]
        occurring = np.diff(starts)
        forms = smallest(self._field(keys, 0, self._form_bits)) if self._has_forms else None
        positions = None
        if self._has_positions:
            positions = smallest(self._field(keys, self._form_bits, self._position_bits))
        docs = self._field(keys, self._form_bits + self._position_bits, self._doc_bits).astype(np.uint32)
        return PostingsData(self._terms[begin:end], *_postings(docs, occurring, positions), forms)

    @staticmethod
    def _field(keys: NDArray[np.uint64], shift: int, bits: int) -> NDArray[np.uint64]:
        """So many bits of each key, those above `shift`."""
        return (keys >> np.uint64(shift)) & np.uint64((1 << bits) - 1)


def _even_bounds(starts: Ints) -> list[tuple[int, int, Ints]]:
    """The terms in ranges, first and last, of which each has some `_MADE_TOGETHER` occurrences, or is one term.

    With each range goes where the occurrences of its terms begin, and the end of the last.
    """
    edges = np.searchsorted(starts, np.arange(_MADE_TOGETHER, starts[-1], _MADE_TOGETHER))
    bounds = pairwise(sorted({0, *edges.tolist(), len(starts) - 1}))
    return [(first, last, starts[first : last + 1]) for first, last in bounds]


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
