"""`archive facets` and `archive timeline`: matching articles counted by value, and by year or month."""

from __future__ import annotations

from dataclasses import replace

import click

from archive import SearchRequest, UsageError
from archive.cli.archive_context import open_current, print_notes
from archive.cli.command_registry import Command
from archive.cli.completions import complete, complete_facet
from archive.cli.options import FORMATS, format_option, limit_option, request_options
from archive.cli.output import Exit, emit, output_style, print_status, tabled
from archive.model.choices import FacetSort, Period
from archive.query.request import FACET_SORTS
from archive.render import encounter_text, json_output, table, text

#: A facet of sightings by its own name, and by that of the facet of articles.
_SEEN_FACETS = {"person": "seen_with", "venue": "seen_at"}


@click.command(
    cls=Command,
    examples=(
        "archive facets person",
        "archive facets venue --find met",
        "archive facets person birthday --year 2023 --sort name --limit all",
        "archive facets year --person 'Kim Kardashian' --format csv",
        "archive facets person --seen 'Ivanka Trump' --year 2016..",
    ),
)
@click.argument("facet", shell_complete=complete_facet)
@request_options
@click.option("--seen", metavar="PERSON", default="", shell_complete=complete("person"),
              help="Count sightings of this person instead of articles: FACET is person or venue.")  # fmt: skip
@click.option("--find", metavar="WORDS", default="", help="Only values with these words, or similar ones.")
@click.option("--sort", type=click.Choice(FACET_SORTS), default="count", show_default=True, help="Order.")
@limit_option(20, "Maximum number of values, or 'all'.")
@format_option(*FORMATS)
def facets(
    facet: str, request: SearchRequest, seen: str, find: str, sort: FacetSort, limit: int | None, form: str
) -> Exit:
    """List the values of a facet with their article counts.

    FACET is person, venue, year or one declared in archive.yaml. With QUERY or filters, only the
    articles that match are counted. With --seen, whom that person was seen with, or where, by the number of
    sightings: FACET is person (or seen_with) or venue (or seen_at), narrowed by --person, --venue and --year.
    """
    if seen:
        return _seen(facet, seen, request, find=find, sort=sort, limit=limit, form=form)
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


def _seen(
    facet: str, seen: str, request: SearchRequest, *, find: str, sort: FacetSort, limit: int | None, form: str
) -> Exit:
    name = _SEEN_FACETS.get(facet.lower(), facet)
    if request != SearchRequest(person=request.person, venue=request.venue, year=request.year):
        raise UsageError("sightings are counted of all articles", "narrow them by --person, --venue and --year alone")
    with open_current() as archive:
        result = archive.seen_facet(
            name, seen, request.person, request.venue, year=request.year, find=find, sort=sort, limit=limit
        )
    record = json_output.facet_record(result)
    if form == "text":
        shown = output_style()
        if result.values:
            label = "company" if name == "seen_with" else "venue"
            emit(text.facet_lines(label, result, shown, width=shown.width))
        else:
            print_status(f"no sighting of {seen} matches")
    elif form == "json":
        emit(json_output.document({"facet": name, "seen": seen, **record, "by_rules": result.by_rules}))
    else:
        emit(tabled(form, table.VALUE_COLUMNS, record["values"]))
    if result.by_rules:
        print_status(encounter_text.by_rules(result.by_rules))
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
@click.option("--by", type=click.Choice(("year", "month", "day")), default="year", show_default=True, help="Period.")
@format_option(*FORMATS)
def timeline(request: SearchRequest, by: Period, form: str) -> Exit:
    """Count matching articles, and all, per year, month or day.

    A gap means something only if the archive has articles of that time: 'held' counts all articles
    of the period, 'share' is hits divided by held. Undated articles have a row of their own.
    With --person (several with --all-people) 'seen' counts sightings, by the date of the occasion.
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
        columns = table.TIMELINE_COLUMNS + (("seen",) if rows and rows[0].seen is not None else ())
        emit(tabled(form, columns, records))
    if rows.by_rules:
        print_status(encounter_text.by_rules(rows.by_rules))
    return Exit.of(total)
