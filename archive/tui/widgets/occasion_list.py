"""Occasions as a list: when and where each was, who was there and who was said not to be, and the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from archive import Occasion
from archive.render.terminal import safe
from archive.render.text import pluralize
from archive.tui import line_layout
from archive.tui.model import guest_list
from archive.tui.widgets.lists import MultilineList


class OccasionList(MultilineList):
    """Occasions, the latest first."""

    HELP = "The occasions that articles tell of, the latest first; beside them the guest list of the one at the cursor."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,l,right", "open", "Read", key_display="⏎")]
    row_heights = (4, 5)

    @dataclass
    class Opened(Message):
        """An occasion's article was chosen to be read."""

        index: int

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another occasion."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.occasions: Sequence[Occasion] = ()

    def show(self, occasions: Sequence[Occasion]) -> None:
        """Show other occasions."""
        self.occasions = occasions
        self.update_items(self.cursor)

    @property
    def total(self) -> int:
        """Number of occasions."""
        return len(self.occasions)

    @property
    def current(self) -> Occasion | None:
        """The occasion under the cursor."""
        return self.occasions[self.cursor] if self.cursor < self.total else None

    def cursor_moved(self) -> None:
        """Report that the cursor has moved."""
        self.post_message(self.CursorMoved())

    def action_open(self) -> None:
        """Read the article under the cursor where it tells of the occasion."""
        if self.cursor < self.total:
            self.post_message(self.Opened(self.cursor))

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of an occasion."""
        each = self.occasions[index]
        if line == 0:
            return [Segment(line_layout.clip_safe(guest_list.heading(each), room), base + self.part("title"))]
        if line == 1:
            signs = [f"{'●' if name in each.stated else '◐'} {safe(name)}" for name in each.people]
            return [Segment(line_layout.join_people(signs, room), base + self.part("snippet"))]
        absent = [f"✕ {safe(name)}" for name in each.absent]
        if line == 2 and absent:
            return [Segment(line_layout.join_people(absent, room), base + self.part("hit"))]
        if line == 2 + bool(absent):
            count = pluralize(len(each.sources), "article") if len(each.sources) > 1 else ""
            about = " · ".join(filter(None, [guest_list.date_basis(each), count, each.title]))
            return [Segment(line_layout.clip_safe(about, room), base + self.part("detail"))]
        return []
