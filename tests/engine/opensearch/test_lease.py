"""The write lock: whatever two writers do at the same moment, one of them writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from archive import IndexLockedError
from archive.config.server import ServerConfig
from archive.engine.opensearch import connection, lease
from archive.engine.opensearch.connection import Connection
from archive.engine.opensearch.lease import Lease

from .proxy import Proxy, Reply, Reset, Sent


@pytest.fixture
def proxy(server_url: str) -> Iterator[Proxy]:
    with Proxy(server_url) as proxy:
        yield proxy


@pytest.fixture
def server(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A connection through the proxy, to a lock of its own."""
    monkeypatch.setattr(connection, "_FIRST_PAUSE", 0.001)
    prefix = f"lease-{id(proxy):x}-{next(_NUMBERS)}"
    opened = Connection(ServerConfig((proxy.url,), prefix=prefix, timeout=10))
    yield opened
    proxy.heal()
    opened.call("DELETE", f"/{prefix}-lock")
    opened.close()


_NUMBERS = count()


def is_lock(sent: Sent, method: str) -> bool:
    return sent.method == method and sent.path.startswith("/lease-") and "-lock/_doc/writer" in sent.path


def both_find_it_before_either_writes(proxy: Proxy) -> None:
    """Hold back the answers to the first two reads of the lock until the server has given both."""
    both, reads = threading.Barrier(2, timeout=10), count()

    def rule(sent: Sent) -> Reply | None:
        if not is_lock(sent, "GET") or next(reads) >= 2:
            return None
        answer = proxy.ask(sent)
        both.wait()
        return answer

    proxy.rule = rule


def acquired(held: Lease) -> bool:
    try:
        held.acquire()
    except IndexLockedError:
        return False
    return True


def leave_behind(server: Connection, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock as it was left: never used, let go of, or of a writer that was killed long ago."""
    if state == "unused":
        return
    before = Lease(server)
    with monkeypatch.context() as patched:
        if state == "expired":
            patched.setattr(lease, "_SECONDS", -1.0)
        before.acquire()
        before._stopped.set()
    if state == "released":
        before.release()


@pytest.mark.parametrize("state", ["unused", "released", "expired"])
def test_of_two_writers_that_find_the_lock_free_one_gets_it(
    server: Connection, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    leave_behind(server, state, monkeypatch)
    both_find_it_before_either_writes(proxy)
    writers = [Lease(server), Lease(server)]
    with ThreadPoolExecutor(2) as threads:
        got = list(threads.map(acquired, writers))
    assert sorted(got) == [False, True]
    winner, loser = writers[got.index(True)], writers[got.index(False)]
    loser.release()  # takes nothing away from the other
    winner.check()
    assert not acquired(Lease(server))
    winner.release()
    after = Lease(server)
    assert acquired(after)
    after.release()


def test_the_one_that_waits_gets_it_afterwards(
    server: Connection, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "_RETRIED_EVERY", 0.01)
    both_find_it_before_either_writes(proxy)
    inside, most = 0, 0
    counting = threading.Lock()

    def write(_: int) -> None:
        nonlocal inside, most
        held = Lease(server, wait=10.0)
        held.acquire()
        with counting:
            inside += 1
            most = max(most, inside)
        held.check()
        with counting:
            inside -= 1
        held.release()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, range(2)))
    assert (inside, most) == (0, 1)


@pytest.mark.parametrize("state", ["released", "expired"])
def test_an_answer_that_is_lost_does_not_lock_its_own_writer_out(
    server: Connection, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    leave_behind(server, state, monkeypatch)
    lost = iter(range(1))

    def rule(sent: Sent) -> None:
        if is_lock(sent, "PUT") and next(lost, None) is not None:
            raise Reset(after=True)

    proxy.rule = rule
    held = Lease(server)
    assert acquired(held)
    held.check()
    held.release()


def test_a_writer_that_was_suspended_finds_that_another_took_over(
    server: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended = Lease(server)
    with monkeypatch.context() as patched:
        patched.setattr(lease, "_SECONDS", -1.0)  # as if its minute had passed
        suspended.acquire()
    other = Lease(server)
    other.acquire()
    with pytest.raises(IndexLockedError):
        suspended.check()
    suspended.release()
    other.check()
    assert not acquired(Lease(server))
    other.release()


def test_a_writer_that_was_suspended_goes_on_where_nobody_took_over(
    server: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended = Lease(server)
    with monkeypatch.context() as patched:
        patched.setattr(lease, "_SECONDS", -1.0)
        suspended.acquire()
    suspended.check()
    assert not acquired(Lease(server))
    suspended.release()
