"""Kinds of lists: rows under headings, rows of several lines, and Textual's option list with vi's keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList

from archive.tui import line_layout
from archive.tui.widgets.virtual_lines import VirtualList

Row = TypeVar("Row")

#: Height in lines from which rows get more lines.
_TALL = 28
#: Maximum width of a line in cells: longer lines are hard to read.
_MAX_WIDTH = 120


class SectionedList(VirtualList, Generic[Row]):
    """A list of `shown` rows, some of which are headings."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.shown: Sequence[Row] = ()

    def is_heading(self, row: Row) -> bool:
        """Whether a row is a heading."""
        raise NotImplementedError

    def action_choose(self) -> None:
        """Do what the row under the cursor is for."""
        raise NotImplementedError

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    def action_section(self, direction: int) -> None:
        """Move the cursor to the next (1) or previous (-1) heading."""
        headings = [index for index, row in enumerate(self.shown) if self.is_heading(row)]
        ahead = [index for index in headings if (index - self.cursor) * direction > 0]
        if ahead:
            self.cursor = ahead[0] if direction > 0 else ahead[-1]
            self.cursor_moved()

    def row_clicked(self, event: events.Click) -> None:
        """A click does what the key for choosing does."""
        self.action_choose()


class MultilineList(VirtualList):
    """A list of items of several lines each, with a bar beside the one under the cursor.

    row_heights  lines per item in a short and in a tall window; the last is blank where there are more than three
    marked       keys of the items that are marked, to be acted on together; see `mark_key`
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"results--{part}" for part in ("title", "detail", "snippet", "hit", "cursor", "bar", "new")
    }
    COMPONENT_PREFIX = "results"
    row_heights: ClassVar[tuple[int, int]] = (3, 5)

    @dataclass
    class MarksChanged(Message):
        """Other items are marked now."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.marked: dict[str, None] = {}

    @property
    def total(self) -> int:
        """Number of items."""
        raise NotImplementedError

    @property
    def lines_per_item(self) -> int:
        """Lines of an item in a window of this size."""
        return self.row_heights[self.size.height >= _TALL]

    def mark_key(self, index: int) -> str:
        """Identifies an item whatever its place, to be marked by; "" for one that cannot be marked."""
        return ""

    def action_mark(self) -> None:
        """Mark the item under the cursor, or no longer, and go to the next."""
        key = self.mark_key(self.cursor) if self.cursor < self.total else ""
        if key in self.marked:
            del self.marked[key]
        elif key:
            self.marked[key] = None
        self.redraw()
        self.post_message(self.MarksChanged(len(self.marked)))
        self.action_move(1)

    def unmark_all(self) -> None:
        """Nothing is marked any more."""
        self.marked.clear()
        self.redraw()
        self.post_message(self.MarksChanged(0))

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of an item, in `room` cells."""
        raise NotImplementedError

    def action_open(self) -> None:
        """Open the item under the cursor."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Items may get more lines, or fewer."""
        super().on_resize(event)
        self.update_items(self.cursor)

    def update_items(self, cursor: int) -> None:
        """Show the items again, as many lines each as there is room for, with the cursor on one."""
        self.row_height = self.lines_per_item
        line_count = self.total * self.row_height
        changed = line_count != self.line_count
        self.line_count = line_count
        self.cursor = cursor
        self.redraw()
        if changed:
            self.call_after_refresh(self.scroll_to_cursor)
        self.scroll_to_cursor()

    def row_clicked(self, event: events.Click) -> None:
        """A click moves the cursor, a double click opens."""
        self.cursor_moved()
        if event.chain == 2:
            self.action_open()

    def draw_line(self, line: int, width: int) -> Strip:
        """One line of an item behind its bar."""
        index, line_in_item = divmod(line, self.row_height)
        blank = self.row_height > 3 and line_in_item == self.row_height - 1
        under_cursor = index == self.cursor and not blank
        base = self.rich_style + (self.part("cursor") if under_cursor else Style.null())
        bar = Segment("▌ " if under_cursor else "  ", base + self.part("bar") if under_cursor else base)
        if line_in_item == 0 and self.marked and self.mark_key(index) in self.marked:
            bar = Segment("✓ ", base + self.part("hit"))
        room = max(1, min(width - 4, _MAX_WIDTH))
        return line_layout.padded([bar, *self.draw_item_line(index, line_in_item, room, base)], width, base)


class ItemList(MultilineList, Generic[Row]):
    """A list of `items` of several lines each, of which one can be opened."""

    @dataclass
    class Opened(Message):
        """An item was chosen to be read."""

        index: int

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another item."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.items: Sequence[Row] = ()

    def show(self, items: Sequence[Row]) -> None:
        """Show other items, with the cursor in the same place."""
        self.items = items
        self.update_items(self.cursor)

    @property
    def total(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def current(self) -> Row | None:
        """The item under the cursor."""
        return self.items[self.cursor] if self.cursor < self.total else None

    def cursor_moved(self) -> None:
        """Report that the cursor has moved."""
        self.post_message(self.CursorMoved())

    def action_open(self) -> None:
        """Open the item under the cursor."""
        if self.cursor < self.total:
            self.post_message(self.Opened(self.cursor))


class ViOptionList(OptionList):
    """Textual's OptionList; j and k move its cursor before the next key is handled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
