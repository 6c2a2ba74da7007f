"""The evidence for names in one text after another, found in several processes where there is enough to find.

What comes out does not depend on the number of processes, nor does its order. A process that dies costs no more than
its time: what it was asked for is found in this one.
"""

from __future__ import annotations

import gc
import marshal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.names.discovery.candidates import Candidate
from archive.names.discovery.evidence import Recognizer, evidence_in
from archive.util.worker_process import Channel, Worker, WorkerDiedError, core_count

#: Texts go to another process by so many characters, and so many times before the first come back.
_SENT_CHARACTERS, _SENT_AHEAD = 1 << 17, 2
#: Other processes are begun once so many characters have been read here: to begin them takes a second.
WORTH_PROCESSES = 1_500_000
#: More processes find more than this one can take.
_MOST_PROCESSES = 3


def process_count(jobs: int | None) -> int:
    """How many processes are worth starting beside this one, which works as well, for so many jobs; None for all."""
    return min((core_count() if jobs is None else jobs) - 1, _MOST_PROCESSES)


class Asked(NamedTuple):
    """An article of which the text is read for names, with the digest of its content."""

    id: str
    digest: str
    date: str | None


@dataclass
class _Lot:
    """Texts that are read together; `found` will have the evidence in each, packed, and None if the process dies."""

    articles: list[Asked] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    characters: int = 0
    found: Future[bytes | None] | bytes | None = None


class EvidenceFinder:
    """Finds the evidence in the texts of articles; closed with `close`.

    A recognizer works in this process alone: its models take much memory.
    """

    def __init__(self, recognizer: Recognizer | None = None, processes: int = 0) -> None:
        self._recognizer = recognizer
        self._process_count = 0 if recognizer is not None else processes
        self._processes: list[_EvidenceProcess] = []
        self._read = 0
        self._lot: _Lot = _Lot()
        self._lots: deque[_Lot] = deque()

    def close(self) -> None:
        """End the other processes."""
        for each in self._processes:
            each.close()

    def add(self, asked: Asked, text: str) -> None:
        """Take a text."""
        lot = self._lot
        lot.articles.append(asked)
        lot.texts.append(text)
        lot.characters += len(text)
        if lot.characters >= _SENT_CHARACTERS:
            self._begin_lot()

    def found(self, *, wait: bool = False) -> Iterator[tuple[Asked, list[Candidate]]]:
        """The evidence in texts taken and not yet returned, in their order: all of them with `wait`."""
        if wait:
            self._begin_lot(here=True)
        while self._lots and (wait or not isinstance(found := self._lots[0].found, Future) or found.done()):
            lot = self._lots.popleft()
            packed = lot.found.result() if isinstance(lot.found, Future) else lot.found
            for asked, rows in zip(lot.articles, marshal.loads(packed or self._find(lot.texts)), strict=True):
                yield asked, list(map(Candidate._make, rows))

    def _begin_lot(self, *, here: bool = False) -> None:
        """Have the texts that wait read by a process that has little to do, or read them here."""
        lot, self._lot = self._lot, _Lot()
        self._lots.append(lot)
        if self._read > WORTH_PROCESSES and len(self._processes) < self._process_count:
            self._processes.append(_EvidenceProcess())
        process = min(self._processes, key=lambda each: each.waiting, default=None)
        if process is not None and process.waiting < _SENT_AHEAD and not here:
            lot.found = process.ask(lot.texts)
        else:
            lot.found = self._find(lot.texts)
            self._read += lot.characters

    def _find(self, texts: list[str]) -> bytes:
        return _packed([evidence_in(text, self._recognizer) for text in texts])


def _packed(found: list[list[Candidate]]) -> bytes:
    """The evidence in some texts for another process of this interpreter, or to be kept for a while."""
    return marshal.dumps([list(map(tuple, each)) for each in found])


class _EvidenceProcess:
    """A process that finds evidence; a thread of this one waits for it."""

    def __init__(self) -> None:
        self._child = Worker(__name__, "serve_evidence")
        self._thread = ThreadPoolExecutor(1)
        self._asked: list[Future[bytes | None]] = []
        self._is_dead = False

    @property
    def waiting(self) -> int:
        """How many lots it has not answered yet; very many if it is dead."""
        self._asked = [each for each in self._asked if not each.done()]
        return len(self._asked) + _SENT_AHEAD * self._is_dead

    def ask(self, texts: list[str]) -> Future[bytes | None]:
        """Have texts read."""
        answer = self._thread.submit(self._answer, texts)
        self._asked.append(answer)
        return answer

    def _answer(self, texts: list[str]) -> bytes | None:
        try:
            self._child.send(texts)
            found: bytes = self._child.receive()
        except (WorkerDiedError, ValueError):  # it is dead, or closed
            self._is_dead = True
            return None
        return found

    def close(self) -> None:
        self._child.stop()
        self._thread.shutdown(cancel_futures=True)


def serve_evidence(pipe: Channel) -> None:
    """Receive texts; send the evidence in them."""
    gc.set_threshold(200_000)  # what is made holds no cycles
    while True:
        pipe.send(_packed([evidence_in(text) for text in pipe.receive()]))
