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
    """One bar: the articles of a year."""

    year: int
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class YearBars:
    """Bars of `cells` cells each, in order of time, of which `room` fit beside each other."""

    bins: tuple[YearBin, ...]
    cells: int
    room: int

    def window(self, first: int, shown: int) -> range:
        """The indices of the bars that are drawn: from `first` on, or as little besides as brings `shown` into view."""
        last_start = max(0, len(self.bins) - self.room)
        first = max(shown - self.room + 1, min(first, shown))
        first = max(0, min(first, last_start))
        return range(first, min(first + self.room, len(self.bins)))

    @property
    def last_with_articles(self) -> int:
        """Index of the last bar that has articles, or of the last one; -1 without bars."""
        last = len(self.bins) - 1
        return next((index for index in range(last, -1, -1) if self.bins[index].count), last)

    def index_of(self, year: int) -> int:
        """Index of the bar of a year, or of the next one."""
        return max(0, min(year - self.bins[0].year, len(self.bins) - 1)) if self.bins else 0

    def column(self, index: int, height: int) -> list[str]:
        """One bar from top to bottom. Heights are in eighths of a cell; a non-zero count is at least one eighth."""
        most = max((each.count for each in self.bins), default=0)
        count = self.bins[index].count
        eighths = 0 if not count else max(1, round(count * height * 8 / most))
        levels = [max(0, min(8, eighths - row * 8)) for row in reversed(range(height))]
        gap = 1 if self.cells > 1 else 0
        return [_EIGHTHS[level] * (self.cells - gap) + " " * gap for level in levels]


def make_bars(counts: Mapping[int, int], selected: frozenset[int], width: int) -> YearBars:
    """A bar for every year from the first to the last with articles, for `width` cells."""
    years = sorted(counts)[-_MAX_YEARS:]
    if not years or width < 1:
        return YearBars((), 1, 1)
    first, last = max(years[0], years[-1] - _MAX_YEARS + 1), years[-1]
    bins = tuple(YearBin(year, counts.get(year, 0), year in selected) for year in range(first, last + 1))
    cells = max(1, min(_MAX_BAR_CELLS, width // len(bins)))
    return YearBars(bins, cells, max(1, width // cells))


def years_label(first: int, last: int) -> str:
    """A year or a range of years, for display."""
    return str(first) if first == last else f"{first}–{last}"


def total_count(bins: Sequence[YearBin]) -> int:
    """Number of articles in some bars together."""
    return sum(each.count for each in bins)
