"""The facet panel: the values of every facet in one list that can be walked, folded and searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from archive.model.results import FacetResult
from archive.query.request import SearchRequest
from archive.tui import line_layout
from archive.tui.bindings import LEAVE, hidden, sections
from archive.tui.messages import Narrow, StepOut
from archive.tui.model import request_edits
from archive.tui.model.facet_rows import MARKS, Row, What, facet_rows
from archive.tui.model.search_model import FacetView
from archive.tui.widgets.sections import Sections

_PARTS = ("head", "note", "value", "chosen", "excluded", "count", "cursor")


class Facets(Sections[Row]):
    """Values to narrow by, with exactly how many articles each would give."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"facets--{part}" for part in _PARTS}
    HELP = (
        "Who, where, when. Values of one facet are alternatives (or), facets narrow each other (and). "
        "A number is exactly how many articles you get by choosing that value."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "choose", "Choose", key_display="space"),
        Binding("x", "exclude", "Exclude"),
        Binding("P", "person", "Their page", key_display="P"),
        Binding("slash", "find", "Find here", key_display="/"),
        Binding("a", "all_people", "All of them"),
        Binding("o", "order", "Count/A–Z"),
        Binding("m", "more", "More"),
        hidden("left,h", "fold(True)", "Fold"),
        hidden("right,l", "fold(False)", "Unfold"),
        hidden("J", "section(1)", "Next facet"),
        hidden("K", "section(-1)", "Previous facet"),
        *sections("section", "facet"),
        LEAVE,
    ]

    @dataclass
    class Looked(Message):
        """One facet is to be looked at in another way."""

        facet: str
        changes: Mapping[str, object]

    @dataclass
    class Met(Message):
        """A person's page is wanted."""

        person: str

    @dataclass
    class Find(Message):
        """Values of a facet are to be found by their words."""

        facet: str

    def is_head(self, row: Row) -> bool:
        """Whether a row is the heading of a facet."""
        return row.what is What.HEAD

    def show(self, request: SearchRequest, views: Sequence[FacetView], results: Mapping[str, FacetResult]) -> None:
        """Show other counts; the cursor stays on its value."""
        before = self.current
        self.shown = facet_rows(request, views, results)
        self.count = len(self.shown)
        if before is not None:
            places = [index for index, row in enumerate(self.shown) if row.key == before.key]
            self.cursor = places[0] if places else self.cursor
            find = next((view.find for view in views if view.name == before.facet), "")
            if find and find != before.find:
                self._to_found(before.facet)
        self.redraw()

    def _to_found(self, facet: str) -> None:
        """To the first value that was found, so that it can be chosen at once."""
        rows = [index for index, row in enumerate(self.shown) if row.facet == facet]
        values = [index for index in rows if self.shown[index].what is What.VALUE and not self.shown[index].selected]
        self.cursor = (values or rows)[0]

    def to_facet(self, facet: str) -> None:
        """To the heading of a facet, with its values below it."""
        self.cursor = next((index for index, row in enumerate(self.shown) if row.facet == facet), self.cursor)
        self.jump(self.cursor)

    @property
    def facet(self) -> str:
        """The facet in which the cursor is."""
        return self.current.facet if self.current else "person"

    def action_choose(self) -> None:
        """Choose a value or no longer; on a heading fold, on the last line list more."""
        row = self.current
        if row is None:
            return
        match row.what:
            case What.HEAD:
                self._look(row.facet, folded=not row.folded)
            case What.MORE:
                self.action_more()
            case What.MISSING:
                self.post_message(Narrow(partial(request_edits.missing_toggled, facet=row.facet)))
            case What.EXCLUDED:
                self.action_exclude()
            case What.VALUE:
                self.post_message(Narrow(partial(request_edits.toggled, facet=row.facet, value=row.value)))

    def action_exclude(self) -> None:
        """Leave out the articles with this value."""
        row = self.current
        if row is not None and row.what in (What.VALUE, What.EXCLUDED):
            self.post_message(Narrow(partial(request_edits.excluded, facet=row.facet, value=row.value)))

    def action_all_people(self) -> None:
        """Every chosen person must be there, or any of them."""
        self.post_message(Narrow(request_edits.all_people_toggled))

    def action_person(self) -> None:
        """When, where and with whom the person under the cursor was seen."""
        row = self.current
        if row is not None and row.facet == "person" and row.what in (What.VALUE, What.EXCLUDED):
            self.post_message(self.Met(row.value))
        else:
            self.notify("Put the cursor on a person: P shows when, where and with whom they were seen.", timeout=4)

    def action_find(self) -> None:
        """Find a value of this facet."""
        self.post_message(self.Find(self.facet))

    def action_order(self) -> None:
        """By count or by name."""
        row = next((row for row in self.shown if row.facet == self.facet), None)
        self._look(self.facet, sort="name" if row is None or row.sort == "count" else "count")

    def action_more(self) -> None:
        """List more values of this facet."""
        row = next((row for row in self.shown if row.facet == self.facet), None)
        if row is not None:
            self._look(row.facet, limit=min(row.limit * 4, 5000), folded=False)

    def action_fold(self, folded: bool) -> None:
        """Show of this facet no more than its heading, or all."""
        facet = self.facet
        self._look(facet, folded=folded)
        if folded:
            self.cursor = next(index for index, row in enumerate(self.shown) if row.facet == facet)

    def action_leave(self) -> None:
        """End the finding, or else go back to the results."""
        found = next((row for row in self.shown if row.facet == self.facet and row.find), None)
        if found is None:
            self.post_message(StepOut())
        else:
            self._look(found.facet, find="")

    def _look(self, facet: str, **changes: object) -> None:
        self.post_message(self.Looked(facet, changes))

    def draw(self, line: int, width: int) -> Strip:
        """One row of the panel."""
        row = self.shown[line]
        under = line == self.cursor
        base = self.rich_style + (self.part("cursor") if under else Style.null())
        count = [Segment(f" {row.count_text} ", base + self.part("count"))]
        room = max(1, width - len(row.count_text) - 2 - len(MARKS[row.what]))
        style = base + self.part(row.style)
        lead = MARKS[row.what] if row.what is not What.VALUE else ("● " if row.selected else "○ ")
        if row.what is What.HEAD:
            lead = "▸ " if row.folded else "▾ "
        left = [Segment(f" {lead}", base + self.part(row.lead_style) + Style(strike=False))]
        left.append(Segment(line_layout.shown(row.text, room - 1), style))
        return line_layout.justified(left, count, width, base)
