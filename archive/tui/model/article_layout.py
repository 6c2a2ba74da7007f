"""An article as lines of a given width, and places in its text: paragraphs, matched words, lines of its file.

The text is never copied: its lines are offsets, so a long article costs no more than two numbers per line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive import Article
from archive.model.fields import mentioned
from archive.render.terminal import Mark, cell_width, quote_path, safe, safe_marked, wrap, wrap_spans
from archive.render.text import NOT_DECLARED, UNREVIEWED, aliases_used
from archive.tui.model.paragraphs import lines_to_lay_out

#: Maximum width of the text in cells: longer lines are hard to read.
MAX_WIDTH = 84
_LABEL_WIDTH = 9


@dataclass(frozen=True, slots=True)
class StyledRun:
    """Some text of one style; `link` is the facet and value that it leads to."""

    text: str
    style: str
    link: tuple[str, str] | None = None


Line = tuple[StyledRun, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """An article laid out: the lines above its text, offsets of the lines of the text, the lines below it.

    width     in cells
    body      (start, end) offsets in the article's body, a line each
    complete  whether all of the text is laid out
    starts    the offsets at which the lines of the text begin
    """

    article: Article
    width: int
    head: tuple[Line, ...]
    body: Sequence[Mark]
    tail: tuple[Line, ...]
    complete: bool
    starts: Sequence[int] = field(default=())

    @property
    def line_count(self) -> int:
        """Number of lines."""
        return len(self.head) + len(self.body) + len(self.tail)

    def body_line(self, line: int) -> Mark | None:
        """The offsets of a line of the text; None for a line above or below it."""
        index = line - len(self.head)
        return self.body[index] if 0 <= index < len(self.body) else None

    def runs(self, line: int) -> Line:
        """A line above or below the text."""
        index = line - len(self.head)
        return self.head[line] if index < 0 else self.tail[index - len(self.body)]

    def text(self, line: int) -> str:
        """Any line as plain text."""
        if (span := self.body_line(line)) is not None:
            return safe(self.article.body[span[0] : span[1]])
        return "".join(run.text for run in self.runs(line))

    def links(self) -> list[tuple[int, int]]:
        """Line and run of every link; of a name on several lines, where it begins."""
        found = dict[tuple[str, str], tuple[int, int]]()
        for line, runs in enumerate(self.head):
            for number, run in enumerate(runs):
                if run.link is not None:
                    found.setdefault(run.link, (line, number))
        return list(found.values())

    # -- offsets and lines -------------------------------------------------------------

    def line_of(self, offset: int) -> int:
        """The line on which an offset of the text is."""
        return len(self.head) + max(0, bisect_right(self.starts, offset) - 1)

    def offset_of(self, line: int) -> int:
        """The offset at which a line begins; that of the first or last line of the text for one above or below."""
        if not self.starts:
            return 0
        return self.starts[max(0, min(line - len(self.head), len(self.starts) - 1))]

    def top_of(self, line: int) -> int:
        """`ScrollPosition.top` where `line` is the first visible one."""
        above = line - len(self.head)
        return above if above < 0 else self.offset_of(line)

    def line_at_top(self, top: int) -> int:
        """The first visible line by `ScrollPosition.top`."""
        return max(0, len(self.head) + top) if top < 0 else self.line_of(top)

    def reaches(self, offset: int) -> bool:
        """Whether the text is laid out as far as an offset."""
        return self.complete or (bool(self.starts) and offset < self.starts[-1])


@dataclass(frozen=True, slots=True)
class ScrollPosition:
    """A position in an article that does not depend on its width.

    offset  of what is being read
    hit     the current match
    top     offset at which the first visible line begins, or minus the number of lines by which it is above the text;
            None where it only matters that `offset` is visible
    """

    offset: int
    hit: Mark | None = None
    top: int | None = None


def lay_out(
    article: Article,
    width: int,
    until: int | None = None,
    title_marks: Sequence[Mark] = (),
    *,
    compact: bool = False,
) -> Layout:
    """The layout of an article at `width` cells; with `until`, of its text up to about that offset.

    title_marks  the matches in its title
    compact      whether the text is to begin as far above as possible: what is seldom looked at stands below it
    """
    width = max(8, min(width, MAX_WIDTH))
    body = list(_body_lines(article, width, until))
    complete = until is None or until >= len(article.body)
    return Layout(
        article,
        width,
        tuple(_head(article, width, title_marks, compact=compact)),
        body,
        tuple(_tail(article, width, compact=compact)) if complete else (),
        complete,
        [start for start, _ in body],
    )


def _body_lines(article: Article, width: int, until: int | None) -> Iterator[Mark]:
    """Offsets of the lines of an article's text at a width."""
    text = article.body
    for start, end in lines_to_lay_out(article, len(text) if until is None else until):
        lines = [(start + first, start + last) for first, last in wrap_spans(text[start:end].replace("\n", " "), width)]
        yield from lines or [(start, start)]


