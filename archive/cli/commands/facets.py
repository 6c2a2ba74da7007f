"""`archive facets` and `archive timeline`: matching articles counted by value, and by year or month."""

from __future__ import annotations

from dataclasses import replace

import click

from archive import SearchRequest
from archive.cli.archive_context import open_current, print_notes
from archive.cli.command_registry import Command
from archive.cli.completions import complete_facet
from archive.cli.options import FORMATS, format_option, limit_option, request_options
from archive.cli.output import Exit, emit, output_style, print_status, tabled
from archive.model.choices import FacetSort, Period
from archive.query.request import FACET_SORTS
from archive.render import json_output, table, text


@click.command(
    cls=Command,
    examples=(
        "archive facets person",
        "archive facets venue --find met",
        "archive facets person birthday --year 2023 --sort name --limit all",
        "archive facets year --person 'Kim Kardashian' --format csv",
    ),
)
@click.argument("facet", shell_complete=complete_facet)
@request_options
@click.option("--find", metavar="WORDS", default="", help="Only values with these words, or similar ones.")
@click.option("--sort", type=click.Choice(FACET_SORTS), default="count", show_default=True, help="Order.")
@limit_option(20, "Maximum number of values, or 'all'.")
@format_option(*FORMATS)
def facets(facet: str, request: SearchRequest, find: str, sort: FacetSort, limit: int | None, form: str) -> Exit:
    """List the values of a facet with their article counts.

    FACET is person, venue, year or one declared in archive.yaml. With QUERY or filters, only the
    articles that match are counted.
    """
    with open_current() as archive:
        name = archive.fields.facet(facet).name
        print_notes(archive, request)
        result = archive.facet(name, find, request=request, limit=limit, sort=sort)
        if find:  # articles without a value have nothing to do with what was looked for
            result = replace(result, missing=0)
    if form == "text":
        shown = output_style()
        if not result.values:
            print_status(f"no {name} matches {find}" if find else f"no matching article has a {name}")
        else:
            selected = name in request.missing
            emit(text.facet_lines(name, result, shown, missing_selected=selected, width=shown.width))
    elif form == "json":
        emit(json_output.document({"facet": name, "query": request.query, **json_output.facet_record(result)}))
    else:
        emit(tabled(form, table.VALUE_COLUMNS, json_output.facet_record(result)["values"]))
    return Exit.of(result.values)


@click.command(
    cls=Command,
    examples=(
        "archive timeline --person 'Kim Kardashian'",
        "archive timeline party --year 2016..2023 --by month",
        "archive timeline gala --format csv",
    ),
)
@request_options
@click.option("--by", type=click.Choice(("year", "month")), default="year", show_default=True, help="Period.")
@format_option(*FORMATS)
def timeline(request: SearchRequest, by: Period, form: str) -> Exit:
    """Count matching articles, and all articles, per year or month.

    A gap means something only if the archive has articles of that time: 'held' counts all articles
    of the period, 'share' is hits divided by held. Undated articles have a row of their own.
    """
    with open_current() as archive:
        print_notes(archive, request)
        rows = archive.timeline(request, by=by)
    total = sum(row.hits for row in rows)
    records = map(json_output.timeline_record, rows)
    if form == "text":
        if total:
            emit(text.timeline(rows, output_style()))
        else:
            print_status("\n".join(text.nothing(request, ())))
    elif form == "json":
        emit(json_output.document({"query": request.query, "by": by, "total": total, "rows": list(records)}))
    else:
        emit(tabled(form, table.TIMELINE_COLUMNS, records))
    return Exit.of(total)
