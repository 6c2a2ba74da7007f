"""Six articles for the query language, shared; not to be changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive

from ..support import Record, make_archive

SIX: list[Record] = [
    {
        "id": "birthday",
        "title": "Kim Kardashian’s birthday party",
        "date": "2023-10-21",
        "people": ["Kim Kardashian", "Ivanka Trump"],
        "venues": ["Funke"],
        "body": "Ivanka Trump came to the birthday party at Funke in Beverly Hills. The parties went on; "
        "nobody was invited-to-the-birthday. O’Brien sang.",
    },
    {
        "id": "prison",
        "title": "Prison reform at the White House",
        "date": "2018-05",
        "people": ["Kim Kardashian", "Donald Trump"],
        "venues": ["White House"],
        "body": "They discussed prison reform and, at length, the reform of the courts.",
    },
    {
        "id": "gala",
        "title": "Met Gala",
        "date": "2016-05-02",
        "people": ["Ivanka Trump"],
        "venues": ["Met"],
        "url": "https://example.org/gala?x=1",
        "body": "The café was full. Élodie ate a crème brûlée. A party of painters' wives.",
    },
    {
        "id": "year",
        "title": "The year 2016",
        "date": "2016",
        "people": [],
        "body": "What a year: to be or not to be. Birthdays and births. 12:30 and AT&T.",
    },
    {
        "id": "tokyo",
        "title": "東京タワー",
        "people": ["佐藤 花子"],
        "tags": ["night out"],
        "body": "京東 の夜。Kimono party 東京。",
    },
    {
        "id": "note",
        "title": "A note",
        "body": "obrien wrote: Kim’s dog’s bone; state-of-the-art art of the state. The boy’s 1,000 pies.",
    },
]


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with make_archive(tmp_path_factory.mktemp("six"), SIX, "facets: [tags]\n") as archive:
        yield archive
