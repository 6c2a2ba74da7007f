"""WARC: crawls of the web, an article a page that has one, by warcio.

ISO 28500. Records are read one at a time, gzipped or not. They are numbered in the place of lines.
"""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from email.message import Message
from typing import Any

from archive.corpus.decode import InvalidArticle, size_error
from archive.corpus.formats.html import NoTextError, read_page
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

_PAGES = ("text/html", "application/xhtml+xml")
#: What makes up a page beside its text, and is not worth a word.
_FURNITURE = ("image/", "font/", "text/css", "text/javascript", "application/javascript", "application/x-javascript",
              "application/font", "application/x-font")  # fmt: skip
_PIECE = 1 << 16


def read_warc(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a crawl, and at the end a warning of what is none."""
    left_out: Counter[str] = Counter()
    count = articles = 0
    said = io.StringIO()
    with open_regular_file(source.file) as stream:
        records = _records(stream)
        while True:
            try:
                with redirect_stderr(said):  # warcio reports there what it finds odd
                    record = next(records, None)
                    if record is None:
                        break
                    count += 1
                    kind, charset = _content_type(record)
                    found = _page(record, options.max_article_bytes) if kind in _PAGES else None
                    is_whole = _is_whole(record)
            except InvalidArticle as invalid:
                yield Problem(source.path, count, invalid.what, invalid.remedy)
                continue
            except (zlib.error, EOFError, ValueError, KeyError, AttributeError, TypeError) as error:
                what = f"the archive breaks off or is damaged after record {count}: {str(error)[:100]}"
                yield Problem(source.path, count, what, "fetch it again")
                return
            options.progress(stream.tell())
            if not is_whole:
                yield Problem(
                    source.path, count, "the record breaks off", "fetch the file again", taken=found is not None
                )
            if found is None:
                if kind and not kind.startswith(_FURNITURE):
                    left_out[kind] += 1
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            try:
                yield from read_page(found, source, options, line=count, address=address.strip("<>"), charset=charset)
                articles += 1
            except NoTextError:
                left_out["pages without an article"] += 1
            except InvalidArticle as invalid:
                yield Problem(source.path, count, f"{invalid.what} ({address[:100]})", invalid.remedy)
    if not count:
        yield Problem(source.path, 0, "there is no record in the file", "fetch it again, or delete it")
    elif left_out:
        shown = ", ".join(f"{number} {what}" for what, number in left_out.most_common(5))
        yield Problem(source.path, 0, f"what is no article is left out ({shown})", "see what it is", taken=articles > 0)
    if said.getvalue():
        what = "the length of a record is wrong: what follows it may be lost"
        yield Problem(source.path, 0, what, "fetch the file again", taken=True)


def _records(stream: Any) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        yield from ArchiveIterator(stream)
    except ArchiveLoadFailed as error:
        raise ValueError(str(error).split("\n")[0]) from None


def _content_type(record: Any) -> tuple[str, str]:
    """What a page that was fetched is, and its encoding; ("", "") for a record of something else."""
    if record.rec_type == "response":
        if record.http_headers is None:
            return "answers without a page", ""
        status = record.http_headers.get_statuscode()
        said = record.http_headers.get_header("Content-Type", "") if status == "200" else ""
    elif record.rec_type == "resource":
        said = record.content_type or ""
    else:
        said = ""
    if not said:
        return "", ""
    header = Message()
    header["Content-Type"] = said
    return header.get_content_type(), header.get_content_charset("")


def _page(record: Any, limit: int) -> bytes:
    """The bytes of a page; raises InvalidArticle where it is larger than an article may be."""
    stream = record.content_stream()
    found = b""
    while piece := stream.read(_PIECE):
        found += piece
        if len(found) > limit:
            raise size_error("the page", len(found), limit)
    return found


def _is_whole(record: Any) -> bool:
    """Whether a record has as many bytes as it says; reads what is left of it."""
    while record.raw_stream.read(_PIECE):
        pass
    return not getattr(record.raw_stream, "limit", 0) > 0
