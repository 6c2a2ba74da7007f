"""The query language: what every form of it finds, and what it refuses."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive import Archive, QueryError, SearchRequest, UsageError
from archive.query import relative_dates

from ..support import generated, ids, make_archive

EVERYTHING = "birthday prison gala year tokyo note"

FINDS = {
    # words: all of them, stemmed, whatever the case, accents and apostrophes
    "birthday": "birthday year",
    "BIRTHDAY": "birthday year",
    "birthdays party": "birthday",
    "party": "birthday gala tokyo",
    "parties": "birthday gala tokyo",
    "kim trump": "birthday",
    "kim zzz": "",
    "cafe": "gala",
    "CAFÉ": "gala",
    "cafe\u0301": "gala",
    "creme brulee": "gala",
    "elodie": "gala",
    "kim": "birthday note",
    "kim's": "birthday note",
    "kim’s": "birthday note",
    "dogs": "note",
    "O’Brien": "birthday note",
    "o'brien": "birthday note",
    "obrien": "birthday note",
    "1,000": "note",
    "12:30": "year",
    "AT&T": "year",
    "http://example.org": "",
    # stop words are left out, unless there is nothing else or they are in a phrase
    "the birthday": "birthday year",
    "to be or not to be": "year",
    "the of and": "prison",
    "the": "birthday prison gala year note",
    '"to be or not to be"': "year",
    '"reform of the courts"': "prison",
    '"reform of courts"': "",
    '"the state"': "note",
    # phrases and slop: the last number is how far on the next word may be
    '"prison reform"': "prison",
    '"reform prison"': "",
    '"birthday party"': "birthday",
    '"party birthday"': "",
    '"ivanka came"': "",
    '"ivanka came"~2': "birthday",
    '"discussed courts"~10': "prison",
    '"discussed courts"~9': "",
    '"party"': "birthday gala tokyo",
    "“prison reform”": "prison",
    "„prison reform“": "prison",
    "«prison reform»": "prison",
    '"prison reform" -party': "prison",
    '"Gala The café"': "",  # nothing runs on from the title into the text
    # a word with something inside is a phrase of its parts
    "invited-to-the-birthday": "birthday",
    "state-of-the-art": "note",
    "birthday-invited": "",
    "prison/reform": "prison",
    # operators; OR and AND bind before the words that merely follow one another
    "kim AND trump": "birthday",
    "kim OR prison": "birthday prison note",
    "party OR reform kim": "birthday",
    "kim party OR reform": "birthday",
    "gala OR kim AND dog": "gala note",
    "kim NOT party": "note",
    "kim -party": "note",
    "kim -title:party": "note",
    "kim NOT title:party": "note",
    "kim -(title:party)": "note",
    "-party": "prison year note",
    "NOT party": "prison year note",
    "-party -kim": "prison year",
    "party -(kim OR gala)": "tokyo",
    "party NOT kim NOT gala": "tokyo",
    "party ANDNOT kim": "gala tokyo",
    "party ANDMAYBE kim": "birthday gala tokyo",
    "party ANDMAYBE zzz*": "birthday gala tokyo",
    "party REQUIRE kim": "birthday",
    "party REQUIRE zzz*": "",
    "(kim OR gala) (party OR dog)": "birthday gala note",
    "((kim) AND (party OR (dog AND bone)))": "birthday note",
    "kim and trump": "birthday",  # in small letters they are words
    "self-party": "",
    "7-body:kim": "",  # no field begins inside a word
    "NOT NOT party": "birthday gala tokyo",
    "*": EVERYTHING,
    "*:*": EVERYTHING,
    "* kim": "birthday note",
    "* -party": "prison year note",
    "* OR kim": EVERYTHING,
    "": EVERYTHING,
    "   ": EVERYTHING,
    "!!": "",
    "!! kim": "birthday note",
    # weights change the order only, even a weight of nothing
    "kim^3 party": "birthday",
    "kim^0": "birthday note",
    "kim^0 OR gala^0 OR prison^0": "birthday gala note prison",
    "(kim party)^0 OR dog^0 OR courts": "birthday note prison",
    "year:2016^0 OR kim^0 OR courts^0": "gala year birthday note prison",
    "party*^0 OR zzz OR dog": "birthday gala tokyo note",
    # patterns are of words as written
    "part*": "birthday gala tokyo",
    "parties*": "birthday",
    "birthdays*": "year",
    "reforms*": "",
    "=party": "gala tokyo birthday",
    "=parties": "birthday",
    "=PARTY -=parties": "gala tokyo",
    '="birthday party"': "birthday",
    '="birthdays party"': "",
    'title:="birthday party"': "birthday",
    'title:="birthdays party"': "",
    "reform* court*": "prison",
    "kim zzz*": "",
    "zzz* OR kim": "birthday note",
    "kim -zzz*": "birthday note",
    "CRÈ*": "gala",
    "obr*": "birthday note",
    "o’br*": "birthday note",
    "b*day": "birthday",
    "?im": "birthday note",
    "ki? dog": "note",
    "(ki?)": "birthday note",
    "?lodie": "gala",
    "*lodie": "gala",
    "par?ies": "birthday",
    "body:birth?ays": "year",
    "*ies": "birthday note",
    "person:?anka": "",
    # a question mark at the end is one
    "kim?": "birthday note",
    "Who is at Kim’s birthday party ?": "birthday",
    'gala "full of"?': "",
    '"met gala"?': "gala",
    "id:gal?": "gala",
    "ga??": "gala",
    "k*m*": "birthday tokyo note",
    "東*": "tokyo",
    # fuzzy: one letter wrong, or two; the first is right
    "prisom~": "prison",
    "prsn~2": "prison",
    "prsn~": "",
    "galaa~1 met": "gala",
    "xim~": "",
    "kardashain~2": "birthday",
    "kim~/2016": "birthday note",
    "kim~~": "birthday note",
    # a script without spaces is found by its characters, in their order
    "東京": "tokyo",
    "京東": "tokyo",
    "タワー": "tokyo",
    "ータワ": "",
    "東夜": "",
    '"東京タワー"': "tokyo",
    # fields
    "title:kim": "birthday",
    "title:(kim party)": "birthday",
    "title:(kim OR gala)": "birthday gala",
    'title:"white house"': "prison",
    "body:kim": "note",
    "text:kim": "note",
    "title:the": "prison year",
    "-title:party party": "gala tokyo",
    "person:ivanka": "birthday gala",
    "person:trump": "birthday prison gala",
    "people:trump -person:ivanka": "prison",
    'person:"kim kardashian"': "birthday prison",  # in quotes, the whole value
    'person:"KÍM  kardashian"': "birthday prison",
    'person:="kim kardashian"': "birthday prison",
    'person:"kim"': "",
    'person:"kardashian kim"': "",
    'person:"ivanka trump" OR title:note': "birthday gala note",
    'reform OR person:"ivanka trump"': "birthday prison gala",
    '-person:"ivanka trump" party': "tokyo",
    'person:("ivanka trump" OR "donald trump") -venue:"met"': "birthday prison",
    'person:"ivanka tr*"': "birthday gala",
    'person:"ivanka * trump"': "",
    'person:"佐藤 花子"': "tokyo",
    'person:"kardashian ivanka"~100': "",  # one name is not the next
    "person:trump person:kim": "birthday prison",
    "person:trumps": "",  # names are not stemmed
    "person:kard*": "birthday prison",
    "person:kardashiam~": "birthday prison",
    "person:佐藤": "tokyo",
    "person:[i TO k]": "birthday gala",
    "venue:house": "prison",
    'tag:"night out"': "tokyo",
    "tags:night": "tokyo",
    "id:gala": "gala",
    "id:gal": "",
    "id:ga*": "gala",
    "id:*a*": "birthday gala year",
    "id:galb~": "gala",
    'url:"https://example.org/gala?x=1"': "gala",
    "url:https*": "gala",
    "path:*.jsonl": EVERYTHING,
    "[birth TO bone]": "birthday year note",
    "title:{met TO party]": "birthday note",
    # years and dates; a date is within a span only if all it can mean is
    "year:2016": "gala year",
    'year:"2016"': "gala year",
    "year:2016..2018": "prison gala year",
    "year:2017..": "birthday prison",
    "year:..2016": "gala year",
    "year:[2016 TO 2018]": "prison gala year",
    "year:{2016 TO 2023}": "prison",
    "year:[2018 TO]": "birthday prison",
    "year:2016 OR year:2023": "birthday gala year",
    "year:2016 year:2018": "",
    "-year:2016": "birthday prison tokyo note",
    "year:2016 -date:2016-05": "year",
    "date:2016": "gala year",
    "date:2016-05": "gala",
    "date:2016-05-02": "gala",
    "date:2016-05-03": "",
    "date:2016..2018": "prison gala year",
    "date:2016-05..2018": "prison gala",
    "date:2016-01..2016-12": "gala year",
    "date:2018-05-01..2018-05-30": "",
    "date:2018-05-01..2018-05-31": "prison",
    "date:2018..": "birthday prison",
    "date:..2016-05-02": "gala",
    "date:[2016 TO 2018]": "prison gala year",
    "date:[2018-05 TO]": "birthday prison",
    "date:..": "birthday prison gala year",
    # which fields an article has
    "has:venue": "birthday prison gala",
    "missing:venue": "year tokyo note",
    "has:people": "birthday prison gala tokyo",
    "missing:date": "tokyo note",
    "has:tag": "tokyo",
    "has:url kim": "",
    "venue:*": "birthday prison gala",
    "year:*": "birthday prison gala year",
    "missing:venue -missing:date": "year",
    # people see results while they type
    '"prison reform': "prison",
    'prison" reform': "prison",
    '"': "",
    "(prison": "prison",
    "prison)": "prison",
    "((kim OR gala": "birthday gala note",
    "prison AND": "prison",
    "OR prison": "prison",
    "prison NOT": "prison",
    "prison -": "prison",
    "title:": "",
    "prison ~": "prison",
    "[prison": "prison",
    "year:2016 AND": "gala year",
}


@pytest.mark.parametrize(("query", "expected"), FINDS.items(), ids=FINDS)
def test_a_query_finds(six: Archive, query: str, expected: str) -> None:
    assert ids(six, query, all_words=True) == set(expected.split())


ANY_WORD = {
    "kim gala": "birthday gala note",
    "zzz gala": "gala",
    "kim AND dog": "note",
    "the zzz": "",
    "party -kim": "gala tokyo",  # what is excluded is never found, though one word is enough
    "party dog -kim -gala": "tokyo",
    "-party": "prison year note",
    "party OR -kim": "gala tokyo",
}


@pytest.mark.parametrize(("query", "expected"), ANY_WORD.items(), ids=ANY_WORD)
def test_any_word_is_enough(six: Archive, query: str, expected: str) -> None:
    assert ids(six, query, any_word=True) == set(expected.split())


def test_an_exact_value_is_the_one_that_a_filter_chooses(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    records = "- name: Howard Baker\n  aliases: [H. Baker]\n- name: Nobody\n"
    (tmp_path / "corpus" / "people.yaml").write_text(records, "utf-8")
    people = {"one": ["Howard Baker"], "two": ["Howard Baker Jr."], "three": ["Howard Bakersfield", "Nell Howard"]}
    articles = [{"id": name, "people": value, "source": "The Post", "body": name} for name, value in people.items()]
    with make_archive(tmp_path, articles) as archive:
        for query in ('person:"Howard Baker"', 'person:"howard bakér"', 'people:"H. Baker"'):
            assert ids(archive, query) == {"one"} == ids(archive, person=query.split('"')[1])
        assert ids(archive, 'person:"Howard Baker" OR three') == {"one", "three"}
        assert ids(archive, "person:(howard baker)") == {"one", "two"}
        assert ids(archive, 'source:"the post"') == ids(archive)  # no facet here: a phrase
        page = archive.search('person:"Howard B"')
        assert page.notes == (
            "no article has the person 'Howard B'; person:(Howard B) finds values with these words in them",
        )
        assert archive.search('person:"Nobody"').notes == ()


RELATIVE = {
    "date:today": "2024-02-29",
    "date:yesterday": "2024-02-28",
    "date:Yesterday..": "2024-02-28 2024-02-29",
    "date:this-week": "2024-02-28 2024-02-29",
    "date:last-week": "2024-02-19 2024-02-25",
    "date:1-week-ago": "2024-02-19 2024-02-25",
    "date:this-month": "2024-02-19 2024-02-25 2024-02-28 2024-02-29",
    "date:last-month": "2024-01-31",
    "date:last-month..yesterday": "2024-01-31 2024-02-19 2024-02-25 2024-02-28",
    "date:[last-month TO yesterday]": "2024-01-31 2024-02-19 2024-02-25 2024-02-28",
    "date:14-months-ago": "2022-12-31",
    "date:..this-year": "2022-12-31 2024-01-31 2024-02-19 2024-02-25 2024-02-28 2024-02-29",
    'date:"last  month"': "2024-01-31",
    "date:2-years-ago": "2022-12-31",
    "date:10-days-ago..": "2024-02-19 2024-02-25 2024-02-28 2024-02-29",
    "date:0-days-ago": "2024-02-29",
}


def test_relative_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relative_dates, "today", lambda: datetime.date(2024, 2, 29))
    dates = sorted({each for text in RELATIVE.values() for each in text.split()})
    with make_archive(tmp_path, [{"id": date, "date": date, "body": "x"} for date in dates]) as archive:
        for query, expected in RELATIVE.items():
            assert ids(archive, query) == set(expected.split()), query
        explanation = archive.search("date:last-week..yesterday", explain=True).explanation
        assert explanation is not None
        assert explanation.expansions == {"last-week": ("2024-02-19/2024-02-25",), "yesterday": ("2024-02-28",)}


# The operators of other search engines; within quotes they are marks like any other.
OPERATORS = {
    "party || reform": "party OR reform",
    "party | reform": "party OR reform",
    "party||reform": "party OR reform",
    "kim && party": "kim AND party",
    "kim !party": "kim -party",
    "!party": "-party",
    "(!party) kim": "(-party) kim",
    "party !(kim | gala)": "party -(kim OR gala)",
    'party !"met gala"': 'party -"met gala"',
    "party |": "party",
    '"party | reform"': '"party reform"',
    "kim ! party": "kim party",
    "!! kim": "kim",
    "AT&T": "AT T",
}


@pytest.mark.parametrize(("query", "same"), OPERATORS.items(), ids=OPERATORS)
def test_operators_of_other_search_engines(six: Archive, query: str, same: str) -> None:
    assert ids(six, query, all_words=True) == ids(six, same, all_words=True)


READINGS = {
    "party OR reform kim": "(party OR reform) AND kim",
    "gala OR kim AND dog": "gala OR (kim AND dog)",
    "kim NOT party | reform": "kim AND (NOT party OR reform)",
    "title:(kim -party)^2 bi?thday par* dog~": "(title:kim AND NOT title:party)^2 AND bi?thday AND par* AND dog~1",
    '"prison reform"~3 =kim [a TO b} person:"x y"': '"prison reform"~3 AND =kim AND [a TO b} AND person:"x y"',
    "kim ANDMAYBE party": "kim ANDMAYBE party",
    'kim NEAR/5 "prison reform" -par* NEAR/2 dog': 'kim NEAR/5 "prison reform" AND NOT par* NEAR/2 dog',
    "title:(kim NEAR/3 met)": "title:kim NEAR/3 title:met",
    "the birthday (of kim)": "birthday AND kim",  # without what is ignored
    "to be or not": "to AND be AND or AND not",
    "party": "party",
    "": "",
}


@pytest.mark.parametrize(("query", "expected"), READINGS.items(), ids=READINGS)
def test_how_a_query_was_read_is_explained(six: Archive, query: str, expected: str) -> None:
    explanation = six.search(query, explain=True, all_words=True).explanation
    assert explanation is not None
    assert explanation.reading == expected
    assert ids(six, query, all_words=True) == ids(six, expected, all_words=True)


def test_a_relaxed_reading_is_explained(six: Archive) -> None:
    for query, expected in (
        ("zzz the kim title:met", "(zzz OR kim) AND title:met"),
        ('"prison reform" zzz dog -court', '("prison reform" OR zzz OR dog) AND NOT court'),
        ("zzz kim", "zzz OR kim"),
    ):
        page = six.search(query, explain=True)
        assert page.explanation is not None
        assert page.explanation.reading == expected
        assert {hit.id for hit in page.hits} == ids(six, expected, all_words=True)


ADDRESSES = {
    "https://ledger.example/archive/item?id=42&page=3": "one",
    "(see https://ledger.example/archive/item?id=42&page=3)": "one",
    "www.tidemark.example/search?q=gala|ball&x=!y": "two",
    "tidemark.example/search?q=gala|ball": "two",
    "http://ledger.example/a_(b)?c": "three",
    'page "see https://ledger.example/archive/item?id=42"': "one",
    "https://ledger.example/archive/item?id=44": "",
}


def test_a_pasted_address_is_found_as_it_is(tmp_path: Path) -> None:
    texts = {
        "one": "See https://ledger.example/archive/item?id=42&page=3 for more.",
        "two": "From www.tidemark.example/search?q=gala|ball&x=!y today.",
        "three": "http://ledger.example/a_(b)?c",
    }
    with make_archive(tmp_path, [{"id": name, "body": body} for name, body in texts.items()]) as archive:
        for query, expected in ADDRESSES.items():
            assert ids(archive, query, all_words=True) == set(expected.split()), query


# Where no article has all of the words, those that have any of them; what is said of a field stays as it is.
RELAXED = {
    "kim zzz": "birthday note",
    "zzz kim gala": "birthday gala note",
    "zzz kim gala -met": "birthday note",
    "zzz kim gala title:kim": "birthday",
    "zzz kim gala year:2016": "gala",
    '"prison reform" zzz dog': "prison note",
    "=parties zzz do*": "birthday note",
    "who was it that the kim zzz of the": "birthday note",
    "(kim OR zzz) (yyy OR xxx)": "birthday note",
    "zzz yyy": "",
}
AS_ASKED = {
    "kim party": "birthday",  # some article has all
    "kim AND zzz": "",  # operators are meant
    "zzz title:kim": "",  # one word alone
    "the zzz": "",
    "kim -title:zzz": "birthday note",
}


def test_where_no_article_has_all_words_any_will_do(six: Archive) -> None:
    for query, expected in RELAXED.items():
        page = six.search(query, limit=None)
        assert {hit.id for hit in page.hits} == set(expected.split()), query
        assert page.relaxed == bool(expected)
        assert ("no article has all of these words" in " ".join(page.notes)) == bool(expected)
        assert not six.search(query, all_words=True).relaxed
        assert ids(six, query, all_words=True) == set()
        assert {article.id for article in six.articles(query)} == set(expected.split())
        assert sum(row.hits for row in six.timeline(query)) == page.total
        assert six.facet("venue", request=SearchRequest(query)) == page.facets["venue"]
    for query, expected in AS_ASKED.items():
        page = six.search(query, limit=None)
        assert {hit.id for hit in page.hits} == set(expected.split()), query
        assert not page.relaxed


def test_filters_do_not_change_what_a_query_means(six: Archive) -> None:
    """Otherwise a count would not be what one gets by choosing it."""
    assert ids(six, "kim party") == {"birthday"}
    assert ids(six, "kim party", venue="Met") == set()
    assert ids(six, "kim zzz party", venue="Met") == {"gala"}
    page = six.search("kim party", venue="Met")
    assert not page.relaxed
    assert [count.value for count in page.facets["venue"].values] == ["Met", "Funke"]


def test_either_all_words_or_any() -> None:
    with pytest.raises(UsageError, match="either any_word or all_words"):
        SearchRequest("kim party", any_word=True, all_words=True)


def test_ignored_words_and_lower_case_operators_are_pointed_out(six: Archive) -> None:
    def said(query: str) -> str:
        return "\n".join(six.search(query).notes)

    assert six.search("The birthday of kim").ignored == ("The", "of")
    assert said("The birthday of kim") == "too common to search for, except in quotes: The, of"
    assert "'or' was read as a word; the operator is OR" in said("party or reform")
    assert "'not' was read as a word; the operator is NOT" in said("party not reform")
    assert said("party OR reform NOT kim") == ""
    assert said('"or" year') == said("to be or not to be") == ""
    many = "what was it that she had been to him and they to us and kim"
    assert "what, was, it, that, she, had, been, to and 3 more" in said(many)


REFUSED = {
    "nofield:kim": "no field 'nofield'.*the fields are title, body, person, venue, year, date",
    "titel:kim": "did you mean 'title'",
    "Title:kim": "did you mean 'title'",
    "self-body:kim": "did you mean 'body'",
    "has:nothing": "no field 'nothing'",
    "missing:nothing": "no field 'nothing'",
    "has:ven*": "has: takes the name of a field",
    "missing:ven~": "missing: takes the name of a field",
    "has:[a TO b]": "has: takes the name of a field",
    "year:abc": "'abc' is not a year",
    "year:20161": "'20161' is not a year",
    "year:2016-05": "not a year",
    "year:..": "not a year",
    "year:2018..2016": "end before they begin; write 2016..2018",
    "year:[2018 TO 2016]": "end before they begin; write year:.2016 TO 2018.",
    "year:[a TO b]": "'a' is not a year",
    "year:201*": "write a range, as in year:2010..2019",
    "year:2016~": "write a range, as in year:2010..2019",
    "date:2016-13": "has no month 13",
    "date:2016-02-30": "no day 30",
    "date:yesteryear": "not a date of the form YYYY.*relative date such as date:yesterday",
    "date:2200-years-ago": "before the year 1",
    "date:today..yesterday": "end before they begin; write yesterday..today",
    "date:0000": "no valid year",
    "date:2018..2016": "end before they begin; write 2016..2018",
    "date:{2016 TO 2018}": "includes its ends",
    "date:2016*": "write a range, as in date:2016-05..2016-08",
    "date:2016~": "write a range, as in date:2016-05..2016-08",
    "kim ANDNOT ANDNOT gala": "two operators follow each other",
}


@pytest.mark.parametrize(("query", "why"), REFUSED.items(), ids=REFUSED)
def test_a_query_is_refused_saying_why(six: Archive, query: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        six.search(query)


def test_an_unknown_facet_is_refused_naming_the_known(six: Archive) -> None:
    for options in ({"facets": "nothing"}, {"missing": "nothing"}, {"where": {"source": "x"}}):
        with pytest.raises(UsageError, match="the facets are person, venue, year, tags"):
            six.search(**options)


def test_words_that_were_left_out_are_named(six: Archive) -> None:
    def ignored(query: str) -> tuple[str, ...]:
        explanation = six.search(query, explain=True).explanation
        assert explanation is not None
        return explanation.ignored

    assert ignored("The birthday of kim") == ("The", "of")
    assert ignored("the !!") == ()  # nothing else was left, so it is looked for
    assert ignored("to be") == ()
    assert ignored('"the state"') == ()


def test_a_beginning_that_goes_beyond_a_stem_is_shortened(six: Archive) -> None:
    def suggested(query: str) -> list[tuple[str, int]]:
        return [(each.query, each.total) for each in six.search(query).suggestions if each.reason == "spelling"]

    assert suggested("discussio*") == [("discuss*", 1)]
    assert suggested("kim (Birthdayz* OR zzz*)^2") == [("kim (birthday* OR zzz*)^2", 1)]
    assert suggested("kim party* zzz") == []
    assert suggested("zz* -birthdayz*") == []


def test_the_title_counts_more_than_the_text(six: Archive) -> None:
    assert [hit.id for hit in six.search("kim").hits] == ["birthday", "note"]


def test_a_weight_moves_an_article_up(six: Archive) -> None:
    light = [hit.id for hit in six.search("gala^0.01 OR dog^50").hits]
    heavy = [hit.id for hit in six.search("gala^50 OR dog^0.01").hits]
    assert light == heavy[::-1] == ["note", "gala"]


_SOUP = [
    *("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "TO", "(", ")", '"', "“", "”", "~", "~2", "/3", "^", "^2"),
    *("^.5", "-", "+", "*", "?", "[", "]", "{", "}", ":", "title:", "person:", "year:", "date:", "has:", "missing:"),
    *("id:", "url:", "nofield:", "2016", "..", "2016..2018", "2016-05", "kim", "the", "party", "parties", "O’Brien"),
    *("東京", "é", "\u0301", "'", "\\", "\ud800", "\0", "\n", "<", ">", "=", "!", "&&", "|", ",", "²", "٣", "İ", "ß"),
    *("\u200d", "👩\u200d👩\u200d👧", "[!a]*"),
]
_soup = st.lists(st.sampled_from(_SOUP), max_size=12).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda joint: joint.join(parts))
)


@generated(250)
@given(query=_soup | st.text(max_size=40), any_word=st.booleans())
@example(query="kim ANDMAYBE ANDMAYBE x", any_word=False)
@example(query='"x"~101', any_word=False)
def test_any_text_is_answered_or_refused_at_once(six: Archive, query: str, any_word: bool) -> None:
    began = time.process_time()
    try:
        page = six.search(query, any_word=any_word, explain=True)
        marked = six.highlight("Kim’s party: 東京, the parties, É [!a]*", query)
    except QueryError:
        pass
    else:
        assert page.total >= len(page.hits)
        assert all(0 <= start < end for start, end in marked)
    assert time.process_time() - began < 1
