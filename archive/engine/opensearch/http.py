"""The client library's HTTP connection, without the ways in which a server could make it talk.

A server may answer with anything, also with the credentials that it was sent, or with escape
sequences in a `Warning` header, which the library would print as a Python warning.
"""

from __future__ import annotations

from typing import Any

from opensearchpy import Urllib3HttpConnection

from archive.config.server import Credentials

_REDACTED = "[redacted]"


class QuietConnection(Urllib3HttpConnection):  # type: ignore[misc]
    """Sends `credentials` with every request and repeats no secret that comes back in an error.

    Redirects are never followed: a redirect is an error of its status.
    """

    def __init__(self, *args: Any, credentials: Credentials, headers: Any = None, **options: Any) -> None:
        secret = credentials.header
        own = {"authorization": secret} if secret else {}
        super().__init__(*args, headers={**(headers or {}), **own}, **options)
        said = (secret, secret.partition(" ")[2], credentials.password, credentials.api_key)
        self._secrets = sorted(filter(None, said), key=len, reverse=True)

    def perform_request(self, method: str, url: str, *args: Any, **options: Any) -> tuple[int, Any, str]:
        """Status, headers and text of the answer; the errors of single documents are in that of a bulk request."""
        status, headers, text = super().perform_request(method, url, *args, **options)
        return status, headers, self._redacted(text) if "_bulk" in url else text

    def _raise_error(self, status_code: int, raw_data: Any, content_type: str | None = None) -> None:
        super()._raise_error(status_code, self._redacted(raw_data), content_type)

    def _raise_warnings(self, warning_headers: Any) -> None:
        """What a server warns of is meant for developers, and is printed nowhere."""

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return text
