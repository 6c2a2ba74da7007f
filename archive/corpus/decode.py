"""From bytes to text that can be kept: the one place that decides what clean text is.

Everything behind this door may rely on it: text is NFC, has "\\n" line ends, no NUL and
no lone surrogate. What cannot be made so is refused by name, never guessed at.
"""

from __future__ import annotations

import codecs
import math
import os
import re
import unicodedata
from functools import cache

from archive.model.article import Problem
from archive.util.atomic_files import open_regular_file

_SURROGATES = re.compile("[\ud800-\udfff]")
#: Zero-width and bidirectional controls; the joiners of Indic and Persian writing are none of them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LINE_END = re.compile(rb"\r\n|\r|\n")
#: Sorting a run of combining marks takes quadratic time: 160,000 of them took 20 s.
_MAX_MARKS = 200
#: A file of one article that is larger is not opened, whatever the limit of its text: a sparse one has no end.
MAX_FILE_BYTES = 2_000_000_000


class InvalidArticle(Exception):
    """Why an article cannot be taken: a Problem whose file the reader fills in.

    line   1-based, or 0 where the reader knows better
    path   the file, where it is not the article's own (a sidecar)
    key    the metadata key that is at fault
    """

    def __init__(self, what: str, remedy: str, line: int = 0, path: str = "", key: str = "") -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy, self.line, self.path, self.key = what, remedy, line, path, key

    def problem(self, path: str, line: int = 0) -> Problem:
        """The Problem of the article in `path`, at `line` unless the invalid names another."""
        return Problem(self.path or path, self.line or line, self.what, self.remedy)


def read_error(error: OSError, path: str = "") -> InvalidArticle:
    """The invalid of a file that the system does not let us read."""
    reason = error.strerror or str(error)
    return InvalidArticle(f"the file cannot be read: {reason}", "check its permissions and the disk", path=path)


def size_error(thing: str, size: int, limit: int) -> InvalidArticle:
    """The invalid of an article of `size` bytes where `limit` are allowed."""
    shown = math.ceil(size / 100_000) / 10  # upwards, so that it is seen to be over the limit
    what = f"{thing} is {shown:,.15g} MB, over the limit of {limit / 1_000_000:,.15g} MB an article"
    return InvalidArticle(what, "split it, or raise max_article_mb in archive.yaml")


def read_bounded(file: str, limit: int) -> bytes:
    """The bytes of `file`; more than `limit` of them are refused without being read."""
    with open_regular_file(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(size + 1) if size <= limit else b""
    if max(size, len(data)) > limit:
        raise size_error("the file", max(size, len(data)), limit)
    return data


def decode(data: bytes) -> str:
    """UTF-8 bytes as clean text; a byte order mark is dropped."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidArticle("the file is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8 OLD > NEW", 1)
    if (at := data.find(b"\0")) >= 0:
        raise InvalidArticle(
            f"byte {_column(data, at)} of the line is NUL, so this is not text",
            "save it as UTF-8 text, or move it out of the corpus",
            _line(data, at),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        raise InvalidArticle(
            f"byte {_column(data, at)} of the line, 0x{data[at]:02X}, is not UTF-8",
            "convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
            _line(data, at),
        ) from None
    return clean(text.lstrip("\ufeff"))


def clean(text: str) -> str:
    """`text` in NFC, with "\\n" line ends; NUL and lone surrogates become U+FFFD."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()  # faster than looking for surrogates
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
    if unicodedata.is_normalized("NFC", text):
        return text
    if _marks().search(text):
        raise InvalidArticle(f"{_MAX_MARKS} or more combining marks follow one another", "remove them")
    return unicodedata.normalize("NFC", text)


def collapse_whitespace(text: str) -> str:
    """`text` cleaned, with every run of whitespace and line ends as one space."""
    return text if is_collapsed(text) else " ".join(clean(text).split())


def is_collapsed(text: str) -> bool:
    """Whether `text` is sure to be clean, with single spaces, and none around it: most short texts are."""
    return text.isascii() and text.isprintable() and "  " not in text and not (text[:1] == " " or text[-1:] == " ")


def normalize_name(text: str) -> str:
    """`text` as one line without invisible controls: two names that look the same are the same."""
    return collapse_whitespace(text if text.isascii() else _INVISIBLE.sub("", text))


def strip_blank_lines(text: str) -> tuple[str, int]:
    """`text` without blank lines before it and space after it, and how many lines that took."""
    text = text.rstrip()
    if not text[:1].isspace():
        return text, 0
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    return text[start:], text.count("\n", 0, start)


def _line(data: bytes, at: int) -> int:
    return len(_LINE_END.findall(data[:at])) + 1


def _column(data: bytes, at: int) -> int:
    return at - max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at))


@cache
def _marks() -> re.Pattern[str]:
    # No combining mark lies beyond U+1EFFF; looking at all code points takes ten times as long.
    marks = "".join(char for char in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(char))
    return re.compile(f"[{marks}]{{{_MAX_MARKS},}}")
