"""Completions of the query being typed: field names, and facet values by any of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Archive, ArchiveError
from archive.model.fields import PSEUDO_FIELDS

#: Values offered at most.
_MAX_VALUES = 8
_VALUE = re.compile(r'(?:^|(?<=[\s(]))-?([\w-]+):("?[^"]*)$')
_WORD = re.compile(r"(?:^|(?<=[\s(-]))([^\W\d_]{2,})$")
_UNQUOTED = re.compile(r"[\w-]+")
#: A last word of enough letters to be searched for as a prefix.
_PREFIX = re.compile(r"(?:^|[\s(])([^\W\d_]{3,})$")


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion.

    label  what is offered: a field's name or a facet's value
    note   how many articles have the value, or what kind of name it is
    line   the whole query if it is accepted
    """

    label: str
    note: str
    line: str


def completions(archive: Archive, text: str) -> tuple[Completion, ...]:
    """Completions of the end of `text`, the likeliest first."""
    if match := _VALUE.search(text):
        return tuple(_values(archive, text[: match.start(2)], match[1], match[2].removeprefix('"')))
    if match := _WORD.search(text):
        before, prefix = text[: match.start(1)], match[1]
        names = [*(field.name for field in archive.fields), *PSEUDO_FIELDS]
        return tuple(
            Completion(f"{name}:", "field", f"{before}{name}:") for name in names if name.startswith(prefix.lower())
        )
    return ()


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
