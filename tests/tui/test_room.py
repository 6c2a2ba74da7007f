"""How a window's room is used: full facet panels, a preview in wide windows, a compact heading in low ones."""

from __future__ import annotations

from archive import Archive, SearchRequest
from archive.tui.model.facet_rows import RowKind
from archive.tui.widgets.preview import Preview, PreviewText
from tests.tui.support import Driver, drive


def test_facets_fill_their_panel(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        values = [row for row in app.facets.shown if row.kind is RowKind.VALUE]
        assert len(values) > 16
        assert app.facets.size.height - 3 <= len(app.facets.shown) <= app.facets.size.height
        await app.press("escape")
        await app.to_facet(values[0].value)
        await app.press("m")
        assert sum(row.facet == "person" for row in app.facets.shown) > app.facets.size.height

    drive(scenario, demo, size=(120, 50))


def test_facets_have_some_values_in_a_low_window(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert [row.kind for row in app.facets.shown].count(RowKind.VALUE) == 16

    drive(scenario, demo, size=(80, 24))


def test_the_article_under_the_cursor_is_shown_beside_the_list(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        preview = app.search.query_one(Preview)
        for _ in range(3):
            await app.press("j")
            hit = app.results.hits.get(app.results.cursor)
            assert hit is not None
            assert preview.article_id == hit.id
        text = preview.query_one(PreviewText)
        assert text.hit == text.marks[0]
        await app.press("p")
        assert not preview.display
        await app.press("j", "p")
        assert preview.display
        hit = app.results.hits.get(app.results.cursor)
        assert hit is not None
        assert preview.article_id == hit.id

    app = drive(scenario, demo, SearchRequest("harbour"), size=(160, 40))
    assert app.session is not None
    assert app.session.state.preview


def test_a_person_in_the_preview_narrows_the_search(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        text = app.search.query_one(PreviewText)
        line = next(number for number, runs in enumerate(text.layout_.head) if any(run.link for run in runs))
        await app.pilot.click(PreviewText, offset=(14, line + 1))
        await app.settle()
        assert app.request.person == ("Kim Kardashian",)

    drive(scenario, demo, SearchRequest("gala"), size=(150, 40))


def test_no_preview_without_room_for_it(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        assert not app.search.query_one(Preview).display
        assert app.search.query_one(Preview).article_id == ""
        await app.pilot.resize_terminal(150, 40)
        await app.settle()
        assert app.search.query_one(Preview).article_id == "crossing-paths-at-the-met-gala"

    drive(scenario, demo, SearchRequest("gala"), size=(139, 40))


def test_a_low_window_begins_with_the_text(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "enter", "g")
        lines = app.text().splitlines()
        assert next(number for number, line in enumerate(lines) if "Before the dinner" in line) <= 7
        assert "Kim Kardashian, Ivanka Trump" in app.text()
        await app.press("G")
        assert "crossing-paths-at-the-met-gala.md" in app.text()

    drive(scenario, demo, SearchRequest("gala"), size=(80, 24))
