"""The processor time that finding the names of one article may take.

Every step is linear in the text, so that no article of the corpus comes near it. It is there for
what nobody thought of: a text, or an authority file, made to keep an indexing run busy for hours.
"""

from __future__ import annotations

import math
import time
from typing import Protocol

#: Processor seconds of the thread that indexes; the hardest article of 10 MB known takes a fifth of it.
MAX_SECONDS = 120.0
#: Steps of a loop between two looks at the clock, less one: a mask for the number of the step.
LOOK_EVERY = 1_023


class OverBudgetError(Exception):
    """Finding the names of an article takes longer than its budget."""


class Limit(Protocol):
    """What ends a long loop: a budget, or the deadline of a question."""

    def check(self) -> None:
        """Raise if it is over."""


class Budget:
    """Processor time from now on, of the thread that asks."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._began = time.thread_time()

    def check(self) -> None:
        """Raise OverBudgetError if it is used up."""
        if time.thread_time() - self._began > self._seconds:
            raise OverBudgetError


#: For where a person waits for all of it.
UNLIMITED = Budget(math.inf)
