"""The connection to the server: one call with retries, and every way it can fail as a sentence.

All calls made through here may be repeated: they read, or write what is named by its id. A server may
answer with anything, also with the credentials that it was sent, or with escape sequences in a `Warning`
header, which the client library would print; `QuietConnection` keeps both back.
"""

from __future__ import annotations

import logging
import random
import ssl
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from opensearchpy import Urllib3HttpConnection

from archive.config.server import Credentials, ServerConfig, check_tls_files, credentials
from archive.errors import EngineUnavailableError, IndexUnusableError, MissingExtraError, SettingsError, UsageError
from archive.query.limits import ANSWERING, of_question

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


#: A call is repeated so often, after pauses of up to _FIRST_PAUSE, twice that, … _LONGEST_PAUSE seconds.
TRIES = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0
#: Seconds that a call waits at the least, however little is left of the time of a question.
_LEAST_PATIENCE = 1.0
#: Statuses that may pass: too many requests, and a gateway or shard that is not there just now.
TRANSIENT_STATUSES = frozenset((429, 502, 503, 504))

Json = Any


def pause(attempt: int) -> None:
    """Wait before trying again: by chance up to a doubling limit ("full jitter"), so that clients do not march in step.

    As in Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))


class NotFound(Exception):
    """The server knows no such index, alias or document."""


class Conflict(Exception):
    """Somebody else was faster."""


class RequestRejected(UsageError):
    """The server will not do what was asked; `kind` is its name for the reason."""

    def __init__(self, message: str, status: int, kind: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


class Connection:
    """A server; usable from many threads."""

    def __init__(self, remote: ServerConfig) -> None:
        self.remote = remote

    @cached_property
    def _credentials(self) -> Credentials:
        return credentials(self.remote)

    @cached_property
    def _transport(self) -> Any:
        try:
            from opensearchpy import OpenSearch
        except ImportError:
            raise MissingExtraError("the engine opensearch", "opensearch") from None

        logging.getLogger("opensearch").addHandler(logging.NullHandler())  # failures are told as errors, once
        remote = self.remote
        options: dict[str, Any] = {"connection_class": QuietConnection, "credentials": self._credentials}
        if any(url.startswith("https:") for url in remote.urls):
            check_tls_files(remote)
            options |= {"verify_certs": remote.verify_tls, "ssl_show_warn": False}
            files = {"ca_certs": remote.ca_file, "client_cert": remote.client_cert, "client_key": remote.client_key}
            options |= {name: str(path) for name, path in files.items() if path is not None}
        try:
            client = OpenSearch(
                list(remote.urls),
                timeout=remote.timeout,
                max_retries=0,
                retry_on_status=(),
                http_compress=True,
                **options,
            )
        except (OSError, ValueError, ssl.SSLError) as error:
            raise SettingsError(f"no connection to {remote.name} can be set up: {error}") from None
        return client.transport

    @cached_property
    def _version(self) -> Mapping[str, Any]:
        return self.call("GET", "/").get("version") or {}

    @property
    def elasticsearch(self) -> bool:
        """Whether the server is Elasticsearch, which calls a few things otherwise."""
        return self._version.get("distribution") != "opensearch"

    @property
    def server(self) -> str:
        """What the server says it is."""
        return f"{'Elasticsearch' if self.elasticsearch else 'OpenSearch'} {self._version.get('number', '?')}"

    def close(self) -> None:
        """Let go of the connections; the next call makes new ones."""
        self.__dict__.pop("_credentials", None)
        if transport := self.__dict__.pop("_transport", None):
            transport.close()

    def call(
        self,
        method: str,
        path: str,
        body: Json = None,
        params: Mapping[str, str] | None = None,
        tries: int | None = None,
    ) -> Json:
        """The answer to one request, repeated while what goes wrong may pass.

        Raises NotFound, Conflict, Refused, or EngineUnavailableError when it did not pass; within a question
        LimitError when its time is over, after which nothing is repeated either.
        """
        from opensearchpy.exceptions import ConnectionError as Disconnected
        from opensearchpy.exceptions import ConnectionTimeout as TimedOut
        from opensearchpy.exceptions import SerializationError, TransportError

        deadline = of_question()
        for attempt in range(tries or TRIES):
            if attempt:
                if deadline.left <= 0:
                    break
                pause(attempt - 1)
            patience = min(self.remote.timeout, max(_LEAST_PATIENCE, deadline.left))
            try:
                return self._transport.perform_request(
                    method, path, params=dict(params or {}), body=body, timeout=patience
                )
            except Disconnected as error:
                if isinstance(error, TimedOut) and patience < self.remote.timeout:
                    deadline.check(ANSWERING)
                failure = self._unreached(error)
                if "certificate" in str(error).lower():
                    break
            except SerializationError:
                failure = EngineUnavailableError(f"{self.remote.name} does not answer as a search server does")
                break
            except TransportError as error:
                if error.status_code not in TRANSIENT_STATUSES:
                    raise self._translated(error) from None
                failure = self._transient(error)
        raise failure

    def _unreached(self, error: Any) -> EngineUnavailableError:
        text = str(error)
        if "timed out" in text.lower() or "timeout" in type(error).__name__.lower():
            why, remedy = f"did not answer within {self.remote.timeout} seconds", "raise timeout: in archive.yaml"
        elif "certificate" in text.lower():
            why, remedy = "shows a certificate that is not trusted", "name its authority as ca_file: in archive.yaml"
        elif "refused" in text.lower():
            why, remedy = "refuses connections", "check that it is running, and url: in archive.yaml"
        else:
            why = f"cannot be reached ({_short(getattr(error, 'info', error))})"
            remedy = "check url: in archive.yaml"
        return EngineUnavailableError(f"the search server {self.remote.name} {why}", remedy)

    def _transient(self, error: Any) -> EngineUnavailableError:
        _, reason = reason_of(error)
        if error.status_code == 429:
            return EngineUnavailableError(
                f"the search server {self.remote.name} is overloaded ({reason})", "run the command again later"
            )
        return EngineUnavailableError(
            f"the search server {self.remote.name} cannot answer now ({reason})",
            "`GET _cluster/health` shows whether an index is red",
        )

    def _translated(self, error: Any) -> Exception:
        kind, reason = reason_of(error)
        match error.status_code:
            case 401:
                if self._credentials.withheld:
                    return SettingsError(
                        f"the search server {self.remote.name} asks for a password",
                        "the one in the environment is only for ARCHIVE_OPENSEARCH_URL, which names another server",
                    )
                return SettingsError(
                    f"the search server {self.remote.name} does not know this user",
                    "set ARCHIVE_OPENSEARCH_USER and "
                    "ARCHIVE_OPENSEARCH_PASSWORD, or user and password_file in archive.yaml",
                )
            case 403 if "cluster_block" in kind:
                return EngineUnavailableError(f"the index is read-only ({reason})", "free space on the server's disks")
            case 403:
                return SettingsError(f"the search server {self.remote.name} does not let this user do that: {reason}")
            case 404:
                return NotFound(reason)
            case 409:
                return Conflict(reason)
            case 301 | 302 | 303 | 307 | 308:
                return SettingsError(
                    f"the search server {self.remote.name} redirects requests, and redirects are not followed",
                    "write the final address as url: in archive.yaml",
                )
        return RequestRejected(
            f"the search server {self.remote.name} refuses the request: {reason}", error.status_code, kind
        )


def reason_of(error: Any) -> tuple[str, str]:
    """The server's name for what went wrong, and its sentence about it."""
    info = error.info if isinstance(error.info, dict) else {}
    said = info.get("error")
    if isinstance(said, dict):
        cause = (said.get("root_cause") or [said])[0] or said
        return str(cause.get("type", "")), _short(cause.get("reason") or said.get("reason") or cause.get("type"))
    return str(error.error), _short(said or error.error or error.status_code)


def _short(text: object) -> str:
    return " ".join(str(text).split())[:300]


def missing_index(name: str) -> IndexUnusableError:
    """What to say where an index is not there."""
    return IndexUnusableError(f"there is no index {name} of this archive on the server", "run `archive index`")
