"""Authority records: one name for every person and venue, however an article writes it.

`people.yaml` and `venues.yaml`, in the corpus or beside it, are lists of records:

    - name: Hillary Clinton         # the facet value
      aliases: [Hilary Clinton]     # other spellings, which resolve to it
      not: [Hillary Clinton Smith]  # namesakes, which do not
      note: Candidate in 2016.
      id: hillary-clinton           # a slug; made from the name by default
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archive.config.yaml_loader import Node, YamlError, load_records, record_values
from archive.corpus.decode import InvalidArticle, normalize_name, read_error
from archive.model.article import Problem
from archive.names.authority.authority_files import FILES, MAX_BYTES, places
from archive.names.surface_forms import name_parts
from archive.text.analyzer import unstemmed_terms
from archive.text.normalize import folded_name
from archive.util.atomic_files import open_regular_file
from archive.util.quoting import quote_path

_KEYS = ("name", "aliases", "not", "note", "id")


@dataclass(frozen=True, slots=True)
class Record:
    """One person or venue: the canonical name, and what else is and is not it."""

    name: str
    aliases: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()
    note: str = ""
    id: str = ""
    line: int = 0


class Authority:
    """The records of one kind; `problems` are those that were left out, and why."""

    def __init__(self, records: tuple[Record, ...], problems: tuple[Problem, ...], path: str) -> None:
        self.records = records
        self.path = path
        names = {_key(record.name): record for record in records}
        aliases: dict[str, list[Record]] = {}
        for record in records:
            for alias in record.aliases:
                aliases.setdefault(_key(alias), []).append(record)
        self._canonical = {key: record.name for key, record in names.items()}
        ambiguous = []
        for key, owners in aliases.items():
            claimed = sorted({record.name for record in (*owners, names.get(key, owners[0]))})
            if len(claimed) == 1:
                self._canonical[key] = claimed[0]
            else:
                ambiguous.append(_ambiguous(path, owners[-1], key, claimed))
        self.problems = (*problems, *ambiguous)
        self._known: dict[str, str] = {}  # every name asked for, so that each is folded once

    def canonical(self, name: str) -> str:
        """The canonical name behind `name`, or `name` itself where no record has it.

        A record's own name is never another's alias; an alias of two records is nobody's.
        """
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._canonical.get(_key(name), name) if self._canonical else name
        return known

    def recorded(self, name: str) -> str:
        """The canonical name of the record that has `name`, or "" where none has, or two."""
        return self._canonical.get(_key(name), "") if self._canonical else ""


@dataclass(frozen=True)
class Names:
    """The authority files of an archive. `digest` changes whenever they do."""

    people: Authority
    venues: Authority
    digest: str
    between: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in either file, or between the two."""
        return (*self.people.problems, *self.venues.problems, *self.between)

    @cached_property
    def namesakes(self) -> frozenset[str]:
        """Every namesake, in small letters."""
        records = (*self.people.records, *self.venues.records)
        return frozenset(name.casefold().replace("’", "'") for record in records for name in record.namesakes)

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The surnames of all recorded people, folded."""
        names = (name for record in self.people.records for name in (record.name, *record.aliases))
        return frozenset(folded_name(part.text) for name in names for part in name_parts(name) if not part.given)

    def canonical(self, facet: str, value: str) -> str:
        """The canonical name behind the value of a facet."""
        authority = {"person": self.people, "venue": self.venues}.get(facet)
        return authority.canonical(value) if authority else value

    def recorded(self, facet: str, name: str) -> str:
        """The canonical name of the record of a facet that has `name`; "" where none has."""
        authority = self.people if facet == "person" else self.venues if facet == "venue" else None
        return authority.recorded(name) if authority else ""

    def record(self, facet: str, name: str) -> Record | None:
        """The record of a facet with that canonical name."""
        authority = self.people if facet == "person" else self.venues
        return next((record for record in authority.records if record.name == name), None)


def load_names(root: Path, *, links_outside: bool = False) -> Names:
    """The authority files of the archive in `root`; what is wrong in them becomes a problem.

    Links that lead out of the root are followed only with `links_outside`.
    """
    digest = hashlib.sha256()
    loaded = []
    for file in FILES.values():
        records: tuple[Record, ...] = ()
        problems: tuple[Problem, ...] = ()
        found = places(root, file, links_outside=links_outside)
        path = found[0].relative_to(root).as_posix() if found else file
        if found:
            try:
                with open_regular_file(found[0]) as stream:
                    content = stream.read(MAX_BYTES + 1)
            except OSError as error:
                problems = (read_error(error).problem(path),)
            else:
                digest.update(content)
                records, problems = parse_authority(content, path)
        if (root / file).is_file() and root / file not in found:  # one in the corpus is named by the walk over it
            what = "this link leads out of the archive and is not followed"
            problems += (Problem(file, 0, what, "put the file itself there, or write `links_outside: true`"),)
        if len(found) > 1:
            problems += (Problem(file, 0, f"{quote_path(path)} is used instead", "keep one of the two"),)
        digest.update(b"\0")
        loaded.append(Authority(records, problems, path))
    people, venues = loaded
    return Names(people, venues, digest.hexdigest()[:16], tuple(_in_both(people, venues)))


def _in_both(people: Authority, venues: Authority) -> Iterator[Problem]:
    """Names that a person and a venue have: in a text nobody can tell which is meant."""
    for record in venues.records:
        for name in (record.name, *record.aliases):
            if person := people.recorded(name):
                what = f"{name!r} is a venue here and the person {person} in {quote_path(people.path)}"
                yield Problem(venues.path, record.line, what, "make one of them longer; until then it is not detected")


def parse_authority(content: bytes, path: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The records in an authority file's bytes, and those left out, named by `path` and line."""
    read, problems = load_records(content, path, _KEYS, parse_record, MAX_BYTES)
    records: dict[str, Record] = {}
    for record in read:
        if (key := _key(record.name)) in records:
            what = f"{record.name!r} is already recorded on line {records[key].line}"
            problems.append(Problem(path, record.line, what, "merge the two records"))
        else:
            records[key] = record
    return tuple(records.values()), tuple(sorted(problems, key=lambda problem: problem.line))


