"""Messages that several widgets post, and how a damaged index is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.message import Message
from textual.message_pump import MessagePump

from archive import ArchiveError, IndexDamagedError, SearchRequest


@dataclass
class ChangeRequest(Message):
    """Search for what `change` makes of the current request."""

    change: Callable[[SearchRequest], SearchRequest]


@dataclass
class LeavePanel(Message):
    """Move the focus out of the panel, back to the results."""


@dataclass
class CopyRequested(Message):
    """Copy `text` to the terminal's clipboard, and say `done`."""

    text: str
    done: str


@dataclass
class IndexDamaged(Message):
    """The index is damaged and must be rebuilt before anything can be answered."""

    damage: IndexDamagedError


@runtime_checkable
class UsesIndex(Protocol):
    """A screen that shows something read from the index."""

    def on_index_rebuilt(self) -> None:
        """Read it again: the index was damaged and has been rebuilt."""


def report_damage(node: MessagePump, error: ArchiveError) -> bool:
    """Whether an error says that the index is damaged; if so, the app is told to rebuild it."""
    if isinstance(error, IndexDamagedError):
        node.post_message(IndexDamaged(error))
    return isinstance(error, IndexDamagedError)
