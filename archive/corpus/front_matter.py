"""YAML around a text: the block between `---` lines, and the `.yaml` file beside it.

Losing metadata in silence is the failure to fear here: a fence that is not closed, a key
that stands in two places and a value of the wrong kind are refused, with their line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from archive.config.yaml_loader import MAX_BYTES, YamlError, load
from archive.corpus.decode import Refusal, decode, unreadable
from archive.corpus.metadata import Metadata, key_name, metadata
from archive.corpus.scan import Source
from archive.model.article import Value
from archive.util.atomic_files import open_ordinary

_OPEN = re.compile(r"\A(?:[^\S\n]*\n)*---[ \t]*(?:\n|\Z)")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """The keys of one YAML mapping with their values and lines, and the file it is in."""

    values: dict[str, Value | None]
    lines: dict[str, int]
    path: str


class Parts(NamedTuple):
    """A file's front matter (None where it has none) and body, with their first lines."""

    front: str | None
    front_line: int
    body: str
    body_line: int


def split(text: str) -> Parts:
    """Take the front matter off `text`. Blank lines above the fence do not hide it."""
    opening = _OPEN.match(text)
    if not opening:
        return Parts(None, 1, text, 1)
    front_line = text.count("\n", 0, opening.end()) + 1
    closing = _CLOSE.search(text, opening.end())
    if not closing:
        fence = text.count("\n", 0, opening.end() - 1) + 1
        what = f"the front matter that begins on line {fence} is never closed"
        raise Refusal(what, "add a line --- after it", fence)
    front = text[opening.end() : closing.start()]
    body_line = front_line + text.count("\n", opening.end(), closing.end())
    return Parts(front, front_line, text[closing.end() :], body_line)


def block(text: str, first_line: int, path: str) -> Block:
    """The keys of the YAML in `text`, which begins on line `first_line` of `path`."""
    try:
        root = load(text, first_line=first_line)
    except YamlError as error:
        raise Refusal(error.what, error.remedy, error.line, path) from None
    nodes = {} if root.value is None else root.value
    if not isinstance(nodes, dict):
        what = "the metadata is not a list of `key: value` lines"
        raise Refusal(what, "write `title: …`, or remove the lines of ---", root.line, path)
    values = {key: node.plain() for key, node in nodes.items()}
    return Block(values, {key: node.line for key, node in nodes.items()}, path)


def sidecar(source: Source) -> Block | None:
    """The keys of the `.yaml` beside `source`, or None where there is none."""
    if source.sidecar is None:
        return None
    path = source.sidecar_path
    try:
        with open_ordinary(source.sidecar) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(error, path) from None
    if len(data) > MAX_BYTES:
        raise Refusal(f"the file is over {MAX_BYTES // 1024} KiB", "make it shorter", path=path)
    try:
        return block(decode(data), 1, path)
    except Refusal as refusal:
        refusal.path = path
        raise


def declared(*blocks: Block | None) -> Metadata:
    """The metadata of all blocks together; a key may be given in one of them only."""
    values: dict[str, Value | None] = {}
    places: dict[str, tuple[int, str]] = {}
    seen: dict[str, Block] = {}
    for part in blocks:
        if part is None:
            continue
        for key, value in part.values.items():
            if value is None:
                continue
            name = _known(key, part)
            if (other := seen.setdefault(name, part)) is not part:
                what = f"{key!r} is given in {other.path} too"
                raise Refusal(what, "keep one of them", part.lines[key], part.path)
            values[key] = value
            places[key] = part.lines[key], part.path
    try:
        return metadata(values)
    except Refusal as refusal:
        refusal.line, refusal.path = places.get(refusal.key, (refusal.line, refusal.path))
        raise


def _known(key: str, part: Block) -> str:
    try:
        return key_name(key)
    except Refusal as refusal:
        refusal.line, refusal.path = part.lines[key], part.path
        raise
