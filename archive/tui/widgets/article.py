"""The text of an article: laid out where it is read, whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.strip import Strip

from archive.article import Article
from archive.render.graphemes import cell_width
from archive.render.terminal import Mark, safe, safe_marked
from archive.tui import reading, strips
from archive.tui.reading import Layout
from archive.tui.widgets.lines import Lines

_PARTS = ("title", "detail", "label", "link", "rule", "text", "hit", "now", "cursor", "bar")
#: Characters that are laid out before anything is shown.
_AT_ONCE = 6_000


class ArticleView(Lines):
    """The lines of one article, with its matched words marked and a bar beside the paragraph one is at."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"articleview--{part}" for part in _PARTS}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False),
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("space", "page(1)", "Page down", show=False),
        Binding("g,home", "top", "Top", show=False),
        Binding("G,end", "bottom", "End", show=False),
        Binding("right_curly_bracket,right_square_bracket", "paragraph(1)", "Next paragraph", show=False),
        Binding("left_curly_bracket,left_square_bracket", "paragraph(-1)", "Previous paragraph", show=False),
        Binding("tab", "link(1)", "Next link", show=False),
        Binding("shift+tab", "link(-1)", "Previous link", show=False),
        Binding("enter", "follow", "Follow the link", show=False),
    ]

    @dataclass
    class Followed(Message):
        """A person or a venue is to narrow the search."""

        facet: str
        value: str

    @dataclass
    class Unfinished(Message):
        """The rest of the article has to be laid out."""

        width: int

    link: reactive[int | None] = reactive(None, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.article = Article("", "", "")
        self.layout_: Layout = reading.lay_out(self.article, 80)
        self.marks: Sequence[Mark] = ()
        self.hit: Mark | None = None
        self.position = 0
        self.steered = False

    def open(self, article: Article, marks: Sequence[Mark] = ()) -> None:
        """Show another article from its beginning."""
        self.article, self.marks, self.hit, self.position = article, marks, None, 0
        self.steered = False
        self.set_reactive(ArticleView.link, None)
        self._lay_out()
        self.jump(0)

    def on_resize(self, event: events.Resize) -> None:
        """Other lines, at the same place of the text."""
        super().on_resize(event)
        if self.article.id and min(self._room, reading.MEASURE) != self.layout_.width:
            offset = self.layout_.offset_of(self.scroll_offset.y)
            top = self.scroll_offset.y == 0
            self._lay_out()
            if not top:
                self.call_after_refresh(lambda: self.jump(self.layout_.line_of(offset)))

    @property
    def _room(self) -> int:
        return max(8, self.size.width - 5)

    def _lay_out(self) -> None:
        self.take(reading.lay_out(self.article, self._room, _AT_ONCE))
        if not self.layout_.whole:
            self.post_message(self.Unfinished(self._room))

    def take(self, layout: Layout) -> None:
        """The article is laid out, or more of it."""
        self.layout_ = layout
        self.count = layout.length
        self.redraw()

    def mark(self, marks: Sequence[Mark]) -> None:
        """Words are found to match."""
        self.marks = marks
        self.redraw()

    def go(self, mark: Mark) -> None:
        """To a matched word."""
        self.hit, self.position = mark, mark[0]
        line = self.layout_.line_of(mark[0])
        if not self.scroll_offset.y + 1 < line < self.scroll_offset.y + self.rows_seen - 3:
            self.jump(line - self.rows_seen // 3)
        self.redraw()

    @property
    def here(self) -> int:
        """The place of the text that is being read: the one gone to, or else the first that is seen."""
        line = self.layout_.line_of(self.position)
        top = self.scroll_offset.y
        if top <= line < top + self.rows_seen:
            return self.position
        return self.layout_.offset_of(top)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The bar stays where one reads."""
        super().watch_scroll_y(old_value, new_value)
        self._drawn.clear()

    def action_scroll_by(self, lines: int) -> None:
        """Up or down by lines."""
        self.steered = True
        self.jump(self.scroll_offset.y + lines)

    def action_page(self, direction: int) -> None:
        """A screenful on."""
        self.steered = True
        super().action_page(direction)

    def action_top(self) -> None:
        """To the beginning."""
        self.steered, self.position = True, 0
        self.jump(0)

    def action_bottom(self) -> None:
        """To the end."""
        self.steered, self.position = True, len(self.article.body)
        self.jump(self.count)

    def action_paragraph(self, direction: int) -> None:
        """To the next paragraph or the one before."""
        self.steered = True
        start = reading.next_paragraph(self.article.body, self.here, direction)
        self.go((start, start))
        self.hit = None

    def action_link(self, by: int) -> None:
        """To the next person or venue above the text."""
        number = len(reading.links(self.layout_))
        if number:
            self.link = (0 if by > 0 else number - 1) if self.link is None else (self.link + by) % number
            self.jump(0)

    def watch_link(self) -> None:
        """The link that would be followed looks different."""
        self.redraw()

    def action_follow(self) -> None:
        """Narrow the search by the person or venue."""
        found = reading.links(self.layout_)
        if self.link is not None and self.link < len(found):
            self._follow(*found[self.link])

    def _follow(self, line: int, number: int) -> None:
        link = self.layout_.head[line][number].link
        if link is not None:
            self.post_message(self.Followed(*link))

    def on_click(self, event: events.Click) -> None:
        """A click follows a link, or goes to a paragraph."""
        line, x = event.y - self.gutter.top + self.scroll_offset.y, event.x - 3
        if line < len(self.layout_.head):
            for number, run in enumerate(self.layout_.head[line]):
                cells = cell_width(run.text)
                if 0 <= x < cells and run.link is not None:
                    self._follow(line, number)
                x -= cells
        elif line < self.count:
            self.position, self.hit = self.layout_.offset_of(line), None
            self.redraw()

    # -- drawing -----------------------------------------------------------------------

    def draw(self, line: int, width: int) -> Strip:
        """One line of the head, the text or what follows it."""
        layout, base = self.layout_, self.rich_style
        index = line - len(layout.head)
        if 0 <= index < len(layout.body):
            segments = self._text(*layout.body[index])
        else:
            runs = layout.head[line] if index < 0 else layout.tail[index - len(layout.body)]
            segments = [Segment("   ", base)]
            chosen = self._chosen_run(line)
            for number, run in enumerate(runs):
                style = base + self.part(run.style)
                style += self.part("cursor") if number == chosen else Style.null()
                segments.append(Segment(run.text, style))
        strip = strips.padded(segments, width, base)
        return self._selected(strip, line).apply_offsets(0, line)

    def _chosen_run(self, line: int) -> int | None:
        found = reading.links(self.layout_)
        if self.link is None or self.link >= len(found) or found[self.link][0] != line:
            return None
        return found[self.link][1]

    def _text(self, start: int, end: int) -> list[Segment]:
        first, last = reading.paragraph(self.article.body, self.here)
        base, plain = self.rich_style, self.rich_style + self.part("text")
        inside = reading.marks_within(self.marks, start, end)
        text, marks = safe_marked(self.article.body[start:end], [(a - start, min(b, end) - start) for a, b in inside])
        here = first <= start <= last and end > start
        segments = [Segment(" ▎ " if here else "   ", base + self.part("bar"))]
        drawn = strips.marked(text, marks, plain, base + self.part("hit"))
        if self.hit in inside:
            before = safe(self.article.body[start : self.hit[0]]) if self.hit else ""
            now, at = self.part("now"), 0
            for number, segment in enumerate(drawn):
                if at == len(before):
                    drawn[number] = Segment(segment.text, (segment.style or Style.null()) + now)
                    break
                at += len(segment.text)
        return segments + drawn

    def _selected(self, strip: Strip, line: int) -> Strip:
        span = self.text_selection.get_span(line) if self.text_selection is not None else None
        if span is None:
            return strip
        start, end = span[0], strip.cell_length if span[1] == -1 else span[1]
        style = self.screen.get_component_rich_style("screen--selection")
        if start >= end:
            return strip
        before, inside, after = strip.divide([start, end, strip.cell_length])
        return Strip.join([before, inside.apply_style(style), after])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was marked with the mouse."""
        layout, lines = self.layout_, []
        for line in range(layout.length):
            index = line - len(layout.head)
            if 0 <= index < len(layout.body):
                start, end = layout.body[index]
                lines.append("   " + safe(self.article.body[start:end]))
            else:
                runs = layout.head[line] if index < 0 else layout.tail[index - len(layout.body)]
                lines.append("   " + "".join(run.text for run in runs))
        chosen = selection.extract("\n".join(lines))
        return "\n".join(part.removeprefix("   ") for part in chosen.split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """What is marked looks different."""
        self.redraw()
