"""NITF: stories as news agencies and papers send and keep them.

News Industry Text Format 3.x (https://iptc.org/standards/nitf/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.corpus.build_article import build_document
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.corpus.xml_text import XML_LANG, Role, XmlDocument, first, plain_text, render_xml, within
from archive.model.article import Article, Problem, Value

_BLOCKS = """
p block dateline abstract tagline bibliography note table ol ul dl media body.content body.end hl2 datasource
"""
_UNSHOWN = "media-reference media-metadata media-object media-producer byline rights distributor nitf-table-metadata"
_ROLES: dict[str, Role] = {
    **dict.fromkeys(_BLOCKS.split(), "p"),
    **dict.fromkeys(_UNSHOWN.split(), "skip"),
    **dict.fromkeys(("bq", "blockquote"), "quote"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
    "hl1": "h1",
    "h2": "h2",
    "h3": "h3",
    "media-caption": "caption",
    "tr": "row",
    "br": "break",
    "pre": "code",
}
_BY = re.compile(r"^(?:by|von|par|por|di|door|av|af)\s+", re.IGNORECASE)


def read_nitf(document: XmlDocument, source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The article of a document."""
    root = document.whole()
    body, text = nitf_article(root)
    yield from build_document(body, text, source, options)


def nitf_article(root: Element) -> tuple[dict[str, Value | None], RenderedText]:
    """The keys and values of a story, and its text."""
    about = first(root, "head", "docdata")
    body = first(root, "body")
    head, content = first(body, "body.head"), first(body, "body.content")
    headline = next(within(head, "hl1"), None)
    values: dict[str, Value | None] = {
        "title": plain_text(headline) or plain_text(first(root, "head", "title")),
        "date": _norm(about, "date.issue") or _norm(head, "story.date") or _norm(about, "date.release"),
        "author": tuple(_authors(head)),
        "people": _names(about, content, "person"),
        "venues": _names(about, content, "location"),
        "organizations": _names(about, content, "org"),
        "tags": tuple(dict.fromkeys(each.get("key", "") for each in within(about, "keyword"))),
        "source": _attribute(root, "pubdata", "name"),
        "language": root.get(XML_LANG, "") or (content.get(XML_LANG, "") if content is not None else ""),
        "credits": tuple(filter(None, map(plain_text, within(content, "media-producer")))),
        "doc_id": _attribute(about, "doc-id", "id-string"),
        "copyright": _attribute(about, "doc.copyright", "holder"),
        "section": _attribute(root, "pubdata", "position.section"),
        "page": _attribute(root, "pubdata", "position.sequence"),
        "dateline": plain_text(next(within(head, "dateline"), None)),
        "rights": plain_text(next(within(head, "rights"), None)),
    }
    shown = [*within(head, "hl2"), *within(head, "dateline"), *within(head, "abstract")]
    shown += [each for each in (content, first(body, "body.end")) if each is not None]
    return values, render_xml(shown, _ROLES)


def _authors(head: Element | None) -> dict[str, None]:
    """Those whom the byline names, marked or not."""
    found: dict[str, None] = {}
    for byline in within(head, "byline"):
        if people := [plain_text(each) for each in within(byline, "person")]:
            found |= dict.fromkeys(people)
        else:
            parts = [plain_text(each) for each in byline if each.tag.rpartition("}")[2] == "byttl"]
            found[_BY.sub("", plain_text(byline).removesuffix(" ".join(parts)).strip())] = None
    return {name: None for name in found if name}


def _names(about: Element | None, content: Element | None, name: str) -> tuple[str, ...]:
    """Who or what the document is said to be about, and is marked in its text."""
    found = [*within(first(about, "identified-content"), name), *within(content, name)]
    return tuple(dict.fromkeys(filter(None, map(plain_text, found))))


def _norm(element: Element | None, name: str) -> str:
    found = next(within(element, name), None)
    return (found.get("norm", "") or plain_text(found)) if found is not None else ""


def _attribute(element: Element | None, name: str, key: str) -> str:
    found = next(within(element, name), None)
    return found.get(key, "") if found is not None else ""
