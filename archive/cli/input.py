"""Reading what a command line names: ordinary files and standard input, neither beyond a limit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from archive import ArchiveError, SettingsError, UsageError
from archive.cli.output import print_status
from archive.util.atomic_files import NotARegularFileError, open_regular_file

#: The most that is read of lists, quotations and reviewed names.
MOST_BYTES = 64_000_000
#: What is asked of a file at once, even of one that says it is empty, as those of /proc do.
_LEAST_BYTES = 1 << 20
#: The longest answer to a question.
_MOST_OF_A_LINE = 10_000


def read_input(
    name: str, most_bytes: int = MOST_BYTES, remedy: str = "split it, and pass the parts one by one"
) -> bytes:
    """The bytes of the file `name`, or of standard input where that is "-".

    Raises UsageError where there are more than `most_bytes`, of which one more is read at the most,
    and for a folder, a pipe or a device, of which nothing is.
    """
    if name == "-":
        data = _read_stdin(most_bytes + 1)
    else:
        try:
            with open_regular_file(name) as file:
                size = max(os.fstat(file.fileno()).st_size, _LEAST_BYTES)
                data = file.read(min(size, most_bytes) + 1)
        except NotARegularFileError:
            what = "it is a folder, a pipe or a device; give a regular file, or '-' to read standard input"
            raise UsageError(f"{name} cannot be read: {what}") from None
    if len(data) > most_bytes:
        what = "standard input" if name == "-" else name
        raise UsageError(f"{what} is over {most_bytes / 1_000_000:,g} MB", remedy)
    return data


def _read_stdin(most_bytes: int) -> bytes:
    """As much of standard input; a person at a terminal is told how to end it."""
    if sys.stdin is None:
        return b""
    if sys.stdin.isatty():
        print_status("reading from the terminal; press Ctrl-D to end")
    return sys.stdin.buffer.read(most_bytes)


def read_answer() -> str:
    """The next line of standard input, with its end; "" where there is none. Raises UsageError for an endless one."""
    if sys.stdin is None:
        return ""
    line = sys.stdin.buffer.readline(_MOST_OF_A_LINE + 1)
    if len(line) > _MOST_OF_A_LINE:
        what = f"a line of standard input is over {_MOST_OF_A_LINE:,} bytes, too long for an answer"
        raise UsageError(what, "earlier answers are kept")
    return line.decode("utf-8", "replace")


def ask(
    answers: Sequence[str],
    prompt: str,
    explanation: str,
    carry_out: Callable[[str, str], None],
    given_up: type[ArchiveError] = SettingsError,
) -> str | None:
    """Read answers until one is carried out.

    Returns the answer; "" where it could not be carried out and the next line was written for the next question,
    as nobody is at the terminal; None where there are no more answers, or the last was "quit".

    answers    whole words, of which a line needs only the first letters; "skip", and an empty line, do nothing
    carry_out  does what an answer says, given the rest of its line; raises ArchiveError where that cannot be done
    given_up   errors after which, with nobody at the terminal, the next line is for the next question
    """
    is_interactive = sys.stdin is not None and sys.stdin.isatty()
    while True:
        if is_interactive:
            print_status(f"{prompt} (? for help)")
        line = read_answer()
        word, _, given = line.strip().partition(" ")
        if not line or (word and "quit".startswith(word)):
            return None
        if not word or "skip".startswith(word):
            return "skip"
        if word == "?":
            print_status(explanation)
            continue
        answer = next((each for each in answers if each.startswith(word)), None)
        if answer is None:
            print_status(f"{line.strip()!r} is not an answer; the answers are:\n{explanation}")
            continue
        try:
            carry_out(answer, given.strip())
        except ArchiveError as error:
            print_status(str(error))
            if isinstance(error, given_up) and not is_interactive:
                return ""
        else:
            return answer
