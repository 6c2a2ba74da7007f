"""Where the server of a distributed engine is, and how to get in: the lines of `archive.yaml` about it.

Secrets are never in the settings: they come from the environment or from a file when a
connection is made, and are part of no value that could be printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import SettingsError

_FILES = ("password_file", "api_key_file", "ca_file", "client_cert", "client_key")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ENVIRONMENT = "ARCHIVE_OPENSEARCH_"


@dataclass(frozen=True, slots=True)
class Remote:
    """A server and the indices of one archive on it.

    urls      its nodes, as http:// or https://
    prefix    what the names of the archive's indices begin with
    user, password_file, api_key_file   see `credentials`
    ca_file, client_cert, client_key, verify_tls   for TLS
    shards    primary shards of a new index
    replicas  copies of each shard; None for one where there are nodes enough
    timeout   seconds to wait for an answer
    """

    urls: tuple[str, ...]
    prefix: str
    user: str = ""
    password_file: Path | None = None
    api_key_file: Path | None = None
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    verify_tls: bool = True
    shards: int = 1
    replicas: int | None = None
    timeout: int = 30

    @property
    def name(self) -> str:
        """What to call the server in a message."""
        return ", ".join(self.urls)


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user with a password, or an API key; empty for none. Its `repr` tells nothing."""

    user: str = ""
    password: str = ""
    api_key: str = ""


def credentials(remote: Remote) -> Credentials:
    """From the environment (ARCHIVE_OPENSEARCH_USER, _PASSWORD, _API_KEY), else from the files that are named.

    Raises SettingsError for a file that cannot be read, a user without a password, and for
    secrets that would travel unencrypted to another machine.
    """
    said = {name: os.environ.get(_ENVIRONMENT + name, "") for name in ("USER", "PASSWORD", "API_KEY")}
    user = said["USER"] or remote.user
    api_key = said["API_KEY"] or _secret(remote.api_key_file)
    password = "" if api_key else said["PASSWORD"] or _secret(remote.password_file)
    if not api_key and user and not password:
        raise SettingsError(
            f"there is no password for {user!r}; set {_ENVIRONMENT}PASSWORD, or password_file in archive.yaml"
        )
    if api_key or password:
        for url in remote.urls:
            if urlsplit(url).scheme == "http" and urlsplit(url).hostname not in _LOCAL:
                raise SettingsError(f"a password is never sent to {url} unencrypted; write https:// in archive.yaml")
    return Credentials(user, password, api_key)


def _secret(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None


def parse(said: Mapping[str, str | tuple[str, ...]], root: Path, name: str) -> Remote | None:
    """The server that settings name, None where they name none; `name` is what the archive is called.

    Raises ValueError with the key at fault and what is wrong with it.
    """
    urls = said.get("url", ())
    urls = (urls,) if isinstance(urls, str) else urls
    if not urls:
        return None
    texts = {key: value for key, value in said.items() if isinstance(value, str)}
    files = {key: (root / Path(text).expanduser()).resolve() for key in _FILES if (text := texts.get(key)) is not None}
    if ("client_key" in files) and "client_cert" not in files:
        raise ValueError("client_key", "client_key needs client_cert beside it")
    return Remote(
        urls=tuple(map(_url, urls)),
        prefix=_prefix(texts.get("index_prefix", ""), name),
        user=texts.get("user", ""),
        verify_tls=_yes_or_no("verify_tls", texts.get("verify_tls", "yes")),
        shards=_number("shards", texts.get("shards", "1"), 1, 1024),
        replicas=_number("replicas", texts["replicas"], 0, 20) if "replicas" in texts else None,
        timeout=_number("timeout", texts.get("timeout", "30"), 1, 3600),
        **files,
    )


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("url", f"{_without_secret(text)!r} is not an address; write https://search.example.org:9200")
    if parts.username is not None or parts.password is not None:
        raise ValueError("url", "a password does not belong in url; set user, and ARCHIVE_OPENSEARCH_PASSWORD")
    return text.rstrip("/")


def _without_secret(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", text)


def _prefix(text: str, name: str) -> str:
    if not text:
        from slugify import slugify

        return slugify(name, max_length=80) or "archive"
    if not _PREFIX.fullmatch(text):
        raise ValueError("index_prefix", f"{text!r} cannot begin an index's name; use a-z, 0-9, '-', '_' and '.'")
    return text


def _number(key: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= most):
        raise ValueError(key, f"{key} must be a number from {least} to {most}")
    return int(text)


def _yes_or_no(key: str, text: str) -> bool:
    if text.lower() not in ("yes", "true", "no", "false"):
        raise ValueError(key, f"{key} must be yes or no")
    return text.lower() in ("yes", "true")
