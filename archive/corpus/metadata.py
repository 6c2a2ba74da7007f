"""From the keys and values of any format to an article's metadata.

The same rules hold for front matter, sidecars, records, and what a page or a photograph says of itself, so that an
article may move from one form to another and stay the same. Nothing that is declared costs the article, and nothing
is lost in silence: a value that cannot be understood is kept as it was written, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import NamedTuple

from archive.corpus.decode import InvalidArticle, clean, collapse_whitespace
from archive.corpus.ids import declared_id
from archive.corpus.metadata_keys import DEFAULT_KEYS, KeyNames, key_name
from archive.corpus.metadata_values import (
    LISTS,
    MAX_KEY,
    MAX_NAME,
    MAX_NAMES,
    NAMES_SEEN,
    NotANameError,
    are_names,
    clean_value,
    names_in,
    text_in,
)
from archive.corpus.written_dates import date_in_address, read_date
from archive.model.article import Value
from archive.model.metadata_fields import METADATA, Kind

#: Single values that become facets, and so are held to the length of a name.
_NAMES = frozenset(each.key for each in METADATA if each.kind is Kind.NAMES and not each.many)
#: The attributes of `Metadata` that are not called as their key; "" for a field that is kept among the other keys.
_ATTRIBUTES = {each.key: each.attribute for each in METADATA if each.attribute != each.key}
#: Tables in which some programs keep keys: what is in them counts as if it stood outside.
_TABLES = ("taxonomies", "extra", "params", "metadata", "meta")
#: Ends of the names of a text's key -> its markup.
_MARKUP_OF_KEY = {"html": "html", "markdown": "markdown"}
MARKUPS = ("none", "html", "markdown")


class KeyWarning(NamedTuple):
    """What was not understood under a key, and what to do about it; both without a full stop."""

    key: str
    what: str
    remedy: str


@dataclass(slots=True)
class Metadata:
    """What was declared of an article; None for people and venues means: not declared.

    date       EDTF, as archive.model.dates has it; date_text   as it was written, where that is something else
    extra      every other key, as text; of known keys, the values that were not understood
    body       the text, where it is a value among others (a record's)
    markup     what the text is written in, as declared or as its key's name says: "none", "html", "markdown", or ""
    warnings   what was not understood
    """

    title: str = ""
    date: str | None = None
    date_text: str = ""
    people: tuple[str, ...] | None = None
    venues: tuple[str, ...] | None = None
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    kind: str = ""
    id: str = ""
    credits: tuple[str, ...] = ()
    extra: dict[str, Value] = field(default_factory=dict)
    body: str = ""
    markup: str = ""
    warnings: list[KeyWarning] = field(default_factory=list)

    def or_else(self, other: Metadata) -> Metadata:
        """This, with what it leaves open taken from `other`; the warnings of both."""
        merged = Metadata()
        for each in fields(Metadata):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            is_open = mine is None if each.name in ("people", "venues") else not mine
            setattr(merged, each.name, theirs if is_open else mine)
        if self.date or self.date_text:
            merged.date, merged.date_text = self.date, self.date_text
        merged.extra = {**other.extra, **self.extra}
        merged.warnings = [*self.warnings, *other.warnings]
        return merged


class _Given(NamedTuple):
    """A value for a known key: under which key it was written, and how good a synonym that is."""

    rank: int
    key: str
    value: Value


def read_metadata(
    values: Mapping[str, Value | None],
    keys: KeyNames = DEFAULT_KEYS,
    *,
    is_record: bool = False,
    split_names: bool = False,
) -> Metadata:
    """The metadata that `values` declare.

    is_record    whether the text is one of the values, too
    split_names  whether commas (or semicolons) part the names of a list that is written as one text
    """
    meta = Metadata()
    given: dict[str, list[_Given]] = {}
    for key, set_usual in _usual(keys, tuple(values), is_record):
        value = values[key]
        if value is not None and (set_usual is None or not set_usual(meta, value)):
            _sort_in(meta, given, keys, key, value, is_record)
    if given:
        if given.keys() & _OF_DATE:
            _set_date(meta, given)
        for name, said in given.items():
            if name in LISTS:
                _set_list(meta, name, said, split_names)
            elif name == "body":
                _set_body(meta, said, given.get("markup", []))
            elif name not in _OF_DATE:
                _set_text(meta, name, said)
    if meta.source and not meta.url and _ADDRESS.match(meta.source):
        meta.url, meta.source = meta.source, ""
    return meta


_OF_DATE = frozenset(("date", "year", "date_text"))


# -- values as they are nearly always written ------------------------------------------

#: Sets what a value says, if it is written in the usual way.
_Setter = Callable[["Metadata", Value], bool]


@lru_cache(maxsize=1024)
def _usual(keys: KeyNames, names: tuple[str, ...], is_record: bool) -> tuple[tuple[str, _Setter | None], ...]:
    """Each of the keys that go together, and what sets a usual value; None where what it says depends on other keys.

    Records by the ten thousand have the same keys, and most of the time that reading them takes is here.
    """
    meanings = [keys.meaning(name)[0] for name in names]
    known = [each for each in meanings if each]
    if len(set(known)) < len(known) or _DEPENDENT.intersection(known):
        return tuple((name, None) for name in names)
    return tuple((name, _usual_setter(known, name, is_record)) for known, name in zip(meanings, names, strict=True))


#: Keys on which the values of others depend.
_DEPENDENT = frozenset(("year", "date_text", "markup"))


def _usual_setter(known: str, key: str, is_record: bool) -> _Setter | None:
    if known in LISTS:
        return _names_setter(known)
    if known in ("title", "url", "language", "source"):
        return _text_setter(known)
    if known == "body":
        return _set_usual_body if is_record and key == known else None
    return _set_usual_date if known == "date" else _set_usual_id if known == "id" else None


def _names_setter(known: str) -> _Setter:
    attribute = _ATTRIBUTES.get(known, known)
    name_of = NAMES_SEEN[known].__getitem__

    def set_names(meta: Metadata, value: Value) -> bool:
        if type(value) is not tuple or len(value) > MAX_NAMES:
            return False
        try:
            is_usual = len(value) > 1 and are_names(known, "|".join(value))  # type: ignore[arg-type]
            names = dict.fromkeys(value if is_usual else map(name_of, value))
        except (TypeError, NotANameError):
            return False
        if "" in names:
            del names[""]
        if attribute:
            setattr(meta, attribute, tuple(names))
        elif names:
            meta.extra[known] = tuple(names)
        return True

    return set_names


def _text_setter(attribute: str) -> _Setter:
    def set_text(meta: Metadata, value: Value) -> bool:
        if type(value) is not str or len(text := collapse_whitespace(value)) > MAX_NAME:
            return False
        setattr(meta, attribute, text)
        return True

    return set_text


def _set_usual_body(meta: Metadata, value: Value) -> bool:
    if type(value) is not str:
        return False
    meta.body = clean(value) if value and not value.isspace() else ""
    return True


def _set_usual_date(meta: Metadata, value: Value) -> bool:
    reading = read_date(value) if type(value) is str else None
    if reading is None or not reading.date or reading.doubt:
        return False
    meta.date, meta.date_text = reading.date, "" if value == reading.date else collapse_whitespace(str(value))
    return True


def _set_usual_id(meta: Metadata, value: Value) -> bool:
    if type(value) is not str or not value or value.isspace():
        return False
    try:
        meta.id = declared_id(collapse_whitespace(value))
    except InvalidArticle:
        return False
    return True


# -- values of every kind --------------------------------------------------------------

_ADDRESS = re.compile(r"https?://\S+\Z")


def _sort_in(
    meta: Metadata, given: dict[str, list[_Given]], keys: KeyNames, key: str, value: Value, is_record: bool
) -> None:
    """Put a value under the known key that it is for, or among the others."""
    known, rank = keys.meaning(key)
    name = key_name(key)
    if known == "body" and not is_record and (rank > 0 or not isinstance(value, str)):
        known = ""  # front matter may well have a `content:` or `text:` of its own
    if known:
        given.setdefault(known, []).append(_Given(rank, key, value))
    elif name in _TABLES and isinstance(value, Mapping):
        rest = {}
        for inner, item in value.items():
            if keys.meaning(inner)[0] not in ("", "body", "id", "markup"):
                _sort_in(meta, given, keys, inner, item, is_record)
            else:
                rest[inner] = item
        if rest:
            _keep(meta, name, key, rest)
    else:
        _keep(meta, name, key, value)
        if name == "path" and isinstance(value, str) and (date := date_in_address(value)):
            given.setdefault("date", []).append(_Given(_LAST, key, date))


_LAST = 1_000


def _set(meta: Metadata, known: str, value: Value) -> None:
    """Set what a known key says."""
    if attribute := _ATTRIBUTES.get(known, known):
        setattr(meta, attribute, value)
    elif value:
        meta.extra[known] = value


def _keep(meta: Metadata, name: str, key: str, value: Value) -> None:
    """Keep a value as it was written, under a key that means nothing here."""
    if len(name) > MAX_KEY:
        meta.warnings.append(
            KeyWarning(key, f"the key {name[:50]!r}… is over {MAX_KEY} characters long, and left out", "shorten it")
        )
    elif name in meta.extra:
        what = f"the key {key!r} is given twice, in different spellings; the first is kept"
        meta.warnings.append(KeyWarning(key, what, "keep one of them"))
    else:
        meta.extra[name] = clean_value(key, value, 2)


def _not_understood(meta: Metadata, known: str, given: _Given, what: str, remedy: str) -> None:
    """Warn of a value, and keep it as it was written."""
    meta.warnings.append(KeyWarning(given.key, what, remedy))
    name = key_name(given.key)
    if name not in meta.extra and len(name) <= MAX_KEY:
        meta.extra[name] = clean_value(given.key, given.value, 2)


# -- lists of names --------------------------------------------------------------------


def _set_list(meta: Metadata, name: str, found: list[_Given], split_names: bool) -> None:
    """Put together what is given under a key and its synonyms."""
    names: dict[str, None] = {}
    declared = False
    for given in sorted(found, key=lambda each: each.rank):
        try:
            listed = names_in(name, given.value, split_names)
        except NotANameError as error:
            _not_understood(meta, name, given, f"{given.key} {error.what}", error.remedy)
            continue
        declared = declared or not isinstance(given.value, str) or bool(listed)
        names.update(listed)
    if len(names) > MAX_NAMES:
        _not_understood(meta, name, found[0], f"{found[0].key} has {len(names):,} values, over {MAX_NAMES:,}",
                        "keep fewer")  # fmt: skip
    elif declared:  # a blank text declares nothing, an empty list does
        _set(meta, name, tuple(names))


# -- single values ---------------------------------------------------------------------


def _texts_of(found: list[_Given]) -> Iterator[tuple[_Given, str | None]]:
    """Every value with its text, the best synonym first; None where it is no text."""
    for given in sorted(found, key=lambda each: each.rank):
        value = given.value
        if type(value) is tuple and len(value) == 1:
            value = value[0]
        if isinstance(value, Mapping):
            value = text_in(value) or value
        yield given, collapse_whitespace(value) if isinstance(value, str) else None


def _set_text(meta: Metadata, name: str, found: list[_Given]) -> None:
    chosen: _Given | None = None
    text = ""
    for given, said in _texts_of(found):
        if said is None:
            kind = "a mapping" if isinstance(given.value, Mapping) else "a list"
            _not_understood(meta, name, given, f"{given.key} must be one piece of text, not {kind}",
                            "write it on one line")  # fmt: skip
        elif chosen is None and said:
            if problem := _unfit(name, given.key, said):
                _not_understood(meta, name, given, *problem)
            else:
                chosen, text = given, said
        elif said and said != text:
            _left_over(meta, name, chosen, given)
    if text:
        _set(meta, name, declared_id(text) if name == "id" else text)


def _unfit(name: str, key: str, text: str) -> tuple[str, str] | None:
    """Why a text cannot be the value of a key, and what to do."""
    if name in _NAMES and len(text) > MAX_NAME:
        return f"{key} has a value of {len(text):,} characters, over {MAX_NAME:,} ({text[:30]!r}…)", "shorten it"
    if name == "markup" and text not in MARKUPS:
        return f"{key} is one of {', '.join(MARKUPS)}, not {text[:30]!r}", "correct it, or leave it out"
    if name == "id":
        try:
            declared_id(text)
        except InvalidArticle as invalid:
            return invalid.what, invalid.remedy
    return None


def _left_over(meta: Metadata, name: str, chosen: _Given | None, given: _Given) -> None:
    """A second value for a key: a synonym stays a key of its own, the same key again is one too many."""
    own = key_name(given.key)
    if own != name and own not in meta.extra and len(own) <= MAX_KEY:
        meta.extra[own] = clean_value(given.key, given.value, 2)
    elif chosen is not None and chosen.key is not given.key:
        what = f"both {chosen.key!r} and {given.key!r} are given; the first is kept"
        meta.warnings.append(KeyWarning(given.key, what, "keep one of them"))


def _set_body(meta: Metadata, found: list[_Given], markup: list[_Given]) -> None:
    """The text, which is kept as it is; `markup: none` says that it is what `body` says, even if that is nothing."""
    is_plain = any(each.value == "none" for each in markup)
    for given in sorted(found, key=lambda each: each.rank):
        value = given.value
        if isinstance(value, Mapping):
            value = text_in(value) or value
        elif type(value) is tuple and value and all(isinstance(item, str) for item in value):
            value = "\n\n".join(map(str, value))
        if not isinstance(value, str):
            _not_understood(meta, "body", given, f"{given.key} must be text", "write it as one piece of text")
        elif not meta.body and (value.strip() or is_plain) and not (is_plain and given.rank > 0):
            meta.body = clean(value)
            ending = key_name(given.key).rpartition("_")[2]
            meta.markup = meta.markup or _MARKUP_OF_KEY.get(ending, "")
        elif value.strip():
            _left_over(meta, "body", None, given)


# -- dates -----------------------------------------------------------------------------


def _set_date(meta: Metadata, given: dict[str, list[_Given]]) -> None:
    """The date: the best synonym that says one; what the others say is kept."""
    chosen: _Given | None = None
    doubts: list[KeyWarning] = []
    for each, text in _texts_of(given.get("date", [])):
        if text is None:
            doubts.append(KeyWarning(each.key, f"{each.key} must be one piece of text", _WRITE_DATE))
            meta.extra.setdefault(key_name(each.key), clean_value(each.key, each.value, 2))
            continue
        if not text:
            continue
        reading = read_date(text)
        if reading.date and meta.date is None:
            if chosen is not None:
                _left_over(meta, "date", None, chosen)
            chosen, meta.date, meta.date_text = each, reading.date, "" if text == reading.date else text
            doubts = [KeyWarning(each.key, reading.doubt, _WRITE_DATE)] if reading.doubt else []
        elif chosen is None:
            chosen, meta.date_text = each, text
            doubts = [KeyWarning(each.key, reading.doubt, _WRITE_DATE)] if reading.doubt else []
        elif each.rank < _LAST:
            _left_over(meta, "date", chosen, each)
    meta.warnings += doubts
    for each, text in _texts_of(given.get("year", [])):
        _set_year(meta, each, text)
    for each, text in _texts_of(given.get("date_text", [])):
        if not text:
            continue
        reading = read_date(text)
        if meta.date is None and not meta.date_text:
            meta.date = reading.date
            if reading.doubt:
                meta.warnings.append(KeyWarning(each.key, reading.doubt, _WRITE_DATE))
        meta.date_text = "" if text == meta.date else text


_WRITE_DATE = "write it as YYYY, YYYY-MM or YYYY-MM-DD"


def _set_year(meta: Metadata, given: _Given, text: str | None) -> None:
    reading = read_date(text or "")
    if text is None or reading.doubt or (reading.date and len(reading.date.rstrip("?~%")) > 4):
        what = reading.doubt or f"the year {text!r} is a date" if text else f"{given.key} must be one piece of text"
        _not_understood(meta, "year", given, what, "write the year alone")
    elif reading.date and meta.date and not meta.date.startswith(reading.date[:4]):
        what = f"the year {reading.date} contradicts the date {meta.date}, which is kept"
        _not_understood(meta, "year", given, what, "keep the right one")
    elif not meta.date:
        meta.date = reading.date
        meta.date_text = meta.date_text or ("" if text == reading.date else text)
