"""The demonstration's articles in an archive of their own, and a state that nobody else sees."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Archive


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory, indexed_demonstration: Path) -> Path:
    """An indexed archive that no test may change."""
    return shutil.copytree(indexed_demonstration, tmp_path_factory.mktemp("tui") / "demo")


@pytest.fixture
def demo(demo_root: Path) -> Archive:
    return Archive.open(demo_root)


@pytest.fixture
def own(tmp_path: Path, demo_root: Path) -> Archive:
    """An archive that may be changed."""
    shutil.copytree(demo_root, tmp_path / "demo")
    return Archive.open(tmp_path / "demo")


@pytest.fixture(autouse=True)
def private_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path / "state"
