"""Results as CSV and TSV: a header row, then one row each, every cell on one line.

CSV quotes as spreadsheets expect; TSV quotes nothing, since no cell holds a tab. A text that a
spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection"), unless raw
cells are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.model.results import Page
from archive.render.json_output import json_lines
from archive.render.terminal import safe

HIT_COLUMNS = ("id", "title", "date", "year", "people", "venues", "score", "snippet", "path")
FACET_COLUMNS = ("facet", "value", "count", "selected")
VALUE_COLUMNS = ("value", "count", "selected")
TIMELINE_COLUMNS = ("period", "hits", "held", "share")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rows(
    form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]], *, raw: bool = False
) -> Iterator[str]:
    """A line for each record in the form "jsonl", "csv" or "tsv"."""
    return json_lines(records) if form == "jsonl" else rows(form, columns, records, raw=raw)


def rows(
    form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]], *, raw: bool = False
) -> Iterator[str]:
    """The lines of a table in the form "csv" or "tsv"; what a record lacks is left empty.

    raw   whether cells are left as they are, though a spreadsheet may take them for formulas
    """
    line = _csv_line if form == "csv" else _tsv_line
    yield line(columns)
    for record in records:
        values = [record.get(column) for column in columns]
        yield line([_cell(value) if raw else _escape_formula(value) for value in values])


def facet_rows(page: Page) -> Iterator[dict[str, object]]:
    """One row for each value of each facet of a page."""
    for name, facet in page.facets.items():
        for value in facet.values:
            yield {"facet": name, "value": value.value, "count": value.count, "selected": value.selected}


def _escape_formula(value: object) -> str:
    """The cell of a value; numbers are what they are, and only a text can be a formula."""
    cell = _cell(value)
    return f"'{cell}" if cell.startswith(_FORMULA) and not isinstance(value, (int, float)) else cell


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_cell, value))
    return safe(str(value)).strip()


def _csv_line(cells: Sequence[str]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _tsv_line(cells: Sequence[str]) -> str:
    return "\t".join(cells)
