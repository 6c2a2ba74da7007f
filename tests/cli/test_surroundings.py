"""Where a command runs: without a home, without memory, in a folder that is gone."""

from __future__ import annotations

import os
import pwd
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import OUT_OF_MEMORY

from .support import REPOSITORY, run

_NOWHERE = "the working directory was deleted; change to another one, as with `cd`"


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing says where this user's files go, and the system does not know the user."""

    def unknown(number: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.usefixtures("homeless")
def test_an_unknown_user_without_a_home(fresh: Path) -> None:
    assert run("index").code == 0
    assert run("search", "ball", "--output", "ids").code == 0
    assert run("saved", "add", "balls", "ball").code == 0
    for command in (("saved", "run", "balls"), ("saved", "run", "balls", "--new"), ("trust", "--list")):
        result = run(*command)
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert result.err.startswith("archive: this user has no home directory for ")
        assert "; set HOME or XDG_" in result.err


@pytest.fixture
def nowhere(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory that was deleted; the answer is an archive elsewhere."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    yield indexed
    os.chdir(tmp_path)  # whatever runs next needs a folder to come back from


def test_a_deleted_working_directory_is_named(nowhere: Path) -> None:
    for command in (("search", "ball"), ("index",), ("tui",), ("--root", nowhere, "add", "x.txt")):
        result = run(*command)
        assert (result.code, result.out) == (2, "")
        assert result.err in (f"archive: {_NOWHERE}\n", "archive: the terminal UI needs a terminal\n")
    assert run("--root", "x", "stats").err.endswith(f"\narchive: {_NOWHERE}\n")


def test_an_archive_elsewhere_is_used_from_a_deleted_working_directory(nowhere: Path) -> None:
    assert run("--root", nowhere, "search", "ball", "--output", "count").code == 0
    assert run("--root", nowhere, "index", "--full", "--jobs", "3").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("command", [("search", "ball"), ("index", "--full", "--jobs", "3")])
def test_too_little_memory_is_said_in_a_sentence(fresh: Path, command: tuple[str, ...]) -> None:
    for megabytes in (24, 60):
        done = subprocess.run(
            [sys.executable, "-m", "archive", *command],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False,
            preexec_fn=lambda most=megabytes << 20: resource.setrlimit(resource.RLIMIT_AS, (most, most)),
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (2, f"archive: {OUT_OF_MEMORY}\n")
