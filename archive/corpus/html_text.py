"""HTML as its reader sees it: for pieces of it in Markdown, in records, in feeds and in mail.

A page of the web is another matter: there an article has to be found among the rest (`formats/html.py`). What is not
shown is left out (scripts, styles, comments, what is hidden), pictures are their alternative text, blocks are
paragraphs. One pass over the text, which no input makes slow: it can be used without a process with limits.
"""

from __future__ import annotations

import html
import re

from archive.corpus.rendered_text import RenderedText, TextBuilder

_ATTRIBUTES = r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+"
_TOKEN = re.compile(
    rf"<!--(?:.*?-->|.*\Z)|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])({_ATTRIBUTES}|[^<>]*+)>|<[!?][^<>]*>", re.DOTALL
)
_UNSHOWN = frozenset(
    """script style iframe noscript template svg math object embed head title canvas audio video map select textarea
    datalist rp""".split()  # noqa: SIM905
)
#: What the page shows as text of its own, to the very tag that closes it.
_RAW = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr
    ul""".split()  # noqa: SIM905
)
_STYLES = {**{f"h{n}": f"h{n}" for n in range(1, 7)}, "blockquote": "quote", "figcaption": "caption", "tr": "row",
           "li": "item", "pre": "code"}  # fmt: skip
_PARAGRAPHS = frozenset(("p", "div"))
#: Lines of one block rather than paragraphs.
_LINES = frozenset(("li", "dt", "dd", "tr"))
_EMPTY = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:[\s=/]|$)|style\s*=\s*[\"'][^\"']*display\s*:\s*none", re.IGNORECASE)
#: Tags that only a text in HTML has, or character references that only it needs.
_IS_HTML = re.compile(
    r"</?(?:p|div|br|ul|ol|li|h[1-6]|blockquote|table|tr|td|figure|figcaption|section|article|span|strong|em|img"
    r"|iframe|pre|b|i|u|a|script|style|hr)(?:\s[^<>]*)?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{2,6});",
    re.IGNORECASE,
)


def is_html(text: str) -> bool:
    """Whether a text that does not say what it is written in is HTML: it has tags of it that mean something."""
    return (">" in text or ";" in text) and ("<" in text or "&" in text) and _IS_HTML.search(text) is not None


def render_html(text: str) -> RenderedText:
    """A piece of HTML as its reader sees it."""
    builder = TextBuilder()
    writer = HtmlWriter(builder)
    writer.feed(text)
    return builder.finish(placed=False)


class HtmlWriter:
    """Writes what is seen of pieces of HTML, in order, into a builder; what is open stays so from piece to piece."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._hidden: list[str] = []  # elements that are not shown, the outermost first
        self._styles: list[tuple[str, str]] = []  # elements around, each with the style outside it
        self._cells = 0
        self._is_in_cell = False

    @property
    def is_hidden(self) -> bool:
        """Whether what follows is in an element that is not shown."""
        return bool(self._hidden)

    def feed(self, text: str, *, placed: bool = False) -> None:
        """Take the next piece; `placed` where its line ends are those of the file that the builder counts."""
        at = 0
        first = self._builder.number
        counted = 0
        while match := _TOKEN.search(text, at):
            self._text(text[at : match.start()])
            at = match.end()
            if placed:
                self._builder.number += text.count("\n", counted, at)
                counted = at
            if name := match[2]:
                name = name.lower()
                if match[1]:
                    self._close(name)
                else:
                    self._open(name, match[3])
                    if name in _RAW and name in _UNSHOWN and (end := _RAW[name].search(text, at)):
                        at = end.start()
        self._text(text[at:])
        if placed:
            self._builder.number = first + text.count("\n")

    def _text(self, text: str) -> None:
        if not text or self._hidden:
            return
        text = html.unescape(text) if "&" in text else text
        if self._builder.style == "code":
            *lines, last = text.split("\n")
            for line in lines:
                self._builder.add(line)
                self._builder.end_line()
            text = last
        self._builder.add(text)

    def _open(self, name: str, attributes: str) -> None:
        builder = self._builder
        closes_itself = name in _EMPTY
        if self._hidden or name in _UNSHOWN or (attributes and _HIDDEN.search(attributes)):
            if not closes_itself and (not self._hidden or name == self._hidden[0]):
                self._hidden.append(name)
            return
        if name == "br":
            builder.end_line()
        elif name == "img":
            if alt := _ALT.search(attributes):
                builder.add(f" {html.unescape(alt[1] or alt[2] or alt[3] or '')} ")
        elif name == "a":
            if address := _HREF.search(attributes):
                builder.add(builder.open_link(html.unescape(address[1] or address[2] or address[3] or "").strip()))
        elif name in ("td", "th"):
            if self._cells:
                builder.add(" | ")
            self._cells += 1
            self._is_in_cell = True
        elif self._is_in_cell and name in _PARAGRAPHS:  # of a cell: part of its row
            builder.add(" ")
        elif name in _BLOCKS:
            self._break(name)
            self._cells = 0
            self._is_in_cell = False
            if not closes_itself:
                self._styles.append((name, builder.style))
                builder.style = _STYLES.get(name, builder.style)
            if name == "li":
                builder.begin_item("- ")

    def _close(self, name: str) -> None:
        if self._hidden:
            if name == self._hidden[-1]:
                self._hidden.pop()
            return
        if name == "a" and self._builder.link_end:
            self._builder.add(self._builder.link_end)
        if name in ("td", "th"):
            self._is_in_cell = False
        if name not in _BLOCKS or name in ("td", "th") or (self._is_in_cell and name in _PARAGRAPHS):
            return
        self._break(name)
        while any(open_ == name for open_, _ in self._styles):
            open_, self._builder.style = self._styles.pop()
            if open_ == name:
                break

    def _break(self, name: str) -> None:
        if name in _LINES:
            self._builder.end_line()
        else:
            self._builder.end_paragraph()
