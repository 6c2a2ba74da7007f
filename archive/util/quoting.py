"""File names as a person may see them: as `ls` prints them on a terminal.

A name may hold anything but NUL, escape sequences and line ends among it, and a message that
has it as it is would be obeyed by the terminal, or be taken for two. What is quoted so can be
pasted into a shell. The style is GNU's `--quoting-style=shell-escape` (gnulib, quotearg.c).
"""

from __future__ import annotations

import os
import re

#: What a shell does not take as it is, anywhere in a word; `_FIRST` only at its beginning.
_SPECIAL = re.compile(r"[\t\n !\"$&'()*;<=>?\[\\^`|]")
_FIRST = ("#", "~")
_NOT_IN_DOUBLE = re.compile(r"""[!"$&()*;<=>?\[\\^`|{}]|(?<!^)[#~]""")
#: Bytes that a shell knows by a letter.
_LETTERS = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}


def quote_path(path: str | os.PathLike[str]) -> str:
    """A file name or path, quoted where a terminal or a shell would take something in it for more than a letter.

    >>> quote_path("a\\033b")
    "'a'$'\\\\033''b'"
    """
    name = os.fspath(path)
    if not name:
        return "''"
    hidden = not name.isprintable()
    if not hidden and not _SPECIAL.search(name) and not name.startswith(_FIRST) and name not in ("{", "}"):
        return name
    if not hidden and "'" in name and not _NOT_IN_DOUBLE.search(name):
        return f'"{name}"'
    quoted, is_escape = "'", False
    for char in name:
        if not char.isprintable():  # a control, half of a byte sequence, or what nobody can see
            quoted += ("" if is_escape else "'$'") + _escaped(char)
            is_escape = True
            continue
        if char == "'":
            quoted += "'\\''"
        else:
            quoted += f"''{char}" if is_escape else char
        is_escape = False
    return quoted + "'"


def _escaped(char: str) -> str:
    data = os.fsencode(char) if "\udc80" <= char <= "\udcff" else char.encode("utf-8", "surrogatepass")
    return "".join(_LETTERS.get(byte, f"\\{byte:03o}") for byte in data)
