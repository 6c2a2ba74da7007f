"""`archive saved`: searches under a name, and what is new in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from archive import SearchRequest, UsageError
from archive.cli.archive_context import BUILD_WAIT, ProgressLine, open_archive, open_indexed
from archive.cli.command_registry import Command, CommandGroup
from archive.cli.completions import complete_saved
from archive.cli.options import FORMATS, format_option, request_options, sort_option
from archive.cli.output import Exit, check_taken, emit, output_style, print_status
from archive.render import json_output, table
from archive.render.terminal import OutputStyle, safe
from archive.render.text import described, pluralize

if TYPE_CHECKING:
    from archive import SavedRun, SavedSearch

_RUN_COLUMNS = ("search", "kind", "why", "id", "title", "date")
_SIGNS = {"new": "+", "changed": "~", "gone": "-", "same": " "}


@click.group(
    cls=CommandGroup,
    examples=(
        "archive saved add fires fire OR blaze --year 1998",
        "archive saved run fires --new",
        "archive saved list",
    ),
)
def saved() -> None:
    """Save searches, and report what is new in them.

    They are kept in saved.yaml, which the terminal UI uses as well; what you have seen in them is
    remembered per user, outside the archive.
    """


@saved.command(cls=Command, examples=("archive saved add gull gull --venue 'Long Quay'",))
@click.argument("name")
@request_options
@sort_option
def add(name: str, request: SearchRequest, sort: str) -> Exit:
    """Save a search under a name, replacing any saved search of that name.

    QUERY and the filters are those of `archive search`.
    """

    with open_indexed() as archive:
        asked = request.replace(sort=sort)
        counted = asked.replace(limit=0, facets=(), all_words=not asked.any_word)
        total = archive.search(counted).total  # so that one that cannot be run is not saved
        saved = archive.saved.add(name, asked)
    print_status(f"{saved.name}: {pluralize(total, 'article')}")
    return Exit.FOUND


@saved.command("list", cls=Command, examples=("archive saved list", "archive saved list --format json"))
@format_option("text", "json", "jsonl")
def list_(form: str) -> Exit:
    """List the saved searches."""

    with open_archive() as archive:
        found = archive.saved.list()
    records = [each.to_record() for each in found]
    if form == "json":
        emit(json_output.document({"searches": records}))
    elif form == "jsonl":
        emit(json_output.json_lines(records))
    elif found:
        emit(line for each in found for line in _listed(each, output_style()))
    else:
        print_status("there are no saved searches; `archive saved add NAME QUERY` saves one")
    return Exit.of(found)


def _listed(search: SavedSearch, shown: OutputStyle) -> Iterator[str]:
    yield shown.bold(safe(search.name))
    yield from shown.wrap_styled(" · ".join(described(search.request)) or "every article", indent="  ")


@saved.command(cls=Command, examples=("archive saved run --all --new", "archive saved run --all --peek --format json"))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_saved)
@click.option("--all", "all_", is_flag=True, help="Run every saved search.")
@click.option("--new", is_flag=True, help="Only what is new, changed or gone since the last run, and why.")
@click.option("--peek", is_flag=True, help="Do not remember this run; the next one reports the same changes.")
@click.option("--no-index", is_flag=True, help="With --new, do not index what has changed in the corpus first.")
@format_option(*FORMATS)
def run(names: tuple[str, ...], all_: bool, new: bool, peek: bool, no_index: bool, form: str) -> Exit:
    """Run saved searches, and report what is new, changed or gone since the last run.

    With --new, the corpus is indexed first.

    A run is remembered once its output was written and read; changes that could not be reported
    are reported by the next run. A search that cannot be run is named, and the others still run.

    Exit status with --new: 0 if anything is new, changed or gone, 1 if nothing is, 2 for an error;
    otherwise 0 if any article was found.
    """

    if all_ == bool(names):
        raise click.UsageError("name the saved searches to run, or use --all")
    with open_indexed() as archive:
        if new and not no_index:
            with ProgressLine() as progress:
                archive.index(progress=progress, wait=BUILD_WAIT)
        searches = archive.saved.list() if all_ else [archive.saved.get(name) for name in names]
        runs, failures = [], []
        for each in searches:
            try:
                runs.append(archive.saved.run(each))
            except UsageError as error:
                failures.append(f"archive: {each.name}: {error}")
        _print(runs, new, form)
        if not peek:
            check_taken()
            for run in runs:
                archive.saved.remember(run)
    for failure in failures:
        print_status(failure)
    return Exit.ERROR if failures else Exit.of(any(each.changes if new else each.total for each in runs))


def _print(runs: Sequence[SavedRun], new: bool, form: str) -> None:
    if form == "json":
        emit(json_output.document({"runs": [_record(each, new) for each in runs]}))
    elif form != "text":
        rows = ({"search": each.name, **row} for each in runs for row in _rows(each, new))
        emit(table.write_rows(form, _RUN_COLUMNS, rows))
    else:
        emit(line for each in runs for line in _lines(each, new))


def _rows(each: SavedRun, new: bool) -> list[json_output.Record]:
    articles = each.changes if new else each.articles
    return [{"kind": a.kind, "why": a.why, "id": a.id, "title": a.title, "date": a.date} for a in articles]


def _record(each: SavedRun, new: bool) -> json_output.Record:
    return {"search": each.name, "total": each.total, "since": each.since, "articles": _rows(each, new)}


def _lines(each: SavedRun, new: bool) -> Iterator[str]:
    if new and not each.changes:
        return
    kinds = [change.kind for change in each.changes]
    said = [f"{kinds.count(kind):,} {kind}" for kind in ("new", "changed", "gone") if kind in kinds]
    yield output_style().bold(f"{safe(each.name)}: {', '.join([pluralize(each.total, 'article'), *said])}")
    for article in each.changes if new else each.articles:
        why = f" ({article.why})" if article.why else ""
        yield f"{_SIGNS[article.kind]} {safe(article.id)}: {safe(article.title)}{why}"


@saved.command(cls=Command, examples=("archive saved rm gull",))
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=complete_saved)
def rm(names: tuple[str, ...]) -> Exit:
    """Delete saved searches."""

    with open_archive() as archive:
        archive.saved.remove(*names)
    return Exit.FOUND
