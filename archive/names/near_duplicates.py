"""Articles that are nearly the same: wire copy printed twice is one source, not two.

Every article is known by a sketch of its runs of three words: MinHash (Broder, "On the
resemblance and containment of documents", 1997), in bands (Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, chapter 3), so that time and memory grow with the number of articles
and not with that of their pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    import numpy as np

_RUN = 3  # words
_SHORTEST = 20  # words: shorter articles, such as notices, are alike by nature
_HASHES, BANDS = 126, 42
#: Share of runs in common from which two articles are nearly the same.
ALIKE = 0.35
_SEED = 20_000
_AT_ONCE = 8_192  # runs hashed at once: some 16 MB


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two articles, by number, and the estimated share of their runs of words that they have in common."""

    one: int
    other: int
    share: float


class TextSketcher:
    """Makes the sketches of texts: two agree in as large a share of their numbers as the texts have runs in common."""

    def __init__(self) -> None:
        import numpy as np

        random = np.random.default_rng(_SEED)
        self._factors = random.integers(1, 2**32, _HASHES, dtype=np.uint64) | np.uint64(1)
        self._terms = random.integers(0, 2**63, _HASHES, dtype=np.uint64)
        self._analyzer = Analyzer(None)

    def sketch(self, text: str) -> np.ndarray[Any, np.dtype[np.uint32]] | None:
        """The sketch of a text; None for one that is too short to be compared."""
        import numpy as np

        folded = self._analyzer.terms(text)
        if len(folded) < _SHORTEST:
            return None
        hashed = np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in folded], np.uint64)
        runs = np.zeros(len(hashed) - _RUN + 1, np.uint64)
        for at in range(_RUN):  # a polynomial of the words' hashes, modulo 2**64
            runs = runs * np.uint64(0x9E3779B97F4A7C15) + hashed[at : at + len(runs)]
        runs ^= runs >> np.uint64(29)
        distinct = np.unique(runs)
        least = np.full(_HASHES, np.iinfo(np.uint32).max, np.uint64)
        for at in range(0, len(distinct), _AT_ONCE):
            mixed = distinct[at : at + _AT_ONCE, None] * self._factors + self._terms
            least = np.minimum(least, (mixed >> np.uint64(32)).min(axis=0))
        return least.astype(np.uint32)


class MinHashIndex:
    """MinHashIndex of articles, 504 bytes each. Articles are numbered in the order in which they are added."""

    def __init__(self) -> None:
        self._sketcher = TextSketcher()
        self._sketches: list[np.ndarray[Any, np.dtype[np.uint32]] | None] = []

    def add(self, text: str) -> None:
        """Take the next article; one that is too short to be compared only gets its number."""
        self._sketches.append(self._sketcher.sketch(text))

    def similar_pairs(self) -> Iterator[Likeness]:
        """The pairs that are nearly the same; of many that are one, each with the first."""
        import numpy as np

        seen: set[tuple[int, int]] = set()
        rows = _HASHES // BANDS
        for band in range(BANDS):
            buckets: dict[bytes, list[int]] = defaultdict(list)
            for number, sketch in enumerate(self._sketches):
                if sketch is not None:
                    buckets[sketch[band * rows : (band + 1) * rows].tobytes()].append(number)
            for first, *others in buckets.values():
                for other in others:
                    if (first, other) not in seen:
                        seen.add((first, other))
                        share = float(np.mean(self._sketches[first] == self._sketches[other]))
                        if share >= ALIKE:
                            yield Likeness(first, other, share)


def groups(pairs: Iterator[Likeness], count: int) -> list[tuple[list[int], float]]:
    """Articles that are one source, each group in order with its least share, larger groups first."""
    owner = list(range(count))
    share: dict[int, float] = {}

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    for pair in pairs:
        one, other = sorted((root(pair.one), root(pair.other)))
        owner[other] = one
        share[one] = min(pair.share, share.get(one, 1.0), share.get(other, 1.0))
    members: dict[int, list[int]] = defaultdict(list)
    for at in range(count):
        members[root(at)].append(at)
    found = [(numbers, share[first]) for first, numbers in members.items() if len(numbers) > 1]
    return sorted(found, key=lambda group: (-len(group[0]), group[0]))
