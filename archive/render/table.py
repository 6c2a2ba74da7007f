"""Results as CSV and TSV: a header row, then one row each, every cell on one line.

CSV quotes as spreadsheets expect; TSV quotes nothing, since no cell holds a tab.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.render.data import json_lines
from archive.render.terminal import safe
from archive.results import Page

HIT_COLUMNS = ("id", "title", "date", "year", "people", "venues", "score", "snippet", "path")
FACET_COLUMNS = ("facet", "value", "count", "selected")
VALUE_COLUMNS = ("value", "count", "selected")
TIMELINE_COLUMNS = ("period", "hits", "held", "share")


def each(form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A line for each record in the form "jsonl", "csv" or "tsv"."""
    return json_lines(records) if form == "jsonl" else rows(form, columns, records)


def rows(form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The lines of a table in the form "csv" or "tsv"; what a record lacks is left empty."""
    line = _csv_line if form == "csv" else _tsv_line
    yield line(columns)
    for record in records:
        yield line([_cell(record.get(column)) for column in columns])


def facet_rows(page: Page) -> Iterator[dict[str, object]]:
    """One row for each value of each facet of a page."""
    for name, facet in page.facets.items():
        for value in facet.values:
            yield {"facet": name, "value": value.value, "count": value.count, "selected": value.selected}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_cell, value))
    return safe(str(value)).strip()


def _csv_line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _tsv_line(cells: Sequence[str]) -> str:
    return "\t".join(cells)
