"""Messages that several widgets post, and how a damaged index is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.message import Message
from textual.message_pump import MessagePump

from archive import ArchiveError, IndexDamagedError, SearchRequest

if TYPE_CHECKING:
    from archive.tui.model.article_sequence import ArticleSequence
    from archive.tui.screens.reader import ReaderResult


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
class PersonPageRequested(Message):
    """Show the page of one person, or of two; `closed` is told how the search is to change, if at all."""

    names: Sequence[str]
    closed: Callable[[ChangeRequest | None], None]


@dataclass
class ReadingRequested(Message):
    """Read the articles of a sequence, from one of them on; `closed` is told how that ended."""

    sequence: ArticleSequence
    index: int
    closed: Callable[[ReaderResult | None], None]


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
