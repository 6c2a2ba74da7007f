"""Entering names into the authority files, and remembering those that are not wanted.

Every change is checked before it is written: the file must still be read without a problem
that it had not before, and must then say what was to be said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.errors import NotFoundError, SettingsError
from archive.model.article import Problem
from archive.names.authority.records import FILES, Authority, Record, parse_authority
from archive.names.authority.yaml_edit import record_text, with_record, with_value
from archive.util.atomic_files import read_small, replace_text

#: At the archive's root: names that are not to be suggested again, one a line.
IGNORED_FILE = "names-ignored.txt"
_HEADING = "# Names that `archive names review` ignores, one a line.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded: a new name, or more aliases and namesakes of one that is there."""

    name: str
    aliases: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()


def authority_file(root: Path, facet: str) -> Path:
    """Where the records of a facet are, or would be: in the corpus unless there is one at the root."""
    inside, beside = root / CORPUS_DIR / FILES[facet], root / FILES[facet]
    return beside if beside.is_file() and not inside.is_file() else inside


def record(root: Path, facet: str, entries: Iterable[Entry]) -> int:
    """Enter `entries` into the authority file of a facet; says how many of them changed it.

    Raises SettingsError, and writes nothing, if the file cannot be read, or would not be.
    """
    path = authority_file(root, facet)
    before = read_small(path)
    authority = _read(before, path)
    numbers = {each.name: at for at, each in enumerate(authority.records)}
    text, changed, entries = before, 0, list(entries)
    for entry in entries:
        known = authority.recorded(entry.name)
        after = _more(text, entry, numbers[known], authority.records[numbers[known]]) if known else text
        if not known:
            after = with_record(text, record_text(entry.name, entry.aliases, entry.namesakes))
        changed += after != text
        text = after
    if text != before:
        _check(text, entries, path, len(authority.problems))
        replace_text(path, text)
    return changed


def _more(text: str, entry: Entry, number: int, has: Record) -> str:
    """`text` with what an entry has beyond the record `has`, the one with that number."""
    for value in entry.aliases:
        if value not in (has.name, *has.aliases):
            text = with_value(text, number, "aliases", value)
    for value in entry.namesakes:
        if value not in has.namesakes:
            text = with_value(text, number, "not", value)
    return text


def _check(text: str, entries: Iterable[Entry], path: Path, problems: int) -> None:
    """Raise SettingsError unless the file would now say what was entered, with no more problems than before."""
    authority = _read(text, path)
    if len(authority.problems) > problems:
        raise SettingsError(f"{path}: this cannot be entered: {_said(authority.problems[-1])}")
    records = {each.name: each for each in authority.records}
    for entry in entries:
        name = authority.recorded(entry.name)
        found = records.get(name)
        if not found or any(authority.recorded(alias) != name for alias in entry.aliases):
            raise SettingsError(f"{path}: {entry.name!r} cannot be entered as it is meant; enter it by hand")
        if not {*entry.namesakes} <= {*found.namesakes}:
            raise SettingsError(f"{path}: what is not {name!r} cannot be entered; enter it by hand")


def _read(text: str, path: Path) -> Authority:
    """The records of a text; raises SettingsError if any of them is wrong."""
    records, problems = parse_authority(text.encode(), path.name)
    authority = Authority(records, problems, path.name)
    if problems:
        raise SettingsError(f"{path}: nothing can be entered before this is put right: {_said(problems[0])}")
    return authority


def _said(problem: Problem) -> str:
    return f"line {problem.line}: {problem.what}; {problem.remedy}"


def ignored(root: Path) -> tuple[str, ...]:
    """The names that are not to be suggested."""
    lines = (line.strip() for line in read_small(root / IGNORED_FILE).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def ignore(root: Path, names: Iterable[str]) -> None:
    """Suggest these names no more."""
    known = set(ignored(root))
    new = [name for name in dict.fromkeys(names) if name not in known]
    if new:
        text = read_small(root / IGNORED_FILE) or _HEADING
        replace_text(root / IGNORED_FILE, with_record(text, "".join(f"{name}\n" for name in new)))


def recorded_name(authority: Authority, name: str) -> str:
    """The canonical name behind `name`; raises NotFoundError if there is none."""
    recorded = authority.recorded(name)
    if not recorded:
        raise NotFoundError(f"no record has the name {name!r}" if name else "say whose name is meant")
    return recorded
