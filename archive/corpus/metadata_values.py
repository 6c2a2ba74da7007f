"""What a value says, whatever the key: names in lists and texts of many forms, the text in a mapping, clean text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.config.yaml_loader import MAX_DEPTH
from archive.corpus.decode import InvalidArticle, clean, collapse_whitespace, is_collapsed, normalize_name
from archive.model.article import Value
from archive.model.metadata_fields import METADATA

#: Limits of a name (a person, a tag …), of the names under one key, and of a key.
MAX_NAME = 1_000
MAX_NAMES = 2_000
MAX_KEY = 100

#: The known keys that have a list of names.
LISTS = ("people", "venues", *(each.key for each in METADATA if each.many))
#: What a value that is a mapping calls its text.
_VALUE_KEYS = ("name", "rendered", "value", "@value", "#text", "text", "title", "label")


class NotANameError(ValueError):
    """Why a value is no name or list of names: `what` goes on from the key."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def names_in(known: str, value: Value, split_names: bool) -> dict[str, None]:
    """The names in a value: of one text, of a list (of lists), of records with a name."""
    if type(value) is tuple:
        try:
            listed = dict.fromkeys(map(NAMES_SEEN[known].__getitem__, value))
        except TypeError:  # something in it is no text
            listed = {}
            for item in value:
                listed.update(names_in(known, item, False))
    elif isinstance(value, str):
        listed = dict.fromkeys(map(NAMES_SEEN[known].__getitem__, _split(known, value, split_names)))
    else:
        assert isinstance(value, Mapping)
        text = text_in(value)
        if text is None:
            raise NotANameError("must be a list of names, not a mapping without a name", "write it as `[A, B]`")
        listed = {NAMES_SEEN[known][text]: None}
    listed.pop("", None)
    return listed


def _split(known: str, text: str, split_names: bool) -> list[str]:
    """The names in a text: parted by semicolons, by commas where these may part them, as in `#one #two` by spaces."""
    if ";" in text and known != "credits":
        return text.split(";")
    if split_names or known == "tags":
        words = text.split()
        is_hashtags = known == "tags" and len(words) > 1 and all(_HASHTAG.fullmatch(word) for word in words)
        return words if is_hashtags else text.split(",")
    return [text]


_HASHTAG = re.compile(r"#[^\s#,]+")


def text_in(value: Mapping[str, Value]) -> str | None:
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
            raise NotANameError(what, "shorten it")
        if len(text) <= self._LENGTH:
            if len(self) >= self._MOST:
                self.clear()
            self[text] = name
        return name


def are_names(known: str, listed: str) -> bool:
    """Whether texts with bars between them are sure to be names as they are: that is sooner seen than each is known."""
    return (
        is_collapsed(listed)
        and "| " not in listed
        and " |" not in listed
        and "[" not in listed
        and not (known == "tags" and "#" in listed)
        and len(listed) <= MAX_NAME
    )


NAMES_SEEN = {known: _NamesSeen(known) for known in LISTS}


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
