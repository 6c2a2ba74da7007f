"""An article as lines of a given width: what is known of it, its text, its credits.

The text is never copied: its lines are offsets, so that a long article costs no more than
the numbers that say where its lines end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.model.article import Article
from archive.model.fields import mentioned
from archive.names.aliases_used import aliases_used
from archive.render.article import NOT_DECLARED
from archive.render.terminal import Mark, safe, wrap, wrap_spans
from archive.text.graphemes import cell_width
from archive.util.quoting import quote_path

#: Cells of a line of text at the most: longer lines are hard to read.
MEASURE = 84
_LABEL = 9


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one style; with `link`, the facet and value that it leads to."""

    text: str
    style: str
    link: tuple[str, str] | None = None


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """An article laid out: lines above its text, offsets of the lines of it, lines below it.

    whole   whether all of the text is laid out
    starts  the offsets at which the lines of the text begin
    """

    width: int
    head: tuple[Line, ...]
    body: Sequence[Mark]
    tail: tuple[Line, ...]
    whole: bool
    starts: Sequence[int] = field(default=())

    @property
    def length(self) -> int:
        """How many lines there are."""
        return len(self.head) + len(self.body) + len(self.tail)

    def line_of(self, offset: int) -> int:
        """The line on which a place of the text stands."""
        return len(self.head) + max(0, bisect_right(self.starts, offset) - 1)

    def offset_of(self, line: int) -> int:
        """The place of the text at which a line begins; the text's first or last for other lines."""
        if not self.starts:
            return 0
        return self.starts[max(0, min(line - len(self.head), len(self.starts) - 1))]

    def top_of(self, line: int) -> int:
        """What `Place.top` says of a line."""
        above = line - len(self.head)
        return above if above < 0 else self.offset_of(line)

    def line_from(self, top: int) -> int:
        """The line of which `Place.top` says so."""
        return max(0, len(self.head) + top) if top < 0 else self.line_of(top)

    def reaches(self, offset: int) -> bool:
        """Whether the text is laid out as far as that."""
        return self.whole or (bool(self.starts) and offset < self.starts[-1])


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is in an article, whatever its width.

    position  offset of what is read
    hit       the match one has gone to
    top       offset at which the first line seen begins, or below zero so many lines above the text;
              None where it only matters that `position` is seen
    """

    position: int
    hit: Mark | None = None
    top: int | None = None


def lay_out(article: Article, width: int, until: int | None = None) -> Layout:
    """The layout of an article at `width` cells, of its text up to about the offset `until`."""
    width = max(8, min(width, MEASURE))
    body = list(_body_lines(article.body, width, until))
    whole = until is None or until >= len(article.body)
    return Layout(
        width,
        tuple(head(article, width)),
        body,
        tuple(_tail(article, width)) if whole else (),
        whole,
        [start for start, _ in body],
    )


def _body_lines(text: str, width: int, until: int | None) -> Iterator[Mark]:
    """Offsets of the lines of a text, wrapped paragraph by paragraph."""
    start = 0
    stop = len(text) if until is None else until
    while start <= len(text) and (start <= stop or start == 0):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        lines = [(start + first, start + last) for first, last in wrap_spans(text[start:end], width)]
        yield from lines or [(start, start)]
        start = end + 1


def head(article: Article, width: int) -> Iterator[Line]:
    """The title, and what is known of the article; people and venues are links."""
    for line in wrap(safe(article.title) or "(untitled)", width):
        yield (Run(line, "title"),)
    about = [article.date or "undated", article.source, ", ".join(article.authors)]
    for line in wrap(safe(" · ".join(filter(None, about))), width):
        yield (Run(line, "detail"),)
    yield ()
    written = aliases_used(article)
    for label, facet, values in (("people", "person", article.people), ("venues", "venue", article.venues)):
        found = label in article.detected
        yield from _links(label, facet, values, written, f"({NOT_DECLARED})" if found else "", width)
        label = "" if values else label
        yield from _links(label, mentioned(facet), article.mentioned(facet), {}, "(only in the text)", width)
    path = quote_path(article.path)
    rows = [("tags", ", ".join(article.tags)), ("url", article.url), ("file", path), ("id", article.id)]
    for label, text in rows:
        for number, line in enumerate(wrap(safe(text), width - _LABEL)):
            yield (Run((label if number == 0 else "").ljust(_LABEL), "label"), Run(line, "detail"))
    yield ()
    yield (Run("─" * width, "rule"),)
    yield ()


def _links(
    label: str, facet: str, values: Sequence[str], written: Mapping[str, str], note: str, width: int
) -> Iterator[Line]:
    """Names as links, as the article writes them in brackets where it writes them otherwise; then a note."""
    room, said = width - _LABEL, list[Line]()
    for number, value in enumerate(values):
        comma = "," if number < len(values) - 1 else ""
        other = f"(as {safe(written[value])}){comma}" if value in written else ""
        said += [(Run(part, "link", (facet, value)),) for part in wrap(safe(value), room - len(comma))]
        if comma and not other:
            said[-1] += (Run(comma, "detail"),)
        said += [(Run(part, "detail"),) for part in wrap(other, room)]
    if values:
        said += [(Run(part, "label"),) for part in wrap(note, room)]
    line, used = [Run(label.ljust(_LABEL), "label")], 0
    for runs in said:
        cells = sum(cell_width(run.text) for run in runs)
        if used and used + 1 + cells > room:
            yield tuple(line)
            line, used = [Run(" " * _LABEL, "label")], 0
        line += [*([Run(" ", "detail")] if used else []), *runs]
        used += cells + bool(used)
    if values:
        yield tuple(line)


def _tail(article: Article, width: int) -> Iterator[Line]:
    yield ()
    if article.credits:
        for line in wrap(safe("Credits: " + "; ".join(article.credits)), width):
            yield (Run(line, "detail"),)
        yield ()


def links(layout: Layout) -> list[tuple[int, int]]:
    """Line and number of the run of every link; of a name on several lines, where it begins."""
    found = dict[tuple[str, str], tuple[int, int]]()
    for line, runs in enumerate(layout.head):
        for number, run in enumerate(runs):
            if run.link is not None:
                found.setdefault(run.link, (line, number))
    return list(found.values())
