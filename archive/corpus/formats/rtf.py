"""RTF: documents of Word, WordPad and TextEdit, by striprtf.

Rich Text Format 1.9.1 (Microsoft).
"""

from __future__ import annotations

import codecs
import re

from archive.corpus.build_article import build_document
from archive.corpus.decode import InvalidArticle, clean, read_bounded
from archive.corpus.document_properties import believed_authors, believed_title
from archive.corpus.formats.registry import ReadOptions, format_named
from archive.corpus.metadata import Metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_INFO = re.compile(r"\{\\(title|author|subject|keywords|doccomm)\s+((?:[^{}\\]|\\[^{}]){1,2000})\}")
#: Digits of pictures, and groups that are not shown: deleted, or hidden.
_PICTURE = re.compile(r"[0-9a-fA-F\s]{512,}+")
_UNSHOWN = re.compile(r"\{[^{}]{0,500}\\(?:deleted|v)(?![a-z0-9])[^{}]*\}")
#: The end of a line within a paragraph.
_LINE = re.compile(r"\\line(?![a-z]) ?")
_NOT_READ = {r"\footnote": "footnotes", r"\annotation": "comments"}


def read_rtf(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in an RTF document; raises InvalidArticle or OSError."""
    data = read_bounded(source.file, format_named("rtf").max_bytes or 0)
    if not data.strip():
        raise InvalidArticle("the file is empty", "fetch it again, or delete it")
    if not data.lstrip().startswith(b"{\\rtf"):
        raise InvalidArticle("this is not RTF: it does not begin with {\\rtf", "give it the ending of what it is")
    page = _code_page(data)
    document = _PICTURE.sub("", data.decode(page, "replace"))
    said = {key: " ".join(_text("{\\rtf1 " + value + "}", page).split()) for key, value in _INFO.findall(document)}
    text = _text(_LINE.sub(r"\\u8232?", _UNSHOWN.sub("", document)), page)
    paragraphs = re.sub(r"\s*\n\s*", "\n\n", clean(text).strip()).replace("\u2028", "\n")
    values = {"subject": said.get("subject"), "keywords": said.get("keywords"), "description": said.get("doccomm")}
    meta = Metadata(title=believed_title(said.get("title", "")), authors=believed_authors(said.get("author", "")))
    found = build_document(values, RenderedText.unplaced(paragraphs), source, options, said=meta)
    if left_out := [name for mark, name in _NOT_READ.items() if mark in document]:
        what = f"the {' and '.join(left_out)} of the document are not read"
        found.append(Problem(source.path, 0, what, "save it as .docx to have footnotes read", taken=True))
    return found


def _code_page(data: bytes) -> str:
    if (match := _CODE_PAGE.search(data, 0, 4096)) is not None:
        try:
            return codecs.lookup(f"cp{match[1].decode()}").name
        except LookupError:
            pass
    return "cp1252"


def _text(document: str, page: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(document, encoding=page, errors="replace")
    except (MemoryError, InvalidArticle):
        raise
    except Exception as error:  # noqa: BLE001 (the parser is foreign, and documents can be anything)
        what = f"the document cannot be understood: {type(error).__name__}"
        raise InvalidArticle(what, "save its text as .txt") from None
    return text
