"""The line in which a value of one facet is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class Find(Input):
    """Words of a value; accents and small misspellings do not matter."""

    DEFAULT_CSS = """
    Find {
        height: 1; border: none; padding: 0 1;
        &:focus { border: none; }
    }
    """
    HELP = "Find a value of this facet by any of its words; accents and small misspellings do not matter."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "done(True)", "To the values", key_display="⏎"),
        Binding("escape", "done(False)", "Forget it"),
    ]

    @dataclass
    class Done(Message):
        """The finding is over; `kept` says whether what was found stays."""

        facet: str
        kept: bool

    facet = ""

    def on_mount(self) -> None:
        """Not there until it is needed."""
        self.display = False

    def open(self, facet: str, words: str) -> None:
        """Look for a value of a facet."""
        self.facet = facet
        self.placeholder = f"find a {facet}"
        self.display = True
        self.value = words
        self.cursor_position = len(words)
        self.screen.set_focus(self)

    def action_done(self, kept: bool) -> None:
        """Back to the values."""
        self.display = False
        self.post_message(self.Done(self.facet, kept))
