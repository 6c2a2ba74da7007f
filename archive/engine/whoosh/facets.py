"""Facet counts by the eight rules: selections, disjunctive counts, and the listing order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from archive.engine.whoosh.codec.packed import Ints
from archive.engine.whoosh.columns import Docs, FacetColumn, Mask
from archive.query.plan import Plan
from archive.query.request import Selection
from archive.results import FacetCount, FacetResult

Columns = Callable[[str], FacetColumn]


class Narrowing:
    """What the selections of a plan leave of its matches, as a whole and facet by facet.

    `matched` is the mask of what the query text matches.
    """

    def __init__(self, plan: Plan, matched: Mask, columns: Columns) -> None:
        self._selections = plan.selections
        self._columns = columns
        allowed = matched.copy()
        for name, selection in plan.selections.items():
            if selection.excluded:
                allowed &= ~columns(name).having(selection.excluded)
        self._allowed = allowed
        self._chosen = {
            name: _chosen(columns(name), selection)
            for name, selection in plan.selections.items()
            if selection.narrows
        }
        self._scopes: dict[str | None, tuple[Mask, Docs]] = {}
        self.mask, self.docs = self._without(None)

    def _without(self, facet: str | None) -> tuple[Mask, Docs]:
        """The documents that pass everything chosen but in one facet, as a mask and in a row."""
        facet = facet if facet in self._chosen else None
        if facet not in self._scopes:
            mask = self._allowed
            for name, chosen in self._chosen.items():
                if name != facet:
                    mask = mask & chosen
            self._scopes[facet] = mask, np.flatnonzero(mask)
        return self._scopes[facet]

    def scope(self, facet: str) -> tuple[Mask, Docs]:
        """The documents over which the values of `facet` are counted.

        In OR mode a facet's own choice does not narrow its own counts; in AND mode it does.
        """
        selection = self._selections.get(facet, Selection())
        return self._without(None if selection.all else facet)

    def count(
        self, facet: str, limit: int | None, sort: str, found: Mapping[int, int] | None = None
    ) -> FacetResult:
        """The listed values of `facet`; with `found` (value -> distance) only those, nearest first."""
        column = self._columns(facet)
        scope, docs = self.scope(facet)
        selection = self._selections.get(facet, Selection())
        counts = column.counts(docs)
        distinct = int(np.count_nonzero(counts))
        chosen = {value: column.place(value) for value in selection.values}
        for place, value in enumerate(column.values) if selection.years else ():
            if counts[place] and any(int(value) in years for years in selection.years):
                chosen.setdefault(value, place)
        head = [
            FacetCount(value, 0 if place is None else int(counts[place]), True)
            for value, place in chosen.items()
            if found is None or place in found
        ]
        head.sort(key=(lambda each: (-each.count, each.value)) if sort == "count" else (lambda each: each.value))
        others = counts.copy() if chosen else counts
        others[[place for place in chosen.values() if place is not None]] = 0
        room = None if limit is None else max(0, limit - len(head))
        if found is None:
            places = _listed(column, others, room, sort)
        else:
            near = [place for place in found if others[place]]
            distinct = len(near) + len(head)
            by = (lambda at: (found[at], -others[at], column.value(at))) if sort == "count" else (
                lambda at: (found[at], column.value(at))
            )
            places = sorted(near, key=by)[:room]
        return FacetResult(
            values=(*head, *(FacetCount(column.value(place), int(counts[place])) for place in places)),
            distinct=distinct,
            missing=int(np.count_nonzero(scope & column.absent)),
        )


def _listed(column: FacetColumn, counts: Ints, room: int | None, sort: str) -> list[int]:
    """The first `room` values with a count, in the order asked for."""
    places = np.flatnonzero(counts)
    if sort == "name":
        return column.first_by_name(places, len(places) if room is None else room)
    if room is None:
        by_name = np.array(column.by_name(places.tolist()), np.int64)
        return by_name[np.argsort(-counts[by_name], kind="stable")].tolist()
    if len(places) > room:
        # Counts are small numbers: how many values have each tells where the first `room` end.
        of_count = np.bincount(counts[places])
        at_least = np.cumsum(of_count[::-1])[::-1]
        least = int(np.flatnonzero(at_least >= room)[-1]) if room else len(of_count)
        above = places[counts[places] > least]
        ties = column.first_by_name(places[counts[places] == least], room - len(above))
    else:
        above, ties = places, []
    ordered = sorted(above.tolist(), key=lambda at: (-int(counts[at]), column.value(at)))
    return [*ordered, *ties]


def _chosen(column: FacetColumn, selection: Selection) -> Mask:
    """The documents that a selection lets through."""
    if selection.all and selection.values:
        mask = np.ones(column.documents, np.bool_)
        for value in selection.values:
            mask &= column.having((value,))
        return mask & column.absent if selection.missing else mask
    values = list(selection.values)
    if selection.years:
        values += [value for value in column.values if any(int(value) in years for years in selection.years)]
    mask = column.having(values)
    return mask | column.absent if selection.missing else mask
