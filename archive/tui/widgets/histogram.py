"""The years as a drawing that can be walked, and of which a part can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from archive.query.request import SearchRequest, YearRange
from archive.results import FacetResult
from archive.tui import narrowing, strips
from archive.tui.bars import Bars, make_bars, span_text, total
from archive.tui.messages import Narrow, StepOut
from archive.tui.widgets.parts import Parts

_PARTS = ("bar", "chosen", "cursor", "note", "now")


class Histogram(Parts, can_focus=True):
    """Articles a year; the line below says in words what is under the cursor."""

    DEFAULT_CSS = """
    Histogram {
        height: 6;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"histogram--{part}" for part in _PARTS}
    HELP = (
        "Articles a year. Walk with the arrows; mark a range with v or Shift and the arrows, or with the mouse. "
        "t shows the same years as a list of numbers."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "only", "Only these years", key_display="⏎"),
        Binding("space", "add", "Add/remove", key_display="space"),
        Binding("v", "mark", "Mark a range"),
        Binding("T", "as_text", "As text"),
        Binding("x", "exclude", "Exclude"),
        Binding("n", "undated", "No date"),
        Binding("left,h", "move(-1)", "Earlier", show=False),
        Binding("right,l", "move(1)", "Later", show=False),
        Binding("shift+left,H", "move(-1, True)", "Mark earlier", show=False),
        Binding("shift+right,L", "move(1, True)", "Mark later", show=False),
        Binding("home,g", "move(-9999)", "First year", show=False),
        Binding("end,G", "move(9999)", "Last year", show=False),
        Binding("escape", "leave", "Back to the results", show=False),
    ]

    @dataclass
    class AsText(Message):
        """The years are wanted as a list."""

    year: reactive[int | None] = reactive(None)
    begun: reactive[int | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: dict[int, int] = {}
        self._selected: frozenset[int] = frozenset()
        self._missing = (0, False)
        self._dragging = False

    def show(self, request: SearchRequest, result: FacetResult) -> None:
        """Show other counts; the cursor stays on its year."""
        self._counts = {int(value.value): value.count for value in result.values}
        self._selected = frozenset(int(value.value) for value in result.values if value.selected)
        self._missing = (result.missing, "year" in request.missing)
        self.refresh()

    @property
    def bars(self) -> Bars:
        """The columns at the present width."""
        return make_bars(self._counts, self._selected, max(1, self.content_size.width - 1))

    def _marked(self, bars: Bars) -> tuple[int, int]:
        """The first and the last column under the cursor and its mark."""
        here = bars.place(self.year) if self.year is not None else len(bars.bins) - 1
        there = bars.place(self.begun) if self.begun is not None else here
        return min(here, there), max(here, there)

    def _range(self) -> YearRange | None:
        bars = self.bars
        if not bars.bins:
            return None
        first, last = self._marked(bars)
        return YearRange(bars.bins[first].first, bars.bins[last].last)

    def action_move(self, by: int, mark: bool = False) -> None:
        """To another year, marking those between."""
        bars = self.bars
        if not bars.bins:
            return
        here = bars.place(self.year) if self.year is not None else len(bars.bins) - 1
        if mark and self.begun is None:
            self.begun = bars.bins[here].first
        self.year = bars.bins[max(0, min(here + by, len(bars.bins) - 1))].first

    def action_mark(self) -> None:
        """Begin a range here, or forget the one that was begun."""
        bars = self.bars
        if bars.bins:
            self.begun = bars.bins[self._marked(bars)[0]].first if self.begun is None else None

    def action_only(self) -> None:
        """These years and no others; again, all years."""
        self._narrow(narrowing.years_only)

    def action_add(self) -> None:
        """These years beside those chosen, or no longer."""
        self._narrow(narrowing.years_toggled)

    def _narrow(self, change: object) -> None:
        years = self._range()
        if years is not None:
            assert callable(change)
            self.begun = None
            self.post_message(Narrow(partial(change, years=years)))

    def action_exclude(self) -> None:
        """StepOut out the articles of one year."""
        years = self._range()
        if years is not None and years.first == years.last:
            self.post_message(Narrow(partial(narrowing.excluded, facet="year", value=f"{years.first:04}")))

    def action_undated(self) -> None:
        """The articles without a date, or no longer."""
        self.post_message(Narrow(partial(narrowing.missing_toggled, facet="year")))

    def action_as_text(self) -> None:
        """The years as a list."""
        self.post_message(self.AsText())

    def action_leave(self) -> None:
        """Forget a mark, or else go back to the results."""
        if self.begun is None:
            self.post_message(StepOut())
        self.begun = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A range begins under the mouse."""
        bars = self.bars
        if bars.bins and event.y < self.size.height:
            self.year = self.begun = bars.bins[bars.at(event.x - 1)].first
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The range goes as far as the mouse."""
        bars = self.bars
        if self._dragging and bars.bins:
            self.year = bars.bins[bars.at(event.x - 1)].first

    def on_mouse_up(self) -> None:
        """The range is what was meant."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            self.action_only()

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, or one of the two below it."""
        base, width = self.rich_style, self.content_size.width
        bars = self.bars
        first, last = self._marked(bars) if bars.bins else (0, -1)
        height = self.content_size.height - 2
        if y >= height:
            return self._axis(bars, width) if y == height else self._words(bars, first, last, width)
        segments = [Segment(" ", base)]
        for index, each in enumerate(bars.bins):
            style = base + self.part("chosen" if each.selected else "bar")
            if first <= index <= last and (self.has_focus or self.begun is not None):
                style += self.part("cursor")
            segments.append(Segment(bars.line(index, height)[y], style))
        return strips.padded(segments, width, base)

    def _axis(self, bars: Bars, width: int) -> Strip:
        """The first and the last year under their columns."""
        note = self.rich_style + self.part("note")
        if not bars.bins:
            return strips.padded([Segment(" no dates", note)], width, self.rich_style)
        drawn = len(bars.bins) * bars.cells
        ends = str(bars.bins[0].first), str(bars.bins[-1].last)
        if len(bars.bins) == 1 or drawn < len(ends[0]) + len(ends[1]) + 1:
            return strips.padded([Segment(f" {span_text(bars.bins[0].first, bars.bins[-1].last)}", note)], width, note)
        return strips.padded([Segment(f" {ends[0]}{ends[1].rjust(drawn - len(ends[0]))}", note)], width, note)

    def _words(self, bars: Bars, first: int, last: int, width: int) -> Strip:
        """What is under the cursor, and how many articles have no date."""
        base = self.rich_style
        missing, chosen = self._missing
        said = f"{'●' if chosen else '∅'} no date {missing:,} "
        right = [Segment(said, base + self.part("chosen" if chosen else "note"))]
        if not (missing or chosen):
            right = []
        left: list[Segment] = []
        if bars.bins and (self.has_focus or self.begun is not None):
            years = span_text(bars.bins[first].first, bars.bins[last].last)
            left = [
                Segment(f" {years}", base + self.part("now")),
                Segment(f": {total(bars.bins[first : last + 1]):,}", base),
            ]
        return strips.justified(left, right, width, base)
