"""`archive tui`, and what `archive` alone does: open the terminal UI."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from archive.cli.archive_context import named_root, open_archive
from archive.cli.exit_status import Exit
from archive.cli.options import request_options, sort_option
from archive.cli.registry import Command
from archive.errors import NotFoundError, TrustError, UsageError

if TYPE_CHECKING:
    from archive.api import Archive
    from archive.query.request import SearchRequest


@click.command(
    cls=Command,
    examples=(
        "archive",
        "archive tui --query birthday --person 'Kim Kardashian'",
        "archive tui gala --year 2016.. --sort newest",
    ),
)
@request_options
@sort_option
@click.option("--query", "text", metavar="QUERY", default="", help="Initial query; same as QUERY.")
@click.option("--web", is_flag=True, hidden=True, help="Run for a browser: no editor, no files.")
def tui(request: SearchRequest, sort: str, text: str, web: bool) -> int:
    """Search and read in the terminal UI.

    Without QUERY and filters it opens where the last session ended. `archive` alone does the same.
    """
    request = request.replace(query=" ".join(filter(None, (request.query, text))), sort=sort)
    asked = request != type(request)()
    return run(open_archive() if web else _found(), request if asked else None, web=web)


def open_interface() -> int:
    """What `archive` alone does in a terminal."""
    return run(_found(), None)


def interactive() -> bool:
    """Whether there is somebody at a terminal on both ends."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def run(archive: Archive | TrustError | None, request: SearchRequest | None, *, web: bool = False) -> int:
    """Run the app until it ends; the answer is its exit status."""
    if not (web or interactive()):
        raise UsageError("the terminal UI needs a terminal; `archive search` prints what it finds")
    from archive.tui.app import make_app

    app = make_app(archive, request, web=web)
    app.run()
    if app.fault is not None:
        raise app.fault
    return Exit.FOUND if app.return_code is None else app.return_code


def _found() -> Archive | TrustError | None:
    """The archive that is named or around; None where there is none and none was named.

    What has to be confirmed before it is opened is asked in the UI; a browser is never asked.
    """
    try:
        return open_archive()
    except TrustError as error:
        if not interactive():
            raise
        return error
    except NotFoundError:
        import os

        if named_root() is not None or os.environ.get("ARCHIVE_ROOT"):
            raise
        return None
