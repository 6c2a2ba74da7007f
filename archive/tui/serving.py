"""The server that runs the app for a browser, and answers nobody but its own page.

A page from anywhere may open a connection to this machine, and may give its own name the address
of this machine (DNS rebinding); without a look at where a request comes from and what it calls
this server, any site that is visited could read the archive. Beyond the loopback interface, where
others can connect as well, the link that is printed has a token, and nothing is answered without it.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
_ANY_ADDRESS = frozenset(("0.0.0.0", "::"))
_TOKEN_BYTES = 16


@dataclass(frozen=True)
class Access:
    """Who is answered.

    bound   the address that the server listens on
    names   names by which browsers may call this machine, beside its own and its addresses
    token   what a link or a cookie must carry; "" where only this machine can connect
    """

    bound: str
    names: frozenset[str] = frozenset()
    token: str = ""

    @classmethod
    def to(cls, bound: str, names: Collection[str] = ()) -> Access:
        """Access to a server on that address; with a token unless that is this machine's loopback."""
        token = "" if _is_loopback(bound) else secrets.token_urlsafe(_TOKEN_BYTES)
        return cls(bound, frozenset(name.lower() for name in names), token)

    def allows(self, host: str, origin: str | None) -> bool:
        """Whether a request may be answered that calls this server `host` and comes from a page of `origin`."""
        return self._is_ours(host) and (origin is None or urlsplit(origin).netloc == host)

    def _is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if name in self.names | {self.bound.lower()} - _ANY_ADDRESS:
            return True
        if _is_loopback(self.bound):
            return name in _LOOPBACK
        machine = socket.gethostname().lower()
        # No site can have the address itself as its name, so that an address is always ours.
        return _is_address(name) or name in _LOOPBACK | {machine, f"{machine}.local"}

    def has_token(self, given: str | None) -> bool:
        """Whether the token that was given is the right one."""
        return not self.token or hmac.compare_digest((given or "").encode(), self.token.encode())

    def link(self, port: int) -> str:
        """What to open in a browser."""
        name = socket.gethostname() if self.bound in _ANY_ADDRESS else self.bound
        shown = f"[{name}]" if ":" in name else name
        return f"http://{shown}:{port}" + (f"/?token={self.token}" if self.token else "")


def _is_loopback(name: str) -> bool:
    return name.lower() == "localhost" or (_is_address(name) and ip_address(name).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class ArchiveServer(Server):
    """Refuses whatever `access` does not allow."""

    def __init__(self, command: str, port: int, title: str, access: Access) -> None:
        super().__init__(command, access.bound, port, title)
        self._access = access
        self._cookie = f"archive-{port}"  # browsers send cookies to every port of a host

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not self._access.allows(request.host, request.headers.get("Origin")):
            raise web.HTTPForbidden(text="This page does not belong to the archive.")
        in_link = request.query.get("token")
        if not self._access.has_token(in_link or request.cookies.get(self._cookie)):
            raise web.HTTPForbidden(text="Open the whole link that `archive serve` has printed: it ends in a token.")
        response: web.StreamResponse = await handler(request)
        if self._access.token and in_link and not response.prepared:
            response.set_cookie(self._cookie, self._access.token, httponly=True, samesite="Strict")
            response.headers["Referrer-Policy"] = "no-referrer"  # the page loads a font from elsewhere
        return response

    async def handle_index(self, request: web.Request) -> Any:
        """The page, with links that call this server as the browser does."""
        self.public_url = f"{request.scheme}://{request.host}"
        return await super().handle_index(request)

    def initialize_logging(self) -> None:
        """Say no more than what goes wrong."""
        logging.basicConfig(level="WARNING")

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command has printed the link already."""
        os.chdir(os.sep)  # the app is started in the working directory, and must import nothing from there
