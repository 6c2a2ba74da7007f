"""HTML as saved from the web: trafilatura finds the article among the rest of the page.

What the page says of itself (title, date, author) is not declared by the people who keep
the archive, so it only fills what they left open, and counts as inferred.
"""

from __future__ import annotations

import codecs
import logging
import re
from functools import cache
from typing import Any

from archive.corpus.build_article import assemble
from archive.corpus.decode import Refusal, clean, decode, one_line, read_bounded, too_large
from archive.corpus.front_matter import declared, sidecar
from archive.corpus.metadata import Metadata
from archive.corpus.scan import Source
from archive.errors import MissingExtraError
from archive.model.article import Article
from archive.model.dates import parse_date

#: Encodings of the web besides UTF-8, by the names of Python's codecs.
_LEGACY = re.compile(r"cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|shift_jis|euc_\w+|gbk?|gb\d+|big5|iso2022_\w+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)


def read_html(source: Source, limit: int) -> Article:
    """The article in a web page of at most `limit` bytes; raises Refusal or OSError."""
    page = _decoded(read_bounded(source.file, limit))
    if not page or page.isspace():
        raise Refusal("the file is empty", "save the page again, or delete it")
    meta = declared(sidecar(source))
    try:
        text, found = _extract(page)
    except (MemoryError, Refusal):
        raise
    except Exception as error:  # noqa: BLE001 (the parsers are foreign, and pages can be anything)
        what = f"the page cannot be understood: {type(error).__name__}"
        raise Refusal(what, "save its text as .txt") from None
    if not text:
        raise Refusal("there is no article text in the page", "save its text as .txt")
    if len(text) > limit:
        raise too_large("the text", len(text), limit)
    return assemble(meta, text, source.path, 1, stem=source.stem, found=found, counted=False)


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
    trafilatura = _trafilatura()
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
    authors = (one_line(author) for author in (document.author or "").split(";"))
    return Metadata(
        title=one_line(document.title or ""),
        date=date,
        source=one_line(document.sitename or ""),
        authors=tuple(dict.fromkeys(author for author in authors if author)),
        url=one_line(document.url or ""),
    )


def _trafilatura() -> Any:
    if reason := _missing():
        raise Refusal(reason, "then index again")
    import trafilatura

    return trafilatura


@cache
def _missing() -> str:
    """Why trafilatura cannot be used, or "": asked once, as a failing import takes long."""
    try:
        import trafilatura.settings  # noqa: F401 (only to see whether it is there)
    except ImportError as error:
        detail = "" if isinstance(error, ModuleNotFoundError) else f" ({str(error).splitlines()[0]})"
        return f"{MissingExtraError('reading HTML', 'html')}{detail}"
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # a page without text is our Problem
    return ""
