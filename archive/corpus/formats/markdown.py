"""Markdown: an optional block of metadata, then the text as a reader of the rendered page sees it.

CommonMark by markdown-it-py, with tables, strikethrough and footnotes; HTML within it is rendered as well. Addresses of
links, comments, template code and the marks of Markdown itself are no text; the alternative text of a picture is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from archive.corpus.broken_words import join_broken_words
from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle, decode, read_bounded
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata, split
from archive.corpus.html_text import HtmlWriter, render_html
from archive.corpus.rendered_text import RenderedText, TextBuilder
from archive.corpus.scan import Source
from archive.model.article import Article, Problem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: What site generators replace before Markdown is rendered: Liquid, Jinja, Go templates and their shortcodes,
#: attribute lists of kramdown; and links between notes, which are shown as their text.
_OPENING = re.compile(r"\{[%{#:]|!?\[\[")
_CLOSING = {"{%": "%}", "{{": "}}", "{#": "#}", "{:": "}", "[[": "]]"}
_COMMENT = re.compile(r"\{%-?\s*comment\b")
_END_OF_COMMENT = "endcomment"
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.][^{}\n]*\}[ \t]*$", re.MULTILINE)
#: Longest template code, and link between notes: what is longer has lost its end.
_LONGEST = {"[[": 300, "{:": 300}
_LONGEST_TEMPLATE = 5_000
#: Lines that may begin another block than a paragraph; all patterns begin with a line end, which is found fast.
_BLOCKS = re.compile(r"\n(?:[ ]{0,3}(?:[#>=+*<~`:_-]|\d{1,9}[.)]|\[[^\]\n]+\]:)|[ ]{4}|[ ]*\t)")
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
#: The simple cases of what stands between two paragraphs: a heading, a list without anything in its items but text.
_HEADING = re.compile(r"(#{1,6})[ ]([^#\n]*[^#\s])\s*\Z")
_ITEM = (
    r"[ ](?![\s#>=+<|~:-]|[*_](?![*_]{0,2}[^\s*_])|``|!?\[[^\]\n]*\]:|\d{1,9}[.)]|\Z)"
    r"[^\n|]*"
)
_ITEMS = re.compile(rf"([*+-]){_ITEM}(?:\n\1{_ITEM})*\s*\Z")
_NUMBERED_ITEMS = re.compile(rf"(\d{{1,9}})([.)]){_ITEM}(?:\n\d{{1,9}}\2{_ITEM})*\s*\Z")
_QUOTED = re.compile(rf">{_ITEM}(?:\n>{_ITEM})*\s*\Z")
#: White space that a page shows otherwise than it is written.
_ODD_SPACE = re.compile(r"[^\S \n]")
_ODD_ASCII_SPACE = "\t\r\v\f\x1c\x1d\x1e\x1f"
#: What may reach over a blank line, or matter elsewhere in the text: fences, HTML, definitions of links.
_FAR_REACHING = re.compile(r"\n[ \t>*+\d.)-]*(?:```|~~~|<|\[[^\]\n]+\]:)")
#: Anything within a paragraph that could mean something …
_INLINE_MARKS = "\\`*_[]<&~^"
_MARKED_INLINE = re.compile(r"[\\`*_\[\]<&~^](?:(?<=[\\`*_\[\]])|(?<=<)[A-Za-z/!?]|(?<=&)(?:#|\w+;)|(?<=~)~|(?<=\^)\[)")
#: … and the simple cases of it: code, emphasis and links with nothing in them that means something. Where they leave
#: nothing else that does, a paragraph is what it is without their marks, as CommonMark has it, many times as fast.
_CODE = re.compile(r"`(?<![`\\]`)(?! )([^`*_\[\]\\<>&~^\n]+)(?<! )`(?!`)")
_EMPHASIS = re.compile(
    r"[*_](?<![\w*\\\ufdd0\ufdd1][*_])(?:(?<=\*)\*{0,2}|(?<=_)_{0,2})(?=[^\s*_])([^*_`\[\]\\<>]+)(?<=\S)([*_]+)"
    r"(?![\w*\ufdd0\ufdd1])"  # nor beside a link, of which the signs are gone (see TextBuilder)
)
_LINK = re.compile(r"\[(?<![\\!\]]\[)(?! )([^\[\]\\`<>!*_^]+)(?<! )\]\(([^\s()<>\\]*)(?:[ ]+\"[^\"\\\n]*\")?\)(?!\])")
_FAST_PASSES = 3
_TASK = re.compile(r"\[[ xX]\][ \t]+")


def read_markdown(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a file of Markdown; raises InvalidArticle or OSError."""
    text = decode(read_bounded(source.file, options.max_article_bytes))
    if not text or text.isspace():
        raise InvalidArticle("the file is empty", "write the article in it, or delete it")
    parts = split(text, source.path, options.keys)
    meta, warnings = declared_metadata(source, options, parts.front)
    body = render(parts.body, parts.body_line, meta.markup)
    join_broken_words(body, options.whole_words)
    return build_article(meta, body, source, parts.body_line, warnings=warnings, is_named=parts.front is not None)