def _title(article: Article, width: int, marks: Sequence[Mark]) -> Iterator[Line]:
    text, marks = safe_marked(article.title or "(untitled)", marks)
    for start, end in wrap_spans(text, width):
        line, done = list[StyledRun](), start
        for first, last in ((max(a, start), min(b, end)) for a, b in marks if a < end and b > start):
            line += [StyledRun(text[done:first], "title")] if first > done else []
            line.append(StyledRun(text[first:last], "hit"))
            done = last
        yield (*line, *([StyledRun(text[done:end], "title")] if done < end else []))


def _head(article: Article, width: int, title_marks: Sequence[Mark], *, compact: bool) -> Iterator[Line]:
    """The title and the metadata; people and venues are links."""
    yield from _title(article, width, title_marks)
    about = [article.date or "undated", article.source, ", ".join(article.authors)]
    for line in wrap(safe(" · ".join(filter(None, about))), width):
        yield (StyledRun(line, "detail"),)
    if not compact:
        yield ()
    written = aliases_used(article)
    for label, facet, values in (("people", "person", article.people), ("venues", "venue", article.venues)):
        found = label in article.detected
        new = article.discovered(facet) if found else ()
        yield from _links(label, facet, values, written, f"({NOT_DECLARED})" if found else "", width, new)
        label = "" if values else label
        yield from _links(label, mentioned(facet), article.mentioned(facet), {}, "(only in the text)", width)
    if not compact:
        yield from _details(article, width)
        yield ()
    yield (StyledRun("─" * width, "rule"),)
    if not compact:
        yield ()


def _details(article: Article, width: int) -> Iterator[Line]:
    """What is seldom looked at."""
    path = quote_path(article.path)
    rows = [("tags", ", ".join(article.tags)), ("url", article.url), ("file", path), ("id", article.id)]
    for label, text in rows:
        for number, line in enumerate(wrap(safe(text), width - _LABEL_WIDTH)):
            yield (StyledRun((label if number == 0 else "").ljust(_LABEL_WIDTH), "label"), StyledRun(line, "detail"))


def _links(
    label: str,
    facet: str,
    values: Sequence[str],
    written: Mapping[str, str],
    note: str,
    width: int,
    new: Sequence[str] = (),
) -> Iterator[Line]:
    """Names as links, each followed by its spelling in the article where that differs; then a note.

    Those that are `new`, and that nobody has reviewed, have a mark before them.
    """
    room, items = width - _LABEL_WIDTH, list[Line]()
    for number, value in enumerate(values):
        comma = "," if number < len(values) - 1 else ""
        shown = f"{UNREVIEWED}{safe(value)}" if value in new else safe(value)
        spelling = f"(as {safe(written[value])}){comma}" if value in written else ""
        items += [(StyledRun(part, "link", (facet, value)),) for part in wrap(shown, room - len(comma))]
        if comma and not spelling:
            items[-1] += (StyledRun(comma, "detail"),)
        items += [(StyledRun(part, "detail"),) for part in wrap(spelling, room)]
    if values:
        items += [(StyledRun(part, "label"),) for part in wrap(note, room)]
    line, used = [StyledRun(label.ljust(_LABEL_WIDTH), "label")], 0
    for runs in items:
        cells = sum(cell_width(run.text) for run in runs)
        if used and used + 1 + cells > room:
            yield tuple(line)
            line, used = [StyledRun(" " * _LABEL_WIDTH, "label")], 0
        line += [*([StyledRun(" ", "detail")] if used else []), *runs]
        used += cells + bool(used)
    if values:
        yield tuple(line)


