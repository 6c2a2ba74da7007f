"""PDF: its text by pypdfium2, and what its metadata say where they can be believed."""

from __future__ import annotations

import os
import re
import threading
from typing import Any

from archive.corpus.build_article import build_article
from archive.corpus.decode import MAX_FILE_BYTES, InvalidArticle, clean, collapse_whitespace, size_error
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata
from archive.corpus.metadata import Metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.model.dates import parse_date

#: PDFium's state is global: two threads in it at once crash the process.
_LOCK = threading.Lock()
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)", re.ASCII)
#: The format is of 1993; later than this is a clock that was never set.
_YEARS = range(1993, 2100)
#: What programs put into a title that nobody wrote.
_NO_TITLE = re.compile(
    r"untitled.*|(?:microsoft|powerpoint|word) .* - .*|microsoft word.*|(?:document|slide|layout|print)\s*\d*"
    r"|.*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|rtf|txt|tex|dvi|ps|eps|html?|jpe?g|tiff?)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:admin(?:istrator)?|user|owner|author|unknown|anonymous|scanner|root)\s*\d*|[\W\d_]*", re.IGNORECASE
)
#: Longest title or author that is one.
_MAX_SAID = 300
#: What PDFium makes of a hyphen at the end of a line, and of the line's end.
_HYPHEN = re.compile("[\ufffe\x02]\r?\n?")


def read_pdf(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a PDF; raises InvalidArticle or OSError."""
    size = os.stat(source.file).st_size  # noqa: PTH116 (a path is plain text here)
    if size == 0:
        raise InvalidArticle("the file is empty", "fetch it again, or delete it")
    if size > MAX_FILE_BYTES:
        raise InvalidArticle(f"the file is over {MAX_FILE_BYTES // 1_000_000:,} MB", "split it, or save its text")
    meta, warnings = declared_metadata(source, options)
    with _LOCK:
        text, said = _extract(source.file, options.max_article_bytes)
    text = clean(_HYPHEN.sub("", text))
    if not text or text.isspace():
        what = "there is no text in this PDF: it seems to be a scan"
        raise InvalidArticle(what, "recognise its text first (ocrmypdf), or write it into a .txt file")
    body = RenderedText.unplaced(text)
    return build_article(meta, body, source, 1, document=_believed(said), warnings=warnings)


def _extract(file: str, limit: int) -> tuple[str, dict[str, str]]:
    """All text of the file, pages apart by a blank line, and its metadata."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise InvalidArticle("the PDF is encrypted", "save a copy without its password") from None
        raise InvalidArticle("the PDF is damaged", "fetch it again, or save its text as .txt") from None
    try:
        pages: list[str] = []
        size = 0
        for number in range(len(document)):
            pages.append(_page_text(document, number))
            size += len(pages[-1])
            if size > limit:
                raise size_error("its text", size, limit)
        return "\n\n".join(pages), document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        what = f"page {len(pages) + 1} of the PDF cannot be read: {error}"
        raise InvalidArticle(what, "fetch it again, or save its text as .txt") from None
    finally:
        document.close()


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text: str = text_page.get_text_range()
            return text
        finally:
            text_page.close()
    finally:
        page.close()


def _believed(said: dict[str, str]) -> Metadata:
    """The title, author and date of a PDF's metadata that a person seems to have written."""
    title = collapse_whitespace(said.get("Title", ""))
    author = collapse_whitespace(said.get("Author", ""))
    created = _CREATED.match(said.get("CreationDate", ""))
    date = None
    if created and int(created[1]) in _YEARS:
        try:
            date = parse_date("-".join(created.groups()))
        except ValueError:
            date = None
    return Metadata(
        title="" if len(title) > _MAX_SAID or _NO_TITLE.fullmatch(title) else title,
        date=date,
        authors=() if len(author) > _MAX_SAID or _NO_AUTHOR.fullmatch(author) else (author,),
    )
