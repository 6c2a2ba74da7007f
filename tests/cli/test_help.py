"""The help: listed without loading, true, and with examples that work."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from archive.cli.command_registry import COMMANDS
from archive.cli.main import cli

from .support import REPOSITORY, run


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def examples(name: str) -> list[str]:
    text = run(name, "--help").out
    assert "\nExamples:\n" in text
    return [line.strip() for line in text.split("\nExamples:\n")[1].splitlines() if line.strip()]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    assert COMMANDS[name].help == command(name).get_short_help_str(limit=200)


def test_every_command_of_the_table_is_listed() -> None:
    result = run()
    assert result.code == 0
    assert result.err == ""
    assert result.out == run("--help").out == run("-h").out
    for name, entry in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(entry.help)}$", result.out, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_common_options(name: str) -> None:
    text = run(name, "-h").out
    assert "--root DIR" in text
    assert "--version" in text
    assert run(name, "--version").out == run("--version").out


def test_a_misspelled_command() -> None:
    result = run("serch", "x")
    assert result.code == 2
    assert "did you mean 'search'?" in result.err
    assert "`archive --help` lists them" in run("zzz").err


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, indexed_demonstration: Path) -> Path:
    """A copy of the demonstration, with a file to add."""
    root = shutil.copytree(indexed_demonstration, tmp_path_factory.mktemp("examples") / "demonstration")
    (root / "clipping.txt").write_text("A clipping\n\nAnn Lee was late for the gala.\n", "utf-8")
    script = root / "bin" / "archive"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m archive "$@"\n', "utf-8")
    script.chmod(0o755)
    return root


#: Commands that go on until they are ended: their examples are run by tests/tui.
_GO_ON = ("tui", "serve")


@pytest.mark.parametrize("example", [line for name in COMMANDS if name not in _GO_ON for line in examples(name)])
def test_every_example_works(example: str, demonstration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demonstration)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("PATH", str(demonstration / "bin"), prepend=":")
    words = shlex.split(example)
    if set(words) & {"|", ">"}:
        done = subprocess.run(["sh", "-c", example], capture_output=True, text=True, check=False)
        code, err = done.returncode, done.stderr
    else:
        assert words[0] == "archive"
        result = run(*words[1:])
        code, err = result.code, result.err
    assert code in (0, 1), err
    assert "Error" not in err
