"""Years as columns of block characters: how counts become a drawing of a given size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_EIGHTHS = " ▁▂▃▄▅▆▇█"
#: Cells a year takes at the most.
_WIDEST = 4
#: Years that are drawn at the most, the latest.
_LONGEST = 3000


@dataclass(frozen=True, slots=True)
class Bin:
    """One column: the years from `first` to `last`."""

    first: int
    last: int
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns of `cells` cells each."""

    bins: tuple[Bin, ...]
    cells: int

    def at(self, x: int) -> int:
        """The number of the column at cell `x`."""
        return max(0, min(x // self.cells, len(self.bins) - 1))

    def place(self, year: int) -> int:
        """The number of the column with a year in it."""
        return next((index for index, each in enumerate(self.bins) if year <= each.last), len(self.bins) - 1)

    def line(self, index: int, height: int) -> list[str]:
        """A column from top to bottom, in eighths of a cell; what is not nothing is seen."""
        most = max((each.count for each in self.bins), default=0)
        count = self.bins[index].count
        eighths = 0 if not count else max(1, round(count * height * 8 / most))
        levels = [max(0, min(8, eighths - row * 8)) for row in reversed(range(height))]
        gap = 1 if self.cells > 1 else 0
        return [_EIGHTHS[level] * (self.cells - gap) + " " * gap for level in levels]


def make_bars(counts: Mapping[int, int], selected: frozenset[int], width: int) -> Bars:
    """The columns for counts a year, from the first year to the last, in `width` cells."""
    years = sorted(counts)[-_LONGEST:]
    if not years or width < 1:
        return Bars((), 1)
    first, last = years[0], years[-1]
    length = last - first + 1
    step = -(-length // width)
    bins = [
        Bin(
            start,
            min(start + step - 1, last),
            sum(counts.get(year, 0) for year in range(start, start + step)),
            any(year in selected for year in range(start, start + step)),
        )
        for start in range(first, last + 1, step)
    ]
    return Bars(tuple(bins), max(1, min(_WIDEST, width // len(bins))))


def span_text(first: int, last: int) -> str:
    """Years as a person writes them."""
    return str(first) if first == last else f"{first}–{last}"


def total(bins: Sequence[Bin]) -> int:
    """Articles of some columns together."""
    return sum(each.count for each in bins)
