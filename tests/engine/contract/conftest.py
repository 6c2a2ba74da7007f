"""The demonstration archive on every engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive

from ...conftest import Build, Settings
from ...support import REPOSITORY

ENGINES = ("whoosh", "opensearch")


@pytest.fixture(scope="package")
def demonstrations(
    tmp_path_factory: pytest.TempPathFactory, built_once: Build, on_server: Settings
) -> Iterator[dict[str, Archive]]:
    """The demonstration archive, by engine."""

    def fill(root: Path, server: str = "") -> None:
        shutil.copytree(REPOSITORY / "corpus", root / "corpus")
        (root / "synonyms.txt").write_text("zeppelin, airship, Halcyon Theatre, quay\n", "utf-8")
        (root / "archive.yaml").write_text(f"name: demo\nfacets: [source, tags]\n{server}", "utf-8")
        with Archive.open(root) as archive:
            assert archive.index().problems == ()

    embedded, served = built_once("contract", fill), tmp_path_factory.mktemp("opensearch")
    fill(served, on_server(shards=3))
    made = dict(zip(ENGINES, map(Archive.open, (embedded, served)), strict=True))
    yield made
    for archive in made.values():
        archive.close()
