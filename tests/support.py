"""Archives made of plain dicts, and what they should answer by brute force.

The oracle knows nothing of the engine: it walks over all the dicts for every request, and
its rules are written down a second time, from the contract.
"""

from __future__ import annotations

import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from archive import Archive, FacetResult

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"

Record = Mapping[str, Any]
Query = Callable[[Record], bool]

#: How many times more than usual to generate, and then by chance: 1 repeats the same examples.
FACTOR = int(os.environ.get("ARCHIVE_TEST_FACTOR", "1"))


def generated(examples: int) -> settings:
    """Hypothesis settings for a test that builds archives."""
    return settings(
        max_examples=examples * FACTOR,
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write one article a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")


def make_archive(root: Path, records: Iterable[Record] = (), settings: str = "") -> Archive:
    """An indexed archive in `root` of one JSON Lines file; every record must be taken."""
    records = list(records)
    (root / "corpus").mkdir(parents=True, exist_ok=True)
    if settings:
        (root / "archive.yaml").write_text(settings, "utf-8")
    if records:
        write_records(root / "corpus" / "articles.jsonl", records)
    archive = Archive.open(root)
    report = archive.index()
    assert not report.problems
    assert report.added == len(records)
    return archive


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ids(archive: Archive, query: str = "", **options: Any) -> set[str]:
    """The ids of everything that a request finds."""
    page = archive.search(query, **{"limit": None, **options})
    assert page.total == len(page.hits)
    return {hit.id for hit in page.hits}


# -- the oracle ------------------------------------------------------------------------

_KEYS = {"person": "people", "venue": "venues"}


def values_of(record: Record, facet: str) -> list[str]:
    """The values that an article has in a facet."""
    if facet == "year":
        return [record["date"][:4]] if record.get("date") else []
    found = record.get(_KEYS.get(facet, facet)) or []
    return list(dict.fromkeys([found] if isinstance(found, str) else found))


@dataclass
class Choice:
    """What is chosen of one facet."""

    values: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    ranges: list[tuple[int | None, int | None]] = field(default_factory=list)
    missing: bool = False
    every: bool = False

    @property
    def has_filter(self) -> bool:
        return bool(self.values or self.ranges or self.missing)

    def in_range(self, value: str) -> bool:
        return any((a is None or a <= int(value)) and (b is None or int(value) <= b) for a, b in self.ranges)

    def chooses(self, values: Sequence[str]) -> bool:
        if not self.has_filter:
            return True
        if self.every and self.values:
            return set(self.values) <= set(values) and not (self.missing and values)
        return any(v in self.values or self.in_range(v) for v in values) or (self.missing and not values)

    def excludes(self, values: Sequence[str]) -> bool:
        return any(value in self.excluded for value in values)


@dataclass
class Asked:
    """A request as the oracle understands it: a predicate, and choices by facet."""

    query: Query
    choices: dict[str, Choice]
    facets: Sequence[str]
    facet_limit: int | None = 10
    facet_sort: str = "count"


@dataclass
class SegmentMeta:
    """One facet as it should be answered: (value, count, selected), distinct, missing."""

    values: list[tuple[str, int, bool]]
    distinct: int
    missing: int

    def matches(self, result: FacetResult) -> bool:
        got = [(each.value, each.count, each.selected) for each in result.values]
        return (got, result.distinct, result.missing) == (self.values, self.distinct, self.missing)


def found(records: Sequence[Record], asked: Asked, but: str | None = None) -> list[Record]:
    """The articles that a request finds; `but` leaves out what is chosen of one facet."""
    return [
        record
        for record in records
        if asked.query(record)
        and not any(choice.excludes(values_of(record, name)) for name, choice in asked.choices.items())
        and all(choice.chooses(values_of(record, name)) for name, choice in asked.choices.items() if name != but)
    ]


def counted(records: Sequence[Record], asked: Asked, facet: str) -> SegmentMeta:
    """One facet of the answer to a request."""
    choice = asked.choices.get(facet, Choice())
    scope = found(records, asked, None if choice.every else facet)
    counts = Counter(value for record in scope for value in values_of(record, facet))
    selected = {value: counts[value] for value in choice.values}
    selected |= {value: count for value, count in counts.items() if choice.in_range(value)}
    others = {value: count for value, count in counts.items() if value not in selected}

    def ordered(values: Mapping[str, int]) -> list[tuple[str, int]]:
        return sorted(values.items(), key=(lambda v: (-v[1], v[0])) if asked.facet_sort == "count" else None)

    room = len(others) if asked.facet_limit is None else max(0, asked.facet_limit - len(selected))
    rows = [(value, count, True) for value, count in ordered(selected)]
    rows += [(value, count, False) for value, count in ordered(others)[:room]]
    return SegmentMeta(rows, len(counts), sum(not values_of(record, facet) for record in scope))


def in_order(records: Sequence[Record], sort: str) -> list[str]:
    """The ids of `records` as a sort puts them: undated ones last, ties by id."""
    by_id = sorted(records, key=lambda record: record["id"])
    if sort == "title":
        ordered = sorted(by_id, key=lambda record: record["title"].casefold())
    else:
        dated = [record for record in by_id if record.get("date")]
        if sort == "oldest":
            ordered = sorted(dated, key=lambda record: record["date"])
        else:
            ordered = sorted(dated, key=lambda record: record["date"], reverse=True)
        ordered += [record for record in by_id if not record.get("date")]
    return [record["id"] for record in ordered]
