"""A closed archive lets go of its files at once: what maps them does not wait for the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Archive

from ..support import make_archive

MAPS = Path("/proc/self/maps")

pytestmark = pytest.mark.skipif(not MAPS.exists(), reason="only Linux tells which files a process maps")


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    "ask",
    [
        lambda archive: archive.search("ball -fire", person=["Ada Byrne"]),
        lambda archive: archive.search('"night ball" OR bal* OR bell~'),
        lambda archive: archive.search("bull"),
        lambda archive: archive.facet("person", find="byrn"),
        lambda archive: archive.similar("1"),
        lambda archive: archive.timeline("ball"),
        lambda archive: archive.encounters("Ada Byrne"),
        lambda archive: list(archive.articles("ball")),
    ],
)
def test_a_closed_archive_maps_no_file(tmp_path: Path, ask: Callable[[Archive], object]) -> None:
    articles = [
        {"id": str(number), "title": "Night ball", "body": "A ball at the pier.", "people": ["Ada Byrne", "Jun Ito"]}
        for number in range(3)
    ]
    archive = make_archive(tmp_path, articles)
    ask(archive)
    assert str(archive.root) in MAPS.read_text()
    archive.close()
    assert str(archive.root) not in MAPS.read_text()


@pytest.mark.usefixtures("no_collector")
def test_nor_does_one_that_nobody_has_any_more(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, [{"id": "1", "title": "Night ball", "body": "A ball.", "people": ["Ada Byrne"]}])
    archive.search("ball", person=["Ada Byrne"])
    archive.encounters("Ada Byrne")
    assert str(tmp_path) in MAPS.read_text()
    del archive
    assert str(tmp_path) not in MAPS.read_text()
