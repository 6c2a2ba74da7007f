"""Shell completion: commands and options without loading, facet values from the index."""

import subprocess
from pathlib import Path

import pytest

from .support import run


def complete(monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    monkeypatch.setenv("_ARCHIVE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    result = run()
    assert result.code == 0
    assert result.err == ""
    return [entry.partition(",")[2] for entry in result.out.splitlines() if entry]


def test_commands_options_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complete(monkeypatch, "archive sh") == ["show"]
    assert {"search", "serve", "stats"} <= set(complete(monkeypatch, "archive s"))
    assert complete(monkeypatch, "archive search --per") == ["--person"]
    assert complete(monkeypatch, "archive search --format js") == ["json", "jsonl"]


@pytest.mark.usefixtures("small")
def test_values_of_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    assert "Bruno Marsh" in complete(monkeypatch, "archive search --person bru")
    assert complete(monkeypatch, "archive search --root /nowhere --person bru") == []


def test_values_without_an_index(monkeypatch: pytest.MonkeyPatch, fresh: Path) -> None:
    assert complete(monkeypatch, "archive search --person bru") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = run("completion", shell)
    assert printed.code == 0
    assert f"_ARCHIVE_COMPLETE={shell}_complete" in printed.out
    monkeypatch.setenv("_ARCHIVE_COMPLETE", f"{shell}_source")
    assert run().out.strip() == printed.out.strip()
    monkeypatch.delenv("_ARCHIVE_COMPLETE")
    assert "To install it:" in run("completion", "--help").out


def test_bash_takes_the_script() -> None:
    script = run("completion", "bash").out
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
