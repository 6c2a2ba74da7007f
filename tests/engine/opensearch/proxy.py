"""An HTTP proxy before the search server that does to requests what networks and clusters do."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Sent:
    """A request on its way to the server."""

    method: str
    path: str
    body: str

    @property
    def is_bulk(self) -> bool:
        return self.path.startswith("/_bulk")

    @property
    def is_search(self) -> bool:
        return "_search" in self.path and "point_in_time" not in self.path


@dataclass
class Reply:
    """What the proxy answers instead of the server; `error` is the kind of an error body."""

    status: int
    body: Any = None

    @classmethod
    def error(cls, status: int, kind: str, reason: str) -> Reply:
        return cls(status, {"error": {"type": kind, "reason": reason, "root_cause": []}, "status": status})


class Reset(Exception):
    """Close the connection; `after` the server has done what was asked."""

    def __init__(self, after: bool = False) -> None:
        super().__init__()
        self.after = after


class Hang(Exception):
    """Give no answer until the test is over."""


Rule = Callable[[Sent], Reply | Sent | None]
Rewrite = Callable[[Sent, Any], Any]


@dataclass
class Proxy:
    """`rule` answers, fails or changes a request; `rewrite` changes an answer; `sent` is all that came."""

    upstream: str
    rule: Rule = lambda sent: None
    rewrite: Rewrite = lambda sent, answer: answer
    sent: list[Sent] = field(default_factory=list)

    def __enter__(self) -> Proxy:
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def heal(self) -> None:
        """Pass everything on from now."""
        self.rule, self.rewrite = (lambda sent: None), (lambda sent, answer: answer)
        self.sent.clear()

    def ask(self, sent: Sent) -> Reply:
        """The server's own answer."""
        at = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
        kind = "application/x-ndjson" if "_bulk" in sent.path or "_msearch" in sent.path else "application/json"
        connection.request(sent.method, sent.path, sent.body.encode() or None, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return Reply(answer.status, self.rewrite(sent, json.loads(text)) if text else None)


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, TimeoutError):
                self.close_connection = True

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            sent = Sent(self.command, self.path, body.decode())
            proxy.sent.append(sent)
            try:
                ruled = proxy.rule(sent)
                reply = ruled if isinstance(ruled, Reply) else proxy.ask(ruled or sent)
            except Reset as reset:
                if reset.after:
                    proxy.ask(sent)
                # No lingering: the other side sees a reset, not an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            except Hang:
                proxy.over.wait(30)
                self.close_connection = True
                return
            text = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    return Handler
