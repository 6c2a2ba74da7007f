"""`archive stats` and `archive check`: how large the archive is, and whether to trust it."""

from __future__ import annotations

import click

from archive.cli.archive_context import open_archive, open_indexed
from archive.cli.exit_status import Exit
from archive.cli.options import format_option
from archive.cli.output import emit, output_style
from archive.cli.registry import Command
from archive.render import json_output, reports


@click.command(cls=Command, examples=("archive stats", "archive stats --format json"))
@format_option("text", "json")
def stats(form: str) -> Exit:
    """Show archive statistics.

    Articles and files, the first and last date, and the number of values of each facet.
    """
    with open_indexed() as archive:
        numbers = archive.stats()
    emit(
        reports.stats(numbers, output_style())
        if form == "text"
        else json_output.document(json_output.stats_record(numbers))
    )
    return Exit.of(numbers.articles)


@click.command(cls=Command, examples=("archive check", "archive check --deep", "archive check --format json"))
@click.option("--deep", is_flag=True, help="Verify every byte of the index and of the corpus.")
@format_option("text", "json")
def check(deep: bool, form: str) -> Exit:
    """Verify the index.

    Check that it opens, is consistent, and matches the corpus; --deep takes longer, and finds a
    single flipped bit. The exit status is 0 when all is well, 1 when the corpus has changed since it
    was indexed, and 2 when the index is damaged.
    """
    with open_archive() as archive:
        found = archive.check(deep=deep)
    if form == "text":
        emit(reports.findings(found, output_style()))
    else:
        emit(json_output.document({"findings": [json_output.finding_record(finding) for finding in found]}))
    if any(finding.damage for finding in found):
        return Exit.ERROR
    return Exit.of(not found)
