"""Drill-sideways facet counts: over which documents the values of each facet are counted, and their top counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property

import numpy as np

from archive.engine.facet_listing import list_facet
from archive.engine.local.doc_set import DocSet, Mask, in_all
from archive.engine.local.facet_reader import Docs, FacetCounts, FacetReader
from archive.engine.local.posting_lists import intersection, to_bitset, union
from archive.engine.local.segment.packed_lists import Ints
from archive.model.results import FacetResult
from archive.query.limits import COUNTING, current_deadline
from archive.query.plan import Plan
from archive.query.request import Selection

Columns = Callable[[str], FacetReader]


class Filters:
    """The selections of a plan as sets of documents.

    documents  how many the index has
    chosen     for each facet of which something is chosen the documents that pass
    """

    def __init__(self, plan: Plan, columns: Columns, documents: int) -> None:
        current_deadline().check()
        self.selections, self.columns, self.documents = plan.selections, columns, documents
        self.chosen = {
            name: _chosen(columns(name), selection)
            for name, selection in plan.selections.items()
            if selection.has_filter
        }

    def left_out(self, facet: str) -> str | None:
        """The facet whose choice does not narrow the counts of `facet`: itself in OR mode; in AND mode none."""
        all_of = self.selections.get(facet, Selection()).all
        return None if all_of or facet not in self.chosen else facet

    def driving(self, counted: Iterable[str]) -> Docs | None:
        """The documents that the query need be evaluated on, ascending, when some facets are counted; None for all."""
        free = set(map(self.left_out, counted))
        required = [chosen for name, chosen in self.chosen.items() if name not in free]
        return in_all(required) if required else None


class DrillSideways:
    """What the selections of a plan leave of its matches, as a whole and facet by facet.

    A filter that few documents pass costs little, however many documents the query matches.

    matched  the documents that the query text matches, of those that `filters.driving` asks about
    counted  the facets that will be counted
    """

    def __init__(
        self, filters: Filters, matched: DocSet, live: Mask | None = None, counted: Iterable[str] = ()
    ) -> None:
        self._filters = filters
        self._live = live
        self._matched = matched
        self._counted = tuple(counted)
        self._scopes: dict[str | None, Docs] = {}

    @cached_property
    def docs(self) -> Docs:
        """The matches that pass every selection, ascending."""
        for facet in self._counted:
            if self._filters.left_out(facet) is not None:
                return self._filters.chosen[facet].among(self.scope(facet))
        return self.scope("")

    def _kept(self, facet: str | None) -> Docs:
        """The matches that pass every selection but that of one facet."""
        filters = self._filters
        kept = in_all([self._matched, *(chosen for name, chosen in filters.chosen.items() if name != facet)])
        if self._live is not None:
            kept = _those(kept, self._live.take(kept))
        for name, selection in filters.selections.items():
            if selection.excluded:
                kept = _those(kept, ~filters.columns(name).set_of_any(selection.excluded).mask.take(kept))
        return kept

    def scope(self, facet: str) -> Docs:
        """Global doc ids, ascending, over which the values of `facet` are counted.

        In OR mode a facet's own choice does not narrow its own counts; in AND mode it does.
        """
        left_out = self._filters.left_out(facet)
        if left_out not in self._scopes:
            self._scopes[left_out] = self._kept(left_out)
        return self._scopes[left_out]

    def count(self, facet: str, limit: int | None, sort: str, found: Mapping[int, int] | None = None) -> FacetResult:
        """The listed values of `facet`; with `found` (value -> distance) only those, nearest first."""
        column = self._filters.columns(facet)
        docs = self.scope(facet)
        current_deadline().check(COUNTING)  # for one opened now, columns are put in order, and are kept in any case
        missing = int(np.count_nonzero(column.docs_without[docs])) if column.some_absent else 0
        selection = self._filters.selections.get(facet, Selection())
        return list_facet(_Counts(column, column.tally(docs)), selection, limit, sort, missing, found)


class _Counts:
    """See `archive.engine.facet_listing.ValueCounts`; what stands for a value is its number in the column."""

    def __init__(self, column: FacetReader, tally: FacetCounts) -> None:
        self.column, self.tally = column, tally

    @property
    def distinct(self) -> int:
        return len(self.tally.places)

    def key(self, value: str) -> int | None:
        return self.column.ord(value)

    def value(self, key: int) -> str:
        return self.column.value(key)

    def count(self, key: int | None) -> int:
        return self.tally.of(key)

    def counted(self) -> list[int]:
        return self.tally.places.tolist()

    def first(self, room: int | None, sort: str, but: Collection[int]) -> list[tuple[int, int]]:
        column, tally = self.column, self.tally.without(but) if but else self.tally
        places, counts = tally.places, tally.counts
        if sort == "name":
            chosen = column.first_by_name(places, len(places) if room is None else room)
            return [(place, tally.of(place)) for place in chosen]
        if room is not None and len(places) > room:
            least = _least(counts, room)
            above = counts > least
            ties = column.first_by_name(places[counts == least], room - int(np.count_nonzero(above)))
            places, counts = places[above], counts[above]
        else:
            least, ties = 0, []
        name = column.by_name
        rows = list(current_deadline().checked(zip(places.tolist(), counts.tolist(), strict=True), work=COUNTING))
        rows.sort(key=lambda at: (-at[1], name(at[0])))
        return rows + [(place, least) for place in ties]


def _least(counts: Ints, room: int) -> int:
    """The lowest count among the `room` highest, of more than that."""
    most = int(counts.max())
    if not room:
        return most
    if most > len(counts):
        return int(np.partition(counts, len(counts) - room)[len(counts) - room])
    # Counts are small numbers: how many values have each tells where the first `room` end.
    at_least = np.cumsum(np.bincount(counts)[::-1])[::-1]
    return int(np.flatnonzero(at_least >= room)[-1])


def _those(docs: Docs, mask: Mask) -> Docs:
    """The documents that a parallel mask keeps."""
    return docs if mask.all() else docs[mask]


def _chosen(column: FacetReader, selection: Selection) -> DocSet:
    """The documents that a selection lets through."""
    if selection.all and selection.values:
        docs = intersection([column.docs_of_any((value,)) for value in selection.values], column.documents)
        return _set_of(_those(docs, column.docs_without.take(docs)) if selection.missing else docs, column.documents)
    values = list(selection.values)
    if selection.years:
        listed = current_deadline().checked(column.values())
        values += [value for value in listed if any(int(value) in years for years in selection.years)]
    if selection.missing:
        docs = union([column.docs_of_any(values), np.flatnonzero(column.docs_without)], column.documents)
        return _set_of(docs, column.documents)
    return column.set_of_any(values)


def _set_of(docs: Docs, documents: int) -> DocSet:
    return DocSet(len(docs), documents, lambda: docs, lambda: to_bitset([docs], documents))
