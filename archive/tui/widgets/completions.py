"""The list below the query line of how what is typed may go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive.render.terminal import safe
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.model.completion import Completion

_NARROWEST, _WIDEST = 16, 48


class Completions(OptionList, can_focus=False):
    """Lies over the results while there is anything to offer; the query line keeps the focus and moves in it."""

    DEFAULT_CSS = """
    Completions {
        overlay: screen; display: none; height: auto; max-height: 12;
        &.-open { display: block; }
    }
    """

    @dataclass
    class Taken(Message):
        """That is how the query goes on."""

        completion: Completion

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._offered: Sequence[Completion] = ()

    @property
    def chosen(self) -> Completion | None:
        """The one under the cursor, where somebody has moved to one."""
        return None if self.highlighted is None or not self.shown else self._offered[self.highlighted]

    @property
    def shown(self) -> bool:
        """Whether anything is offered."""
        return self.has_class("-open")

    def offer(self, completions: Sequence[Completion]) -> None:
        """Offer these, with none of them chosen; nothing to offer closes the list."""
        if tuple(completions) == tuple(self._offered):
            return
        self._offered = completions
        self.clear_options()
        self.set_class(bool(completions), "-open")
        if completions:
            rows = [(line_layout.clip(safe(each.label), _WIDEST), each.note) for each in completions]
            width = max(_NARROWEST, *(cell_width(label) + len(note) + 3 for label, note in rows))
            self.styles.width = width + 6
            self.add_options(self._line(*row, width) for row in rows)
            self.highlighted = None

    @staticmethod
    def _line(label: str, note: str, width: int) -> Option:
        space = " " * (width - cell_width(label) - len(note))
        return Option(Text.assemble(label, space, (note, "dim"), no_wrap=True))

    def close(self) -> None:
        """Offer nothing."""
        self.offer(())

    def move(self, by: int) -> None:
        """Move the cursor; up from the first, none is chosen."""
        place = (-1 if self.highlighted is None else self.highlighted) + by
        self.highlighted = None if place < 0 else min(place, len(self._offered) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes one."""
        event.stop()
        self.post_message(self.Taken(self._offered[event.option_index]))
