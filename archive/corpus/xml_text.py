"""XML from anywhere: parsed without what can be made to hurt, and rendered as its reader sees it.

Entities and external documents are refused, nesting is bounded, and a file of many articles is read one at a time. How
a vocabulary is shown is a table from the names of its elements to what they are, so that each format is little else.
"""

from __future__ import annotations

import html.entities
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring

from archive.corpus.decode import InvalidArticle
from archive.corpus.rendered_text import RenderedText, TextBuilder

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_PIECE = 1 << 16
MAX_NESTING = 150
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

#: What an element is, by its name without a namespace; elements that are not named are part of the line around them.
#: "p" (a paragraph), "h1" … "h6", "quote", "caption", "code": blocks; "item", "row": lines of one; "cell": of a row;
#: "line": a line of a paragraph; "break": the end of one; "space": white space; "joined": none on either side;
#: "skip": not shown; "note": a paragraph behind the present one; "choice": one of its children, an "alternative" only
#: where there is no other. A function tells it by the element.
Role = str | Callable[[Element], str]
_LINES = ("item", "row")
_BLOCKS = {"p": "", **{f"h{n}": f"h{n}" for n in range(1, 7)}, "quote": "quote", "caption": "caption", "code": "code"}


def local(element: Element) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these names, in any namespace."""
    return (child for child in element if local(child) in names)


def first(element: Element | None, *path: str) -> Element | None:
    """The first element below `element` along a path of names."""
    for name in path:
        element = next(children(element, name), None) if element is not None else None
    return element


def within(element: Element | None, *names: str) -> Iterator[Element]:
    """All elements in `element` with one of these names, in order."""
    return (each for each in element.iter() if local(each) in names) if element is not None else iter(())


def plain_text(element: Element | None) -> str:
    """All text in an element, white space collapsed; "" for none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


class XmlDocument:
    """A document that is being parsed.

    items   name of the root -> names of the elements that are handed over, and forgotten, one at a time
    """

    def __init__(self, stream: BinaryIO, items: Mapping[str, frozenset[str]] | None = None) -> None:
        self._stream = stream
        self._target = _Target(items or {})
        self._parser = _parser(self._target)
        self._invalid: InvalidArticle | None = None

    def root(self) -> Element:
        """The root, with nothing or little in it yet."""
        while self._target.root is None:
            try:
                self._feed()
            except InvalidArticle as invalid:
                if self._target.root is None:
                    raise
                self._invalid = invalid  # behind it, and behind what may be handed over
        return self._target.root

    def items(self) -> Iterator[tuple[int, Element]]:
        """The elements that are handed over, each with its line; what was parsed before an error is among them."""
        invalid = None
        goes_on = True
        while goes_on:
            try:
                goes_on = self._feed()
            except InvalidArticle as error:
                invalid, goes_on = error, False
            ready, self._target.ready = self._target.ready, []
            yield from ready
        if invalid:
            raise invalid

    def whole(self) -> Element:
        """The root with all that is in it."""
        while self._feed():
            pass
        return self.root()

    def position(self) -> int:
        """How many bytes have been parsed."""
        return self._stream.tell()

    def _feed(self) -> bool:
        """Parse the next piece; False at the end. Raises InvalidArticle."""
        from defusedxml import DefusedXmlException

        if self._invalid:
            raise self._invalid
        data = self._stream.read(_PIECE)
        if not data and not self._stream.tell():
            raise InvalidArticle("the file is empty", "fetch it again, or delete it")
        try:
            if data:
                self._parser.feed(data)
            else:
                self._parser.close()
        except ParseError as error:
            line, column = error.position
            said = str(error).partition(": line")[0]
            raise InvalidArticle(f"this is not XML: {said} at column {column + 1}", _FETCH, line) from None
        except DefusedXmlException:
            what = "the XML defines entities of its own, which can be made to fill memory"
            raise InvalidArticle(what, "replace them, and remove the <!DOCTYPE>", self._target.line()) from None
        except (ValueError, LookupError) as error:  # of an encoding
            raise InvalidArticle(f"the XML cannot be decoded: {error}", "save it as UTF-8") from None
        return bool(data)


_FETCH = "correct it, or fetch the file again"


def parse_xml(stream: BinaryIO) -> Element:
    """The root of a whole document; raises InvalidArticle."""
    return XmlDocument(stream).whole()


def _parser(target: _Target) -> Any:
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.entity.update(_entities())
    target.expat = parser.parser
    return parser


@cache
def _entities() -> dict[str, str]:
    """What the entities stand for that documents with a public DTD take for granted."""
    return {name: chr(point) for name, point in html.entities.name2codepoint.items()}


