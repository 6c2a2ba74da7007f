"""The demonstration's articles in an archive of their own, and a state that nobody else sees."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Archive
from tests.tui.support import CORPUS


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An indexed archive that no test may change."""
    root = tmp_path_factory.mktemp("tui") / "demo"
    shutil.copytree(CORPUS, root / "corpus")
    Archive.open(root).index()
    return root


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
