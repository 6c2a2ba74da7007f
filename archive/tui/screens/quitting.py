"""The question before Ctrl+C quits: in most programs that key copies."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static


class QuitScreen(ModalScreen[bool]):
    """Returns whether to quit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y,q", "dismiss(True)", "Quit"),
        Binding("escape,n", "dismiss(False)", "Stay"),
    ]

    def compose(self) -> ComposeResult:
        """The question."""
        with Vertical(classes="dialog -small"):
            yield Static(Text("Nothing is marked to be copied. Quit? The next session continues here."))

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Quit", "⏎ quit · esc stay"
