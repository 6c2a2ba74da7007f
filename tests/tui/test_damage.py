"""An index that is damaged under the running app is named, made anew, and only then answered from."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, SearchRequest
from archive.tui.screens.indexing import IndexingScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from tests.tui.support import Driver, drive


def damage(archive: Archive) -> None:
    """Change the segment file, and let go of what is held of it."""
    (segment,) = (archive.root / "index").glob("*.seg")
    data = bytearray(segment.read_bytes())
    for place in range(8, len(data) - 3_000, 64):
        data[place] ^= 1
    segment.write_bytes(data)
    archive.close()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the building screen says of its reason."""
    heard = list[str]()
    what = IndexingScreen._reason

    def listened(self: IndexingScreen) -> str:
        heard.append(what(self))
        return heard[-1]

    monkeypatch.setattr(IndexingScreen, "_reason", listened)
    return heard


def sound(root: Path) -> bool:
    return Archive.open(root).check() == ()


def test_a_search_meets_the_damage(few: Archive, said: list[str]) -> None:
    async def scenario(app: Driver) -> None:
        damage(few)
        await app.type("trump")
        await app.until(lambda: said and isinstance(app.app.screen, SearchScreen))
        await app.settle()
        assert app.total == 9
        assert app.request == SearchRequest("trump")

    drive(scenario, few)
    assert len(said) == 1
    assert said[0].startswith("The segment ")
    assert said[0].endswith("Rebuilding it from the corpus…")
    assert sound(few.root)


def test_a_facet_meets_the_damage(few: Archive, said: list[str]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("Ivanka Trump")
        listed = len(app.facets.shown)
        damage(few)
        await app.press("m")
        await app.until(lambda: said and isinstance(app.app.screen, SearchScreen))
        await app.settle()
        assert len(app.facets.shown) > max(25, listed)

    drive(scenario, few)
    assert sound(few.root)


def test_opening_an_article_meets_the_damage(few: Archive, said: list[str]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        damage(few)
        await app.press("enter")
        await app.until(lambda: said and isinstance(app.app.screen, ReaderScreen))
        await app.until(lambda: app.view.article.title == "A Statement About Stepping Back")
        await app.press("escape")
        assert app.total == 9

    drive(scenario, few, SearchRequest("trump"))
    assert sound(few.root)


def test_the_poll_meets_the_damage(few: Archive, said: list[str]) -> None:
    async def scenario(app: Driver) -> None:
        manifest = few.root / "index" / "archive.json"
        manifest.write_text(manifest.read_text("utf-8").replace("documents", "dokuments"), "utf-8")
        await app.search.upkeep.poll()
        await app.until(lambda: said and isinstance(app.app.screen, SearchScreen))
        await app.settle()
        assert app.total == 17

    drive(scenario, few)
    assert sound(few.root)


def test_the_start_meets_the_damage(few: Archive, said: list[str]) -> None:
    damage(few)

    async def scenario(app: Driver) -> None:
        await app.settle()
        assert app.request.person == ("Ivanka Trump",)
        assert app.total == 9

    drive(scenario, few, SearchRequest(person="ivanka trump"))
    assert sound(few.root)


def test_a_server_that_does_not_answer_keeps_nobody_waiting(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing asks for the generation in the event loop, where it could block or raise."""
    threads = list[str]()
    generation = Archive.generation.fget
    assert generation is not None

    def asked(self: Archive) -> int:
        threads.append(threading.current_thread().name)
        if len(threads) > 1:
            raise ArchiveError("the server does not answer")
        return generation(self)

    monkeypatch.setattr(Archive, "generation", property(asked))

    async def scenario(app: Driver) -> None:
        await app.search.upkeep.poll()
        app.status.notice = "1 new article"
        await app.press("escape", "u")
        assert "does not answer" in app.text()

    drive(scenario, demo)
    assert threads
    assert "MainThread" not in threads
