"""`archive with`: a person's companions."""

from __future__ import annotations

import click

from archive.cli.archive_context import open_indexed
from archive.cli.exit_status import Exit
from archive.cli.options import FORMATS, complete, format_option, limit_option
from archive.cli.output import emit, output_style, print_status
from archive.cli.registry import Command
from archive.render import encounters, json_output, table


@click.command(
    "with",
    cls=Command,
    examples=(
        "archive with 'Ivanka Trump'",
        "archive with 'Tevita Faleolo' --year ..1996 -n 5",
        "archive with 'Magda Wieczorek' --at 'Halcyon Theatre' --format csv",
    ),
)
@click.argument("person", shell_complete=complete("person"))
@click.option("--at", metavar="VENUE", multiple=True, shell_complete=complete("venue"), help="Only at this venue.")
@click.option("--year", metavar="YEARS", multiple=True, help="Only these years: 2016, 2016..2020, 2016.. or ..2020.")
@limit_option(20, "Maximum number of companions, or 'all'.")
@format_option(*FORMATS)
def with_(person: str, at: tuple[str, ...], year: tuple[str, ...], limit: int | None, form: str) -> Exit:
    """List someone's companions, the most significant first.

    Two people are together in an article that declares or names both. 'surprise' is Dunning's
    log-likelihood ratio: how much more often that happens than by chance.
    """
    with open_indexed() as archive:
        found = archive.companions(person, at, year=year, limit=limit)
    records = map(encounters.companion_record, found.rows)
    if form == "json":
        about = {"person": found.person, "articles": found.articles, "distinct": found.distinct}
        emit(json_output.document(about | {"companions": list(records)}))
    elif form != "text":
        emit(table.write_rows(form, encounters.COMPANION_COLUMNS, records))
    elif found.rows:
        emit(encounters.companions(found, output_style()))
    else:
        print_status(f"no companions found for {encounters.asked([found.person], at)}")
    return Exit.of(found.rows)
