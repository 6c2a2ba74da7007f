"""HTML as saved from the web: trafilatura finds the article among the rest of the page.

What the page declares of itself (title, date, author) is not declared by the people who keep the archive, so it only
fills what they left open, and counts as inferred. The captions of the article's pictures are paragraphs of it.
"""

from __future__ import annotations

import codecs
import logging
import re
from dataclasses import replace
from typing import Any

from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle, clean, decode, read_bounded, size_error
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata
from archive.corpus.metadata import Metadata
from archive.corpus.page_metadata import page_metadata
from archive.corpus.page_pictures import PictureMarks
from archive.corpus.rendered_text import RenderedText, TextBuilder
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.text.analyzer import fold

#: Encodings of the web besides UTF-8, by the names of Python's codecs.
_LEGACY = re.compile(r"cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|shift_jis|euc_\w+|gbk?|gb\d+|big5|iso2022_\w+")
_SILENT = logging.NullHandler()
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)


def read_html(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a web page; raises InvalidArticle or OSError."""
    data = read_bounded(source.file, options.max_article_bytes)
    if not data or data.isspace():
        raise InvalidArticle("the file is empty", "save the page again, or delete it")
    return read_page(data, source, options)


class NoTextError(InvalidArticle):
    """There is no article in a page."""


def read_page(
    data: bytes, source: Source, options: ReadOptions, *, line: int = 1, address: str = "", charset: str = ""
) -> list[Article | Problem]:
    """The article in a page that is in `source`; raises InvalidArticle.

    address, charset   of the page, as far as it is known how it was fetched
    """
    limit = options.max_article_bytes
    page = _decoded(data, charset)
    meta, warnings = declared_metadata(source, options)
    try:
        text, found = _extract(page)
    except (MemoryError, InvalidArticle):
        raise
    except Exception as error:  # noqa: BLE001 (the parsers are foreign, and pages can be anything)
        what = f"the page cannot be parsed: {type(error).__name__}"
        raise InvalidArticle(what, "save its text as .txt") from None
    if not text.lines:
        raise NoTextError("there is no article text in the page", "save its text as .txt")
    if (size := sum(map(len, text.lines))) > limit:
        raise size_error("the text", size, limit)
    found.url = found.url or address
    return build_article(meta, text, source, line, document=found, warnings=warnings)


def _decoded(data: bytes, charset: str = "") -> str:
    """The page as text: UTF-8, or the encoding that it came with, or declares."""
    match = _CHARSET.search(data, 0, 2048)
    charset = charset or (match[1].decode("ascii") if match else "")
    if charset and not data.startswith(codecs.BOM_UTF8):
        try:
            codec = codecs.lookup(charset).name
            if _LEGACY.fullmatch(codec):
                # Browsers take Latin-1 for windows-1252, and so do those who write it.
                return clean(data.decode("cp1252" if codec == "iso8859-1" else codec))
        except (LookupError, UnicodeError):
            pass
    return decode(data)


def _extract(page: str) -> tuple[RenderedText, Metadata]:
    """The text of the article in a page, with its pictures' captions, and what the page declares."""
    import trafilatura
    import trafilatura.settings
    from lxml import etree

    logging.getLogger("trafilatura").addHandler(_SILENT)  # a page without text is our Problem
    tree = trafilatura.load_html(page)
    if tree is None:
        return RenderedText([]), Metadata()
    meta = page_metadata(tree, page)
    etree.strip_tags(tree, "wbr")  # where a word may be broken is no end of one
    marks = PictureMarks(tree)
    config = trafilatura.settings.use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"  # or a short article comes as one paragraph
    document = trafilatura.bare_extraction(tree, include_comments=False, config=config)
    body = None if document is None else document.body
    writer = _PageWriter(marks)
    if body is not None:
        writer.write(body)
    text, credits = writer.finish()
    return text, replace(meta, credits=credits)


#: What trafilatura calls the blocks of an article, and their styles; a heading's is its `rend`.
_STYLES = {"item": "item", "quote": "quote", "row": "row"}


class _PageWriter:
    """Writes the article that was found in a page, and its pictures at their places."""

    def __init__(self, marks: PictureMarks) -> None:
        self._marks = marks
        self._builder = TextBuilder()
        self._text: list[str] = []
        self._blocks: list[tuple[str, str, bool]] = []  # text with its marks, style, whether a paragraph ends there

    def write(self, element: Any, style: str = "") -> None:
        """An element and all that is in it; its tail is its parent's."""
        name = element.tag if isinstance(element.tag, str) else ""
        is_block = name in ("p", "head", "item", "quote", "row", "list", "table", "code", "div", "body")
        if is_block:
            self._end(style, closes=name not in ("item", "row"))
            style = element.get("rend", "") if name == "head" else _STYLES.get(name, style)
        if name == "lb":
            self._end(style, closes=False)
        elif name == "cell" and self._text:
            self._text.append(" | ")
        self._text.append(element.text or "")
        for child in element:
            self.write(child, style)
            self._text.append(child.tail or "")
        if is_block:
            self._end(style, closes=name not in ("item", "row"))

    def _end(self, style: str, *, closes: bool) -> None:
        text = " ".join(clean("".join(self._text)).split())
        self._text.clear()
        if text:
            self._blocks.append((text, style, closes))
        elif closes and self._blocks:
            self._blocks[-1] = (*self._blocks[-1][:2], True)

    def finish(self) -> tuple[RenderedText, tuple[str, ...]]:
        """The text, and the credits of its pictures that are not lines of it."""
        blocks = [(*self._marks.take(text), style, closes) for text, style, closes in self._blocks]
        sides: dict[int, set[str]] = {}
        for _, found, _, _ in blocks:
            for number, side in found:
                sides.setdefault(number, set()).add(side)
        if not any(text for text, *_ in blocks):  # a page of nothing but pictures
            shown = {number for number, picture in enumerate(self._marks.pictures) if picture.is_caption}
        else:
            shown = {number for number, its in sides.items() if self._marks.belongs(number, its)}
        whole = fold(" ".join(" ".join(text.split()) for text, *_ in blocks))
        credits: list[str] = []
        said: set[str] = set()

        def show(number: int) -> None:
            picture = self._marks.pictures[number]
            lines = [line for line in picture.lines if (key := fold(line)) not in whole and key not in said]
            said.update(map(fold, lines))
            self._builder.end_paragraph()
            self._builder.style = "caption"
            for line in lines:
                self._builder.add(line)
                self._builder.end_paragraph()
            self._builder.style = ""
            credits.extend(picture.credits)

        for text, found, style, closes in blocks:
            for number, side in found:
                if side == "b" and number in shown and "a" not in sides[number]:
                    show(number)
            self._builder.style = style
            self._builder.add(text)
            self._builder.end_line()
            if closes:
                self._builder.end_paragraph()
            for number, side in found:
                if side == "a" and number in shown:
                    show(number)
        if not sides:
            for number in sorted(shown):
                show(number)
        return self._builder.finish(placed=False), tuple(dict.fromkeys(credits))
