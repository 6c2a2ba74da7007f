"""Metadata around a text: the block above it, in every common form, and the `.yaml` file beside it.

Read are YAML between lines of `---`; TOML between `+++`; JSON in braces or between `;;;`; blocks that name their
form, `---toml` and `---json`; and header lines (`Title: …`) as MultiMarkdown and Pelican have them. Losing metadata in
silence is the failure to fear here: what cannot be understood is kept as text, with a warning that names its line.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from archive.config.yaml_loader import MAX_BYTES, MAX_DEPTH, YamlError, load
from archive.corpus.decode import InvalidArticle, decode, read_error
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.metadata_keys import DEFAULT_KEYS, KeyNames
from archive.model.article import Problem, Value
from archive.util.atomic_files import open_regular_file

if TYPE_CHECKING:
    from archive.corpus.formats.registry import ReadOptions
    from archive.corpus.scan import Source

_OPEN = re.compile(r"\A(?:[^\S\n]*\n)*(---|\+\+\+|;;;)(?:[ \t]*(yaml|toml|json))?[ \t]*(?:\n|\Z)", re.IGNORECASE)
_CLOSE = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_SYNTAX = {"---": "yaml", "+++": "toml", ";;;": "json"}
#: A line that begins a value at the top of a block of YAML, or a header line.
_KEY_LINE = re.compile(r"([^\W\d_][\w .-]{0,60}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)\Z")
_TOML_KEY = re.compile(
    r"^[ \t]*(?:\"([^\"\n]+)\"|'([^'\n]+)'|([\w-]+))[ \t]*(?:\.[^=\n]*)?=|^[ \t]*\[+[ \t\"']*([\w-]+)", re.MULTILINE
)
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class MetadataBlock:
    """The keys of one block of metadata with their values and lines, and the file it is in.

    is_header   whether it is header lines, in which commas part the names of a list
    warnings    what was not understood of it as a whole
    """

    path: str
    values: dict[str, Value | None] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    is_header: bool = False
    warnings: list[Problem] = field(default_factory=list)

    def warn(self, line: int, what: str, remedy: str) -> None:
        """Note what was not understood on a line."""
        self.warnings.append(Problem(self.path, line, what, remedy, taken=True))


class Parts(NamedTuple):
    """A file's metadata block (None where it has none) and body, with the line on which the body begins."""

    front: MetadataBlock | None
    body: str
    body_line: int


def split(text: str, path: str, keys: KeyNames = DEFAULT_KEYS) -> Parts:
    """Take the block of metadata off `text`. Blank lines above it do not hide it."""
    if opening := _OPEN.match(text):
        return _fenced(text, path, opening)
    stripped = text.lstrip()
    if stripped[:1] == "{" and (parts := _in_braces(text, path, len(text) - len(stripped))):
        return parts
    return _header_lines(text, path, keys, 0) or Parts(None, text, 1)


def _fenced(text: str, path: str, opening: re.Match[str]) -> Parts:
    """The block between two fences."""
    syntax = (opening[2] or _SYNTAX[opening[1]]).lower()
    front_line = text.count("\n", 0, opening.end()) + 1
    closing = _CLOSE[opening[1]].search(text, opening.end())
    if not closing:
        return _unclosed(text, path, opening)
    front = text[opening.end() : closing.start()]
    body_line = front_line + text.count("\n", opening.end(), closing.end())
    block = read_block(front, front_line, path, syntax)
    if block.warnings and not block.values and front.strip():  # no metadata at all: the text is not to be lost
        return Parts(block, text[opening.end() : closing.start()] + text[closing.end() :], front_line)
    return Parts(block, text[closing.end() :], body_line)


def _unclosed(text: str, path: str, opening: re.Match[str]) -> Parts:
    """A text below a fence without a second one: header lines, or a line drawn above the text."""
    fence = text.count("\n", 0, opening.start(1)) + 1
    parts = _header_lines(text, path, None, opening.end())
    if parts is None or parts.front is None:
        return Parts(None, text, 1)
    what = f"the front matter that begins on line {fence} is never closed: it is taken to end at the first blank line"
    parts.front.warn(fence, what, f"add a line {opening[1]} after it")
    return parts


def _in_braces(text: str, path: str, start: int) -> Parts | None:
    """A JSON object above the text; None where the brace begins something else."""
    try:
        values, end = _JSON.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or not values or text[end : text.find("\n", end) % (len(text) + 1)].strip():
        return None
    line = text.count("\n", 0, start) + 1
    block = MetadataBlock(path)
    _fill(block, values, text[start:end], line)
    return Parts(block, text[end:], text.count("\n", 0, end) + 1)


