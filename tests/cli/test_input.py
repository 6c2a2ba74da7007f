"""What commands read: ordinary files and standard input, and neither beyond a limit."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.cli import main

from .support import run

BALL = "1998-07-04-the-lantern-ball"
_MB = 1_000_000


class Endless(io.RawIOBase):
    """As /dev/zero; knows how much of it was read."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        buffer[:] = bytes(size)
        self.given += size
        assert self.given < 100 * _MB, "it is read without end"
        return size


@pytest.mark.parametrize(
    ("command", "most"),
    [
        (("add", "-"), 1 * _MB),
        (("show", "-"), 64 * _MB),
        (("verify",), 64 * _MB),
        (("verify", "-"), 64 * _MB),
        (("quote", BALL, "-"), 64 * _MB),
        (("names", "apply", "-"), 64 * _MB),
        (("names", "review"), 10_000),
    ],
)
def test_standard_input_without_end(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: tuple[str, ...], most: int
) -> None:
    (fresh / "archive.yaml").write_text("max_article_mb: 1\n")
    (fresh / "corpus" / "new.txt").write_text("New\n\nMayor Zelda Quist opened it. Mrs Zelda Quist was glad.")
    assert run("index").code == 0
    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless), "utf-8"))
    assert main(command) == 2
    error = capfd.readouterr().err.splitlines()[-1]
    assert error.startswith(("archive: standard input is over", "archive: a line of standard input is over"))
    assert most < endless.given < most + 1 * _MB


@pytest.mark.parametrize("command", [("add",), ("verify",), ("names", "apply")])
def test_only_ordinary_files_are_read(fresh: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert run("index").code == 0
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "link.txt", "small"):
        result = run(*command, tmp_path / name)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"archive: {tmp_path / name} cannot be read: it is a folder, a pipe or a device;")


def test_a_file_beyond_the_limit_of_an_article_is_not_read_to_its_end(fresh: Path, tmp_path: Path) -> None:
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(1 << 40)
    result = run("add", tmp_path / "sparse.txt")
    assert (result.code, result.out) == (2, "")
    assert "sparse.txt is over 10 MB; split it, or raise max_article_mb" in result.err


def test_answers_need_not_be_utf_8(fresh: Path) -> None:
    (fresh / "corpus" / "new.txt").write_text("New\n\nMayor Zelda Quist opened it. Mrs Zelda Quist was glad.")
    result = run("names", "review", stdin=b"\xff\nquit\n")
    assert result.code in (0, 1)
    assert "is not an answer" in result.err
