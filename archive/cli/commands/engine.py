"""`archive engine`: what holds and searches the archive, and carrying it over to something else."""

from __future__ import annotations

import click

from archive.cli.archive_context import ProgressLine, open_archive, open_indexed
from archive.cli.exit_status import Exit
from archive.cli.output import emit, print_status
from archive.cli.registry import Command
from archive.render.text import pluralize


@click.command(cls=Command, examples=("archive engine", "archive engine show"))
@click.argument("action", type=click.Choice(["show", "move"]), default="show")
@click.option(
    "--to", "to", type=click.Choice(["whoosh", "opensearch"]), help="The engine to move the archive to."
)
@click.option("--url", metavar="URL", default="", help="The server's address, if archive.yaml does not have it yet.")
@click.pass_context
def engine(context: click.Context, action: str, to: str | None, url: str) -> Exit:
    """Show the search engine, or move the archive to another one.

    `move --to` copies every article, compares the two (the same articles, the same counts), and
    only then sets `engine:` in archive.yaml. The previous index is kept, so that you can go back.
    For opensearch, name the server once with --url, or as url: in archive.yaml.
    """
    if action == "show":
        if to or url:
            raise click.UsageError("--to and --url belong to `archive engine move`", context)
        with open_archive() as archive:
            remote = archive.settings.remote
            on = (
                f" at {remote.name}, indices {remote.prefix}-*"
                if remote and archive.settings.engine != "whoosh"
                else ""
            )
            emit([f"{archive.settings.engine}{on}"])
        return Exit.FOUND
    if to is None:
        raise click.UsageError("say where to: --to opensearch or --to whoosh", context)
    with open_indexed() as archive:
        before = archive.settings.engine
        with ProgressLine() as progress:
            report = archive.move(to, url=url, progress=progress)
    emit([f"{pluralize(report.added, 'article')} moved from {before} to {to} in {report.seconds:.1f} s, and verified"])
    print_status(f"the index on {before} is kept; `archive engine move --to {before}` goes back")
    return Exit.FOUND
