"""Secrets: read from where they may be, sent to whom they belong, and told to nobody."""

from __future__ import annotations

import os
import warnings
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive, SettingsError
from archive.config.settings import load_settings
from archive.config.user_config import MAX_SECRET_BYTES, config_folder

from ..cli.support import run
from ..conftest import Settings
from ..torture.test_hostile import _without_waiting
from ..torture.trust import Listener

SECRET = "hunter2-and-more"
BASIC = b64encode(f"ada:{SECRET}".encode())
_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("archive.engine.opensearch.connection.TRIES", 1)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def root(tmp_path: Path, listener: Listener) -> Path:
    """An archive on the listener, with a user, confirmed."""
    return confirmed(tmp_path / "a", listener, "user: ada\n")


def confirmed(root: Path, listener: Listener, more: str) -> Path:
    (root / "corpus").mkdir(parents=True, exist_ok=True)
    (root / "archive.yaml").write_text(f"engine: opensearch\nurl: {listener.url}\n{more}", "utf-8")
    ended = run("--root", root, "trust", "--yes")
    assert ended.code == 0, ended.err
    return root


def said(root: Path, *arguments: str) -> str:
    """The one sentence with which a command is refused, which tells no secret."""
    with _without_waiting(), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        ended = run("--root", root, *(arguments or ("search", "pier")))
    assert (ended.code, ended.out) == (2, "")
    assert not [str(each.message) for each in warned]
    assert ended.err.startswith("archive: ")
    assert "unexpected" not in ended.err
    (line,) = ended.err.splitlines()
    assert SECRET not in line
    assert BASIC.decode() not in line
    return line


# -- where they may be -----------------------------------------------------------------


@_POSIX
@pytest.mark.parametrize("key", ["password_file", "api_key_file", "client_cert", "client_key"])
@pytest.mark.parametrize("path", ["{out}", "~/out", "../out", "inside/../../out", "link", "/dev/zero", "/dev/stdin"])
def test_a_secret_is_read_from_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listener: Listener, key: str, path: str
) -> None:
    (tmp_path / "out").write_text(SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "a"
    (root / "corpus").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path / "out")
    cert = "client_cert: cert.pem\n" if key == "client_key" else ""
    (root / "archive.yaml").write_text(
        f"engine: opensearch\nurl: {listener.url}\n{cert}{key}: {path.format(out=tmp_path / 'out')}\n"
    )
    line = 4 if cert else 3
    for trust in (False, True):
        with pytest.raises(SettingsError, match=f"archive.yaml:{line}: {key} is outside {root} and {config_folder()}"):
            Archive.open(root, trust=trust)
    assert f"archive.yaml:{line}: " in said(root)
    assert f"archive.yaml:{line}: " in said(root, "trust", "--yes")
    assert listener.received == []


def test_a_secret_is_read_from_the_archive_and_from_the_configuration_folder(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "a"
    for place in (root / "secrets" / "password", config_folder() / "password"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f" {SECRET}\r\n")
        confirmed(root, listener, f"user: ada\npassword_file: {place}\n")
        listener.received.clear()
        said(root)
        assert BASIC in b"".join(listener.received)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    (tmp_path / ".config" / "archive").mkdir(parents=True)
    (tmp_path / ".config" / "archive" / "key").write_text("its-api-key")
    confirmed(root, listener, "api_key_file: ~/.config/archive/key\n")
    said(root)
    assert b"ApiKey its-api-key" in listener.received[-1]


@_POSIX
@pytest.mark.parametrize("key", ["password_file", "api_key_file"])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read: it is not a regular file"),
        ("", "is empty"),
        (" \n", "is empty"),
        (f"{SECRET}\nsecond\n", "line end|not an API key"),
        (f"{SECRET}\r\nX-Header: 1", "line end|not an API key"),
        (f"{SECRET}\0", "control character|not an API key"),
        (f"{SECRET}\x85b", "control character|not an API key"),
        (SECRET * MAX_SECRET_BYTES, "is larger than 4,096 bytes"),
        (f"{SECRET}\udcff", "is not UTF-8"),
    ],
)
def test_what_can_be_no_secret_is_refused_unsent(
    root: Path, listener: Listener, key: str, content: str | None, why: str
) -> None:
    if content is None:
        os.mkfifo(root / "secret")
    else:
        (root / "secret").write_text(content, "utf-8", "surrogateescape", newline="")
    confirmed(root, listener, f"user: ada\n{key}: secret\n")
    line = said(root)
    assert str(root / "secret") in line
    assert any(each in line for each in why.split("|")), line
    assert listener.received == []


