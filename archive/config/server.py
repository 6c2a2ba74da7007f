"""Where the server of a distributed engine is, and how to get in: the lines of `archive.yaml` about it.

Secrets are never in the settings: they come from the environment or from a file when a
connection is made, and are part of no value that could be printed. Those of the environment
belong to the servers that ARCHIVE_OPENSEARCH_URL names, where it is set, and are sent to no other.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archive.config.user_config import check_pem, checked_key, checked_secret, read_secret, secret_places
from archive.errors import SettingsError

#: Settings that name a file; all but the last hold, or belong to, a secret.
SECRET_FILES = ("password_file", "api_key_file", "client_cert", "client_key")
_FILES = (*SECRET_FILES, "ca_file")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]+(%[a-z0-9._-]+)?")
_VISIBLE = re.compile(r"[!-~]*")
#: The port of an address that names none, as the client library has it.
_PORTS = {"http": 9200, "https": 443}
_ENVIRONMENT = "ARCHIVE_OPENSEARCH_"


@dataclass(frozen=True, slots=True)
class ServerConfig:
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
    """A user with a password, or an API key; empty for none. Its `repr` tells nothing.

    withheld  whether the environment has credentials that belong to another server
    """

    user: str = ""
    password: str = ""
    api_key: str = ""
    withheld: bool = False

    @property
    def header(self) -> str:
        """The value of the header Authorization (RFC 7617, in UTF-8); "" without credentials."""
        if self.api_key:
            return f"ApiKey {self.api_key}"
        if not self.password:
            return ""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


def credentials(remote: ServerConfig) -> Credentials:
    """From the environment (ARCHIVE_OPENSEARCH_USER, _PASSWORD, _API_KEY), else from the files that are named.

    What the environment has is left out where ARCHIVE_OPENSEARCH_URL names other servers. Raises
    SettingsError for a file that cannot be read, a user without a password, what can be no
    secret, and secrets that would travel unencrypted to another machine.
    """
    said = {name: os.environ.get(_ENVIRONMENT + name, "") for name in ("USER", "PASSWORD", "API_KEY")}
    withheld = bool(said["PASSWORD"] or said["API_KEY"]) and not _environment_is_for(remote)
    if withheld:
        said = dict.fromkeys(said, "")
    user = said["USER"] or remote.user
    api_key = password = ""
    if said["API_KEY"]:
        api_key = checked_key(said["API_KEY"], f"{_ENVIRONMENT}API_KEY")
    elif remote.api_key_file:
        api_key = checked_key(read_secret(remote.api_key_file), str(remote.api_key_file))
    elif said["PASSWORD"]:
        password = checked_secret(said["PASSWORD"], f"{_ENVIRONMENT}PASSWORD")
    elif remote.password_file:
        password = read_secret(remote.password_file)
    if not api_key and user and not password:
        other = f" (that of the environment is for {_ENVIRONMENT}URL alone)" if withheld else ""
        raise SettingsError(
            f"there is no password for {user!r}{other}", f"set {_ENVIRONMENT}PASSWORD, or password_file in archive.yaml"
        )
    if ":" in checked_secret(user, "the user's name"):
        raise SettingsError("a user's name with ':' cannot be sent to a server", "use an API key")
    if api_key or password:
        for url in remote.urls:
            if urlsplit(url).scheme == "http" and urlsplit(url).hostname not in _LOCAL:
                raise SettingsError(f"a password is never sent to {url} unencrypted", "write https:// in archive.yaml")
    return Credentials(user, password, api_key, withheld)


def check_tls_files(remote: ServerConfig) -> None:
    """Raise SettingsError unless the files that TLS needs are small regular files, with no passphrase to ask for."""
    for path in (remote.ca_file, remote.client_cert, remote.client_key):
        if path is not None:
            check_pem(path)


def _environment_is_for(remote: ServerConfig) -> bool:
    """Whether the credentials of the environment may go to every node of a server."""
    named = os.environ.get(f"{_ENVIRONMENT}URL", "").replace(",", " ").split()
    if not named:
        return True
    try:
        known = {_origin(_url(url)) for url in named}
    except ValueError as error:
        _, what, *remedy = error.args
        raise SettingsError(f"{_ENVIRONMENT}URL: {what}", *remedy) from None
    return {_origin(url) for url in remote.urls} <= known


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what a secret belongs to."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def parse(said: Mapping[str, str | tuple[str, ...]], root: Path, name: str) -> ServerConfig | None:
    """The server that settings name, None where they name none; `name` is what the archive is called.

    Raises ValueError with the key at fault and what is wrong with it.
    """
    urls = said.get("url", ())
    urls = (urls,) if isinstance(urls, str) else urls
    if not urls:
        return None
    texts = {key: value for key, value in said.items() if isinstance(value, str)}
    files = {key: _file(key, text, root) for key in _FILES if (text := texts.get(key)) is not None}
    if ("client_key" in files) and "client_cert" not in files:
        raise ValueError("client_key", "client_key needs client_cert beside it")
    return ServerConfig(
        urls=tuple(map(_url, urls)),
        prefix=_prefix(texts.get("index_prefix", ""), name),
        user=texts.get("user", ""),
        verify_tls=_yes_or_no("verify_tls", texts.get("verify_tls", "yes")),
        shards=_number("shards", texts.get("shards", "1"), 1, 1024),
        replicas=_number("replicas", texts["replicas"], 0, 20) if "replicas" in texts else None,
        timeout=_number("timeout", texts.get("timeout", "30"), 1, 3600),
        **files,
    )


def _file(key: str, text: str, root: Path) -> Path:
    """A file that a setting names, relative to the archive, with every link followed."""
    try:
        path = (root / Path(text).expanduser()).resolve()
    except (OSError, RuntimeError, ValueError):
        raise ValueError(key, f"{text!r} leads to no file") from None
    places = secret_places(root)
    if key in SECRET_FILES and not any(path.is_relative_to(place) for place in places):
        raise ValueError(key, f"{key} is outside {' and '.join(map(str, places))}; secrets are only read from there")
    return path


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("url", f"{_without_secret(text)!r} is not an address", "write https://search.example.org:9200")
    if parts.username is not None or parts.password is not None:
        raise ValueError("url", "a password does not belong in url", "set user, and ARCHIVE_OPENSEARCH_PASSWORD")
    if not (_HOST.fullmatch(parts.hostname) and _VISIBLE.fullmatch(parts.path)):
        raise ValueError("url", f"{text!r} is not an address in ASCII", "write its host as xn--… and its path with %")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path}".rstrip("/")


def _without_secret(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", text)


def _prefix(text: str, name: str) -> str:
    if not text:
        from slugify import slugify

        return slugify(name, max_length=80) or "archive"
    if not _PREFIX.fullmatch(text):
        raise ValueError("index_prefix", f"{text!r} cannot begin an index's name", "use a-z, 0-9, '-', '_' and '.'")
    return text


def _number(key: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= most):
        raise ValueError(key, f"{key} must be a number from {least} to {most}")
    return int(text)


def _yes_or_no(key: str, text: str) -> bool:
    if text.lower() not in ("yes", "true", "no", "false"):
        raise ValueError(key, f"{key} must be yes or no")
    return text.lower() in ("yes", "true")
