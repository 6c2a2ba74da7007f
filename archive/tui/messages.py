"""What widgets tell the screens they are on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.message import Message
from textual.message_pump import MessagePump

from archive.errors import ArchiveError, IndexDamagedError
from archive.query.request import SearchRequest


@dataclass
class Narrow(Message):
    """Another request is wanted: what `change` makes of the present one."""

    change: Callable[[SearchRequest], SearchRequest]


@dataclass
class StepOut(Message):
    """The way out of a panel: back to the results."""


@dataclass
class Damaged(Message):
    """The index turned out to be damaged: nothing can be answered until it is made anew."""

    damage: IndexDamagedError


@runtime_checkable
class Mendable(Protocol):
    """A screen that has asked questions."""

    def mended(self) -> None:
        """The index was damaged and is made anew: ask them again."""


def told_of_damage(node: MessagePump, error: ArchiveError) -> bool:
    """Whether an error says that the index is damaged; the app is told, and makes it anew."""
    if isinstance(error, IndexDamagedError):
        node.post_message(Damaged(error))
    return isinstance(error, IndexDamagedError)
