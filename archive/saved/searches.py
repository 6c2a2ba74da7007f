"""Saved searches: requests with names, in `saved.yaml` at the archive's root.

The file is for people too. It is read as strictly as front matter; saving adds lines at its
end and deleting takes lines away, so that comments and order stay as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from archive.errors import NotFoundError, SettingsError, UsageError
from archive.model.article import Value
from archive.query.request import SearchRequest
from archive.util.atomic_files import read_small, replace_text

SAVED_FILE = "saved.yaml"
_MAX_BYTES = 1024 * 1024
_LISTS = ("person", "venue", "year", "not_person", "not_venue", "missing")
_PAIRS = ("where", "not_where")
_FLAGS = ("all_people", "any_word", "expand")
_KEYS = ("name", "query", *_LISTS, *_PAIRS, *_FLAGS, "sort")
_YES = ("true", "yes")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A request under a name."""

    name: str
    request: SearchRequest


def request_record(request: SearchRequest) -> dict[str, Any]:
    """What a request asks, as text, lists and mappings; what it does not ask is left out."""
    record: dict[str, Any] = {"query": request.query} if request.query else {}
    for name in _LISTS:
        if values := getattr(request, name):
            record[name] = [str(value) for value in values]
    for name in _PAIRS:
        pairs: dict[str, list[str]] = {}
        for facet, value in getattr(request, name):
            pairs.setdefault(facet, []).append(value)
        if pairs:
            record[name] = pairs
    for name in _FLAGS:
        if getattr(request, name):
            record[name] = "true"
    if request.sort != "relevance":
        record["sort"] = request.sort
    return record


def request_from(record: Mapping[str, Any]) -> SearchRequest:
    """The request of a record; raises UsageError for what cannot be meant."""
    given: dict[str, Any] = {}
    for key, value in record.items():
        if key not in _KEYS:
            raise UsageError(f"a saved search has no {key!r}; it has {', '.join(_KEYS)}")
        if key in _FLAGS:
            given[key] = str(value).casefold() in _YES
        elif key in _PAIRS and not isinstance(value, Mapping):
            raise UsageError(f"{key} must be facets with their values, as in `{key}: {{source: Gazette}}`")
        elif key in ("query", "sort") and not isinstance(value, str):
            raise UsageError(f"{key} must be one piece of text")
        elif key == "year":
            given[key] = [value] if isinstance(value, str) else list(value)
        elif key != "name":
            given[key] = value
    return SearchRequest(**given)


def load_saved(root: Path) -> tuple[SavedSearch, ...]:
    """The saved searches of the archive in `root`, in the order of the file.

    Raises SettingsError, naming file and line, if it cannot be used.
    """
    return tuple(each for each, _, _ in _read(root))


def get_saved(root: Path, name: str) -> SavedSearch:
    """The saved search of that name; raises NotFoundError naming the others."""
    found = load_saved(root)
    for each in found:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in found) or "none"
    raise NotFoundError(f"there is no saved search {name!r}; there are: {names}")


def save(root: Path, name: str, request: SearchRequest) -> None:
    """Save a request under a name, in place of any that has it; raises UsageError for an empty name."""
    from archive.corpus.serialize import to_yaml

    name = " ".join(name.split())
    if not name:
        raise UsageError("a saved search needs a name")
    record: dict[str, Value] = {"name": name}
    record |= {key: _frozen(value) for key, value in request_record(request).items()}
    lines = to_yaml(record).splitlines(keepends=True)
    text = "".join(("- " if number == 0 else "  ") + line for number, line in enumerate(lines))
    before = _without(root, name)
    _write(root, f"{before}\n{text}" if before.strip() and not before.endswith("\n\n") else before + text)


def delete(root: Path, name: str) -> None:
    """Forget a saved search; raises NotFoundError naming the others."""
    get_saved(root, name)
    _write(root, _without(root, name))


def _frozen(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, Mapping) else str(value)


def _read(root: Path) -> list[tuple[SavedSearch, int, int]]:
    """Every saved search with the number of its first line and of the line after its last."""
    from archive.config.yaml_loader import YamlError, load

    path = root / SAVED_FILE
    text = read_small(root / SAVED_FILE)
    try:
        node = load(text, max_bytes=_MAX_BYTES)
    except YamlError as error:
        raise SettingsError(f"{path}:{error.line}: {error.what}; {error.remedy}") from None
    items = node.value if node.value is not None else []
    if not isinstance(items, list):
        raise SettingsError(f"{path}:{node.line}: saved searches are a list, each beginning with `- name:`")
    found = []
    for item, following in zip_longest(items, items[1:]):
        record = item.plain()
        if not isinstance(record, Mapping) or not isinstance(record.get("name"), str):
            raise SettingsError(f"{path}:{item.line}: a saved search begins with `- name:`")
        try:
            each = SavedSearch(str(record["name"]), request_from(record))
        except (UsageError, TypeError, ValueError) as error:
            raise SettingsError(f"{path}:{item.line}: {error}") from None
        found.append((each, item.line, following.line if following else _end(text, item.line)))
    return found


def _end(text: str, line: int) -> int:
    """The line after the last of the record that begins on `line`: the next that is not indented."""
    for number, content in enumerate(text.splitlines()[line:], line + 1):
        if content.strip() and not content[0].isspace():
            return number
    return len(text.splitlines()) + 1


def _without(root: Path, name: str) -> str:
    """The file's text without the records of that name, other lines as they are."""
    gone = {line for each, first, end in _read(root) if each.name == name for line in range(first, end)}
    lines = read_small(root / SAVED_FILE).splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines, 1) if number not in gone or line.startswith("#")]
    text = "".join(kept)
    return text if not text or text.endswith("\n") else f"{text}\n"


def _write(root: Path, text: str) -> None:
    replace_text(root / SAVED_FILE, text)
