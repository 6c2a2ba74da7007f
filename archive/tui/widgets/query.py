"""The line in which the query is typed: with what was asked before, and what could be meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input


class _Suggestions(Suggester):
    """Completes what is being typed; answers are not kept, as the archive changes."""

    def __init__(self, complete: Callable[[str], Awaitable[str | None]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line as it would be, or None."""
        return await self._complete(value)


class Query(Input):
    """The query line."""

    DEFAULT_CSS = """
    Query { border: none; height: 1; padding: 0 1; &:focus { border: none; } }
    """
    HELP = (
        'Words (all must match), "phrases", AND, OR, NOT, -word, (groups), person:name, year:2016..2020, '
        "wild*, fuzzy~. Results follow while you type. Right arrow takes the suggestion."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", "To the results", key_display="⏎"),
        Binding("up", "older", "Asked before", key_display="↑"),
        Binding("ctrl+down", "newer", "Asked after", show=False),
        Binding("escape", "leave", "Back to the results", show=False),
        Binding("ctrl+u", "clear", "Clear"),
    ]

    @dataclass
    class Left(Message):
        """The query is as it is meant."""

        text: str

    def __init__(self, complete: Callable[[str], Awaitable[str | None]], *, id: str | None = None) -> None:
        super().__init__(
            placeholder="Search the archive", id=id, suggester=_Suggestions(complete), select_on_focus=False
        )
        self.history: Sequence[str] = ()
        self._place: int | None = None
        self._typed = ""

    def action_leave(self) -> None:
        """To the results."""
        self._place = None
        self.post_message(self.Left(self.value))

    def action_clear(self) -> None:
        """Nothing is asked for in particular."""
        self.value = ""

    def action_older(self) -> None:
        """What was asked before."""
        if self._place is None:
            self._place, self._typed = len(self.history), self.value
        self._go(self._place - 1)

    def action_newer(self) -> None:
        """What was asked after that, and in the end what was being typed."""
        if self._place is not None:
            self._go(self._place + 1)

    def _go(self, place: int) -> None:
        if place < 0:
            return
        self._place = place if place < len(self.history) else None
        self.value = self._typed if self._place is None else self.history[place]
        self.cursor_position = len(self.value)
