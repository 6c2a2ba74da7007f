"""What a web page declares of itself: in JSON-LD, `meta`, `link` and `time` elements, and in its address.

Only declarations count. A date in the text of a page may be anything's: a fire's, a version's, an event's to come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from archive.corpus.decode import collapse_whitespace
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.written_dates import date_in_address, read_date
from archive.model.article import Value

#: Names of `meta` elements (`name`, `property` or `itemprop`), best first; when a page was modified is no date.
_META = {
    "title": "citation_title og:title dcterms.title dc.title twitter:title headline",
    "date": "article:published_time og:article:published_time og:published_time citation_publication_date"
    " citation_online_date datepublished dcterms.issued dc.date.issued dcterms.created dc.date.created dcterms.date"
    " dc.date parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date publication_date"
    " published_time published-date date",
    "author": "citation_author author article:author og:article:author dcterms.creator dc.creator parsely-author"
    " sailthru.author byl",
    "source": "og:site_name citation_journal_title application-name dcterms.publisher dc.publisher publisher copyright",
    "url": "og:url",
    "tags": "article:tag og:article:tag news_keywords keywords parsely-tags sailthru.tags dc.subject dcterms.subject",
    "language": "og:locale dcterms.language dc.language content-language language",
}
_MANY = ("author", "tags")
#: Types of schema.org (and their kin) whose objects are the article of a page.
_ARTICLE = re.compile(r"\w*Article|\w*Posting|Report\w*|Review\w*|OpinionPiece|CreativeWork|\w*Page")
_MAX_SCRIPT = 500_000
_SEPARATOR = r"\s*(?:[|·•»«›–—:]|\s-\s|::)\s*"
_ADDRESS = re.compile(r"https?://\S+\Z", re.IGNORECASE)
#: How browsers that save a page note where it came from.
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)")
_HEAD = 20_000
_OUTSIDE = re.compile(r"nav|aside|footer|form|figure|figcaption|blockquote")
_COMMENTS = re.compile(r"comment|related|sidebar|widget|recommend|footer", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|entry-date|posted|dt-published|pubdate", re.IGNORECASE)
_UPDATED = re.compile(r"updat|modif", re.IGNORECASE)
#: A `time` among more words than this is part of a sentence, and no dateline.
_DATELINE = 100


class _Declared(NamedTuple):
    """Values by known key, best first."""

    values: dict[str, list[Value]]

    def add(self, key: str, value: Value | None) -> None:
        if value:
            self.values.setdefault(key, []).append(value)


def page_metadata(tree: Any, page: str) -> Metadata:
    """What a page, of which `tree` is lxml's, declares; what cannot be understood of it is passed over."""
    found = _Declared({})
    elements = _meta_elements(tree)
    _from_json_ld(tree, found)
    for key, names in _META.items():
        for name in names.split():
            contents = elements.get(name, ())
            if key in _MANY:
                found.add(key, tuple(each for each in contents if not _ADDRESS.match(each)))
            else:
                found.values.setdefault(key, []).extend(contents)
    if match := _SAVED_FROM.search(page, 0, _HEAD):
        found.add("url", match[1].removesuffix("--"))
    _from_elements(tree, found)
    values: dict[str, Value] = {}
    for key in _META:
        options: list[Value] = found.values.get(key, [])
        if key == "date":
            options[:] = [each for each in options if isinstance(each, str) and read_date(each).date]
        elif key == "language":
            options[:] = [each.replace("_", "-") for each in options if isinstance(each, str)]
        if options:
            values[key] = options[0]
    if isinstance(title := values.get("title"), str):
        values["title"] = without_site_name(title, str(values.get("source", "")))
    meta = read_metadata({key: value for key, value in values.items() if key != "tags"})
    meta.tags = read_metadata({"tags": _split_tags(values.get("tags", ()))}).tags
    meta.warnings = []
    return meta


def _split_tags(value: Value) -> tuple[str, ...]:
    """Keywords, which pages write as a list, as several elements, or with commas."""
    items = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return tuple(part.strip() for item in items if isinstance(item, str) for part in item.split(",") if part.strip())


def without_site_name(title: str, site: str) -> str:
    """A page's title without the name of its site before or behind it."""
    title = collapse_whitespace(title)
    if site := collapse_whitespace(site):
        name = re.escape(site)
        shorter = re.sub(rf"(?i){_SEPARATOR}{name}\Z|\A{name}{_SEPARATOR}", "", title)
        return shorter or title
    return title


