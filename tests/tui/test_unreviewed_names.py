"""Names that nobody has reviewed: their screen, and one key each there, on a facet value and while reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, SearchRequest
from archive.tui.screens.name_review import MergeScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from archive.tui.screens.unreviewed_names import UnreviewedNamesScreen
from archive.tui.widgets.name_list import UnreviewedNameList
from archive.tui.widgets.status import Heading
from tests.tui.support import Driver, drive

TEXTS = (
    "Wilhelmina Strake gave a supper on Friday. Mr Oswin Tarrant said that he had come with Wilhelmina Strake.",
    "Wilhelmina Strake opened the bazaar, and Miss Strake sang. Tamsin Orme was there, said Oswin Tarrant.",
    "Wilhelmina Strake wrote to Tamsin Orme. “I am well,” said Wilhelmina Strake.",
)


@pytest.fixture
def plain(tmp_path: Path) -> Archive:
    archive = Archive.create(tmp_path / "plain")
    settings = archive.root / "archive.yaml"
    settings.write_text(f"{settings.read_text()}\njudge_seconds: 0\n")
    for number, text in enumerate(TEXTS):
        (archive.root / "corpus" / f"{number}.txt").write_text(text + "\n")
    archive = Archive.open(archive.root)
    archive.index()
    return archive


def people(archive: Archive) -> dict[str, bool]:
    """The people of the facet, and whether nobody has reviewed them."""
    return {each.value: each.unreviewed for each in archive.facet("person").values}


def test_they_are_listed_and_answered_with_one_key(plain: Archive) -> None:
    before = people(plain)
    assert before["Wilhelmina Strake"]
    assert len(before) >= 3

    async def scenario(app: Driver) -> None:
        assert "U lists them" in app.text()
        await app.press("escape", "U")
        screen = app.app.screen
        assert isinstance(screen, UnreviewedNamesScreen)
        listed = screen.query_one(UnreviewedNameList)
        assert [each.name for each in listed.names] == [each.name for each in plain.names.unreviewed("person")]
        assert listed.names[0].name == "Wilhelmina Strake"
        assert f"{len(listed.names)} people" in screen.query_one(Heading).lines[0]
        assert "~Wilhelmina Strake" in app.text()
        assert "supper" in app.text() or "bazaar" in app.text()
        await app.press("enter")
        assert isinstance(app.app.screen, ReaderScreen)
        assert app.view.article.body[slice(*app.reader.marks[0])] == "Wilhelmina Strake"
        await app.press("escape", "A")
        assert "Wilhelmina Strake" not in {each.name for each in listed.names}
        assert "Wilhelmina Strake" in (plain.root / plain.names.file("person")).read_text()
        listed.cursor = next(n for n, each in enumerate(listed.names) if each.name == "Tamsin Orme")
        await app.press("M")
        assert isinstance(app.app.screen, MergeScreen)
        await app.type("Tamsin Orme-Vane")
        await app.press("enter")
        assert plain.names.authority("person").recorded("Tamsin Orme") == "Tamsin Orme-Vane"
        await app.press("escape")
        assert isinstance(app.app.screen, SearchScreen)
        await app.until(lambda: people(plain).get("Tamsin Orme-Vane") is False)
        await app.settle()
        assert people(plain)["Wilhelmina Strake"] is False
        assert "~Wilhelmina" not in app.text()

    drive(scenario, plain)


def test_a_facet_value_is_forbidden(plain: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("~Oswin Tarrant")
        await app.press("X")
        await app.until(lambda: "Oswin Tarrant" not in people(plain))
        await app.settle()
        assert "Oswin Tarrant" in plain.names.ignored()
        assert "~Oswin" not in app.text()

    drive(scenario, plain)


def test_a_name_is_a_place_while_reading(plain: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter", "L")
        assert any("Tab to select a name" in str(note.message) for note in app.app._notifications)
        while app.view.link_target != ("person", "Oswin Tarrant"):
            await app.press("tab")
        await app.press("L")
        assert plain.names.authority("venue").recorded("Oswin Tarrant")
        await app.until(lambda: "Oswin Tarrant" in {each.value for each in plain.facet("venue").values})
        await app.settle()
        assert isinstance(app.app.screen, ReaderScreen)
        assert app.view.article.venues == ("Oswin Tarrant",)

    drive(scenario, plain, SearchRequest("bazaar"))


def test_in_a_browser_nothing_is_answered(plain: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "U")
        assert isinstance(app.app.screen, SearchScreen)
        await app.to_facet("~Oswin Tarrant")
        await app.press("A")
        assert not (plain.root / plain.names.file("person")).exists()

    drive(scenario, plain, web=True)
