"""The processor time that finding the names of one article may take.

Every step is linear in the text, so that no article of the corpus comes near it. It is there for
what nobody thought of: a text, or an authority file, made to keep an indexing run busy for hours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

#: Processor seconds of the thread that indexes; the hardest article of 10 MB known takes a fifth of it.
MAX_SECONDS = 120.0
_LOOK_EVERY = 1_024

T = TypeVar("T")


class OverBudgetError(Exception):
    """Finding the names of an article takes longer than its budget."""


class Budget:
    """Processor time from now on, of the thread that asks."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._end = time.thread_time() + seconds

    def check(self) -> None:
        """Raise OverBudgetError if it is used up."""
        if time.thread_time() > self._end:
            raise OverBudgetError

    def over(self, values: Iterable[T]) -> Iterator[T]:
        """The values, with a look at the clock now and then."""
        rest = iter(values)
        while some := list(islice(rest, _LOOK_EVERY)):
            self.check()
            yield from some
