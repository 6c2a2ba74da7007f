"""What the metadata keys mean: from text, lists and mappings to an article's metadata.

The same rules hold for front matter, sidecars and JSON, so that an article may move
from one form to another and stay the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from archive.config.yaml_loader import MAX_DEPTH
from archive.corpus.decode import Refusal, clean, name_of, one_line
from archive.corpus.ids import declared_id
from archive.model.article import Value
from archive.model.dates import parse_date

#: Limits of a name (a person, a tag …), of the names under one key, and of a key.
MAX_NAME = 1_000
MAX_NAMES = 2_000
MAX_KEY = 100

#: Every spelling of a known key -> the key it stands for.
_SPELLINGS = {
    "title": "title",
    "date": "date",
    "year": "year",
    "people": "people",
    "person": "people",
    "venues": "venues",
    "venue": "venues",
    "source": "source",
    "author": "author",
    "authors": "author",
    "url": "url",
    "tags": "tags",
    "tag": "tags",
    "language": "language",
    "lang": "language",
    "id": "id",
    "credits": "credits",
    "credit": "credits",
    "body": "body",
}
_LISTS = ("people", "venues", "author", "tags", "credits")
#: Single values that become facets, and so are held to the length of a name.
_NAMES = ("source", "language")


@dataclass(slots=True)
class Metadata:
    """What was declared of an article; None for people and venues means: not declared."""

    title: str = ""
    date: str | None = None
    people: tuple[str, ...] | None = None
    venues: tuple[str, ...] | None = None
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    id: str = ""
    credits: tuple[str, ...] = ()
    extra: dict[str, Value] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def key_name(key: str) -> str:
    """The one spelling of a key: `Photo-Credit` and `photo credit` are `photo_credit`."""
    name = one_line(key).lower().replace("-", "_").replace(" ", "_")
    name = unicodedata.normalize("NFC", name)
    if len(name) > MAX_KEY:
        raise Refusal(f"the key {name[:50]!r}… is over {MAX_KEY} characters long", "shorten it", key=key)
    return _SPELLINGS.get(name, name)


def metadata(values: Mapping[str, Value | None]) -> Metadata:
    """The metadata that `values` declare; raises Refusal naming the key at fault."""
    meta = Metadata()
    year = ""
    given: dict[str, str] = {}
    for key, value in values.items():
        name = key_name(key)
        if value is None:
            continue
        if given.setdefault(name, key) is not key:
            raise Refusal(f"both {given[name]!r} and {key!r} are given", "keep one of them", key=key)
        if name in _LISTS:
            _set_list(meta, name, key, value)
        elif name == "year":
            year = _year(key, value)
        elif name == "date":
            meta.date = _date(key, value)
        elif name == "body":
            what = f"the key {key!r} cannot be given here"
            raise Refusal(what, "the text stands below the front matter, or in one key of JSON", key=key)
        elif name in _SPELLINGS:
            _set_text(meta, name, key, value)
        else:
            meta.extra[name] = _tidy(key, value, 2)
    if year:
        if meta.date and meta.date[:4] != year:
            what = f"the year {year} contradicts the date {meta.date}"
            raise Refusal(what, "keep the right one", key=given["year"])
        meta.date = meta.date or year
    return meta


def _set_list(meta: Metadata, name: str, key: str, value: Value) -> None:
    names = _list(key, value)
    if names or not isinstance(value, str):  # a blank text declares nothing, an empty list does
        setattr(meta, "authors" if name == "author" else name, names)


def _set_text(meta: Metadata, name: str, key: str, value: Value) -> None:
    text = _text(key, value)
    if name in _NAMES and len(text) > MAX_NAME:
        raise _too_long(key, text)
    setattr(meta, name, declared_id(text) if name == "id" and text else text)


def _text(key: str, value: Value) -> str:
    if not isinstance(value, str):
        kind = "a mapping" if isinstance(value, Mapping) else "a list"
        raise Refusal(f"{key} must be one piece of text, not {kind}", "write it on one line", key=key)
    return one_line(value)


def _list(key: str, value: Value) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else value
    if not isinstance(items, tuple):
        raise Refusal(f"{key} must be a list of names, not a mapping", f"write `{key}: [A, B]`", key=key)
    if len(items) > MAX_NAMES:
        raise Refusal(f"{key} has {len(items):,} values, over {MAX_NAMES:,}", "keep fewer", key=key)
    try:
        names = dict.fromkeys(map(_known_names.__getitem__, items))
    except TypeError:
        what = f"{key} must be a list of names, and one of them is not plain text"
        raise Refusal(what, "put it in quotes, or on a line of its own", key=key) from None
    except _LongNameError as long:
        raise _too_long(key, str(long)) from None
    names.pop("", None)
    return tuple(names)


class _LongNameError(ValueError):
    """A name of more than MAX_NAME characters."""


class _KnownNames(dict[Value, str]):
    """Texts and the names that they are: those of a usual length come again and again."""

    _LENGTH = 60
    _MOST = 1 << 18

    def __missing__(self, text: Value) -> str:
        if not isinstance(text, str):
            raise TypeError
        name = name_of(text)
        if len(name) > MAX_NAME:
            raise _LongNameError(name)
        if len(text) <= self._LENGTH:
            if len(self) >= self._MOST:
                self.clear()
            self[text] = name
        return name


_known_names = _KnownNames()


def _too_long(key: str, name: str) -> Refusal:
    what = f"{key} has a value of {len(name):,} characters, over {MAX_NAME:,} ({name[:30]!r}…)"
    return Refusal(what, "shorten it", key=key)


def _date(key: str, value: Value) -> str | None:
    text = _text(key, value)
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError as error:
        what = str(error) if len(text) < 100 else f"{text[:50]!r}… is not a date"
        raise Refusal(what, "write it as YYYY, YYYY-MM or YYYY-MM-DD", key=key) from None


def _year(key: str, value: Value) -> str:
    date = _date(key, value)
    if date and len(date) > 4:
        raise Refusal(f"the year {date!r} is a date", "call it date, or write the year alone", key=key)
    return date or ""


def _tidy(key: str, value: Value, depth: int) -> Value:
    """`value` with clean text in it, as deep as can be written back as front matter."""
    if isinstance(value, str):
        return clean(value)
    if depth > MAX_DEPTH:
        raise Refusal(f"{key} is nested more than {MAX_DEPTH} deep", "make it flatter", key=key)
    if not isinstance(value, Mapping):
        return tuple(_tidy(key, item, depth + 1) for item in value)
    tidied: dict[str, Value] = {}
    for inner, item in value.items():
        name = one_line(inner)
        if len(name) > MAX_KEY or name in tidied:
            what = f"{key} has a key that is over {MAX_KEY} characters long, or given twice"
            raise Refusal(what, "shorten it, or keep one", key=key)
        tidied[name] = _tidy(key, item, depth + 1)
    return tidied
