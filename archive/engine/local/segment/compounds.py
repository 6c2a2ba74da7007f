"""Compounds and acronyms in a run of words: what `archive.text.analyzer` finds in one text, for many at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints
from archive.text.analyzer import APOSTROPHE, LAST_BETWEEN, MOST_PARTS

_HYPHEN, _STOP = ord("-"), ord(".")
#: An acronym in capitals has so many letters (`archive.text.analyzer.CAPITALS`).
_SHORTEST, _LONGEST = 2, 4


class RunOfWords(NamedTuple):
    """Texts one after the other, as `Analyzer.pretokenize` leaves them.

    starts, ends   where words begin and end in the run, with the apostrophes that may be around them
    bounds         where texts begin, and where the next one would
    """

    run: bytes
    starts: Ints
    ends: Ints
    bounds: Ints

    @property
    def _codes(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.run, np.uint8)

    def _bounds_of(self, words: Ints) -> tuple[Ints, Ints]:
        """Where words begin and end without the apostrophes around them; the end of one of nothing else is before."""
        codes = self._codes
        starts, ends = self.starts[words], self.ends[words]
        for edges, step, inner in ((starts, 1, 0), (ends, -1, -1)):
            places = np.flatnonzero(codes[edges + inner] == APOSTROPHE)
            while len(places):
                edges[places] += step
                places = places[(codes[edges[places] + inner] == APOSTROPHE) & (starts[places] < ends[places])]
        return starts, ends

    def texts_of(self, words: Ints) -> Ints:
        """The texts in which words are."""
        return np.searchsorted(self.bounds, self.starts[words], side="right") - 1

    def compounds(self) -> tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
        """The first and last word of each compound, ascending; dotted and chained as in `Compound`.

        Of longer chains that hyphens join only two neighbours are: the whole is not indexed.
        """
        joints, dotted = self._joints()
        begins = np.ones(len(joints), np.bool_)
        begins[1:] = (np.diff(joints) != 1) | (dotted[1:] != dotted[:-1])
        chains = np.flatnonzero(begins)
        sizes = np.diff(np.append(chains, len(joints)))
        short = (sizes < MOST_PARTS) & (dotted[chains] | (sizes == 1))
        pairs = np.flatnonzero(~dotted & (np.repeat(sizes, sizes) > 1))
        whole, steps = chains[short], sizes[short]
        firsts = np.concatenate([joints[whole], joints[pairs]])
        lasts = np.concatenate([joints[whole] + steps, joints[pairs] + 1])
        order = np.lexsort((lasts, firsts))
        of_pairs = np.zeros(len(pairs), np.bool_)
        is_dotted, is_chained = np.append(dotted[whole], of_pairs), np.append(np.zeros(len(whole), np.bool_), ~of_pairs)
        return firsts[order], lasts[order], is_dotted[order], is_chained[order]

    def _joints(self) -> tuple[Ints, NDArray[np.bool_]]:
        """The words that are joined to the next one, and whether a full stop joins them."""
        codes = self._codes
        is_word = (codes > LAST_BETWEEN) & (codes != APOSTROPHE)
        is_joint = (codes[1:-1] == _HYPHEN) | (codes[1:-1] == _STOP)
        is_joint &= is_word[:-2]
        is_joint &= is_word[2:]
        marks = np.flatnonzero(is_joint) + 1
        before, after = codes[marks - 1], codes[marks + 1]
        words = np.searchsorted(self.ends, marks)
        dotted = codes[marks] == _STOP
        joined = ~dotted & ~(_within(before, "0", 10) & _within(after, "0", 10))
        stops = np.flatnonzero(dotted)
        joined[stops] = self._are_letters(words[stops]) & self._are_letters(words[stops] + 1)
        return words[joined], dotted[joined]

    def _are_letters(self, words: Ints) -> NDArray[np.bool_]:
        """Which words are one letter of Latin, Greek or Cyrillic script."""
        starts, ends = self._bounds_of(words)
        codes, sizes = self._codes[starts], ends - starts
        two_bytes = (sizes == 2) & (codes >= 0xC3) & (codes <= 0xD3)
        return np.where(sizes == 1, _within(codes | np.uint8(0x20), "a", 26), two_bytes)

    def acronyms(self, firsts: Ints, lasts: Ints) -> tuple[Ints, Ints]:
        """The first and last word of acronyms in capitals, ascending: words, and compounds that full stops join.

        firsts, lasts   those of the latter, capitals or not
        """
        codes = self._codes
        first = codes[self.starts]
        words = np.flatnonzero(_within(first, "A", 26) | (first == APOSTROPHE))
        starts, ends = self._bounds_of(words)
        sizes = ends - starts
        kept = (sizes >= _SHORTEST) & (sizes <= _LONGEST)
        for place in range(_LONGEST):
            kept &= (place >= sizes) | _within(codes[starts + place], "A", 26)
        words = words[kept]
        letters = lasts - firsts + 1
        dotted = letters <= _LONGEST
        for place in range(_LONGEST):
            starts, ends = self._bounds_of(np.minimum(firsts + place, lasts))
            dotted &= _within(codes[starts], "A", 26) & (ends - starts == 1)
        all_firsts = np.concatenate([words, firsts[dotted]])
        order = np.argsort(all_firsts, kind="stable")
        return all_firsts[order], np.concatenate([words, lasts[dotted]])[order]


def _within(codes: NDArray[np.uint8], first: str, count: int) -> NDArray[np.bool_]:
    """Which bytes are among so many from one on; lower ones wrap."""
    return codes - np.uint8(ord(first)) < count
