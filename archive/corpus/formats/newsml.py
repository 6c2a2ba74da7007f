"""NewsML-G2: news items as agencies send them, one by one or several in a message.

https://iptc.org/standards/newsml-g2/. The text is in the item as XHTML, NITF or plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.corpus.build_article import build_document
from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.nitf import nitf_article
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.html_text import is_html, render_html
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.corpus.xml_text import XML_LANG, XmlDocument, as_html, children, first, local, plain_text
from archive.model.article import Article, Problem, Value

#: Subjects by what they are -> the key of their names; other subjects are tags.
_SUBJECTS = {
    "person": "people",
    "poi": "venues",
    "place": "venues",
    "geoArea": "venues",
    "organisation": "organizations",
}


def read_newsml(document: XmlDocument, source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The article of an item, or those of a message."""
    if local(document.root()) == "newsItem":
        yield from _article(document.whole(), source, options, 1)
        return
    count = 0
    for line, item in document.items():
        count += 1
        try:
            yield from _article(item, source, options, line)
        except InvalidArticle as invalid:
            yield Problem(source.path, invalid.line or line, invalid.what, invalid.remedy)
    if not count:
        yield Problem(source.path, 0, "there is no news item in the message", "fetch it again, or delete it")


def _article(item: Element, source: Source, options: ReadOptions, line: int) -> list[Article | Problem]:
    about, itself = first(item, "contentMeta"), first(item, "itemMeta")
    values, text = _content(first(item, "contentSet"))
    description = _all(about, "description")
    language = first(about, "language")
    values |= {
        "title": "; ".join(_all(about, "headline")[:1]) or values.get("title") or plain_text(first(itself, "title")),
        "date": _one(about, "contentCreated") or _one(itself, "firstCreated", "versionCreated") or values.get("date"),
        "author": _all(about, "by") or _all(about, "creator") or values.get("author"),
        "credits": _all(about, "creditline") or values.get("credits"),
        "tags": (*_all(about, "keyword"), *_subjects(about).get("tags", ())) or values.get("tags"),
        "people": _subjects(about).get("people") or values.get("people"),
        "venues": _subjects(about).get("venues") or values.get("venues"),
        "organizations": _subjects(about).get("organizations") or values.get("organizations"),
        "source": "; ".join(_all(itself, "provider") or _all(about, "infoSource")),
        "language": (language.get("tag", "") if language is not None else "") or item.get(XML_LANG, ""),
        "located": _all(about, "located"),
        "dateline": _one(about, "dateline"),
        "slugline": _one(about, "slugline"),
        "guid": item.get("guid", ""),
        "copyright": _all(first(item, "rightsInfo"), "copyrightHolder"),
        "item_class": (_class.get("qcode", "") if (_class := first(itself, "itemClass")) is not None else ""),
    }
    if not text.lines:  # a picture: what it shows is what there is to read
        text = RenderedText.unplaced("\n\n".join(description))
    elif description:
        values["summary"] = description
    return build_document(values, text, source, options, line=line)


def _content(contents: Element | None) -> tuple[dict[str, Value | None], RenderedText]:
    """The text of an item, and what it says of itself where it is a document of its own."""
    values: dict[str, Value | None] = {}
    for each in contents if contents is not None else ():
        if local(each) == "inlineXML" and len(each):
            if local(each[0]) == "nitf":
                return nitf_article(each[0])
            return values, render_html("".join(map(as_html, each)))
        if local(each) == "inlineData" and each.get("contenttype", "text/plain").startswith("text/"):
            text = "".join(each.itertext())
            return values, render_html(text) if is_html(text) else RenderedText.unplaced(text)
        if local(each) == "remoteContent" and each.get("href"):
            values["remote_content"] = each.get("href")
    return values, RenderedText([])


def _named(element: Element) -> str:
    """What an element stands for: its name, or the text that it is."""
    return plain_text(first(element, "name")) or element.get("literal", "") or plain_text(element)


def _all(parent: Element | None, name: str) -> tuple[str, ...]:
    if parent is None:
        return ()
    return tuple(dict.fromkeys(filter(None, map(_named, children(parent, name)))))


def _one(parent: Element | None, *names: str) -> str:
    return next((found for name in names if (found := "; ".join(_all(parent, name)[:1]))), "")


def _subjects(about: Element | None) -> dict[str, tuple[str, ...]]:
    """The names of all subjects by key."""
    found: dict[str, dict[str, None]] = {}
    for subject in children(about, "subject") if about is not None else ():
        kind = subject.get("type", "").rpartition(":")[2]
        if name := plain_text(first(subject, "name")) or subject.get("literal", ""):
            found.setdefault(_SUBJECTS.get(kind, "tags"), {})[name] = None
    return {key: tuple(names) for key, names in found.items()}
