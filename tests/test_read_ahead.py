"""What a thread makes ahead comes in order, with its error last, and no more of it than was asked to be ready."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from archive.util.read_ahead import read_ahead


def test_items_come_in_order_and_what_was_raised_after_them() -> None:
    def failing() -> Iterator[int]:
        yield from range(100)
        raise ValueError("broken off")

    assert list(read_ahead(iter(range(100)), 3)) == list(range(100))
    items = read_ahead(failing(), 3)
    assert [next(items) for _ in range(100)] == list(range(100))
    with pytest.raises(ValueError, match="broken off"):
        next(items)


def test_no_more_is_made_than_there_is_room_for_and_the_thread_ends_with_who_reads() -> None:
    made = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            yield made[-1]

    threads = threading.active_count()
    items = read_ahead(endless(), 4)
    assert next(items) == 0
    deadline = time.monotonic() + 10
    while len(made) < 6 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(made) == 6  # the one taken, four ready, and one that waits for room
    items.close()
    assert threading.active_count() == threads
