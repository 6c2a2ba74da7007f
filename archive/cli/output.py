"""Standard output is data, standard error everything else.

Output is written as UTF-8 bytes with "\\n" line ends, so that neither locale nor system
changes it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import click

from archive.render.terminal import Look, safe

_MIN_WIDTH, _MAX_WIDTH, _WIDTH = 20, 100, 80


def utf8_output() -> None:
    """Let everything that click prints itself, such as help, be UTF-8 as well."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]


_BEGUN = "archive.output"


def begun() -> bool:
    """Whether this run has written anything to standard output yet."""
    return _BEGUN in click.get_current_context().meta


def _begin() -> None:
    if context := click.get_current_context(silent=True):
        context.meta[_BEGUN] = True


#: Where `--raw` is kept.
RAW = "archive.raw"


def tabled(form: str, columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Records in the form "jsonl", "csv" or "tsv", as `--raw` says."""
    from archive.render import table

    return table.each(form, columns, records, raw=bool(click.get_current_context().meta.get(RAW)))


def emit(lines: Iterable[str], end: str = "\n") -> None:
    """Write data lines to standard output and flush them."""
    if sys.stdout is None:
        return
    stream = sys.stdout.buffer
    for line in lines:
        _begin()
        stream.write((line + end).encode("utf-8", "replace"))
    stream.flush()


def emit_raw(names: Iterable[str]) -> None:
    """Write file names as the file system has them, each ended by NUL."""
    if sys.stdout is None:
        return
    stream = sys.stdout.buffer
    for name in names:
        _begin()
        stream.write(os.fsencode(name) + b"\0")
    stream.flush()


def note(text: str) -> None:
    """Tell the person at the terminal something; a closed standard error is no failure."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write("".join(f"{safe(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def look() -> Look:
    """How to show text: styled and as wide as the terminal only if there is one."""
    if not on_terminal():
        return Look(_WIDTH)
    width = _size().columns
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Look(min(max(width, _MIN_WIDTH), _MAX_WIDTH), styled=not plain)


def screen_lines() -> int:
    """How many lines the terminal shows."""
    return _size().lines


def _size() -> os.terminal_size:
    """The size of the terminal."""
    import shutil

    return shutil.get_terminal_size((_WIDTH, 24))
