"""Standard output is data, standard error everything else; and the exit statuses.

Output is written as UTF-8 bytes with "\\n" line ends, so that neither locale nor system
changes it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import IntEnum

import click

from archive.render.terminal import OutputStyle, quote_path, safe


class Exit(IntEnum):
    """Exit statuses. A pipe closed by its reader is no error: it ends with FOUND."""

    FOUND = 0
    NOTHING = 1
    ERROR = 2
    INTERRUPTED = 130
    TERMINATED = 143

    @classmethod
    def of(cls, found: object) -> Exit:
        """FOUND if there is anything, NOTHING otherwise."""
        return cls.FOUND if found else cls.NOTHING


#: Seconds for which a pipe's reader may leave what was written unread.
_TAKING = 2.0

_MIN_WIDTH, _MAX_WIDTH, _WIDTH = 20, 100, 80


def utf8_output() -> None:
    """Let everything that click prints itself, such as help, be UTF-8 as well."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]


_BEGUN = "archive.output"


def has_written() -> bool:
    """Whether this run has written anything to standard output yet."""
    return _BEGUN in click.get_current_context().meta


def _begin() -> None:
    if context := click.get_current_context(silent=True):
        context.meta[_BEGUN] = True


#: Where a run keeps `--raw`, and the folder that `--root` names.
RAW, ROOT = "archive.raw", "archive.root"


def tabled(form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Records in the form "jsonl", "csv" or "tsv", as `--raw` says."""
    from archive.render import table

    return table.write_rows(form, columns, records, raw=bool(click.get_current_context().meta.get(RAW)))


def emit(lines: Iterable[str], end: str = "\n") -> None:
    """Write data lines to standard output and flush them."""
    if sys.stdout is None:
        return
    stream = sys.stdout.buffer
    for line in lines:
        _begin()
        stream.write((line + end).encode("utf-8", "replace"))
    stream.flush()


def check_taken() -> None:
    """See that what was written to standard output has arrived, as far as a program can know.

    For a file that is on the disk; for a pipe, out of it, or for _TAKING seconds in the hands of a reader
    that is still there. Raises OSError (BrokenPipeError where the reader has closed the pipe without reading it).
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed, so nothing could be printed")
    sys.stdout.flush()
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # not a file of the system's, as in tests
        return
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        os.fsync(descriptor)
    elif stat.S_ISFIFO(mode) and sys.platform != "win32":
        _wait_for_reader(descriptor)


def _wait_for_reader(descriptor: int) -> None:
    import select
    import time

    poll = select.poll()
    poll.register(descriptor, 0)
    until = time.monotonic() + _TAKING
    while _unread(descriptor) and time.monotonic() < until:
        if poll.poll(10) and _unread(descriptor):  # POLLERR: no reader has the pipe open any more
            raise BrokenPipeError(errno.EPIPE, "the reader has closed the pipe")


def _unread(descriptor: int) -> bool:
    """Whether there is anything in a pipe; systems that do not tell have it empty."""
    import fcntl
    import termios

    try:
        return fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)) != bytes(4)
    except OSError:
        return False


def emit_paths(paths: Iterable[str], end: str = "\n") -> None:
    """Write file names to standard output: into a pipe as the file system has them, quoted on a terminal."""
    if sys.stdout is None:
        return
    quoted = on_terminal()
    stream = sys.stdout.buffer
    for path in paths:
        _begin()
        stream.write(quote_path(path).encode("utf-8", "replace") if quoted else os.fsencode(path))
        stream.write(end.encode())
    stream.flush()


def print_status(text: str) -> None:
    """Tell the person at the terminal something; a closed standard error is no failure."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write("".join(f"{safe(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def output_style() -> OutputStyle:
    """How to show text: styled and as wide as the terminal only if there is one."""
    if not on_terminal():
        return OutputStyle(_WIDTH)
    width = _size().columns
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return OutputStyle(min(max(width, _MIN_WIDTH), _MAX_WIDTH), styled=not plain)


def screen_lines() -> int:
    """How many lines the terminal shows."""
    return _size().lines


def _size() -> os.terminal_size:
    """The size of the terminal."""
    import shutil

    return shutil.get_terminal_size((_WIDTH, 24))
