"""Words that a hyphen breaks at the end of a line, put together where the whole is a word of the archive.

`harbour-` at a line's end may be one half of "harbourmaster" or of "harbour-master": only the rest of the archive says
which. So what is to be read is looked through first for broken words, and for the wholes of those; a whole that
stands anywhere without a hyphen is put together wherever it is read. Others stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from archive.corpus.rendered_text import RenderedText, join_lines
from archive.util.atomic_files import open_regular_file

if TYPE_CHECKING:
    from archive.corpus.scan import Source

#: Formats whose files are the text itself, line by line, or have its line ends written as \\n.
_FORMATS = frozenset(("text", "markdown", "jsonl", "json"))
_LETTERS = r"[^\W\d_]"
_BROKEN = re.compile(rf"({_LETTERS}{{2,}})-[ \t]*(?:\r?\n|(?:\\r)?\\n)[ \t>]*({_LETTERS}{{2,}})")
_MAY_BE_BROKEN = re.compile(rb"-(?<=[A-Za-z\x80-\xff]-)[ \t]*(?:[\r\n]|\\[rn])")
_AT_END = re.compile(rf"({_LETTERS}{{2,}})-\s*\Z")
_AT_START = re.compile(rf"\s*({_LETTERS}{{2,}})")
_WORD = re.compile(rf"{_LETTERS}{{4,}}")
#: Bytes of a file that are looked through at once, and how many of them again with the next: no word is longer.
_PIECE, _OVERLAP = 1 << 20, 400
#: Broken words of one archive; what has more of them than words is no text.
_MOST = 200_000


def is_looked_through(source: Source) -> bool:
    """Whether a file is text in which words may be broken."""
    return source.format in _FORMATS and not source.path.lower().endswith(".gz")


def may_break_words(piece: bytes) -> bool:
    """Whether there may be a word in a piece of a file that is broken at the end of a line."""
    return b"-" in piece and _MAY_BE_BROKEN.search(piece) is not None


def find_whole_words(
    suspects: Iterable[Source], sources: Iterable[Source], max_bytes: int, is_known: Callable[[str], bool]
) -> frozenset[str]:
    """The words, in small letters, that are broken in one of the suspects and stand whole in another place.

    sources    all that is read now, the suspects among them; files of one article that has over `max_bytes` are not
    is_known   whether a word is in the articles that are not read again
    """
    broken: set[str] = set()
    for text in _texts(suspects, max_bytes):
        broken.update(f"{first}{rest}".casefold() for first, rest in _BROKEN.findall(text))
        if len(broken) > _MOST:
            return frozenset()
    if not broken:
        return frozenset()
    whole = {word for word in broken if is_known(word)}
    for text in _texts(sources, max_bytes):
        whole.update(broken.intersection(_WORD.findall(text.casefold())))
    return frozenset(whole)


def _texts(sources: Iterable[Source], max_bytes: int) -> Iterator[str]:
    """The text of files in pieces; a file that is not read has none."""
    for source in sources:
        if not is_looked_through(source) or (source.size > max_bytes and not source.holds_many):
            continue
        try:
            with open_regular_file(source.file) as stream:
                tail = b""
                while piece := stream.read(_PIECE):
                    yield (tail + piece).decode("utf-8", "ignore")
                    tail = piece[-_OVERLAP:]
        except OSError:
            continue


def join_broken_words(text: RenderedText, whole: frozenset[str]) -> None:
    """Put the words together that are broken at the ends of lines and are among the whole ones.

    The second half moves to the end of the first one's line, so that every line stays the one it was.
    """
    if not whole:
        return
    lines = text.lines
    for row in range(len(lines) - 1):
        if not (first := _AT_END.search(lines[row])) or not (rest := _AT_START.match(lines[row + 1])):
            continue
        if f"{first[1]}{rest[1]}".casefold() in whole:
            lines[row], lines[row + 1] = join_lines(lines[row][: first.end(1)], lines[row + 1].lstrip())
