"""An inverted field: its terms in order, and for each its documents, frequencies and positions.

Sections of a field `f`:

    f/terms, f/terms_at   the terms' UTF-8 bytes one after the other, sorted, and where each begins
    f/postings_at         where each term's postings begin; the difference is its document frequency
    f/docs                gaps between document numbers (packed; the first is the number itself)
    f/freqs               occurrences in each document (packed; absent where all are one)
    f/positions_at        where each term's positions begin
    f/positions           the positions in each document (packed)
    f/lengths             the number of terms in each document, as Whoosh's lossy bytes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.codec.packed import Ints, Packed, smallest, starts_of, write_packed
from archive.engine.whoosh.codec.sections import SectionFile, SectionWriter


@dataclass(frozen=True, slots=True)
class Inverted:
    """An inverted field in memory, ready to be written or merged.

    terms       sorted, distinct
    counts      document frequency of each
    docs        documents of each, ascending, one term after the other
    freqs       occurrences for each of docs; None where all are one and positions are not kept
    positions   positions of all occurrences, likewise; None where they are not kept
    lengths     terms a document, whole numbers; None where they are not kept
    """

    terms: list[bytes]
    counts: Ints
    docs: Ints
    freqs: Ints | None = None
    positions: Ints | None = None
    lengths: Ints | None = None

    def write(self, out: SectionWriter, name: str) -> None:
        """Write the sections of the field."""
        out.add(f"{name}/terms", b"".join(self.terms))
        out.add(f"{name}/terms_at", smallest(starts_of(np.fromiter(map(len, self.terms), np.int64, len(self.terms)))))
        postings_at = starts_of(self.counts)
        out.add(f"{name}/postings_at", smallest(postings_at))
        gaps = np.diff(self.docs, prepend=0)
        gaps[postings_at[:-1]] = self.docs[postings_at[:-1]]
        write_packed(out, f"{name}/docs", gaps, self.counts)
        if self.freqs is not None and self.positions is not None:
            occurrences = np.add.reduceat(self.freqs, postings_at[:-1]) if len(self.terms) else self.counts
            write_packed(out, f"{name}/freqs", self.freqs, self.counts)
            out.add(f"{name}/positions_at", smallest(starts_of(occurrences)))
            write_packed(out, f"{name}/positions", self.positions, occurrences)
        if self.lengths is not None:
            out.add(f"{name}/lengths", length_codes(self.lengths))


def length_codes(lengths: Ints) -> NDArray[np.uint8]:
    """Lengths as the bytes that Whoosh keeps of them (`whoosh.util.numeric.length_to_byte`)."""
    from whoosh.util.numeric import length_to_byte

    distinct, place = np.unique(lengths, return_inverse=True)
    codes = np.fromiter((length_to_byte(int(length)) for length in distinct), np.uint8, len(distinct))
    return codes[place]


def length_table() -> NDArray[np.float64]:
    """The length that each of the 256 bytes stands for."""
    from whoosh.util.numeric import byte_to_length

    return np.fromiter((byte_to_length(code) for code in range(256)), np.float64, 256)


class InvertedField:
    """An inverted field on a mapped file; every term is a number, its place in the order."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._file, self.name = file, name
        self._terms = file.bytes(f"{name}/terms")
        self._terms_at = file.array(f"{name}/terms_at")
        self._ends = memoryview(self._terms_at.data)  # a number from it costs half as much
        self._postings_at = file.array(f"{name}/postings_at")
        self.has_positions = f"{name}/positions_at" in file

    def __len__(self) -> int:
        return len(self._terms_at) - 1

    # -- terms -------------------------------------------------------------------------

    def term(self, number: int) -> bytes:
        """The term with that number."""
        return bytes(self._terms[self._ends[number] : self._ends[number + 1]])

    def terms(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The terms from number `first` to before `last`, in order."""
        ends = self._terms_at[first : None if last is None else last + 1].tolist()
        block = bytes(self._terms[ends[0] : ends[-1]]) if ends else b""
        base = ends[0] if ends else 0
        return (block[start - base : end - base] for start, end in pairwise(ends))

    def at_or_after(self, term: bytes) -> int:
        """The number of the first term that is not before `term` in the order."""
        terms, ends = self._terms, self._ends
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(terms[ends[middle] : ends[middle + 1]]) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        """The number of `term`, if the field has it."""
        number = self.at_or_after(term)
        return number if number < len(self) and self.term(number) == term else None

    def prefixed(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with `prefix`."""
        first = self.at_or_after(prefix)
        after = prefix.rstrip(b"\xff")
        if not after:
            return range(first, len(self))
        return range(first, self.at_or_after(after[:-1] + bytes((after[-1] + 1,))))

    def matching(self, pattern: re.Pattern[str], prefix: bytes) -> Iterator[int]:
        """The numbers of the terms that begin with `prefix` and match `pattern` from the start."""
        among = self.prefixed(prefix)
        for number, term in zip(among, self.terms(among.start, among.stop), strict=True):
            if pattern.match(term.decode()):
                yield number

    # -- postings ----------------------------------------------------------------------

    @cached_property
    def _docs(self) -> Packed:
        return Packed(self._file, f"{self.name}/docs")

    @cached_property
    def _freqs(self) -> Packed:
        return Packed(self._file, f"{self.name}/freqs")

    @cached_property
    def _positions(self) -> Packed:
        return Packed(self._file, f"{self.name}/positions")

    @cached_property
    def _positions_at(self) -> NDArray[Any]:
        return self._file.array(f"{self.name}/positions_at")

    @cached_property
    def lengths(self) -> NDArray[np.uint8] | None:
        """The length of each document as Whoosh's byte; None where lengths are not kept."""
        name = f"{self.name}/lengths"
        return self._file.array(name) if name in self._file else None

    def doc_frequency(self, number: int) -> int:
        """How many documents have a term, deleted ones included."""
        return int(self._postings_at[number + 1]) - int(self._postings_at[number])

    @property
    def doc_frequencies(self) -> NDArray[Any]:
        """How many documents have each term."""
        return np.diff(self._postings_at.astype(np.int64))

    def frequency(self, number: int) -> int:
        """How often a term occurs."""
        if not self.has_positions:
            return self.doc_frequency(number)
        return int(self._positions_at[number + 1]) - int(self._positions_at[number])

    def docs(self, number: int) -> Ints:
        """The documents of a term, ascending."""
        return np.cumsum(self._docs.group(number, self.doc_frequency(number)), dtype=np.int64)

    def freqs(self, number: int) -> NDArray[Any] | None:
        """How often a term occurs in each of its documents; None where it is once in all."""
        if not self.has_positions or self._freqs.all_ones(number):
            return None
        return self._freqs.group(number, self.doc_frequency(number))

    def positions(self, number: int) -> NDArray[Any]:
        """The positions of a term, document after document."""
        return self._positions.group(number, self.frequency(number))

    def load(self) -> Inverted:
        """The whole field in memory (lengths as they were kept), for merging."""
        counts = self.doc_frequencies
        gaps = self._docs.all(counts)
        if len(gaps):
            # Gaps become documents by one sum over all, less what came before each term.
            total = np.cumsum(gaps)
            starts = starts_of(counts)[:-1]
            before = np.where(starts > 0, total[starts - 1], 0)
            gaps = total - np.repeat(before, counts)
        freqs = positions = None
        if self.has_positions:
            freqs = self._freqs.all(counts)
            positions = self._positions.all(np.diff(self._positions_at.astype(np.int64)))
        lengths = None if self.lengths is None else length_table()[self.lengths].astype(np.int64)
        return Inverted(list(self.terms()), counts, gaps, freqs, positions, lengths)
