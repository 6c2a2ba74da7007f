"""The zip files that DOCX and ODT documents are: opened with care, and what a program wrote about them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element

from archive.corpus.build_article import build_document
from archive.corpus.decode import InvalidArticle
from archive.corpus.document_properties import believed_authors, believed_title
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.metadata import Metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.corpus.xml_text import parse_xml, plain_text, within
from archive.model.article import Article, Problem, Value
from archive.util.atomic_files import open_regular_file

#: Unzipped bytes of XML that any file may have, and beyond them so many for a byte of the file.
_ALWAYS_UNZIPPED, _MAX_RATIO = 50_000_000, 100
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE = "save its text as .txt, or export it again"


@contextmanager
def opened(source: Source, main: str) -> Iterator[tuple[zipfile.ZipFile, BinaryIO]]:
    """The package with a part that it must have, and its file; raises InvalidArticle for what is none."""
    with open_regular_file(source.file) as stream:
        start = stream.read(4)
        if not start:
            raise InvalidArticle("the file is empty", "fetch it again, or delete it")
        if start == _OLE:
            what = "the document has a password, or is of an older format with the ending of a newer one"
            raise InvalidArticle(what, "save it again, without a password")
        try:
            with zipfile.ZipFile(stream) as package:
                _check(package, main, source.size)
                yield package, stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
            raise InvalidArticle(f"the document is damaged: {error}", _SAVE) from None
        except RuntimeError as error:  # a password, says zipfile
            raise InvalidArticle(f"the document cannot be opened: {error}", "save it without a password") from None


def _check(package: zipfile.ZipFile, main: str, size: int) -> None:
    parts = package.infolist()
    if main not in {part.filename for part in parts}:
        raise InvalidArticle(f"this is no such document: there is no {main} in it", _SAVE)
    unzipped = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    if unzipped > _ALWAYS_UNZIPPED + _MAX_RATIO * size:
        what = f"the document grows to {unzipped // 1_000_000:,} MB: it is made to fill memory or disk"
        raise InvalidArticle(what, "move it out of the corpus")


def part(package: zipfile.ZipFile, name: str) -> Element | None:
    """A part of the package as XML, None if it has none of that name; raises InvalidArticle."""
    try:
        with package.open(name) as stream:
            return parse_xml(stream)  # type: ignore[arg-type]  # all that is needed of a file
    except KeyError:
        return None


def properties(root: Element | None) -> tuple[Metadata, dict[str, Value | None]]:
    """What a person seems to have written into the properties of a document, and what else they say of it.

    When the file was created or changed, and by which program, says nothing of the article.
    """

    def said(*names: str) -> list[str]:
        return [text for each in within(root, *names) if (text := plain_text(each))]

    title, author = (next(iter(said(*names)), "") for names in (("title",), ("initial-creator", "creator")))
    values: dict[str, Value | None] = {
        "subject": "; ".join(said("subject")),
        "description": "; ".join(said("description")),
        "keywords": "; ".join(said("keywords", "keyword")).replace(", ", "; "),
        "language": "; ".join(said("language")[:1]),
    }
    return Metadata(title=believed_title(title), authors=believed_authors(author)), values


def build_office(
    text: RenderedText, about: tuple[Metadata, dict[str, Value | None]], source: Source, options: ReadOptions
) -> list[Article | Problem]:
    """The article of a document; a heading that opens its text is a better title than its properties have."""
    said, values = about
    if text.styles and text.styles[0][:1] == "h":
        said.title = ""
    return build_document(values, text, source, options, said=said)