def _tail(article: Article, width: int, *, compact: bool) -> Iterator[Line]:
    yield ()
    if compact:
        yield (StyledRun("─" * width, "rule"),)
        yield from _details(article, width)
        yield ()
    if article.credits:
        for line in wrap(safe("Credits: " + "; ".join(article.credits)), width):
            yield (StyledRun(line, "detail"),)
        yield ()


# -- places in the text ----------------------------------------------------------------


class TextStyles:
    """How the lines of an article's text are shown that are no plain paragraphs: headings, quotes, code, captions.

    links  (start, end, address) of the links that a terminal can open, as offsets in the text
    """

    def __init__(self, article: Article) -> None:
        styled = [block for block in article.blocks if block.style in _STYLES]
        linked = [link for link in article.links if _ADDRESS.fullmatch(link.target)]
        rows = [0, *(match.end() for match in re.finditer("\n", article.body))] if styled or linked else []
        self.links = [(rows[link.row] + link.start, rows[link.row] + link.end, link.target) for link in linked]
        self._starts = [rows[block.first_row] for block in styled]
        self._last_lines = [rows[block.last_row] for block in styled]
        self._styles = [_STYLES[block.style] for block in styled]
        self._body = article.body

    def style_at(self, offset: int) -> str:
        """The style of the line with an offset in it: "heading", "quote", "code", "caption", or "text"."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset < self._starts[index]:
            return "text"
        end = self._body.find("\n", self._last_lines[index])
        return self._styles[index] if end < 0 or offset <= end else "text"

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """A part of a line in pieces: start, end, and the address where the piece is a link, else ""."""
        at = start
        for first, last, address in self.links[max(0, bisect_right(self.links, (start, -1, "")) - 1) :]:
            if first >= end:
                break
            if last <= at:
                continue
            if first > at:
                yield at, first, ""
            yield max(first, at), min(last, end), address
            at = min(last, end)
        if at < end:
            yield at, end, ""


#: Addresses that a terminal may be told to open.
_ADDRESS = re.compile(r"https?://[!-~]+")
#: Kinds of blocks -> how they are shown; the marks of list items and the bars of table rows are in the text.
_STYLES = {**{f"h{level}": "heading" for level in range(1, 7)}, "quote": "quote", "code": "code", "caption": "caption"}


def pieces(text: str, size: int, start: int = 0) -> Iterator[Mark]:
    """The text from `start` in pieces of about `size` characters, each ending with a line."""
    while start < len(text):
        end = text.find("\n", start + size)
        end = len(text) if end < 0 else end + 1
        yield start, end
        start = end


def marks_within(marks: Sequence[Mark], start: int, end: int) -> list[Mark]:
    """The marks of which something is in `start` to `end`; `marks` are sorted, and none is in another."""
    first = bisect_left(marks, (start, -1))
    first -= first > 0 and marks[first - 1][1] > start
    return list(marks[first : bisect_left(marks, (end, -1))])


def index_of_mark(marks: Sequence[Mark], mark: Mark | None) -> int | None:
    """The index of a mark among sorted marks."""
    if mark is None:
        return None
    index = bisect_left(marks, mark)
    return index if index < len(marks) and marks[index] == mark else None


def nearest_mark(marks: Sequence[Mark], offset: int) -> Mark:
    """The mark that begins closest to an offset; `marks` are sorted and not empty."""
    after = bisect_left(marks, (offset, -1))
    return min(marks[max(0, after - 1) : after + 1], key=lambda mark: abs(mark[0] - offset))


def quotation(article: Article, text: str) -> str:
    """Words that are not in the text of an article, such as of its heading, with its citation."""
    quote = "\n".join(safe(line).strip() for line in text.strip().split("\n"))
    known = [article.title, article.source, article.date or "undated"]
    return f"“{quote}” — {', '.join(safe(part) for part in known if part)} ({article.id})"
