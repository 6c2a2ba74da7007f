"""`archive seen` and `archive with`: encounters with their evidence, gaps, certificates, and companions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import click
from click.core import ParameterSource

from archive.cli.archive_context import open_current
from archive.cli.command_registry import Command
from archive.cli.completions import complete
from archive.cli.options import FORMATS, format_option, limit_option
from archive.cli.output import Exit, emit, output_style, print_status
from archive.render import encounter_text, json_output, table

if TYPE_CHECKING:
    from archive import Certificate, Encounters, Gaps
    from archive.model.choices import Stance

#: As in `archive.encounters.cooccurrence`, which is not loaded for the help.
_LEVELS = ("declared", "article", "paragraph", "sentence")
#: More rows than an article has of one occasion.
_ROWS_OF_LAST = 200


@click.command(
    cls=Command,
    examples=(
        "archive seen 'Ivanka Trump' --with 'Kim Kardashian'",
        "archive seen 'Magda Wieczorek' --at 'Halcyon Theatre' --last",
        "archive seen 'Tevita Faleolo' --gaps",
        "archive seen 'Verity Pascoe-Lund' --with \"Siobhán O'Dowd\" --year 1999..2008 --certificate",
    ),
)
@click.argument("person", shell_complete=complete("person"))
@click.option("--with", "with_", metavar="PERSON", multiple=True, shell_complete=complete("person"),
              help="Together with this person; repeat to require several.")  # fmt: skip
@click.option("--at", metavar="VENUE", multiple=True, shell_complete=complete("venue"), help="At this venue.")
@click.option("--level", type=click.Choice(_LEVELS), default="declared", show_default=True,
              help="Required closeness: same sentence, same paragraph, same article,"
              " or declared in the metadata.")  # fmt: skip
@click.option("--stance", metavar="STANCES",
              help="What to list: together, absent, expected, contact or mentioned (with commas), or all."
              "  [default: together; all with --level]")  # fmt: skip
@click.option("--year", metavar="YEARS", multiple=True, help="Only these years: 2016, 2016..2020, 2016.. or ..2020.")
@click.option("--last", is_flag=True, help="Only the most recent encounter.")
@click.option("--gaps", is_flag=True, help="Periods without an encounter, longest first.")
@click.option("--review", is_flag=True, help="Confirm, reject or re-date the rows one by one, in sightings.yaml.")
@click.option("--certificate", is_flag=True, help="Certify what was searched for, where, and what came closest.")
@limit_option(20, "Maximum number of rows, or 'all'.")
@format_option(*FORMATS)
@click.pass_context
def seen(
    context: click.Context, /, person: str, stance: str | None, last: bool, gaps: bool, review: bool, certificate: bool,
    limit: int | None, form: str, **where: Any,
) -> Exit:  # fmt: skip
    """Show when, where and with whom someone was seen, with evidence.

    With --with and --at, the occasions at which all of them were, latest first: dated by the text,
    or by the article where the text gives no date. Rows of other stances are counted, and
    listed with --stance: said to have been absent, expected, in contact, or only named together.
    With --level, which asks how close the names are, rows of every stance are listed.
    """
    if stance is None:
        stance = "all" if _is_given(context, "level") and not last else "together"
    stances = cast("list[Stance]", [each.strip() for each in stance.split(",")])  # which the archive checks
    if form == "text" and stance == "together" and not last:
        stances.append("absent")  # an answer of its own
    if last + gaps + certificate + review > 1:
        raise click.UsageError("--last, --gaps, --review and --certificate cannot be combined", context)
    if certificate and form not in ("text", "json"):
        raise click.UsageError("--certificate needs --format text or json", context)
    with open_current() as archive:
        if certificate:
            return _certify(archive.certificate(person, **where), form)
        if gaps:
            found = archive.encounters(person, **where, stance="absent")
            return _list_silences(found, archive.gaps(person, **where), limit, form)
        # The last occasion may have several rows in its article, and any of them may be the closest.
        found = archive.encounters(person, **where, stance=stances, limit=_ROWS_OF_LAST if last else limit)
        if review:
            from archive.cli.commands.sighting_review import review_rows

            return review_rows(archive, found)
    return _list_rows(_last(found) if last else found, form)


def _is_given(context: click.Context, option: str) -> bool:
    return context.get_parameter_source(option) is ParameterSource.COMMANDLINE


def _last(found: Encounters) -> Encounters:
    """The closest encounter of the latest occasion."""
    latest = found.rows[0] if found.rows else None
    newest = [row for row in found.rows if latest and (row.id, row.when) == (latest.id, latest.when)]
    return replace(found, rows=tuple(sorted(newest, key=lambda row: -_LEVELS.index(row.level))[:1]))


def _list_rows(found: Encounters, form: str) -> Exit:
    records = map(encounter_text.row_record, found.rows)
    if form == "json":
        record = _about(found) | {"articles": found.articles, "rows": list(records), "counts": dict(found.counts)}
        record["by_rules"] = found.by_rules
        emit(json_output.document(record, encounter_text.ROWS_VERSION))
    elif form != "text":
        emit(table.write_rows(form, encounter_text.ROW_COLUMNS, records))
    elif found.rows:
        emit(encounter_text.rows(found, output_style()))
    else:
        _nothing(found)
    if found.by_rules:
        print_status(encounter_text.by_rules(found.by_rules))
    return Exit.of(found.rows)


def _list_silences(found: Encounters, gaps: Gaps, limit: int | None, form: str) -> Exit:
    """Print the gaps, and as text the absences that articles state, which are the rows of `found`."""
    silences = gaps[:limit]
    records = map(encounter_text.silence_record, silences)
    if form == "json":
        record = {"silences": list(records), "undated": gaps.undated, "by_rules": found.by_rules}
        emit(json_output.document(_about(found) | record))
    elif form != "text":
        emit(table.write_rows(form, encounter_text.SILENCE_COLUMNS, records))
    elif silences or found.rows:
        emit(encounter_text.silences(found, silences, gaps.undated, output_style()))
    else:
        _nothing(found)
    if found.by_rules:
        print_status(encounter_text.by_rules(found.by_rules))
    return Exit.of(silences or (found.rows if form == "text" else ()))


def _certify(made: Certificate, form: str) -> Exit:
    if form == "json":
        emit(json_output.document(encounter_text.certificate_record(made)))
    else:
        emit(encounter_text.certificate(made, output_style()))
    return Exit.of(made.rows)


def _about(found: Encounters) -> dict[str, object]:
    return {"people": list(found.people), "venues": list(found.venues), "level": found.level}


def _nothing(found: Encounters) -> None:
    print_status(f"nothing found for {encounter_text.asked(found.people, found.venues)}")
    if found.counts:
        print_status(f"  {encounter_text.counted(found.counts)}; list them with --stance all")
    if found.articles and found.level != _LEVELS[0]:
        print_status(f"  {found.articles:,} without --level {found.level}")
    print_status("  --certificate shows what was searched for, and what came closest")


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
    with open_current() as archive:
        found = archive.companions(person, at, year=year, limit=limit)
    records = map(encounter_text.companion_record, found.rows)
    if form == "json":
        about = {"person": found.person, "articles": found.articles, "distinct": found.distinct}
        emit(json_output.document(about | {"companions": list(records), "by_rules": found.by_rules}))
    elif form != "text":
        emit(table.write_rows(form, encounter_text.COMPANION_COLUMNS, records))
    elif found.rows:
        emit(encounter_text.companions(found, output_style()))
    else:
        print_status(f"no companions found for {encounter_text.asked([found.person], at)}")
    if found.by_rules:
        print_status(encounter_text.by_rules(found.by_rules))
    return Exit.of(found.rows)


@click.command(
    cls=Command,
    examples=(
        "archive occasions --at Funke",
        "archive occasions --at 'Halcyon Theatre' --year 1997 --format json",
    ),
)
@click.option("--at", metavar="VENUE", multiple=True, shell_complete=complete("venue"), help="Only at this venue.")
@click.option("--year", metavar="YEARS", multiple=True, help="Only these years: 2016, 2016..2020, 2016.. or ..2020.")
@limit_option(20, "Maximum number of occasions, or 'all'.")
@format_option(*FORMATS)
def occasions(at: tuple[str, ...], year: tuple[str, ...], limit: int | None, form: str) -> Exit:
    """List the occasions that articles tell of, with who was there.

    The latest first, each with its date and place, and who was said to have been absent.
    ● a word of the text says that they were there, ◐ it follows from the passage, ✕ they were said
    to have been absent. Articles that are nearly the same count as one.
    """
    with open_current() as archive:
        found = archive.occasions(at, year=year, limit=limit)
    records = map(encounter_text.occasion_record, found)
    if form == "json":
        emit(json_output.document({"occasions": list(records), "by_rules": found.by_rules}))
    elif form != "text":
        emit(table.write_rows(form, encounter_text.OCCASION_COLUMNS, records))
    elif found:
        emit(encounter_text.occasions(found, output_style()))
    else:
        print_status("no occasions found")
    if found.by_rules:
        print_status(encounter_text.by_rules(found.by_rules))
    return Exit.of(found)
