"""One notion of an imprecise date: in every format that has dates, and in everything that asks for one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from archive.corpus.written_dates import date_in_address, read_date, split_name_date
from archive.model.article import Article

from .helpers import article, put, warnings

#: As written, as read, whether there is a doubt.
FORMS = [
    ("1998", "1998", False), ("1998-02", "1998-02", False), ("1998-02-21", "1998-02-21", False),
    ("unknown", None, False), ("n.d.", None, False), ("s.d.", None, False), ("Undated", None, False),
    ("c. 1998", "1998~", False), ("ca. 1921", "1921~", False), ("circa 1887", "1887~", False),
    ("about 1998-02", "1998-02~", False), ("1998?", "1998?", False), ("1954-06?", "1954-06?", False),
    ("1998~", "1998~", False), ("probably c. 1998", "1998%", False), ("[1998?]", "1998?", False),
    ("1990s", "199X", False), ("the 1990s", "199X", False), ("199X", "199X", False), ("199?", "199X", False),
    ("19XX", "19XX", False), ("19th century", "18XX", False), ("late 1990s", "199X", False),
    ("1998-02-??", "1998-02", False), ("1998-02-XX", "1998-02", False), ("1998-XX-XX", "1998", False),
    ("1998-02-00", "1998-02", False),
    ("21 February 1998", "1998-02-21", False), ("Feb 21, 1998", "1998-02-21", False),
    ("February 1998", "1998-02", False), ("3rd May 1931", "1931-05-03", False),
    ("21. Februar 1998", "1998-02-21", False),
    ("21 de febrero de 1998", "1998-02-21", False), ("1er août 1998", "1998-08-01", False),
    ("21.02.1998", "1998-02-21", False), ("1998/02/21", "1998-02-21", False), ("1998.02.21", "1998-02-21", False),
    ("23/10/2003", "2003-10-23", False), ("10/23/2003", "2003-10-23", False), ("5/5/1998", "1998-05-05", False),
    ("19980221", "1998-02-21", False), ("20080229T183000Z", "2008-02-29", False),
    ("1998:02:21 12:00:00", "1998-02-21", False), ("02/1998", "1998-02", False),
    ("2008-02-29 18:30", "2008-02-29", False), ("2015-05-28 23:23:39.00000000 -05:00", "2015-05-28", False),
    ("2015-01-01T00:30:00+11:00", "2015-01-01", False), ("Wed, 14 Jan 2009 22:10:00 -0800", "2009-01-14", False),
    ("Wed Jan 14 22:10:00 2009", "2009-01-14", False), ("January 14, 2009 at 10:10 PM EST", "2009-01-14", False),
    ("1998-2001", "1998/2001", False), ("1998-99", "1998/1999", False), ("between 1998 and 2001", "1998/2001", False),
    ("March 2003 – May 2003", "2003-03/2003-05", False), ("2003-01-02/2003-01-05", "2003-01-02/2003-01-05", False),
    ("03/04/1998", "1998", True), ("03-04-1998", "1998", True), ("1998-02-31", "1998-02", True),
    ("1998-13-01", "1998", True), ("31 June 1998", "1998-06", True), ("the week after the flood", None, True),
    ("21/02/98", None, True), ("12345", None, True), ("May", None, True), ("1998 and all that", None, True),
]  # fmt: skip


def yaml(text: str) -> tuple[str, str]:
    return "x.md", f"---\ntitle: T\ndate: {json.dumps(text, ensure_ascii=False)}\n---\nText."


def toml(text: str) -> tuple[str, str]:
    return "x.md", f"+++\ntitle = 'T'\ndate = {json.dumps(text, ensure_ascii=False)}\n+++\nText."


def header(text: str) -> tuple[str, str]:
    return "x.txt", f"Title: T\nDate: {text}\n\nText."


def record(text: str) -> tuple[str, str]:
    return "x.jsonl", json.dumps({"title": "T", "date": text, "body": "Text."})


@pytest.mark.parametrize(("text", "date", "doubtful"), FORMS, ids=[text for text, *_ in FORMS])
@pytest.mark.parametrize("form", [yaml, toml, header, record])
def test_every_form_in_every_format(
    tmp_path: Path, form: Callable[[str], tuple[str, str]], text: str, date: str | None, doubtful: bool
) -> None:
    name, data = form(text)
    found = article(tmp_path, data, name)
    assert found.date == date
    assert found.date_text == ("" if text == date else text)
    assert [warning.what for warning in warnings(tmp_path, data, name)] == ([read_date(text).doubt] if doubtful else [])


@pytest.mark.parametrize(("text", "date", "doubtful"), FORMS, ids=[text for text, *_ in FORMS])
def test_what_is_exported_says_the_same(tmp_path: Path, text: str, date: str | None, doubtful: bool) -> None:
    from archive.corpus.serialize import to_markdown, to_record

    found = article(tmp_path, yaml(text)[1])
    again = article(tmp_path, to_markdown(found), "again.md")
    assert (again.date, again.date_text) == (date, found.date_text)
    assert to_record(found).get("date") == date
    once_more = article(tmp_path, json.dumps(to_record(found)), "again.jsonl")
    assert (once_more.date, once_more.date_text) == (date, found.date_text)


def test_a_date_of_toml_is_a_date_and_not_a_text(tmp_path: Path) -> None:
    for written, date in (
        ("2004-09-17", "2004-09-17"),
        ("2011-06-02T23:40:00-05:00", "2011-06-02"),
        ("2011-06-02 23:40:00", "2011-06-02"),
        ("1998", "1998"),
        ("19980221", "1998-02-21"),
    ):
        assert article(tmp_path, f"+++\ntitle = 'T'\ndate = {written}\n+++\nText.").date == date


@pytest.mark.parametrize(
    ("name", "date", "rest"),
    [
        ("2016-2-9-lease", "2016-02-09", "lease"),
        ("Oct 23, 2023 lease", "2023-10-23", "lease"),
        ("lease 2023-10-23", "2023-10-23", "lease"),
        ("2016-02-30 lease", None, "2016-02-30 lease"),
        ("lease of 1998", None, "lease of 1998"),
        ("1998 lease", "1998", "lease"),
        ("٢٠١٤", None, "٢٠١٤"),
    ],
)
def test_dates_in_names(name: str, date: str | None, rest: str) -> None:
    reading, left = split_name_date(name)
    assert (reading.date, left) == (date, rest)


@pytest.mark.parametrize(
    ("address", "date"),
    [
        ("https://x.test/2017/03/28/choir", "2017-03-28"),
        ("/2017/3/choir", "2017-03"),
        ("https://x.test/2017-03-28-choir", "2017-03-28"),
        ("https://x.test/2017/99/choir", None),
        ("https://x.test/article-20170328", None),
        ("https://x.test/2017/02/30/x", "2017-02"),
    ],
)
def test_dates_in_addresses(address: str, date: str | None) -> None:
    assert date_in_address(address) == date


def test_a_file_whose_name_leaves_day_and_month_open_is_of_its_year(tmp_path: Path) -> None:
    assert article(tmp_path, "T\n\nText.", "03-04-1998 x.txt").date == "1998"
    (warning,) = warnings(tmp_path, "T\n\nText.", "03-04-1998 x.txt")
    assert warning.what.startswith("the date in the file's name is read as 1998: ")
    declared = "---\ntitle: T\ndate: n.d.\n---\nText."
    assert article(tmp_path, declared, "03-04-1998 x.txt").date is None


@pytest.fixture
def dated(tmp_path: Path) -> Archive:
    dates = {"year": "1998", "doubtful": "c. 1998", "month": "1998-02", "day": "21.02.1998", "decade": "1990s",
             "years": "1997-1999", "spring": "1998-03/1998-05", "unknown": "n.d.", "century": "19XX"}  # fmt: skip
    for name, date in dates.items():
        front = f"title: {name}\nid: {name}\ndate: {date}\npeople: [Ada Quill]"
        put(tmp_path, f"{name}.md", f"---\n{front}\n---\nText {name}.")
    return Archive.open(tmp_path)


def ids(archive: Archive, query: str) -> set[str]:
    return {hit.id for hit in archive.search(query, limit=None).hits}


def test_a_decade_is_in_no_year_but_in_ranges_of_dates(dated: Archive) -> None:
    dated.index()
    in_1998 = {"year", "doubtful", "month", "day", "spring"}
    assert ids(dated, "year:1998") == ids(dated, "date:1998") == in_1998
    assert ids(dated, "date:1990..1999") == ids(dated, "date:199X") == {*in_1998, "decade", "years"}
    assert ids(dated, "date:1900..1999") == {*in_1998, "decade", "years", "century"}
    assert ids(dated, "date:1998-02") == {"month", "day"}
    assert ids(dated, "missing:date") == {"unknown"}
    assert ids(dated, "missing:year") == {"unknown", "decade", "years", "century"}
    (year,) = dated.facet("year").values
    assert (year.value, year.count, dated.facet("year").missing) == ("1998", 5, 4)
    assert dated.get("doubtful").year == 1998
    assert dated.get("decade").year is None


def test_a_timeline_has_decades_beside_years(dated: Archive) -> None:
    dated.index()
    rows = {row.period: row.hits for row in dated.timeline()}
    assert rows == {"1998": 5, "199X": 2, "19XX": 1, "undated": 1}
    months = {row.period: row.hits for row in dated.timeline(by="month") if row.hits}
    assert months == {"1998": 3, "1998-02": 2, "199X": 2, "19XX": 1, "undated": 1}


def test_the_oldest_first(dated: Archive) -> None:
    dated.index()
    oldest = [hit.id for hit in dated.search(sort="oldest").hits]
    assert oldest.index("century") < oldest.index("decade") < oldest.index("year") < oldest.index("month")
    assert oldest.index("month") < oldest.index("day") < oldest.index("unknown")
    assert oldest[-1] == "unknown"


def test_encounters_exports_and_statistics_take_every_date(dated: Archive) -> None:
    dated.index()
    found = dated.encounters("Ada Quill", stance="all")
    assert {row.date for row in found.rows} >= {"199X", "1998~", "1997/1999", None}
    stats = dated.stats()
    assert (stats.undated, stats.first, stats.last) == (1, "19XX", "1998-02-21")
    from archive.render.bibtex import entry

    for each in dated.articles():
        assert isinstance(each, Article)
        assert any("year = " in line for line in entry(each)) == bool(each.date)