def render(text: str, first_line: int = 1, markup: str = "markdown") -> RenderedText:
    """What is seen of a text that begins on a line of its file, by what it is written in."""
    if markup == "none":
        return RenderedText.verbatim(text, first_line)
    if markup == "html":
        return render_html(text)
    text = _without_templates(text)
    writer = _MarkdownWriter(first_line)
    writer.write(text)
    return writer.builder.finish()


def _without_templates(text: str) -> str:
    """The text that the templates leave, on the same lines."""
    if "{" not in text and "[[" not in text:
        return text
    kept: list[str] = []
    at = copied = 0
    while match := _OPENING.search(text, at):
        start, at = match.span()
        opening = match[0][-2:]
        end = text.find(_CLOSING[opening], at, at + _LONGEST.get(opening, _LONGEST_TEMPLATE))
        if end < 0:
            continue
        inside = text[at:end]
        end += len(_CLOSING[opening])
        if opening == "[[":
            if "\n" in inside or "[" in inside or text[end : end + 1] in ("(", "[", ":"):
                continue  # a link of Markdown's own
            shown = "" if match[0][0] == "!" else inside.rpartition("|")[2]
        else:
            if opening == "{:" and "\n" in inside:
                continue
            if _COMMENT.match(text, start) and (over := text.find(_END_OF_COMMENT, end)) >= 0:
                end = max(text.find("%}", over) + 2, over)
            shown = "\n" * text.count("\n", start, end)
        kept += text[copied:start], shown
        at = copied = end
    rendered = "".join([*kept, text[copied:]])
    return _ATTRIBUTES.sub("", rendered) if "{#" in rendered or "{." in rendered else rendered


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    # No address is shown, whatever it is.
    parser.normalizeLink = parser.normalizeLinkText = str  # type: ignore[method-assign, assignment]
    parser.validateLink = bool  # type: ignore[method-assign, assignment]
    # Most paragraphs have nothing in them that an inline rule would find, and a note is read where it is written.
    parser.core.ruler.disable(["inline", "footnote_tail"])
    return parser


def _has_odd_space(text: str) -> bool:
    if text.isascii():  # a few characters are found one by one in a small part of the time of a pattern
        return any(space in text for space in _ODD_ASCII_SPACE)
    return _ODD_SPACE.search(text) is not None


def _simple(content: str, builder: TextBuilder) -> str | None:
    """What is seen of a paragraph in which all that means something is simple; None where it is not.

    Its links are those of the builder of the text.
    """
    if not any(mark in content for mark in _INLINE_MARKS) or not _MARKED_INLINE.search(content):
        return content
    if "`" in content:
        content = _CODE.sub(_first, content)
    for _ in range(_FAST_PASSES):
        if "*" in content or "_" in content:
            content = _EMPHASIS.sub(_emphasized, content)
        if "[" in content:
            content = _LINK.sub(lambda link: f"{builder.open_link(link[2])}{link[1]}{builder.link_end}", content)
        if not _MARKED_INLINE.search(content):
            return content
    return None


_first = itemgetter(1)


def _emphasized(match: re.Match[str]) -> str:
    """What is between two marks of emphasis; all of it where they are not the same."""
    text, mark = match.groups()
    whole = match[0]
    return text if len(whole) == len(text) + 2 * len(mark) and whole.startswith(mark) and len(mark) < 4 else whole


