"""`archive names`: names nobody has recorded, their review, and the audit of those that are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import SettingsError
from archive.cli.archive_context import ProgressLine, open_archive, open_indexed
from archive.cli.command_registry import Command, CommandGroup
from archive.cli.input import read_input
from archive.cli.options import FORMATS, format_option, limit_option
from archive.cli.output import Exit, emit, output_style, print_status
from archive.render import json_output, table
from archive.render.terminal import quote_path
from archive.render.text import pluralize

if TYPE_CHECKING:
    from archive import SuggestedNames


@click.group(
    cls=CommandGroup,
    examples=(
        "archive names suggest",
        "archive names suggest --write names.yaml",
        "archive names audit",
    ),
)
def names() -> None:
    """Suggest, review and audit the names of people and venues.

    Suggestions enter people.yaml and venues.yaml only after review: one by one with `review`, or
    in a file with `suggest --write` and `apply`.
    """


@names.command(
    cls=Command,
    examples=("archive names suggest -n 10", "archive names suggest --format json", "archive names suggest --write -"),
)
@limit_option(50, "Maximum number of people and of venues, or 'all'.")
@format_option(*FORMATS)
@click.option("--write", metavar="FILE", help="Write a YAML file to review and apply; '-' for standard output.")
@click.option("--spacy", metavar="PIPELINE", default="", help="Also use a spaCy pipeline, such as en_core_web_sm.")
def suggest(limit: int | None, form: str, write: str | None, spacy: str) -> Exit:
    """Suggest names that occur in the texts but in no authority file, those of most articles first."""
    from archive.render import report_text

    with open_indexed() as archive, ProgressLine() as progress:
        found = archive.names.suggest(limit, spacy=spacy, progress=progress)
    if write is not None:
        _write_patch(archive.names.patch(found), found, write)
    elif form == "json":
        emit(json_output.document(report_text.names_record(found)))
    elif form != "text":
        emit(table.write_rows(form, report_text.NAME_COLUMNS, report_text.name_rows(found)))
    elif found.people or found.venues:
        emit(report_text.suggested_lines(found, output_style()))
    else:
        print_status("no unrecorded names were found")
    return Exit.of(found.people or found.venues)


def _write_patch(text: str, found: SuggestedNames, file: str) -> None:
    _write(text, file)
    if file != "-":
        written = pluralize(len(found.people) + len(found.venues), "name")
        print_status(f"{written} in {quote_path(file)}; review it, then: archive names apply {quote_path(file)}")


def _write(text: str, file: str) -> None:
    """Write a file to review, never over another that may be under review; '-' is standard output."""
    if file == "-":
        emit([text.rstrip("\n")])
        return
    try:
        with Path(file).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{quote_path(file)} exists already; give another name, or remove it") from None


@names.command(cls=Command, examples=("archive names suggest --write - | archive names apply -",))
@click.argument("file")
def apply(file: str) -> Exit:
    """Add the names of a reviewed file to people.yaml and venues.yaml.

    An existing record gets the aliases that it lacks. Everything else in the files is left
    untouched; if any name cannot be added, none is. '-' reads standard input.
    """

    content = read_input(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SettingsError(f"{quote_path(file)}:{line}: this is not UTF-8", "save the file as UTF-8") from None
    with open_archive() as archive:
        changed = archive.names.apply(text, file)
    print_status(f"{pluralize(changed, 'name')} added; run `archive index` to update the index")
    return Exit.of(changed)


@names.command(cls=Command, examples=("printf 'skip\\nquit\\n' | archive names review",))
@limit_option(50, "Maximum number of people and of venues, or 'all'.")
def review(limit: int | None) -> Exit:
    """Go through the suggested names one at a time, and record, merge, ignore or skip each.

    Answers are read line by line from a terminal or a pipe and take effect at once; '?' lists
    them. Ignored names are kept in names-ignored.txt. The exit status is 2 if an answer could not
    be saved.
    """
    from archive.cli.commands.review import Review

    with open_indexed() as archive:
        with ProgressLine() as progress:
            found = archive.names.suggest(limit, progress=progress)
        done = Review(archive.names, found).run()
    if done.recorded:
        print_status(f"{pluralize(done.recorded, 'name')} added; run `archive index` to update the index")
    if done.failed:
        print_status(
            f"archive: {pluralize(done.failed, 'answer')} could not be saved; run `archive names review` again"
        )
        return Exit.ERROR
    return Exit.of(done.recorded)


@names.command(
    cls=Command, examples=("archive names audit", "archive names audit --format json", "archive names audit --write -")
)
@format_option("text", "json")
@click.option("--write", metavar="FILE", help="Write suggested changes as YAML to review; '-' for standard output.")
def audit(form: str, write: str | None) -> Exit:
    """Find declared names and dates that disagree with the texts, and near-duplicate articles.

    Exit status 0: something was found; 1: nothing.
    """
    from archive.render import report_text

    with open_indexed() as archive, ProgressLine() as progress:
        found = archive.names.audit(progress)
    if write is not None:
        _write(report_text.audit_patch(found), write)
    elif form == "json":
        emit(json_output.document(report_text.audit_record(found)))
    else:
        emit(report_text.audit_lines(found, output_style()))
    return Exit.of(found)
