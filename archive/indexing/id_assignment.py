"""Which id an article has: the one that it had before, or a free one."""

from __future__ import annotations

from archive.corpus.ids import numbered
from archive.indexing.ledger import Ledger, Row


class Ids:
    """The ids of one run over the corpus.

    vanished  paths of files that are gone: their articles' ids can go to others
    run       the run's number
    """

    def __init__(self, ledger: Ledger, vanished: set[str], run: int) -> None:
        self._ledger, self._vanished, self._run = ledger, vanished, run
        self._last_number: dict[str, int] = {}

    def held(self, base: str, content: str, path: str) -> Row | None:
        """The id that an article has kept: its own from before, or that of a file that is gone.

        The same content is preferred, so that a renamed file keeps its id among namesakes.
        """
        own = self._ledger.unseen_with_base(base, path, content, self._run)
        if own or not self._vanished:
            return own
        gone = [row for row in self._ledger.with_base(base) if row.path in self._vanished and row.run < self._run]
        return min(gone, key=lambda row: row.digest != content, default=None)

    def free(self, base: str) -> str:
        """`base`, or the first of base-2, base-3 … that no article has."""
        number = self._last_number.get(base, 0) + 1
        while self._ledger.get(candidate := numbered(base, number)) is not None:
            number += 1
        if number > 1:
            self._last_number[base] = number
        return candidate
