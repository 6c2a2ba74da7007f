"""The list beside encounters: companions by surprise, venues, silences, each of which leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from archive.render.terminal import safe
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.bindings import sections
from archive.tui.model.person_page import Row
from archive.tui.widgets.sections import Sections

_PARTS = ("head", "note", "value", "count", "cursor")
#: Cells of a column of numbers, and those that a name gets before a second column does.
_COLUMN, _NAME = 9, 20


class Beside(Sections[Row]):
    """Rows of several sections, with numbers at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"facets--{part}" for part in _PARTS}
    KIND = "facets"
    HELP = (
        "Companions: who is found in the same articles, the most surprising first; Enter shows the two together. "
        "Venues: Enter searches the articles there. Silences: Enter goes to the encounter after which there was none."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,l,right", "choose", "Go there", key_display="⏎"),
        Binding("m", "more", "More"),
        *sections("section", "section"),
    ]

    @dataclass
    class Chosen(Message):
        """A row leads somewhere."""

        row: Row

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

    @dataclass
    class More(Message):
        """A section is to have more rows."""

        section: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._steered = False

    def is_head(self, row: Row) -> bool:
        """Whether a row is the heading of a section."""
        return row.kind == "head"

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; a cursor that was moved stays on its row."""
        before = self.current.key if self.current and self._steered else None
        self.shown = rows
        self.count = len(rows)
        self.cursor = next((index for index, row in enumerate(rows) if row.key == before), min(1, len(rows) - 1))
        if before is None:
            self.jump(0)
        self.redraw()

    def moved(self) -> None:
        """Tell that the cursor has moved."""
        self._steered = True
        self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Go where the row leads."""
        if self.current is not None and self.current.kind == "more":
            self.action_more()
        elif self.current is not None and self.current.kind == "value":
            self.post_message(self.Chosen(self.current))

    def action_more(self) -> None:
        """List more of this section."""
        if self.current is not None:
            self.post_message(self.More(self.current.section))

    def draw(self, line: int, width: int) -> Strip:
        """One row: its mark, its text, its numbers."""
        row = self.shown[line]
        base = self.rich_style + (self.part("cursor") if line == self.cursor else Style.null())
        kind = "note" if row.kind == "more" else row.kind
        numbers = [safe(number) for number in row.numbers]
        while len(numbers) > 1 and width - len(numbers) * _COLUMN < _NAME:
            numbers = numbers[1:]
        wide = _COLUMN if len(numbers) > 1 else max(map(len, numbers), default=0) + 1
        right = [
            part
            for number in numbers
            for part in (Segment(" " * (wide - len(number)), base), Segment(number, base + self.part("count")))
        ]
        lead = " " if row.kind == "head" else "   "
        room = max(1, width - len(lead) - wide * len(numbers) - 1)
        said = row.brief if row.brief and cell_width(row.text) > room else row.text
        text = line_layout.shown(f"… {said}" if row.kind == "more" else said, room)
        left = [Segment(lead, base), Segment(text, base + self.part(kind))]
        return line_layout.justified(left, [*right, Segment(" ", base)], width, base)
