"""What the screens look like. ARCHIVE_UPDATE_SNAPSHOTS=1 keeps new pictures; look at them then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, SearchRequest
from archive.tui.widgets.query import Query
from tests.tui.support import Driver, Scenario, check_picture, drive

SIZES = ((80, 24), (120, 40), (200, 60))
TRUMP = SearchRequest("trump", person="Ivanka Trump", not_venue="Funke")


@pytest.fixture(autouse=True)
def same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches take as long in every picture."""
    search = Archive.search

    def timed(self: Archive, *args: Any, **options: Any) -> Any:
        return replace(search(self, *args, **options), took_ms=2.0)

    monkeypatch.setattr(Archive, "search", timed)


async def search(app: Driver) -> None:
    await app.press("escape", "j")


async def facets(app: Driver) -> None:
    await app.press("escape")
    await app.to_facet("Kim Kardashian")


async def years(app: Driver) -> None:
    await app.press("escape", "3", *["left"] * 8, "v", *["left"] * 5)


async def reader(app: Driver) -> None:
    await app.press("escape", "enter", "n")


async def help_(app: Driver) -> None:
    await app.press("escape", "question_mark")


async def nothing(app: Driver) -> None:
    await app.type("kardashan birthday")


async def error(app: Driver) -> None:
    await app.type("trump")
    app.search.query_one(Query).value = "trump colour:red"
    await app.settle()


async def still(app: Driver) -> None:
    """Nothing to do."""


def check(
    name: str, scenario: Scenario, size: tuple[int, int], archive: Archive, request: SearchRequest | None
) -> None:
    async def scene(app: Driver) -> None:
        await scenario(app)
        for query in app.app.screen.query(Query):
            query.cursor_blink = False
        await app.settle()
        check_picture(app.app, f"{name}-{size[0]}x{size[1]}")

    drive(scene, archive, request, size=size)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [
        ("search", search, SearchRequest("dinner OR lantern OR regatta", person="Verity Pascoe-Lund")),
        ("facets", facets, TRUMP),
        ("years", years, None),
        ("reader", reader, SearchRequest("gala")),
        ("help", help_, None),
        ("nothing", nothing, None),
        ("error", error, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_looks(
    demo: Archive, name: str, scenario: Scenario, request_: SearchRequest | None, size: tuple[int, int]
) -> None:
    check(name, scenario, size, demo, request_)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_empty_archive_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    archive = Archive.create(tmp_path / "new")
    archive.index()
    check("empty", still, size, archive, None)


@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [("narrow", search, TRUMP), ("narrow-facets", facets, TRUMP), ("narrow-reader", reader, SearchRequest("gala"))],
)
def test_forty_columns_look(demo: Archive, name: str, scenario: Scenario, request_: SearchRequest) -> None:
    check(name, scenario, (40, 24), demo, request_)


@pytest.mark.parametrize("theme", ["archive-light", "ansi-dark"])
def test_other_themes_look(demo: Archive, theme: str) -> None:
    async def scenario(app: Driver) -> None:
        app.app.theme = theme
        await facets(app)

    check(theme, scenario, (120, 40), demo, TRUMP)