class _Target:
    """Builds the tree, and takes out of it what is handed over one at a time."""

    def __init__(self, items: Mapping[str, frozenset[str]]) -> None:
        self._builder = TreeBuilder()
        self._items = items
        self._wanted: frozenset[str] = frozenset()
        self._open: list[Element] = []
        self._lines: list[int] = []
        self.root: Element | None = None
        self.ready: list[tuple[int, Element]] = []
        self.expat: XMLParserType | None = None

    def line(self) -> int:
        """The line that is being parsed."""
        return self.expat.CurrentLineNumber if self.expat else 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        """Begin an element."""
        element = self._builder.start(tag, attributes)
        if self.root is None:
            self.root = element
            self._wanted = self._items.get(local(element), frozenset())
        if len(self._open) >= MAX_NESTING:
            raise InvalidArticle(f"the XML is nested more than {MAX_NESTING} deep", "make it flatter", self.line())
        self._open.append(element)
        if self._wanted and local(element) in self._wanted:
            self._lines.append(self.line())
        return element

    def end(self, tag: str) -> Element:
        """End an element."""
        element = self._builder.end(tag)
        self._open.pop()
        if self._wanted and local(element) in self._wanted:
            line = self._lines.pop()
            if not self._lines and self._open:
                self._open[-1].remove(element)
                self.ready.append((line, element))
        return element

    def data(self, text: str) -> None:
        """Take text."""
        self._builder.data(text)

    def close(self) -> Element | None:
        """End the document."""
        return self.root


# -- rendering -------------------------------------------------------------------------


def render_xml(elements: Iterable[Element], roles: Mapping[str, Role]) -> RenderedText:
    """What is seen of some elements, in order, by what those in them are."""
    writer = XmlWriter(roles)
    for element in elements:
        writer.write(element)
    return writer.finish()


class XmlWriter:
    """Writes what is seen of elements into a text."""

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self.builder = TextBuilder()
        self._roles = roles
        self._notes: list[Element] = []
        self._cells = 0

    def role(self, element: Element) -> str:
        """What an element is."""
        role = self._roles.get(local(element), "")
        return role if isinstance(role, str) else role(element)

    def write(self, element: Element) -> None:
        """Take an element, without the text behind it."""
        role = self.role(element)
        builder = self.builder
        if role == "skip" or not isinstance(element.tag, str):
            return
        if role == "break":
            builder.end_line()
        elif role == "line":
            builder.end_line()
            self._content(element)
            builder.end_line()
        elif role == "space":
            builder.add(" ")
        elif role == "note":
            self._notes.append(element)
        elif role == "choice":
            self._choose(element)
        elif role in _BLOCKS:
            self._block(element, _BLOCKS[role])
        elif role in _LINES:
            builder.end_line()
            self._cells = 0
            if role == "item":
                builder.begin_item("• ")
            self._styled(element, role)
            builder.end_line()
        elif role == "cell":
            if self._cells:
                builder.add(" | ")
            self._cells += 1
            self._content(element)
        else:
            self._content(element)

    def _block(self, element: Element, style: str) -> None:
        if self._cells and self.builder.style == "row":  # a paragraph in a cell is part of its row
            self._content(element)
            self.builder.add(" ")
            return
        if self.builder.style == "item" and not style:  # a paragraph of an item is a line of the list
            self.builder.end_line()
            self._content(element)
            self.builder.end_line()
            return
        self.builder.end_paragraph()
        self._styled(element, style)
        self.builder.end_paragraph()
        self._write_notes()

    def _styled(self, element: Element, style: str) -> None:
        before, self.builder.style = self.builder.style, style or self.builder.style
        self._content(element)
        self.builder.end_line()
        self.builder.style = before
        if style == "row":
            self._cells = 0

    def _content(self, element: Element) -> None:
        text = element.text or ""
        for child in element:
            joins = self.role(child) == "joined"
            self.builder.add(text.rstrip() if joins else text)
            self.write(child)
            text = child.tail or ""
            text = text.lstrip() if joins else text
        if text:
            self.builder.add(text)

    def _choose(self, element: Element) -> None:
        shown = [child for child in element if self.role(child) != "skip"]
        for child in sorted(shown, key=lambda each: self.role(each) == "alternative")[:1]:
            self.write(child)

    def _write_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self.builder.end_paragraph()
            self._content(note)
            self.builder.end_paragraph()

    def finish(self) -> RenderedText:
        """All that was written."""
        self.builder.end_paragraph()
        self._write_notes()
        return self.builder.finish(placed=False)


def as_html(element: Element) -> str:
    """XHTML in a document as a piece of HTML."""
    for each in element.iter():
        each.tag = local(each)
    return tostring(element, "unicode", "html")
