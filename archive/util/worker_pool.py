"""Processes beside this one that do some of its work: they find names in texts, link articles and judge who was there.

They are begun once there is enough to do, and what they answer does not depend on their number. A process that dies
costs no more than its time: whoever asked it does the work itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from archive.util.worker_process import Channel, Worker, WorkerDiedError, core_count

#: Another process is begun once this one has worked for so many seconds: to begin it takes about as long.
WORTH_A_WORKER = 0.5
#: More processes find more than this one can take.
_MOST_WORKERS = 3
#: What a process is asked for before its first answer comes back.
_SENT_AHEAD = 2

#: What is done with what was sent; a function that another process finds by its module and name.
Work = Callable[[Any], bytes]


class WorkerPool:
    """As many processes as are worth it beside this one, which works as well, for so many jobs; None for all cores."""

    def __init__(self, jobs: int | None) -> None:
        self._most = min((core_count() if jobs is None else jobs) - 1, _MOST_WORKERS)
        self._workers: list[_PooledWorker] = []
        self._spent = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._workers:
            each.close()

    def note_spent(self, seconds: float) -> None:
        """Note that this process has worked for so long, and begin another one if that is enough to be worth it."""
        self._spent += seconds
        if self._spent > WORTH_A_WORKER and len(self._workers) < self._most:
            self._workers.append(_PooledWorker())

    @property
    def has_room(self) -> bool:
        """Whether a process would take work now."""
        return any(each.waiting < _SENT_AHEAD for each in self._workers)

    def ask(self, work: Work, sent: Any) -> Future[bytes | None] | None:
        """Have work done by a process that has little to do, None where none has; the answer is None if it dies."""
        worker = min(self._workers, key=lambda each: each.waiting, default=None)
        return worker.ask(work, sent) if worker is not None and worker.waiting < _SENT_AHEAD else None


class _PooledWorker:
    """A process; a thread of this one waits for it."""

    def __init__(self) -> None:
        self._child = Worker(__name__, "serve_work", {"OPENBLAS_NUM_THREADS": "1"})  # there is one for each core
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


def serve_work(pipe: Channel) -> None:
    """Receive work; send what comes of it."""
    gc.set_threshold(200_000)  # what is made holds no cycles
    while True:
        work, sent = pipe.receive()
        pipe.send(work(sent))
