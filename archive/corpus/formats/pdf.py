"""PDF: its text by pypdfium2 in the order of reading, and what its metadata say where they can be believed.

The date at which a file was created is never the article's: scans and exports are made years later.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from archive.corpus.build_article import build_article, title_from_name
from archive.corpus.decode import MAX_FILE_BYTES, InvalidArticle, clean, collapse_whitespace, size_error
from archive.corpus.document_properties import believed_authors, is_no_title
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.page_layout import PageWord, Paragraph, paragraphs_of
from archive.corpus.rendered_text import RenderedText, TextBuilder
from archive.corpus.scan import Source
from archive.corpus.written_dates import split_name_date
from archive.model.article import Article, Problem

#: PDFium's state is global: two threads in it at once crash the process.
_LOCK = threading.Lock()
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
#: What a letterhead has and a title has not.
_LETTERHEAD = re.compile(
    r"@|www\.|https?:|\b(?:tel|phone|fax|po box)\b|\d{4,}[ -]\d{3,}"
    r"|\b(?:ltd|llc|inc|gmbh|plc|corp|& (?:sons|co))\b\.?\Z",
    re.IGNORECASE,
)
#: Words in the names of files that say nothing of what is in them.
_UNTELLING = re.compile(r"(?:scan|img|image|doc|document|file|page|copy|untitled|new|of|pdf|print|final|draft)+", re.I)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
#: What PDFium makes of a hyphen at the end of a line.
_HYPHENS = "\ufffe\x02"
#: A space within a line is so many of its heights wide; a letter so far above or below is on another line.
_SPACE, _OTHER_LINE = 0.2, 0.5
_RECOGNISE = "recognise its text first (ocrmypdf), or write it into a .txt file"


class _Document(NamedTuple):
    """The words of a PDF's pages, its Info dictionary, and the numbers of the pages that show something but no text."""

    pages: list[list[PageWord]]
    info: dict[str, str]
    scanned: list[int]


