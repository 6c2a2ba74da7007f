"""Inverting a field: documents' lists of terms become terms' lists of documents, by one sort."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.codec.inverted import Inverted
from archive.engine.whoosh.codec.packed import Ints, starts_of

#: From the places of occurrences among all, and their documents: their positions in these.
Positions = Callable[[Ints, Ints], NDArray[np.uint32]]


def invert(
    terms: list[bytes], numbers: NDArray[np.uint32], lengths: Ints, positions: Positions | None
) -> tuple[Inverted, NDArray[np.uint32]]:
    """Turn documents' lists of terms into terms' lists of documents.

    terms      the terms by number, in no order
    numbers    the terms' numbers in all documents, one document after the other
    lengths    how many of them each document has
    positions  what gives their positions; None to keep neither these nor frequencies

    Also returns the place in the order of each number.
    """
    order = sorted(range(len(terms)), key=terms.__getitem__)
    ranks = np.empty(len(terms), np.uint32)
    ranks[order] = np.arange(len(terms), dtype=np.uint32)
    of_term = ranks[numbers]
    places = _places_by_term(of_term)
    occurring = np.bincount(of_term, minlength=len(terms))
    del of_term
    docs = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[places]
    # A posting begins where the document changes, and where the term does.
    first = np.ones(len(docs), np.bool_)
    np.not_equal(docs[1:], docs[:-1], out=first[1:])
    term_starts = starts_of(occurring)[:-1]
    first[term_starts] = True
    postings = np.flatnonzero(first)
    del first
    counts = np.diff(np.searchsorted(postings, starts_of(occurring)))
    sorted_terms = [terms[number] for number in order]
    posted = docs[postings]
    if positions is None:
        return Inverted(sorted_terms, counts, posted), ranks
    freqs = np.diff(postings, append=len(docs)).astype(np.uint32)
    del postings
    return Inverted(sorted_terms, counts, posted, freqs, positions(places, docs), lengths), ranks


def _places_by_term(of_term: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Where the occurrences of each term stand, term after term, in ascending order.

    One sort of (term, place) pairs, each pair one number: numpy sorts these many times faster
    than it sorts by an index.
    """
    keys = of_term.astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint32)
    keys.sort(kind="stable")
    return keys.astype(np.uint32)


def in_a_row(lengths: Ints) -> Positions:
    """Positions of documents whose terms stand one after the other."""
    starts = starts_of(lengths).astype(np.uint32)
    return lambda places, docs: (places - starts[docs]).astype(np.uint32)
