"""The server that runs the app for a browser, and answers nobody but its own page.

A page from anywhere may open a connection to this machine; without a look at where it
comes from, any site that is visited could read the archive.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


class ArchiveServer(Server):
    """Refuses requests that name another host, and connections that come from another page."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not allowed(request.host, request.headers.get("Origin"), self.host):
            raise web.HTTPForbidden(text="This page does not belong to the archive.")
        response: web.StreamResponse = await handler(request)
        return response

    def initialize_logging(self) -> None:
        """Say no more than what goes wrong."""
        logging.basicConfig(level="WARNING")

    async def on_startup(self, app: web.Application) -> None:
        """Whoever started this has been told already where it is."""


def allowed(host: str, origin: str | None, bound: str) -> bool:
    """Whether a request may be answered that names `host` and comes from a page of `origin`."""
    if bound in _LOOPBACK and urlsplit(f"//{host}").hostname not in _LOOPBACK:
        return False
    return origin is None or urlsplit(origin).netloc == host


def make_server(command: str, host: str, port: int, title: str) -> ArchiveServer:
    """A server that runs `command` for every visitor."""
    shown = f"[{host}]" if ":" in host else host
    public = f"http://{shown}:{port}" if host not in ("0.0.0.0", "::") else None
    return ArchiveServer(command, host, port, title, public)
