"""Rows of several lines, with a bar beside the one under the cursor."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from archive.tui import line_layout
from archive.tui.widgets.virtual_lines import Rows

#: From so many lines on, a row has more of them.
_ROOMY = 28
#: Cells of a line at the most: longer ones are hard to read.
_MEASURE = 120


class Cards(Rows):
    """A list of what takes several lines each.

    heights  lines of a row where there is little room, and where there is much
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"results--{part}" for part in ("title", "detail", "snippet", "hit", "cursor", "bar")
    }
    KIND = "results"
    heights: ClassVar[tuple[int, int]] = (3, 5)

    @property
    def total(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def card(self, place: int, part: int, room: int, base: Style) -> list[Segment]:
        """One line of a row, in `room` cells."""
        raise NotImplementedError

    def part_of_card(self, part: int) -> bool:
        """Whether a line is more than what keeps a row from the next."""
        return self.row_height == 3 or part < self.row_height - 1

    def action_open(self) -> None:
        """Read what is under the cursor."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """More room is more lines a row."""
        super().on_resize(event)
        self.fit(self.cursor)

    def fit(self, cursor: int) -> None:
        """As many lines as there is room for, with the cursor on a row."""
        self.row_height = self.heights[self.size.height >= _ROOMY]
        count = self.total * self.row_height
        changed = count != self.count
        self.count = count
        self.cursor = cursor
        self.redraw()
        if changed:
            self.call_after_refresh(self.show_cursor)
        self.show_cursor()

    def clicked(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens."""
        self.moved()
        if event.chain > 1:
            self.action_open()

    def draw(self, line: int, width: int) -> Strip:
        """One line of a row behind its bar."""
        place, part = divmod(line, self.row_height)
        under = place == self.cursor and self.part_of_card(part)
        base = self.rich_style + (self.part("cursor") if under else Style.null())
        bar = Segment("▌ " if under else "  ", base + self.part("bar") if under else base)
        room = max(1, min(width - 4, _MEASURE))
        return line_layout.padded([bar, *self.card(place, part, room, base)], width, base)
