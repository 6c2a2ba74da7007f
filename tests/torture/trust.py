"""Archives that name servers, secrets and files outside their folder: nothing of the user's leaves by any command.

A listener on this machine stands for the attacker's server; it records every byte that reaches it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from archive.cli.command_registry import COMMANDS, COMPLETION_VARIABLE

from ..cli.support import Result, run

KEY, PASSWORD, API_KEY = "PRIVATE-KEY-4f1d", "environment-password-9a7c", "environment-api-key-77e2"
_SECRETS = (KEY, PASSWORD, API_KEY)

#: Every command, in each of its forms that opens an archive; `{}` is a file outside it.
ARGUMENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "init": ((),),
    "add": (("{}",), ("-",)),
    "index": ((), ("--full",), ("--jobs", "2")),
    "search": (("pier",),),
    "facets": (("person",),),
    "seen": (("Ann",), ("Ann", "--certificate")),
    "with": (("Ann",),),
    "occasions": ((), ("--at", "The Pier")),
    "timeline": ((),),
    "similar": (("a",),),
    "tui": ((), ("--web",)),
    "serve": ((),),
    "show": (("a",),),
    "export": ((),),
    "quote": (("a", "pier"),),
    "verify": (("{}",),),
    "names": (("suggest",), ("review",), ("audit",), ("apply", "{}")),
    "saved": (("add", "x", "pier"), ("list",), ("run", "--all"), ("rm", "x")),
    "stats": ((),),
    "check": ((), ("--deep",)),
    "engine": ((), ("move", "--to", "opensearch"), ("move", "--to", "whoosh")),
    "trust": ((), ("--list",), ("--revoke",)),
    "completion": (("bash",),),
}
#: Those that take nothing from the archive, and need not be refused.
_HARMLESS = ("completion", "trust")


@dataclass
class Listener:
    """Takes every connection, records what it is sent, and refuses all requests in the same way.

    answer, body  status line, with further headers, and text
    """

    answer: str = "400 Bad Request"
    body: str = '{"error": {"type": "illegal_argument_exception", "reason": "not today"}}'
    received: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                self.received.append(connection.recv(1 << 20))
                said = self.body.encode()
                head = f"HTTP/1.1 {self.answer}\r\nContent-Type: application/json\r\nContent-Length: {len(said)}"
                connection.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode() + said)

    def secrets(self) -> int:
        """How many of the secrets have reached it, plainly or as HTTP encodes a user with a password."""
        from base64 import b64encode

        sent = b"".join(self.received)
        forms = [
            (each.encode(), b64encode(f"ada:{each}".encode()), b64encode(f":{each}".encode())) for each in _SECRETS
        ]
        return sum(any(form in sent for form in each) for each in forms)


def _settings(lines: str) -> Callable[[Path, Path, str], None]:
    def write(root: Path, home: Path, url: str) -> None:
        (root / "archive.yaml").write_text(lines.format(url=url, home=home, root=root), "utf-8")

    return write


def _link(entry: str, target: str) -> Callable[[Path, Path, str], None]:
    def link(root: Path, home: Path, url: str) -> None:
        path = root / entry
        if path.is_dir():
            shutil.rmtree(path)
        path.symlink_to(home / target)

    return link


def _linked_secret(root: Path, home: Path, url: str) -> None:
    (root / "password").symlink_to(home / ".ssh" / "id")
    _settings("engine: opensearch\nurl: {url}\nuser: ada\npassword_file: password\n")(root, home, url)


def _pipe(root: Path, home: Path, url: str) -> None:
    os.mkfifo(root / "password")
    _settings("engine: opensearch\nurl: {url}\nuser: ada\npassword_file: password\n")(root, home, url)


_SERVER = "engine: opensearch\nurl: {url}\nuser: ada\n"
#: What the attacker's archives do, each to a fresh archive: (root, the user's home, the listener's address).
ATTACKS: dict[str, Callable[[Path, Path, str], None]] = {
    "password_file, absolute": _settings(_SERVER + "password_file: {home}/.ssh/id\n"),
    "password_file, ~": _settings(_SERVER + "password_file: ~/.ssh/id\n"),
    "password_file, ..": _settings(_SERVER + "password_file: ../home/.ssh/id\n"),
    "password_file, a link": _linked_secret,
    "password_file, a pipe": _pipe,
    "password_file, a device": _settings(_SERVER + "password_file: /dev/zero\n"),
    "password_file of the user": _settings(_SERVER + "password_file: ~/.config/archive/password\n"),
    "api_key_file": _settings("engine: opensearch\nurl: {url}\napi_key_file: ~/.ssh/id\n"),
    "environment": _settings(_SERVER),
    "environment, and TLS off": _settings(_SERVER + "verify_tls: false\n"),
    "a server that is only compared": _settings("url: {url}\nuser: ada\n"),
    "links_outside": _settings("links_outside: true\n"),
    "corpus, a link": _link("corpus", ".ssh"),
    "index, a link": _link("index", ".ssh"),
    "people.yaml, a link": _link("people.yaml", ".ssh/id"),
    "corpus/venues.yaml, a link": _link("corpus/venues.yaml", ".ssh/id"),
    "saved.yaml, a link": _link("saved.yaml", ".ssh/id"),
    "names-ignored.txt, a link": _link("names-ignored.txt", ".ssh/id"),
    "archive.yaml, a link": _link("archive.yaml", "settings.yaml"),
}


def make_home(folder: Path) -> Path:
    """A user's home: a private key, a password for another server, and settings."""
    home = folder / "home"
    for path, text in ((".ssh/id", KEY), (".config/archive/password", PASSWORD), ("settings.yaml", "name: x\n")):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
    return home


