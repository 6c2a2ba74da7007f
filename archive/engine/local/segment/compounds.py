"""Compounds and acronyms in a run of words: what `archive.text.analyzer` finds in one text, for many at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.packed_lists import Ints
from archive.text.analyzer import APOSTROPHE, MOST_PARTS

_HYPHEN, _STOP, _SPACE = ord("-"), ord("."), ord(" ")
#: An acronym in capitals has so many letters (`archive.text.analyzer.CAPITALS`).
_SHORTEST, _LONGEST = 2, 4


class RunOfWords(NamedTuple):
    """Texts one after the other, as `pretokenize` leaves them, with a space before each.

    starts, ends   where words begin and end in the run
    bounds         where texts begin, and where the next one would
    """

    run: bytes
    starts: Ints
    ends: Ints
    bounds: Ints

    @classmethod
    def of(cls, run: bytes, starts: Ints, ends: Ints, bounds: Ints) -> RunOfWords:
        """A run whose words may still have apostrophes around them."""
        codes = np.frombuffer(run, np.uint8)
        starts, ends = starts.copy(), ends.copy()
        for edges, step, inner in ((starts, 1, 0), (ends, -1, -1)):
            words = np.flatnonzero(codes[edges + inner] == APOSTROPHE)
            while len(words):
                edges[words] += step
                words = words[(codes[edges[words] + inner] == APOSTROPHE) & (starts[words] < ends[words])]
        return cls(run, starts, ends, bounds)

    @property
    def _codes(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.run, np.uint8)

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
        codes, starts, ends = self._codes, self.starts, self.ends
        close = np.flatnonzero(starts[1:] - ends[:-1] == 1)
        between = codes[ends[close]]
        is_joint = between != _SPACE
        close, between = close[is_joint], between[is_joint]
        before, after = codes[ends[close] - 1], codes[starts[close + 1]]
        hyphened = (between == _HYPHEN) & ~(_within(before, "0", 10) & _within(after, "0", 10))
        hyphened &= (before != APOSTROPHE) & (after != APOSTROPHE)
        dotted = (between == _STOP) & self._are_letters(close) & self._are_letters(close + 1)
        joined = hyphened | dotted
        return close[joined], dotted[joined]

    def _are_letters(self, words: Ints) -> NDArray[np.bool_]:
        """Which words are one letter of Latin, Greek or Cyrillic script."""
        codes, sizes = self._codes[self.starts[words]], self.ends[words] - self.starts[words]
        two_bytes = (sizes == 2) & (codes >= 0xC3) & (codes <= 0xD3)
        return np.where(sizes == 1, _within(codes | np.uint8(0x20), "a", 26), two_bytes)

    def acronyms(self, firsts: Ints, lasts: Ints) -> tuple[Ints, Ints]:
        """The first and last word of acronyms in capitals, ascending: words, and compounds that full stops join.

        firsts, lasts   those of the latter, capitals or not
        """
        codes = self._codes
        capital, sizes = _within(codes[self.starts], "A", 26), self.ends - self.starts
        words = np.flatnonzero(capital & (sizes >= _SHORTEST) & (sizes <= _LONGEST))
        for place in range(1, _LONGEST):
            at = self.starts[words] + place
            words = words[(at >= self.ends[words]) | _within(codes[at], "A", 26)]
        capitals = np.concatenate([[0], np.cumsum(capital & (sizes == 1))])
        letters = lasts - firsts + 1
        dotted = (capitals[lasts + 1] - capitals[firsts] == letters) & (letters <= _LONGEST)
        all_firsts = np.concatenate([words, firsts[dotted]])
        order = np.argsort(all_firsts, kind="stable")
        return all_firsts[order], np.concatenate([words, lasts[dotted]])[order]


def _within(codes: NDArray[np.uint8], first: str, count: int) -> NDArray[np.bool_]:
    """Which bytes are among so many from one on; lower ones wrap."""
    return codes - np.uint8(ord(first)) < count
