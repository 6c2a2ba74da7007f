"""`archive trust`: what an archive would do outside its folder, and this user's word that it may."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from archive import UsageError
from archive.cli.archive_context import named_root
from archive.cli.command_registry import Command
from archive.cli.output import Exit, emit, print_status
from archive.render.terminal import quote_path, safe


@click.command(
    cls=Command, examples=("archive trust", "archive trust --yes", "archive trust --list", "archive trust --revoke")
)
@click.option("--yes", is_flag=True, help="Confirm without asking.")
@click.option("--list", "listed", is_flag=True, help="List the archives you trust and what they may do.")
@click.option("--revoke", is_flag=True, help="Stop trusting this archive; its folder need not exist.")
@click.pass_context
def trust(context: click.Context, yes: bool, listed: bool, revoke: bool) -> Exit:
    """Allow an archive to use a server, or files outside its folder.

    Prints what the archive would do, and asks. Until you have confirmed it, every other command
    refuses to open such an archive, so that one from someone else cannot take anything of yours. Your
    answer is kept in your configuration folder; a changed, moved or copied archive asks again.
    """
    if yes + listed + revoke > 1:
        raise click.UsageError("--yes, --list and --revoke exclude each other", context)
    if listed:
        return _list()
    if revoke:
        return _revoke()
    return _confirm(yes)


def _list() -> Exit:
    from archive.config.trust import trusted

    archives = trusted()
    for root, wanted in archives.items():
        emit([quote_path(root), *(f"  {safe(want)}" for want in wanted)])
    return Exit.FOUND if archives else Exit.NOTHING


def _revoke() -> Exit:
    from archive.config.settings import find_root
    from archive.config.trust import revoke

    named = named_root() or os.environ.get("ARCHIVE_ROOT")
    root = find_root() if named is None else Path(named)
    if revoke(root):
        print_status(f"{quote_path(root.resolve())} is no longer trusted")
        return Exit.FOUND
    print_status(f"{quote_path(root.resolve())} was not trusted")
    return Exit.NOTHING


def _confirm(yes: bool) -> Exit:
    from archive.config.settings import check_root, find_root, load_settings
    from archive.config.trust import is_trusted, trust, wants

    named = named_root()
    root = find_root() if named is None else check_root(Path(named))
    wanted = wants(root, load_settings(root))
    if not wanted:
        print_status(f"{quote_path(root)} stays inside its folder; there is nothing to confirm")
        return Exit.FOUND
    emit(safe(want) for want in wanted)
    if is_trusted(root, wanted):
        print_status(f"{quote_path(root)} is trusted to do that")
        return Exit.FOUND
    if not yes and not _answered_yes(root):
        print_status(f"{quote_path(root)} is not trusted")
        return Exit.NOTHING
    trust(root, wanted)
    print_status(f"{quote_path(root)} is trusted to do that from now on; `archive trust --revoke` takes it back")
    return Exit.FOUND


def _answered_yes(root: Path) -> bool:
    """Ask at the terminal; raises UsageError where there is nobody to ask."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask at", "read what is listed, then run `archive trust --yes`")
    print_status(f"May {quote_path(root)} do that? Type yes to confirm:")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
