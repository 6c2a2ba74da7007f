"""Lines that are drawn only where they are seen: the base of every list and of the reader.

However many lines there are, only those on the screen are ever made.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from archive.tui.widgets.parts import Parts

_CACHED = 600


class Lines(Parts, ScrollView, can_focus=True):
    """A view on `count` lines; a subclass draws one in `draw`."""

    DEFAULT_CSS = """
    Lines { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False),
        Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False),
    ]

    count: reactive[int] = reactive(0, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: LRUCache[tuple[int, int], Strip] = LRUCache(_CACHED)

    def draw(self, line: int, width: int) -> Strip:
        """Line number `line` in `width` cells."""
        raise NotImplementedError

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
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if line >= self.count:
            return Strip.blank(width, self.rich_style)
        key = (line, width)
        strip = self._drawn.get(key)
        if strip is None:
            strip = self._drawn[key] = self.draw(line, width)
        return strip

    def jump(self, line: int) -> None:
        """Make `line` the first that is seen."""
        self.scroll_to(y=max(0, line), animate=False)

    def action_page(self, direction: int) -> None:
        """A screenful on, with two lines of what was there."""
        self.jump(self.scroll_offset.y + direction * max(1, self.rows_seen - 2))


class Rows(Lines):
    """Lines with a cursor on one row of `row_height` lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("g,home", "move_to(0)", "First", show=False),
        Binding("G,end", "move_to(-1)", "Last", show=False),
    ]

    cursor: reactive[int] = reactive(0, init=False)
    row_height = 1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.count // self.row_height

    def validate_cursor(self, cursor: int) -> int:
        """A row that is there."""
        return max(0, min(cursor, self.rows - 1))

    def watch_cursor(self) -> None:
        """Show the row under the cursor."""
        self.redraw()
        self.show_cursor()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor looks different with the focus."""
        super().watch_has_focus(has_focus)
        self.redraw()

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

    def row_at(self, event: events.MouseEvent) -> int | None:
        """The row under the mouse."""
        row = (event.y + self.scroll_offset.y) // self.row_height
        return row if 0 <= row < self.rows else None
