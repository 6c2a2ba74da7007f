"""Slow questions asked one at a time, and only the newest answer delivered.

A thread that searches cannot be stopped, so threads must not pile up behind a fast
typist: one question is under way, and of those asked meanwhile only the last is kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

from archive.errors import ArchiveError

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Newest(Generic[Question, Answer]):
    """Answers questions in a thread of `executor`.

    work     called in the thread
    deliver  called in the event loop with a question and its answer, unless a newer one was asked
    fail     called in its place with the error, if it is one of the archive's
    """

    def __init__(
        self,
        executor: Executor,
        work: Callable[[Question], Answer],
        deliver: Callable[[Question, Answer], None],
        fail: Callable[[Question, ArchiveError], None],
    ) -> None:
        self._executor, self._work, self._deliver, self._fail = executor, work, deliver, fail
        self._asked = asyncio.Event()
        self._questions: list[Question] = []
        self._due = 0.0
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether a question is waiting or under way."""
        return self._running or self._asked.is_set()

    def ask(self, question: Question, delay: float = 0.0) -> None:
        """Ask in place of all that was asked before; wait `delay` seconds for a newer one first."""
        self._questions[:] = [question]
        self._due = time.monotonic() + delay
        self._asked.set()

    async def run(self) -> None:
        """Answer questions until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._asked.wait()
            while (left := self._due - time.monotonic()) > 0:
                await asyncio.sleep(left)
            self._asked.clear()
            question = self._questions.pop()
            self._running = True
            try:
                answer = await loop.run_in_executor(self._executor, self._work, question)
            except ArchiveError as error:
                self._running = False
                if not self._asked.is_set():
                    self._fail(question, error)
            else:
                self._running = False
                if not self._asked.is_set():
                    self._deliver(question, answer)
