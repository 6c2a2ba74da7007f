"""HTML as saved from the web: trafilatura finds the article among the rest of the page.

What the page says of itself (title, date, author) is not declared by the people who keep
the archive, so it only fills what they left open, and counts as inferred.
"""

from __future__ import annotations

import codecs
import logging
import re
from typing import Any

from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle, clean, collapse_whitespace, decode, read_bounded, size_error
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata
from archive.corpus.metadata import Metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.model.dates import parse_date

#: Encodings of the web besides UTF-8, by the names of Python's codecs.
_LEGACY = re.compile(r"cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|shift_jis|euc_\w+|gbk?|gb\d+|big5|iso2022_\w+")
_SILENT = logging.NullHandler()
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)


def read_html(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a web page; raises InvalidArticle or OSError."""
    limit = options.max_article_bytes
    page = _decoded(read_bounded(source.file, limit))
    if not page or page.isspace():
        raise InvalidArticle("the file is empty", "save the page again, or delete it")
    meta, warnings = declared_metadata(source, options)
    try:
        text, found = _extract(page)
    except (MemoryError, InvalidArticle):
        raise
    except Exception as error:  # noqa: BLE001 (the parsers are foreign, and pages can be anything)
        what = f"the page cannot be understood: {type(error).__name__}"
        raise InvalidArticle(what, "save its text as .txt") from None
    if not text:
        raise InvalidArticle("there is no article text in the page", "save its text as .txt")
    if len(text) > limit:
        raise size_error("the text", len(text), limit)
    return build_article(meta, RenderedText.unplaced(text), source, 1, document=found, warnings=warnings)


def _decoded(data: bytes) -> str:
    """The page as text: UTF-8, or the encoding that it declares."""
    match = _CHARSET.search(data, 0, 2048)
    if match and not data.startswith(codecs.BOM_UTF8):
        try:
            codec = codecs.lookup(match[1].decode("ascii")).name
            if _LEGACY.fullmatch(codec):
                # Browsers take Latin-1 for windows-1252, and so do those who write it.
                return clean(data.decode("cp1252" if codec == "iso8859-1" else codec))
        except (LookupError, UnicodeError):
            pass
    return decode(data)


def _extract(page: str) -> tuple[str, Metadata]:
    """The text of the article, paragraphs apart, and what the page says of it."""
    import trafilatura
    import trafilatura.settings

    logging.getLogger("trafilatura").addHandler(_SILENT)  # a page without text is our Problem
    config = trafilatura.settings.use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"  # or a short article comes as one paragraph
    text = trafilatura.extract(page, output_format="txt", include_comments=False, config=config)
    dates = {"extensive_search": False, "original_date": True}  # as declared, not as guessed
    document = trafilatura.extract_metadata(page, date_config=dates)
    paragraphs = re.sub(r"\n+", "\n\n", clean(text or ""))
    return paragraphs, _metadata(document)


def _metadata(document: Any) -> Metadata:
    if document is None:
        return Metadata()
    try:
        date = parse_date(document.date or "")
    except ValueError:
        date = None
    authors = (collapse_whitespace(author) for author in (document.author or "").split(";"))
    return Metadata(
        title=collapse_whitespace(document.title or ""),
        date=date,
        source=collapse_whitespace(document.sitename or ""),
        authors=tuple(dict.fromkeys(author for author in authors if author)),
        url=collapse_whitespace(document.url or ""),
    )