@_POSIX
def test_a_file_that_becomes_a_link_out_after_it_was_looked_at_is_not_read(
    root: Path, listener: Listener, tmp_path: Path
) -> None:
    (root / "secret").write_text("of the archive")
    confirmed(root, listener, "user: ada\npassword_file: secret\n")
    (tmp_path / "out").write_text(SECRET)
    with Archive.open(root) as archive:
        (root / "secret").unlink()
        (root / "secret").symlink_to(tmp_path / "out")
        with pytest.raises(SettingsError, match="has become a link to"):
            archive.search("pier")
    assert listener.received == []


@_POSIX
@pytest.mark.parametrize(("key", "why"), [("ca_file", "pipe"), ("client_cert", "pipe"), ("client_cert", "encrypted")])
def test_files_for_tls_are_waited_for_by_nobody(
    root: Path, listener: Listener, tmp_path: Path, key: str, why: str
) -> None:
    if why == "pipe":
        os.mkfifo(root / "file.pem")
    else:
        (root / "file.pem").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    (root / "archive.yaml").write_text(f"engine: opensearch\nurl: https://localhost:{listener.port}\n{key}: file.pem\n")
    run("--root", root, "trust", "--yes")
    expected = "it is not a regular file" if why == "pipe" else "is encrypted, and passphrases are not supported"
    assert expected in said(root)


# -- to whom they belong ---------------------------------------------------------------


