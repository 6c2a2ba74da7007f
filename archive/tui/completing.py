"""How a query that is being typed may go on: a field's name, a facet's value, or what was asked before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.errors import ArchiveError
from archive.fields import PSEUDO_FIELDS
from archive.library import Archive

_VALUE = re.compile(r'(?:^|(?<=[\s(]))(-?)([\w-]+):("?)([^"]*)$')
_WORD = re.compile(r"(?:^|(?<=[\s(-]))([^\W\d_]{2,})$")
_PLAIN = re.compile(r"[\w-]+")


def complete(archive: Archive, text: str, history: Sequence[str] = ()) -> str | None:
    """The whole line as it may be meant, or None; it always begins with `text`."""
    if not text.strip():
        return None
    if match := _VALUE.search(text):
        return _value(archive, text, match)
    for before in reversed(history):
        if before.startswith(text) and before != text:
            return before
    match = _WORD.search(text)
    names = [*(field.name for field in archive.fields), *PSEUDO_FIELDS]
    name = next((name for name in names if match and name.startswith(match[1])), None)
    return None if name is None or match is None else f"{text[: match.start(1)]}{name}:"


def _value(archive: Archive, text: str, match: re.Match[str]) -> str | None:
    _, name, quote, begun = match.groups()
    if name in PSEUDO_FIELDS:
        found = next((facet.name for facet in archive.fields.facets if facet.name.startswith(begun)), None)
        return None if found is None else f"{text[: match.start(4)]}{found}"
    if not begun or name not in archive.fields or not archive.fields.get(name).facet:
        return None
    try:
        values = archive.facet(archive.fields.get(name).name, begun, limit=20).values
    except ArchiveError:
        return None
    for value in values:
        rest = value.value[len(begun) :]
        if not value.value.casefold().startswith(begun.casefold()) or '"' in rest:
            continue
        if quote:
            return f'{text}{rest}"'
        if _PLAIN.fullmatch(value.value):
            return text + rest
        if " " not in begun:
            # A quote has to stand before what was typed already: as words they mean nearly the same.
            return text + rest.partition(" ")[0]
    return None
