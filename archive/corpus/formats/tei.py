"""TEI: texts of editions, with the people, places and dates that their editors marked.

Text Encoding Initiative, P5 (https://tei-c.org/guidelines/p5/), and P4 as far as its elements have the same names.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from archive.corpus.build_article import build_document
from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import Source
from archive.corpus.xml_text import (
    XML_ID,
    XML_LANG,
    Role,
    XmlDocument,
    children,
    first,
    local,
    plain_text,
    render_xml,
    within,
)
from archive.model.article import Article, Problem, Value


def _break(element: Element) -> str:
    """The end of a line, a column or a page: in the middle of a word where it says so."""
    if element.get("break") == "no":
        return "joined"
    return "break" if local(element) == "lb" else "space"


def _quote(element: Element) -> str:
    return "quote" if any(children(element, "p", "lg", "l")) else ""


_BLOCKS = """
p ab div div1 div2 div3 body front back lg sp opener closer postscript dateline salute signed argument epigraph list
listPerson figure titlePage table byline trailer speaker stage docTitle group
"""
_ROLES: dict[str, Role] = {
    **dict.fromkeys(_BLOCKS.split(), "p"),
    **dict.fromkeys(("sic", "orig", "abbr"), "alternative"),
    **dict.fromkeys(("del", "fw", "gap", "teiHeader", "facsimile", "standOff", "graphic"), "skip"),
    **dict.fromkeys(("lb", "pb", "cb"), _break),
    **dict.fromkeys(("quote", "q"), _quote),
    **{name: name for name in ("item", "row", "cell", "note", "choice")},
    "head": "h2",
    "l": "line",
    "figDesc": "caption",
}
#: Where a text says when it is of, best first. When its edition was published is another matter.
_DATES = (
    ("profileDesc", "creation"),
    ("profileDesc", "correspDesc"),
    ("fileDesc", "sourceDesc"),
)


def read_tei(document: XmlDocument, source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The article of a document, or those of a corpus."""
    if local(document.root()) != "teiCorpus":
        yield from _article(document.whole(), source, options, 1)
        return
    for line, element in document.items():
        try:
            yield from _article(element, source, options, line)
        except InvalidArticle as invalid:
            yield Problem(source.path, invalid.line or line, invalid.what, invalid.remedy)


def _article(root: Element, source: Source, options: ReadOptions, line: int) -> list[Article | Problem]:
    header = first(root, "teiHeader")
    text = first(root, "text")
    title = first(header, "fileDesc", "titleStmt")
    people = {each.get(XML_ID, ""): _name(next(within(each, "persName"), None)) for each in within(root, "person")}
    places = {each.get(XML_ID, ""): _name(next(within(each, "placeName"), None)) for each in within(root, "place")}
    names = _TeiNames(people), _TeiNames(places)
    for each in within(text, "persName", "placeName", "name"):
        kind = each.get("type", "") if local(each) == "name" else local(each)
        if kind in ("persName", "person"):
            names[0].add(each)
        elif kind in ("placeName", "place"):
            names[1].add(each)
    date, written = _date(header, text)
    values: dict[str, Value | None] = {
        "title": _title(title),
        "author": tuple(filter(None, (_name(each) for each in children(title, "author")))) if title is not None else (),
        "date": date,
        "people": tuple(names[0].found),
        "venues": tuple(names[1].found),
        "language": (text.get(XML_LANG, "") if text is not None else "") or root.get(XML_LANG, ""),
        "tags": tuple(dict.fromkeys(plain_text(each) for each in within(first(header, "profileDesc"), "term"))),
        "source": _source(header),
        "publisher_of_edition": plain_text(first(header, "fileDesc", "publicationStmt", "publisher")),
        "date_of_edition": _when(next(within(first(header, "fileDesc", "publicationStmt"), "date"), None)),
        "idno": plain_text(next(within(first(header, "fileDesc", "publicationStmt"), "idno"), None)),
    }
    if written and written != date:
        values["date_text"] = written
    body = render_xml([text] if text is not None else [], _ROLES)
    return build_document(values, body, source, options, line=line)


class _TeiNames:
    """Names in a text, each as the list of who or what is named has it, or as it is written."""

    def __init__(self, listed: dict[str, str]) -> None:
        self._listed = listed
        self.found: dict[str, None] = {}

    def add(self, element: Element) -> None:
        """Take the name in an element."""
        name = self._listed.get(element.get("ref", "").removeprefix("#")) or _name(element)
        if name:
            self.found[name] = None


def _name(element: Element | None) -> str:
    """A name as its reader sees it."""
    return " ".join(render_xml([element], _ROLES).text.split()) if element is not None else ""


def _title(statement: Element | None) -> str:
    """The main title, with what stands below it."""
    titles = list(children(statement, "title")) if statement is not None else []
    main = [each for each in titles if each.get("type", "main") == "main"] or titles
    shown = [_name(main[0])] if main else []
    shown += [_name(each) for each in titles if each.get("type") == "sub"]
    return ": ".join(filter(None, shown))


def _source(header: Element | None) -> str:
    """The title of what the text was printed in."""
    bibl = next(within(first(header, "fileDesc", "sourceDesc"), "bibl", "biblStruct", "biblFull"), None)
    titles = [each for each in within(bibl, "title") if each.get("level") in ("j", "m", "s")]
    return _name(titles[0]) if titles else ""


def _date(header: Element | None, text: Element | None) -> tuple[str, str]:
    """When a text is of, and how that is written."""
    found = [each for path in _DATES for each in within(first(header, *path), "date", "origDate")]
    if text is not None:
        found += [each for line in within(text, "dateline", "docDate") for each in within(line, "date", "docDate")]
    for each in found:
        if when := _when(each):
            return when, _name(each)
    return "", ""


def _when(each: Element | None) -> str:
    """A date in the form that the archive uses, or as it is written."""
    if each is None:
        return ""
    start = each.get("from") or each.get("notBefore")
    end = each.get("to") or each.get("notAfter")
    when = each.get("when") or each.get("when-iso") or (f"{start}/{end}" if start and end else start or end)
    if not when:
        return _name(each)
    return f"{when}?" if each.get("cert") in ("low", "medium") and "/" not in when else when
