"""The years as a drawing that can be walked, and of which a part can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from archive.query.request import SearchRequest
from archive.text.graphemes import cell_width
from archive.tui.bindings import LEAVE, hidden
from archive.tui.messages import Narrow, StepOut
from archive.tui.model import request_edits
from archive.tui.widgets.years import Years


class Histogram(Years):
    """Articles a year, to narrow by; the line below says in words what is under the cursor."""

    DEFAULT_CSS = """
    Histogram {
        height: 6;
    }
    """
    HELP = (
        "Articles a year. Walk with the arrows; mark a range with v or Shift and the arrows, or with the mouse. "
        "T shows the same years as a list of numbers, and again as a drawing."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "only", "Only these years", key_display="⏎"),
        Binding("space", "add", "Add/remove", key_display="space"),
        Binding("v", "mark", "Mark a range"),
        Binding("T", "screen.years_as_text", "As text"),
        Binding("x", "exclude", "Exclude"),
        Binding("n", "undated", "No date"),
        hidden("shift+left,H", "move(-1, True)", "Mark earlier"),
        hidden("shift+right,L", "move(1, True)", "Mark later"),
        LEAVE,
    ]

    _dragging = False

    def action_move(self, by: int, mark: bool = False) -> None:
        """To another year, marking those between."""
        bars = self.bars
        if mark and self.begun is None and bars.bins:
            self.begun = bars.bins[self.here].first
        super().action_move(by)

    def action_mark(self) -> None:
        """Begin a range here, or forget the one that was begun."""
        years = self.marked_years()
        if years is not None:
            self.begun = years.first if self.begun is None else None

    def action_only(self) -> None:
        """These years and no others; again, all years."""
        self._narrow(request_edits.years_only)

    def action_add(self) -> None:
        """These years beside those chosen, or no longer."""
        self._narrow(request_edits.years_toggled)

    def action_exclude(self) -> None:
        """Leave out the articles of one year."""
        years = self.marked_years()
        if years is not None and years.first == years.last:
            self.post_message(Narrow(partial(request_edits.excluded, facet="year", value=f"{years.first:04}")))
        elif years is not None:
            self.notify("Only a single year can be left out; mark the years to keep, and press Enter.", timeout=4)

    def action_undated(self) -> None:
        """The articles without a date, or no longer."""
        self.post_message(Narrow(partial(request_edits.missing_toggled, facet="year")))

    def _narrow(self, change: Callable[..., SearchRequest]) -> None:
        years = self.marked_years()
        if years is not None:
            self.begun = None
            self.post_message(Narrow(partial(change, years=years)))

    def action_leave(self) -> None:
        """Forget a mark, or else go back to the results."""
        if self.begun is None:
            self.post_message(StepOut())
        self.begun = None

    # -- the mouse ---------------------------------------------------------------------

    def _point(self, event: events.MouseEvent) -> int | None:
        """The first year of the column under the mouse."""
        bins = self.bars.bins
        return bins[self.bars.at(event.x - 1)].first if bins else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A range begins under the mouse."""
        point = self._point(event)
        if point is not None and event.y < self.size.height:
            self.year = self.begun = point
            self._dragging = True
            self.capture_mouse()

    def on_click(self, event: events.Click) -> None:
        """A click on how many have no date chooses them, or no longer."""
        last = event.y - self.gutter.top == self.content_size.height - 1
        if last and event.x >= self.content_size.width - cell_width(self.undated):
            self.action_undated()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The range goes as far as the mouse."""
        if self._dragging:
            self.year = self._point(event)

    def on_mouse_up(self) -> None:
        """The range is what was meant."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            self.action_only()
