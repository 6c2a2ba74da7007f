"""JSON and tables: documented keys in their order, plain UTF-8, nothing that acts on a terminal."""

import csv
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model.article import Problem
from archive.model.reports import IndexReport, TimelineRow
from archive.model.results import Explanation, FacetCount, FacetResult, Hit, Page, Snippet, Suggestion
from archive.render import json_output, table

HIT = Hit(
    id="a-ball",
    title='A ball, "late"\n\x1b[31m',
    date="1998-07",
    year=1998,
    people=("Ada Quill", "Quill, Bruno"),
    venues=(),
    score=1.234567,
    snippet=Snippet("the ball drew\thalf", ((4, 8),)),
    path="corpus/a.md",
    title_marks=((2, 6),),
)
PAGE = Page(
    query="ball",
    total=3,
    took_ms=1.23456,
    hits=(HIT,),
    facets={"person": FacetResult((FacetCount("Ada Quill", 2, True), FacetCount("Bruno", 1)), 7, 1)},
    suggestions=(Suggestion("balls", 4, "spelling"),),
)


def test_a_page_has_the_documented_keys_in_order() -> None:
    record = json.loads("\n".join(json_output.document(json_output.page_record(PAGE))))
    said = ("relaxed", "ignored", "notes")
    assert list(record) == ["format_version", "query", "total", "took_ms", "hits", "facets", "suggestions", *said]
    assert record["format_version"] == 1
    hit = record["hits"][0]
    documented = ["id", "title", "date", "year", "people", "venues", "score", "snippet", "path"]
    assert list(hit) == [*documented, "detected", "provenance", "aliases", "title_marks", "snippet_marks", "line"]
    assert tuple(hit) == json_output.HIT_KEYS
    assert [hit["title"][start:end] for start, end in hit["title_marks"]] == ["ball"]
    assert [hit["snippet"][start:end] for start, end in hit["snippet_marks"]] == ["ball"]
    assert hit["score"] == 1.2346
    assert hit["snippet"] == "the **ball** drew\thalf"
    assert list(record["facets"]["person"]) == ["values", "distinct", "missing"]
    assert record["facets"]["person"]["values"][0] == {
        "value": "Ada Quill",
        "count": 2,
        "selected": True,
        "provenance": None,
    }
    assert record["suggestions"] == [{"query": "balls", "total": 4, "reason": "spelling"}]


def test_an_explanation_comes_last_when_asked_for() -> None:
    said = Explanation("body:ball", ("body^1",), (), {"ball*": ("ball", "balls")}, ("the",), ())
    page = Page("ball*", 0, 0.0, (), {}, (), said)
    record = json_output.page_record(page)
    assert list(record)[-1] == "explanation"
    assert record["explanation"]["expansions"] == {"ball*": ["ball", "balls"]}


@settings(deadline=None)
@given(st.text(st.characters()))
def test_json_reads_back_and_is_safe_utf8(text: str) -> None:
    written = json_output.dumps({"text": text})
    assert json.loads(written) == {"text": text}
    written.encode("utf-8")
    assert not [char for char in written if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(written) & set("\u061c\u200e\u200f\u202a\u202e\u2066\u2069")


def test_json_keeps_letters_readable() -> None:
    assert json_output.dumps("Élodie 港 👩‍👧") == '"Élodie 港 👩‍👧"'
    assert json_output.dumps("\x7f\x9b\u202e\u2028\udce9") == r'"\u007f\u009b\u202e\u2028\udce9"'


def test_csv_reads_back_on_one_line_each() -> None:
    lines = list(table.write_rows("csv", table.HIT_COLUMNS, [json_output.hit_record(HIT)]))
    assert len(lines) == 2
    rows = list(csv.reader(lines))
    assert rows[0] == list(table.HIT_COLUMNS)
    assert rows[1] == [
        "a-ball", 'A ball, "late" ␛[31m', "1998-07", "1998", "Ada Quill; Quill, Bruno", "", "1.2346",
        "the **ball** drew half", "corpus/a.md",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.text(st.characters()), min_size=2, max_size=2))
def test_tables_keep_their_shape_whatever_the_cells_hold(cells: list[str]) -> None:
    record = dict(zip("ab", cells, strict=True))
    for form in ("csv", "tsv"):
        lines = list(table.write_rows(form, "ab", [record]))
        assert len(lines) == 2
        assert not [char for char in lines[1] if unicodedata.category(char) == "Cc" and char != "\t"]
    assert lines[1].count("\t") == 1
    assert len(next(csv.reader(list(table.write_rows("csv", "ab", [record]))[1:]))) == 2


def test_facets_and_periods_as_rows() -> None:
    rows = list(table.write_rows("tsv", table.FACET_COLUMNS, table.facet_rows(PAGE)))
    assert rows == ["facet\tvalue\tcount\tselected", "person\tAda Quill\t2\ttrue", "person\tBruno\t1\tfalse"]
    assert json_output.timeline_record(TimelineRow("1998", 1, 3)) == {
        "period": "1998", "hits": 1, "held": 3, "share": 0.3333
    }  # fmt: skip
    assert json_output.timeline_record(TimelineRow("1999", 0, 0))["share"] == 0


def test_an_index_report_in_full() -> None:
    report = IndexReport(1, 2, 3, 4, (Problem("corpus/x.md", 3, "bad date", "mend it"),), {".z": 2, ".a": 1}, 0.5)
    record = json_output.report_record(report)
    assert list(record) == ["added", "updated", "unchanged", "removed", "problems", "warnings", "skipped", "seconds"]
    assert record["problems"] == [{"path": "corpus/x.md", "line": 3, "what": "bad date", "remedy": "mend it"}]
    assert list(record["skipped"]) == [".a", ".z"]


def test_only_mappings_are_taken_for_objects() -> None:
    with pytest.raises(TypeError, match="set has no JSON form"):
        json_output.dumps({"x": {1}})
