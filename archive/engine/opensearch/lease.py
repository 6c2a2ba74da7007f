"""The write lock: one document on the server that names the writer and says until when it may write.

Every change of hands is decided by the server. A lease that is free is taken with `op_type=create`,
one that has expired or is renewed with `if_seq_no` and `if_primary_term`, so of several writers that
find it free at the same moment all but one are told of a conflict. A thread renews the lease while
the writer lives; the lease of a killed writer expires after a minute.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from typing import Any

from archive.engine.opensearch.connection import Conflict, Connection, NotFound, RequestRejected
from archive.errors import EngineUnavailableError, IndexLockedError

_SECONDS, _RENEWED_EVERY = 60.0, 15.0
_RETRIED_EVERY = 1.0
_DOCUMENT = "writer"


class Lease:
    """The right to write the indices with a prefix; `wait` is how many seconds to wait for another writer."""

    def __init__(self, connection: Connection, wait: float = 0.0) -> None:
        self._connection, self._wait = connection, wait
        self._index = f"{connection.remote.prefix}-lock"
        self._owner = secrets.token_hex(8)
        self._stopped = threading.Event()
        self._lost = False
        self._until = 0.0
        self._thread: threading.Thread | None = None

    def acquire(self) -> None:
        """Raises IndexLockedError if another writer has it all the time."""
        until = time.monotonic() + self._wait
        while (owner := self._taken_by()) is not None:
            if (left := until - time.monotonic()) <= 0:
                raise self._locked(owner)
            time.sleep(min(left, _RETRIED_EVERY))
        self._thread = threading.Thread(target=self._keep_renewing, name="archive-lease", daemon=True)
        self._thread.start()

    def _taken_by(self) -> Any:
        """Take it and return None, or what is known of the writer who has it."""
        found = self._read()
        if found is not None and found["_source"]["until"] > time.time():
            return found["_source"]
        if found is None:
            self._make_index()
        try:
            self._write(found)
        except Conflict:
            return (self._read() or {}).get("_source", {})
        return None

    def check(self) -> None:
        """Raise IndexLockedError if the lease was lost to another writer.

        A lease that has run down is renewed first: the process may have been suspended, and its
        renewing thread with it, while another writer took over.
        """
        if not self._lost and self._until - time.time() < _SECONDS / 2:
            self._renew()
        if self._lost:
            raise self._locked({})

    def release(self) -> None:
        """Let others write."""
        self._stopped.set()
        if self._thread is None:
            return
        self._thread.join()
        self._thread = None
        try:
            found = self._read()
            if found is not None and found["_source"]["owner"] == self._owner:
                self._connection.call("DELETE", f"/{self._index}/_doc/{_DOCUMENT}", params=_unchanged(found), tries=1)
        except (Conflict, NotFound, RequestRejected, EngineUnavailableError):
            pass  # it ends by itself

    def _keep_renewing(self) -> None:
        while not (self._lost or self._stopped.wait(_RENEWED_EVERY)):
            try:
                self._renew()
            except Exception:  # noqa: BLE001 (the writer's own calls meet the same trouble, and tell it)
                continue

    def _renew(self) -> None:
        """Extend the lease, or note that it was lost."""
        found = self._read()
        if found is None or found["_source"]["owner"] != self._owner:
            self._lost = True
            return
        try:
            self._write(found)
        except Conflict:
            self._lost = True

    def _read(self) -> Any:
        try:
            return self._connection.call("GET", f"/{self._index}/_doc/{_DOCUMENT}")
        except NotFound:
            return None

    def _write(self, found: Any) -> None:
        """Claim the lease that was found to be so (None: not there); raises Conflict if that has changed since."""
        until = time.time() + _SECONDS
        claim = {"owner": self._owner, "host": socket.gethostname(), "pid": os.getpid(), "until": until}
        params = {"op_type": "create"} if found is None else _unchanged(found)
        try:
            self._connection.call("PUT", f"/{self._index}/_doc/{_DOCUMENT}", claim, params)
        except Conflict:
            # With our own mark it was our first try that was faster: its answer got lost.
            held = self._read()
            if held is None or held["_source"]["owner"] != self._owner:
                raise
        self._until = until

    def _make_index(self) -> None:
        body = {
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
            "mappings": {"dynamic": False, "properties": {}},
        }
        try:
            self._connection.call("PUT", f"/{self._index}", body)
        except RequestRejected as error:
            if error.kind != "resource_already_exists_exception":
                raise

    def _locked(self, by: Any) -> IndexLockedError:
        who = f" ({by['pid']} on {by['host']})" if "host" in by else ""
        return IndexLockedError(
            f"another process{who} is writing this index",
            "wait until it has finished (--wait N), or a minute if it was killed",
        )


def _unchanged(found: Any) -> dict[str, str]:
    return {"if_seq_no": str(found["_seq_no"]), "if_primary_term": str(found["_primary_term"])}
