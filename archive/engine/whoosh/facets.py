"""Facet counts by the eight rules: selections, disjunctive counts, and the listing order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.columns import FacetColumn, Mask
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
            name: _chosen(columns(name), selection) for name, selection in plan.selections.items() if selection.narrows
        }
        self.mask = self._without(None)

    def _without(self, facet: str | None) -> Mask:
        mask = self._allowed
        for name, chosen in self._chosen.items():
            if name != facet:
                mask = mask & chosen
        return mask

    def scope(self, facet: str) -> Mask:
        """The documents over which the values of `facet` are counted.

        In OR mode a facet's own choice does not narrow its own counts; in AND mode it does.
        """
        selection = self._selections.get(facet, Selection())
        return self.mask if selection.all or not selection.narrows else self._without(facet)

    def count(self, facet: str, limit: int | None, sort: str, found: Mapping[int, int] | None = None) -> FacetResult:
        """The listed values of `facet`; with `found` (ordinal -> distance) only those, nearest first."""
        column, scope = self._columns(facet), self.scope(facet)
        selection = self._selections.get(facet, Selection())
        counts = column.counts(scope)
        missing = int(np.count_nonzero(scope & ~column.present))
        selected = [
            FacetCount(value, 0 if (at := column.ordinal(value)) is None else int(counts[at]), True)
            for value in selection.values
        ]
        in_range = (
            np.fromiter(
                (any(int(value) in years for years in selection.years) for value in column.values),
                np.bool_,
                len(column.values),
            )
            if selection.years
            else np.zeros(len(column.values), dtype=np.bool_)
        )
        live = counts > 0
        for value in selection.values:
            if (at := column.ordinal(value)) is not None:
                live[at] = in_range[at] = False
        if found is not None:
            wanted = np.zeros(len(column.values), dtype=np.bool_)
            wanted[list(found)] = True
            live &= wanted
            selected = [each for each in selected if (at := column.ordinal(each.value)) is not None and wanted[at]]
        ranged = _order(np.flatnonzero(live & in_range), counts, sort, found)
        others = _order(np.flatnonzero(live & ~in_range), counts, sort, found)
        room = None if limit is None else max(0, limit - len(selected) - len(ranged))
        key = (lambda each: (-each.count, each.value)) if sort == "count" else (lambda each: each.value)
        head = selected + [FacetCount(column.values[at], int(counts[at]), True) for at in ranged]
        return FacetResult(
            values=(
                *sorted(head, key=key),
                *(FacetCount(column.values[at], int(counts[at])) for at in others[:room]),
            ),
            distinct=int(np.count_nonzero(counts)) if found is None else len(others) + len(ranged) + len(selected),
            missing=missing,
        )


def _chosen(column: FacetColumn, selection: Selection) -> Mask:
    """The documents that a selection lets through."""
    if selection.all and selection.values:
        mask = np.ones(len(column.present), dtype=np.bool_)
        for value in selection.values:
            mask &= column.having((value,))
        return mask & ~column.present if selection.missing else mask
    values = list(selection.values)
    if selection.years:
        values += [value for value in column.values if any(int(value) in years for years in selection.years)]
    mask = column.having(values)
    return mask | ~column.present if selection.missing else mask


def _order(
    ordinals: NDArray[np.int64], counts: NDArray[np.int64], sort: str, found: Mapping[int, int] | None
) -> NDArray[np.int64]:
    """Values are numbered in the order of their names, so that a stable sort breaks ties by name."""
    if sort == "count":
        ordinals = ordinals[np.argsort(-counts[ordinals], kind="stable")]
    if found is not None:
        distances = np.fromiter((found[int(at)] for at in ordinals), np.int64, len(ordinals))
        ordinals = ordinals[np.argsort(distances, kind="stable")]
    return ordinals
