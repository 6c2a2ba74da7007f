"""README says what is: every command and example in it is run, on a copy of the demonstration archive."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
README = (REPO / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a fresh clone's, with `archive` on the path."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(REPO / "corpus", folder / "corpus")
    tool = folder / "bin" / "archive"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m archive "$@"\n')
    tool.chmod(0o755)
    return folder


def environment(clone: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    path = f"{clone / 'bin'}:{os.environ['PATH']}"
    return kept | {"PATH": path, "PYTHONPATH": str(REPO), "XDG_STATE_HOME": str(clone / "state")}


def test_every_console_command_runs_and_prints_what_is_shown(clone: Path) -> None:
    commands = [block for block in blocks("console") if block.startswith("$ ")]
    assert len(commands) >= 5
    for block in commands:
        folder = clone
        for said in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = said.splitlines()
            if command.startswith("cd "):
                folder = folder / command.removeprefix("cd ")
                continue
            ended = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment(clone),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            output = ended.stdout + ended.stderr
            assert "archive: " not in ended.stderr, f"{command}\n{output}"
            expected = 1 if any("nothing found" in line for line in shown) else 0
            assert ended.returncode == expected, f"{command}\n{output}"
            for line in shown:
                assert line in output.splitlines(), f"{command} does not print {line!r} but\n{output}"


def test_the_library_example_runs(clone: Path) -> None:
    (example,) = blocks("python")
    ended = subprocess.run(
        [sys.executable, "-c", example],
        cwd=clone,
        env=environment(clone),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Forty-Three Candles" in ended.stdout


def test_the_yaml_examples_are_read(clone: Path) -> None:
    from archive import Archive

    front_matter, records = blocks("yaml")
    with Archive.create(clone / "yaml") as archive:
        (archive.root / "corpus" / "fire.md").write_text(front_matter + "The theatre burned.\n", "utf-8")
        (archive.root / "corpus" / "people.yaml").write_text(records, "utf-8")
        assert not archive.index().problems
        assert archive.get("halcyon-fire").people == ("Siobhán O'Dowd", "Magda Wieczorek")


def test_the_checks_run_readmes_first_two_commands_to_the_letter() -> None:
    install, test = blocks("sh")
    assert "archive search" in install
    assert "pytest" in test
    checks = (REPO / ".ci" / "run").read_text("utf-8")
    for number in (1, 2):
        assert f'bash -euxc "$(readme_command {number})"' in checks


def test_the_limits_are_those_that_are_checked() -> None:
    from archive.query import limits

    (said,) = re.findall(r"^Limits, .*?\n\n", README, re.MULTILINE | re.DOTALL)
    for limit in (
        f"{limits.MAX_CHARACTERS:,} characters",
        f"{limits.MAX_DEPTH} levels",
        f"{limits.MAX_CLAUSES} words",
        f"{limits.MAX_EXPANSION:,} words",
        f"slop {limits.MAX_SLOP}",
        f"weight {limits.MAX_BOOST:g}",
        f"{limits.MAX_SECONDS:g} seconds",
    ):
        assert limit in " ".join(said.split())


def test_every_promise_names_a_test_that_is_there() -> None:
    (promises,) = re.findall(r"^## What it promises\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    for promise in promises.split("\n- ")[1:]:
        named = re.findall(r"`(\w+\.py)`", promise)
        assert named, promise
        assert all((REPO / "tests" / "torture" / name).is_file() for name in named), promise


def test_what_a_file_may_take_is_what_is_checked() -> None:
    from archive.corpus.formats import json_lines
    from archive.engine.local.manifest import VARIABLE
    from archive.indexing import isolated_readers

    said = " ".join(README.split())
    assert f"within {isolated_readers._CPU_SECONDS} s of processor time, {isolated_readers._SECONDS:g} s in all" in said
    assert f"and {isolated_readers._MEMORY_BYTES // 1_000_000_000} GB" in said
    assert f"{json_lines._MAX_RATIO} times as large" in said
    assert f"`{VARIABLE}=1`" in said
