"""The facet panel: the values of every facet in one list, and the line in which a value is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from archive import FacetResult, SearchRequest
from archive.render.terminal import cell_width, safe
from archive.tui import line_layout
from archive.tui.keys import LEAVE, REVIEW_KEYS, OrderedInput, hidden, sections
from archive.tui.messages import ChangeRequest, LeavePanel
from archive.tui.model import request_edits
from archive.tui.model.facet_rows import FacetRow, RowKind, facet_rows
from archive.tui.model.search_model import FACET_ROWS, FacetView
from archive.tui.widgets.lists import SectionedList

_COMPONENTS = ("head", "note", "value", "chosen", "excluded", "count", "cursor")
#: Values of a facet that are listed at most.
_MAX_VALUES = 5000


class Facets(SectionedList[FacetRow]):
    """Facet values, each with exactly as many articles as selecting it gives."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"facets--{name}" for name in _COMPONENTS}
    HELP = (
        "People, venues, years and other facets. Values of one facet are combined with OR, facets with AND. "
        "A count is exactly the number of articles that you get by choosing that value. ~ marks names in texts "
        "that nobody has reviewed: A records one, M merges it into another, X forbids it, L makes it a place."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "choose", "Choose", key_display="space"),
        Binding("x", "exclude", "Exclude"),
        Binding("P", "person", "Person page", key_display="P"),
        Binding("F", "find", "Find value", key_display="F"),
        Binding("a", "all_people", "All/any"),
        Binding("o", "order", "Count/A–Z"),
        Binding("m", "more", "More"),
        hidden("left,h", "fold(True)", "Fold"),
        hidden("right,l", "fold(False)", "Unfold"),
        hidden("J", "section(1)", "Next facet"),
        hidden("K", "section(-1)", "Previous facet"),
        *sections("section", "facet"),
        *REVIEW_KEYS,
        LEAVE,
    ]

    @dataclass
    class NameAnswered(Message):
        """Something was answered about a person or a venue, of those in `REVIEW_KEYS`."""

        facet: str
        name: str
        answer: str

    @dataclass
    class ViewChanged(Message):
        """A facet is to be shown in another way."""

        facet: str
        changes: Mapping[str, object]

    @dataclass
    class PersonOpened(Message):
        """A person's page is to be shown."""

        person: str

    @dataclass
    class FindRequested(Message):
        """A value of a facet is to be looked for."""

        facet: str

    def is_heading(self, row: FacetRow) -> bool:
        """Whether a row is the heading of a facet."""
        return row.kind is RowKind.HEAD

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._to_take: tuple[str, str] | None = None
        self._height = 0
        self._last: tuple[SearchRequest, Sequence[FacetView], Mapping[str, FacetResult]] | None = None

    def on_resize(self, event: events.Resize) -> None:
        """There is room for more values, or for fewer."""
        super().on_resize(event)
        if event.size.height != self._height:
            self._height = event.size.height
            if self._last is not None:
                self.show(*self._last)

    def show(self, request: SearchRequest, views: Sequence[FacetView], results: Mapping[str, FacetResult]) -> None:
        """Show other counts; the cursor stays on its value."""
        before = self.current
        self._last = request, views, results
        self.shown = facet_rows(request, views, results, self._height)
        self.line_count = len(self.shown)
        if before is not None:
            places = [index for index, row in enumerate(self.shown) if row.key == before.key]
            self.cursor = places[0] if places else self.cursor
            find = next((view.find for view in views if view.name == before.facet), "")
            if find and find != before.view.find:
                self._go_to_first_match(before.facet)
        self.redraw()
        if self._to_take is not None and any((view.name, view.find) == self._to_take for view in views):
            self._take_first_match()

    def take_first_match(self, facet: str, words: str) -> None:
        """Choose the first value found by `words`, as soon as they have been looked for."""
        self._to_take = facet, words
        if any((row.facet, row.view.find) == self._to_take for row in self.shown):
            self._take_first_match()

    def _take_first_match(self) -> None:
        """Choose the first value found, and list all values again; where none is found, go on looking."""
        facet = self._to_take[0] if self._to_take else ""
        self._to_take = None
        self._go_to_first_match(facet)
        row = self.current
        if row is not None and row.facet == facet and row.kind is RowKind.VALUE:
            self.post_message(ChangeRequest(partial(request_edits.chosen, facet=facet, value=row.value)))
            self._change_view(facet, find="")

    def _go_to_first_match(self, facet: str) -> None:
        """Move the cursor to the first value found, ready to be selected."""
        rows = [index for index, row in enumerate(self.shown) if row.facet == facet]
        values = [index for index in rows if self.shown[index].kind is RowKind.VALUE and not self.shown[index].selected]
        self.cursor = (values or rows)[0]

    def go_to_facet(self, facet: str) -> None:
        """Move the cursor to the heading of a facet, and scroll its values into view."""
        self.cursor = next((index for index, row in enumerate(self.shown) if row.facet == facet), self.cursor)
        self.scroll_to_line(self.cursor)

    @property
    def facet(self) -> str:
        """The facet under the cursor."""
        return self.current.facet if self.current else "person"

    @property
    def _view(self) -> FacetView | None:
        """How the facet under the cursor is shown."""
        return next((row.view for row in self.shown if row.facet == self.facet), None)

    def action_choose(self) -> None:
        """Select or deselect a value; on a heading fold, on the last row list more."""
        row = self.current
        if row is None:
            return
        match row.kind:
            case RowKind.HEAD:
                self._change_view(row.facet, folded=not row.view.folded)
            case RowKind.MORE:
                self.action_more()
            case RowKind.MISSING:
                self.post_message(ChangeRequest(partial(request_edits.missing_toggled, facet=row.facet)))
            case RowKind.EXCLUDED:
                self.action_exclude()
            case RowKind.VALUE:
                self.post_message(ChangeRequest(partial(request_edits.toggled, facet=row.facet, value=row.value)))

    def action_exclude(self) -> None:
        """Exclude the articles with this value."""
        row = self.current
        if row is not None and row.kind in (RowKind.VALUE, RowKind.EXCLUDED):
            self.post_message(ChangeRequest(partial(request_edits.excluded, facet=row.facet, value=row.value)))

    def action_all_people(self) -> None:
        """Require every selected person, or any of them."""
        self.post_message(ChangeRequest(request_edits.all_people_toggled))

    def action_person(self) -> None:
        """Show the page of the person under the cursor."""
        row = self.current
        if row is not None and row.facet == "person" and row.kind in (RowKind.VALUE, RowKind.EXCLUDED):
            self.post_message(self.PersonOpened(row.value))
        else:
            self.notify("Move to a person first; P then opens their page.", timeout=4)

    def action_review_name(self, answer: str) -> None:
        """Answer for the name under the cursor."""
        row = self.current
        if row is not None and row.facet in ("person", "venue") and row.kind is RowKind.VALUE:
            self.post_message(self.NameAnswered(row.facet, row.value, answer))
        else:
            self.notify("Move to a person or a venue first.", timeout=3)

    def action_find(self) -> None:
        """Look for a value of this facet."""
        self.post_message(self.FindRequested(self.facet))

    def action_order(self) -> None:
        """Sort by count or by name."""
        by_count = self._view is None or self._view.sort == "count"
        self._change_view(self.facet, sort="name" if by_count else "count")

    def action_more(self) -> None:
        """List more values of this facet."""
        if self._view is not None:
            listed = sum(row.facet == self.facet and row.kind is RowKind.VALUE for row in self.shown)
            limit = max(self._view.limit or 0, listed, FACET_ROWS) * 4
            self._change_view(self.facet, limit=min(limit, _MAX_VALUES), folded=False)

    def action_fold(self, folded: bool) -> None:
        """Show only the heading of this facet, or its values again."""
        facet = self.facet
        self._change_view(facet, folded=folded)
        if folded:
            self.cursor = next(index for index, row in enumerate(self.shown) if row.facet == facet)

    def action_leave(self) -> None:
        """Show all values again, or else go back to the results."""
        if self._view is not None and self._view.find:
            self._change_view(self.facet, find="")
        else:
            self.post_message(LeavePanel())

    def _change_view(self, facet: str, **changes: object) -> None:
        self.post_message(self.ViewChanged(facet, changes))

    def draw_line(self, line: int, width: int) -> Strip:
        """One row: its symbol, its text and its count."""
        row = self.shown[line]
        base = self.rich_style + (self.part("cursor") if line == self.cursor else Style.null())
        count = [Segment(f" {row.count_text} ", base + self.part("count"))]
        room = max(1, width - len(row.count_text) - 2 - cell_width(row.symbol))
        left = [
            Segment(f" {row.symbol}", base + self.part(row.symbol_style) + Style(strike=False)),
            Segment(self._clipped(row, room - 1), base + self.part(row.text_style)),
        ]
        return line_layout.justified(left, count, width, base)

    def _clipped(self, row: FacetRow, room: int) -> str:
        """The text of a row, cut so that it does not look like another value of its facet."""
        text = safe(row.text)
        if cell_width(text) <= room:
            return text
        return line_layout.clip_name(text, room, (safe(each.text) for each in self.shown if each.facet == row.facet))


