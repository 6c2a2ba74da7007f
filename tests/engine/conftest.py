"""A handful of articles with awkward names, shared; not to be changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive

from ..support import Record, make_archive

FIVE: list[Record] = [
    {"id": "a1", "title": "One", "date": "2000-01-02", "people": ["Ana", "Bo"], "venues": ["Met Gala"], "body": "cat"},
    {"id": "a2", "title": "Two", "date": "2001", "people": ["Ana"], "venues": ["Met gala"], "body": "cat dog"},
    {"id": "a3", "title": "Three", "date": "2002-05", "people": ["Dora", "Ana"], "venues": [], "body": "dog"},
    {"id": "a4", "title": "Four", "people": ["Élodie Faye", "Kim Kardashian"], "venues": ["Pier"], "body": "fish"},
    {"id": "a5", "title": "Five", "date": "2004", "people": [], "venues": ["Pier"], "body": "fish dog"},
]


@pytest.fixture(scope="package", autouse=True)
def _trusted() -> Iterator[None]:
    """The archives of these tests are on servers of their own; whether that is asked is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.config.trust.require_trust", lambda root, settings: None)
        yield


@pytest.fixture(scope="session")
def archive_of_five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with make_archive(tmp_path_factory.mktemp("five"), FIVE) as archive:
        yield archive
