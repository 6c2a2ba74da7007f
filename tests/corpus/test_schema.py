import re
from pathlib import Path

import pytest

from archive.corpus.decode import InvalidArticle
from archive.corpus.metadata import KeyWarning, Metadata, read_metadata
from archive.corpus.metadata_keys import SYNONYMS, KeyNames, key_name
from archive.corpus.metadata_values import MAX_NAME, MAX_NAMES


def warning(values: dict) -> KeyWarning:
    """The one warning of these values."""
    (only,) = read_metadata(values).warnings
    return only


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Photo Editor", "photo_editor"),
        ("photo-editor", "photo_editor"),
        ("photo_editor", "photo_editor"),
        ("_id", "_id"),
        ("SE\u0301RIE", "série"),
    ],
)
def test_spellings_of_a_key(key: str, name: str) -> None:
    assert key_name(key) == name
    assert key_name(name) == name


FIELDS = {"author": "authors", "year": "date"}
VALUES = {"date": "2016", "year": "2016", "date_text": "c. 2016", "markup": "html"}


@pytest.mark.parametrize("known", SYNONYMS)
def test_every_synonym_means_the_same_in_every_spelling(known: str) -> None:
    value = VALUES.get(known, "ada")
    expected = getattr(read_metadata({known: value}, is_record=True), FIELDS.get(known, known))
    assert expected
    for name in SYNONYMS[known].split():
        for key in (name, name.upper(), name.replace("_", "-"), name.title().replace("_", ""), name.replace("_", " ")):
            meta = read_metadata({key: value}, is_record=True)
            assert getattr(meta, FIELDS.get(known, known)) == expected, key
            assert not meta.extra
            assert not meta.warnings


def test_lists_of_synonyms_are_put_together_and_the_best_single_value_is_taken() -> None:
    meta = read_metadata(
        {"Keywords": ("b", "c"), "tags": ("a", "b"), "created": "2012", "Published": "2016-05", "headline": "H",
         "title": "T", "person": "Ada", "people": ("Bruno", "Ada")}
    )  # fmt: skip
    assert (meta.tags, meta.people) == (("a", "b", "c"), ("Bruno", "Ada"))
    assert (meta.title, meta.date) == ("T", "2016-05")
    assert meta.extra == {"created": "2012", "headline": "H"}
    assert meta.warnings == []


def test_the_best_date_is_the_first_that_can_be_read() -> None:
    meta = read_metadata({"date": "soon", "created": "2012-05-06"})
    assert (meta.date, meta.date_text, meta.warnings) == ("2012-05-06", "", [])
    unknown = read_metadata({"date": "n.d."})
    assert (unknown.date, unknown.date_text, unknown.warnings) == (None, "n.d.", [])


def test_names_come_out_of_records_links_and_lists_of_lists() -> None:
    meta = read_metadata(
        {
            "authors": ({"name": "Mo Lind", "mail": "x"}, {"given": "Ada", "family": "Quill"}),
            "people": (("Ada Quill",), "[[Bruno Marsh|Bruno]]", "[Zoë](zoe.md)", "[[People/Mo Lind#Early life]]"),
            "tags": "#masks, #winter/ball",
            "source": {"name": "Gazette", "id": "g"},
            "venue": {"title": "Pier"},
        }
    )
    assert meta.authors == ("Mo Lind", "Ada Quill")
    assert meta.people == ("Ada Quill", "Bruno Marsh", "Zoë", "People/Mo Lind")
    assert (meta.tags, meta.source, meta.venues) == (("masks", "winter/ball"), "Gazette", ("Pier",))
    assert meta.warnings == []


def test_keys_in_the_tables_of_other_programs_count() -> None:
    meta = read_metadata(
        {"taxonomies": {"tags": ("a",)}, "extra": {"people": ("Ada",), "mood": "x", "id": "no"}, "path": "2017/03/28/x"}
    )
    assert (meta.tags, meta.people, meta.date) == (("a",), ("Ada",), "2017-03-28")
    assert meta.extra == {"extra": {"mood": "x", "id": "no"}, "path": "2017/03/28/x"}


def test_an_archive_has_keys_of_its_own() -> None:
    keys = KeyNames.of({"people": ("namn",), "date": ("datum", "day")}, ("Location",))
    meta = read_metadata({"Namn": "Ada", "date": "1999", "datum": "2016", "location": "Pier"}, keys)
    assert (meta.people, meta.date, meta.venues) == (("Ada",), "2016", None)
    assert meta.extra == {"location": "Pier"}


def test_what_one_leaves_open_comes_from_the_other() -> None:
    one = Metadata(title="T", date_text="n.d.", people=(), extra={"a": "1"})
    other = Metadata(title="U", date="2016", people=("Ada",), venues=("Pier",), tags=("x",), extra={"a": "2", "b": "3"})
    both = one.or_else(other)
    assert (both.title, both.date, both.date_text) == ("T", None, "n.d.")
    assert (both.people, both.venues, both.tags) == ((), ("Pier",), ("x",))
    assert both.extra == {"a": "1", "b": "3"}


def test_lists_are_tidied() -> None:
    meta = read_metadata({"people": (" Ada  Quill", "", "Ada Quill", "Zoe\u0308", "Zoë"), "tags": "one"})
    assert meta.people == ("Ada Quill", "Zoë")
    assert meta.tags == ("one",)


def test_declared_empty_is_not_the_same_as_not_declared() -> None:
    assert read_metadata({"people": ()}).people == ()
    assert read_metadata({"people": None}).people is None
    assert read_metadata({"people": " "}).people is None
    assert read_metadata({}).people is None
    assert read_metadata({"venues": ("",)}).venues == ()


