"""Terms as numbers, many texts at a time: what an analyzer finds, without a Python call a word.

A batch of texts is one run of bytes with spaces between words. A word of up to 16 bytes is two
64-bit integers, taken from the run as they lie and looked up in a hash table of numpy arrays;
both are compared, so that no two words are ever mixed up. Longer words and those not seen
before go through a dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints
from archive.text.analyzer import Analyzer, pretokenize

Numbers = NDArray[np.uint32]

_SPACE = 0x20
#: The bytes of an integer that belong to a word of so many bytes.
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
#: Odd constants with well-mixed bits (from the golden ratio, and MurmurHash3's finalizer).
_MIX_LOW, _MIX_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
#: What stands for a word without a term: an apostrophe that belongs to no word.
_NO_TERM = 0xFFFFFFFF


class TermInterner:
    """Numbers for the terms of an analyzer, in the order in which they were first seen."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._of_term: dict[str, int] = {}
        self._of_word: dict[bytes, int] = {}
        self._table = HashTable128()
        self._no_term_seen = False

    @property
    def terms(self) -> list[bytes]:
        """The terms by number, in UTF-8."""
        return [term.encode() for term in self._of_term]

    def numbers(self, texts: Sequence[str]) -> tuple[Numbers, Ints]:
        """The numbers of the terms of `texts`, one text after the other, and how many each has.

        A term's position in its text is its place among the numbers of that text. A batch is
        best some hundred thousand characters: work for numpy, and words known to the next one.
        """
        runs = list(map(pretokenize, texts))
        run = b" " + b" ".join(runs) + b" " * 17
        starts, ends = _word_bounds(run)
        numbers = self._look_up(run, starts, ends)
        bounds = np.zeros(len(runs) + 1, np.int64)
        np.cumsum([len(each) + 1 for each in runs], out=bounds[1:])
        if self._no_term_seen:
            kept = numbers != _NO_TERM
            numbers, starts = numbers[kept], starts[kept]
        return numbers, np.diff(np.searchsorted(starts, bounds + 1))

    def _look_up(self, run: bytes, starts: Ints, ends: Ints) -> Numbers:
        lengths = ends - starts
        eights = np.ndarray((len(run) - 7,), "<u8", run, strides=(1,))
        low = eights[starts]
        low &= _MASKS[np.minimum(lengths, 8)]
        high = eights[starts + 8]
        high &= _MASKS[np.clip(lengths - 8, 0, 8)]
        numbers, unknown = self._table.find(low, high)
        new = unknown[lengths[unknown] <= 16]
        by_dict = np.concatenate([new, np.flatnonzero(lengths > 16)])
        if len(by_dict):
            by_dict.sort()
            bounds = zip(starts[by_dict].tolist(), ends[by_dict].tolist(), strict=True)
            numbers[by_dict] = [self._number(run[start:end]) for start, end in bounds]
            self._table.add(low[new], high[new], numbers[new])
        return numbers

    def _number(self, word: bytes) -> int:
        number = self._of_word.get(word)
        if number is None:
            text = word.decode().strip("'")
            if text:
                number = self._of_term.setdefault(self._analyzer.term(text), len(self._of_term))
            else:
                number, self._no_term_seen = _NO_TERM, True
            self._of_word[word] = number
        return number


def _word_bounds(run: bytes) -> tuple[Ints, Ints]:
    """Where words begin and end in a run that begins and ends with a space."""
    inside = np.frombuffer(run, np.uint8) != _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    edges += 1
    return edges[::2], edges[1::2]


class HashTable128:
    """An open-addressing hash table from pairs of integers (the first never 0) to numbers."""

    def __init__(self) -> None:
        self._most = 0  # pairs at the most: repeated ones are counted again until the table is full
        self._allocate(16)

    def _allocate(self, bits: int) -> None:
        self._bits = bits
        self._low = np.zeros(1 << bits, np.uint64)
        self._high = np.zeros(1 << bits, np.uint64)
        self._number = np.zeros(1 << bits, np.uint32)

    def _slots(self, low: NDArray[np.uint64], high: NDArray[np.uint64]) -> Ints:
        mixed = low * _MIX_LOW
        mixed ^= high * _MIX_HIGH
        mixed ^= mixed >> np.uint64(32)
        mixed *= _MIX_LOW
        mixed >>= np.uint64(64 - self._bits)
        return mixed.astype(np.int64)

    def find(self, low: NDArray[np.uint64], high: NDArray[np.uint64]) -> tuple[Numbers, Ints]:
        """The number of each pair, and the places of the pairs that are not in the table."""
        slots = self._slots(low, high)
        numbers = self._number[slots]
        places = np.flatnonzero((self._low[slots] != low) | (self._high[slots] != high))
        slots = slots[places]
        unknown = [np.empty(0, np.int64)]
        while len(places):  # those that share a slot with others look in the next one
            empty = self._low[slots] == 0
            unknown.append(places[empty])
            places, slots = places[~empty], (slots[~empty] + 1) & ((1 << self._bits) - 1)
            equal = (self._low[slots] == low[places]) & (self._high[slots] == high[places])
            numbers[places[equal]] = self._number[slots[equal]]
            places, slots = places[~equal], slots[~equal]
        return numbers, np.concatenate(unknown)

    def add(self, low: NDArray[np.uint64], high: NDArray[np.uint64], numbers: Numbers) -> None:
        """Add pairs that are not in the table; they may repeat among themselves."""
        self._most += len(low)
        if self._most * 4 > 1 << self._bits:
            taken = np.flatnonzero(self._low)
            old = self._low[taken], self._high[taken], self._number[taken]
            self._most = len(taken) + len(low)
            self._allocate((self._most * 8 - 1).bit_length())
            self._insert(*old)
        self._insert(low, high, numbers)

    def _insert(self, low: NDArray[np.uint64], high: NDArray[np.uint64], numbers: Numbers) -> None:
        slots = self._slots(low, high)
        while len(slots):
            # Of several pairs for one free slot the last one written has it; the others go on.
            free = self._low[slots] == 0
            self._low[slots[free]] = low[free]
            self._high[slots[free]] = high[free]
            self._number[slots[free]] = numbers[free]
            placed = (self._low[slots] == low) & (self._high[slots] == high)
            low, high, numbers = low[~placed], high[~placed], numbers[~placed]
            slots = (slots[~placed] + 1) & ((1 << self._bits) - 1)
