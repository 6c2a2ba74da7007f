"""CSV and TSV: an article a row, with the names of the keys in the first one.

RFC 4180, and what programs write in its place: semicolons, tabs or bars between cells, a byte order mark. What
`archive export` and `archive search` write comes back as the articles that it was written from, without their texts.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from archive.corpus.decode import InvalidArticle, decode, size_error
from archive.corpus.formats.json_lines import read_record
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.model.metadata_fields import METADATA
from archive.util.atomic_files import open_regular_file

_BUFFER = 1 << 18
_TOLD_EVERY = 256
_DELIMITERS = ",;\t|"
#: Columns of which a table must have one to be a table of articles.
_TELLING = ("title", "body", "people", "url")
#: Keys whose cells may hold several names.
_LISTS = ("people", "venues", *(each.key for each in METADATA if each.many and not each.apart))
_LONGEST_LIST = 10_000
#: Columns that every table of ours has, and those of them that say nothing of the article itself.
_OURS = frozenset(("id", "title", "date", "year", "people", "venues", "path"))
_DERIVED = frozenset(("year", "path", "score", "snippet"))
#: A line behind the last, which no file has: it is part of a cell that is never closed.
_END = "\0"
#: What a spreadsheet would take for a formula has an apostrophe before it.
_ESCAPED_FORMULA = re.compile(r"'(?=[=+\-@\t\r])")


def read_table(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a table, a row each."""
    with open_regular_file(source.file, _BUFFER) as stream:
        table = _TableReader(stream, source, options)
        try:
            yield from table.articles()
        except InvalidArticle as invalid:
            what = f"{invalid.what}; what follows is not read" if table.rows else invalid.what
            yield Problem(source.path, invalid.line or table.line, what, invalid.remedy)


class _TableReader:
    """Reads one table.

    rows   how many have been read
    line   1-based, on which the present one begins
    """

    def __init__(self, stream: BinaryIO, source: Source, options: ReadOptions) -> None:
        self._stream, self._source, self._options = stream, source, options
        self._read_lines = 0
        self.rows = 0
        self.line = 1

    def articles(self) -> Iterator[Article | Problem]:
        """Everything in the table; raises InvalidArticle where the rest of it cannot be read."""
        lines = self._lines()
        first = next((line for line in lines if line.strip()), "")
        delimiter = "\t" if self._source.path.lower().endswith((".tsv", ".tab")) else ""
        if stated := re.fullmatch(r"sep=(.)\s*", first):
            delimiter, first = stated[1], next(lines, "")
        if not first:
            raise InvalidArticle("the file is empty", "write articles in it, or delete it", 1)
        csv.field_size_limit(max(self._options.max_article_bytes, 131_072))
        delimiter = delimiter or _delimiter(first)
        # Our own tables with tabs quote nothing, since no cell has a tab in it.
        is_bare = delimiter == "\t" and _OURS.issubset(first.rstrip().split("\t"))
        lines = _chain(first, lines)
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE if is_bare else csv.QUOTE_MINIMAL)
        columns: list[str] = []
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                raise InvalidArticle(*_explained(error), line=self.line) from None
            if row is None or row == [_END]:
                return
            if row and row[-1].endswith(_END):
                what, remedy = "a quotation mark that opens a cell is never closed", "close it, or remove it"
                raise InvalidArticle(what, remedy, self.line)
            if not columns:
                columns = self._columns(row)
                ours = columns if _OURS.issubset(columns) else []
            elif any(row):
                self.rows += 1
                if self.rows % _TOLD_EVERY == 0:
                    self._options.progress(self._stream.tell())
                yield from self._article(_ours(columns, row) if ours else self._record(columns, row), columns, row)
            self.line = self._read_lines + 1

    def _lines(self) -> Iterator[str]:
        limit = self._options.max_article_bytes
        while line := self._stream.readline(limit + 1):
            if len(line) > limit:
                raise size_error("the line", len(line), limit)
            self._read_lines += 1
            try:
                yield decode(line)
            except InvalidArticle as invalid:
                invalid.line = self._read_lines
                raise

    def _columns(self, row: Sequence[str]) -> list[str]:
        """The names of the columns; raises InvalidArticle where none of them means anything."""
        names = [cell.strip() or f"column_{number}" for number, cell in enumerate(row, 1)]
        if not any(self._options.keys.meaning(name)[0] in _TELLING for name in names):
            shown = ", ".join(names)
            what = f"the first row names no column that is a title or text ({shown[:100]})"
            remedy = "name the columns there, or say in archive.yaml what they are, as in `keys: {body: message}`"
            raise InvalidArticle(what, remedy, self.line)
        return names

    def _record(self, columns: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
        """A row as keys and values; cells without a name are kept by their number, and a name may come again."""
        record: dict[str, Any] = {}
        for number, cell in enumerate(row):
            name = columns[number] if number < len(columns) else f"column_{number + 1}"
            if not cell or cell.isspace():
                continue
            value = _list_in(cell) if self._options.keys.meaning(name)[0] in _LISTS else cell
            before = record.get(name)
            record[name] = value if before is None else [*_several(before), *_several(value)]
        return record

    def _article(
        self, record: Mapping[str, Any], columns: Sequence[str], row: Sequence[str]
    ) -> Iterator[Article | Problem]:
        path, line = self._source.path, self.line
        try:
            found = read_record(dict(record), self._source, self._options, line)
        except InvalidArticle as invalid:
            yield Problem(path, line, invalid.what, invalid.remedy)
            return
        yield from found
        if len(row) > len(columns):
            what = f"the row has {len(row)} cells where the first row names {len(columns)} columns"
            yield Problem(path, line, what, "write cells that have the delimiter in them in quotes", taken=True)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
    yield _END


def _delimiter(header: str) -> str:
    """What parts the cells of a header: the mark that is most frequent outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


def _ours(columns: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row that we wrote: apostrophes before formulas undone, and what can be told of the rest left out."""
    cells = zip(columns, row, strict=False)
    return {name: _ESCAPED_FORMULA.sub("", cell, 1) for name, cell in cells if cell and name not in _DERIVED}


def _several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _list_in(cell: str) -> str | list[str]:
    """The names in a cell that is a list of JSON or Python, or has semicolons or bars between them."""
    text = cell.strip()
    if text[0] == "[" and text[-1] == "]" and len(text) <= _LONGEST_LIST:
        for parse in (json.loads, ast.literal_eval):
            try:
                values = parse(text)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(values, list) and all(isinstance(value, str) for value in values):
                return values
    mark = ";" if ";" in text else "|"
    return text.split(mark) if mark in text else cell


def _explained(error: csv.Error) -> tuple[str, str]:
    said = str(error)
    if "field larger than" in said:
        return "a cell is larger than an article may be", "close the quotation mark that opens it"
    if "new-line character" in said:
        return "a line ends in the middle of a cell", "save the file with line ends of Unix or Windows"
    return f"the row cannot be read: {said}", "correct its quotation marks"
