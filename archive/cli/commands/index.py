"""`archive index`: brings the index up to date, and tells what could not be taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from archive.cli.archive_context import ProgressLine, note_outdated, open_archive
from archive.cli.command_registry import Command
from archive.cli.output import Exit, emit, print_status
from archive.model.reports import IndexReport
from archive.render import json_output, report_text
from archive.render.terminal import safe


class _Jobs(click.IntRange):
    """A number of processes; `auto` is None."""

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        return None if value in (None, "auto") else super().convert(value, param, context)


@click.command(
    cls=Command,
    examples=("archive index", "archive index --full", "archive index --json"),
    interrupted="everything committed so far is kept: `archive index` continues from there",
)
@click.option("--full", is_flag=True, help="Rebuild the index instead of updating it.")
@click.option(
    "-j", "--jobs", type=_Jobs(1, 64), default="auto", metavar="N", show_default=True,
    help="Number of parallel processes; auto: one a core, where there is enough to do.",
)  # fmt: skip
@click.option("--optimize", is_flag=True, help="Merge everything into one segment when done; fastest to search.")
@click.option(
    "--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="How long to wait for another writer."
)
@click.option("--strict", is_flag=True, help="Exit with status 2 if any article could not be indexed.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with every problem.")
@click.option("--watch", is_flag=True, help="Keep running, and update the index after every change.")
@click.pass_context
def index(
    context: click.Context,
    full: bool,
    jobs: int | None,
    optimize: bool,
    wait: float,
    strict: bool,
    as_json: bool,
    watch: bool,
) -> Exit:
    """Bring the index up to date with the corpus.

    Only changed files are read. What cannot be read is reported on standard error with its file,
    its line and a fix; everything else is still indexed.

    An incomplete index, or one that any command has found damaged, is rebuilt; `archive check
    --deep` looks for damage in every byte.
    """
    if watch and (full or optimize):
        given = "--full" if full else "--optimize"
        raise click.UsageError(f"{given} and --watch cannot be combined: run {given} first", context)
    troubled = False
    with open_archive() as archive, ProgressLine() as progress:
        note_outdated(archive)
        reports_made: Iterable[IndexReport]
        if watch:
            reports_made = archive.watch(progress)
        else:
            reports_made = (archive.index(full=full, jobs=jobs, optimize=optimize, wait=wait, progress=progress),)
        for report in reports_made:
            progress.clear()
            _tell(report, as_json, compact=watch)
            troubled = troubled or bool(report.problems)
    return Exit.ERROR if strict and troubled else Exit.FOUND


def _tell(report: IndexReport, as_json: bool, *, compact: bool) -> None:
    if as_json:
        record = json_output.report_record(report)
        emit(json_output.json_lines([json_output.versioned(record)]) if compact else json_output.document(record))
        return
    said = (
        *report_text.problems(report.warnings),
        *report_text.problems(report.problems),
        *report_text.skipped(report.skipped),
    )
    for line in said:
        print_status(line)
    emit([report_text.summary(report)])
    if sentence := report.main_warning:
        print_status(safe(f"{sentence} (`archive check --corpus` shows how the corpus was read)"))
