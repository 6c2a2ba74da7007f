"""Articles per year as bars of block characters: counts turned into a drawing of a given size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_EIGHTHS = " ▁▂▃▄▅▆▇█"
#: Maximum width of one bar in cells.
_MAX_BAR_CELLS = 4
#: Maximum number of years drawn; earlier ones are dropped.
_MAX_YEARS = 3000


@dataclass(frozen=True, slots=True)
class YearBin:
    """One bar: the articles of the years from `first` to `last`."""

    first: int
    last: int
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class YearBars:
    """Bars of `cells` cells each, in order of time."""

    bins: tuple[YearBin, ...]
    cells: int

    def index_at(self, x: int) -> int:
        """Index of the bar at cell `x`."""
        return max(0, min(x // self.cells, len(self.bins) - 1))

    def index_of(self, year: int) -> int:
        """Index of the bar that contains a year."""
        return next((index for index, each in enumerate(self.bins) if year <= each.last), len(self.bins) - 1)

    def column(self, index: int, height: int) -> list[str]:
        """One bar from top to bottom. Heights are in eighths of a cell; a non-zero count is at least one eighth."""
        most = max((each.count for each in self.bins), default=0)
        count = self.bins[index].count
        eighths = 0 if not count else max(1, round(count * height * 8 / most))
        levels = [max(0, min(8, eighths - row * 8)) for row in reversed(range(height))]
        gap = 1 if self.cells > 1 else 0
        return [_EIGHTHS[level] * (self.cells - gap) + " " * gap for level in levels]


def make_bars(counts: Mapping[int, int], selected: frozenset[int], width: int) -> YearBars:
    """Bars for the articles per year, from the first year to the last, in `width` cells."""
    years = sorted(counts)[-_MAX_YEARS:]
    if not years or width < 1:
        return YearBars((), 1)
    first, last = years[0], years[-1]
    length = last - first + 1
    step = -(-length // width)
    bins = [
        YearBin(
            start,
            min(start + step - 1, last),
            sum(counts.get(year, 0) for year in range(start, start + step)),
            any(year in selected for year in range(start, start + step)),
        )
        for start in range(first, last + 1, step)
    ]
    return YearBars(tuple(bins), max(1, min(_MAX_BAR_CELLS, width // len(bins))))


def years_label(first: int, last: int) -> str:
    """A year or a range of years, for display."""
    return str(first) if first == last else f"{first}–{last}"


def total_count(bins: Sequence[YearBin]) -> int:
    """Number of articles in some bars together."""
    return sum(each.count for each in bins)
