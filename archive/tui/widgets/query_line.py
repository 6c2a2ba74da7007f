"""The query line, with its history, and the list of completions below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive.render.terminal import cell_width, safe
from archive.tui import line_layout, textual_internals
from archive.tui.keys import OrderedInput
from archive.tui.messages import ChangeRequest
from archive.tui.model import request_edits
from archive.tui.model.query_completion import Completion

_MIN_WIDTH, _MAX_LABEL = 16, 48


class Completions(OptionList, can_focus=False):
    """Overlays the results while there is anything to offer; the query line keeps the focus and moves the cursor."""

    DEFAULT_CSS = """
    Completions {
        overlay: screen; display: none; height: auto; max-height: 12;
        &.-open { display: block; }
    }
    """

    @dataclass
    class Accepted(Message):
        """A completion was clicked."""

        completion: Completion

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._offered: Sequence[Completion] = ()

    @property
    def chosen(self) -> Completion | None:
        """The completion under the cursor, None where the cursor has not been moved to one."""
        return None if self.highlighted is None or not self.is_open else self._offered[self.highlighted]

    @property
    def is_open(self) -> bool:
        """Whether anything is offered."""
        return self.has_class("-open")

    @property
    def takes_keys(self) -> bool:
        """Whether the arrow keys and Escape are for this list: always, unless it only has hints and none is chosen."""
        return self.is_open and (self.chosen is not None or not all(each.is_hint for each in self._offered))

    def offer(self, completions: Sequence[Completion]) -> None:
        """Offer these, with the cursor on none; an empty list closes."""
        if tuple(completions) == tuple(self._offered):
            return
        self._offered = completions
        self.clear_options()
        self.set_class(bool(completions), "-open")
        if completions:
            labels = [safe(each.label) for each in completions]
            rows = [
                (line_layout.clip_name(label, _MAX_LABEL, labels), each.note)
                for label, each in zip(labels, completions, strict=True)
            ]
            width = max(_MIN_WIDTH, *(cell_width(label) + len(note) + 3 for label, note in rows))
            self.styles.width = width + 6
            self.add_options(self._option(*row, width) for row in rows)
            self.highlighted = None
            self.border_subtitle = "⇥ select" if not self.takes_keys else ""

    @staticmethod
    def _option(label: str, note: str, width: int) -> Option:
        space = " " * (width - cell_width(label) - len(note))
        return Option(Text.assemble(label, space, (note, "dim"), no_wrap=True))

    def close(self) -> None:
        """Offer nothing."""
        self.offer(())

    def move(self, by: int) -> None:
        """Move the cursor; above the first it is on none."""
        index = (-1 if self.highlighted is None else self.highlighted) + by
        self.highlighted = None if index < 0 else min(index, len(self._offered) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Accept the clicked completion."""
        event.stop()
        self.post_message(self.Accepted(self._offered[event.option_index]))


class _FromHistory(Suggester):
    """Suggests an earlier query that begins with what is typed."""

    def __init__(self, find: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._find = find

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line, or None."""
        return self._find(value)


class Query(OrderedInput):
    """The query line; `completions` is the list below it, `history` the earlier queries, the latest last."""

    DEFAULT_CSS = """
    Query { border: none; height: 1; padding: 0 1; &:focus { border: none; } }
    """
    HELP = (
        "Results update as you type; a word without an exact match is treated as a prefix. Fields and values are "
        "listed below: Down moves to them, Enter or a click accepts one; Tab moves to people and venues with a name "
        "that begins so. Right arrow completes the line from the history. / marks the whole line, so that typing "
        "replaces it; Ctrl+U clears it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "To the results", key_display="⏎"),
        Binding("up", "up", "History", key_display="↑"),
        Binding("down", "down", "To the completions or results", show=False),
        Binding("tab", "tab", "Accept the completion", show=False),
        Binding("escape", "out", "Close the completions, or to the results", show=False),
        Binding("ctrl+u", "clear", "Clear"),
    ]

    class Done(Message):
        """The query is complete."""

    def __init__(self, completions: Completions, *, id: str | None = None) -> None:
        super().__init__(
            placeholder="Search the archive",
            id=id,
            suggester=_FromHistory(self._find_in_history),
            select_on_focus=False,
        )
        self.completions = completions
        self.history: Sequence[str] = ()
        self._set_by_program = ""
        self._history_index: int | None = None
        self._draft = ""

    @property
    def is_typed(self) -> bool:
        """Whether the user is typing at the end of the line: what was recalled or completed counts as finished."""
        return self.has_focus and self.value != self._set_by_program and self.cursor_position == len(self.value)

    def set_text(self, text: str) -> None:
        """Set a text that the user did not type."""
        self._set_by_program = text
        textual_internals.clear_suggestion(self)
        self.completions.close()
        self.value = text
        self.cursor_position = len(text)

    def _find_in_history(self, text: str) -> str | None:
        if not self.is_typed or not text.strip():
            return None
        return next((each for each in reversed(self.history) if each.startswith(text) and each != text), None)

    def on_blur(self) -> None:
        """Close the completions."""
        self.completions.close()

    # -- completions -------------------------------------------------------------------

    def action_enter(self) -> None:
        """Accept the completion under the cursor, or else go to the results."""
        if (chosen := self.completions.chosen) is not None:
            self.accept(chosen)
        else:
            self._leave()

    def accept(self, completion: Completion) -> None:
        """Complete the line, and choose the value that the completion stands for, if it stands for one."""
        self.set_text(completion.line)
        if completion.choice is not None:
            facet, value = completion.choice
            self.post_message(ChangeRequest(partial(request_edits.chosen, facet=facet, value=value)))

    def start_over(self) -> None:
        """Mark the whole line, so that typing replaces it."""
        self.action_select_all()

    def action_tab(self) -> None:
        """Accept the completion under the cursor or the first, move to the first hint, or else to the next panel."""
        if not self.completions.is_open:
            self.screen.focus_next()
        elif not self.completions.takes_keys:
            self.completions.move(1)
        else:
            if self.completions.chosen is None:
                self.completions.move(1)
            self.action_enter()

    def action_out(self) -> None:
        """Close the completions, or else go to the results."""
        if self.completions.takes_keys:
            self.completions.close()
        else:
            self._leave()

    def _leave(self) -> None:
        self._history_index = None
        self.completions.close()
        self.post_message(self.Done())

    # -- history -----------------------------------------------------------------------

    def action_up(self) -> None:
        """Up in the completions, or to the previous query in the history."""
        if self.completions.chosen is not None:
            self.completions.move(-1)
            return
        if self._history_index is None:
            self._history_index, self._draft = len(self.history), self.value
        self._recall(self._history_index - 1)

    def action_down(self) -> None:
        """Down in the completions, or in the history, whose end is the draft; or to the results."""
        if self.completions.takes_keys:
            self.completions.move(1)
        elif self._history_index is not None:
            self._recall(self._history_index + 1)
        else:
            self._leave()

    def action_clear(self) -> None:
        """Empty the line."""
        self._history_index = None
        self.set_text("")

    def _recall(self, index: int) -> None:
        if index < 0:
            return
        self._history_index = index if index < len(self.history) else None
        self.set_text(self._draft if self._history_index is None else self.history[index])
