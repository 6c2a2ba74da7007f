"""JSON of any layout: one article, an array of them, a JSON Feed, the answer of a web service, or values in a row.

The text is read in pieces and each article is forgotten once it is taken, so that memory holds one at a time.
JSON Feed: https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any, BinaryIO

from archive.corpus.decode import InvalidArticle, decode, size_error
from archive.corpus.formats.json_lines import RECORD_DECODER, read_record
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

_PIECE = 1 << 18
#: Keys under which feeds and web services list articles, and keys of objects in which such lists are found.
_LISTS = frozenset("items articles posts entries stories records results documents docs hits data".split())  # noqa: SIM905
_WRAPPERS = frozenset("response data result results feed".split())  # noqa: SIM905
_MAX_WRAPPERS = 3
#: What a feed says of all its items, by the key that says it of one.
_OF_ALL = {"source": "title", "language": "language", "authors": "authors"}
#: Characters before the end of a piece at which an error may only mean that the value goes on.
_NEAR_END = 16
_ANY_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def read_json(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a JSON file."""
    with open_regular_file(source.file) as stream:
        reader = _DocumentReader(_JsonText(stream, options.max_article_bytes), source, options)
        try:
            yield from reader.articles()
        except InvalidArticle as invalid:
            what = f"{invalid.what}; what follows is not read" if reader.count else invalid.what
            yield Problem(source.path, invalid.line or reader.text.line, what, invalid.remedy)
            return
    if not reader.count:
        yield Problem(source.path, 0, "there is no article in the file", "write articles in it, or delete it")


