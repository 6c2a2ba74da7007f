"""Articles per year as a bar chart with a cursor: to narrow the search by, or to go to the encounters of a year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from archive import FacetResult, SearchRequest, YearRange
from archive.model.frozen_dict import EMPTY
from archive.render.terminal import cell_width
from archive.tui import line_layout
from archive.tui.keys import LEAVE, ends, hidden, left_right
from archive.tui.messages import ChangeRequest, LeavePanel
from archive.tui.model import request_edits
from archive.tui.model.year_bars import YearBars, make_bars, total_count, years_label
from archive.tui.widgets.virtual_lines import StyledWidget

_COMPONENTS = ("bar", "chosen", "cursor", "note", "now")
#: Later than every year: the newest bars are drawn at first.
_LATEST = 10_000
#: Years by which a turn of the mouse wheel moves the cursor.
_WHEEL_YEARS = 3


class YearChart(StyledWidget, can_focus=True):
    """Articles per year, with a cursor on a bar and perhaps a range marked up to it.

    year        of the bar under the cursor; None for the last bar with articles
    mark_start  year at which the marked range begins; None without a mark
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"histogram--{name}" for name in _COMPONENTS}
    COMPONENT_PREFIX = "histogram"

    BINDINGS: ClassVar[list[BindingType]] = [
        *left_right("move", "Earlier", "Later"),
        *ends("move(-9999)", "move(9999)", ("First year", "Last year")),
    ]

    year: reactive[int | None] = reactive(None)
    mark_start: reactive[int | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._counts: dict[int, int] = {}
        self._selected: frozenset[int] = frozenset()
        self._undated, self._undated_selected = 0, False
        self._within = ""
        self._bars: tuple[int, YearBars] | None = None
        self._first_drawn = _LATEST

    def show(self, request: SearchRequest, result: FacetResult, periods: Mapping[str, int] = EMPTY) -> None:
        """Show other counts; the cursor stays on its year.

        periods  the months ("2016-03") of a year, or the days of a month, if they are to be shown in its place
        """
        within = next(iter(periods))[:-3] if periods else ""
        if within != self._within:
            self.year = self.mark_start = None
        self._within = within
        if within:
            last = 12 if len(within) == 4 else monthrange(*map(int, within.split("-")))[1]
            self._counts = {number: periods.get(f"{within}-{number:02}", 0) for number in range(1, last + 1)}
            chosen = request_edits.chosen_periods(request, len(within) + 3) or ("~", "")  # a range that has nothing
            self._selected = frozenset(n for n in self._counts if chosen[0] <= f"{within}-{n:02}" <= chosen[1])
        else:
            self._counts = {int(value.value): value.count for value in result.values}
            self._selected = frozenset(int(value.value) for value in result.values if value.selected)
        self._undated, self._undated_selected = result.missing, "year" in request.missing
        self._bars = None
        self.refresh()

    @property
    def bars(self) -> YearBars:
        """The bars at the current width."""
        width = max(1, self.content_size.width - 1)
        if self._bars is None or self._bars[0] != width:
            self._bars = width, make_bars(self._counts, self._selected, width)
        return self._bars[1]

    @property
    def _window(self) -> range:
        """Indices of the bars that are drawn, the one under the cursor among them."""
        window = self.bars.window(self._first_drawn, self._cursor)
        self._first_drawn = window.start
        return window

    @property
    def undated_text(self) -> str:
        """The number of articles without a date, for the right end of the last line; "" where all have one."""
        if not self._undated and not self._undated_selected:
            return ""
        return f"{'●' if self._undated_selected else '∅'} no date {self._undated:,} "

    @property
    def _cursor(self) -> int:
        """Index of the bar under the cursor."""
        return self.bars.index_of(self.year) if self.year is not None else self.bars.last_with_articles

    def action_move(self, by: int) -> None:
        """Move the cursor by some bars."""
        bins = self.bars.bins
        if bins:
            self.year = bins[max(0, min(self._cursor + by, len(bins) - 1))].year

    def _label(self, first: int, last: int) -> str:
        """The years, months or days of some bars."""
        if not self._within:
            return years_label(first, last)
        return f"{self._within}-{first:02}" + (f"–{last:02}" if last != first else "")

    def _marked_bars(self) -> tuple[int, int]:
        """Index of the first and of the last marked bar; both are the one under the cursor without a mark."""
        cursor = self._cursor
        start = self.bars.index_of(self.mark_start) if self.mark_start is not None else cursor
        return min(cursor, start), max(cursor, start)

    def marked_years(self) -> YearRange | None:
        """The years of the marked bars; None where no article has a date."""
        if not self.bars.bins:
            return None
        first, last = self._marked_bars()
        return YearRange(self.bars.bins[first].year, self.bars.bins[last].year)

    def year_at(self, x: int) -> int | None:
        """The year of the bar at the cell `x` of the widget."""
        window = self._window
        return self.bars.bins[window[max(0, min((x - 1) // self.bars.cells, len(window) - 1))]].year if window else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go to later years."""
        event.stop()
        self.action_move(_WHEEL_YEARS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go to earlier years."""
        event.stop()
        self.action_move(-_WHEEL_YEARS)

    # -- drawing -----------------------------------------------------------------------

    @property
    def _cursor_visible(self) -> bool:
        return bool(self.bars.bins) and (self.has_focus or self.mark_start is not None)

    def render_line(self, y: int) -> Strip:
        """One line of the bars, or one of the two lines below them."""
        width, height = self.content_size.width, self.content_size.height - 2
        if y == height:
            return self._axis_line(width)
        return self._bar_line(y, width, height) if y < height else self._text_line(width)

    def _bar_line(self, y: int, width: int, height: int) -> Strip:
        base, bars = self.rich_style, self.bars
        first, last = self._marked_bars() if self._cursor_visible else (0, -1)
        segments = [Segment(" ", base)]
        for index in self._window:
            each = bars.bins[index]
            style = base + self.part("chosen" if each.selected else "bar")
            if first <= index <= last:
                style += self.part("cursor")
            segments.append(Segment(bars.column(index, height)[y], style))
        return line_layout.padded(segments, width, base)

    def _axis_line(self, width: int) -> Strip:
        """The first and the last year below their bars."""
        bars, note = self.bars, self.rich_style + self.part("note")
        if not bars.bins:
            return line_layout.padded([Segment(" no dates", note)], width, self.rich_style)
        window = self._window
        before, after = window.start > 0, window.stop < len(bars.bins)
        first, last = (self._label(bars.bins[window[at]].year, bars.bins[window[at]].year) for at in (0, -1))
        first, last = f"{'‹' if before else ''}{first}", f"{last}{'›' if after else ''}"
        drawn = len(window) * bars.cells
        if len(window) == 1 or drawn < len(f"{first} {last}"):
            text = self._label(bars.bins[window[0]].year, bars.bins[window[-1]].year)
        else:
            text = f"{first}{last.rjust(drawn - len(first))}"
        return line_layout.padded([Segment(f" {text}", note)], width, note)

    def _text_line(self, width: int) -> Strip:
        """The years under the cursor with their count, and the number of articles without a date."""
        base, bins = self.rich_style, self.bars.bins
        left, right = list[Segment](), list[Segment]()
        if self.undated_text:
            right = [Segment(self.undated_text, base + self.part("chosen" if self._undated_selected else "note"))]
        if self._cursor_visible:
            first, last = self._marked_bars()
            years = self._label(bins[first].year, bins[last].year)
            left = [
                Segment(f" {years}", base + self.part("now")),
                Segment(f": {total_count(bins[first : last + 1]):,}", base),
            ]
        return line_layout.justified(left, right, width, base)


class Histogram(YearChart):
    """The years of the results, to narrow the search by."""

    DEFAULT_CSS = """
    Histogram {
        height: 6;
    }
    """
    HELP = (
        "Articles per year. Move with the arrows; mark a range with v, with Shift and the arrows, or with the mouse; r "
        "takes typed years. T switches between chart and list. Where all is of one year, the bars are its months; "
        "where of one month, its days."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "only", "Only these years", key_display="⏎"),
        Binding("space", "add", "Add/remove", key_display="space"),
        Binding("v", "mark", "Mark a range"),
        Binding("r", "type_range", "Type years"),
        Binding("T", "screen.years_as_text", "As list"),
        Binding("x", "exclude", "Exclude"),
        Binding("n", "undated", "Undated"),
        hidden("shift+left,H", "move(-1, True)", "Mark earlier"),
        hidden("shift+right,L", "move(1, True)", "Mark later"),
        LEAVE,
    ]

    class RangeRequested(Message):
        """Years are to be typed."""

    _dragging = False

    def action_type_range(self) -> None:
        """Ask for years."""
        self.post_message(self.RangeRequested())

    def action_move(self, by: int, mark: bool = False) -> None:
        """Move the cursor by some bars, and mark those between."""
        if mark and self.mark_start is None and self.bars.bins:
            self.mark_start = self.bars.bins[self._cursor].year
        super().action_move(by)

    def action_mark(self) -> None:
        """Begin a range here, or drop the mark."""
        years = self.marked_years()
        if years is not None:
            self.mark_start = years.first if self.mark_start is None else None

    def action_only(self) -> None:
        """Select these years only; again, all years."""
        self._change_request(request_edits.years_only)

    def action_add(self) -> None:
        """Add these years to those selected, or remove them."""
        self._change_request(request_edits.years_toggled)

    def action_exclude(self) -> None:
        """Exclude the articles of one year."""
        years = self.marked_years()
        if self._within:
            self.notify("Months and days are chosen, not excluded.", timeout=3)
        elif years is not None and years.first == years.last:
            self.post_message(ChangeRequest(partial(request_edits.excluded, facet="year", value=f"{years.first:04}")))
        elif years is not None:
            self.notify("Only a single year can be excluded; mark those to keep and press Enter instead.", timeout=4)

    def action_undated(self) -> None:
        """Select the articles without a date, or no longer."""
        self.post_message(ChangeRequest(partial(request_edits.missing_toggled, facet="year")))

    def _change_request(self, change: Callable[..., SearchRequest]) -> None:
        years = self.marked_years()
        if years is not None and self._within:
            first, last = (f"{self._within}-{each:02}" for each in (years.first or 1, years.last or 31))
            self.mark_start = None
            self.post_message(ChangeRequest(partial(request_edits.periods_toggled, first=first, last=last)))
            return
        if years is not None:
            self.mark_start = None
            self.post_message(ChangeRequest(partial(change, years=years)))

    def action_leave(self) -> None:
        """Drop the mark, or else go back to the results."""
        if self.mark_start is None:
            self.post_message(LeavePanel())
        self.mark_start = None

    # -- the mouse ---------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a range."""
        year = self.year_at(event.x)
        if year is not None and event.y < self.size.height:
            self.year = self.mark_start = year
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the range to the mouse."""
        if self._dragging:
            self.year = self.year_at(event.x)

    def on_mouse_up(self) -> None:
        """Select the range."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            self.action_only()

    def on_click(self, event: events.Click) -> None:
        """Select the articles without a date if their number was clicked."""
        last = event.y - self.gutter.top == self.content_size.height - 1
        if last and event.x >= self.content_size.width - cell_width(self.undated_text):
            self.action_undated()


class YearPicker(YearChart):
    """The years of encounters, to go to one of them."""

    HELP = "Occasions per year. Enter goes to the newest encounter of the year."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Go to year", key_display="⏎"),
    ]

    @dataclass
    class Chosen(Message):
        """Years were chosen."""

        years: YearRange

    def action_choose(self) -> None:
        """Choose the years under the cursor."""
        years = self.marked_years()
        if years is not None:
            self.post_message(self.Chosen(years))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked year."""
        if (year := self.year_at(event.x)) is not None:
            self.year = year
            self.action_choose()
