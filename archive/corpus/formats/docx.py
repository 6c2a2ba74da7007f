"""DOCX: Word documents, by mammoth; as accepted: without what was deleted, with what was inserted."""

from __future__ import annotations

import io
import re
from typing import Any

from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.office_package import build_office, opened, part, properties
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.html_text import render_html
from archive.corpus.scan import Source
from archive.model.article import Article, Problem

_MAIN = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
#: Where mammoth puts a note's number, and the way back from the note.
_NOTE_MARK = re.compile(r'<sup><a [^<>]*href="#[^"<>]*(?:foot|end)note-\d+"[^<>]*>\[\d+\]</a></sup>')
_WAY_BACK = re.compile(r'\s*<a href="#[^"<>]*note-ref-\d+">↑</a>')
_STYLES = (
    "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh\np[style-name='Caption'] => figcaption"
)
#: The most bytes of a document type declaration's place.
_HEAD = 4096


def read_docx(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a Word document; raises InvalidArticle or OSError."""
    import mammoth

    with opened(source, _MAIN) as (package, stream):
        about = properties(part(package, _PROPERTIES))
        for each in package.namelist():  # mammoth's own parser takes entities
            if each.endswith((".xml", ".rels")) and _declares(package.open(each).read(_HEAD)):
                raise InvalidArticle(f"{each} declares a document type, as no Word document does", "save it again")
        stream.seek(0)
        file = io.BytesIO(stream.read())  # mammoth takes the number of a file that has no name for its name
        try:
            found = mammoth.convert_to_html(
                file, style_map=_STYLES, convert_image=mammoth.images.img_element(_no_picture)
            )
        except (MemoryError, InvalidArticle):
            raise
        except RecursionError:
            raise InvalidArticle("the document is nested too deep", "save its text as .txt") from None
        except Exception as error:  # noqa: BLE001 (the parser is foreign, and documents can be anything)
            what = f"the document cannot be understood: {type(error).__name__}"
            raise InvalidArticle(what, "save its text as .txt") from None
    html = _WAY_BACK.sub("", _NOTE_MARK.sub("", found.value))
    return build_office(render_html(html), about, source, options)


def _no_picture(_: Any) -> dict[str, str]:
    """Pictures are their alternative text."""
    return {"src": ""}


def _declares(head: bytes) -> bool:
    return b"<!DOCTYPE" in head.replace(b"\0", b"").upper()
