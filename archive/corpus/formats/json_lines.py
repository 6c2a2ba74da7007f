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
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NoReturn

from archive.config.yaml_loader import MAX_DEPTH
from archive.corpus.build_article import assemble
from archive.corpus.decode import Refusal, clean, decode, too_large
from archive.corpus.metadata import key_name, metadata
from archive.corpus.scan import Source
from archive.model.article import Article, Problem, Value
from archive.util.atomic_files import open_ordinary

_BUFFER = 1 << 18
#: Records between two reports of how far the reading has come.
_TOLD_EVERY = 256
#: Unzipped bytes that any file may have, and beyond them so many for a byte of the file; articles have 3 to 10.
_ALWAYS_UNZIPPED, _MAX_RATIO = 50_000_000, 100
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: The keys that may hold the text, best first; those not needed are kept as extra ones.
_BODY_KEYS = ("body", "text", "content")


class _BombError(Exception):
    """A gzip file that grows beyond all measure."""


def read_records(source: Source, limit: int, at: Callable[[int], None]) -> Iterator[Article | Problem]:
    """The articles of a JSON Lines file; a line of more than `limit` bytes is a Problem.

    `at` is told now and then how many bytes of the file have been read.
    """
    number = records = 0
    file = open_ordinary(source.file, _BUFFER)  # closed with the stream on it
    with _unzipped(file) if source.kind == "jsonl.gz" else file as stream:
        try:
            while line := stream.readline(limit + 1):
                number += 1
                if number == 1 and line.startswith(_UTF16):
                    decode(line)  # one Problem of the file, not one of every line
                if len(line) > limit and not line.endswith(b"\n"):
                    raw: bytes | Refusal = too_large("the line", len(line) + _skip_line(stream), limit)
                elif line.isspace():
                    continue
                else:
                    raw = line
                records += 1
                if records % _TOLD_EVERY == 0:
                    at(file.tell())
                yield _taken(raw, source.path, number)
        except _BombError:
            what = f"the file grows to more than {_MAX_RATIO} times its size: it is made to fill memory or disk"
            yield Problem(source.path, number, what, "move it out of the corpus, or unpack it if it is to be read")
            return
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            what = f"the gzip data ends or breaks after line {number}: {error}"
            yield Problem(source.path, number, what, "fetch or compress the file again")
            return
    if not records:
        yield Problem(source.path, 0, "the file is empty", "write articles in it, or delete it")


def _taken(line: bytes | Refusal, path: str, number: int) -> Article | Problem:
    try:
        if isinstance(line, Refusal):
            raise line
        return _article(line, path, number)
    except Refusal as refusal:
        return Problem(path, number, refusal.what, refusal.remedy)


def _article(line: bytes, path: str, number: int) -> Article:
    if number == 1:
        line = line.removeprefix(codecs.BOM_UTF8)
    try:
        text = line.decode("utf-8")
        record = _DECODER.decode(text)
    except UnicodeDecodeError:
        decode(line)
        raise
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {error.msg} at character {error.pos + 1}"
        raise Refusal(what, "write one object a line, as in {\"title\": …}") from None
    except RecursionError:
        raise Refusal("the JSON is nested too deep", "make it flatter") from None
    if not isinstance(record, dict):
        raise Refusal("the line is not a JSON object", "write one object a line, as in {\"title\": …}")
    body = _take_body(record)
    values = {key: value if type(value) is str else _plain(value, 1) for key, value in record.items()}
    return assemble(metadata(values), body, path, number, counted=False)


def _take_body(record: dict[str, Any]) -> str:
    """Remove the text from `record` and return it, clean."""
    key = _BODY_KEYS[0]
    if record.get(key) is None:  # it is called otherwise, or written in another way
        names = {key_name(key): key for key, value in record.items() if value is not None}
        found = next((names[name] for name in _BODY_KEYS if name in names), None)
        if found is None:
            return ""
        key = found
    body = record.pop(key)
    if not isinstance(body, str):
        raise Refusal(f"{key} must be text", "write it as one JSON string")
    return clean(body)


def _plain(value: Any, depth: int) -> Value | None:
    """A JSON value with text for every scalar (the decoder leaves numbers as they were written)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if depth > MAX_DEPTH:
        raise Refusal(f"the JSON is nested more than {MAX_DEPTH} deep", "make it flatter")
    if isinstance(value, list):
        items = [item if type(item) is str else _plain(item, depth + 1) for item in value]
        return tuple([item for item in items if item is not None])
    if isinstance(value, dict):
        pairs = ((key, _plain(item, depth + 1)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not None}
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise Refusal(f"the key {twice[:50]!r} is given twice", "keep one of them")
    return record


def _no_number(text: str) -> NoReturn:
    raise Refusal(f"this is not JSON: {text} is not a number", "write null, or leave the key out")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_number
)


def _skip_line(stream: BinaryIO) -> int:
    """Read on to the end of a line in pieces, and return how many bytes that took."""
    size = 0
    while piece := stream.readline(_BUFFER):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return size


def _unzipped(file: BinaryIO) -> BinaryIO:
    return io.BufferedReader(_Unzipped(file), _BUFFER)


class _Unzipped(io.RawIOBase):
    """A gzip stream that hands over all that can be had before the data break off.

    `GzipFile.readinto` waits for a full buffer, and loses it to the error that comes instead.
    Raises _BombError where what comes out is out of all proportion to what goes in.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._gzip = gzip.GzipFile(fileobj=stream)
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._gzip.read1(len(buffer))
        self._size += len(data)
        if self._size > _ALWAYS_UNZIPPED + _MAX_RATIO * self._stream.tell():
            raise _BombError
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._gzip.close()
        self._stream.close()
        super().close()
