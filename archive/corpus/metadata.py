"""What metadata keys mean: from the keys and values of any format to an article's metadata.

The same rules hold for front matter, sidecars, records, and what a page or a photograph says of itself, so that an
article may move from one form to another and stay the same. Nothing that is declared costs the article, and nothing
is lost in silence: a value that cannot be understood is kept as it was written, with a warning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import NamedTuple

from archive.config.yaml_loader import MAX_DEPTH
from archive.corpus.decode import InvalidArticle, clean, collapse_whitespace, normalize_name
from archive.corpus.ids import declared_id
from archive.corpus.written_dates import date_in_address, read_date
from archive.model.article import Value
from archive.model.metadata_fields import METADATA, Kind

#: Limits of a name (a person, a tag …), of the names under one key, and of a key.
MAX_NAME = 1_000
MAX_NAMES = 2_000
MAX_KEY = 100

#: Every key with its synonyms, best first: where several are given, a single value is taken from the first that has
#: one (the others are kept as they are), and lists are put together. Case, spaces, `-` and `_` make no difference.
SYNONYMS = {
    "title": "title headline",
    "date": "date published date_published publish_date pub_date publication_date published_at published_on"
    " published_date published_time date_time timestamp issued posted posted_at created date_created created_at"
    " creation_date",
    "year": "year",
    "people": "people person persons names",
    "venues": "venues venue location locations place places",
    **{each.key: f"{each.key} {each.synonyms}".rstrip() for each in METADATA},
    "id": "id",
    "body": "body text content content_text content_html body_text body_html content_markdown body_markdown"
    " article_body article_text full_text main_text story",
    "markup": "markup",
    "date_text": "date_text",
}
_LISTS = ("people", "venues", *(each.key for each in METADATA if each.many))
#: Single values that become facets, and so are held to the length of a name.
_NAMES = frozenset(each.key for each in METADATA if each.kind is Kind.NAMES and not each.many)
#: The attributes of `Metadata` that are not called as their key; "" for a field that is kept among the other keys.
_ATTRIBUTES = {each.key: each.attribute for each in METADATA if each.attribute != each.key}
#: Tables in which some programs keep keys: what is in them counts as if it stood outside.
_TABLES = ("taxonomies", "extra", "params", "metadata", "meta")
#: What a value that is a mapping calls its text.
_VALUE_KEYS = ("name", "rendered", "value", "@value", "#text", "text", "title", "label")
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


@dataclass(frozen=True, slots=True)
class KeyNames:
    """What keys mean in one archive: the synonyms, and what its settings say.

    own      key as written there, simplified -> the key it stands for
    kept     keys, simplified, that mean nothing else here: they are facets of their own
    """

    own: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(cls, keys: Mapping[str, tuple[str, ...]], facets: tuple[str, ...]) -> KeyNames:
        """`keys`: a known key -> its names in the archive; `facets`: keys that were declared to be facets."""
        own = {_simplified(theirs): ours for ours, names in keys.items() for theirs in names}
        known = set(SYNONYMS)
        kept = frozenset(_simplified(facet) for facet in facets if key_name(facet) not in known)
        return cls(own, kept - own.keys())

    def meaning(self, key: str) -> tuple[str, int]:
        """The known key that `key` stands for and its rank among the synonyms; "" if for none."""
        if not self.own and not self.kept:
            return _meaning(key)
        simplified = _simplified(key)
        if ours := self.own.get(simplified):
            return ours, -1
        return ("", 0) if simplified in self.kept else _meaning(key)


@lru_cache(maxsize=4096)
def key_name(key: str) -> str:
    """The one spelling of a key: `Photo-Credit` and `photo credit` are `photo_credit`."""
    name = collapse_whitespace(key).lower().replace("-", "_").replace(" ", "_")
    return unicodedata.normalize("NFC", name)


@lru_cache(maxsize=4096)
def _simplified(key: str) -> str:
    """A key without what tells `publishDate`, `publish-date` and `Publish Date` apart."""
    return key_name(key).replace("_", "")


_MEANINGS = {
    _simplified(name): (known, rank) for known, names in SYNONYMS.items() for rank, name in enumerate(names.split())
}


@lru_cache(maxsize=4096)
def _meaning(key: str) -> tuple[str, int]:
    return _MEANINGS.get(_simplified(key), ("", 0))


def meaning_of(key: str) -> str:
    """The known key that a key stands for everywhere; "" for none."""
    return _meaning(key)[0]


class _Given(NamedTuple):
    """A value for a known key: under which key it was written, and how good a synonym that is."""

    rank: int
    key: str
    value: Value


def read_metadata(
    values: Mapping[str, Value | None],
    keys: KeyNames = KeyNames(),
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
    found = [keys.meaning(key) for key in values]
    meanings = [known for known, _ in found if known]
    is_plain = len(set(meanings)) == len(meanings) and not _WHOLE.intersection(meanings)
    for (key, value), (known, _) in zip(values.items(), found, strict=True):
        if value is None or (is_plain and known and _set_plain(meta, known, key, value, is_record)):
            continue
        _sort_in(meta, given, keys, key, value, is_record)
    if given.keys() & {"date", "year", "date_text"}:
        _set_date(meta, given)
    for name, said in given.items():
        if name in _LISTS:
            _set_list(meta, name, said, split_names)
        elif name == "body":
            _set_body(meta, said, given.get("markup", []))
        elif name not in ("date", "year", "date_text"):
            _set_text(meta, name, said)
    if meta.source and not meta.url and _ADDRESS.match(meta.source):
        meta.url, meta.source = meta.source, ""
    return meta


#: Keys of which the value depends on that of another.
_WHOLE = frozenset(("year", "date_text", "markup"))
_PLAIN_TEXTS = frozenset(("title", "url", "language", "source"))


def _set_plain(meta: Metadata, known: str, key: str, value: Value, is_record: bool) -> bool:
    """Set what the only value for a key says, if that is as it is nearly always written; much of the time is here."""
    if type(value) is tuple:
        names_seen = _names_seen.get(known)
        if names_seen is None or len(value) > MAX_NAMES:
            return False
        try:
            names = dict.fromkeys(map(names_seen.__getitem__, value))
        except (TypeError, _NotANameError):
            return False
        names.pop("", None)
        _set(meta, known, tuple(names))
        return True
    if type(value) is not str:
        return False
    if known in _PLAIN_TEXTS:
        text = collapse_whitespace(value)
        if len(text) <= MAX_NAME:
            setattr(meta, known, text)
            return True
    elif known == "body" and is_record and key == known:
        meta.body = clean(value) if value.strip() else ""
        return True
    elif known == "date":
        reading = read_date(value)
        if reading.date and not reading.doubt:
            meta.date, meta.date_text = reading.date, "" if value == reading.date else collapse_whitespace(value)
            return True
    return False


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
            listed = _list_of(name, given.value, split_names)
        except _NotANameError as error:
            _not_understood(meta, name, given, f"{given.key} {error.what}", error.remedy)
            continue
        declared = declared or not isinstance(given.value, str) or bool(listed)
        names.update(listed)
    if len(names) > MAX_NAMES:
        _not_understood(meta, name, found[0], f"{found[0].key} has {len(names):,} values, over {MAX_NAMES:,}",
                        "keep fewer")  # fmt: skip
    elif declared:  # a blank text declares nothing, an empty list does
        _set(meta, name, tuple(names))


class _NotANameError(ValueError):
    """Why a value is no name or list of names: `what` goes on from the key."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def _list_of(known: str, value: Value, split_names: bool) -> dict[str, None]:
    """The names in a value: of one text, of a list (of lists), of records with a name."""
    if type(value) is tuple:
        try:
            listed = dict.fromkeys(map(_names_seen[known].__getitem__, value))
        except TypeError:  # something in it is no text
            listed = {}
            for item in value:
                listed.update(_list_of(known, item, False))
    elif isinstance(value, str):
        splits = split_names or known == "tags"
        mark = ";" if ";" in value and known != "credits" else "," if splits else ""
        listed = dict.fromkeys(map(_names_seen[known].__getitem__, value.split(mark) if mark else (value,)))
    else:
        assert isinstance(value, Mapping)
        text = _text_in(value)
        if text is None:
            raise _NotANameError("must be a list of names, not a mapping without a name", "write it as `[A, B]`")
        listed = {_names_seen[known][text]: None}
    listed.pop("", None)
    return listed