def test_blank_text_is_absent() -> None:
    meta = read_metadata({"title": " \n", "id": "", "date": " ", "year": None, "source": None})
    assert (meta.title, meta.id, meta.date, meta.source) == ("", "", None, "")


@pytest.mark.parametrize(
    ("values", "date"),
    [
        ({"date": "2016-5-3"}, "2016-05-03"),
        ({"date": " 2016-05 "}, "2016-05"),
        ({"date": "2016-05-03T10:00:00Z"}, "2016-05-03"),
        ({"year": "2016"}, "2016"),
        ({"year": "2016", "date": "2016-05"}, "2016-05"),
    ],
)
def test_dates_keep_their_precision(values: dict, date: str) -> None:
    assert read_metadata(values).date == date


@pytest.mark.parametrize(
    ("values", "key", "what"),
    [
        ({"date": "2016-02-30"}, "date", "no day 30"),
        ({"date": "some day"}, "date", "is not a date"),
        ({"date": "x" * 5000}, "date", "is not a date"),
        ({"date": ("2016", "2017")}, "date", "must be one piece of text"),
        ({"date": "03/04/2016"}, "date", "day first or month first"),
        ({"Year": "2016-05"}, "Year", "is a date"),
        ({"year": "16"}, "year", "is not a date"),
        ({"year": "2017", "date": "2016-05"}, "year", "the year 2017 contradicts the date 2016-05"),
        ({"title": {"a": "b"}}, "title", "must be one piece of text, not a mapping"),
        ({"title": ("a", "b")}, "title", "must be one piece of text, not a list"),
        ({"Title": "a", "title": "b"}, "title", "both 'Title' and 'title' are given"),
        ({"photo-editor": "a", "Photo Editor": "b"}, "Photo Editor", "given twice"),
        ({"people": {"a": "b"}}, "people", "not a mapping"),
        ({"people": ("a", {"b": "c"})}, "people", "not a mapping"),
        ({"people": ("a" * (MAX_NAME + 1),)}, "people", "1,001 characters, over 1,000"),
        ({"people": tuple(map(str, range(MAX_NAMES + 1)))}, "people", "2,001 values, over 2,000"),
        ({"source": "a" * (MAX_NAME + 1)}, "source", "over 1,000"),
        ({"id": "!?"}, "id", "no letter or digit"),
        ({"id": "a" * 201}, "id", "over 200 characters"),
        ({"id": "é " * 20_000}, "id", "over 200 characters"),
        ({"markup": "troff"}, "markup", "one of none, html, markdown"),
        ({"k" * 101: "x"}, "k" * 101, "over 100 characters"),
    ],
)
def test_what_is_not_understood_is_named_by_its_key(values: dict, key: str, what: str) -> None:
    caught = warning(values)
    assert caught.key == key
    assert what in caught.what
    assert len(caught.what) < 250
    assert caught.remedy


@pytest.mark.parametrize("key", ["title", "people", "source", "id", "year"])
def test_a_value_that_is_not_understood_is_kept(key: str) -> None:
    value = {"a": "b"}
    meta = read_metadata({key: value})
    assert meta.extra == {key: value}
    assert len(meta.warnings) == 1
    assert read_metadata({"date": "some day"}).date_text == "some day"


def test_what_cannot_be_written_back_is_refused() -> None:
    with pytest.raises(InvalidArticle, match="over 100 characters"):
        read_metadata({"desk": {"k" * 101: "x"}})


def test_limits_are_exact() -> None:
    names = tuple(f"{number:0{MAX_NAME}}" for number in range(MAX_NAMES))
    assert read_metadata({"people": names}).people == names
    assert len(read_metadata({"id": "a" * 200}).id) == 200


def test_other_keys_are_kept_as_text_of_any_shape() -> None:
    values = {"Desk": "017", "text": "e\u0301\r\n", "nested": {"a b": ("1", {"c": ""})}, "empty": (), "none": None}
    assert read_metadata(values).extra == {
        "desk": "017",
        "text": "é\n",
        "nested": {"a b": ("1", {"c": ""})},
        "empty": (),
    }


def test_extra_values_are_no_deeper_than_can_be_written_back() -> None:
    value: object = "x"
    for _ in range(15):
        value = (value,)
    assert read_metadata({"deep": value}).extra == {"deep": value}  # type: ignore[dict-item]
    with pytest.raises(InvalidArticle, match="16 deep"):
        read_metadata({"deep": (value,)})  # type: ignore[dict-item]


def test_names_that_look_the_same_are_the_same() -> None:
    hidden = "Ada\u200f \u202aQuill\u202c\ufeff"
    assert read_metadata({"people": (hidden, "Ada Quill")}).people == ("Ada Quill",)


def test_every_synonym_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    rows = {row.split("|")[1].strip(" `"): row for row in text.splitlines() if row.startswith("| `")}
    for known, names in SYNONYMS.items():
        if known not in ("markup", "date_text"):
            assert set(re.findall(r"`(\w+)`", rows[known])) == set(names.split()), known


@pytest.mark.parametrize(
    ("text", "tags"),
    [("#one #two", ("one", "two")), ("#one, #two words", ("one", "two words")), ("#one two", ("one two",)),
     ("one, two", ("one", "two")), ("#one", ("one",)), ("C# and F#", ("C# and F#",)), ("#a;#b", ("a", "b"))],
)  # fmt: skip
def test_tags_in_one_text(text: str, tags: tuple[str, ...]) -> None:
    assert read_metadata({"tags": text}).tags == tags
