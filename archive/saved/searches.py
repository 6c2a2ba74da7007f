"""Saved searches: requests with names, in `saved.yaml` at the archive's root.

The file is for people too. It is read as strictly as front matter; saving adds lines at its
end and deleting takes lines away, so that comments and order stay as they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from archive.errors import NotFoundError, SettingsError, UsageError, shortened
from archive.model.article import Value
from archive.query.request import SURROGATES, SearchRequest
from archive.util.atomic_files import edit_text, read_small

SAVED_FILE = "saved.yaml"
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A request under a name."""

    name: str
    request: SearchRequest

    def to_record(self) -> dict[str, Any]:
        """The search as `saved.yaml` has it."""
        return {"name": self.name, **self.request.to_record()}


class SavedFile:
    """The saved searches of the archive in `root`, as a file.

    Every method raises SettingsError, naming file and line, if the file cannot be used. Changes are
    made under its lock to what it holds at that moment.
    """

    def __init__(self, root: Path) -> None:
        self._root, self._path = root, root / SAVED_FILE

    def load(self) -> tuple[SavedSearch, ...]:
        """All of them, in the order of the file."""
        return tuple(each for each, _, _ in self._read(read_small(self._path)))

    def put(self, name: str, request: SearchRequest) -> SavedSearch:
        """Save a request under a name, in place of any that has it; raises UsageError for an empty name."""
        search = SavedSearch(" ".join(SURROGATES.sub("\ufffd", name).split()), request)
        if not search.name:
            raise UsageError("a saved search needs a name")

        def change(text: str) -> str:
            before = self._without(text, (search.name,))
            return before + ("\n" if before.strip() and not before.endswith("\n\n") else "") + _lines(search)

        self._edit(change, lambda found: [*(each for each in found if each.name != search.name), search])
        return search

    def remove(self, names: Collection[str]) -> None:
        """Remove the searches of these names; raises NotFoundError, and removes none, if one is not there."""

        def kept(found: Sequence[SavedSearch]) -> list[SavedSearch]:
            for name in names:
                find_saved(found, name)
            return [each for each in found if each.name not in names]

        self._edit(lambda text: self._without(text, names), kept)

    def _edit(
        self, change: Callable[[str], str], expected: Callable[[Sequence[SavedSearch]], Sequence[SavedSearch]]
    ) -> None:
        """Change the text, unless it would then not hold what is `expected` of the searches that it holds now."""

        def checked(text: str) -> str:
            meant = expected([each for each, _, _ in self._read(text)])
            changed = change(text)
            try:
                held = [each.to_record() for each, _, _ in self._read(changed)]
            except SettingsError:
                held = []
            if held != [each.to_record() for each in meant]:
                raise SettingsError(
                    f"{self._path} cannot be changed line by line as it is written", "change it by hand"
                )
            return changed

        edit_text(self._path, checked, within=(self._root,))

    def _read(self, text: str) -> list[tuple[SavedSearch, int, int]]:
        """Every saved search with the number of its first line and of the line after its last."""
        from archive.config.yaml_loader import YamlError, load

        try:
            node = load(text, max_bytes=_MAX_BYTES)
        except YamlError as error:
            raise SettingsError(f"{self._path}:{error.line}: {error.what}", error.remedy) from None
        items = node.value if node.value is not None else []
        if not isinstance(items, list):
            raise SettingsError(f"{self._path}:{node.line}: saved searches are a list, each beginning with `- name:`")
        found = []
        for item, following in zip_longest(items, items[1:]):
            record = item.plain()
            if not isinstance(record, Mapping) or not isinstance(record.get("name"), str):
                raise SettingsError(f"{self._path}:{item.line}: a saved search begins with `- name:`")
            asked = {key: value for key, value in record.items() if key != "name"}
            try:
                each = SavedSearch(str(record["name"]), SearchRequest.from_record(asked))
            except UsageError as error:
                raise SettingsError(f"{self._path}:{item.line}: {error.what}", error.remedy) from None
            except (TypeError, ValueError) as error:
                raise SettingsError(f"{self._path}:{item.line}: {error}") from None
            found.append((each, item.line, following.line if following else _end(text, item.line)))
        return found

    def _without(self, text: str, names: Collection[str]) -> str:
        """The file's text without the records of these names, other lines as they are."""
        gone = {line for each, first, end in self._read(text) if each.name in names for line in range(first, end)}
        lines = text.splitlines(keepends=True)
        kept = "".join(line for number, line in enumerate(lines, 1) if number not in gone or line.startswith("#"))
        return kept if not kept or kept.endswith("\n") else f"{kept}\n"


def find_saved(searches: Collection[SavedSearch], name: str) -> SavedSearch:
    """The one of that name; raises NotFoundError naming the others."""
    for each in searches:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in searches) or "none"
    raise NotFoundError(f"there is no saved search {shortened(name)!r}", f"there are: {names}")


def _lines(search: SavedSearch) -> str:
    """A record of the file."""
    from archive.corpus.serialize import to_yaml

    lines = to_yaml({key: _frozen(value) for key, value in search.to_record().items()}).splitlines(keepends=True)
    return "".join(("- " if number == 0 else "  ") + line for number, line in enumerate(lines))


def _frozen(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, Mapping) else str(value)


def _end(text: str, line: int) -> int:
    """The line after the last of the record that begins on `line`: the next that is not indented."""
    for number, content in enumerate(text.splitlines()[line:], line + 1):
        if content.strip() and not content[0].isspace():
            return number
    return len(text.splitlines()) + 1