def read_pdf(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a PDF; raises InvalidArticle or OSError."""
    size = os.stat(source.file).st_size  # noqa: PTH116 (a path is plain text here)
    if size == 0:
        raise InvalidArticle("the file is empty", "fetch it again, or delete it")
    if size > MAX_FILE_BYTES:
        raise InvalidArticle(f"the file is over {MAX_FILE_BYTES // 1_000_000:,} MB", "split it, or save its text")
    meta, warnings = declared_metadata(source, options)
    with _LOCK:
        document = _extract(source.file, options.max_article_bytes)
    paragraphs = paragraphs_of(document.pages)
    if not paragraphs:
        raise InvalidArticle("there is no text in this PDF: it seems to be a scan", _RECOGNISE)
    if document.scanned:
        warnings = [*warnings, _scanned_pages(source, document.scanned)]
    name = split_name_date(source.stem)[1]
    said = _believed(document.info, paragraphs, name)
    is_named = _is_telling(name)
    return build_article(meta, _rendered(paragraphs), source, 1, document=said, warnings=warnings, is_named=is_named)


def _scanned_pages(source: Source, numbers: Sequence[int]) -> Problem:
    shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    what = f"there is no text on page{'s' if len(numbers) > 1 else ''} {shown} of this PDF: they seem to be scans"
    return Problem(source.path, 0, what, _RECOGNISE, taken=True)


def _rendered(paragraphs: Sequence[Paragraph]) -> RenderedText:
    builder = TextBuilder()
    for paragraph in paragraphs:
        builder.style = f"h{paragraph.level}" if paragraph.level else ""
        for line in clean(paragraph.text.replace(" \n", "\n")).split("\n"):
            builder.add(line)
            builder.end_line()
        builder.end_paragraph()
    return builder.finish(placed=False)


# -- words -----------------------------------------------------------------------------


def _extract(file: str, limit: int) -> _Document:
    """All words of the file with their places."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise InvalidArticle("the PDF is encrypted", "save a copy without its password") from None
        raise InvalidArticle("the PDF is damaged", "fetch it again, or save its text as .txt") from None
    try:
        found = _Document([], document.get_metadata_dict(), [])
        size = 0
        for number in range(len(document)):
            words, is_blank = _page_words(document, number)
            found.pages.append(words)
            if not words and not is_blank:
                found.scanned.append(number + 1)
            size += sum(len(word.text) + 1 for word in words)
            if size > limit:
                raise size_error("its text", size, limit)
    except pypdfium2.PdfiumError as error:
        what = f"page {len(found.pages) + 1} of the PDF cannot be read: {error}"
        raise InvalidArticle(what, "fetch it again, or save its text as .txt") from None
    finally:
        document.close()
    return found


def _page_words(document: Any, number: int) -> tuple[list[PageWord], bool]:
    """The words of a page as it is shown, and whether nothing at all is on it."""
    import pypdfium2.raw

    page = document[number]
    try:
        is_blank = pypdfium2.raw.FPDFPage_CountObjects(page) == 0
        text_page = page.get_textpage()
        try:
            return list(_words(_characters(text_page, page.get_rotation()))), is_blank
        finally:
            text_page.close()
    finally:
        page.close()


def _characters(text_page: Any, rotation: int) -> Iterator[PageWord]:
    """The characters of a page with the boxes around them, in the order in which they are drawn."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    get_character, get_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    handle = text_page.raw
    for at in range(pdfium.FPDFText_CountChars(handle)):
        character = chr(get_character(handle, at))
        if character.isspace() or not get_box(handle, at, box):
            yield PageWord(" ", 0, 0, 0, 0)
            continue
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if rotation == 0:
            yield PageWord(character, left, right, -top, -bottom)
        elif rotation == 90:
            yield PageWord(character, bottom, top, left, right)
        elif rotation == 180:
            yield PageWord(character, -right, -left, bottom, top)
        else:
            yield PageWord(character, -top, -bottom, -right, -left)


def _words(characters: Iterator[PageWord]) -> Iterator[PageWord]:
    """The words that characters make: up to a space, or to where the next one stands apart."""
    text, left, right, top, bottom = "", 0.0, 0.0, 0.0, 0.0
    for each in characters:
        if text:
            size = max(bottom - top, 0.1)
            apart = each.left - right > _SPACE * size or each.left < left - _SPACE * size
            if each.text == " " or apart or abs(each.bottom - bottom) > _OTHER_LINE * size:
                yield _word(text, left, right, top, bottom)
                text = ""
        if each.text == " ":
            continue
        if not text:
            text, left, right, top, bottom = each
        else:
            text += each.text
            right, top, bottom = max(right, each.right), min(top, each.top), max(bottom, each.bottom)
    if text:
        yield _word(text, left, right, top, bottom)


def _word(text: str, left: float, right: float, top: float, bottom: float) -> PageWord:
    for mark in _HYPHENS:
        text = text.replace(mark, "-")
    return PageWord(text.translate(_LIGATURES).replace("\0", ""), left, right, top, bottom)


# -- what the document says of itself --------------------------------------------------


def _is_telling(name: str) -> bool:
    """Whether the name of a file says what is in it."""
    words = re.findall(r"[^\W\d_]{2,}", name)
    return len([word for word in words if not _UNTELLING.fullmatch(word)]) > 1


def _believed(info: dict[str, str], paragraphs: Sequence[Paragraph], name: str) -> Metadata:
    """The title, authors and keywords of a PDF that a person seems to have written."""
    title = collapse_whitespace(info.get("Title", ""))
    if is_no_title(title) or (" " not in title and _is_telling(name)):
        title = _heading(paragraphs, is_named=_is_telling(name)) or (title_from_name(name) if _is_telling(name) else "")
    return Metadata(
        title=title,
        authors=believed_authors(info.get("Author", "")),
        tags=read_metadata({"keywords": clean(info.get("Keywords", ""))}).tags,
    )


def _heading(paragraphs: Sequence[Paragraph], *, is_named: bool) -> str:
    """The largest heading of the first page that can be a title, "" if there is none.

    Capitals throughout are how the names of papers and firms are set: a file's name that says something is better.
    """
    lines = [each.text.casefold() for each in paragraphs]
    headings = [each for each in paragraphs if each.level and each.page == paragraphs[0].page]
    for each in sorted(headings, key=lambda heading: -heading.size):
        text = collapse_whitespace(each.text)
        is_useless = " " not in text or is_no_title(text) or _LETTERHEAD.search(text)
        is_masthead = (is_named and text.isupper()) or lines.count(each.text.casefold()) > 1
        if not is_useless and not is_masthead:
            return text
    return ""
