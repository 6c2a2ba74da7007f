"""A small archive with awkward characters: one to read, shared, and fresh ones to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.api import Archive
from archive.config.trust import trust, wants

from ..conftest import Build
from .support import REPOSITORY, SMALL


def _copy(to: Path) -> Path:
    shutil.copytree(SMALL, to)
    return to


@pytest.fixture(autouse=True)
def _no_archive_around(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
    for name in ("ARCHIVE_ROOT", "ARCHIVE_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive, indexed; not to be changed."""
    root = _copy(tmp_path_factory.mktemp("indexed") / "small")
    with Archive.open(root) as archive:
        assert archive.index().added == 8
    return root


@pytest.fixture
def small(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small archive as the working directory; not to be changed."""
    monkeypatch.chdir(indexed)
    return indexed


@pytest.fixture(scope="session")
def demonstration(built_once: Build) -> Path:
    """The demonstration archive, indexed; not to be changed."""

    def fill(root: Path) -> None:
        (root / "corpus").symlink_to(REPOSITORY / "corpus")
        (root / "archive.yaml").write_text("name: Demonstration\n")
        with Archive.open(root, trust=True) as archive:
            assert archive.index().problems == ()

    root = built_once("linked", fill)
    with Archive.open(root, trust=True) as archive:
        trust(root, wants(root, archive.settings))
    return root


@pytest.fixture
def demo(demonstration: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demonstration archive as the working directory; not to be changed."""
    monkeypatch.chdir(demonstration)
    return demonstration


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small archive without an index, as the working directory."""
    root = _copy(tmp_path / "small")
    monkeypatch.chdir(root)
    return root
