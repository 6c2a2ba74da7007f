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
        height: 1; border: none; padding: 0 1; display: none;
        &:focus { border: none; }
        &.-open { display: block; }
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

    def open(self, facet: str, words: str) -> None:
        """Look for a value of a facet."""
        self.facet = facet
        self.placeholder = f"find a {facet}"
        self.add_class("-open")
        self.value = words
        self.cursor_position = len(words)
        self.focus()

    def action_done(self, kept: bool) -> None:
        """Back to the values."""
        self.remove_class("-open")
        self.post_message(self.Done(self.facet, kept))
