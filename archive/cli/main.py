"""The entry point: runs a command and turns however it ends into an exit status and a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click
from click.shell_completion import shell_complete

from archive import ArchiveError
from archive.cli.command_registry import COMPLETION_VARIABLE, Group
from archive.cli.output import Exit, emit, print_status, utf8_output
from archive.errors import OUT_OF_MEMORY, debugging, is_out_of_memory
from archive.render.terminal import quote_path
from archive.util import signals

_NOWHERE = "the working directory was deleted; change to another one, as with `cd`"


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> int | None:
    """A searchable archive of articles: who was seen with whom, where, and when."""
    if context.invoked_subcommand is None:
        return open_interface(context)
    return None


def open_interface(context: click.Context) -> int | None:
    """What `archive` alone does: open the terminal UI, or print the help where there is no terminal."""
    from archive.cli.commands.tui import interactive, open_interface

    if interactive():
        return open_interface()
    emit([context.get_help()])
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Run `archive` with these arguments; never raises, and shows no traceback."""
    try:
        return _run_and_map_errors(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt as interrupt:
        _detach_stdout()
        if sys.stderr is not None and sys.stderr.isatty():
            print_status("")  # the terminal has shown ^C on the line
        print_status(signals.message(interrupt))
        return signals.status()


def _run_and_map_errors(argv: Sequence[str]) -> int:
    utf8_output()
    try:
        result = _run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _detach_stdout()
        return Exit.FOUND
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        return _usage_error(error)
    except ArchiveError as error:
        print_status(f"archive: {error}")
        if _is_nowhere():
            print_status(f"archive: {_NOWHERE}")
        return Exit.ERROR
    except (OSError, MemoryError) as error:
        _detach_stdout()
        print_status(f"archive: {_refused_by_system(error)}")
        return _unexpected(error) if debugging() else Exit.ERROR
    except Exception as error:
        if signals.pending():  # what was being imported makes an error of its own of it
            raise KeyboardInterrupt from error
        if is_out_of_memory(error) and not debugging():
            print_status(f"archive: {OUT_OF_MEMORY}")
            return Exit.ERROR
        return _unexpected(error)
    return result


def _run(argv: Sequence[str]) -> int:
    """What `cli.main` does, without its ways of ending: it takes a closed pipe for a failure."""
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        import archive.cli.bash_completion  # noqa: F401 (which registers it)

        return shell_complete(cli, {}, "archive", COMPLETION_VARIABLE, instruction)
    try:
        with cli.make_context("archive", list(argv)) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return result if isinstance(result, int) else Exit.FOUND


def _usage_error(error: click.ClickException) -> int:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        print_status(error.ctx.get_usage())
        print_status(f"Try '{error.ctx.command_path} --help' for help.\n")
    print_status(f"archive: {error.format_message()}")
    return Exit.ERROR


def _refused_by_system(error: OSError | MemoryError) -> str:
    """What the system refuses."""
    if isinstance(error, MemoryError) or is_out_of_memory(error):
        return OUT_OF_MEMORY
    if _is_nowhere():
        return _NOWHERE
    about = error.filename
    named = isinstance(about, (str, bytes)) and bool(about)
    return f"{error.strerror or error}" + (f" ({quote_path(os.fsdecode(about))})" if named else "")


def _is_nowhere() -> bool:
    """Whether the working directory is gone."""
    try:
        os.getcwd()  # noqa: PTH109 (pathlib takes 3 ms to load)
    except OSError:
        return True
    return False


def _unexpected(error: BaseException) -> int:
    if debugging():
        import traceback

        traceback.print_exception(error)
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        print_status(f"archive: internal error ({what}); set ARCHIVE_DEBUG=1 to see where")
    return Exit.ERROR


def _detach_stdout() -> None:
    """Point standard output nowhere, so that the flush at exit cannot fail on what is left in it."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
