"""Inverting a field: documents' lists of terms become terms' lists of documents, by one sort."""

from __future__ import annotations

from collections.abc import Iterator
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
#: So many terms can be told apart by 16 bits.
_SHORT = 1 << 16
#: Occurrences that are sorted together: some 5 MB with all that it takes.
_SORTED_TOGETHER = 1 << 18


def invert(
    terms: list[bytes],
    numbers: NDArray[np.uint32],
    lengths: Ints,
    positions: Ints | None,
    threads: int = 1,
    forms: Ints | None = None,
) -> Iterator[PostingsData]:
    """Turn documents' lists of terms into terms' lists of documents, some terms after the other.

    terms      the terms by number, in no order
    numbers    the terms' numbers in all documents, one document after the other: each is
               replaced by the place of its term in the order
    lengths    how many of them each document has
    positions  their positions in their documents; None to keep neither these nor frequencies
    forms      for each of the numbers, what is kept as `PostingsData.forms`
    threads    so many ranges of terms are made at the same time, before any is asked for; with one, each when it is
    """
    if not all(map(lt, terms, islice(terms, 1, None))):
        order = sorted(range(len(terms)), key=terms.__getitem__)
        terms = [terms[number] for number in order]
        ranks = np.empty(len(terms), np.uint32)
        ranks[order] = np.arange(len(terms), dtype=np.uint32)
        np.take(ranks, numbers, out=numbers, mode="clip")  # in any other mode numpy makes a copy
    occurring = np.bincount(numbers, minlength=len(terms))
    starts = starts_of(occurring)
    places = _places_by_term(numbers, occurring)
    of_doc = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)

    def part(first: int, last: int) -> PostingsData:
        these = places[starts[first] : starts[last]]
        in_places = None if positions is None else positions[these]
        postings = _postings(of_doc[these], occurring[first:last], in_places)
        return PostingsData(terms[first:last], *postings, None if forms is None else forms[these])

    bounds = _even_bounds(starts)
    if threads == 1 or len(bounds) == 1:
        return starmap(part, bounds)
    with ThreadPoolExecutor(threads) as pool:
        return iter(list(pool.map(part, *zip(*bounds, strict=True))))


def _even_bounds(starts: Ints) -> list[tuple[int, int]]:
    """The terms in ranges, first and last, of which each has some `_MADE_TOGETHER` occurrences, or is one term."""
    edges = np.searchsorted(starts, np.arange(_MADE_TOGETHER, starts[-1], _MADE_TOGETHER))
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


def _places_by_term(of_term: NDArray[np.uint32], occurring: Ints) -> NDArray[np.uint32]:
    """Where the occurrences of each term stand, term after term, ascending.

    numpy sorts numbers of 16 bits by their digits, many times faster than longer ones. All terms
    but the rarest are given such a number; these are sorted by themselves. Occurrences are sorted
    some at a time, in caches, as each term's share of the result is known beforehand.
    """
    places = np.empty(len(of_term), np.uint32)
    next_place = starts_of(occurring)[:-1]
    is_frequent = np.ones(len(occurring), np.bool_)
    if len(occurring) >= _SHORT:
        is_frequent[np.argpartition(occurring, -(_SHORT - 1))[: -(_SHORT - 1)]] = False
    frequent = np.flatnonzero(is_frequent)
    codes = np.full(len(occurring), len(frequent), np.uint16)
    codes[frequent] = np.arange(len(frequent), dtype=np.uint16)
    free = next_place[frequent]
    rare: list[Ints] = []
    for begin in range(0, len(of_term), _SORTED_TOGETHER):
        coded = codes[of_term[begin : begin + _SORTED_TOGETHER]]
        order = np.argsort(coded, kind="stable")
        order += begin
        counts = np.bincount(coded, minlength=len(frequent) + 1)[: len(frequent)]
        told_apart = int(counts.sum())
        into = np.repeat(free - starts_of(counts)[:-1], counts)
        into += np.arange(told_apart)
        places[into] = order[:told_apart]
        rare.append(order[told_apart:])
        free += counts
    others = np.concatenate([np.empty(0, np.int64), *rare])
    terms = of_term[others]
    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    within = np.arange(len(terms)) - np.searchsorted(terms, terms)
    places[next_place[terms] + within] = others[order]
    return places


def sequential_positions(lengths: Ints, words: Ints | None = None) -> Ints:
    """The positions of the terms of documents, one document after the other, at the least width that holds them.

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
    return smallest(found)
