"""What a function says of texts that come again and again, each asked once; a look-up costs less than a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Said = TypeVar("Said")
_MOST = 100_000  # texts that are remembered


class RememberedAnswers(dict[str, Said]):
    """What `say` says of each text asked for; everything is forgotten when that becomes too much."""

    def __init__(self, say: Callable[[str], Said]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, text: str) -> Said:
        if len(self) >= _MOST:
            self.clear()
        said = self[text] = self._say(text)
        return said
