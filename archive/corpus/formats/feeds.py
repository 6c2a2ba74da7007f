"""Feeds and exports of them: RSS, Atom, and what WordPress exports; an article an entry.

RSS 2.0: https://www.rssboard.org/rss-specification, with the modules content, dc and media; RSS 1.0; Atom: RFC 4287;
WXR: RSS with WordPress's own elements. Entries are read one at a time, so that a file may have any size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from archive.corpus.decode import InvalidArticle, collapse_whitespace
from archive.corpus.formats.json_lines import read_record
from archive.corpus.formats.mail import people_in
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.html_text import is_html, render_html
from archive.corpus.scan import Source
from archive.corpus.xml_text import XML_LANG, XmlDocument, as_html, children, first, local, plain_text
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

#: What entries are called, by the root of the document.
ENTRIES = {"rss": frozenset(("item",)), "RDF": frozenset(("item",)), "feed": frozenset(("entry",))}
_PREFIXES = {
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
}
_WORDPRESS = "http://wordpress.org/export/"
#: Elements of RSS and its modules -> keys; what is not here is kept under its own name.
_RSS = {
    "title": "title", "pubDate": "date", "dc:date": "date", "dcterms:created": "date", "dcterms:issued": "date",
    "author": "author", "dc:creator": "author", "category": "tags", "dc:subject": "tags", "source": "source",
    "dc:publisher": "source", "dc:language": "language", "language": "language", "media:credit": "credits",
    "itunes:author": "author", "media:keywords": "keywords",
}  # fmt: skip
_SINGLE = frozenset(("title", "date", "source", "language"))
#: Elements of Atom -> keys.
_ATOM = {"published": "date", "issued": "date", "created": "date", "rights": "rights"}
#: What WordPress exports beside articles, and states in which something is no article yet, or no more.
_NO_ARTICLES = re.compile(r"attachment|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|wp_.*|acf-.*")
_NO_STATES = frozenset(("trash", "auto-draft"))
#: Shortcodes: those of WordPress itself, and all that have attributes or are closed.
_SHORTCODE = re.compile(
    r"\[/?(?:caption|gallery|audio|video|playlist|embed|wp_caption|more)\b[^\[\]]*\]|\[[a-z][\w-]*\s+[\w-]+=[^\[\]]*\]"
    r"|\[/[a-z][\w-]*\]"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def read_feed(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a feed, an entry each."""
    with open_regular_file(source.file) as stream:
        document = XmlDocument(stream, ENTRIES)
        if local(document.root()) not in ENTRIES:
            what = f"this is no feed: its outermost element is {local(document.root())[:40]!r}"
            raise InvalidArticle(what, "give the file the ending of what it is")
        yield from entries(document, source, options)


def entries(document: XmlDocument, source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a feed whose root has been parsed."""
    root = document.root()
    feed = _Atom(root) if local(root) == "feed" else _Rss(root)
    count = 0
    try:
        for line, entry in document.items():
            count += 1
            if count % 64 == 0:
                options.progress(document.position())
            try:
                if record := feed.record(entry):
                    yield from read_record(record, source, options, line)
            except InvalidArticle as invalid:
                yield Problem(source.path, line, invalid.what, invalid.remedy)
    except InvalidArticle as invalid:
        what = f"{invalid.what}; what follows is not read" if count else invalid.what
        yield Problem(source.path, invalid.line, what, invalid.remedy)
        return
    if not count:
        yield Problem(source.path, 0, "there is no entry in the feed", "fetch it again, or delete it")
    if feed.left_out:
        shown = ", ".join(f"{number} {kind}" for kind, number in feed.left_out.most_common())
        what = f"what is no article is left out ({shown})"
        yield Problem(source.path, 0, what, "export it in another way if it is wanted", taken=True)


def _name(element: Element) -> str:
    """An element's name with the usual prefix of its namespace."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag[:1] != "{":
        return tag
    namespace, _, name = tag[1:].partition("}")
    prefix = "wp" if namespace.startswith(_WORDPRESS) and "excerpt" not in namespace else _PREFIXES.get(namespace)
    if prefix is None:
        prefix = namespace.rstrip("/#").rpartition("/")[2].lower()
    return f"{prefix}:{name}" if prefix else name


def _add(record: dict[str, Any], key: str, value: str) -> None:
    """Add one of several values of a key."""
    if value and value not in record.setdefault(key, []):
        record[key].append(value)


def _shown(text: str) -> str:
    """Text that may be HTML on one line."""
    return collapse_whitespace(render_html(text).text if is_html(text) else text)


def _address(text: str) -> str:
    """The name of somebody who is given as an address of mail, as in `mo@x.test (Mo Ray)`."""
    return people_in(text)[0] if "@" in text else text


def _lists_of_one(record: dict[str, Any]) -> dict[str, Any]:
    """A record in which a list of one value is that value."""
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in record.items()}


