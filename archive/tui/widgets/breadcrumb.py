"""The query and every other constraint of the search as chips that can be removed."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.strip import Strip

from archive import SearchRequest
from archive.render.terminal import cell_width, safe
from archive.tui import line_layout
from archive.tui.keys import hidden, left_right
from archive.tui.messages import ChangeRequest, LeavePanel
from archive.tui.model import request_edits
from archive.tui.model.request_edits import Constraint, ConstraintKind
from archive.tui.widgets.virtual_lines import StyledWidget

_COMPONENTS = ("facet", "chip", "excluded", "cursor")
#: Maximum width of the text of a chip in cells.
_MAX_CHIP_WIDTH = 32


class Breadcrumb(StyledWidget, can_focus=True):
    """The constraints on one line, which is there even without any, so that nothing below it moves."""

    DEFAULT_CSS = """
    Breadcrumb {
        height: 1; padding: 0 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"breadcrumb--{name}" for name in _COMPONENTS}
    HELP = "The constraints of the search. Remove one with Backspace, or click it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace,delete,enter,x", "remove", "Remove", key_display="⌫"),
        *left_right("move"),
        hidden("escape,down,j", "leave", "Back to the results"),
    ]

    request: reactive[SearchRequest] = reactive(SearchRequest(), init=False)
    cursor: reactive[int] = reactive(0)

    def watch_request(self, request: SearchRequest) -> None:
        """Keep the cursor on a chip."""
        self.cursor = min(self.cursor, max(0, len(self.chips) - 1))

    @property
    def chips(self) -> tuple[Constraint, ...]:
        """The constraints in order."""
        return request_edits.constraints(self.request)

    def action_move(self, by: int) -> None:
        """Move the cursor to another chip."""
        self.cursor = max(0, min(self.cursor + by, len(self.chips) - 1))

    def action_remove(self) -> None:
        """Remove the constraint under the cursor."""
        if self.chips:
            self._remove(self.chips[self.cursor])
            if len(self.chips) == 1:
                self.post_message(LeavePanel())

    def action_leave(self) -> None:
        """Go back to the results."""
        self.post_message(LeavePanel())

    def _remove(self, chip: Constraint) -> None:
        self.post_message(ChangeRequest(partial(request_edits.removed, constraint=chip)))

    def on_click(self, event: events.Click) -> None:
        """Remove the clicked constraint."""
        for chip, (start, end) in zip(self.chips, self._spans(), strict=False):
            if start <= event.x - 1 < end:
                self._remove(chip)

    # -- drawing -----------------------------------------------------------------------

    def _texts(self) -> list[tuple[str, str]]:
        """For each chip the facet or joining word before it, and its text."""
        texts, facet = [], ""
        for chip in self.chips:
            if chip.kind is ConstraintKind.QUERY:
                lead = "for "
            elif chip.kind is ConstraintKind.EXCLUDED:
                lead = "not "
            elif chip.facet == facet:
                lead = "and " if facet == "person" and self.request.all_people else "or "
            else:
                lead = f"{chip.facet} " if chip.kind is not ConstraintKind.MISSING else ""
            facet = "" if chip.kind is ConstraintKind.EXCLUDED else chip.facet
            others = (safe(each.label) for each in self.chips)
            texts.append((lead, line_layout.clip_name(safe(chip.label), _MAX_CHIP_WIDTH, others)))
        return texts

    def _spans(self) -> list[tuple[int, int]]:
        """First and last cell of each chip."""
        spans, x = [], -self._scrolled
        for lead, text in self._texts():
            start = x + cell_width(lead)
            x = start + cell_width(text) + 4
            spans.append((start, x))
            x += 1
        return spans

    @property
    def _scrolled(self) -> int:
        """Cells left out at the left to make the cursor visible."""
        x = 0
        ends = []
        for lead, text in self._texts():
            x += cell_width(lead) + cell_width(text) + 5
            ends.append(x)
        at = self.cursor if self.has_focus else len(ends) - 1
        return max(0, ends[at] - self.content_size.width) if ends else 0

    def render_line(self, y: int) -> Strip:
        """The chips."""
        base, segments = self.rich_style, list[Segment]()
        for index, (chip, (lead, text)) in enumerate(zip(self.chips, self._texts(), strict=True)):
            style = base + self.part("excluded" if chip.kind is ConstraintKind.EXCLUDED else "chip")
            ends = style + Style(strike=False)
            if self.has_focus and index == self.cursor:
                style, ends = style + self.part("cursor"), ends + self.part("cursor")
            segments += [
                Segment(lead, base + self.part("facet")),
                Segment(" ", ends),
                Segment(text, style),
                Segment(" ✕ ", ends),
                Segment(" ", base),
            ]
        if not segments:
            segments = [Segment("all articles", base + self.part("facet"))]
        width, scrolled = self.content_size.width, self._scrolled
        return Strip(segments).crop(scrolled, scrolled + width).adjust_cell_length(width, base)