def parse_record(node: Node) -> Record:
    """One record; raises YamlError naming the line."""
    values = record_values(node, _KEYS)
    (name,) = _texts(values, "name", 1) or ("",)
    if not unstemmed_terms(name):
        raise YamlError(node.line, "a record has no name", "add `name:`")
    return Record(
        name,
        tuple(alias for alias in _texts(values, "aliases") if _key(alias) != _key(name)),
        _texts(values, "not"),
        " ".join(_texts(values, "note", 1)),
        " ".join(_texts(values, "id", 1)),
        node.line,
    )


def _texts(record: Mapping[str, Node], key: str, most: int | None = None) -> tuple[str, ...]:
    """The values of a key, as a list whether it was written as one or not."""
    node = record.get(key)
    if node is None or node.value is None:
        return ()
    items = node.value if isinstance(node.value, list) else [node]
    try:
        texts = [normalize_name(item.value) for item in items if isinstance(item.value, str)]
    except InvalidArticle as invalid:
        raise YamlError(node.line, invalid.what, invalid.remedy) from None
    if len(texts) != len(items) or (most is not None and len(texts) > most):
        raise YamlError(node.line, f"{key} must be {'text' if most else 'a list of texts'}", "correct it")
    return tuple(dict.fromkeys(text for text in texts if text))


def _key(name: str) -> str:
    """What two spellings of a name that differ only in case, accents or spaces share."""
    return " ".join(unstemmed_terms(name))


def _ambiguous(path: str, record: Record, key: str, owners: list[str]) -> Problem:
    what = f"the alias {key!r} is that of {' and of '.join(owners)}"
    return Problem(path, record.line, what, "keep it in one of them; until then it resolves to neither")
