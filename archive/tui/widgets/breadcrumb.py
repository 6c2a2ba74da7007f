"""The query and every other constraint of the search as chips that can be taken away."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.strip import Strip

from archive.query.request import SearchRequest
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.bindings import hidden, left_right
from archive.tui.messages import Narrow, StepOut
from archive.tui.model import request_edits
from archive.tui.model.request_edits import Constraint, How
from archive.tui.widgets.styled_widget import Parts

#: Cells that the text of one chip may take.
_WIDEST = 32


class Breadcrumb(Parts, can_focus=True):
    """The constraints in one line, which is there even without any: what is below it must not jump."""

    DEFAULT_CSS = """
    Breadcrumb {
        height: 1; padding: 0 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"breadcrumb--{part}" for part in ("facet", "chip", "excluded", "cursor")}
    HELP = "What narrows the search. Take a constraint away with Backspace, or by clicking it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace,delete,enter,x", "remove", "Take away", key_display="⌫"),
        *left_right("move"),
        hidden("escape,down,j", "leave", "Back to the results"),
    ]

    request: reactive[SearchRequest] = reactive(SearchRequest(), init=False)
    cursor: reactive[int] = reactive(0)

    def watch_request(self, request: SearchRequest) -> None:
        """Chips come and go."""
        self.cursor = min(self.cursor, max(0, len(self.chips) - 1))

    @property
    def chips(self) -> tuple[Constraint, ...]:
        """The constraints in their order."""
        return request_edits.constraints(self.request)

    def action_move(self, by: int) -> None:
        """To another chip."""
        self.cursor = max(0, min(self.cursor + by, len(self.chips) - 1))

    def action_remove(self) -> None:
        """Take away the constraint under the cursor."""
        if self.chips:
            self._remove(self.chips[self.cursor])
            if len(self.chips) == 1:
                self.post_message(StepOut())

    def action_leave(self) -> None:
        """Back to the results."""
        self.post_message(StepOut())

    def _remove(self, chip: Constraint) -> None:
        self.post_message(Narrow(partial(request_edits.removed, constraint=chip)))

    def on_click(self, event: events.Click) -> None:
        """Take away the constraint under the mouse."""
        for chip, (start, end) in zip(self.chips, self._spans(), strict=False):
            if start <= event.x - 1 < end:
                self._remove(chip)

    def _texts(self) -> list[tuple[str, str]]:
        """Before each chip its facet or a joining word, and the chip's text."""
        texts, facet = [], ""
        for chip in self.chips:
            if chip.how is How.QUERY:
                lead = "for "
            elif chip.how is How.EXCLUDED:
                lead = "not "
            elif chip.facet == facet:
                lead = "and " if facet == "person" and self.request.all_people else "or "
            else:
                lead = f"{chip.facet} " if chip.how is not How.MISSING else ""
            facet = "" if chip.how is How.EXCLUDED else chip.facet
            texts.append((lead, line_layout.shown(chip.label, _WIDEST)))
        return texts

    def _spans(self) -> list[tuple[int, int]]:
        """Cells from which to which each chip goes."""
        spans, x = [], -self._skipped
        for lead, text in self._texts():
            start = x + cell_width(lead)
            x = start + cell_width(text) + 4
            spans.append((start, x))
            x += 1
        return spans

    @property
    def _skipped(self) -> int:
        """Cells that are left out at the left so that the cursor can be seen."""
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
            kind = "excluded" if chip.how is How.EXCLUDED else "chip"
            style = base + self.part(kind)
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
            segments = [Segment("every article", base + self.part("facet"))]
        strip = Strip(segments)
        width, skipped = self.content_size.width, self._skipped
        return strip.crop(skipped, skipped + width).adjust_cell_length(width, base)