def _text_in(value: Mapping[str, Value]) -> str | None:
    """The text of a value that is written as a mapping, as in `{name: Ada Quill, role: editor}`."""
    for key in _VALUE_KEYS:
        if isinstance(text := value.get(key), str) and text.strip():
            return text
    given, family = (value.get(key, "") for key in ("given", "family"))
    if isinstance(given, str) and isinstance(family, str) and family:
        return f"{given} {family}"
    return None


_WIKILINK = re.compile(r"!?\[\[([^\[\]|#^]*)(?:[#^][^\[\]|]*)?(?:\|[^\[\]]*)?\]\]")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")


class _NamesSeen(dict[Value, str]):
    """Texts and the names that they are: those of a usual length come again and again."""

    _LENGTH = 60
    _MOST = 1 << 18

    def __init__(self, known: str) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, text: Value) -> str:
        if not isinstance(text, str):
            raise TypeError
        name = normalize_name(text)
        if "[" in name:
            name = _LINK.sub(r"\1", _WIKILINK.sub(r"\1", name)).strip()
        if self._known == "tags" and name[:1] == "#":
            name = name.lstrip("#")
        if len(name) > MAX_NAME:
            what = f"has a value of {len(name):,} characters, over {MAX_NAME:,} ({name[:30]!r}…)"
            raise _NotANameError(what, "shorten it")
        if len(text) <= self._LENGTH:
            if len(self) >= self._MOST:
                self.clear()
            self[text] = name
        return name


_names_seen = {known: _NamesSeen(known) for known in _LISTS}


# -- single values ---------------------------------------------------------------------


def _texts_of(found: list[_Given]) -> Iterator[tuple[_Given, str | None]]:
    """Every value with its text, the best synonym first; None where it is no text."""
    for given in sorted(found, key=lambda each: each.rank):
        value = given.value
        if type(value) is tuple and len(value) == 1:
            value = value[0]
        if isinstance(value, Mapping):
            value = _text_in(value) or value
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
            value = _text_in(value) or value
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


# -- other keys ------------------------------------------------------------------------


def clean_value(key: str, value: Value, depth: int) -> Value:
    """`value` with clean text in it, as deep as can be written back as front matter; raises InvalidArticle."""
    if isinstance(value, str):
        return clean(value)
    if depth > MAX_DEPTH:
        raise InvalidArticle(f"{key} is nested more than {MAX_DEPTH} deep", "flatten it", key=key)
    if not isinstance(value, Mapping):
        return tuple(clean_value(key, item, depth + 1) for item in value)
    cleaned: dict[str, Value] = {}
    for inner, item in value.items():
        name = collapse_whitespace(inner)
        if len(name) > MAX_KEY or name in cleaned:
            what = f"{key} has a key that is over {MAX_KEY} characters long, or given twice"
            raise InvalidArticle(what, "shorten it, or keep one", key=key)
        cleaned[name] = clean_value(key, item, depth + 1)
    return cleaned
