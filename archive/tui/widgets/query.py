"""The line in which the query is typed: with what was asked before, and what could be meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from archive.tui.widgets.completions import Completions


class _Before(Suggester):
    """Goes on as something did that was asked before."""

    def __init__(self, before: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._before = before

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line as it would be, or None."""
        return self._before(value)


class Query(Input):
    """The query line; `completions` is the list that lies below it."""

    DEFAULT_CSS = """
    Query { border: none; height: 1; padding: 0 1; &:focus { border: none; } }
    """
    HELP = (
        "Results follow while you type; a word that is not found as it is finds what begins so. "
        "Fields and values that may be meant are listed below the line: go down to one and press Enter, "
        "or click it. Right arrow goes on as you asked before."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "To the results", key_display="⏎"),
        Binding("up", "up", "Asked before", key_display="↑"),
        Binding("down", "down", "To the suggestions or results", show=False),
        Binding("tab", "tab", "Take the suggestion", show=False),
        Binding("escape", "out", "Close the suggestions, or to the results", show=False),
        Binding("ctrl+u", "clear", "Clear"),
    ]

    class Left(Message):
        """The query is as it is meant."""

    def __init__(self, completions: Completions, *, id: str | None = None) -> None:
        super().__init__(
            placeholder="Search the archive", id=id, suggester=_Before(self._asked_before), select_on_focus=False
        )
        self.completions = completions
        self.history: Sequence[str] = ()
        self._given = ""
        self._place: int | None = None
        self._typed = ""

    @property
    def is_typed(self) -> bool:
        """Whether somebody is typing this, at its end: what was recalled or taken is complete as it is."""
        return self.has_focus and self.value != self._given and self.cursor_position == len(self.value)

    def put(self, text: str) -> None:
        """Have a text that nobody typed."""
        self._given = text
        self._suggestion = ""
        self.completions.close()
        self.value = text
        self.cursor_position = len(text)

    def _asked_before(self, text: str) -> str | None:
        if not self.is_typed or not text.strip():
            return None
        return next((each for each in reversed(self.history) if each.startswith(text) and each != text), None)

    def on_blur(self) -> None:
        """Suggestions are for whoever types."""
        self.completions.close()

    # -- suggestions -------------------------------------------------------------------

    def action_enter(self) -> None:
        """Take the suggestion that was chosen, or else go to the results."""
        if (chosen := self.completions.chosen) is not None:
            self.put(chosen.line)
        else:
            self._leave()

    def action_tab(self) -> None:
        """Take the chosen or the first suggestion; without any to the next panel."""
        if not self.completions.shown:
            self.screen.focus_next()
            return
        if self.completions.chosen is None:
            self.completions.move(1)
        self.action_enter()

    def action_out(self) -> None:
        """Close the suggestions, or else go to the results."""
        if self.completions.shown:
            self.completions.close()
        else:
            self._leave()

    def _leave(self) -> None:
        self._place = None
        self.completions.close()
        self.post_message(self.Left())

    # -- what was asked before ---------------------------------------------------------

    def action_up(self) -> None:
        """Up in the suggestions; or what was asked before."""
        if self.completions.chosen is not None:
            self.completions.move(-1)
            return
        if self._place is None:
            self._place, self._typed = len(self.history), self.value
        self._go(self._place - 1)

    def action_down(self) -> None:
        """Down in the suggestions or in what was asked, in the end to what was being typed; or to the results."""
        if self.completions.shown:
            self.completions.move(1)
        elif self._place is not None:
            self._go(self._place + 1)
        else:
            self._leave()

    def action_clear(self) -> None:
        """Nothing is asked for in particular."""
        self._place = None
        self.put("")

    def _go(self, place: int) -> None:
        if place < 0:
            return
        self._place = place if place < len(self.history) else None
        self.put(self._typed if self._place is None else self.history[place])
