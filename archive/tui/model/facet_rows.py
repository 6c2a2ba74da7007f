"""What the facet panel lists, row by row, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from archive.model.results import FacetResult
from archive.query.request import SearchRequest, Selection
from archive.tui.model.search_model import FacetView


class What(Enum):
    """What a row stands for."""

    HEAD = "head"
    VALUE = "value"
    EXCLUDED = "excluded"
    MISSING = "missing"
    MORE = "more"


#: What stands before the text of a row; a value says by its own mark whether it is chosen.
MARKS = {What.HEAD: "▾ ", What.VALUE: "○ ", What.EXCLUDED: "✕ ", What.MISSING: "∅ ", What.MORE: "… "}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `count` is None where there is no number to show."""

    facet: str
    what: What
    value: str
    text: str
    view: FacetView
    count: int | None = None
    selected: bool = False

    @property
    def key(self) -> tuple[str, What, str]:
        """The same row has the same key under other counts; a value stays the same when excluded."""
        return self.facet, What.VALUE if self.what is What.EXCLUDED else self.what, self.value

    @property
    def folded(self) -> bool:
        """Whether the facet shows no more than its heading."""
        return self.view.folded

    @property
    def find(self) -> str:
        """By which words the facet's values are found."""
        return self.view.find

    @property
    def sort(self) -> str:
        """The order of the facet's values."""
        return self.view.sort

    @property
    def limit(self) -> int:
        """How many values of the facet are listed."""
        return self.view.limit

    @property
    def count_text(self) -> str:
        """The number, as it is shown."""
        return "" if self.count is None else f"{self.count:,}"

    @property
    def style(self) -> str:
        """The name of the style of its text."""
        match self.what:
            case What.HEAD:
                return "head"
            case What.EXCLUDED:
                return "excluded"
            case What.MORE:
                return "note"
        if self.selected:
            return "chosen"
        return "note" if self.what is What.MISSING else "value"

    @property
    def lead_style(self) -> str:
        """The name of the style of its mark: what is not chosen stays in the background."""
        return self.style if self.selected or self.what in (What.HEAD, What.EXCLUDED) else "note"


def facet_rows(
    request: SearchRequest, views: Sequence[FacetView], results: Mapping[str, FacetResult]
) -> tuple[Row, ...]:
    """The rows of every facet in the order of `views`."""
    selections = request.selections
    return tuple(
        row
        for view in views
        if view.name in results
        for row in _section(view, results[view.name], selections.get(view.name, Selection()))
    )


def _section(view: FacetView, result: FacetResult, selection: Selection) -> Iterator[Row]:
    yield Row(view.name, What.HEAD, "", _heading(view, selection), view, result.distinct)
    if view.folded:
        return
    excluded = set(selection.excluded)
    for value in result.values:
        if value.selected:
            yield Row(view.name, What.VALUE, value.value, value.value, view, value.count, selected=True)
    if selection.missing:
        yield _missing(view, result, selected=True)
    for name in selection.excluded:
        yield Row(view.name, What.EXCLUDED, name, name, view)
    for value in result.values:
        if not value.selected and value.value not in excluded:
            yield Row(view.name, What.VALUE, value.value, value.value, view, value.count)
    more = result.distinct - sum(value.count > 0 for value in result.values)
    if more > 0:
        yield Row(view.name, What.MORE, "", f"{more:,} more", view)
    if result.missing and not selection.missing and not view.find:
        yield _missing(view, result, selected=False)


def _missing(view: FacetView, result: FacetResult, *, selected: bool) -> Row:
    return Row(view.name, What.MISSING, "", f"no {view.name}", view, result.missing, selected)


def _heading(view: FacetView, selection: Selection) -> str:
    """The name of the facet and whatever is not as it usually is."""
    notes = [view.name.capitalize()]
    if selection.all and len(selection.values) > 1:
        notes.append("all of")
    elif selection.all:
        notes.append("all-of mode")
    if view.sort == "name":
        notes.append("A–Z")
    if view.find:
        notes.append(f"“{view.find}”")
    return " · ".join(notes)
