"""`archive saved` and `verify` on the demonstration archive, step by step, to the byte."""

import shutil
from pathlib import Path

import pytest

from .support import GOLDEN, golden, run

#: File, exit status and command, in order: each step sees what those before it have left.
STEPS = (
    ("saved-list-none.txt", 1, "saved list"),
    ("saved-add.txt", 0, "saved add gulls gull --year 1990.."),
    ("saved-add-pair.txt", 0, "saved add pair --person 'Verity Pascoe-Lund' --person \"Siobhán O'Dowd\" --all-people"),
    ("saved-list.txt", 0, "saved list"),
    ("saved-list.json", 0, "saved list --format json"),
    ("saved-new.json", 0, "saved run gulls --new --peek --format json"),
    ("saved-run.txt", 0, "saved run gulls"),
    ("saved-new.txt", 0, "saved run --all --new"),
    ("saved-nothing-new.txt", 1, "saved run --all --new"),
    ("saved-rm.txt", 0, "saved rm pair"),
    ("verify.txt", 1, "verify quotes.txt"),
    ("verify.json", 1, "verify quotes.txt --format json"),
)


def test_every_step_gives_the_same_bytes(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shutil.copytree(demonstration, tmp_path / "own")
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    quoted = run("quote", "halcyon-fire-gazette", "a semitone flat").out
    (root / "quotes.txt").write_text(quoted + quoted.replace("semitone", "sermon"), "utf-8")
    for name, code, command in STEPS:
        golden(GOLDEN / "saved" / name, command, code)
    assert {path.name for path in (GOLDEN / "saved").iterdir()} == {name for name, _, _ in STEPS}
