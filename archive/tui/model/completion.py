"""How a query that is being typed may go on: a field's name, or a facet's value by any of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.api import Archive
from archive.errors import ArchiveError
from archive.model.fields import PSEUDO_FIELDS

#: Values that are offered at the most.
_MOST = 8
_VALUE = re.compile(r'(?:^|(?<=[\s(]))-?([\w-]+):("?[^"]*)$')
_WORD = re.compile(r"(?:^|(?<=[\s(-]))([^\W\d_]{2,})$")
_PLAIN = re.compile(r"[\w-]+")
#: A word of which so many letters are there may be searched for by its beginning.
_BEGUN = re.compile(r"(?:^|[\s(])([^\W\d_]{3,})$")


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on.

    label  what is offered: a field's name or a facet's value
    note   how many articles have the value, or "field"
    line   the whole text as it then is
    """

    label: str
    note: str
    line: str


def completions(archive: Archive, text: str) -> tuple[Completion, ...]:
    """The ways in which `text` may go on at its end, the likeliest first."""
    if match := _VALUE.search(text):
        return tuple(_values(archive, text[: match.start(2)], match[1], match[2].removeprefix('"')))
    if match := _WORD.search(text):
        before, begun = text[: match.start(1)], match[1]
        names = [*(field.name for field in archive.fields), *PSEUDO_FIELDS]
        return tuple(
            Completion(f"{name}:", "field", f"{before}{name}:") for name in names if name.startswith(begun.lower())
        )
    return ()


def going_on(text: str) -> str | None:
    """The query that finds whatever goes on as the word at its end begins; None where there is no such word."""
    begun = _BEGUN.search(text)
    if begun is None or begun[1] in ("AND", "NOT") or text.count('"') % 2:
        return None
    return f"{text}*"


def _values(archive: Archive, before: str, name: str, begun: str) -> Iterator[Completion]:
    """Values of the field `name`, which stands at the end of `before`, that have the words `begun`."""
    if name in PSEUDO_FIELDS:
        for facet in archive.fields.facets:
            if facet.name.startswith(begun) and facet.name != begun:
                yield Completion(facet.name, "facet", f"{before}{facet.name} ")
        return
    if name not in archive.fields or not archive.fields.get(name).facet:
        return
    try:
        values = archive.facet(archive.fields.get(name).name, begun, limit=_MOST).values
    except ArchiveError:
        return
    for value in values:
        if value.value != begun and '"' not in value.value:
            written = value.value if _PLAIN.fullmatch(value.value) else f'"{value.value}"'
            yield Completion(value.value, f"{value.count:,}", f"{before}{written} ")