class _Rss:
    """What a channel of RSS says of all its items, and the record that is in each."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._logins: dict[str, str] | None = None
        self.is_wordpress = False
        self.left_out: Counter[str] = Counter()

    def record(self, item: Element) -> dict[str, Any] | None:
        """The keys and values of an item; None where it is no article."""
        record: dict[str, Any] = {}
        content = description = ""
        for child in item:
            name, text = _name(child), "".join(child.itertext()).strip()
            if name == "content:encoded":
                content = text or content
            elif name in ("description", "excerpt:encoded"):
                description = text or description
            elif name == "link":
                record.setdefault("url", text)
            elif name == "guid":
                if text.startswith("http") and child.get("isPermaLink", "true") == "true":
                    record.setdefault("permalink", text)
                record["guid"] = text
            elif name.startswith("wp:") or name == "category":
                self._wordpress(record, child, name, text)
            else:
                self._other(record, child, name, text)
        if "wp_post_type" in record and not self._is_article(record):
            return None
        if record.get("permalink") and record.get("url"):
            del record["permalink"]
        if content:
            record["content_html"] = _wordpress_text(content) if self.is_wordpress else content
            record["summary"] = _shown(description)
        else:
            record["body"] = description
        self._complete(record)
        return _lists_of_one({key: value for key, value in record.items() if value})

    def _other(self, record: dict[str, Any], child: Element, name: str, text: str) -> None:
        key = _RSS.get(name) or name.replace(":", "_")
        if key in _SINGLE and key in record:
            key = name.replace(":", "_")
        if not text and not len(child):
            text = child.get("url") or child.get("href") or ""
        elif key == "author":
            text = _address(text)
        elif key == "title":
            text = _shown(text)
        _add(record, key, text)

    def _wordpress(self, record: dict[str, Any], child: Element, name: str, text: str) -> None:
        domain = child.get("domain", "")
        if name == "category":
            _add(record, "tags" if domain in ("", "category", "post_tag") or "/" in domain else domain, text)
        elif name == "wp:postmeta":
            key, value = (plain_text(first(child, part)) for part in ("meta_key", "meta_value"))
            if key[:1] != "_" and not re.match(r"[aO]:\d+:", value):
                _add(record, key, value)
        elif name in ("wp:post_type", "wp:status", "wp:post_date", "wp:post_modified", "wp:post_id", "wp:post_name"):
            record[name.replace(":", "_")] = text

    def _is_article(self, record: dict[str, Any]) -> bool:
        """Whether something of WordPress is an article; of those, what is its own is told in our keys."""
        kind, state = record["wp_post_type"], record.get("wp_status", "")
        if _NO_ARTICLES.fullmatch(kind) or state in _NO_STATES:
            self.left_out[kind if state not in _NO_STATES else state] += 1
            return False
        if state == "publish":
            del record["wp_status"]
        self.is_wordpress = True
        if kind == "post":
            del record["wp_post_type"]
        date = record.pop("wp_post_date", "")
        if date and not date.startswith("0000"):  # the day as the site had it; `pubDate` is in another zone
            record["date"] = date
        elif date:
            record.pop("date", None)
        return True

    def _complete(self, record: dict[str, Any]) -> None:
        """What the channel says of all, where an item says nothing."""
        channel = first(self._root, "channel")
        for key, name in (("source", "title"), ("language", "language")):
            if key not in record and channel is not None:
                record[key] = plain_text(next((each for each in channel if _name(each) in (name, f"dc:{name}")), None))
        if "author" in record:
            record["author"] = [self._login_names().get(each, each) for each in record["author"]]

    def _login_names(self) -> dict[str, str]:
        """WordPress's short names of authors, and what they are called."""
        if self._logins is None:
            authors = (each for each in first(self._root, "channel") or () if _name(each) == "wp:author")
            pairs = ((first(each, "author_login"), first(each, "author_display_name")) for each in authors)
            self._logins = {plain_text(login): name for login, shown in pairs if (name := plain_text(shown))}
        return self._logins


