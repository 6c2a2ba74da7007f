"""Pictures in the reader: shown where the terminal can, a caption and a line of text where it cannot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from archive import Archive, SearchRequest, UnreadablePictureError
from archive.tui import terminal_pictures
from archive.tui.widgets.picture_panel import PicturePanel
from tests.tui.support import Driver, check_picture, drive

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("textual_image")
pytest.importorskip("defusedxml")

#: textual-image calls it; it is there in every Pillow that is allowed.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning")


def _colored(color: tuple[int, int, int], size: tuple[int, int] = (120, 80)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.fixture(scope="module")
def pictured_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with two pictures and one that is none, a photograph, and an article without any."""
    corpus = tmp_path_factory.mktemp("pictured") / "archive" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "red.jpg").write_bytes(_colored((200, 0, 0)))
    (corpus / "blue.jpg").write_bytes(_colored((0, 0, 200)))
    (corpus / "bad.jpg").write_bytes(b"no picture at all")
    (corpus / "own.jpg").write_bytes(_colored((0, 200, 0), (80, 120)))
    (corpus / "own.yaml").write_text("title: A Green Sail\ncaption: Ada Quill at the slip.\ndate: 1994\n")
    lines = [f"Paragraph {number} of the walk along the mole." for number in range(60)]
    lines.insert(2, "![The red sail](red.jpg)")
    lines.insert(40, "![The blue sail](blue.jpg)")
    lines.append("![A picture that is none](bad.jpg)")
    (corpus / "x.md").write_text("---\ntitle: The Walk\ndate: 1995\n---\n\n" + "\n\n".join(lines) + "\n")
    (corpus / "y.md").write_text("---\ntitle: No Picture\ndate: 1993\n---\n\nOnly words.\n")
    with Archive.open(corpus.parent) as archive:
        archive.index()
    return corpus.parent


@pytest.fixture
def pictured(pictured_root: Path) -> Archive:
    return Archive.open(pictured_root)


def _panel(app: Driver) -> PicturePanel:
    return app.reader.query_one(PicturePanel)


def _is_shown(app: Driver) -> bool:
    return any(panel.display for panel in app.app.screen.query(PicturePanel))


def _shown_colors(app: Driver) -> set[str]:
    """The colours in which half cells are drawn: which of red, green and blue is the strongest."""
    found = set()
    for strip in app.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.text.strip("▀") == "" and segment.text and segment.style and segment.style.color:
                triplet = segment.style.color.get_truecolor()
                found.add(max(zip(triplet, ("red", "green", "blue"), strict=True))[1])
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
def test_the_picture_that_is_being_read_is_shown(pictured: Archive, size: tuple[int, int]) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        assert app.view.article.title == "The Walk"
        assert app.view.article.pictures == ("corpus/red.jpg", "corpus/blue.jpg", "corpus/bad.jpg")
        assert (_panel(app).line, _shown_colors(app)) == ("picture 1 of 3 · red.jpg", {"red"})
        assert "3 pictures (I)" in app.status.message
        assert "The Walk" in app.text()
        if size == (80, 24):
            await app.press("space", "space", "space", "space", "space", "space", "space", "space")
            assert (_panel(app).line, _shown_colors(app)) == ("picture 2 of 3 · blue.jpg", {"blue"})
        await app.press("end")
        assert not _panel(app).has_picture
        assert _panel(app).line.startswith("corpus/bad.jpg cannot be shown: this is no JPEG")
        assert _shown_colors(app) == set()
        assert "A picture that is none" in app.text()
        await app.press("home")
        assert _shown_colors(app) == {"red"}
        await app.press("I")
        assert not _is_shown(app)
        await app.press("J")
        assert not _is_shown(app)
        await app.press("I")
        assert (_panel(app).line, _shown_colors(app)) == ("own.jpg", {"green"})
        assert "Ada Quill at the slip." in app.text()
        await app.press("J")
        assert not _is_shown(app)
        assert "pictures" not in app.status.message

    drive(scenario, pictured, SearchRequest(sort="newest"), size=size)


def test_a_picture_fits_beside_its_text(pictured: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter", "J")
        image = _panel(app).query_one(".picture")
        assert 0 < image.size.width <= _panel(app).size.width
        assert 0 < image.size.height <= _panel(app).size.height - 1
        assert app.view.size.height > 8
        check_picture(app.app, "reader-picture-100x30")

    drive(scenario, pictured, SearchRequest(sort="newest"), size=(100, 30))


def test_without_the_extra_the_caption_is_text(pictured: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_pictures, "can_show_pictures", lambda: False)

    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        assert not _is_shown(app)
        assert "The red sail" in app.text()
        assert "pictures" not in app.status.message
        await app.press("I")
        assert not _is_shown(app)
        assert any("searchable-archive[pictures]" in each.message for each in app.app._notifications)

    drive(scenario, pictured, SearchRequest(sort="newest"))


def test_without_colours_the_caption_is_text(pictured: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        assert not _is_shown(app)
        assert "The red sail" in app.text()

    drive(scenario, pictured, SearchRequest(sort="newest"))


def test_keys_are_answered_while_a_picture_is_decoded(pictured: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    decoded = Event()

    def slow(self: Archive, path: str, **sizes: int) -> None:
        decoded.wait(10)
        raise UnreadablePictureError(f"{path} cannot be shown: it took too long")

    monkeypatch.setattr(Archive, "picture", slow)

    async def scenario(app: Driver) -> None:
        await app.press("escape")
        app.app.simulate_key("enter")
        await app.until(lambda: _is_shown(app))
        app.app.simulate_key("j")
        app.app.simulate_key("j")
        await app.until(lambda: app.view.scroll_offset.y == 2)
        decoded.set()
        await app.settle()
        assert _panel(app).line == "corpus/red.jpg cannot be shown: it took too long"

    drive(scenario, pictured, SearchRequest(sort="newest"))
