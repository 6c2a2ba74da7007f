"""Occasions as a list: when and where each was, who was there and who was said not to be, and the article."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType

from archive import Occasion
from archive.render.terminal import safe
from archive.render.text import pluralize
from archive.tui import line_layout
from archive.tui.model import guest_list
from archive.tui.widgets.lists import ItemList


class OccasionList(ItemList[Occasion]):
    """Occasions, the latest first."""

    HELP = "The occasions that articles tell of, the latest first; beside them the guest list of the one at the cursor."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,l,right", "open", "Read", key_display="⏎")]
    row_heights = (5, 5)

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of an occasion."""
        each = self.items[index]
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
