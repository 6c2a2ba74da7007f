"""The facet panel, the years and the breadcrumbs: every way to narrow and to widen again."""

from __future__ import annotations

from archive import Archive, SearchRequest, YearRange
from archive.tui.model.facet_rows import RowKind
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.facet_panel import FacetFinder
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.query_line import Query
from tests.tui.support import Driver, drive


def test_values_of_one_facet_are_alternatives(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("Verity Pascoe-Lund")
        await app.press("space")
        assert app.total == 32
        await app.to_facet("Siobhán O'Dowd")
        promised = app.facets.current
        await app.press("enter")
        assert app.request.person == ("Verity Pascoe-Lund", "Siobhán O'Dowd")
        assert app.total > 30
        assert promised is not None
        assert [row.value for row in app.facets.shown[1:3]] == ["Verity Pascoe-Lund", "Siobhán O'Dowd"]
        assert all(row.selected for row in app.facets.shown[1:3])
        await app.press("space")
        assert app.total == 32

    drive(scenario, demo)


def test_a_count_is_what_one_gets(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        for value in ("Long Quay", "Zoë Amadi"):
            await app.to_facet(value)
            assert app.facets.current is not None
            promised = app.facets.current.count
            await app.press("space")
            assert app.total == promised

    drive(scenario, demo)


def test_all_of_the_people(demo: Archive) -> None:
    request = SearchRequest(person=("Kim Kardashian", "Ivanka Trump"))

    async def scenario(app: Driver) -> None:
        either = app.total
        await app.press("escape", "f", "a")
        assert app.request.all_people
        assert app.total < either
        assert "all of" in app.facets.shown[0].text
        assert "and" in app.search.query_one(Breadcrumb)._texts()[1][0]
        await app.press("a")
        assert app.total == either

    drive(scenario, demo, request)


def test_excluding_and_taking_back(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("Verity Pascoe-Lund")
        await app.press("x")
        assert app.request.not_person == ("Verity Pascoe-Lund",)
        assert app.total == 69
        assert app.facets.current is not None
        assert app.facets.current.kind is RowKind.EXCLUDED
        await app.press("space")
        assert app.total == 101
        await app.to_facet("Verity Pascoe-Lund")
        await app.press("space", "x")
        assert app.request.person == ()
        assert app.request.not_person == ("Verity Pascoe-Lund",)

    drive(scenario, demo)


def test_the_missing_bucket_can_be_chosen(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.to_facet("no venue")
        await app.press("space")
        assert app.request.missing == ("venue",)
        assert app.total == 6
        await app.press("space")
        assert app.total == 101

    drive(scenario, demo)


def test_finding_within_a_facet(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "F")
        await app.type("kardashan")
        await app.press("down")
        assert [row.value for row in app.facets.shown if row.facet == "person" and row.value] == ["Kim Kardashian"]
        await app.to_facet("Kim Kardashian")
        await app.press("space")
        assert app.request.person == ("Kim Kardashian",)
        await app.press("F")
        assert app.search.query_one(FacetFinder).value == "kardashan"
        await app.press("escape")
        assert app.search.controller.facet_view("person").find == ""
        assert not app.search.query_one(FacetFinder).display

    drive(scenario, demo)


def test_what_is_found_within_a_facet_can_be_chosen_at_once(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "F")
        await app.type("ivanka")
        await app.press("enter")
        assert app.request.person == ("Ivanka Trump",)
        assert app.focus == "facets"
        assert app.search.controller.facet_view("person").find == ""
        await app.press("F", "ctrl+u")
        await app.type("kim")
        await app.press("enter", "x")
        assert app.request.not_person == ("Kim Kardashian",)

    drive(scenario, demo)


def test_order_and_more(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "o")
        people = [row.value for row in app.facets.shown if row.facet == "person" and row.kind is RowKind.VALUE]
        assert people == sorted(people)
        await app.press("o", "m")
        assert sum(row.facet == "person" and row.kind is RowKind.VALUE for row in app.facets.shown) == 36
        await app.to_facet("15 more")
        await app.press("enter")
        assert sum(row.facet == "person" and row.kind is RowKind.VALUE for row in app.facets.shown) == 51

    drive(scenario, demo)


def test_folding_and_walking(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "f", "j", "h")
        assert app.search.controller.facet_view("person").folded
        assert app.facets.cursor == 0
        await app.press("J")
        assert app.facets.facet == "venue"
        await app.press("K", "l")
        assert not app.search.controller.facet_view("person").folded
        await app.press("g", "space")
        assert app.search.controller.facet_view("person").folded
        await app.press("space", "escape")
        assert app.focus == "results"

    drive(scenario, demo)


def test_the_mouse_chooses_a_value(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.pilot.click("#facets", offset=(6, 1))
        await app.settle()
        assert app.request.person == ("Verity Pascoe-Lund",)

    drive(scenario, demo)


def test_declared_facets_are_in_the_panel(few: Archive) -> None:
    (few.root / "archive.yaml").write_text("facets: [source, tags]\n", "utf-8")
    archive = Archive.open(few.root)
    archive.index()

    async def scenario(app: Driver) -> None:
        headings = [row.text for row in app.facets.shown if row.kind is RowKind.HEAD]
        assert headings == ["Person", "Venue", "Source", "Tags"]
        await app.press("escape")
        await app.to_facet("politics")
        assert app.facets.current is not None
        promised = app.facets.current.count
        await app.press("space")
        assert app.request.where == (("tags", "politics"),)
        assert app.total == promised

    drive(scenario, archive, size=(120, 60))


def test_a_range_of_years_by_keys(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "home", "v", "right", "right", "enter")
        assert app.request.year == (YearRange(1989, 1991),)
        within = app.total
        await app.press("shift+right", "space")
        assert len(app.request.year) == 2
        assert app.total > within
        await app.press("enter")
        assert len(app.request.year) == 1
        await app.press("enter")
        assert app.request.year == ()
        await app.press("end", "shift+left", "shift+left", "enter")
        assert app.request.year == (YearRange(2021, 2023),)
        await app.press("home", "L", "L", "H", "enter")
        assert app.request.year == (YearRange(1989, 1990),)
        await app.press("v", "H", "enter")
        assert app.request.year == ()
        await app.press("end", "v", "escape")
        assert app.focus == "years"
        await app.press("x")
        assert app.request.not_where == (("year", "2023"),)
        await app.press("n", "escape")
        assert app.request.missing == ("year",)
        assert app.focus == "results"

    drive(scenario, demo)


def test_a_year_of_a_range_is_taken_out_of_it(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "home", "v", "right", "right", "enter", "left", "space")
        assert app.request.year == (YearRange(1989, 1989), YearRange(1991, 1991))

    drive(scenario, demo)


def test_a_range_of_years_by_mouse(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.pilot.mouse_down("#years", offset=(1, 3))
        await app.pilot.hover("#years", offset=(4, 3))
        await app.pilot.mouse_up("#years", offset=(4, 3))
        await app.settle()
        assert app.request.year == (YearRange(1989, 1992),)

    drive(scenario, demo)


def test_the_articles_without_a_date_are_clicked(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        years = app.search.query_one(Histogram)
        for expected in (("year",), ()):
            await app.pilot.click("#years", offset=(years.size.width - 4, years.outer_size.height - 1))
            await app.settle()
            assert app.request.missing == expected
        await app.pilot.click("#years", offset=(2, years.outer_size.height - 1))
        await app.settle()
        assert app.request == SearchRequest()

    drive(scenario, demo)


def test_the_years_as_text(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "T")
        assert not app.search.query_one(Histogram).display
        await app.to_facet("2016")
        await app.press("space")
        assert app.request.year == (YearRange(2016, 2016),)
        assert app.facets.current is not None
        assert app.total == app.facets.current.count
        await app.press("escape", "3")
        assert app.focus == "facets"
        assert app.facets.current is not None
        assert app.facets.current.text == "Year"
        await app.press("T")
        assert app.search.query_one(Histogram).display
        assert app.focus == "years"
        await app.press("escape", "T", "T")
        assert app.focus == "results"

    drive(scenario, demo, size=(120, 70))


def test_constraints_are_taken_away_one_by_one(demo: Archive) -> None:
    request = SearchRequest(person="Kim Kardashian", not_person="Donald Trump", year="2016..2023", missing="venue")

    async def scenario(app: Driver) -> None:
        crumbs = app.search.query_one(Breadcrumb)
        assert [chip.label for chip in crumbs.chips] == ["Kim Kardashian", "Donald Trump", "no venue", "2016–2023"]
        await app.press("escape", "minus")
        assert app.request.year == ()
        await app.press("b", "l", "backspace")
        assert app.request.not_person == ()
        assert app.focus == "constraints"
        await app.press("h", "x", "x")
        assert app.request == SearchRequest()
        assert app.focus == "results"
        assert "all articles" in app.text()

    drive(scenario, demo, request)


def test_a_chip_is_clicked_away_and_everything_cleared(demo: Archive) -> None:
    request = SearchRequest("trump", person=("Kim Kardashian", "Ivanka Trump"), not_venue="Funke")

    async def scenario(app: Driver) -> None:
        start, _ = app.search.query_one(Breadcrumb)._spans()[2]
        await app.pilot.click("#constraints", offset=(start + 3, 0))
        await app.settle()
        assert app.request.person == ("Kim Kardashian",)
        await app.press("escape", "c")
        assert app.request == SearchRequest("trump")
        assert [chip.label for chip in app.search.query_one(Breadcrumb).chips] == ["trump"]
        await app.press("b", "x")
        assert app.request == SearchRequest()
        assert app.search.query_one(Query).value == ""

    drive(scenario, demo, request)


def test_every_year_has_a_bar_of_its_own_however_narrow(demo: Archive) -> None:
    years = {value.value for value in demo.facet("year", limit=None).values}

    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "home")
        chart = app.search.query_one(Histogram)
        assert len(chart.bars.bins) > chart.content_size.width
        assert f"{min(years)}" in app.text()
        assert "›" in app.text()
        seen = set()
        for _ in range(40):
            marked = chart.marked_years()
            assert marked is not None
            assert marked.first == marked.last
            seen.add(str(marked.first))
            await app.press("right")
        assert years <= seen
        assert "‹" in app.text()

    drive(scenario, demo, size=(80, 24))


def test_years_are_typed(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "r")
        await app.type("1995-1998, 2010..")
        await app.press("enter")
        assert app.request.year == (YearRange(1995, 1998), YearRange(2010, None))
        assert app.total == demo.search(year=("1995..1998", "2010..")).total
        await app.press("r", "ctrl+u")
        await app.type("soon")
        await app.press("enter")
        assert "soon" in app.text()
        await app.press("ctrl+u", "enter")
        assert app.request.year == ()

    drive(scenario, demo)


def test_days_are_shown_where_all_is_of_one_month(demo: Archive) -> None:
    months = {row.period: row.hits for row in demo.timeline("date:1998", by="month") if "-" in row.period}
    month = max(months, key=lambda period: months[period])
    rows = demo.timeline(f"date:{month}", by="day")
    held = {row.period: row.hits for row in rows if row.hits and len(row.period) == 10}
    assert len(held) > 1
    day = max(held)

    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "g")
        assert f"{month}-01" in app.text()
        bars = app.search.query_one(Histogram).bars.bins
        assert {f"{month}-{each.year:02}": each.count for each in bars if each.count} == held
        assert len(bars) in range(28, 32)
        await app.press(*["right"] * (int(day[8:]) - 1), "enter")
        assert app.request.query == f"date:{month} date:{day}"
        assert app.total == held[day]
        bars = app.search.query_one(Histogram).bars.bins  # the other days can still be chosen
        assert [each.year for each in bars if each.selected] == [int(day[8:])]
        assert {f"{month}-{each.year:02}": each.count for each in bars if each.count} == held
        await app.press("enter")
        assert app.request.query == f"date:{month}"

    drive(scenario, demo, SearchRequest(f"date:{month}"))


def test_months_are_shown_where_all_is_of_one_year(demo: Archive) -> None:
    held = {row.period: row.hits for row in demo.timeline("date:1998", by="month") if row.hits and "-" in row.period}
    assert len(held) > 1

    async def scenario(app: Driver) -> None:
        await app.press("escape", "3", "g")
        assert "1998-01" in app.text()
        assert "1998-12" in app.text()
        bars = app.search.query_one(Histogram).bars.bins
        assert {f"1998-{each.year:02}": each.count for each in bars if each.count} == held
        month = min(held)
        await app.press(*["right"] * (int(month[5:]) - 1))
        assert f"{month}: {held[month]}" in app.text()
        await app.press("enter")
        assert app.request.query == f"date:1998 date:{month}"
        assert app.total == held[month]
        await app.press("g", *["right"] * (int(month[5:]) - 1), "enter")
        assert app.request.query == "date:1998"

    drive(scenario, demo, SearchRequest("date:1998"))
