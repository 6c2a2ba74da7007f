"""The demonstration's articles in an archive of their own, and a state that nobody else sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.conftest import Build
from tests.tui.support import CORPUS


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_parsed_once() -> Iterator[None]:
    """Every app has the same style sheets; to parse them is a fifth of what it takes to start one."""
    from textual.css import stylesheet

    genuine, tokenize_genuinely = stylesheet.parse, stylesheet.tokenize_values
    parsed: dict[Any, list[Any]] = {}
    tokenized: dict[Any, Any] = {}

    def tokenize(values: dict[str, str]) -> Any:
        """The tokens of the variables of a theme: the same object for the same ones."""
        key = tuple(sorted(values.items()))
        if key not in tokenized:
            tokenized[key] = tokenize_genuinely(values)
        return tokenized[key]

    def parse(scope: str, css: str, read_from: Any, *, variable_tokens: Any, **about: Any) -> list[Any]:
        key = (scope, css, read_from, id(variable_tokens), *sorted(about.items()))
        if key not in parsed:
            parsed[key] = list(genuine(scope, css, read_from, variable_tokens=variable_tokens, **about))
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stylesheet, "parse", parse)
        patch.setattr(stylesheet, "tokenize_values", tokenize)
        yield


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


@pytest.fixture(scope="session")
def few_indexed(built_once: Build) -> Path:
    """Seventeen articles of the demonstration, indexed; not to be changed."""

    def fill(root: Path) -> None:
        (root / "corpus" / "tidewater").mkdir(parents=True)
        shutil.copytree(CORPUS / "kardashian-trump", root / "corpus" / "kardashian-trump")
        for name in ("people.yaml", "venues.yaml", "tidewater/notices.jsonl"):
            shutil.copyfile(CORPUS / name, root / "corpus" / name)
        with Archive.open(root) as archive:
            assert archive.index().added == 17

    return built_once("few", fill)


@pytest.fixture
def few(tmp_path: Path, few_indexed: Path) -> Archive:
    """An archive that may be changed, and is indexed again in no time."""
    shutil.copytree(few_indexed, tmp_path / "few")
    return Archive.open(tmp_path / "few")


@pytest.fixture(autouse=True)
def private_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path / "state"
