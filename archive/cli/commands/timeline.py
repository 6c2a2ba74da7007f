"""`archive timeline`: when there was something, and how much is held of that time at all."""

from __future__ import annotations

import click

from archive.cli.archive_context import open_indexed
from archive.cli.exit_status import Exit
from archive.cli.options import FORMATS, format_option, request_options
from archive.cli.output import emit, output_style, print_status, tabled
from archive.cli.registry import Command
from archive.query.request import SearchRequest
from archive.render import json_output, table, text


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
def timeline(request: SearchRequest, by: str, form: str) -> Exit:
    """Count matching articles, and all articles, per year or month.

    A gap means something only if the archive has articles of that time: 'held' counts all articles
    of the period, 'share' is hits divided by held. Undated articles have a row of their own.
    """
    with open_indexed() as archive:
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
