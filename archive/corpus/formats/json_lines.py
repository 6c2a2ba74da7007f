"""JSON Lines, plain or gzipped: one article a line, in a file of any size.

A line is read, turned into an article and forgotten, so that memory holds one at a time;
whatever is wrong with a line is a Problem of that line, and the others are taken.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any, BinaryIO, NoReturn

import orjson

from archive.corpus.broken_words import join_broken_words
from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle, decode, size_error
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import plain_value
from archive.corpus.html_text import is_html, render_html
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem, Value
from archive.util.atomic_files import open_regular_file
from archive.util.read_ahead import read_ahead

_BUFFER = 1 << 18
#: Bytes of a gzip file that are unzipped at once: what comes of them is lost where data break.
_ZIPPED = 1 << 14
_MAGIC = b"\x1f\x8b"
#: A gzip file of so many bytes is unzipped by a thread, so many pieces of up to `_BUFFER` ahead.
_WORTH_A_THREAD, _AHEAD = 1_000_000, 8
#: Records between two reports of how far the reading has come.
_TOLD_EVERY = 256
#: Unzipped bytes that any file may have, and beyond them so many for a byte of the file; articles have 3 to 10.
_ALWAYS_UNZIPPED, _MAX_RATIO = 50_000_000, 100
_ONE_A_LINE = "give it the ending .json, or write one object a line (jq -c . OLD > NEW)"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _BombError(Exception):
    """A gzip file that grows beyond all measure."""


def read_records(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a JSON Lines file; a line of more bytes than an article may have is a Problem."""
    limit = options.max_article_bytes
    number = records = 0
    file = open_regular_file(source.file, _BUFFER)  # closed with the stream on it
    with _unzipped(file, source.size) if source.path.lower().endswith(".gz") else file as stream:
        try:
            while line := stream.readline(limit + 1):
                number += 1
                if number == 1 and line.startswith(_UTF16):
                    decode(line)  # one Problem of the file, not one of every line
                if len(line) > limit and not line.endswith(b"\n"):
                    raw: bytes | InvalidArticle = size_error("the line", len(line) + _skip_line(stream), limit)
                elif line.isspace():
                    continue
                else:
                    raw = line
                if not records and not isinstance(raw, InvalidArticle) and _is_pretty_printed(raw):
                    what = "the file is not JSON Lines: its first value goes on over several lines"
                    yield Problem(source.path, number, what, _ONE_A_LINE)
                    return
                records += 1
                if records % _TOLD_EVERY == 0:
                    options.progress(file.tell())
                yield from _taken(raw, source, options, number)
        except _BombError:
            what = f"the file grows to more than {_MAX_RATIO} times its size: it looks made to fill memory or disk"
            yield Problem(source.path, number, what, "move it out of the corpus, or unpack it if it is to be read")
            return
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            what = f"the gzip data ends or breaks after line {number}: {error}"
            yield Problem(source.path, number, what, "fetch or compress the file again")
            return
    if not records:
        yield Problem(source.path, 0, "the file is empty", "write articles in it, or delete it")


def _is_pretty_printed(line: bytes) -> bool:
    """Whether a value begins on the first line of a file that does not end there."""
    try:
        text = line.decode("utf-8-sig").rstrip()
        _ANY_DECODER.decode(text)
    except json.JSONDecodeError as error:
        return text[:1] in ("{", "[") and (error.pos >= len(text) or text in ("{", "["))
    except (UnicodeDecodeError, RecursionError):
        return False
    return False


def _taken(line: bytes | InvalidArticle, source: Source, options: ReadOptions, number: int) -> list[Article | Problem]:
    try:
        if isinstance(line, InvalidArticle):
            raise line
        if (values := _texts_in(line)) is not None:
            return _read_values(values, source, options, number)
        return read_record(_parsed(line, number), source, options, number)
    except InvalidArticle as invalid:
        return [Problem(source.path, number, invalid.what, invalid.remedy)]


