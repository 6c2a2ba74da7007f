"""MHTML: pages of the web as browsers save them in one file (RFC 2557). Read as the page in it is."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from archive.corpus.decode import InvalidArticle, read_bounded
from archive.corpus.formats.html import read_page
from archive.corpus.formats.mail import header, parse_message
from archive.corpus.formats.registry import ReadOptions, format_named
from archive.corpus.scan import Source
from archive.model.article import Article, Problem

_PAGES = ("text/html", "application/xhtml+xml")
_LOCATION = "Content-Location"


def read_mhtml(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a saved page; raises InvalidArticle or OSError."""
    data = read_bounded(source.file, format_named("mhtml").max_bytes or 0)
    if not data.strip():
        raise InvalidArticle("the file is empty", "save the page again, or delete it")
    message = parse_message(data)
    address = header(message, "Snapshot-Content-Location") or header(message, _LOCATION)
    page = _page(message, address)
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        raise InvalidArticle("the page in the file is empty", "save the page again, or delete it")
    if len(content) > options.max_article_bytes * 10:
        raise InvalidArticle("the page in the file is too large", "save its text as .txt")
    address = address or str(page.get(_LOCATION, ""))
    charset = page.get_content_charset() or ""
    return read_page(content, source, options, address=address, charset=charset)


def _page(message: EmailMessage, address: str) -> Any:
    """The part that is the page itself, rather than a frame or a picture in it."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    if not pages:
        raise InvalidArticle("there is no page in the file", "save the page again")
    start = str(message.get_param("start", ""))
    return next(
        (
            part
            for part in pages
            if (start and part.get("Content-ID") == start) or (address and part.get(_LOCATION) == address)
        ),
        pages[0],
    )