class FacetFinder(OrderedInput):
    """The line for the words of a value; accents and small misspellings are ignored."""

    DEFAULT_CSS = """
    FacetFinder {
        height: 1; border: none; padding: 0 1;
        &:focus { border: none; }
    }
    """
    HELP = "Find a value of this facet by any of its words; accents and small misspellings are ignored."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done(True, True)", "Choose the first", key_display="⏎"),
        Binding("down,tab", "done(True)", "To the values", key_display="↓"),
        Binding("ctrl+u", "clear", "Clear", show=False),
        Binding("escape", "done(False)", "Cancel"),
    ]

    @dataclass
    class Done(Message):
        """The user is done.

        words  those typed
        kept   whether only the values found stay listed
        takes  whether the first of them is chosen
        """

        facet: str
        words: str
        kept: bool
        takes: bool

    facet = ""

    def on_mount(self) -> None:
        """Hide it until it is opened."""
        self.display = False

    def open(self, facet: str, words: str) -> None:
        """Look for a value of a facet."""
        self.facet = facet
        self.placeholder = f"find a {facet}"
        self.display = True
        self.value = words
        self.cursor_position = len(words)
        self.screen.set_focus(self)

    def action_clear(self) -> None:
        """Empty the line."""
        self.value = ""

    def action_done(self, kept: bool, takes: bool = False) -> None:
        """Go back to the values."""
        self.display = False
        words = self.value
        self.post_message(self.Done(self.facet, words, kept, takes and bool(words.strip())))
