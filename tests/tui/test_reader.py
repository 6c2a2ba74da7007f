"""The reader: hits, articles, links, quotes, related articles and the editor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archive import Archive, Quote, SearchRequest
from archive.render.quote_text import read_quotes
from archive.tui.screens.related import RelatedScreen
from archive.tui.screens.search import SearchScreen
from tests.tui.support import Driver, drive


async def open_first(app: Driver) -> None:
    await app.press("escape", "enter")


def test_it_opens_at_the_first_hit_and_walks_them(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        marks = app.reader.marks
        assert app.view.article.title == "A Statement About Stepping Back"
        assert app.view.hit == marks[0]
        await app.press("n")
        assert app.view.hit == marks[1]
        assert "match 2 of 3" in app.status.message
        await app.press("N", "N")
        assert app.view.hit == marks[-1]
        await app.press("escape")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo, SearchRequest("trump"), size=(80, 14))


def test_the_next_article_without_leaving(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        await app.press("J", "J", "K", "J")
        assert app.reader.index == 2
        title = app.view.article.title
        await app.press("q")
        assert app.selected == title
        await app.press("enter", "K", "K", "K")
        assert app.reader.index == 0
        assert app.view.article.id

    drive(scenario, demo, SearchRequest("trump"))


def test_the_end_of_a_list_longer_than_a_page(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        app.results.cursor = 39
        await app.press("enter", "J")
        assert app.reader.index == 40
        assert "article 41 of 101" in app.status.message

    drive(scenario, demo)


def test_scrolling_and_paragraphs(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        view = app.view
        await app.press("g")
        assert view.scroll_offset.y == 0
        await app.press("G")
        assert view.scroll_offset.y == view.max_scroll_y > 2
        await app.press("home", "j", "down", "k")
        assert view.scroll_offset.y == 1
        await app.press("space")
        assert view.scroll_offset.y > 3
        await app.press("pageup")
        assert view.scroll_offset.y == 1
        await app.press("home")
        first = view.current_offset
        await app.press("right_curly_bracket")
        assert view.current_offset > first
        await app.press("left_curly_bracket")
        assert view.current_offset == first

    drive(scenario, demo, SearchRequest("trump"), size=(80, 16))


def test_a_person_narrows_the_search(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        await app.press("tab", "tab", "shift+tab", "tab", "enter")
        assert isinstance(app.app.screen, SearchScreen)
        assert app.request.person == ("Donald Trump",)
        assert app.request.query == "trump"

    drive(scenario, demo, SearchRequest("trump"))


def test_a_link_is_clicked(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        line = next(number for number, runs in enumerate(app.view.layout_.head) if any(run.link for run in runs))
        await app.pilot.click("#article", offset=(14, line + 1))
        await app.settle()
        assert app.request.person == ("Ivanka Trump",)

    drive(scenario, demo, SearchRequest("trump"))


def copied(app: Driver) -> Quote:
    """The quotation on the clipboard, which the archive has to confirm."""
    (quote,) = read_quotes(app.app.clipboard, "the clipboard")
    assert app.app.session is not None
    assert app.app.session.archive.verify(quote).status == "unchanged"
    return quote


def test_a_quote_is_copied_so_that_it_can_be_verified(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        await app.press("y")
        assert copied(app).text.startswith("In 2022 Ivanka Trump put out a written statement")
        assert "A Statement About Stepping Back. Reading Room, 2022" in app.app.clipboard
        await app.press("right_curly_bracket", "y")
        assert copied(app).text.startswith("The reasons she offered were domestic.")

    drive(scenario, demo, SearchRequest("trump"))


def test_a_range_of_paragraphs_is_marked_and_copied(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        await app.press("v", "right_curly_bracket")
        assert "▌" in app.text()
        await app.press("y")
        text = copied(app).text
        assert text.startswith("In 2022 Ivanka Trump put out a written statement")
        assert "The reasons she offered were domestic." in text
        assert app.view.mark_offset is None
        await app.press("v", "escape")
        assert app.view.mark_offset is None
        assert app.reader is app.app.screen

    drive(scenario, demo, SearchRequest("trump"))


def test_a_search_by_person_has_the_mentions_as_matches(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter")
        article = app.view.article
        named = [each for each in article.mentions if each.name == "Kim Kardashian" and not each.in_title]
        assert app.reader.marks == [(each.start, each.end) for each in named]
        assert f"match 1 of {len(named)}" in app.status.message

    drive(scenario, demo, SearchRequest(person="Kim Kardashian"))


def test_what_is_marked_is_copied(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        line = app.view.layout_.line_of(0)
        await app.pilot.mouse_down("#article", offset=(3, line + 1))
        await app.pilot.hover("#article", offset=(10, line + 1))
        await app.pilot.mouse_up("#article", offset=(10, line + 1))
        await app.press("y")
        assert copied(app).text == "In 2022"

    drive(scenario, demo, SearchRequest("trump"))


def test_related_articles(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        first = app.view.article.id
        await app.press("r")
        assert isinstance(app.app.screen, RelatedScreen)
        await app.press("j", "k", "enter")
        assert app.view.article.id != first
        assert "related article" in app.status.message
        await app.press("escape")
        assert app.view.article.id == first
        await app.press("r", "escape")
        assert app.view.article.id == first

    drive(scenario, demo, SearchRequest("trump"))


def test_the_editor_opens_at_the_line_and_the_article_is_indexed_again(
    own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    editor = tmp_path / "vim"
    editor.write_text(f'#!/bin/sh\necho "$1 $2" > {said}\nprintf "\\nA zyzzyva came by.\\n" >> "$2"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))

    class Suspended:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    async def scenario(app: Driver) -> None:
        monkeypatch.setattr(app.app, "suspend", Suspended)
        await open_first(app)
        await app.press("n", "e")
        assert "zyzzyva" in app.view.article.body
        line, path = said.read_text().split()
        number = int(line.removeprefix("+"))
        assert "Trump" in Path(path).read_text().split("\n")[number - 1]
        await app.press("escape", "slash", "ctrl+u")
        await app.type("zyzzyva")
        assert app.total == 1

    drive(scenario, own, SearchRequest("trump"))


def test_reading_goes_on_where_it_was_after_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    lines = [f"Paragraph {number} has a gannet in it." for number in range(900)]
    (tmp_path / "corpus" / "long.md").write_text("---\ntitle: Long\n---\n\n" + "\n\n".join(lines) + "\n", "utf-8")
    archive = Archive.open(tmp_path)
    archive.index()
    editor = tmp_path / "ed"
    editor.write_text("#!/bin/sh\nsed -i 's/Paragraph 700 has/Paragraph 700 still has/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))

    class Suspended:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    async def scenario(app: Driver) -> None:
        monkeypatch.setattr(app.app, "suspend", Suspended)
        await open_first(app)
        for _ in range(200):
            app.app.simulate_key("N")
        await app.settle()
        await app.press("j", "j")
        before = app.view.position
        assert app.reader.marks.index(before.hit) == 700
        line = app.view.scroll_offset.y
        await app.press("e")
        assert "Paragraph 700 still has" in app.text()
        assert app.view.scroll_offset.y == line
        assert app.reader.marks.index(app.view.hit) == 700
        assert "match 701 of 900" in app.status.message
        await app.pilot.resize_terminal(70, 30)
        await app.settle()
        assert "Paragraph 700 still has" in app.text()

    drive(scenario, archive, SearchRequest("gannet"))


def test_an_editor_that_is_not_there_is_named(own: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/ed")

    async def scenario(app: Driver) -> None:
        await open_first(app)
        await app.press("e")
        assert any("cannot be opened" in str(note.message) for note in app.app._notifications)

    drive(scenario, own)


def test_a_long_article_is_there_at_once(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    text = "\n\n".join(f"Paragraph {number} says nothing about the quay at all. " * 6 for number in range(2500))
    (tmp_path / "corpus" / "long.md").write_text(f"---\ntitle: Long\n---\n\n{text}\n\nThe gannet came last.\n", "utf-8")
    archive = Archive.open(tmp_path)
    archive.index()

    async def scenario(app: Driver) -> None:
        await open_first(app)
        assert app.view.layout_.complete
        assert app.view.article.body[slice(*app.view.hit or (0, 0))] == "gannet"
        assert "gannet" in app.text()
        await app.press("g")
        assert "Paragraph 0" in app.text()

    drive(scenario, archive, SearchRequest("gannet"))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    body = (
        "Red \x1b[31mtext\x1b]52;c;aGk=\x07 and \u202eright to left\u202c, 日本語の文章 e\u0301 "
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 end"
    )
    (tmp_path / "corpus" / "bad.md").write_text(f'---\ntitle: "Bad\\x1b[2J title"\n---\n\n{body}\n', "utf-8")
    archive = Archive.open(tmp_path)
    archive.index()

    async def scenario(app: Driver) -> None:
        for _ in range(2):
            for strip in app.app.screen._compositor.render_strips():
                text = "".join(segment.text for segment in strip if not segment.control)
                assert not any(ord(char) < 32 or char in "\x7f\x9b\u202e\u202c" for char in text)
                assert strip.cell_length == 120
            await open_first(app)

    drive(scenario, archive)


@pytest.mark.skipif(sys.platform == "win32", reason="the palette needs no terminal, the paths do")
def test_no_editor_in_a_browser(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await open_first(app)
        assert "Edit" not in app.text()
        await app.press("e")
        assert not app.app._notifications

    drive(scenario, demo, SearchRequest("trump"), web=True)


def test_links_of_the_text_are_shown_as_such(tmp_path: Path) -> None:
    """The words are underlined, and the terminal is told where they lead; a match across a link is one match."""
    (tmp_path / "corpus").mkdir()
    text = "See [the old pier](https://pier.example/1) and [this](notes.md).\n\n> Said so.\n"
    text = f"---\ntitle: Links\n---\n\n## A Part\n\n{text}"
    (tmp_path / "corpus" / "a.md").write_text(text)
    archive = Archive.open(tmp_path)
    archive.index()

    async def scenario(app: Driver) -> None:
        await open_first(app)
        segments = [segment for strip in app.app.screen._compositor.render_strips() for segment in strip]
        linked = [(segment.text, segment.style.link) for segment in segments if segment.style and segment.style.link]
        assert linked == [("the old ", "https://pier.example/1"), ("pier", "https://pier.example/1")]
        assert all(segment.style.underline for segment in segments if segment.style and segment.style.link)
        current = [segment.text for segment in segments if segment.style and segment.style.reverse]
        assert "".join(current).startswith("pier and")
        styles = {segment.text: segment.style for segment in segments if segment.style}
        assert styles["A Part"].bold
        assert styles["Said so."].italic
        assert "https" not in app.text().replace("a.md", "")

    drive(scenario, archive, SearchRequest('"pier and"'))
