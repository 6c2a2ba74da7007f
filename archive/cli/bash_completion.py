"""Completion in bash: click's, for values with spaces, quotes and apostrophes in them.

Bash replaces what follows the last of `COMP_WORDBREAKS` or the opening quote by a candidate as it is. So the line is
taken apart here as the shell would, and each candidate is quoted for where it goes.
"""

from __future__ import annotations

import os
import re
from typing import Any, ClassVar, NamedTuple

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

_SCRIPT = """\
%(complete_func)s() {
    local candidate line="${COMP_LINE:0:COMP_POINT}" breaks="$COMP_WORDBREAKS"
    COMPREPLY=()
    while IFS= read -r candidate; do
        case ${candidate%%%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("${candidate#*,}") ;;
            nospace) COMPREPLY+=("${candidate#*,}"); compopt -o nospace ;;
        esac
    done < <(COMP_LINE="$line" COMP_BREAKS="$breaks" %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""
_UNQUOTED = re.compile(r"""([\s'"\\$`!&|;()<>*?\[\]{}#~^])""")
_IN_DOUBLE_QUOTES = re.compile(r'(["\\$`])')
_ESCAPED_IN_QUOTES = frozenset('"\\$`')


class TypedLine(NamedTuple):
    """A command line up to the cursor.

    words   without the last, quotes taken off
    last    what is being typed, likewise
    quote   the quote that is open, or ""
    kept    how many characters of `last` bash keeps, and no candidate repeats
    """

    words: tuple[str, ...]
    last: str
    quote: str
    kept: int


def parse_line(line: str, breaks: str) -> TypedLine:
    """The words of a line; `breaks` are characters behind which bash completes anew within a word."""
    words: list[str] = []
    text, quote, kept, begun = "", "", 0, False
    characters = iter(line)
    for char in characters:
        if quote:
            if char == quote:
                quote = ""
            elif char == "\\" and quote == '"':
                after = next(characters, "")
                text += after if after in _ESCAPED_IN_QUOTES else char + after
            else:
                text += char
        elif char in "'\"":
            quote, kept, begun = char, len(text), True
        elif char == "\\":
            text, begun = text + next(characters, ""), True
        elif char.isspace():
            if begun:
                words.append(text)
            text, kept, begun = "", 0, False
        else:
            text, begun = text + char, True
            kept = len(text) if char in breaks else kept
    return TypedLine(tuple(words), text, quote, kept)


def quoted(text: str, quote: str) -> str:
    """`text` as it has to stand in a command line, behind an open quote or behind none."""
    if quote == "'":
        return text.replace("'", "'\\''")
    return _IN_DOUBLE_QUOTES.sub(r"\\\1", text) if quote else _UNQUOTED.sub(r"\\\1", text)


@add_completion_class
class QuotingBashComplete(BashComplete):
    """Takes the line apart itself, and quotes what it offers."""

    source_template: ClassVar[str] = _SCRIPT

    def source(self) -> str:
        """The script, for any bash."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """The complete words behind the command, and the one that is being typed."""
        self._line = line = parse_line(os.environ.get("COMP_LINE", ""), os.environ.get("COMP_BREAKS", ""))
        return list(line.words[1:]), line.last

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """One line: a kind, and a candidate as it goes into the command line."""
        line = self._line
        kept, last = line.kept, line.last
        if last.startswith("--") and "=" in last:  # of `--person=Ki` only the value is offered
            kept = max(0, kept - last.index("=") - 1)
            last = last.partition("=")[2]
        if item.value[:kept] != last[:kept]:
            return ""
        kind = "nospace" if item.type == "plain" and item.value.endswith("=") else item.type
        return f"{kind},{quoted(item.value[kept:], line.quote)}"
