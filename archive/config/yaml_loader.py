"""YAML as a format for people's metadata: text, lists and mappings, and no surprises.

Every scalar stays the text that was written (`017`, `No` and `2023-10` mean themselves);
aliases, tags, repeated keys, and blocks that are too deep or too large are refused, each
with its line. The tree is built from parser events, so that no constructor ever runs and
nothing recurses before its depth is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from archive.model.article import Problem, Value

Record = TypeVar("Record")

#: Largest block in bytes, and deepest nesting of lists and mappings, that is read.
MAX_BYTES = 64 * 1024
MAX_DEPTH = 16


class YamlError(ValueError):
    """A block that is refused. `line` is 1-based; `what` and `remedy` are clauses."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(f"line {line}: {what}; {remedy}")
        self.line, self.what, self.remedy = line, what, remedy


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the 1-based line it starts on: text, None, a list or a mapping of nodes."""

    value: str | list[Node] | dict[str, Node] | None
    line: int

    def plain(self) -> Value | None:
        """The value without its lines; an absent value (`key:` or `~`) is None."""
        if isinstance(self.value, list):
            items = (item.plain() for item in self.value)
            return tuple(item for item in items if item is not None)
        if isinstance(self.value, dict):
            pairs = ((key, node.plain()) for key, node in self.value.items())
            return {key: value for key, value in pairs if value is not None}
        return self.value


def load(text: str, first_line: int = 1, max_bytes: int = MAX_BYTES) -> Node:
    """The one document in `text`, whose first line has the number `first_line`.

    Raises YamlError for everything that is not plain text, lists and mappings.
    """
    if all(not line or line[0] == "#" for line in map(str.strip, text.splitlines())):
        return Node(None, first_line)  # without a parser, which takes longer to load than a search takes

    import yaml

    if len(text) > max_bytes or len(text.encode("utf-8", "replace")) > max_bytes:
        raise YamlError(first_line, f"the block is over {max_bytes // 1024} KiB", "shorten it")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _document(yaml.parse(text, Loader=loader), yaml, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        what = " ".join(part for part in (error.context, error.problem) if part)
        if "nesting depth" in what:  # newer parsers look ahead and give up before our own count is reached
            raise _too_deep(line) from None
        raise YamlError(line, f"this is not YAML: {what}", "check the quotes, colons and indents") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise YamlError(first_line, f"this is not YAML: {reason}", "remove the character") from None


def load_records(
    content: bytes, path: str, keys: Sequence[str], parsed: Callable[[Node], Record], max_bytes: int
) -> tuple[list[Record], list[Problem]]:
    """The records of a file that is a list of mappings, and the problems of those left out, by `path` and line.

    keys    that a record may have; it begins with the first
    parsed  makes a record of its mapping; raises YamlError
    """
    try:
        root = load(content.decode("utf-8-sig"), max_bytes=max_bytes)
    except YamlError as error:
        return [], [Problem(path, error.line, error.what, error.remedy)]
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [], [Problem(path, line, "this is not UTF-8", "save the file as UTF-8")]
    if root.value is None:
        return [], []
    if not isinstance(root.value, list):
        return [], [Problem(path, root.line, "this is not a list of records", f"begin each record with `- {keys[0]}:`")]
    records: list[Record] = []
    problems: list[Problem] = []
    for node in root.value:
        try:
            records.append(parsed(node))
        except YamlError as error:
            problems.append(Problem(path, error.line, error.what, error.remedy))
    return records, problems


def record_values(node: Node, keys: Sequence[str]) -> Mapping[str, Node]:
    """The values of a record, by key; raises YamlError where it is no mapping, or has other keys than these."""
    if not isinstance(node.value, dict):
        raise YamlError(node.line, "this is not a record", f"begin it with `- {keys[0]}:`")
    for key, value in node.value.items():
        if key not in keys:
            raise YamlError(value.line, f"a record has no {key!r}", f"it has {', '.join(keys)}")
    return node.value


def _document(events: Iterator[Any], yaml: Any, first_line: int) -> Node:
    """Build the tree with a stack of open collections instead of recursion."""
    stack: list[tuple[Node, str | None]] = []  # an open collection and the key waiting for a value
    root: Node | None = None
    documents = 0
    for event in events:
        line = first_line + event.start_mark.line
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise YamlError(line, "there is a second YAML document", "keep one")
            continue
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, "aliases and anchors (& and *) are not supported", "write the value out, or quote it")
        if getattr(event, "tag", None) not in (None, "!"):
            raise YamlError(line, f"the tag {event.tag!r} is not read", "remove it: all values are text")
        if isinstance(event, yaml.ScalarEvent):
            empty = not event.style and event.value in ("", "~", "null")
            node = Node(None if empty else event.value, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node([], line)
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node({}, line)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            stack.pop()
            continue
        else:
            continue
        if not stack:
            root = root or node
        else:
            _attach(stack, node)
        if isinstance(node.value, (list, dict)):
            if len(stack) >= MAX_DEPTH:
                raise _too_deep(line)
            stack.append((node, None))
    return root or Node(None, first_line)


def _too_deep(line: int) -> YamlError:
    return YamlError(line, f"lists are nested more than {MAX_DEPTH} deep", "flatten it")


def _attach(stack: list[tuple[Node, str | None]], node: Node) -> None:
    """Put `node` into the innermost open collection, as an item, a key or a value."""
    parent, key = stack[-1]
    if isinstance(parent.value, list):
        parent.value.append(node)
        return
    assert isinstance(parent.value, dict)
    if key is not None:
        parent.value[key] = node
        stack[-1] = (parent, None)
        return
    if not isinstance(node.value, str):
        raise YamlError(node.line, "a key must be plain text", "put it in quotes")
    if node.value in parent.value:
        raise YamlError(node.line, f"the key {node.value!r} is given twice", "keep one of them")
    stack[-1] = (parent, node.value)
