"""The demonstration archive on every engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive

from ...conftest import Settings
from ...support import REPOSITORY

ENGINES = ("whoosh", "opensearch")


@pytest.fixture(scope="package")
def demonstrations(tmp_path_factory: pytest.TempPathFactory, on_server: Settings) -> Iterator[dict[str, Archive]]:
    """The demonstration archive, by engine."""
    made = {}
    for engine in ENGINES:
        root: Path = tmp_path_factory.mktemp(engine)
        shutil.copytree(REPOSITORY / "corpus", root / "corpus")
        settings = "name: demo\nfacets: [source, tags]\n" + (on_server(shards=3) if engine == "opensearch" else "")
        (root / "synonyms.txt").write_text("zeppelin, airship, Halcyon Theatre, quay\n", "utf-8")
        (root / "archive.yaml").write_text(settings, "utf-8")
        made[engine] = Archive.open(root)
        assert made[engine].index().problems == ()
    yield made
    for archive in made.values():
        archive.close()
