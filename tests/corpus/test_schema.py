import pytest

from archive.corpus.decode import Refusal
from archive.corpus.metadata import MAX_NAME, MAX_NAMES, key_name, metadata


def refusal(values: dict) -> Refusal:
    with pytest.raises(Refusal) as caught:
        metadata(values)
    return caught.value


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("People", "people"),
        ("person", "people"),
        ("VENUE", "venues"),
        ("authors", "author"),
        ("Tag", "tags"),
        ("Lang", "language"),
        (" Title ", "title"),
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


def test_lists_are_tidied() -> None:
    meta = metadata({"people": (" Ada  Quill", "", "Ada Quill", "Zoe\u0308", "Zoë"), "tags": "one"})
    assert meta.people == ("Ada Quill", "Zoë")
    assert meta.tags == ("one",)


def test_declared_empty_is_not_the_same_as_not_declared() -> None:
    assert metadata({"people": ()}).people == ()
    assert metadata({"people": None}).people is None
    assert metadata({"people": " "}).people is None
    assert metadata({}).people is None
    assert metadata({"venues": ("",)}).venues == ()


def test_blank_text_is_absent() -> None:
    meta = metadata({"title": " \n", "id": "", "date": " ", "year": None, "source": None})
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
    assert metadata(values).date == date


@pytest.mark.parametrize(
    ("values", "key", "what"),
    [
        ({"date": "May 2016"}, "date", "'May 2016' is not a date"),
        ({"date": "2016-02-30"}, "date", "no day 30"),
        ({"date": "x" * 5000}, "date", "is not a date"),
        ({"date": ("2016",)}, "date", "must be one piece of text, not a list"),
        ({"Year": "2016-05"}, "Year", "is a date"),
        ({"year": "16"}, "year", "is not a date"),
        ({"year": "2017", "date": "2016-05"}, "year", "the year 2017 contradicts the date 2016-05"),
        ({"title": {"a": "b"}}, "title", "must be one piece of text, not a mapping"),
        ({"Title": "a", "title": "b"}, "title", "both 'Title' and 'title' are given"),
        ({"person": "a", "people": ("b",)}, "people", "both 'person' and 'people' are given"),
        ({"photo-editor": "a", "Photo Editor": "b"}, "Photo Editor", "both"),
        ({"people": {"a": "b"}}, "people", "not a mapping"),
        ({"people": ("a", ("b",))}, "people", "not plain text"),
        ({"people": ("a" * (MAX_NAME + 1),)}, "people", "1,001 characters, over 1,000"),
        ({"people": tuple(map(str, range(MAX_NAMES + 1)))}, "people", "2,001 values, over 2,000"),
        ({"source": "a" * (MAX_NAME + 1)}, "source", "over 1,000"),
        ({"id": "!?"}, "id", "no letter or digit"),
        ({"id": "a" * 201}, "id", "over 200 characters"),
        ({"id": "é " * 20_000}, "id", "over 200 characters"),
        ({"body": "text"}, "body", "cannot be given here"),
        ({"k" * 101: "x"}, "k" * 101, "over 100 characters"),
        ({"extra": {"k" * 101: "x"}}, "extra", "over 100 characters"),
    ],
)
def test_what_is_wrong_is_refused_by_key(values: dict, key: str, what: str) -> None:
    caught = refusal(values)
    assert caught.key == key
    assert what in caught.what
    assert len(caught.what) < 250
    assert caught.remedy


def test_limits_are_exact() -> None:
    names = tuple(f"{number:0{MAX_NAME}}" for number in range(MAX_NAMES))
    assert metadata({"people": names}).people == names
    assert len(metadata({"id": "a" * 200}).id) == 200


def test_other_keys_are_kept_as_text_of_any_shape() -> None:
    values = {"Desk": "017", "text": "e\u0301\r\n", "nested": {"a b": ("1", {"c": ""})}, "empty": (), "none": None}
    assert metadata(values).extra == {
        "desk": "017",
        "text": "é\n",
        "nested": {"a b": ("1", {"c": ""})},
        "empty": (),
    }


def test_extra_values_are_no_deeper_than_can_be_written_back() -> None:
    value: object = "x"
    for _ in range(15):
        value = (value,)
    assert metadata({"deep": value}).extra == {"deep": value}  # type: ignore[dict-item]
    assert "16 deep" in refusal({"deep": (value,)}).what


def test_names_that_look_the_same_are_the_same() -> None:
    hidden = "Ada\u200f \u202aQuill\u202c\ufeff"
    assert metadata({"people": (hidden, "Ada Quill")}).people == ("Ada Quill",)
