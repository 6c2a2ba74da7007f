"""`archive serve`: the terminal UI in a browser."""

from __future__ import annotations

import os
import shlex

import click

from archive.cli.exits import Exit
from archive.cli.group import Command
from archive.cli.opening import open_indexed
from archive.cli.output import note
from archive.errors import MissingExtraError


@click.command(cls=Command, examples=("archive serve", "archive serve --port 8080"))
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; any other address lets others read the archive.",
)
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on."
)
def serve(host: str, port: int) -> Exit:  # fmt: skip
    """Search, narrow and read in a browser.

    Needs the extra `web`. Nothing in it writes files or opens an editor, and it answers only pages
    that it served itself. There is no password: whoever can reach the address can read the archive.
    """
    from importlib.util import find_spec

    if find_spec("textual_serve") is None:
        raise MissingExtraError("serving the archive to a browser", "web")
    from archive.child import NEUTRAL_FOLDER, isolated_python
    from archive.tui.serving import make_server

    with open_indexed() as archive:
        root, name = archive.root, archive.settings.name
    start = "from archive.__main__ import command; command()"
    command = shlex.join(isolated_python(start, "tui", "--root", str(root), "--web"))
    os.chdir(NEUTRAL_FOLDER)  # where the app is started too
    note(f"the archive is at http://{host}:{port} until Ctrl-C")
    make_server(command, host, port, name).serve()
    return Exit.FOUND
