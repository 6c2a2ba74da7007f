"""Rows under headings, each of which can be chosen by key or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events

from archive.tui.widgets.virtual_lines import Rows

Row = TypeVar("Row")


class Sections(Rows, Generic[Row]):
    """A list of `shown` rows, some of which are headings."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.shown: Sequence[Row] = ()

    def is_head(self, row: Row) -> bool:
        """Whether a row is a heading."""
        raise NotImplementedError

    def action_choose(self) -> None:
        """Do what the row under the cursor is for."""
        raise NotImplementedError

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    def action_section(self, direction: int) -> None:
        """To the next heading or the one before."""
        heads = [index for index, row in enumerate(self.shown) if self.is_head(row)]
        ahead = [index for index in heads if (index - self.cursor) * direction > 0]
        if ahead:
            self.cursor = ahead[0] if direction > 0 else ahead[-1]
            self.moved()

    def clicked(self, event: events.Click) -> None:
        """A click is as good as the key that chooses."""
        self.action_choose()
