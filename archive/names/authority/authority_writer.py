"""Entering names into the authority files, and remembering those that are not wanted.

Every change is made under the lock of its file, to what the file holds at that moment, and is checked
before it is written: the file must still be read without a problem that it had not before, and must
then say what was to be said. What people wrote in the file stays as it is, comments included: a new record is
added at the end, and a new alias or namesake goes into the list of its record, or onto a line below its name.
Positions are those of the YAML parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from archive.config.settings import CORPUS_DIR
from archive.errors import SettingsError, UsageError
from archive.model.article import Problem
from archive.names.authority.authority_files import FILES
from archive.names.authority.records import Authority, Record, parse_authority
from archive.util.atomic_files import edit_texts, read_small
from archive.util.quoting import quote_path

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


#: At the archive's root: names that are not to be suggested again, one a line.
IGNORED_FILE = "names-ignored.txt"
_HEADING = "# Names that `archive names review` ignores, one per line.\n"


@dataclass(frozen=True, slots=True)
class AuthorityEntry:
    """What is to be recorded: a new name, or more aliases and namesakes of one that is there."""

    name: str
    aliases: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()


def authority_file(root: Path, facet: str) -> Path:
    """Where the records of a facet are, or would be: in the corpus unless there is one at the root."""
    inside, beside = root / CORPUS_DIR / FILES[facet], root / FILES[facet]
    return beside if beside.is_file() and not inside.is_file() else inside


def enter(
    root: Path,
    records: Mapping[str, Iterable[AuthorityEntry]],
    unwanted: Iterable[str] = (),
    *,
    links_outside: bool = False,
) -> int:
    """Enter records, by facet, into the authority files, and names that are not to be suggested again.

    Returns how many of them changed anything. Raises SettingsError, and writes nothing, if one of the files
    cannot be read, or could not be any more.
    """
    counts: dict[Path, int] = {}

    def counted(path: Path, change: Callable[[str], tuple[str, int]]) -> Callable[[str], str]:
        def counting(text: str) -> str:
            changed, counts[path] = change(text)
            return changed

        return counting

    changes = {}
    for facet, entries in records.items():
        if wordset := list(entries):
            path = authority_file(root, facet)
            changes[path] = counted(path, partial(_with_entries, path, wordset))
    if names := list(unwanted):
        path = root / IGNORED_FILE
        changes[path] = counted(path, partial(_with_ignored, names))
    edit_texts(changes, within=() if links_outside else (root, root / CORPUS_DIR))
    return sum(counts.values())


def record(root: Path, facet: str, entries: Iterable[AuthorityEntry]) -> int:
    """`enter` for one facet."""
    return enter(root, {facet: entries})


def _with_entries(path: Path, entries: Sequence[AuthorityEntry], before: str) -> tuple[str, int]:
    """The text of an authority file with `entries`, and how many of them changed it."""
    authority = _read(before, path)
    numbers = {each.name: at for at, each in enumerate(authority.records)}
    text, changed = before, 0
    for entry in entries:
        known = authority.recorded(entry.name)
        after = _more(text, entry, numbers[known], authority.records[numbers[known]]) if known else text
        if not known:
            after = with_record(text, record_text(entry.name, entry.aliases, entry.namesakes))
        changed += after != text
        text = after
    if text != before:
        _check(text, entries, path, len(authority.problems))
    return text, changed


def _more(text: str, entry: AuthorityEntry, number: int, has: Record) -> str:
    """`text` with what an entry has beyond the record `has`, the one with that number."""
    for value in entry.aliases:
        if value not in (has.name, *has.aliases):
            text = with_value(text, number, "aliases", value)
    for value in entry.namesakes:
        if value not in has.namesakes:
            text = with_value(text, number, "not", value)
    return text


def _check(text: str, entries: Iterable[AuthorityEntry], path: Path, problems: int) -> None:
    """Raise SettingsError unless the file would now say what was entered, with no more problems than before."""
    authority = _read(text, path)
    if len(authority.problems) > problems:
        raise SettingsError(
            f"{quote_path(path)}: this cannot be added: {_said(authority.problems[-1])}", authority.problems[-1].remedy
        )
    records = {each.name: each for each in authority.records}
    for entry in entries:
        name = authority.recorded(entry.name)
        found = records.get(name)
        if not found or any(authority.recorded(alias) != name for alias in entry.aliases):
            raise SettingsError(f"{quote_path(path)}: {entry.name!r} cannot be added as intended", "add it by hand")
        if not {*entry.namesakes} <= {*found.namesakes}:
            raise SettingsError(f"{quote_path(path)}: the namesakes of {name!r} cannot be added", "add them by hand")


def _read(text: str, path: Path) -> Authority:
    """The records of a text; raises SettingsError if any of them is wrong."""
    records, problems = parse_authority(text.encode(), path.name)
    authority = Authority(records, problems, path.name)
    if problems:
        raise SettingsError(
            f"{quote_path(path)}: nothing can be added until this is fixed: {_said(problems[0])}", problems[0].remedy
        )
    return authority


def _said(problem: Problem) -> str:
    return f"line {problem.line}: {problem.what}"


def ignored(root: Path) -> tuple[str, ...]:
    """The names that are not to be suggested."""
    return _ignored_in(read_small(root / IGNORED_FILE))


def ignore(root: Path, names: Iterable[str]) -> int:
    """Suggest these names no more; returns how many of them are new."""
    return enter(root, {}, names)


def _ignored_in(text: str) -> tuple[str, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _with_ignored(names: Sequence[str], before: str) -> tuple[str, int]:
    """The text of the file of ignored names with `names`, and how many of them are new in it."""
    known = set(_ignored_in(before))
    new = [name for name in dict.fromkeys(" ".join(name.split()) for name in names) if name and name not in known]
    if comment := next((name for name in new if name.startswith("#")), None):
        raise UsageError(f"{comment!r} cannot be ignored: a line that begins with # is a comment")
    return with_record(before or _HEADING, "".join(f"{name}\n" for name in new)) if new else before, len(new)
