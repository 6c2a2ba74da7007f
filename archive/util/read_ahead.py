"""Work that is done in a thread ahead of who needs it."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")


def read_ahead(items: Iterable[_T], most: int) -> Generator[_T]:
    """`items`, of which a thread makes up to so many before they are asked for; what it raises is raised here.

    This pays where the thread does without the interpreter's lock most of the time, as in decompressing and hashing.
    It ends with the generator.
    """
    made: SimpleQueue[_T | _End] = SimpleQueue()
    room = threading.Semaphore(most)
    ended = threading.Event()

    def make() -> None:
        failure: Exception | None = None
        try:
            for item in items:
                room.acquire()
                if ended.is_set():
                    return
                made.put(item)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is raised where the items are taken)
            failure = error
        made.put(_End(failure))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while not isinstance(item := made.get(), _End):
            room.release()
            yield item
        if item.failure is not None:
            raise item.failure
    finally:
        ended.set()
        room.release()
        thread.join()


class _End:
    """What comes after the last item."""

    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
