"""Names to enter, as a YAML file that a person reviews before it is applied.

people:
- name: Ada Byrne          # entered as a record, or, if recorded already,
  aliases: [Ada Byrn]      # given these aliases as well
venues: []
ignore: [Spring Sale]      # not to be suggested again
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.config.yaml_loader import Node, YamlError, load
from archive.errors import SettingsError
from archive.names.authority.authority_writer import AuthorityEntry, enter, record_text
from archive.names.authority.records import parse_record
from archive.names.discovery.suggestions import SuggestedName, SuggestedNames

_MAX_BYTES = 64 * 1024 * 1024
_FACETS = {"people": "person", "venues": "venue"}
_HEADING = """\
# Names found in the articles. Delete what is not right, put a name under the right heading, or make
# it an alias of another; then: archive names apply FILE
"""


@dataclass(frozen=True, slots=True)
class Patch:
    """What a reviewed file asks to be entered."""

    people: tuple[AuthorityEntry, ...] = ()
    venues: tuple[AuthorityEntry, ...] = ()
    ignore: tuple[str, ...] = ()


def patch_text(found: SuggestedNames) -> str:
    """Suggestions as a patch to review: each with where it is from, as a comment."""
    lines = [_HEADING]
    for key, names in (("people", found.people), ("venues", found.venues)):
        lines.append(f"{key}:{'' if names else ' []'}\n")
        for each in names:
            lines += _described(each)
    lines.append("ignore: []\n")
    return "".join(lines)


def _described(name: SuggestedName) -> Iterator[str]:
    yield record_text(name.name, name.variants)
    times = "once" if name.count == 1 else f"in {name.count} articles"
    dates = f", {name.first}" if name.first else ""
    yield f"  # {times}{dates}{f' to {name.last}' if name.last != name.first else ''}\n"
    for article, sentence in zip(name.articles, name.examples, strict=True):
        yield f"  # {article}: {''.join(char if char.isprintable() else ' ' for char in sentence)}\n"


def read_patch(text: str, path: str) -> Patch:
    """The patch in a file; raises SettingsError naming file and line."""
    try:
        return _patch(load(text, max_bytes=_MAX_BYTES))
    except YamlError as error:
        raise SettingsError(f"{path}:{error.line}: {error.what}", error.remedy) from None


def _patch(root: Node) -> Patch:
    if root.value is None:
        return Patch()
    if not isinstance(root.value, dict):
        raise YamlError(root.line, "this is not a list of names", "begin it with `people:` or `venues:`")
    for key, node in root.value.items():
        if key not in (*_FACETS, "ignore"):
            what = "articles have to be changed by hand" if key == "articles" else f"{key!r} does not belong here"
            raise YamlError(node.line, what, "keep people, venues and ignore")
    people, venues = (_entries(root.value.get(key)) for key in _FACETS)
    return Patch(people, venues, _names(root.value.get("ignore")))


def _entries(node: Node | None) -> tuple[AuthorityEntry, ...]:
    if node is None or node.value is None:
        return ()
    if not isinstance(node.value, list):
        raise YamlError(node.line, "these are not records", "begin each with `- name:`")
    records = map(parse_record, node.value)
    return tuple(AuthorityEntry(each.name, each.aliases, each.namesakes) for each in records)


def _names(node: Node | None) -> tuple[str, ...]:
    if node is None or node.value is None:
        return ()
    items = node.value if isinstance(node.value, list) else [node]
    if not all(isinstance(item.value, str) for item in items):
        raise YamlError(node.line, "ignore must be a list of names", "write it as [Name, Name]")
    return tuple(str(item.value) for item in items)


def apply_patch(root: Path, patch: Patch, *, links_outside: bool = False) -> int:
    """Enter everything in a patch, or nothing; says how many records and ignored names that changed."""
    records = {"person": patch.people, "venue": patch.venues}
    return enter(root, records, patch.ignore, links_outside=links_outside)
