"""What widgets tell the screens they are on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from archive.query.request import SearchRequest


@dataclass
class Narrow(Message):
    """Another request is wanted: what `change` makes of the present one."""

    change: Callable[[SearchRequest], SearchRequest]


@dataclass
class StepOut(Message):
    """The way out of a panel: back to the results."""