def _meta_elements(tree: Any) -> dict[str, list[str]]:
    """The contents of the page's `meta` elements, by their names in lower case."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = collapse_whitespace(element.get("content") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split():
                found.setdefault(name, []).append(content)
    return found


def _from_elements(tree: Any, found: _Declared) -> None:
    """What other elements than `meta` say: the page's head, its root, microdata, times and links."""
    root = tree.getroottree().getroot()
    if language := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"):
        found.values.setdefault("language", []).insert(0, language)
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and _ADDRESS.match(link.get("href") or ""):
            found.values.setdefault("url", []).insert(0, link.get("href"))
    titles = [collapse_whitespace(each.text_content()) for each in tree.iter("title") if not _inside(each, "svg")][:1]
    headings = [collapse_whitespace(each.text_content()) for each in tree.iter("h1")]
    for title in titles:
        same = [each for each in headings if each and re.match(rf"{re.escape(each)}(?:{_SEPARATOR}|\Z)", title)]
        found.add("title", same[0] if same and not found.values.get("source") else title)
    authors = [
        (element.xpath("descendant::*[@itemprop='name']") or [element])[0]
        for element in tree.xpath("//*[@itemprop='author' or @rel='author']")
        if not _is_in_comments(element)
    ]
    found.add("author", tuple(collapse_whitespace(element.text_content()) for element in authors))
    found.add("tags", tuple(collapse_whitespace(each.text_content()) for each in tree.xpath("//a[@rel='tag']")))
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        found.add("date", element.get("datetime") or element.get("content") or collapse_whitespace(element.text or ""))
    found.values.setdefault("date", []).extend(_times(tree))
    for address in found.values.get("url", []):
        if isinstance(address, str):
            found.add("date", date_in_address(unquote(address)))


def _inside(element: Any, name: str) -> bool:
    return next(element.iterancestors(name), None) is not None


def _times(tree: Any) -> list[Value]:
    """The `datetime` of the `time` elements that date the page, those first that say so."""
    said: list[Value] = []
    plain: list[Value] = []
    for element in tree.iter("time"):
        date = element.get("datetime")
        name = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if not date or _UPDATED.search(name) or not _is_dateline(element):
            continue
        is_said = element.get("pubdate") is not None or _PUBLISHED.search(name)
        (said if is_said else plain).append(date)
    return [*said, *plain]


def _is_dateline(element: Any) -> bool:
    """Whether a `time` stands above or below an article, and not in a sentence, a list of links or a comment."""
    parent = element.getparent()
    if parent is None or _length_around(element, parent) > _DATELINE:
        return False
    outside = any(isinstance(above.tag, str) and _OUTSIDE.fullmatch(above.tag) for above in element.iterancestors())
    return not outside and not _is_in_comments(element)


def _length_around(element: Any, parent: Any) -> int:
    """How many characters stand on the same lines as an element."""
    if parent.tag in ("p", "li", "td", "span", "em", "strong", "b", "i", "a", "small", "dd"):
        return len(parent.text_content()) - len(element.text_content())
    return len(parent.text or "") + sum(len(child.tail or "") for child in parent)


def _is_in_comments(element: Any) -> bool:
    """Whether an element is among a page's comments, or in what it says of other articles."""
    return any(
        above.tag not in ("body", "html") and _COMMENTS.search(f"{above.get('class') or ''} {above.get('id') or ''}")
        for above in element.iterancestors()
    )


# -- JSON-LD ---------------------------------------------------------------------------


def _from_json_ld(tree: Any, found: _Declared) -> None:
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        text = script.text or ""
        if len(text) > _MAX_SCRIPT:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        articles = sorted(_objects(data, 0), key=_is_page)
        for each in articles:
            _from_object(each, found)


def _is_page(value: Mapping[str, Any]) -> bool:
    """Whether an object is about a page, and not about the article in it."""
    return any(kind.endswith(("Page", "CreativeWork")) for kind in _types(value))


def _types(value: Mapping[str, Any]) -> list[str]:
    kinds = value.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in kinds if isinstance(kind, str)]


def _objects(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The objects in JSON-LD that are articles or pages."""
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        if any(_ARTICLE.fullmatch(kind) for kind in _types(data)):
            yield data
        for key in ("@graph", "mainEntity"):
            yield from _objects(data.get(key), depth + 1)


def _from_object(value: Mapping[str, Any], found: _Declared) -> None:
    if not _is_page(value):
        found.add("title", _text(value.get("headline")) or _text(value.get("name")))
    for key in ("datePublished", "dateCreated"):
        found.add("date", _text(value.get(key)))
    found.add("author", _names(value.get("author")) or _names(value.get("creator")))
    found.add("source", _text(value.get("publisher")) or _text(value.get("isPartOf")))
    found.add("url", _text(value.get("url")))
    found.add("language", _text(value.get("inLanguage")))
    found.add("tags", _names(value.get("keywords")))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return collapse_whitespace(value) if isinstance(value, str) else ""


def _names(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(name for name in map(_text, items) if name and not _ADDRESS.match(name))
