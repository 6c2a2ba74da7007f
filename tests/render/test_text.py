"""Answers, articles and reports as text."""

import pytest

from archive.model.article import Article, Problem
from archive.model.reports import CheckIssue, IndexReport, Stats, TimelineRow
from archive.model.results import FacetCount, FacetResult, Hit, Page, Snippet, Suggestion
from archive.query.request import SearchRequest
from archive.render import report_text, text
from archive.render.terminal import OutputStyle, shown_width, side_by_side
from archive.render.text import article
from archive.text.graphemes import cell_width

PLAIN = OutputStyle(60)


def hit(number: int, title: str = "A title") -> Hit:
    return Hit(f"id-{number}", title, None, None, ("Ada",), ("Pier",), 0.0, Snippet("a ball", ((2, 6),)), "x.md")


def test_hits_are_numbered_from_the_offset() -> None:
    page = Page("ball", 40, 1.0, tuple(hit(n) for n in range(3)), {})
    lines = list(text.page(page, SearchRequest("ball", offset=8), PLAIN))
    assert lines[0] == "40 articles · ball · 9–11 shown"
    assert lines[2:6] == [" 9. A title", "    undated · Pier · Ada", "    a **ball**", "    id-0"]
    assert "11. A title" in lines


def test_the_filters_are_said() -> None:
    request = SearchRequest(
        "ball",
        person=("Ada", "Bruno"),
        all_people=True,
        year="2016..2020",
        missing=("venue",),
        where=(("source", "Gazette"),),
        not_person=("Zoë",),
    )
    assert text.described(request) == [
        "ball", "person: Ada + Bruno", "year: 2016..2020", "not person: Zoë", "without: venue", "source: Gazette",
    ]  # fmt: skip


def test_an_untitled_hit_and_a_long_title() -> None:
    lines = list(text.hits([hit(1, ""), hit(2, "many words " * 12)], PLAIN))
    assert lines[0] == "1. (untitled)"
    assert all(cell_width(line) <= PLAIN.width for line in lines)


FACET = FacetResult((FacetCount("Ada Quill", 0, True), FacetCount("港", 1234)), 12, 3)


def test_facet_lines() -> None:
    assert text.facet_lines("person", FACET, PLAIN) == [
        "[x] Ada Quill        0",
        "    港           1,234",
        "    (no person)      3",
        "… and 11 more",
    ]
    marked = text.facet_lines("person", FACET, OutputStyle(60, styled=True), missing_selected=True)
    assert marked[0] == "● \x1b[1mAda Quill  \x1b[0m      0"
    assert marked[2].startswith("● ")


@pytest.mark.parametrize("width", [20, 40, 100])
def test_facets_stand_side_by_side_only_where_they_fit(width: int) -> None:
    page = Page("", 5, 0.0, (), dict.fromkeys(("person", "venue", "year", "source"), FACET))
    lines = list(text.facets(page, SearchRequest(), OutputStyle(width, styled=True)))
    assert all(shown_width(line) <= width for line in lines)
    headings = sum(name in line for line in lines[:1] for name in ("person", "venue", "year", "source"))
    assert headings == {20: 1, 40: 1, 100: 4}[width]


def test_columns_of_different_heights() -> None:
    assert list(side_by_side([["a", "bb"], ["c"], ["dd"]], 10)) == ["a    c", "bb", "", "dd"]
    assert list(side_by_side([], 10)) == []


def test_nothing_found_says_what_would_be() -> None:
    said = list(text.nothing(SearchRequest("bal\x1bl"), [Suggestion("ball", 1200, "spelling")]))
    assert said == ["nothing found for bal␛l", "  1,200 for ball (spelling)"]
    assert list(text.nothing(SearchRequest(), [])) == ["the archive holds no articles"]


ROWS = (TimelineRow("1998", 3, 4), TimelineRow("1999", 0, 0), TimelineRow("2000", 1, 1))


def test_a_timeline() -> None:
    assert list(text.timeline(ROWS, OutputStyle(40))) == [
        "period  hits                held   share",
        "1998       3  ████████████     4   75.0%",
        "1999       0                   0       –",
        "2000       1  ████             1  100.0%",
    ]


def test_a_timeline_without_room_for_bars() -> None:
    lines = list(text.timeline(ROWS, OutputStyle(20)))
    assert all("█" not in line for line in lines)


def test_an_article() -> None:
    shown = Article(
        id="a",
        title="A \x1btitle",
        body="One ball.\n\n- a list\n- of balls",
        date="1998",
        people=("Ada",),
        credits=("Getty",),
        extra={"pages": "3", "nested": {"a": ("b", "c")}},
        inferred=("people", "id"),
        path="corpus/a.md",
        line=4,
    )
    start = shown.body.index("balls")
    lines = list(article(shown, PLAIN, ((4, 8), (start, start + 5))))
    assert lines == [
        "A ␛title",
        "",
        "date    1998",
        "people  Ada (not declared)",
        "pages   3",
        "nested  a: b, c",
        "id      a",
        "file    corpus/a.md:4",
        "",
        "One **ball**.",
        "",
        "- a list",
        "- of **balls**",
        "",
        "Credits: Getty",
    ]


def test_a_mark_over_a_line_end_is_shown_on_both_lines() -> None:
    shown = Article(id="a", title="T", body="one two\nthree four")
    assert list(article(shown, PLAIN, ((4, 13), (14, 18))))[-2:] == ["one **two**", "**three** **four**"]


def test_reports() -> None:
    problems = tuple(Problem(f"corpus/{n:02}.md", 0, "bad", "mend it") for n in range(25))
    report = IndexReport(added=1200, unchanged=3, problems=problems, seconds=1.26)
    assert report_text.summary(report) == "1,200 added, 3 unchanged, 25 problems in 1.3 s"
    assert report_text.summary(IndexReport()) == "no articles in 0.0 s"
    said = list(report_text.problems(problems))
    assert said[0] == "corpus/00.md: bad; mend it"
    assert said[-1] == "… and 5 more (--json lists all)"
    assert len(said) == 21
    assert list(report_text.skipped({".doc": 2, "": 1})) == ["not read, by extension: no extension (1), .doc (2)"]
    assert list(report_text.skipped(None)) == []


def test_stats_and_findings() -> None:
    numbers = Stats("A", "english", 1200, 3, 0, 1, "1998", "2019-12", {"person": 8}, 1_234_567)
    said = list(report_text.stats(numbers, PLAIN))
    assert "dates          1998 to 2019-12" in said
    assert "index size     1.2 MB" in said
    assert next(report_text.findings((), PLAIN)).startswith("ok: ")
    assert list(report_text.findings((CheckIssue("torn", "rebuild", damage=True),), PLAIN)) == [
        "damaged: torn; rebuild"
    ]