@contextlib.contextmanager
def at_home(home: Path, **more: str) -> Iterator[None]:
    """The environment of that user, who has credentials for a server in it."""
    about = {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "ARCHIVE_OPENSEARCH_PASSWORD": PASSWORD,
        "ARCHIVE_OPENSEARCH_API_KEY": API_KEY,
    }
    with mock.patch.dict(os.environ, about | more):
        for name in {"XDG_CONFIG_HOME", "ARCHIVE_ROOT", "ARCHIVE_OPENSEARCH_URL"} - more.keys():
            os.environ.pop(name, None)
        yield


def hostile(folder: Path, attack: Callable[[Path, Path, str], None], home: Path, url: str) -> Path:
    """An archive of the attacker's in `folder`, with links to the user's files in its corpus."""
    root = folder / "hostile"
    shutil.rmtree(root, ignore_errors=True)
    (root / "corpus").mkdir(parents=True)
    (root / "corpus" / "a.md").write_text("A\n\nAnn on the pier.\n")
    (root / "corpus" / "key.md").symlink_to(home / ".ssh" / "id")
    attack(root, home, url)
    return root


def trust(folder: Path) -> dict[str, int]:
    """Run every command in every hostile archive; returns what was counted."""
    home = make_home(folder)
    outside = folder / "outside.md"
    outside.write_text("Outside\n\nOf nobody.\n")
    before = _contents(home)
    counts = {"hostile archives": len(ATTACKS), "commands": 0, "refused": 0}
    serving = mock.patch("textual_serve.server.Server.serve")  # what would go on for ever, were it not refused
    with Listener() as listener, at_home(home), serving, mock.patch("archive.tui.app.ArchiveApp.run"):
        for name, attack in ATTACKS.items():
            root = hostile(folder, attack, home, listener.url)
            for command, forms in ARGUMENTS.items():
                for form in forms:
                    arguments = [str(outside) if each == "{}" else each for each in form]
                    ended = run("--root", root, command, *arguments)
                    counts["commands"] += 1
                    counts["refused"] += ended.code == 2
                    about = f"{name}: archive {command} {' '.join(form)}: {ended.code}, {ended.err}"
                    _check_told(ended, about)
                    assert ended.code == 2 or command in _HARMLESS, about
            _complete(root)
            assert not (root / "index" / "archive.json").exists(), name
        counts["connections made"] = len(listener.received)
        counts["secrets sent"] = listener.secrets()
    assert _contents(home) == before
    return counts


def _check_told(ended: Result, about: str) -> None:
    """No secret in what is said, and no traceback."""
    said = ended.out + ended.err
    assert not any(secret in said for secret in _SECRETS), about
    assert "Traceback" not in said, about
    assert "unexpected" not in said, about


def _complete(root: Path) -> None:
    """What a shell asks when somebody presses Tab."""
    asking = {
        COMPLETION_VARIABLE: "bash_complete",
        "COMP_LINE": f"archive search --root {root} --person A",
    }
    with mock.patch.dict(os.environ, asking):
        assert run().out.strip() == ""


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


assert ARGUMENTS.keys() == COMMANDS.keys()
