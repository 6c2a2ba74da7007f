"""`archive serve`: the terminal UI in a browser."""

from __future__ import annotations

import shlex

import click

from archive.cli.archive_context import open_indexed
from archive.cli.exit_status import Exit
from archive.cli.output import print_status
from archive.cli.registry import Command
from archive.errors import MissingExtraError


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