def test_the_environments_credentials_go_to_the_server_it_names_and_to_no_other(
    root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_USER", "ada")
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", SECRET)
    said(root)
    assert BASIC in b"".join(listener.received)
    elsewhere = (
        "https://search.example.org:9200", f"http://127.0.0.1:{listener.port + 1}", f"https://127.0.0.1:{listener.port}",
        f"http://localhost:{listener.port}", "http://127.0.0.1",
    )  # fmt: skip
    for url in elsewhere:
        listener.received.clear()
        monkeypatch.setenv("ARCHIVE_OPENSEARCH_URL", url)
        assert "that of the environment is for ARCHIVE_OPENSEARCH_URL alone" in said(root)
        assert listener.received == []
    anonymous = confirmed(root, listener, "")
    listener.answer = "401 Unauthorized"
    assert "is only for ARCHIVE_OPENSEARCH_URL, which names another server" in said(anonymous)
    sent = b"".join(listener.received).lower()
    assert b" http/1.1" in sent
    assert b"authorization" not in sent
    listener.received.clear()
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_URL", f"https://other:1, {listener.url}/path")
    said(anonymous)
    assert BASIC in b"".join(listener.received)
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_URL", "nowhere")
    assert "ARCHIVE_OPENSEARCH_URL: 'nowhere' is not an address" in said(anonymous)


def test_all_nodes_of_a_server_must_be_named(root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", SECRET)
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_URL", listener.url)
    (root / "archive.yaml").write_text(
        f"engine: opensearch\nuser: ada\nurl: ['{listener.url}', 'http://127.0.0.1:1']\n"
    )
    run("--root", root, "trust", "--yes")
    assert "alone" in said(root)
    assert listener.received == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", SECRET)
    with Listener() as other:
        listener.answer = f"{status} Found\r\nLocation: {other.url}/"
        for command in (("search", "pier"), ("index",)):
            assert "redirects requests, and redirects are not followed" in said(root, *command)
        assert BASIC in b"".join(listener.received)
        assert other.received == []


@pytest.mark.parametrize(
    "url", ["https://exämple.org", "https://a b:9200", "https://a/\u202e", "https://[::1", "http://a\\b"]
)
def test_an_address_says_the_host_that_is_meant(tmp_path: Path, url: str) -> None:
    (tmp_path / "archive.yaml").write_text(f'url: "{url}"\n'.replace("\\", "\\\\"), "utf-8")
    with pytest.raises(SettingsError, match=r"archive\.yaml:1: .* is not an address"):
        load_settings(tmp_path)


# -- told to nobody --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["API_KEY", "PASSWORD"])
@pytest.mark.parametrize("bad", [f"{SECRET}\n", f"{SECRET}\r\nX-Other: 1", f"{SECRET}\x1b"])
def test_a_secret_with_line_ends_is_refused_without_being_said(
    root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    monkeypatch.setenv(f"ARCHIVE_OPENSEARCH_{name}", bad)
    assert f"ARCHIVE_OPENSEARCH_{name}" in said(root)
    monkeypatch.setenv("ARCHIVE_DEBUG", "1")
    assert "Traceback" not in said(root)
    assert listener.received == []


def test_a_secret_that_the_server_sends_back_is_not_said(
    root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", SECRET)
    for status in ("400 Bad", "403 Forbidden", "404 Not Found", "418 Teapot", "503 Busy", "200 OK"):
        listener.answer = f'{status}\r\nWarning: 299 OpenSearch-2 "\x1b[31m{SECRET}"'
        for body in (f'{{"error": {{"type": "x", "reason": "{SECRET} {BASIC.decode()}"}}}}', f"<{SECRET}>", ""):
            listener.body = body
            for command in (("search", "pier"), ("index",), ("check",)):
                with warnings.catch_warnings(record=True) as warned:
                    warnings.simplefilter("always")
                    ended = run("--root", root, *command)
                assert not [str(each.message) for each in warned]
                assert ended.code in (1, 2)  # `check` finds no index
                assert not any(secret in ended.out + ended.err for secret in (SECRET, BASIC.decode()))
    assert BASIC in b"".join(listener.received)
    assert not any(SECRET.encode() in path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_a_password_of_any_letters_is_sent_in_utf_8(
    root: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", "пароль: ž")
    said(root)
    assert b64encode("ada:пароль: ž".encode()) in b"".join(listener.received)
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_USER", "a:b")
    assert "cannot be sent" in said(root)


def test_whoever_types_an_address_has_confirmed_it_but_not_what_else_the_archive_wants(
    tmp_path: Path, on_server: Settings, server_url: str
) -> None:
    root = tmp_path / "a"
    (root / "corpus").mkdir(parents=True)
    (root / "corpus" / "a.md").write_text("A\n\nOn the pier.\n")
    index_prefix = on_server().splitlines(keepends=True)[-1]
    (root / "archive.yaml").write_text(f"{index_prefix}verify_tls: no\nca_file: ../ca.pem\n")
    assert run("--root", root, "index").code == 0
    refused = said(root, "engine", "move", "--to", "opensearch", "--url", server_url)
    assert "would also accept any certificate from that server (verify_tls); use " in refused
    assert "run `archive trust`, then move it without --url" in refused
    (root / "archive.yaml").write_text(index_prefix)
    assert run("--root", root, "engine", "move", "--to", "opensearch", "--url", server_url).code == 0
    assert run("--root", root, "search", "pier").code == 0
    text = (root / "archive.yaml").read_text()
    (root / "archive.yaml").write_text(text.replace(server_url, "http://localhost:1"))
    assert "it would connect to http://localhost:1," in said(root)
