"""Columns: the values of every document as arrays, and what can be asked of them at once.

Documents are numbered from 0 in the order of the index, deleted ones included; a mask is
an array of one bool a document.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.analysis import words

Mask = NDArray[np.bool_]
Docs = NDArray[np.int64]


class FacetColumn:
    """The values of one facet, several to a document.

    values    distinct values, sorted
    ordinals  for every (document, value) pair, the value's place in `values`
    docs      for every pair, its document; ascending
    """

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        distinct = sorted({value for row in rows for value in row})
        place = {value: ordinal for ordinal, value in enumerate(distinct)}
        lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
        self.values: list[str] = distinct
        self.ordinals = np.fromiter((place[value] for row in rows for value in row), np.int64, int(lengths.sum()))
        self.docs: Docs = np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
        self.present: Mask = lengths > 0
        self._place = place
        self._lock = threading.Lock()

    def ordinal(self, value: str) -> int | None:
        """The place of `value` among the values, if any document has it."""
        return self._place.get(value)

    def counts(self, mask: Mask) -> NDArray[np.int64]:
        """For every value, how many documents of `mask` have it."""
        return np.bincount(self.ordinals[mask[self.docs]], minlength=len(self.values))

    def having(self, values: Iterable[str]) -> Mask:
        """The documents that have at least one of `values`."""
        wanted = np.zeros(len(self.values), dtype=np.bool_)
        wanted[[ordinal for value in values if (ordinal := self._place.get(value)) is not None]] = True
        mask = np.zeros(len(self.present), dtype=np.bool_)
        mask[self.docs[wanted[self.ordinals]]] = True
        return mask

    @cached_property
    def _values_by_word(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for ordinal, value in enumerate(self.values):
            for word in words(value):
                index.setdefault(word, []).append(ordinal)
        return index

    def described(self, text: str) -> dict[int, int]:
        """The values that `text` describes, as ordinal -> how far off (0 is best).

        Every word of `text` must be a word of the value (0), begin one (1), or be one or
        two letters off (2 and 3; one from 4 letters, two from 8).
        """
        with self._lock:
            by_word = self._values_by_word
        found: dict[int, int] | None = None
        for word in words(text):
            near: dict[int, int] = {}
            for candidate, distance in _near(word, by_word):
                for ordinal in by_word[candidate]:
                    near[ordinal] = min(distance, near.get(ordinal, distance))
            found = near if found is None else {o: found[o] + near[o] for o in found.keys() & near.keys()}
        return found or {}

    def folded_equal(self, text: str) -> str | None:
        """The only value with the same words as `text`, case and accents apart."""
        asked = words(text)
        if not asked:
            return None
        with self._lock:
            by_word = self._values_by_word
        same = {ordinal for ordinal in by_word.get(asked[0], ()) if words(self.values[ordinal]) == asked}
        return self.values[same.pop()] if len(same) == 1 else None


def _near(word: str, known: Iterable[str]) -> list[tuple[str, int]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    begins = [(candidate, int(candidate != word)) for candidate in known if candidate.startswith(word)]
    edits = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
    if not edits:
        return begins
    spelled = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=edits, limit=None)
    return begins + [(candidate, 1 + int(distance)) for candidate, distance, _ in spelled if distance]


def ranks(keys: Sequence[str]) -> NDArray[np.int64]:
    """For every document, the place of its key in sorted order; equal keys share a place."""
    place = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.fromiter((place[key] for key in keys), np.int64, len(keys))
