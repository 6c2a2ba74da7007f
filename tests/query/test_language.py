"""The query language: what every form of it finds, and what it refuses."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive import Archive, QueryError, UsageError

from ..support import generated, ids

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
    # patterns; a prefix also finds what the whole word finds
    "part*": "birthday gala tokyo",
    "parties*": "birthday gala tokyo",
    "birthdays*": "birthday year",
    "reform* court*": "prison",
    "kim zzz*": "",
    "zzz* OR kim": "birthday note",
    "kim -zzz*": "birthday note",
    "CRÈ*": "gala",
    "obr*": "birthday note",
    "o’br*": "birthday note",
    "b*day": "birthday year",
    "?im": "birthday note",
    "ki? dog": "note",
    "(ki?)": "birthday note",
    # … that fit a word, though terms are stems
    "?lodie": "gala",
    "*lodie": "gala",
    "par?ies": "birthday gala tokyo",
    "body:birth?ays": "birthday year",
    "*ies": "",  # of which nothing is left that tells anything
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
    'person:"kim kardashian"': "birthday prison",
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
    assert ids(six, query) == set(expected.split())


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
    "date:yesterday": "not a date of the form YYYY",
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
