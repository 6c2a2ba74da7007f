"""The drawing of articles a year: columns, the years at their ends, and a line that says it in words."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.reactive import reactive
from textual.strip import Strip

from archive.model.results import FacetResult
from archive.query.request import SearchRequest, YearRange
from archive.tui import line_layout
from archive.tui.bars import Bars, make_bars, span_text, total
from archive.tui.bindings import ends, left_right
from archive.tui.widgets.styled_widget import Parts

_PARTS = ("bar", "chosen", "cursor", "note", "now")


class Years(Parts, can_focus=True):
    """Articles a year, with a cursor on a year and perhaps a range marked from another to it.

    year   first year of the column under the cursor; None is the last column
    begun  first year of the column at which the marked range begins
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"histogram--{part}" for part in _PARTS}

    BINDINGS: ClassVar[list[BindingType]] = [
        *left_right("move", "Earlier", "Later"),
        *ends("move(-9999)", "move(9999)", ("First year", "Last year")),
    ]

    year: reactive[int | None] = reactive(None)
    begun: reactive[int | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: dict[int, int] = {}
        self._selected: frozenset[int] = frozenset()
        self._missing = (0, False)
        self._bars: tuple[int, Bars] | None = None

    def show(self, request: SearchRequest, result: FacetResult) -> None:
        """Show other counts; the cursor stays on its year."""
        self._counts = {int(value.value): value.count for value in result.values}
        self._selected = frozenset(int(value.value) for value in result.values if value.selected)
        self._missing = (result.missing, "year" in request.missing)
        self._bars = None
        self.refresh()

    @property
    def bars(self) -> Bars:
        """The columns at the present width."""
        width = max(1, self.content_size.width - 1)
        if self._bars is None or self._bars[0] != width:
            self._bars = width, make_bars(self._counts, self._selected, width)
        return self._bars[1]

    @property
    def undated(self) -> str:
        """How many articles have no date, as it is said at the right of the last line; empty where all have one."""
        missing, chosen = self._missing
        return f"{'●' if chosen else '∅'} no date {missing:,} " if missing or chosen else ""

    @property
    def here(self) -> int:
        """The number of the column under the cursor."""
        return self.bars.place(self.year) if self.year is not None else len(self.bars.bins) - 1

    def action_move(self, by: int) -> None:
        """To another year."""
        bins = self.bars.bins
        if bins:
            self.year = bins[max(0, min(self.here + by, len(bins) - 1))].first

    def marked(self) -> tuple[int, int]:
        """The first and the last column under the cursor and its mark."""
        bars, here = self.bars, self.here
        there = bars.place(self.begun) if self.begun is not None else here
        return min(here, there), max(here, there)

    def marked_years(self) -> YearRange | None:
        """The years of the marked columns, or None where no article has a date."""
        if not self.bars.bins:
            return None
        first, last = self.marked()
        return YearRange(self.bars.bins[first].first, self.bars.bins[last].last)

    # -- drawing -----------------------------------------------------------------------

    @property
    def _pointing(self) -> bool:
        """Whether the cursor is shown."""
        return bool(self.bars.bins) and (self.has_focus or self.begun is not None)

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, or one of the two below it."""
        width, height = self.content_size.width, self.content_size.height - 2
        if y == height:
            return self._axis(width)
        return self._columns(y, width, height) if y < height else self._words(width)

    def _columns(self, y: int, width: int, height: int) -> Strip:
        base, bars = self.rich_style, self.bars
        first, last = self.marked() if self._pointing else (0, -1)
        segments = [Segment(" ", base)]
        for index, each in enumerate(bars.bins):
            style = base + self.part("chosen" if each.selected else "bar")
            if first <= index <= last:
                style += self.part("cursor")
            segments.append(Segment(bars.line(index, height)[y], style))
        return line_layout.padded(segments, width, base)

    def _axis(self, width: int) -> Strip:
        """The first and the last year under their columns."""
        bars, note = self.bars, self.rich_style + self.part("note")
        if not bars.bins:
            return line_layout.padded([Segment(" no dates", note)], width, self.rich_style)
        first, last = bars.bins[0].first, bars.bins[-1].last
        drawn = len(bars.bins) * bars.cells
        if len(bars.bins) == 1 or drawn < len(f"{first} {last}"):
            text = span_text(first, last)
        else:
            text = f"{first}{str(last).rjust(drawn - len(str(first)))}"
        return line_layout.padded([Segment(f" {text}", note)], width, note)

    def _words(self, width: int) -> Strip:
        """What is under the cursor, and how many articles have no date."""
        base, bins = self.rich_style, self.bars.bins
        left, right = list[Segment](), list[Segment]()
        if self.undated:
            right = [Segment(self.undated, base + self.part("chosen" if self._missing[1] else "note"))]
        if self._pointing:
            first, last = self.marked()
            years = span_text(bins[first].first, bins[last].last)
            left = [
                Segment(f" {years}", base + self.part("now")),
                Segment(f": {total(bins[first : last + 1]):,}", base),
            ]
        return line_layout.justified(left, right, width, base)
