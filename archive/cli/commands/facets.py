"""`archive facets`: the values of one facet, found by their words and counted."""

from __future__ import annotations

from dataclasses import replace

import click

from archive.cli.archive_context import open_indexed
from archive.cli.exit_status import Exit
from archive.cli.options import FORMATS, format_option, limit_option, request_options
from archive.cli.output import emit, output_style, print_status, tabled
from archive.cli.registry import Command
from archive.query.request import FACET_SORTS, SearchRequest
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
@click.argument("facet")
@request_options
@click.option("--find", metavar="WORDS", default="", help="Only values with these words, or similar ones.")
@click.option("--sort", type=click.Choice(FACET_SORTS), default="count", show_default=True, help="Order.")
@limit_option(20, "Maximum number of values, or 'all'.")
@format_option(*FORMATS)
def facets(facet: str, request: SearchRequest, find: str, sort: str, limit: int | None, form: str) -> Exit:
    """List the values of a facet with their article counts.

    FACET is person, venue, year or one declared in archive.yaml. With QUERY or filters, only the
    articles that match are counted.
    """
    with open_indexed() as archive:
        name = archive.fields.facet(facet).name
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
