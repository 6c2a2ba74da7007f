"""The years of encounters as a drawing, to go to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from archive.query.request import YearRange
from archive.tui.widgets.years import Years


class Span(Years):
    """Articles a year of one or two people."""

    KIND = "histogram"
    HELP = "Articles a year. Walk with the arrows; Enter goes to the newest encounter of that year."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Go there", key_display="⏎"),
    ]

    @dataclass
    class Chosen(Message):
        """The encounters of some years are wanted."""

        years: YearRange

    def action_choose(self) -> None:
        """Go to the encounters of the year."""
        years = self.marked_years()
        if years is not None:
            self.post_message(self.Chosen(years))

    def on_click(self, event: events.Click) -> None:
        """Go to the year under the mouse."""
        if self.bars.bins:
            self.year = self.bars.bins[self.bars.at(event.x - 1)].first
            self.action_choose()
