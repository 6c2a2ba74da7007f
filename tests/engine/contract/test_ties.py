"""Articles whose scores tie come in the order of their ids on every engine, however many shards there are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from archive import Archive

from ...conftest import Settings
from ...support import Record, make_archive
from .conftest import ENGINES

#: Three texts, eight articles of each; `b` has the words of `a` once more, and all are of the same length.
TEXTS = {"a": "heron otter heron willow reed", "b": "heron heron heron otter reed", "c": "willow reed stone moss fern"}


def records() -> list[Record]:
    ids = [f"{letter}{number}" for letter in "zyxw" for number in range(6)]
    Random(4).shuffle(ids)
    return [
        {"id": article_id, "title": "Alike", "body": TEXTS["abc"[n % 3]], "people": ["Ann Other"], "date": "1999-01"}
        for n, article_id in enumerate(ids)
    ]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory, on_server: Settings) -> Iterator[dict[str, Archive]]:
    made = {}
    for engine in ENGINES:
        settings = on_server(shards=3) if engine == "opensearch" else ""
        made[engine] = make_archive(tmp_path_factory.mktemp(engine), records(), settings)
    yield made
    for archive in made.values():
        archive.close()


@pytest.mark.parametrize(
    "query",
    ["heron", "willow", "heron OR willow", "her*", "h?ron", "herron~", "alike", "person:ann", "year:1999", "id:?*"],
)
def test_the_first_ten_are_the_same(archives: dict[str, Archive], query: str) -> None:
    first = {engine: [hit.id for hit in archive.search(query, limit=10).hits] for engine, archive in archives.items()}
    assert first["opensearch"] == first["whoosh"]
    assert len(first["whoosh"]) == 10
    pages = {
        engine: [hit.id for offset in range(0, 24, 5) for hit in archive.search(query, limit=5, offset=offset).hits]
        for engine, archive in archives.items()
    }
    assert pages["opensearch"] == pages["whoosh"]


def test_articles_of_equal_score_are_in_the_order_of_their_ids(archives: dict[str, Archive]) -> None:
    for archive in archives.values():
        hits = archive.search("heron", limit=None).hits
        assert [(hit.score, hit.id) for hit in hits] == sorted(
            ((hit.score, hit.id) for hit in hits), key=lambda row: (-row[0], row[1])
        )
        assert len({hit.score for hit in hits}) == 2
