"""The server that runs the app in a browser, and answers only requests from its own page.

Any web page may open a connection to this machine, and may have its own name resolve to this machine's address
(DNS rebinding). So the `Host` and `Origin` of every request are checked: otherwise any site that the user visits
could read the archive. Beyond the loopback interface, where other machines can connect, the printed link contains
a token, and requests without it are refused.
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
    """Which requests are answered.

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
        """Whether to answer a request with these `Host` and `Origin` headers."""
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
        # No site has a bare address as its name, so an address is never a rebound name.
        return _is_address(name) or name in _LOOPBACK | {machine, f"{machine}.local"}

    def has_token(self, given: str | None) -> bool:
        """Whether the token given is the right one, or none is needed."""
        return not self.token or hmac.compare_digest((given or "").encode(), self.token.encode())

    def link(self, port: int) -> str:
        """The link to open in a browser."""
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
    """Serves the app to requests that `access` allows, and refuses the others."""

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
        """The page, with links to this server under the name that the browser used."""
        self.public_url = f"{request.scheme}://{request.host}"
        return await super().handle_index(request)

    def initialize_logging(self) -> None:
        """Log warnings and errors only."""
        logging.basicConfig(level="WARNING")

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command has printed the link already."""
        os.chdir(os.sep)  # the app is started in the working directory, and must import nothing from there