def _header_lines(text: str, path: str, keys: KeyNames | None, start: int) -> Parts | None:
    """Lines of `Key: value` up to the first blank one; None where they are prose.

    keys   says which keys mean something: prose may well have a colon behind its first word; None: no matter
    """
    first = text.count("\n", 0, start) + 1
    block = MetadataBlock(path, is_header=True)
    key, at = "", start
    number = first
    while at < len(text):
        end = text.find("\n", at) % (len(text) + 1)
        line = text[at:end]
        if line.isspace() or not line:
            if block.values:
                break
        elif match := _KEY_LINE.match(line):
            key = match[1]
            if key in block.values:
                block.warn(number, f"the key {key!r} is given twice; the first is kept", "keep one of them")
                key = ""
            else:
                block.values[key], block.lines[key] = (match[2] or "").strip(), number
        elif block.values and line[0] in " \t":
            if key:
                block.values[key] = f"{block.values[key]} {line.strip()}".strip()
        else:
            return None
        at, number = end + 1, number + 1
    known = {keys.meaning(key)[0] for key in block.values} - {"", "body"} if keys else set(block.values)
    if not known or (keys and len(block.values) == 1 and known != {"title"}):
        return None
    return Parts(block, text[at:], number)


# -- the forms of a block --------------------------------------------------------------


