"""Years to narrow a search by, typed: 1999, 1995..2003, ..1998, several with commas."""

from __future__ import annotations

import re
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from archive import ArchiveError, SearchRequest, YearRange
from archive.render.terminal import safe

#: How people write ranges beside two dots.
_DASH = re.compile(r"(?<=\d)\s*(?:\.{2,}|…|[-–—]|to)\s*(?=\d)")


class TypedYearsScreen(ModalScreen[tuple[YearRange, ...] | None]):
    """Returns the ranges of years that were typed; none means all years."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, request: SearchRequest) -> None:
        super().__init__()
        self._years = ", ".join(map(str, request.year))

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical(classes="dialog -small"):
            yield Static(Text("1999 · 1995..2003 · ..1998 · 2010.. · several with commas"), classes="help-purpose")
            yield Input(self._years, placeholder="all years")
            yield Static(" ", id="error")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Years", "⏎ narrow · esc cancel"
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the years, or say what is wrong with them."""
        try:
            self.dismiss(parse_years(event.value))
        except ArchiveError as error:
            self.query_one("#error", Static).update(Text(safe(str(error)), style="red"))


def parse_years(text: str) -> tuple[YearRange, ...]:
    """The ranges in a text; raises UsageError naming one that cannot be read."""
    parts = [_DASH.sub("..", part.strip()) for part in re.split(r"[,;]", text)]
    return tuple(YearRange.parse(part) for part in parts if part)
