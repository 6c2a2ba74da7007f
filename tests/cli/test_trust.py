"""`archive trust`: shown, asked, listed, revoked."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from archive.cli import main

from .support import REPOSITORY, run

WANT = "connect to https://h:9200, log in with your credentials and keep its articles there (indices gazette-*)\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive that names a server."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "a" / "corpus").mkdir(parents=True)
    (tmp_path / "a" / "archive.yaml").write_text("url: https://h:9200\nindex_prefix: gazette\n")
    return tmp_path / "a"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def answer(monkeypatch: pytest.MonkeyPatch, text: str, root: Path) -> tuple[int, str]:
    """The status of `archive trust` at a terminal where somebody types this, and what it says."""
    error = io.StringIO()
    monkeypatch.setattr(sys, "stdin", _Terminal(text))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    monkeypatch.setattr(sys, "stderr", error)
    return main(["--root", str(root), "trust"]), error.getvalue()


def test_it_shows_what_is_wanted_and_confirms_nothing_without_being_told(root: Path) -> None:
    for _ in range(2):
        shown = run("--root", root, "trust", stdin=b"yes\n")
        assert (shown.code, shown.out) == (2, WANT)
        assert "there is no terminal to ask at; read what is listed, then run `archive trust --yes`" in shown.err
    refused = run("--root", root, "stats")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert refused.err.startswith(f"archive: {root} reaches out of its folder: it would connect to https://h:9200,")


def test_confirmed_listed_and_revoked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("trust", "--list").code == 1
    assert run("--root", root, "trust", "--revoke").code == 1
    assert run("--root", root, "trust", "--yes").code == 0
    assert run("--root", root, "index").code == 0
    again = run("--root", root, "trust")
    assert (again.code, again.out) == (0, WANT)
    assert "is trusted to do that" in again.err
    assert run("trust", "--list").out == f"{root}\n  {WANT}"
    monkeypatch.chdir(root / "corpus")
    assert run("trust", "--revoke").code == 0
    assert run("index").code == 2
    run("trust", "--yes")
    monkeypatch.chdir(root.parent)
    root.rename(root.parent / "elsewhere")
    assert run("--root", root, "trust", "--revoke").code == 0
    assert run("trust", "--list").out == ""


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("Y\n", 0), ("no\n", 1), ("\n", 1), ("", 1), ("maybe\n", 1)])
def test_it_asks_at_a_terminal(root: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int) -> None:
    status, said = answer(monkeypatch, typed, root)
    assert status == code
    assert f"May {root} do that? Type yes to confirm:" in said
    assert said.splitlines()[-1].startswith(
        f"{root} is {'trusted to do that from now on' if code == 0 else 'not trusted'}"
    )
    monkeypatch.undo()


def test_the_guide_shows_what_is_printed(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (REPOSITORY / "docs" / "opensearch.md").read_text("utf-8")
    (settings,) = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    console = re.findall(r"^```console\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)[0]
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    (root / "archive.yaml").write_text(settings, "utf-8")
    command, *lines, question = (
        console.replace("/home/ada", str(tmp_path)).replace("/srv/gazette", str(root)).splitlines()
    )
    assert command == "$ archive trust"
    assert run("--root", root, "trust").out.splitlines() == lines
    assert answer(monkeypatch, "no", root)[1].splitlines()[0] == question
    monkeypatch.undo()


def test_an_archive_that_stays_inside_has_nothing_to_confirm(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    nothing = run("--root", tmp_path, "trust")
    assert (nothing.code, nothing.out) == (0, "")
    assert "stays inside its folder; there is nothing to confirm" in nothing.err


def test_what_cannot_be_meant(root: Path, tmp_path: Path) -> None:
    assert "exclude each other" in run("trust", "--yes", "--revoke").err
    (tmp_path / "none").mkdir()
    assert "is not an archive" in run("--root", tmp_path / "none", "trust").err


def test_what_is_shown_hides_nothing(root: Path) -> None:
    (root / "archive.yaml").write_text('url: https://h:9200\nindex_prefix: gazette\nuser: "a\\u001b[2K\\u202eb"\n')
    shown = run("--root", root, "trust", "--yes").out + run("--root", root, "trust", "--list").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
