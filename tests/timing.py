"""Bounds on processor time that mean the same on a slow, a fast and a busy machine.

A fixed piece of work is timed beside what is bounded, and what it takes here, now, says how long
a second of a quiet machine is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

#: Processor seconds of the fixed work on the quiet machine on which the bounds were set.
_QUIET = 0.0037
_TRIES = 5


@contextmanager
def within(seconds: float, what: str = "it") -> Iterator[None]:
    """Fail where the block takes more processor time than `seconds` of a quiet machine."""
    slowness = max(1.0, _worked() / _QUIET)
    began = time.process_time()
    yield
    taken = time.process_time() - began
    if taken > seconds * slowness:  # the machine may have become busy meanwhile
        slowness = max(slowness, median(_worked() for _ in range(_TRIES)) / _QUIET)
    assert taken <= seconds * slowness, f"{what} takes {taken / slowness:.2f} s of a quiet machine, over {seconds} s"


def _worked() -> float:
    """Processor seconds that some work on numbers, texts and a dict takes."""
    began = time.process_time()
    seen: dict[str, int] = {}
    for number in range(20_000):
        word = f"w{number % 997}"
        seen[word] = seen.get(word, 0) + number * number % 7
    assert len(seen) == 997
    return time.process_time() - began
