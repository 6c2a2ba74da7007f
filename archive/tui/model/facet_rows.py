"""The rows of the facet panel, apart from how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from archive import FacetCount, FacetResult, SearchRequest, Selection
from archive.render.text import UNREVIEWED
from archive.tui.model.search_model import FACET_ROWS, FacetView


class RowKind(Enum):
    """What a row stands for."""

    HEAD = "head"
    VALUE = "value"
    EXCLUDED = "excluded"
    MISSING = "missing"
    MORE = "more"


_SYMBOLS = {RowKind.VALUE: "○ ", RowKind.EXCLUDED: "✕ ", RowKind.MISSING: "∅ ", RowKind.MORE: "… "}


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One row; `view` is how its facet is shown, `count` None where there is no number."""

    facet: str
    kind: RowKind
    value: str
    text: str
    view: FacetView
    count: int | None = None
    selected: bool = False

    @property
    def key(self) -> tuple[str, RowKind, str]:
        """Identifies the row across results; a value keeps its key when it is excluded."""
        return self.facet, RowKind.VALUE if self.kind is RowKind.EXCLUDED else self.kind, self.value

    @property
    def count_text(self) -> str:
        """The number as shown."""
        return "" if self.count is None else f"{self.count:,}"

    @property
    def symbol(self) -> str:
        """What stands before the text, with a space."""
        if self.kind is RowKind.HEAD:
            return "▸ " if self.view.folded else "▾ "
        return "● " if self.kind is RowKind.VALUE and self.selected else _SYMBOLS[self.kind]

    @property
    def text_style(self) -> str:
        """Name of the style of its text."""
        match self.kind:
            case RowKind.HEAD:
                return "head"
            case RowKind.EXCLUDED:
                return "excluded"
            case RowKind.MORE:
                return "note"
        if self.selected:
            return "chosen"
        return "note" if self.kind is RowKind.MISSING else "value"

    @property
    def symbol_style(self) -> str:
        """Name of the style of its symbol, which is muted on what is not selected."""
        return self.text_style if self.selected or self.kind in (RowKind.HEAD, RowKind.EXCLUDED) else "note"


def facet_rows(
    request: SearchRequest, views: Sequence[FacetView], results: Mapping[str, FacetResult], height: int = 0
) -> tuple[FacetRow, ...]:
    """The rows of every facet in the order of `views`: as many values as fill `height` rows, but some at least."""
    selections = request.selections
    shown = [
        (view, results[view.name], selections.get(view.name, Selection())) for view in views if view.name in results
    ]
    limit = max((len(result.values) for _, result, _ in shown), default=0)
    while limit > FACET_ROWS and sum(_row_count(*each, limit) for each in shown) > height:
        limit -= 1
    limit = max(limit, FACET_ROWS)
    return tuple(row for view, result, selection in shown for row in _facet(view, result, selection, limit))


def _listed(view: FacetView, result: FacetResult, limit: int) -> tuple[FacetCount, ...]:
    """The values that are listed where `limit` is all that there is room for."""
    return result.values if view.limit is not None or view.name == "year" else result.values[:limit]


def _row_count(view: FacetView, result: FacetResult, selection: Selection, limit: int) -> int:
    """About how many rows a facet takes: as many as `_facet` makes, or one or two more."""
    if view.folded:
        return 1
    listed = len(_listed(view, result, limit))
    return 1 + listed + len(selection.excluded) + (result.distinct > listed) + bool(result.missing)


def _facet(view: FacetView, result: FacetResult, selection: Selection, limit: int) -> Iterator[FacetRow]:
    yield FacetRow(view.name, RowKind.HEAD, "", _heading(view, selection), view, result.distinct)
    if view.folded:
        return
    excluded = set(selection.excluded)
    values = _listed(view, result, limit)
    for value in values:
        if value.selected:
            yield FacetRow(view.name, RowKind.VALUE, value.value, _shown(value), view, value.count, selected=True)
    if selection.missing:
        yield _missing(view, result, selected=True)
    for name in selection.excluded:
        yield FacetRow(view.name, RowKind.EXCLUDED, name, name, view)
    for value in values:
        if not value.selected and value.value not in excluded:
            yield FacetRow(view.name, RowKind.VALUE, value.value, _shown(value), view, value.count)
    more = result.distinct - sum(value.count > 0 for value in values)
    if more > 0:
        yield FacetRow(view.name, RowKind.MORE, "", f"{more:,} more", view)
    if result.missing and not selection.missing and not view.find:
        yield _missing(view, result, selected=False)


def _shown(value: FacetCount) -> str:
    """A value as it is shown: marked where nobody has reviewed it."""
    return f"{UNREVIEWED}{value.value}" if value.unreviewed else value.value


def _missing(view: FacetView, result: FacetResult, *, selected: bool) -> FacetRow:
    return FacetRow(view.name, RowKind.MISSING, "", f"no {view.name}", view, result.missing, selected)


def _heading(view: FacetView, selection: Selection) -> str:
    """The facet's name, and whatever differs from the default view."""
    notes = [view.name.replace("_", " ").capitalize()]
    if selection.all and len(selection.values) > 1:
        notes.append("all of")
    elif selection.all:
        notes.append("all-of mode")
    if view.sort == "name":
        notes.append("A–Z")
    if view.find:
        notes.append(f"“{view.find}”")
    return " · ".join(notes)
