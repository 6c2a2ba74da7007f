"""Requests to `archive serve` that are not its own page's: other names for the machine, other pages, no token."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from archive import Archive

from ..support import free_port
from .planted import listens
from .world import write_corpus

_PATHS = ("/", "/ws", "/download/key", "/static/js/textual.js")
#: What a browser sends that was led to this machine under another name, or from another page.
_HOSTS = (
    "evil.example:{port}",
    "evil.example",
    "127.0.0.1.evil.example",
    "",
    "localhost.evil.example:{port}",
    "[::1",
    "a b",
)
_ORIGINS = ("http://evil.example", "http://127.0.0.1:1", "null", "https://evil.example:{port}")
_TOKENS = ("", "?token=", "?token={wrong}", "?token=é", "?key={token}")


async def _probe(bound: str, root: Path) -> dict[str, int]:
    from aiohttp import ClientSession, CookieJar, WSMsgType

    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "archive", "serve", "--root", str(root), "--host", bound, "--port", str(port),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    refused = 0
    try:
        async with asyncio.timeout(120), ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            (link,) = re.findall(r"http://\S+", (await process.stderr.readline()).decode())
            token = link.partition("?token=")[2]
            assert bool(token) == (bound != "127.0.0.1")
            await listens(port)
            base = f"http://127.0.0.1:{port}"
            for path, query, headers in _attacks(port, token):
                async with session.get(f"{base}{path}{query}", headers=headers) as answer:
                    assert answer.status in (400, 403), f"{path}{query} {headers}: {answer.status}"
                    refused += 1
            page = f"{base}/?token={token}" if token else base
            async with session.get(page, headers={"Origin": base}) as answer:
                assert answer.status == 200
                assert f"ws://127.0.0.1:{port}/ws" in await answer.text()
            async with session.ws_connect(f"{base}/ws") as connection:  # with the cookie, where that is asked for
                async for message in connection:
                    if message.type == WSMsgType.BINARY and b"articles" in message.data:
                        return {"probes refused": refused, "probes answered": 0}
            raise AssertionError("the app has ended")
    finally:
        process.terminate()
        await process.wait()


def _attacks(port: int, token: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A path, a query, and headers: each wrong in one thing, and right in the others."""
    right = f"?token={token}" if token else ""
    places = {"port": port, "token": token, "wrong": token[:-1] + ("A" if token[-1:] != "A" else "B")}
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    for path in _PATHS:
        usual = upgrade if path == "/ws" else {}
        for host in _HOSTS:
            yield path, right, usual | {"Host": host.format_map(places)}
        for origin, host in product(_ORIGINS, (f"127.0.0.1:{port}", f"localhost:{port}")):
            yield path, right, usual | {"Host": host, "Origin": origin.format_map(places)}
        for query in _TOKENS if token else ():
            yield path, query.format_map(places), usual


def visitors(folder: Path) -> dict[str, int]:
    """Try every attack on a server for this machine alone, and on one for others; returns what was counted."""
    root = folder / "served"
    write_corpus(root, 0)
    with Archive.open(root) as archive:
        archive.index()
    alone, others = (asyncio.run(_probe(bound, root)) for bound in ("127.0.0.1", "0.0.0.0"))
    return {what: alone[what] + others[what] for what in alone}
