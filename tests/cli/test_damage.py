"""A damaged index is named, rebuilt, and only then answered from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .support import run


@pytest.fixture
def root(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(indexed, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


def _segment(root: Path) -> Path:
    return next((root / "index").glob("*.seg"))


def _flip_everything(root: Path) -> None:
    data = bytearray(_segment(root).read_bytes())
    for place in range(8, len(data) - 3_000, 64):
        data[place] ^= 1
    _segment(root).write_bytes(data)


def _cut_off(root: Path) -> None:
    _segment(root).write_bytes(_segment(root).read_bytes()[:-100])


def _remove(root: Path) -> None:
    _segment(root).unlink()


def _spoil_manifest(root: Path) -> None:
    manifest = root / "index" / "archive.json"
    manifest.write_text(manifest.read_text().replace("documents", "dokuments"))


@pytest.mark.parametrize("damage", [_flip_everything, _cut_off, _remove, _spoil_manifest])
def test_a_damaged_index_is_named_and_rebuilt(root: Path, damage: Callable[[Path], None]) -> None:
    before = run("search", "pier", "--format", "json")
    damage(root)
    checked = run("check", "--deep")
    assert checked.code != 0
    after = run("search", "pier", "--format", "json")
    assert after.code == 0
    assert "rebuilding it" in after.err
    expected, found = json.loads(before.out), json.loads(after.out)
    assert {**found, "took_ms": 0} == {**expected, "took_ms": 0}
    again = run("search", "pier", "--format", "json")
    assert again.err == ""
    assert run("check").code == 0


def test_indexing_rebuilds_a_damaged_index(root: Path) -> None:
    _cut_off(root)
    (root / "corpus" / "new.md").write_text("A pier of its own\n\nText.\n")
    assert run("index").code == 0
    assert run("check").code == 0
    assert run("search", "pier of its own").err == ""
