"""What the screens look like. ARCHIVE_UPDATE_SNAPSHOTS=1 keeps new pictures; look at them then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from archive import Archive, ArchiveError, IndexReport, Progress, SearchRequest
from archive.tui.widgets.query_line import Query
from tests.tui.support import Driver, Scenario, check_picture, drive, faintest

SIZES = ((200, 60), (120, 40), (80, 24))
PAIR = ("Kim Kardashian", "Ivanka Trump")
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


async def suggestions(app: Driver) -> None:
    await app.type("dinner person:odo")
    await app.press("down")


async def saved(app: Driver) -> None:
    await app.press("escape", "S")


async def naming(app: Driver) -> None:
    await app.press("escape", "s")


async def related(app: Driver) -> None:
    await app.press("escape", "enter", "r")


async def person(app: Driver) -> None:
    await app.press("escape")
    await app.to_facet("Verity Pascoe-Lund")
    await app.press("P", "j")


async def pair(app: Driver) -> None:
    await app.press("escape")
    await app.to_facet("Verity Pascoe-Lund")
    await app.press("P", "tab", "enter", "j")


async def occasions(app: Driver) -> None:
    await app.press("escape", "O", "j")


async def seen(app: Driver) -> None:
    await app.press("escape", "W")
    await app.to_facet("Seen with")


async def certificate(app: Driver) -> None:
    await app.press("escape", "C")


async def findings(app: Driver) -> None:
    await app.press("escape", "E")


async def unreviewed(app: Driver) -> None:
    await app.press("escape", "U", "j")


async def still(app: Driver) -> None:
    """Nothing to do."""


def check(
    name: str,
    scenario: Scenario,
    sizes: Sequence[tuple[int, int]],
    archive: Archive | None,
    request: SearchRequest | None,
    **options: Any,
) -> None:
    """Compare a scene with its pictures: the app starts in the first size, and the window is then resized."""

    async def scene(app: Driver) -> None:
        await scenario(app)
        for query in app.app.screen.query(Query):
            query.cursor_blink = False
        await app.settle()
        for width, height in sizes:
            if (width, height) != app.app.size:
                await app.pilot.resize_terminal(width, height)
                await app.settle()
            check_picture(app.app, f"{name}-{width}x{height}")

    drive(scene, archive, request, size=sizes[0], **options)


@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [
        ("search", search, SearchRequest("dinner OR lantern OR regatta", person="Verity Pascoe-Lund")),
        ("facets", facets, TRUMP),
        ("reader", reader, SearchRequest("gala")),
        ("help", help_, None),
        ("nothing", nothing, SearchRequest(all_words=True)),
        ("relaxed", nothing, None),
        ("error", error, None),
        ("suggestions", suggestions, None),
        ("related", related, SearchRequest("gala")),
        ("occasions", occasions, SearchRequest(venue="Lifeboat Station")),
        ("seen", seen, SearchRequest(person="Ivanka Trump")),
        ("findings", findings, None),
        ("unreviewed", unreviewed, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_looks(demo: Archive, name: str, scenario: Scenario, request_: SearchRequest | None) -> None:
    check(name, scenario, SIZES, demo, request_)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [
        ("years", years, None),
        ("person", person, None),
        ("pair", pair, None),
        ("certificate", certificate, SearchRequest(person=PAIR, all_people=True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_looks_that_depend_on_the_size_it_began_in(
    demo: Archive, name: str, scenario: Scenario, request_: SearchRequest | None, size: tuple[int, int]
) -> None:
    check(name, scenario, [size], demo, request_)


def test_an_empty_archive_looks(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "new")
    archive.index()
    check("empty", still, SIZES, archive, None)


def test_saved_searches_look(own: Archive) -> None:
    own.saved.add("Kim and Ivanka together", SearchRequest(person=PAIR, all_people=True))
    own.saved.add("The regatta before the fire", SearchRequest("regatta", year="..1998", sort="oldest"))
    own.saved.add("Everybody who was at the Lantern House", SearchRequest(venue="Lantern House"))
    check("saved", saved, SIZES, own, None)
    check("naming", naming, SIZES, own, TRUMP)


def test_the_first_screens_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    check("welcome", still, SIZES, None, None, folder=Path("/home/ada/clippings"))

    def index(self: Archive, *, full: bool = False, progress: Callable[[Progress], None]) -> IndexReport:
        progress(Progress(41_250, 0.43, 5.0))
        seen.wait(10)
        raise ArchiveError("enough")

    async def building(app: Driver) -> None:
        await app.until(lambda: "41,250" in app.text())
        for width, height in SIZES:
            await app.pilot.resize_terminal(width, height)
            await app.pilot.pause()
            check_picture(app.app, f"building-{width}x{height}")
        seen.set()

    seen = Event()
    monkeypatch.setattr(Archive, "index", index)
    drive(building, Archive.create(tmp_path / "new"), size=SIZES[0])


@pytest.mark.parametrize(("name", "scenario"), [("search", search), ("reader", reader)])
def test_three_hundred_columns_look(demo: Archive, name: str, scenario: Scenario) -> None:
    check(name, scenario, [(300, 60)], demo, SearchRequest("gala"))


@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [
        ("narrow", search, TRUMP),
        ("narrow-facets", facets, TRUMP),
        ("narrow-reader", reader, SearchRequest("gala")),
        ("narrow-suggestions", suggestions, None),
        ("narrow-error", error, None),
        ("narrow-help", help_, None),
        ("narrow-person", person, None),
        ("narrow-pair", pair, None),
        ("narrow-occasions", occasions, SearchRequest(venue="Lifeboat Station")),
    ],
)
def test_forty_columns_look(demo: Archive, name: str, scenario: Scenario, request_: SearchRequest | None) -> None:
    check(name, scenario, [(40, 24)], demo, request_)


@pytest.mark.parametrize(
    ("name", "scenario", "request_"),
    [
        ("search", search, SearchRequest("dinner OR lantern OR regatta", person="Verity Pascoe-Lund")),
        ("reader", reader, SearchRequest("gala")),
        ("nothing", nothing, SearchRequest(all_words=True)),
        ("person", person, None),
        ("occasions", occasions, SearchRequest(venue="Lifeboat Station")),
        ("findings", findings, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_light_theme_looks(demo: Archive, name: str, scenario: Scenario, request_: SearchRequest | None) -> None:
    check(f"light-{name}", scenario, [(120, 40), (80, 24)], demo, request_, theme="archive-light")


@pytest.mark.parametrize("theme", ["archive-dark", "archive-light"])
@pytest.mark.parametrize(
    ("scenario", "request_"),
    [(facets, TRUMP), (search, TRUMP), (reader, SearchRequest("gala")), (person, None), (pair, None), (years, None)],
)
def test_words_stand_out(demo: Archive, theme: str, scenario: Scenario, request_: SearchRequest | None) -> None:
    async def legible(app: Driver) -> None:
        await scenario(app)
        contrast, words = faintest(app.app)
        assert contrast >= 4.5, words

    drive(legible, demo, request_, size=(200, 60), theme=theme)


@pytest.mark.parametrize("theme", ["archive-light", "ansi-dark"])
def test_other_themes_look(demo: Archive, theme: str) -> None:
    async def scenario(app: Driver) -> None:
        app.app.theme = theme
        await facets(app)

    check(theme, scenario, [(120, 40)], demo, TRUMP)