def read_block(text: str, first_line: int, path: str, syntax: str = "yaml") -> MetadataBlock:
    """The keys in `text`, which begins on line `first_line` of `path`: YAML, TOML or JSON.

    Raises InvalidArticle for a block that is too large to be read.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidArticle(f"the block is over {MAX_BYTES // 1024} KiB", "shorten it", first_line, path)
    block = MetadataBlock(path)
    if syntax == "toml":
        _read_toml(block, text, first_line)
    elif syntax == "json":
        _read_json(block, text, first_line)
    else:
        _read_yaml(block, text, first_line)
    return block


#: A text that YAML takes as it is, and a line of a mapping of such texts and lists of them: most blocks have no others.
_WORDS = r"[^\W_](?:[\w.,'’()/&+=%@!;–—-]|:(?=[\w/])| (?=[^ #:]))*"
_ITEM = r"[^\W_](?:[\w.'’()/&+@;–—-]| (?=[^ #:]))*"
#: … or between quotation marks, where there is nothing to decode: no escapes, no breaks or control characters.
_QUOTED = '"[^"\\\\\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*"'
_ANY_ITEM = rf"(?:{_QUOTED}|{_ITEM})"
_PLAIN_LINE = re.compile(rf"([A-Za-z]\w*):[ ](?:({_WORDS})|({_QUOTED})|\[({_ANY_ITEM}(?:,[ ]{_ANY_ITEM})*)\])")
_ANY_ITEMS = re.compile(_ANY_ITEM)


def _read_plain_yaml(block: MetadataBlock, text: str, first_line: int) -> bool:
    """Read a block that has nothing in it but plain lines, many times as fast as a parser; says whether it had."""
    for line, row in enumerate(text.rstrip("\n").split("\n"), first_line):
        match = _PLAIN_LINE.fullmatch(row)
        if match is None or match[1] in block.values:
            block.values.clear()
            block.lines.clear()
            return False
        key, scalar, quoted, items = match.groups()
        if scalar is not None:
            block.values[key] = None if scalar == "null" else scalar
        elif quoted is not None:
            block.values[key] = quoted[1:-1]
        else:
            found = _ANY_ITEMS.findall(items) if '"' in items else items.split(", ")
            listed = [item[1:-1] if item[0] == '"' else item.strip() for item in found if item.strip() != "null"]
            block.values[key] = tuple(listed)
        block.lines[key] = line
    return True


def _read_yaml(block: MetadataBlock, text: str, first_line: int) -> None:
    if _read_plain_yaml(block, text, first_line):
        return
    try:
        root = load(text, first_line=first_line)
    except YamlError as error:
        _read_lines(block, text, first_line, error)
        return
    nodes = {} if root.value is None else root.value
    if not isinstance(nodes, dict):
        what = "the metadata is not a list of `key: value` lines, and is taken as text"
        block.warn(root.line, what, "write `title: …`, or remove the lines of ---")
        return
    for key, node in nodes.items():
        block.values[key], block.lines[key] = node.plain(), node.line


def _read_lines(block: MetadataBlock, text: str, first_line: int, error: YamlError) -> None:
    """Each key of a block that is not YAML as a whole by itself: what is wrong with one costs no other."""
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if _KEY_LINE.match(line)]
    if not starts or any(line.strip() and line[0] != "#" for line in lines[: starts[0]]):
        block.warn(error.line, f"{error.what}; the block is taken as text", error.remedy)
        return
    for start, end in pairwise([*starts, len(lines)]):
        match = _KEY_LINE.match(lines[start])
        assert match
        key, line = match[1], first_line + start
        if key in block.values:
            block.warn(line, f"the key {key!r} is given twice; the first is kept", "keep one of them")
            continue
        try:
            nodes = load("\n".join(lines[start:end]), first_line=line).value
            node = next(iter(nodes.values())) if isinstance(nodes, dict) else None
            value = node.plain() if node else None
        except YamlError as wrong:
            value = "\n".join([match[2] or "", *map(str.strip, lines[start + 1 : end])]).strip()
            if not _is_text_with_colon(value):
                block.warn(wrong.line, f"{wrong.what}; {key} is taken as text", wrong.remedy)
            value = value.strip("'\"") if re.search(r"\w", value) else None
        block.values[key], block.lines[key] = value, line


def _is_text_with_colon(value: str) -> bool:
    """Whether all that keeps a value from being YAML is a colon in its text: `title: A storm: stay ashore`."""
    return ": " in value and "\n" not in value and value[0] not in "[{&*!|>%@`'\"#"


def _read_toml(block: MetadataBlock, text: str, first_line: int) -> None:
    try:
        values = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = str(error)
        at = _AT_LINE.search(said)
        line = first_line + int(at[1]) - 1 if at else first_line
        what = f"the front matter is not TOML: {_AT_LINE.sub('', said).strip()}; it is taken as text"
        block.warn(line, what, 'correct it, as in `title = "…"`')
        return
    _fill(block, values, text, first_line)
    for match in _TOML_KEY.finditer(text):
        key = next(name for name in match.groups() if name)
        block.lines[key] = min(block.lines.get(key, first_line), first_line + text.count("\n", 0, match.start()))


def _read_json(block: MetadataBlock, text: str, first_line: int) -> None:
    try:
        values = _JSON.decode(text)
    except json.JSONDecodeError as error:
        what = f"the front matter is not JSON: {error.msg}; it is taken as text"
        block.warn(first_line + error.lineno - 1, what, 'correct it, as in {"title": "…"}')
        return
    except RecursionError:
        block.warn(first_line, "the JSON is nested too deep; it is taken as text", "flatten it")
        return
    if isinstance(values, dict):
        _fill(block, values, text, first_line)
    else:
        block.warn(first_line, "the front matter is not a JSON object, and is taken as text", 'write {"title": "…"}')


_JSON = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)


def _fill(block: MetadataBlock, values: dict[str, Any], text: str, first_line: int) -> None:
    """Take over values with text for every scalar; the line of a key is where its name stands first."""
    for key, value in values.items():
        at = max(text.find(key), 0)
        line = first_line + text.count("\n", 0, at)
        try:
            block.values[key], block.lines[key] = plain_value(value), line
        except InvalidArticle as invalid:
            block.warn(line, f"{invalid.what}; {key} is left out", invalid.remedy)


_TEXT = {str}


def plain_value(value: Any, depth: int = 1) -> Value | None:
    """A value of JSON or TOML with text for every scalar; raises InvalidArticle for one that is nested too deep."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if depth > MAX_DEPTH:
        raise InvalidArticle(f"the values are nested more than {MAX_DEPTH} deep", "flatten it")
    if isinstance(value, list):
        if set(map(type, value)) == _TEXT:
            return tuple(value)
        items = [item if type(item) is str else plain_value(item, depth + 1) for item in value]
        return tuple([item for item in items if item is not None])
    if isinstance(value, dict):
        pairs = ((key, plain_value(item, depth + 1)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not None}
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


# -- the file beside, and both together ------------------------------------------------


def sidecar(source: Source) -> MetadataBlock | None:
    """The keys of the `.yaml` beside `source`, None if there is none; raises InvalidArticle if it is unreadable."""
    if source.sidecar is None:
        return None
    path = source.sidecar_path
    try:
        with open_regular_file(source.sidecar) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise read_error(error, path) from None
    block = MetadataBlock(path)
    if len(data) > MAX_BYTES:
        block.warn(0, f"the file is over {MAX_BYTES // 1024} KiB, and is not read", "shorten it")
        return block
    try:
        return read_block(decode(data), 1, path)
    except InvalidArticle as invalid:
        block.warn(invalid.line, f"{invalid.what}; nothing in it is read", invalid.remedy)
        return block


def declared_metadata(
    source: Source, options: ReadOptions, front: MetadataBlock | None = None
) -> tuple[Metadata, list[Problem]]:
    """What the file beside `source` and the block in it declare, and what of it was not understood.

    The file beside wins: it was written by whoever keeps the archive.
    """
    beside = sidecar(source)
    if beside is None:
        return _of_block(front, options.keys)
    meta, warnings = _of_block(beside, options.keys)
    inner, others = _of_block(front, options.keys)
    if front:
        warnings += _contradictions(beside, front, options.keys)
    return meta.or_else(inner), warnings + others


def _of_block(block: MetadataBlock | None, keys: KeyNames) -> tuple[Metadata, list[Problem]]:
    if block is None:
        return Metadata(), []
    meta = read_metadata(block.values, keys, split_names=block.is_header)
    for warning in meta.warnings:
        block.warn(block.lines.get(warning.key, 0), warning.what, warning.remedy)
    meta.warnings = []
    return meta, block.warnings


def _contradictions(beside: MetadataBlock, front: MetadataBlock, keys: KeyNames) -> list[Problem]:
    """The keys that are given in both blocks, with other values."""
    inner = {keys.meaning(key)[0] or key: value for key, value in front.values.items() if value}
    found = []
    for key, value in beside.values.items():
        other = inner.get(keys.meaning(key)[0] or key)
        if value and other and value != other:
            what = f"{key!r} is given in {front.path} too, with another value; this one is used"
            found.append(Problem(beside.path, beside.lines[key], what, "keep one of them", taken=True))
    return found
