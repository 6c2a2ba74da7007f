"""However a command ends, there is a status and a sentence, and never a traceback."""

import errno
from pathlib import Path

import click
import pytest

from archive.api import Archive
from archive.cli.output import Exit
from archive.errors import OUT_OF_MEMORY, IndexLockedError

from .support import run


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Archive, "search", fail)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (IndexLockedError("somebody is\x1b[2J writing"), Exit.ERROR, "archive: somebody is␛[2J writing\n"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "archive: interrupted; nothing is lost; run the command again\n"),
        (BrokenPipeError(), Exit.FOUND, ""),
        (PermissionError(errno.EACCES, "Permission denied", "index/x"), 2, "archive: Permission denied (index/x)\n"),
        (MemoryError(), 2, f"archive: {OUT_OF_MEMORY}\n"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), 2, f"archive: {OUT_OF_MEMORY}\n"),
        (ImportError("x.so: failed to map segment from shared object"), 2, f"archive: {OUT_OF_MEMORY}\n"),
        (click.FileError("x", "gone"), Exit.ERROR, "archive: Could not open file 'x': gone\n"),
    ],
)
def test_known_ends(error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, error)
    result = run("search", "ball")
    assert (result.code, result.out, result.err) == (code, "", said)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("error", [ZeroDivisionError("no"), EOFError("torn"), RecursionError("deep")])
def test_unknown_ends(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, error)
    result = run("search", "ball")
    assert result.code == 2
    assert result.err.strip().count("\n") == 0
    assert type(error).__name__ in result.err
    assert "ARCHIVE_DEBUG=1" in result.err
    monkeypatch.setenv("ARCHIVE_DEBUG", "1")
    assert "Traceback (most recent call last)" in run("search", "ball").err


def test_usage_errors_name_the_help() -> None:
    result = run("search", "--bogus")
    assert result.code == 2
    assert "Usage: archive search" in result.err
    assert "archive search --help" in result.err


def test_a_command_of_commands_names_them() -> None:
    for name, commands in (("names", "suggest, apply, review, audit"), ("saved", "add, list, run, rm")):
        result = run(name)
        assert (result.code, result.out) == (2, "")
        assert result.err.endswith(f"\n\narchive: name a subcommand: {commands}\n")


def test_a_root_that_is_none(tmp_path: Path) -> None:
    result = run("stats", "--root", tmp_path)
    assert result.code == 2
    assert "is not an archive" in result.err


def test_settings_in_error(fresh: Path) -> None:
    (fresh / "archive.yaml").write_text("nme: x\n", "utf-8")
    result = run("search", "x")
    assert result.code == 2
    assert "archive.yaml:1" in result.err


def test_statuses_are_what_is_documented() -> None:
    assert {status.name: int(status) for status in Exit} == {
        "FOUND": 0, "NOTHING": 1, "ERROR": 2, "INTERRUPTED": 130, "TERMINATED": 143
    }  # fmt: skip
    assert Exit.of([1]) is Exit.FOUND
    assert Exit.of(()) is Exit.NOTHING
