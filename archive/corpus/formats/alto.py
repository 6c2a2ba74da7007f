"""ALTO: the text that was recognised on a scanned page, block by block.

Analyzed Layout and Text Object (https://www.loc.gov/standards/alto/), versions 1 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.corpus.build_article import build_document
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.rendered_text import RenderedText, TextBuilder
from archive.corpus.scan import Source
from archive.corpus.xml_text import XmlDocument, first, local, plain_text, within
from archive.model.article import Article, Problem, Value


def read_alto(document: XmlDocument, source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The article that a page is; when it was scanned says nothing of it."""
    root = document.whole()
    values: dict[str, Value | None] = {
        "image": plain_text(first(root, "Description", "sourceImageInformation", "fileName")),
        "tags": tuple(_labels(root, "StructureTag", "LayoutTag")),
        "named_entities": tuple(_labels(root, "NamedEntityTag")),
    }
    yield from build_document(values, _text(root), source, options, is_named=True)


def _labels(root: Element, *names: str) -> dict[str, None]:
    found = (each.get("LABEL", "") for each in within(first(root, "Tags"), *names))
    return dict.fromkeys(label for label in found if label)


def _text(root: Element) -> RenderedText:
    """Blocks as paragraphs, in the order of the file; words that a line's end parts are whole."""
    builder = TextBuilder()
    for block in within(first(root, "Layout"), "TextBlock"):
        for line in within(block, "TextLine"):
            for each in line:
                if local(each) == "SP":
                    builder.add(" ")
                elif local(each) == "String" and each.get("SUBS_TYPE") != "HypPart2":
                    builder.add(each.get("SUBS_CONTENT") or each.get("CONTENT") or "")
            builder.end_line()
        builder.end_paragraph()
    return builder.finish(placed=False)
