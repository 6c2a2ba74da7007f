"""`archive quote` and `archive verify`: quotations that can be checked later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.archive_context import note_changed, open_indexed
from archive.cli.command_registry import Command
from archive.cli.input import read_input
from archive.cli.options import format_option
from archive.cli.output import Exit, emit, output_style, print_status
from archive.render import json_output

if TYPE_CHECKING:
    from archive import Verdict

#: What people said of sightings; in the corpus.
_REVIEWS = "sightings.yaml"


@click.command(
    cls=Command,
    examples=(
        "archive quote halcyon-fire-gazette 'Nobody was hurt'",
        "archive quote halcyon-fire-gazette 'a semitone flat' --format json",
    ),
)
@click.argument("id")
@click.argument("text", nargs=-1, required=True)
@format_option("text", "json")
def quote(id: str, text: tuple[str, ...], form: str) -> Exit:
    """Quote an article, with a citation that can be verified.

    TEXT is matched regardless of white space and of how quotation marks and dashes are typed. It is
    printed as in the article, with the article's id, the paragraph and the paragraph's digest; '-'
    reads it from standard input. If it is not in the article, the nearest passage is shown and the
    exit status is 1.
    """
    from archive.quotes import NotQuotedError
    from archive.render import quote_text

    said = read_input("-").decode("utf-8", "replace") if text == ("-",) else " ".join(text)
    with open_indexed() as archive:
        try:
            found = archive.quote(id, said)
        except NotQuotedError as error:
            print_status(f"archive: {error}")
            if error.nearest:
                print_status("\n".join(("nearest passage:", *quote_text.quoted(error.nearest))))
            return Exit.NOTHING
        article = archive.get(id)
        changed = archive.changed_sources([article])
    note_changed(changed)
    if form == "json":
        emit(json_output.document(quote_text.quote_record(found) | json_output.source_status(article, changed)))
    else:
        emit(quote_text.quoted(found))
    return Exit.FOUND


@click.command(
    cls=Command,
    examples=(
        "archive quote halcyon-fire-gazette 'Nobody was hurt' | archive verify",
        "archive quote halcyon-fire-gazette 'Nobody was hurt' | archive verify - --format json",
        "archive verify corpus/sightings.yaml",
    ),
)
@click.argument("files", nargs=-1)
@format_option("text", "json")
def verify(files: tuple[str, ...], form: str) -> Exit:
    """Check quotations against the archive.

    FILES hold quotations as `archive quote` prints them, text or JSON, any number in each; '-', or
    none, is standard input. Each is unchanged, moved (and where to) or gone. The archive's own
    sightings.yaml may be one of FILES: each record is unchanged, changed (its paragraph is another one) or
    gone; of other FILES, records that no longer apply are only mentioned. Exit status 0: all are
    unchanged; 1: some are not.
    """
    from archive.render import quote_text

    quoted = [name for name in files or ("-",) if Path(name).name != _REVIEWS]
    given = [each for name in quoted for each in quote_text.read_quotes(_read(name), name)]
    verdicts: list[Verdict] = []
    asked = len(quoted) < len(files)
    with open_indexed() as archive:
        reviews = list(archive.reviewed_sightings())
        for each in given:  # there may be very many: those of a text are told one by one
            verdicts.append(archive.verify(each))
            if form == "text":
                emit(quote_text.verdict_lines(verdicts[-1], output_style()))
    if form == "json":
        record: dict[str, object] = {"verdicts": [quote_text.verdict_record(each) for each in verdicts]}
        if asked:
            record["reviews"] = [quote_text.review_record(*each) for each in reviews]
        emit(json_output.document(record))
    elif asked:
        emit(line for each in reviews for line in quote_text.review_lines(*each, output_style()))
    outdated = [review for review, status in reviews if status != "unchanged"]
    for review in outdated if not asked else ():
        what = "the reviewed paragraph is no longer as it was"
        print_status(f"corpus/{_REVIEWS}:{review.line}: {review.article}: {what}; review the sighting again")
    return Exit.of(all(each.status == "unchanged" for each in verdicts) and not (asked and outdated))


def _read(name: str) -> str:
    return read_input(name).decode("utf-8", "replace")
