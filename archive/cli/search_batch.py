"""Many searches in one process: a request a line in, an answer a line out, each before the next line is read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, BinaryIO

from archive import Archive, LimitError, QueryError, SearchRequest, UsageError
from archive.cli.output import Exit, emit
from archive.errors import shortened
from archive.render import json_output
from archive.util.atomic_files import NotARegularFileError, open_regular_file

#: The longest request, in bytes.
_MOST_OF_A_LINE = 1_000_000
_FLAGS = ("all_people", "any_word", "all_words", "expand", "explain")


def answer_batch(archive: Archive, name: str, usual: SearchRequest) -> Exit:
    """Answer every request in a file, or of standard input where that is "-".

    `usual` is what a request asks that does not say otherwise. A request that cannot be answered has an answer that
    says why, and the others are answered all the same.
    """
    found = failed = False
    for number, line in _lines(name):
        record: json_output.Record
        try:
            page = archive.search(_request_of(line, usual))
            record, found = json_output.page_record(page), found or page.total > 0
        except (LimitError, QueryError, UsageError) as error:
            record, failed = {"error": str(error)}, True
        emit(json_output.json_lines([json_output.versioned({"line": number, **record})]))
    return Exit.ERROR if failed else Exit.of(found)


def _lines(name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1 on."""
    with _opened(name) as stream:
        number = 0
        while stream is not None and (line := stream.readline(_MOST_OF_A_LINE + 1)):
            number += 1
            if len(line) > _MOST_OF_A_LINE:
                what = f"line {number} of the batch is over {_MOST_OF_A_LINE // 1_000_000} MB"
                raise UsageError(what, "write one request a line")
            text = line.decode("utf-8-sig", "replace").strip()
            if text:
                yield number, text


def _opened(name: str) -> Any:
    """A file or standard input, as what a `with` block closes if it was opened here."""
    if name == "-":
        stdin: BinaryIO | None = None if sys.stdin is None else sys.stdin.buffer
        return nullcontext(stdin)
    try:
        return open_regular_file(name)
    except NotARegularFileError:
        what = "it is a folder, a pipe or a device; give a regular file, or '-' to read standard input"
        raise UsageError(f"{name} cannot be read: {what}") from None


def _request_of(line: str, usual: SearchRequest) -> SearchRequest:
    """A request: a JSON object with what is asked, as `SearchRequest` calls it; anything else is a query."""
    if not line.startswith("{"):
        return usual.replace(query=line)
    try:
        record: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number too long"
        raise UsageError(f"the request is not JSON: {said}", 'write a query, or an object as in {"query": …}') from None
    for key in _FLAGS:
        if not isinstance(record.get(key, False), bool):
            raise UsageError(f"{key} must be true or false, not {shortened(repr(record[key]))}")
    return usual.replace(**record)
