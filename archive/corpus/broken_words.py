"""Words that a hyphen breaks at the end of a line, put together where the whole is a word of the archive.

`harbour-` at a line's end may be one half of "harbourmaster" or of "harbour-master": only the rest of the archive says
which. So what is to be read is looked through first for broken words, and for the wholes of those; a whole that
stands anywhere without a hyphen is put together wherever it is read. Others stay as they are.

Looking through a file takes a small part of the time of reading it: pieces of it are searched as bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, AnyStr

from archive.util.atomic_files import open_regular_file

if TYPE_CHECKING:
    from archive.corpus.rendered_text import RenderedText
    from archive.corpus.scan import Source

#: Formats whose files are the text itself, line by line, or have its line ends written as \\n.
_FORMATS = frozenset(("text", "markdown", "jsonl", "json"))
_LETTERS = r"[^\W\d_]"
_MAY_BE_BROKEN = re.compile(rb"-(?<=[A-Za-z\x80-\xff]-)[ \t]*(?:[\r\n]|\\[rn])")
_BREAK = re.compile(rb"-[ \t]*(?:\r?\n|(?:\\r)?\\n)[ \t>]*")
_BEFORE = re.compile(rf"{_LETTERS}{{2,}}\Z")
_AFTER = re.compile(rf"{_LETTERS}{{2,}}")
_AT_END = re.compile(rf"({_LETTERS}{{2,}})-\s*\Z")
_AT_START = re.compile(rf"\s*({_LETTERS}{{2,}})")
_WORD = re.compile(rf"{_LETTERS}{{4,}}")
#: Bytes of a file that are looked through at once, and how many of them again with the next: no word is longer.
_PIECE, _OVERLAP = 1 << 20, 400
#: Bytes beside a hyphen that half a word may have.
_HALF = 120
#: Broken words of one archive; what has more of them than words is no text.
_MOST = 200_000
#: So many words are searched for one by one; for more of them a piece is cut into its words.
_ONE_BY_ONE = 20
#: Letters in lower case, and all else as spaces: beyond ASCII every byte counts as one of a letter.
_WORDS_ONLY = bytes(
    ord(chr(byte).lower()) if byte < 128 and chr(byte).isalpha() else byte if byte >= 128 else 32 for byte in range(256)
)


def is_looked_through(source: Source) -> bool:
    """Whether a file is text in which words may be broken."""
    return source.format in _FORMATS and not source.path.lower().endswith(".gz")


def may_break_words(piece: bytes) -> bool:
    """Whether there may be a word in a piece of a file that is broken at the end of a line."""
    return b"-" in piece and _MAY_BE_BROKEN.search(piece) is not None


def find_broken_words(source: Source, max_bytes: int) -> frozenset[str]:
    """The words, in small letters, that are broken in a file; none in one of one article that has over `max_bytes`."""
    broken: set[str] = set()
    for piece in _pieces(source, max_bytes):
        for match in _BREAK.finditer(piece):
            before = _BEFORE.search(piece[max(0, match.start() - _HALF) : match.start()].decode("utf-8", "ignore"))
            after = before and _AFTER.match(piece[match.end() : match.end() + _HALF].decode("utf-8", "ignore"))
            if before and after:
                broken.add((before[0] + after[0]).lower())
        if len(broken) > _MOST:
            break
    return frozenset(broken)


def find_whole_words(words: Collection[str], sources: Iterable[Source], max_bytes: int) -> set[str]:
    """Which of some words, in small letters, stand whole in one of the files."""
    in_ascii = {word.encode() for word in words if word.isascii()}
    others = {word for word in words if not word.isascii()}
    whole: set[str] = set()
    for source in sources:
        for piece in _pieces(source, max_bytes) if in_ascii or others else ():
            piece = piece.replace(b"\\n", b" ")  # a line end in JSON, which is no letter of the next word
            if in_ascii:
                found = _bytes_in(piece, in_ascii)
                in_ascii -= found
                whole.update(word.decode() for word in found)
            if others:
                these = _texts_in(piece.decode("utf-8", "ignore").lower(), others)
                others -= these
                whole |= these
            if not (in_ascii or others):
                break
    return whole


def _bytes_in(piece: bytes, words: set[bytes]) -> set[bytes]:
    if len(words) > _ONE_BY_ONE:
        return words.intersection(piece.translate(_WORDS_ONLY).split())
    lowered = piece.lower()
    return {word for word in words if _stands_in(lowered, word, lambda byte: byte.isalpha() or byte >= b"\x80")}


def _texts_in(piece: str, words: set[str]) -> set[str]:
    if len(words) > _ONE_BY_ONE:
        return words.intersection(_WORD.findall(piece))
    return {word for word in words if _stands_in(piece, word, str.isalpha)}


def _stands_in(piece: AnyStr, word: AnyStr, is_letter: Callable[[AnyStr], bool]) -> bool:
    """Whether a word is in a piece, with no letter beside it."""
    at = piece.find(word)
    while at >= 0:
        end = at + len(word)
        if not is_letter(piece[at - 1 : at]) and not is_letter(piece[end : end + 1]):
            return True
        at = piece.find(word, end)
    return False


def _pieces(source: Source, max_bytes: int) -> Iterator[bytes]:
    """A file in pieces that overlap, with line ends as such; a file that is not read has none."""
    if not is_looked_through(source) or (source.size > max_bytes and not source.holds_many):
        return
    try:
        with open_regular_file(source.file) as stream:
            tail = b""
            while piece := stream.read(_PIECE):
                yield tail + piece
                tail = piece[-_OVERLAP:]
    except OSError:
        return


def join_broken_words(text: RenderedText, whole: frozenset[str]) -> None:
    """Put the words together that are broken at the ends of lines and are among the whole ones.

    The second half moves to the end of the first one's line, so that every line stays the one it was.
    """
    if not whole:
        return
    from archive.corpus.rendered_text import join_lines

    lines = text.lines
    for row in range(len(lines) - 1):
        if not (first := _AT_END.search(lines[row])) or not (rest := _AT_START.match(lines[row + 1])):
            continue
        if f"{first[1]}{rest[1]}".lower() in whole:
            lines[row], lines[row + 1] = join_lines(lines[row][: first.end(1)], lines[row + 1].lstrip())
