"""`archive tui`, `archive serve`, and what `archive` alone does: the terminal UI, here or in a browser."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from archive import MissingExtraError, NotFoundError, TrustError, UsageError
from archive.cli.archive_context import named_root, open_archive, open_indexed
from archive.cli.command_registry import Command
from archive.cli.options import request_options, sort_option
from archive.cli.output import Exit, print_status

if TYPE_CHECKING:
    from archive import Archive, SearchRequest


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
@click.option("--theme", metavar="NAME", default="", help="Colour theme; it is remembered. `list` lists them.")
@click.option("--web", is_flag=True, hidden=True, help="Run for a browser: no editor, no files.")
def tui(request: SearchRequest, sort: str, text: str, theme: str, web: bool) -> int:
    """Search and read in the terminal UI.

    Without QUERY and filters it opens where the last session ended. `archive` alone does the same.
    """
    if theme:
        _check_theme(theme)
    if theme == "list":
        return Exit.FOUND
    request = request.replace(query=" ".join(filter(None, (request.query, text))), sort=sort)
    asked = request != type(request)()
    return run(open_archive() if web else _found(), request if asked else None, theme=theme, web=web)


def _check_theme(name: str) -> None:
    """Print the themes for the name `list`; raise UsageError for one that there is not."""
    from archive.tui.themes import theme_names

    names = theme_names()
    if name == "list":
        click.echo("\n".join(names))
    elif name not in names:
        raise UsageError(f"there is no theme {name!r}", f"the themes are {', '.join(names)}")


def open_interface() -> int:
    """What `archive` alone does in a terminal."""
    return run(_found(), None)


def interactive() -> bool:
    """Whether there is somebody at a terminal on both ends."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def run(
    archive: Archive | TrustError | None, request: SearchRequest | None, *, theme: str = "", web: bool = False
) -> int:
    """Run the app until it ends; the answer is its exit status."""
    if not (web or interactive()):
        raise UsageError("the terminal UI needs a terminal", "`archive search` prints what it finds")
    from archive.tui.app import make_app
    from archive.tui.terminal_pictures import picture_widget

    if not web:
        picture_widget()  # asks the terminal, which the app cannot do once it runs
    app = make_app(archive, request, theme=theme, web=web)
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


@click.command(cls=Command, examples=("archive serve", "archive serve --port 8080"))
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; by default only this machine can connect.",
)
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on."
)
@click.option(
    "--allow-host",
    "names",
    metavar="NAME",
    multiple=True,
    help="Another host name by which browsers reach this machine; may be repeated.",
)
def serve(host: str, port: int, names: tuple[str, ...]) -> Exit:  # fmt: skip
    """Serve the terminal UI to a browser.

    Needs the extra `web`. Writing files and opening an editor are disabled, and only pages that it
    served itself are answered. With a --host other than the loopback address, the printed link has a
    token that every connection needs; the connection is not encrypted.
    """
    from importlib.util import find_spec

    if find_spec("textual_serve") is None:
        raise MissingExtraError("serving the archive to a browser", "web")
    from archive.tui.serving import Access, ArchiveServer
    from archive.util.worker_process import isolated_python

    with open_indexed() as archive:
        root, name = archive.root, archive.settings.name
    start = "from archive.__main__ import command; command()"
    command = shlex.join(isolated_python(start, "tui", "--root", str(root), "--web"))
    access = Access.to(host, names)
    print_status(f"the archive is at {access.link(port)} until Ctrl-C")
    ArchiveServer(command, port, name, access).serve()
    return Exit.FOUND