def _runs(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is_plain): paragraphs that are nothing else, and all that is between two of them."""
    led = f"\n{text}"  # a place in the text is that of the line end before it in this
    if _FAR_REACHING.search(led):
        yield 0, len(text), False
        return
    at, pending = 0, -1
    if gap := _BLANK.match(led):
        at = gap.end() - 1
    while at < len(text):
        gap = _BLANK.search(text, at)
        end, following = gap.span() if gap else (len(text), len(text))
        is_inside = pending >= 0 and text[at].isspace()  # perhaps of an item of a list
        if not is_inside and not _BLOCKS.search(led, at, end + 1) and text.find("|", at, end) < 0:
            if pending >= 0:
                yield pending, at, False
                pending = -1
            yield at, end, True
        elif text[at] == "#" and _HEADING.fullmatch(text, at, end):
            if pending >= 0:
                yield pending, at, False
                pending = -1
            yield at, end, False
        elif pending < 0:
            pending = at
        at = following
    if pending >= 0:
        yield pending, len(text), False


def _blocks(text: str) -> list[tuple[int, str]]:
    """What blank lines part in a text, each with its offset."""
    found, at = [], 0
    for gap in _BLANK.finditer(text):
        found.append((at, text[at : gap.start()]))
        at = gap.end()
    return [*found, (at, text[at:])] if at < len(text) else found


def _all_simple(blocks: Sequence[tuple[int, str]]) -> bool:
    """Whether each block is a heading, a quote or a list with nothing in it but text, and none goes on in the next."""
    is_list = False
    for _, block in blocks:
        before, is_list = is_list, bool(_ITEMS.match(block) or _NUMBERED_ITEMS.match(block))
        if is_list and before:  # perhaps one list, with paragraphs in it
            return False
        if not is_list and not _HEADING.match(block) and not _QUOTED.match(block):
            return False
    return True


class _MarkdownWriter:
    """Writes what is seen of a document's tokens into a builder."""

    def __init__(self, first_line: int) -> None:
        self.builder = TextBuilder()
        self._html = HtmlWriter(self.builder)
        self._first_line = first_line
        self._styles: list[str] = []
        self._lists: list[int | None] = []  # of each list around the next number, or None for bullets
        self._cells = 0
        self._notes: list[tuple[int, Sequence[Token]]] = []  # footnotes within a paragraph, with its line

    def write(self, text: str) -> None:
        """All of a document.

        Paragraphs in which no line could begin another block, between blank lines, are what CommonMark takes them for
        wherever nothing reaches over a blank line; only what is between them needs its parser.
        """
        environment: dict[str, Any] = {}
        at = 0
        number = self._first_line
        is_tidy = not (text[:1] == " " or "  " in text or " \n" in text or "\n " in text or _has_odd_space(text))
        for start, end, is_plain in _runs(text):
            number += text.count("\n", at, start)
            at = start
            if is_plain:
                self.builder.number = number
                content = text[start:end].rstrip()  # a backslash before a last line end would be a line break
                if is_tidy and not self._html.is_hidden and (plain := _simple(content, self.builder)) is not None:
                    self.builder.add_paragraph(plain.split("\n"))
                else:
                    self._inline("\n".join(map(str.lstrip, content.split("\n"))), environment)
                    self.builder.end_paragraph()
            elif _all_simple(blocks := _blocks(text[start:end])):
                for offset, block in blocks:
                    self._write_simple(block, number + text.count("\n", start, start + offset), environment)
            else:
                tokens: list[Token] = []
                parser = _parser()
                parser.block.parse(text[start:end], parser, environment, tokens)
                self._write_tokens(tokens, number, environment)
        for number, children in self._notes:
            self.builder.end_paragraph()
            self.builder.number = number
            self._children(children, environment)

    def _write_simple(self, text: str, number: int, environment: dict[str, Any]) -> None:
        """A heading, a quote, or a list of lines, each with nothing in it but text."""
        builder = self.builder
        if heading := _HEADING.match(text):
            builder.number, builder.style = number, f"h{len(heading[1])}"
            self._inline(heading[2], environment)
        elif _QUOTED.match(text):
            builder.number, builder.style = number, "quote"
            self._inline("\n".join([line[2:] for line in text.rstrip().split("\n")]), environment)
        else:
            numbered = _NUMBERED_ITEMS.match(text)
            builder.style = "item"
            for row, item in enumerate(text.rstrip().split("\n")):
                builder.number = number + row
                builder.begin_item(f"{int(numbered[1]) + row}. " if numbered else "- ")
                self._inline(item.partition(" ")[2], environment)
                builder.end_line()
        builder.end_paragraph()
        builder.style = ""

    def _write_tokens(self, tokens: Iterable[Token], first_line: int, environment: dict[str, Any]) -> None:
        builder = self.builder
        for token in tokens:
            if token.map:
                builder.number = first_line + token.map[0]
            match token.type:
                case "inline":
                    self._inline(token.content, environment)
                case "paragraph_close":
                    builder.end_line() if token.hidden else builder.end_paragraph()
                case "heading_open" | "blockquote_open" | "tr_open":
                    self._open(token)
                case "heading_close" | "blockquote_close" | "tr_close":
                    builder.end_line() if token.type == "tr_close" else builder.end_paragraph()
                    builder.style = self._styles.pop()
                case "th_open" | "td_open":
                    if self._cells:
                        builder.add(" | ")
                    self._cells += 1
                case "bullet_list_open" | "ordered_list_open":
                    builder.end_line() if self._lists else builder.end_paragraph()
                    self._lists.append(int(token.attrs.get("start", 1)) if token.type[0] == "o" else None)
                case "list_item_open":
                    self._item()
                case "list_item_close":
                    builder.end_line()
                    builder.begin_item("")  # the mark of an empty item belongs to nothing
                    builder.style = self._styles.pop()
                case "bullet_list_close" | "ordered_list_close":
                    self._lists.pop()
                    if not self._lists:
                        builder.end_paragraph()
                case "fence" | "code_block":
                    self._code(token)
                case "html_block":
                    self._html.feed(token.content, placed=True)
                case "hr" | "table_open" | "table_close" | "footnote_open" | "footnote_close":
                    builder.end_paragraph()

    def _open(self, token: Token) -> None:
        self._styles.append(self.builder.style)
        if token.type == "tr_open":
            self._cells = 0
            self.builder.style = "row"
        else:
            self.builder.end_paragraph()
            self.builder.style = token.tag if token.tag[0] == "h" else "quote"

    def _item(self) -> None:
        self.builder.end_line()
        self._styles.append(self.builder.style)
        self.builder.style = "item"
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        self.builder.begin_item("- " if number is None else f"{number}. ")

    def _code(self, token: Token) -> None:
        builder = self.builder
        if self._html.is_hidden:
            return
        builder.end_paragraph()
        style, builder.style = builder.style, "code"
        builder.number += token.type == "fence"
        for line in token.content.rstrip("\n").split("\n"):
            builder.add_line(line.expandtabs(4).rstrip())
            builder.number += 1
        builder.style = style
        builder.end_paragraph()

    def _inline(self, content: str, environment: dict[str, Any]) -> None:
        builder = self.builder
        if self._html.is_hidden:
            return
        if builder.style == "item" and (task := _TASK.match(content)):
            content = content[task.end() :]
        if (plain := _simple(content, builder)) is None:
            children: list[Token] = []
            parser = _parser()
            parser.inline.parse(content, parser, environment, children)
            self._children(children, environment)
            return
        *lines, last = plain.split("\n")
        for line in lines:
            builder.add(line)
            builder.end_line()
            builder.number += 1
        builder.add(last)

    def _children(self, children: Sequence[Token], environment: dict[str, Any]) -> None:
        builder = self.builder
        for token in children:
            match token.type:
                case "text" | "text_special" | "code_inline":
                    if not self._html.is_hidden:
                        builder.add(token.content)
                case "softbreak" | "hardbreak":
                    builder.end_line()
                    builder.number += 1
                case "html_inline":
                    self._html.feed(token.content)
                case "link_open":
                    builder.add(builder.open_link(str(token.attrs.get("href") or "")))
                case "link_close":
                    builder.add(builder.link_end)
                case "footnote_ref":
                    self._note(token, environment)
                case "image":
                    builder.add(" ")
                    self._children(token.children or (), environment)
                    builder.add(" ")

    def _note(self, token: Token, environment: dict[str, Any]) -> None:
        """A reference to a footnote, which is no text; a note that is written there follows the whole text."""
        note = environment["footnotes"]["list"][token.meta["id"]]
        if children := note.get("tokens"):
            self._notes.append((self.builder.number, children))
