"""Sending documents: in bulk, as fast as the server takes them, and every one accounted for.

The next request is made ready while one is under way, and no more than that: a server that
is slow slows the reading of the corpus down. Documents that the server has no room for just
now (429, 503) are sent again after a pause, in smaller requests; those that it will never take
are handed back. Sending a document twice does no harm: it is named by its id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from archive.engine.opensearch.connection import TRANSIENT_STATUSES, TRIES, Connection, RequestRejected, pause
from archive.errors import EngineUnavailableError, IndexUnusableError

#: Characters of one request, at the most and at the least.
_LARGEST, _SMALLEST = 4_000_000, 100_000


@dataclass(frozen=True, slots=True)
class Action:
    """One line of a bulk request: `verb` is index, create (unless it is there) or delete."""

    verb: str
    index: str
    id: str
    source: str = ""

    @property
    def lines(self) -> str:
        """What is sent."""
        head = json.dumps({self.verb: {"_index": self.index, "_id": self.id}}, ensure_ascii=False)
        return f"{head}\n{self.source}\n" if self.source else f"{head}\n"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that the server will never take, and why."""

    action: Action
    why: str


class Bulk:
    """Sends actions in their order; see the module. Not for use from several threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Action] = []
        self._characters = 0
        self._largest = _LARGEST
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="archive-bulk")
        self._under_way: Future[None] | None = None
        self._closed = False
        self.rejected: list[Rejected] = []

    def add(self, action: Action) -> None:
        """Send an action, sooner or later."""
        self._waiting.append(action)
        self._characters += len(action.source) + len(action.id) + 60
        if self._characters >= self._largest:
            self._send()

    def flush(self) -> None:
        """Return when everything was sent and answered."""
        self._send()
        self._wait()

    def close(self) -> None:
        """Drop what was not sent."""
        self._waiting.clear()
        self._closed = True
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        self._wait()
        if self._waiting:
            batch, self._waiting, self._characters = self._waiting, [], 0
            self._under_way = self._sender.submit(self._deliver, batch)

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _deliver(self, batch: list[Action]) -> None:
        """Send a batch until all of it is there or was rejected."""
        # Of several actions on one document the last decides, so that none can overtake another.
        batch = list({(action.index, action.id): action for action in batch}.values())
        attempt, reason = 0, ""
        while attempt < TRIES and not self._closed:
            again, reason = self._tried(batch)
            if not again:
                self._largest = min(_LARGEST, self._largest + _SMALLEST)
                return
            attempt = 1 if len(again) < len(batch) else attempt + 1
            self._largest = max(_SMALLEST, self._largest // 2)
            batch = again
            pause(attempt)
        raise EngineUnavailableError(
            f"the search server {self._connection.remote.name} accepts no more articles now ({reason})",
            "what it has accepted is kept, and `archive index` continues from there",
        )

    def _tried(self, batch: list[Action]) -> tuple[list[Action], str]:
        """Send a batch once, in pieces of the present size; what has to be sent again, and why."""
        again: list[Action] = []
        reason = ""
        for piece in _pieces(batch, self._largest):
            if again:
                again += piece  # where there is no room, more is not sent
                continue
            for action, item in zip(piece, self._items(piece), strict=True):
                answer = item[action.verb]
                status = int(answer["status"])
                if status in TRANSIENT_STATUSES:
                    again.append(action)
                    reason = _why(answer)
                elif status == 404 and action.verb != "delete":
                    raise IndexUnusableError(f"the index {action.index} went away meanwhile", "run `archive index`")
                elif status in (401, 403):
                    raise EngineUnavailableError(f"the server rejects writes ({_why(answer)})", "see to it first")
                elif status >= 400 and not (status == 404 or (status == 409 and action.verb == "create")):
                    self.rejected.append(Rejected(action, _why(answer)))
        return again, reason

    def _items(self, piece: list[Action]) -> list[Any]:
        """The server's answer to each of some actions; requests that are too large for it are cut in two."""
        try:
            body = "".join(action.lines for action in piece)
            answer = self._connection.call("POST", "/_bulk", body, {"require_alias": "true"})
        except RequestRejected as error:
            if error.status == 413 and len(piece) > 1:
                half = len(piece) // 2
                return [*self._items(piece[:half]), *self._items(piece[half:])]
            said = {"status": error.status, "error": {"type": error.kind, "reason": str(error)}}
            if len(piece) > 1:
                raise
            return [{piece[0].verb: said}]
        items: list[Any] = answer["items"]
        if len(items) != len(piece):
            raise EngineUnavailableError(f"the search server acknowledged only {len(items)} of {len(piece)} articles")
        return items


def _pieces(batch: list[Action], characters: int) -> Iterator[list[Action]]:
    piece: list[Action] = []
    size = 0
    for action in batch:
        piece.append(action)
        size += len(action.source) + 60
        if size >= characters:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _why(answer: Any) -> str:
    error = answer.get("error") or {}
    if isinstance(error, str):
        return error
    cause = error.get("caused_by") or {}
    said = dict.fromkeys(str(text) for text in (error.get("reason"), cause.get("reason")) if text)
    return ": ".join(said) or "no reason given"
