"""The panel beside encounters: companions by surprise, venues and gaps, each of which leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from archive.render.terminal import cell_width, safe
from archive.tui import line_layout
from archive.tui.keys import sections
from archive.tui.model.person_page import RelatedRow
from archive.tui.widgets.lists import SectionedList

_COMPONENTS = ("head", "note", "value", "count", "cursor")
#: Width of a column of numbers, and what a name gets before there is a second column.
_COLUMN_WIDTH, _NAME_WIDTH = 9, 20


class RelatedPanel(SectionedList[RelatedRow]):
    """Rows of several sections, with numbers at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"facets--{name}" for name in _COMPONENTS}
    COMPONENT_PREFIX = "facets"
    HELP = (
        "Companions are ranked by how much more often than chance they share articles. Enter opens a page of both; "
        "on a venue it searches the articles there, on a gap it goes to the encounter before it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,l,right", "choose", "Open", key_display="⏎"),
        Binding("m", "more", "More"),
        *sections("section", "section"),
    ]

    @dataclass
    class Chosen(Message):
        """A row was chosen."""

        row: RelatedRow

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another row."""

    @dataclass
    class MoreRequested(Message):
        """More rows of a section are wanted."""

        section: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._user_moved = False

    def is_heading(self, row: RelatedRow) -> bool:
        """Whether a row is the heading of a section."""
        return row.kind == "head"

    def show(self, rows: Sequence[RelatedRow]) -> None:
        """Show other rows; the cursor stays on its row if the user has moved it there."""
        before = self.current.key if self.current and self._user_moved else None
        self.shown = rows
        self.line_count = len(rows)
        self.cursor = next((index for index, row in enumerate(rows) if row.key == before), min(1, len(rows) - 1))
        if before is None:
            self.scroll_to_line(0)
        self.redraw()

    def cursor_moved(self) -> None:
        """Report that the cursor has moved."""
        self._user_moved = True
        self.post_message(self.CursorMoved())

    def action_choose(self) -> None:
        """Follow the row under the cursor."""
        if self.current is not None and self.current.kind == "more":
            self.action_more()
        elif self.current is not None and self.current.kind == "value":
            self.post_message(self.Chosen(self.current))

    def action_more(self) -> None:
        """List more of the current section."""
        if self.current is not None:
            self.post_message(self.MoreRequested(self.current.section))

    def draw_line(self, line: int, width: int) -> Strip:
        """One row: its text and its numbers."""
        row = self.shown[line]
        base = self.rich_style + (self.part("cursor") if line == self.cursor else Style.null())
        kind = "note" if row.kind == "more" else row.kind
        numbers = [safe(number) for number in row.numbers]
        while len(numbers) > 1 and width - len(numbers) * _COLUMN_WIDTH < _NAME_WIDTH:
            numbers = numbers[1:]
        column = _COLUMN_WIDTH if len(numbers) > 1 else max(map(len, numbers), default=0) + 1
        right = [
            part
            for number in numbers
            for part in (Segment(" " * (column - len(number)), base), Segment(number, base + self.part("count")))
        ]
        indent = " " if row.kind == "head" else "   "
        room = max(1, width - len(indent) - column * len(numbers) - 1)
        text = row.brief if row.brief and cell_width(row.text) > room else row.text
        text = safe(f"… {text}" if row.kind == "more" else text)
        if cell_width(text) > room:
            others = (safe(each.text) for each in self.shown if each.section == row.section)
            text = line_layout.clip_name(text, room, others)
        left = [Segment(indent, base), Segment(text, base + self.part(kind))]
        return line_layout.justified(left, [*right, Segment(" ", base)], width, base)
