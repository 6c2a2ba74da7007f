"""Processes beside this one that work on the names in texts: they find the evidence for names, and link articles.

They are begun once there is enough to do, and what they answer does not depend on their number. A process that dies
costs no more than its time: whoever asked it does the work itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from archive.util.worker_process import Channel, Worker, WorkerDiedError, core_count

#: Other processes are begun once so many characters have been read here: to begin them takes a second.
WORTH_PROCESSES = 1_500_000
#: More processes find more than this one can take.
_MOST_PROCESSES = 3
#: What a process is asked for before its first answer comes back.
_SENT_AHEAD = 2

#: What is done with what was sent; a function that another process finds by its module and name.
Work = Callable[[Any], bytes]


def process_count(jobs: int | None) -> int:
    """How many processes are worth starting beside this one, which works as well, for so many jobs; None for all."""
    return min((core_count() if jobs is None else jobs) - 1, _MOST_PROCESSES)


class NameProcesses:
    """At most `count` processes; closed with `close`."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._processes: list[_NameProcess] = []
        self._read = 0

    def close(self) -> None:
        """End the processes."""
        for each in self._processes:
            each.close()

    def note_read(self, characters: int) -> None:
        """Note that so much was read in this process, and begin another one if that is enough to be worth it."""
        self._read += characters
        if self._read > WORTH_PROCESSES and len(self._processes) < self._count:
            self._processes.append(_NameProcess())

    def ask(self, work: Work, sent: Any) -> Future[bytes | None] | None:
        """Have work done by a process that has little to do, None where none has; the answer is None if it dies."""
        process = min(self._processes, key=lambda each: each.waiting, default=None)
        return process.ask(work, sent) if process is not None and process.waiting < _SENT_AHEAD else None


class _NameProcess:
    """A process; a thread of this one waits for it."""

    def __init__(self) -> None:
        self._child = Worker(__name__, "serve_names")
        self._thread = ThreadPoolExecutor(1)
        self._asked: list[Future[bytes | None]] = []
        self._is_dead = False

    @property
    def waiting(self) -> int:
        """How much it has not answered yet; very much if it is dead."""
        self._asked = [each for each in self._asked if not each.done()]
        return len(self._asked) + _SENT_AHEAD * self._is_dead

    def ask(self, work: Work, sent: Any) -> Future[bytes | None]:
        """Have work done."""
        answer = self._thread.submit(self._answer, work, sent)
        self._asked.append(answer)
        return answer

    def _answer(self, work: Work, sent: Any) -> bytes | None:
        try:
            self._child.send((work, sent))
            found: bytes = self._child.receive()
        except (WorkerDiedError, ValueError):  # it is dead, or closed
            self._is_dead = True
            return None
        return found

    def close(self) -> None:
        self._child.stop()
        self._thread.shutdown(cancel_futures=True)


def serve_names(pipe: Channel) -> None:
    """Receive work; send what comes of it."""
    gc.set_threshold(200_000)  # what is made holds no cycles
    while True:
        work, sent = pipe.receive()
        pipe.send(work(sent))
