"""Completions of the query being typed: field names, and facet values by any of their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archive import Archive, ArchiveError
from archive.model.fields import PSEUDO_FIELDS

#: Values offered at most.
_MAX_VALUES = 8
_VALUE = re.compile(r'(?:^|(?<=[\s(]))-?([\w-]+):("?[^"]*)$')
_WORD = re.compile(r"(?:^|(?<=[\s(-]))([^\W\d_]{2,})$")
#: Facets of which names are offered for a word without a field, how many of each, and from how many letters on.
_NAMED_FACETS, _MAX_NAMES, _MIN_NAME = ("person", "venue"), 3, 3
_UNQUOTED = re.compile(r"[\w-]+")
_SHORT = re.compile(r"(?:^|[\s(])[^\W\d_]{1,2}$")
#: A last word of enough letters to be searched for as a prefix.
_PREFIX = re.compile(r"(?:^|[\s(])([^\W\d_]{3,})$")


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion.

    label  what is offered: a field's name or a facet's value
    note   how many articles have the value, or what kind of name it is
    line   the whole query if it is accepted
    choice   facet and value that are chosen then
    is_hint  whether the query is complete without it: then only Tab moves to it
    """

    label: str
    note: str
    line: str
    choice: tuple[str, str] | None = None
    is_hint: bool = False


def completions(archive: Archive, text: str, found: int | None = None) -> tuple[Completion, ...]:
    """Completions of the end of `text`, the likeliest first; `found` articles have its words as they are."""
    if match := _VALUE.search(text):
        return tuple(_values(archive, text[: match.start(2)], match[1], match[2].removeprefix('"')))
    if match := _WORD.search(text):
        before, word = text[: match.start(1)], match[1]
        return (
            *_names(archive, before, word),
            *_fields(archive, before, word),
            *_longer_words(archive, text, found or 0),
        )
    return ()


def _fields(archive: Archive, before: str, word: str) -> Iterator[Completion]:
    for name in (*(field.name for field in archive.fields), *PSEUDO_FIELDS):
        if name.startswith(word.lower()):
            yield Completion(f"{name}:", "field", f"{before}{name}:")


def _names(archive: Archive, before: str, word: str) -> Iterator[Completion]:
    """People and venues with a name that begins so; accepting one chooses it in the place of the word."""
    if len(word) < _MIN_NAME or before.endswith(("-", "(")) or before.count('"') % 2:
        return
    begins = re.compile(rf"(?:^|[\W_]){re.escape(_folded(word))}")
    for facet in _NAMED_FACETS:
        try:
            values = archive.facet(facet, word, limit=_MAX_NAMES).values
        except ArchiveError:
            continue
        for each in values:
            if begins.search(_folded(each.value)):
                yield Completion(
                    each.value, f"{facet}, {each.count:,}", before.rstrip(), (facet, each.value), is_hint=True
                )


def _folded(text: str) -> str:
    """A name without capitals and accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _longer_words(archive: Archive, text: str, found: int) -> Iterator[Completion]:
    """The last word as a prefix, where the word itself finds something and its prefix more."""
    prefixed = as_prefix_query(text) if found else None
    if prefixed is None:
        return
    with suppress(ArchiveError):  # it may stand for too many words
        longer = archive.search(prefixed, limit=0, facets=())
        if longer.total > found and not longer.relaxed:
            word = text.rpartition(" ")[2].lstrip("(")
            yield Completion(f"{word}…", f"begins so, {longer.total:,}", prefixed, is_hint=True)


def is_value_being_typed(text: str) -> bool:
    """Whether a facet's value is being typed, which completions are needed for; elsewhere they are hints."""
    return _VALUE.search(text) is not None


def ends_with_short_word(text: str) -> bool:
    """Whether the last word has too few letters to be searched for as a prefix."""
    return _SHORT.search(text) is not None


def as_prefix_query(text: str) -> str | None:
    """The query with its last word turned into a prefix, or None."""
    match = _PREFIX.search(text)
    if match is None or match[1] in ("AND", "NOT") or text.count('"') % 2:
        return None
    return f"{text}*"


def _values(archive: Archive, before: str, field: str, words: str) -> Iterator[Completion]:
    """Values of a field that have the words typed after its name; `before` is the query up to them."""
    if field in PSEUDO_FIELDS:
        for facet in archive.fields.facets:
            if facet.name.startswith(words) and facet.name != words:
                yield Completion(facet.name, "facet", f"{before}{facet.name} ")
        return
    if field not in archive.fields or not archive.fields.get(field).facet:
        return
    try:
        values = archive.facet(archive.fields.get(field).name, words, limit=_MAX_VALUES).values
    except ArchiveError:
        return
    for value in values:
        if value.value != words and '"' not in value.value:
            written = value.value if _UNQUOTED.fullmatch(value.value) else f'"{value.value}"'
            yield Completion(value.value, f"{value.count:,}", f"{before}{written} ")