def _wordpress_text(text: str) -> str:
    """The HTML that WordPress makes of what its editor saves: without shortcodes, blank lines between paragraphs."""
    return _BLANK_LINE.sub("\n<p>\n", _SHORTCODE.sub("", text))


class _Atom:
    """What a feed of Atom says of all its entries, and the record that is in each."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self.left_out: Counter[str] = Counter()

    def record(self, entry: Element) -> dict[str, Any]:
        """The keys and values of an entry."""
        record: dict[str, Any] = {}
        summary: tuple[str, str] = ("", "")
        for child in entry:
            name = _name(child)
            if name == "content":
                record.update([_atom_text(child)])
                if child.get("src"):
                    record.setdefault("content_src", child.get("src"))
            elif name == "summary":
                summary = _atom_text(child)
            elif name == "title":
                key, text = _atom_text(child)
                record["title"] = collapse_whitespace(render_html(text).text if key == "content_html" else text)
            elif name == "link":
                rel = child.get("rel", "alternate")
                _add(record, "url" if rel == "alternate" else f"link_{rel.rpartition('/')[2]}", child.get("href", ""))
            elif name in ("author", "contributor"):
                _add(record, name, plain_text(first(child, "name")) or plain_text(child))
            elif name == "category":
                _add(record, "tags", child.get("label") or child.get("term") or "")
            elif name == "source":
                record["source"] = plain_text(first(child, "title"))
            elif name == "id":
                record["guid"] = plain_text(child)
            else:
                _add(record, _RSS.get(name) or _ATOM.get(name) or name.replace(":", "_"), plain_text(child))
        if not (record.get("content_html") or record.get("body")):
            record.update([summary])
        elif summary[1]:
            record["summary"] = _shown(summary[1])
        return _lists_of_one({key: value for key, value in self._completed(record, entry).items() if value})

    def _completed(self, record: dict[str, Any], entry: Element) -> dict[str, Any]:
        """An entry with what its feed says of all; only where it was never published is it of when it was changed."""
        if "date" not in record and "updated" in record:
            record["date"] = record.pop("updated")
        record.setdefault("source", plain_text(first(self._root, "title")))
        record.setdefault("language", entry.get(XML_LANG) or self._root.get(XML_LANG) or "")
        if "author" not in record:
            names = (plain_text(first(each, "name")) for each in children(self._root, "author"))
            record["author"] = [name for name in names if name]
        return record


def _atom_text(element: Element) -> tuple[str, str]:
    """A text of Atom with the key that says what it is written in."""
    kind = element.get("type", "text")
    if kind in ("xhtml", "application/xhtml+xml") and len(element):
        return "content_html", "".join(map(as_html, element))
    text = "".join(element.itertext()).strip()
    return ("content_html" if kind in ("html", "text/html") else "body"), text
