"""How the counted values of a facet become a list: what every engine does alike.

Selected values come first, always, even with count 0; the others follow by count or by name,
as many as there is room for, and those with count 0 are left out. Where values are searched for,
only values that the text describes are listed, the closest first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from archive.model.results import FacetResult, make_facet_count
from archive.query.limits import COUNTING, current_deadline
from archive.query.request import Selection

#: What stands for a value in an engine: a number, or the value itself.
Key = TypeVar("Key")


class ValueCounts(Protocol[Key]):
    """The values of a facet with their counts, as an engine has them."""

    @property
    def distinct(self) -> int:
        """How many values have a count above 0."""

    def key(self, value: str) -> Key | None:
        """What stands for a value; None for one that no article has."""

    def value(self, key: Key) -> str:
        """The value that a key stands for."""

    def count(self, key: Key | None) -> int:
        """How many articles have a value."""

    def counted(self) -> Iterable[Key]:
        """Every value with a count above 0."""

    def first(self, room: int | None, sort: str, but: Collection[Key]) -> list[tuple[Key, int]]:
        """The first values with a count above 0, some apart, in the order of `order`; with `room` only so many."""


class ValueTable:
    """Values with their counts, where each stands for itself.

    distinct   how many values there are, where that is more than are counted here
    """

    def __init__(self, counts: Mapping[str, int], distinct: int | None = None) -> None:
        self._counts = counts
        self.distinct = len(counts) if distinct is None else distinct

    def key(self, value: str) -> str:
        """The value itself."""
        return value

    def value(self, key: str) -> str:
        """The value itself."""
        return key

    def count(self, key: str | None) -> int:
        """The count of a value; 0 for one that is not counted here."""
        return 0 if key is None else self._counts.get(key, 0)

    def counted(self) -> Iterable[str]:
        """Every value that is counted here."""
        return self._counts

    def first(self, room: int | None, sort: str, but: Collection[str]) -> list[tuple[str, int]]:
        """See `ValueCounts.first`."""
        others = [row for row in self._counts.items() if row[0] not in but and row[1]]
        return sorted(others, key=order(sort))[:room]


def list_facet(
    counts: ValueCounts[Key],
    selection: Selection,
    limit: int | None,
    sort: str,
    missing: int,
    found: Mapping[Key, int] | None = None,
) -> FacetResult:
    """The values to list, in order.

    limit    how many values at most, selected ones included (these are listed beyond it, too)
    sort     "count" or "name"
    missing  how many articles have no value
    found    value -> how far off, where values were searched for: only these are listed, and counted as distinct
    """
    selected = {value: counts.key(value) for value in selection.values}
    for key in current_deadline().checked(counts.counted() if selection.years else ()):
        value = counts.value(key)
        if any(int(value) in years for years in selection.years):
            selected.setdefault(value, key)
    head = [(value, counts.count(key)) for value, key in selected.items() if found is None or key in found]
    head.sort(key=order(sort))
    room = None if limit is None else max(0, limit - len(head))
    keys = {key for key in selected.values() if key is not None}
    if found is None:
        others, distinct = counts.first(room, sort, keys), counts.distinct
    else:
        near = [(key, count) for key in found if key not in keys and (count := counts.count(key))]
        by = order(sort)
        near.sort(key=lambda row: (found[row[0]], by((counts.value(row[0]), row[1]))))
        others, distinct = near[:room], len(near) + len(head)
    checked = current_deadline().checked(others, work=COUNTING)
    return FacetResult(
        values=(
            *[make_facet_count(value, count, True) for value, count in head],
            *[make_facet_count(counts.value(key), count) for key, count in checked],
        ),
        distinct=distinct,
        missing=missing,
    )


def order(sort: str) -> Callable[[tuple[str, int]], Any]:
    """What rows of a value and its count are sorted by."""
    return (lambda row: (-row[1], row[0])) if sort == "count" else (lambda row: row[0])


def words_near(word: str, known: Iterable[str]) -> list[tuple[str, int]]:
    """The words among `known` by which a word of a search for values is meant, each with how far off it is.

    The word itself (0), words that begin with it (1), and words one or two letters off (2 and 3;
    one from 4 letters, two from 8).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    begins = [(candidate, int(candidate != word)) for candidate in known if candidate.startswith(word)]
    edits = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
    if not edits:
        return begins
    spelled = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=edits, limit=None)
    return begins + [(candidate, 1 + int(distance)) for candidate, distance, _ in spelled if distance]
