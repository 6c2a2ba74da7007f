"""Inverting a field: documents' lists of terms become terms' lists of documents, by one sort."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice, pairwise
from operator import lt

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints, smallest, starts_of
from archive.engine.local.segment.postings import PostingsData
from archive.engine.schema import VALUE_GAP

#: Occurrences that make a part large enough for a thread of its own.
_WORTH_A_THREAD = 1 << 20
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
) -> list[PostingsData]:
    """Turn documents' lists of terms into terms' lists of documents: all, or in ranges of terms.

    terms      the terms by number, in no order
    numbers    the terms' numbers in all documents, one document after the other: each is
               replaced by the place of its term in the order
    lengths    how many of them each document has
    positions  their positions in their documents; None to keep neither these nor frequencies
    forms      for each of the numbers, what is kept as `PostingsData.forms`
    threads    into how many ranges of terms the work is cut, to be done at the same time
    """
    if all(map(lt, terms, islice(terms, 1, None))):
        sorted_terms, of_term = terms, numbers
    else:
        order = sorted(range(len(terms)), key=terms.__getitem__)
        sorted_terms = [terms[number] for number in order]
        ranks = np.empty(len(terms), np.uint32)
        ranks[order] = np.arange(len(terms), dtype=np.uint32)
        of_term = np.take(ranks, numbers, out=numbers, mode="clip")  # in any other mode numpy makes a copy
    of_doc = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    occurring = np.bincount(of_term, minlength=len(terms))

    def part(first: int, last: int) -> PostingsData:
        if last - first == len(terms):
            places = _places_by_term(of_term, occurring)
        else:
            where = np.flatnonzero((of_term >= first) & (of_term < last)).astype(np.uint32)
            places = where[_places_by_term(of_term[where] - np.uint32(first), occurring[first:last])]
        in_places = None if positions is None else positions[places]
        postings = _postings(of_doc[places], occurring[first:last], in_places)
        kept = None if positions is None else lengths
        return PostingsData(sorted_terms[first:last], *postings, kept, None if forms is None else forms[places])

    bounds = _even_bounds(occurring, threads)
    if len(bounds) == 1:
        return [part(*bounds[0])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(part, *zip(*bounds, strict=True)))


def _even_bounds(occurring: Ints, parts: int) -> list[tuple[int, int]]:
    """The terms in ranges of about as many occurrences, first and last; one range for a small field."""
    if parts == 1 or int(occurring.sum()) < _WORTH_A_THREAD:
        return [(0, len(occurring))]
    ends = np.cumsum(occurring)
    edges = np.searchsorted(ends, np.linspace(0, ends[-1], parts + 1)[1:-1]).tolist()
    return list(pairwise([0, *edges, len(occurring)]))


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
