"""The evidence for names in one text after another, found in several processes where there is enough to find.

What comes out does not depend on the number of processes, nor does its order.
"""

from __future__ import annotations

import marshal
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.names.discovery.evidence import Recognizer, evidence_in
from archive.names.discovery.evidence_store import KeptEvidence, kept_evidence
from archive.util.worker_pool import WorkerPool

#: Texts go to another process by so many characters.
_SENT_CHARACTERS = 1 << 17


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
    """Finds the evidence in the texts of articles.

    A recognizer works in this process alone: its models take much memory.
    """

    def __init__(self, recognizer: Recognizer | None, workers: WorkerPool) -> None:
        self._recognizer, self._workers = recognizer, workers
        self._lot: _Lot = _Lot()
        self._lots: deque[_Lot] = deque()

    def add(self, asked: Asked, text: str) -> None:
        """Take a text."""
        lot = self._lot
        lot.articles.append(asked)
        lot.texts.append(text)
        lot.characters += len(text)
        if lot.characters >= _SENT_CHARACTERS:
            self._begin_lot()

    def found(self, *, wait: bool = False) -> Iterator[tuple[Asked, KeptEvidence]]:
        """The evidence in texts taken and not yet returned, in their order: all of them with `wait`."""
        if wait:
            self._begin_lot(here=True)
        while self._lots and (wait or not isinstance(found := self._lots[0].found, Future) or found.done()):
            lot = self._lots.popleft()
            packed = lot.found.result() if isinstance(lot.found, Future) else lot.found
            for asked, kept in zip(lot.articles, marshal.loads(packed or self._find(lot.texts)), strict=True):
                yield asked, KeptEvidence._make(kept)

    def _begin_lot(self, *, here: bool = False) -> None:
        """Have the texts that wait read by a process that has little to do, or read them here."""
        lot, self._lot = self._lot, _Lot()
        self._lots.append(lot)
        if self._recognizer is None and not here:
            lot.found = self._workers.ask(evidence_of_texts, lot.texts)
        if lot.found is None:
            began = time.thread_time()
            lot.found = self._find(lot.texts)
            self._workers.note_spent(time.thread_time() - began)

    def _find(self, texts: list[str]) -> bytes:
        return evidence_of_texts(texts, self._recognizer)


def evidence_of_texts(texts: list[str], recognizer: Recognizer | None = None) -> bytes:
    """The evidence in some texts, packed for another process of this interpreter, or to be kept for a while."""
    return marshal.dumps([tuple(kept_evidence(evidence_in(text, recognizer))) for text in texts])