def _texts_in(line: bytes) -> dict[str, Value | None] | None:
    """The values of a record of nothing but texts and lists of texts, as most are; None for any other line.

    A key that is given twice leaves more quotation marks on the line than these texts have around and in them.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if type(record) is not dict:
        return None
    texts = len(record)
    for key, value in record.items():
        if type(value) is str:
            texts += 1
        elif type(value) is list and _ONLY_TEXTS.issuperset(map(type, value)):
            record[key] = tuple(value)
            texts += len(value)
        elif value is not None:
            return None
    marks = line.count(b'"')
    if marks != 2 * texts:
        marks -= line.replace(rb"\\", b"").count(rb"\"")
    return record if marks == 2 * texts else None


_ONLY_TEXTS = frozenset((str,))


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    if number == 1:
        line = line.removeprefix(codecs.BOM_UTF8)
    try:
        text = line.decode("utf-8")
        record = RECORD_DECODER.decode(text)
    except UnicodeDecodeError:
        decode(line)
        raise
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {error.msg} at character {error.pos + 1}"
        raise InvalidArticle(what, 'write one object a line, as in {"title": …}') from None
    except RecursionError:
        raise InvalidArticle("the JSON is nested too deep", "flatten it") from None
    if not isinstance(record, dict):
        raise InvalidArticle("the line is not a JSON object", 'write one object a line, as in {"title": …}')
    return record


def read_record(record: dict[str, Any], source: Source, options: ReadOptions, line: int) -> list[Article | Problem]:
    """The article in a record of keys and values; raises InvalidArticle where there is none."""
    values = {key: value if type(value) is str else plain_value(value) for key, value in record.items()}
    return _read_values(values, source, options, line)


def _read_values(
    values: dict[str, Value | None], source: Source, options: ReadOptions, line: int
) -> list[Article | Problem]:
    meta = read_metadata(values, options.keys, is_record=True)
    body = render_body(meta)
    join_broken_words(body, options.whole_words)
    return build_article(meta, body, source, line)


def render_body(meta: Metadata) -> RenderedText:
    """The text of a record as its reader sees it: HTML or Markdown where it says so, HTML where it looks like it."""
    if meta.markup == "html" or (not meta.markup and is_html(meta.body)):
        return render_html(meta.body)
    if meta.markup == "markdown":
        from archive.corpus.formats.markdown import render

        found = render(meta.body)
        found.numbers = None
        return found
    return RenderedText.unplaced(meta.body)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InvalidArticle(f"the key {twice[:50]!r} is given twice", "keep one of them")
    return record


def _no_number(text: str) -> NoReturn:
    raise InvalidArticle(f"this is not JSON: {text} is not a number", "write null, or leave the key out")


#: Decodes one record: numbers stay as they are written, and what JSON does not allow is an InvalidArticle.
RECORD_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_number)


_ANY_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def _skip_line(stream: BinaryIO) -> int:
    """Read on to the end of a line in pieces, and return how many bytes that took."""
    size = 0
    while piece := stream.readline(_BUFFER):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return size


def _unzipped(file: BinaryIO, size: int) -> BinaryIO:
    pieces = _pieces_of(file)
    return io.BufferedReader(_Pieces(read_ahead(pieces, _AHEAD) if size >= _WORTH_A_THREAD else pieces, file), _BUFFER)


def _pieces_of(file: BinaryIO) -> Generator[bytes]:
    """What a gzip file holds, in pieces of up to `_BUFFER`: all that can be had before the data break off.

    Raises EOFError, zlib.error or BadGzipFile there, and _BombError where what comes out is out of all proportion to
    what goes in.
    """
    size, data = 0, file.read(_ZIPPED)
    while data:
        if not data.startswith(_MAGIC[: len(data)]):
            raise gzip.BadGzipFile(f"Not a gzipped file ({data[:2]!r})")
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        while not member.eof:
            if not data and not (data := file.read(_ZIPPED)):
                raise EOFError("Compressed file ended before the end-of-stream marker was reached")
            piece = member.decompress(data, _BUFFER)
            data = member.unconsumed_tail
            size += len(piece)
            if size > _ALWAYS_UNZIPPED + _MAX_RATIO * file.tell():
                raise _BombError
            if piece:
                yield piece
        data = member.unused_data
        while not (data := data.lstrip(b"\0")) and (data := file.read(_ZIPPED)):
            pass


class _Pieces(io.RawIOBase):
    """A stream of pieces of bytes that were made from a file, and are closed with it."""

    def __init__(self, pieces: Generator[bytes], file: BinaryIO) -> None:
        self._pieces, self._file = pieces, file
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._left or memoryview(next(self._pieces, b""))
        taken, self._left = left[: len(buffer)], left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        self._pieces.close()
        self._file.close()
        super().close()