class _JsonText:
    """The JSON values of a stream of bytes, from the first to the last; a value has `limit` bytes at most.

    line   1-based, where the reading stands
    """

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at = "", 0
        self._is_ended = False
        self.line = 1

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            rest = len(self._text)
            at = self._at
            while at < rest and self._text[at] in " \t\r\n":
                at += 1
            self._advance(at)
            if at < rest:
                return self._text[at]
            if self._is_ended:
                return ""
            self._read(_PIECE)

    def take(self, character: str) -> bool:
        """Take the next character if it is this one."""
        if self.peek() != character:
            return False
        self._advance(self._at + 1)
        return True

    def expect(self, character: str) -> None:
        """Take the next character, which must be this one."""
        if not self.take(character):
            found = repr(self.peek()) if self.peek() else "the end of the file"
            raise InvalidArticle(f"this is not JSON: {character!r} is missing before {found}", _REMEDY, self.line)

    def value(self) -> Any:
        """Take the next value; InvalidArticle with line 0 if it is taken, but cannot be used."""
        self.peek()
        while True:
            try:
                value, end = RECORD_DECODER.raw_decode(self._text, self._at)
            except InvalidArticle as invalid:
                end = self._end_of_value(invalid)
                if end < 0:
                    continue
                self._advance(end)
                raise
            except json.JSONDecodeError as error:
                if not self._may_go_on(error):
                    self._advance(max(self._at, min(error.pos, len(self._text))))
                    raise InvalidArticle(f"this is not JSON: {error.msg}", _REMEDY, self.line) from None
            except RecursionError:
                raise InvalidArticle("the JSON is nested too deep", "flatten it", self.line) from None
            else:
                if end < len(self._text) or self._is_ended:
                    self._advance(end)
                    return value
            self._read(max(_PIECE, len(self._text) - self._at))

    def _end_of_value(self, invalid: InvalidArticle) -> int:
        """Where a value ends of which something is invalid; -1 where more of it has now been read."""
        try:
            return _ANY_DECODER.raw_decode(self._text, self._at)[1]
        except json.JSONDecodeError as error:
            if self._may_go_on(error):
                self._read(max(_PIECE, len(self._text) - self._at))
                return -1
        except RecursionError:
            pass
        invalid.line = self.line
        raise invalid

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        is_near = error.pos >= len(self._text) - _NEAR_END or error.msg.startswith("Unterminated string")
        return is_near and not self._is_ended

    def _advance(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _read(self, size: int) -> None:
        kept = len(self._text) - self._at
        if kept > self._limit:
            invalid = size_error("the value", kept, self._limit)
            invalid.line = self.line
            raise invalid
        data = self._stream.read(size)
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and self._stream.tell() == len(data):
            decode(data)  # says so
        self._is_ended = not data
        line = self.line + self._text.count("\n", self._at)
        try:
            text = self._decoder.decode(data, self._is_ended)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            what = f"the byte 0x{error.object[error.start]:02X} is not UTF-8"
            remedy = "convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
            raise InvalidArticle(what, remedy, line) from None
        self._text, self._at = self._text[self._at :] + text, 0


_REMEDY = "correct it, or fetch the file again"


class _DocumentReader:
    """Takes the articles of one file."""

    def __init__(self, text: _JsonText, source: Source, options: ReadOptions) -> None:
        self.text, self._source, self._options = text, source, options
        self.count = 0

    def articles(self) -> Iterator[Article | Problem]:
        """Everything in the file; raises InvalidArticle where the rest of it cannot be read."""
        while first := self.text.peek():
            line = self.text.line
            if first == "[":
                yield from self._list({})
            elif first == "{":
                fields = yield from self._object({}, 0)
                if fields is not None:
                    yield from self._article(fields, line)
            else:
                what = "this is not JSON of articles: neither an object nor an array begins here"
                raise InvalidArticle(what, 'write {"title": …} or [{"title": …}]', line)

    def _object(
        self, outer: Mapping[str, Any], depth: int
    ) -> Generator[Article | Problem, None, dict[str, Any] | None]:
        """The articles listed in an object; where none are, it is one itself, and returned."""
        fields: dict[str, Any] = {}
        listed = False
        self.text.expect("{")
        while not self.text.take("}"):
            if fields or listed:
                self.text.expect(",")
            if self.text.peek() != '"':
                raise InvalidArticle("this is not JSON: a key is missing", _REMEDY, self.text.line)
            key = self.text.value()
            self.text.expect(":")
            begins = self.text.peek()
            if begins == "[" and key in _LISTS and not self._has_text(fields):
                of_all = {**outer, **fields}
                listed = (yield from self._list(of_all, fields, key)) or listed
            elif begins == "{" and key in _WRAPPERS and depth < _MAX_WRAPPERS and not self._has_text(fields):
                inner = yield from self._object({**outer, **fields}, depth + 1)
                listed = listed or inner is None
                fields[key] = inner
            elif key in fields:
                raise InvalidArticle(f"the key {key[:50]!r} is given twice", "keep one of them", self.text.line)
            else:
                fields[key] = self._value(key)
                if listed and (key in _OF_ALL.values() or self._has_text({key: ""})):
                    what = f"{key!r} stands behind the articles, and is not read"
                    yield Problem(self._source.path, self.text.line, what, "write it above them", taken=True)
        return None if listed else fields

    def _value(self, key: str) -> Any:
        """A value among others; one that is invalid ends the reading, as it is part of what is around it."""
        try:
            return self.text.value()
        except InvalidArticle as invalid:
            invalid.line = invalid.line or self.text.line
            raise

    def _has_text(self, fields: Mapping[str, Any]) -> bool:
        return any(self._options.keys.meaning(key)[0] == "body" and key != "data" for key in fields)

    def _list(
        self, of_all: Mapping[str, Any], fields: dict[str, Any] | None = None, key: str = ""
    ) -> Generator[Article | Problem, None, bool]:
        """The articles of an array, and True; a list of something else in `fields` is a value there."""
        self.text.expect("[")
        if fields is not None and self.text.peek() != "{":
            values: list[Any] = []
            while not self.text.take("]"):
                if values:
                    self.text.expect(",")
                values.append(self._value(key))
            fields[key] = values
            return False
        first = True
        while not self.text.take("]"):
            if not first:
                self.text.expect(",")
            first = False
            self.text.peek()
            line = self.text.line
            try:
                item = self.text.value()
            except InvalidArticle as invalid:
                if invalid.line:
                    raise
                self.count += 1
                yield Problem(self._source.path, line, invalid.what, invalid.remedy)
                continue
            yield from self._article(item, line, of_all)
        return True

    def _article(self, item: Any, line: int, of_all: Mapping[str, Any] | None = None) -> Iterator[Article | Problem]:
        self.count += 1
        if not isinstance(item, dict):
            what = f"this is no object, but {json.dumps(item)[:40]}"
            yield Problem(self._source.path, line, what, 'write {"title": …}')
            return
        try:
            yield from read_record(_completed(item, of_all or {}), self._source, self._options, line)
        except InvalidArticle as invalid:
            yield Problem(self._source.path, line, invalid.what, invalid.remedy)


def _completed(item: dict[str, Any], of_all: Mapping[str, Any]) -> dict[str, Any]:
    """An item with what its feed says of all; an address is no id, but the item's address where it has no other."""
    found = {ours: value for ours, theirs in _OF_ALL.items() if (value := of_all.get(theirs)) and not item.get(ours)}
    if found.get("authors") and item.get("author"):
        del found["authors"]
    if isinstance(id_ := item.get("id"), str) and "://" in id_:
        item = {**item, "guid": id_, "url": item.get("url") or id_}
        del item["id"]
    return {**item, **found}
