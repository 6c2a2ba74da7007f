"""Lines that are drawn only where they are seen: the base of every list and of the reader.

However many lines there are, only those on the screen are ever made.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import FIFOCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from archive.tui.bindings import ends, hidden, up_down
from archive.tui.widgets.scrollbar import SlimScrollBar
from archive.tui.widgets.styled_widget import Parts

_CACHED = 600


class Line(Strip):
    """A drawn line. The toolkit's keeps itself as the only part of itself, which takes a search for garbage to undo."""

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between some cells."""
        cuts = list(cuts)
        return [self] if cuts == [self.cell_length] else super().divide(cuts)


class Lines(Parts, ScrollView, can_focus=True):
    """A view on `count` lines; a subclass draws one in `draw`."""

    DEFAULT_CSS = """
    Lines { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("ctrl+d,pagedown", "page(1)", "Page down"),
        hidden("ctrl+u,pageup", "page(-1)", "Page up"),
    ]

    count: reactive[int] = reactive(0, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: FIFOCache[Hashable, Strip] = FIFOCache(_CACHED)

    def draw(self, line: int, width: int) -> Strip:
        """Line number `line` in `width` cells."""
        raise NotImplementedError

    def state_of(self, line: int) -> Hashable:
        """What the looks of a line depend on beside what is shown: a drawn line is kept for each."""
        return None

    def watch_count(self, count: int) -> None:
        """As many lines as that can be scrolled through."""
        self.redraw()
        self.virtual_size = Size(0, count)

    def redraw(self) -> None:
        """Draw anew whatever can be seen."""
        self._drawn.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Colours have changed."""
        super().notify_style_update()
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are made for a width."""
        self._drawn.clear()

    @property
    def rows_seen(self) -> int:
        """How many lines fit."""
        return max(1, self.scrollable_content_region.height)

    def render_line(self, y: int) -> Strip:
        """The line that stands at `y` on the screen."""
        return self._line(y + self.scroll_offset.y, self.scrollable_content_region.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are drawn: with nothing around them but padding above there is nothing to put together."""
        styles, width = self.styles, self.outer_size.width
        top, right, bottom, left = styles.gutter
        if right or bottom or left or styles.border_top[0] or styles.text_opacity < 1 or crop.column_span != (0, width):
            return super().render_lines(crop)
        first, room = self.scroll_offset.y - top, self.scrollable_content_region.width
        above = [self._finished(Strip.blank(width, Style(bgcolor=self.beneath.rich_color)))] * top
        return [self._line(first + y, room) if y >= top else above[y] for y in crop.line_range]

    def _line(self, line: int, width: int) -> Strip:
        """A line in `width` cells, which is drawn if it was not before."""
        key = (line, width, self.state_of(line)) if line < self.count else None
        strip = self._drawn.get(key)
        if strip is None:
            drawn = Strip.blank(width, self.rich_style) if key is None else self.draw(line, width)
            strip = self._drawn[key] = self._finished(drawn)
        return strip

    def _finished(self, strip: Strip) -> Strip:
        """A line as wide as the widget and in the terminal's colours."""
        strip = strip.adjust_cell_length(self.outer_size.width, self.rich_style)
        for each in self.get_line_filters():
            strip = strip.apply_filter(each, self.beneath)
        return Line(strip, strip.cell_length)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar; made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = SlimScrollBar(name="vertical", thickness=1)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    def jump(self, line: int) -> None:
        """Make `line` the first that is seen."""
        self.scroll_to(y=max(0, line), animate=False, force=True)

    def action_page(self, direction: int) -> None:
        """A screenful on, with two lines of what was there."""
        self.jump(self.scroll_offset.y + direction * max(1, self.rows_seen - 2))


class Rows(Lines):
    """Lines with a cursor on one row of `row_height` lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *up_down("move"),
        *ends("move_to(0)", "move_to(-1)", ("First", "Last")),
    ]

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    row_height = 1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.count // self.row_height

    def state_of(self, line: int) -> Hashable:
        """A row under the cursor looks different, and more so with the focus."""
        return (1 + self.has_focus) if line // self.row_height == self.cursor else 0

    def validate_cursor(self, cursor: int) -> int:
        """A row that is there."""
        return max(0, min(cursor, self.rows - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Show the row under the cursor; no other looks different."""
        for row in (before, cursor):
            self.refresh_lines(row * self.row_height, self.row_height)
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll no further than it takes to see the whole row."""
        region = Region(0, self.cursor * self.row_height, 1, self.row_height)
        self.scroll_to_region(region, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Up or down by rows."""
        self.cursor += by
        self.moved()

    def action_move_to(self, row: int) -> None:
        """To a row; -1 is the last."""
        self.cursor = self.rows - 1 if row < 0 else row
        self.moved()

    def action_page(self, direction: int) -> None:
        """A screenful of rows on."""
        self.cursor += direction * max(1, self.rows_seen // self.row_height - 1)
        self.moved()

    def moved(self) -> None:
        """The cursor was moved by hand."""

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; what else it does, `clicked` says."""
        row = (event.y + self.scroll_offset.y) // self.row_height
        if 0 <= row < self.rows:
            self.cursor = row
            self.clicked(event)

    def clicked(self, event: events.Click) -> None:
        """The row under the cursor was clicked."""
        self.moved()
