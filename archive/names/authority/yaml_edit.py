"""Putting names into an authority file: what people wrote in it stays as it is, to the comment.

A new record is added at the end. A new alias or namesake of a record goes into its list, or
onto a line of its own below the name. The text is taken as YAML reads it, so that places are
those of YAML itself and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

#: Text that every program takes for itself inside [ ] and { }.
_PLAIN = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+)*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"))


def record_text(name: str, aliases: Sequence[str] = (), namesakes: Sequence[str] = ()) -> str:
    """A record of an authority file, as lines."""
    lines = [f"- name: {scalar(name)}\n"]
    for key, values in (("aliases", aliases), ("not", namesakes)):
        if values:
            lines.append(f"  {key}: [{', '.join(map(scalar, values))}]\n")
    return "".join(lines)


def with_record(text: str, record: str) -> str:
    """`text` with a record at its end."""
    return text + ("" if not text or text.endswith("\n") else "\n") + record


def with_value(text: str, number: int, key: str, value: str) -> str:
    """`text` with `value` added to a list of its record `number`, from 0: its `aliases` or `not`."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    records: Any = yaml.compose(text, Loader=loader)
    pairs = {name.value: node for name, node in records.value[number].value}
    name_key, name = next(pair for pair in records.value[number].value if pair[0].value == "name")
    flow = records.value[number].flow_style
    node = pairs.get(key)
    if node is None and flow:
        return _at(text, name.end_mark.index, f", {key}: [{scalar(value)}]")
    if node is None:
        line = f"{' ' * name_key.start_mark.column}{key}: [{scalar(value)}]\n"
        return _below(text, name.end_mark.index, line)
    return _into(text, node, value, yaml)


def _into(text: str, node: Any, value: str, yaml: Any) -> str:
    """`text` with `value` added to the list, or the single value, that `node` is."""
    if isinstance(node, yaml.SequenceNode) and node.flow_style:
        return _at(text, node.end_mark.index - 1, f"{', ' if node.value else ''}{scalar(value)}")
    if isinstance(node, yaml.SequenceNode):
        last = node.value[-1]
        line = f"{' ' * node.start_mark.column}- {scalar(value)}\n"
        return _below(text, last.end_mark.index, line)
    start, end = node.start_mark.index, node.end_mark.index
    if start == end:  # the key has no value
        return _at(text, end, f" [{scalar(value)}]")
    return f"{text[:start]}[{scalar(node.value)}, {scalar(value)}]{text[end:]}"


def _at(text: str, place: int, added: str) -> str:
    return text[:place] + added + text[place:]


def _below(text: str, place: int, line: str) -> str:
    """`text` with a line below the one in which `place` is."""
    end = text.find("\n", place)
    return f"{text}\n{line}" if end < 0 else _at(text, end + 1, line)


def scalar(text: str) -> str:
    """`text` as it may stand in a list of YAML: in quotes unless every program takes it for text."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    from archive.corpus.serialize import quoted

    return quoted(text)
