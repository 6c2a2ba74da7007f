"""The article being read: its lines, its matches, the ways through its text, and its people and venues as links."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.strip import Strip

from archive import Article
from archive.render.terminal import Mark, cell_width, safe, safe_marked
from archive.tui import line_layout
from archive.tui.keys import ends, hidden, sections, up_down
from archive.tui.model import article_layout, paragraphs
from archive.tui.model.article_layout import Layout, ScrollPosition
from archive.tui.widgets.virtual_lines import VirtualLines

_COMPONENTS = (
    *("title", "detail", "label", "link", "rule", "cursor", "bar"),
    *("text", "heading", "quote", "code", "caption", "address", "hit", "now"),
)
#: Before every line; not part of its text.
_MARGIN = "   "
#: Characters laid out before anything is shown.
_FIRST_CHARACTERS = 6_000
#: Height in lines from which everything about an article stands above its text.
_TALL = 27
#: Lines of the screen that the article does not get.
_LINES_AROUND = 3


class ArticleView(VirtualLines):
    """One article, its matches marked, with a bar beside the current paragraph.

    layout_      its lines; at first perhaps only the first of them
    marks        the matches, in order
    title_marks  those in the title
    hit          the current match
    text_offset  the offset of the text that was last gone to
    user_moved   whether the user has moved; then nothing else may scroll
    mark_offset  where a marked range of paragraphs begins; None without a mark
    link         index of the link under the cursor
    """

    HELP = "Tab selects a person or venue; Enter narrows the search to it, P opens the person's page."
    BINDINGS: ClassVar[list[BindingType]] = [
        *up_down("scroll_by"),
        hidden("space", "page(1)", "Page down"),
        *ends("top", "bottom", ("Top", "End")),
        *sections("paragraph", "paragraph"),
        hidden("v", "mark", "Mark a range"),
        hidden("tab", "link(1)", "Next link"),
        hidden("shift+tab", "link(-1)", "Previous link"),
        hidden("enter", "follow", "Follow the link"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"articleview--{name}" for name in _COMPONENTS}

    @dataclass
    class LayoutPending(Message):
        """The rest of the article has to be laid out, at `width` cells."""

        width: int

    @dataclass
    class LinkFollowed(Message):
        """A person or a venue was chosen to narrow the search."""

        facet: str
        value: str

    link: reactive[int | None] = reactive(None, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text_styles = article_layout.TextStyles(Article("", "", ""))
        self.layout_: Layout = article_layout.lay_out(Article("", "", ""), 80)
        self.marks: Sequence[Mark] = ()
        self.title_marks: tuple[Mark, ...] = ()
        self.hit: Mark | None = None
        self.text_offset = 0
        self.user_moved = False
        self.mark_offset: int | None = None
        self._pending_position: ScrollPosition | None = None

    @property
    def article(self) -> Article:
        """The article that is shown."""
        return self.layout_.article

    # -- what is shown -----------------------------------------------------------------

    def open(
        self,
        article: Article,
        marks: Sequence[Mark] = (),
        position: ScrollPosition | None = None,
        title_marks: tuple[Mark, ...] = (),
    ) -> None:
        """Show another article, from its beginning or at a position."""
        self.set_reactive(ArticleView.link, None)
        self.marks, self.title_marks = marks, title_marks
        self.mark_offset = None
        self.user_moved = position is not None
        self._text_styles = article_layout.TextStyles(article)
        self._lay_out(article)
        self.scroll_to_line(0)
        self.restore(position or ScrollPosition(0, top=-len(self.layout_.head)))

    def on_resize(self, event: events.Resize) -> None:
        """Lay the article out again, at the same position."""
        super().on_resize(event)
        if self.article.id and self._text_width != self.layout_.width:
            self._pending_position = self._pending_position or self.position
            self._lay_out(self.article)

    @property
    def picture_index(self) -> int:
        """Of the article's pictures the index of the last one before the end of what is visible, else of the first."""
        rows = self.article.picture_rows
        if len(rows) < 2:
            return 0
        end = self.layout_.offset_of(self.scroll_offset.y + self.visible_lines)
        row = self.article.body.count("\n", 0, end)
        return max((index for index, its in enumerate(rows) if its <= row), key=lambda index: rows[index], default=0)

    @property
    def _text_width(self) -> int:
        """Width of the text in cells."""
        return max(8, min(self._room.width - 5, article_layout.MAX_WIDTH))

    @property
    def is_compact(self) -> bool:
        """Whether there are too few lines to begin with much else than the text."""
        return self._room.height < _TALL

    @property
    def _room(self) -> Size:
        """The size; before there is one, what the screen will leave, so that the first frame has the article."""
        return self.size or self.app.size - (0, _LINES_AROUND)

    @property
    def visible_lines(self) -> int:
        """Number of lines that fit."""
        return max(1, self._room.height)

    def _lay_out(self, article: Article) -> None:
        layout = article_layout.lay_out(
            article, self._text_width, _FIRST_CHARACTERS, self.title_marks, compact=self.is_compact
        )
        if not layout.complete:
            self.post_message(self.LayoutPending(layout.width))
        self.set_layout(layout)

    def set_layout(self, layout: Layout) -> None:
        """Show a layout of the article that reaches further, or is of another width."""
        self.layout_ = layout
        self.line_count = layout.line_count
        self.redraw()
        if self._pending_position is not None:
            self.restore(self._pending_position)

    def set_marks(self, marks: Sequence[Mark], since: int) -> None:
        """Show more matches, which are new from the offset `since` on."""
        self.marks = marks
        if since <= self.layout_.offset_of(self.scroll_offset.y + self.visible_lines):
            self.redraw()

    # -- position ----------------------------------------------------------------------

    @property
    def position(self) -> ScrollPosition:
        """The current position, for `restore`."""
        return ScrollPosition(self.current_offset, self.hit, self.layout_.top_of(self.scroll_offset.y))

    def restore(self, position: ScrollPosition) -> None:
        """Go to a position, as soon as the article is laid out that far."""
        self.text_offset, self.hit = position.offset, position.hit
        reached = self.layout_.reaches(max(position.offset, position.top or 0))
        self._pending_position = None if reached else position
        line = self.layout_.line_of(position.offset)
        if position.top is not None:
            self.scroll_to_line(self.layout_.line_at_top(position.top))
        elif not self.scroll_offset.y + 1 < line < self.scroll_offset.y + self.visible_lines - 3:
            self.scroll_to_line(line - self.visible_lines // 3)
        self.redraw()

    def take_control(self) -> None:
        """The user moves: nothing else may scroll from now on."""
        self.user_moved, self._pending_position = True, None

    def set_hit(self, hit: Mark) -> None:
        """Make a match the current one, without moving."""
        self.hit = hit
        self._pending_position = replace(self._pending_position, hit=hit) if self._pending_position else None
        self.redraw()

    def go_to_hit(self, hit: Mark) -> None:
        """Go to a match."""
        self.restore(ScrollPosition(hit[0], hit))

    @property
    def current_offset(self) -> int:
        """The offset being read: the one last gone to while it is visible, or else that of the first visible line."""
        line = self.layout_.line_of(self.text_offset)
        top = self.scroll_offset.y
        if top <= line < top + self.visible_lines:
            return self.text_offset
        return self.layout_.offset_of(top)

    def action_scroll_by(self, lines: int) -> None:
        """Scroll by some lines."""
        self.take_control()
        self.scroll_to_line(self.scroll_offset.y + lines)

    def action_page(self, direction: int) -> None:
        """Scroll by a screen."""
        self.take_control()
        super().action_page(direction)

    def action_top(self) -> None:
        """Go to the beginning."""
        self.take_control()
        self.text_offset = 0
        self.scroll_to_line(0)

    def action_bottom(self) -> None:
        """Go to the end."""
        self.take_control()
        self.restore(ScrollPosition(len(self.article.body), self.hit, len(self.article.body)))

    def action_paragraph(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) paragraph."""
        self.take_control()
        next_ = paragraphs.next_paragraph(self.article.body, self.current_offset, direction)
        self.restore(ScrollPosition(next_))

    def drop_mark(self) -> bool:
        """Drop the mark; whether there was one."""
        marked, self.mark_offset = self.mark_offset is not None, None
        self.redraw()
        return marked

    def action_mark(self) -> None:
        """Begin a range of paragraphs at the current one, or drop the mark."""
        self.take_control()
        self.text_offset = self.current_offset
        if not self.drop_mark():
            self.mark_offset = self.text_offset

    # -- links -------------------------------------------------------------------------

    def watch_link(self) -> None:
        """Draw the link under the cursor."""
        self.redraw()

    @property
    def _current_link(self) -> tuple[int, int] | None:
        """Line and run of the link under the cursor."""
        if self.link is None:
            return None
        links = self.layout_.links()
        return links[self.link] if self.link < len(links) else None

    @property
    def link_target(self) -> tuple[str, str] | None:
        """Facet and value of the link under the cursor."""
        if self._current_link is None:
            return None
        line, run = self._current_link
        return self.layout_.head[line][run].link

    def action_link(self, by: int) -> None:
        """Move the cursor to another link."""
        number = len(self.layout_.links())
        if number:
            self.link = (0 if by > 0 else number - 1) if self.link is None else (self.link + by) % number
            self.scroll_to_line(0)

    def action_follow(self) -> None:
        """Follow the link under the cursor."""
        if self.link_target is not None:
            self.post_message(self.LinkFollowed(*self.link_target))

    def on_click(self, event: events.Click) -> None:
        """Follow the clicked link, or make the clicked paragraph the current one."""
        line, x = event.y - self.gutter.top + self.scroll_offset.y, event.x - len(_MARGIN)
        if line < len(self.layout_.head):
            for run in self.layout_.head[line]:
                cells = cell_width(run.text)
                if 0 <= x < cells and run.link is not None:
                    self.post_message(self.LinkFollowed(*run.link))
                x -= cells
        elif line < self.line_count:
            self.take_control()
            self.text_offset, self.hit = self.layout_.offset_of(line), None
            self.redraw()

    # -- selecting text with the mouse -------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text."""
        lines = [_MARGIN + self.layout_.text(line) for line in range(self.line_count)]
        selected = selection.extract("\n".join(lines))
        return "\n".join(part.removeprefix(_MARGIN) for part in selected.split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        self.redraw()

    def _with_selection(self, strip: Strip, line: int) -> Strip:
        """A drawn line with what is selected of it in another style."""
        strip = strip.apply_offsets(0, line)
        span = self.text_selection.get_span(line) if self.text_selection is not None else None
        if span is None:
            return strip
        start, end = span[0], strip.cell_length if span[1] == -1 else span[1]
        if start >= end:
            return strip
        style = self.screen.get_component_rich_style("screen--selection")
        before, inside, after = strip.divide([start, end, strip.cell_length])
        return Strip.join([before, inside.apply_style(style), after])

    # -- drawing -----------------------------------------------------------------------

    @property
    def current_span(self) -> Mark:
        """Start and end of the current paragraph, or of those from the mark to it."""
        start, end = paragraphs.paragraph_at(self.article.body, self.current_offset)
        if self.mark_offset is not None:
            first, last = paragraphs.paragraph_at(self.article.body, self.mark_offset)
            return min(start, first), max(end, last)
        return start, end

    def line_state(self, line: int) -> Hashable:
        """Whether the line is one of the current paragraph, or marked."""
        span = self.layout_.body_line(line)
        if span is None:
            return False
        start, end = span
        first, last = self.current_span
        return first <= start < last and end > start

    def draw_line(self, line: int, width: int) -> Strip:
        """One line of the article."""
        base, span = self.rich_style, self.layout_.body_line(line)
        if span is not None:
            bar = (" ▌ " if self.mark_offset is not None else " ▎ ") if self.line_state(line) else _MARGIN
            segments = [Segment(bar, base + self.part("bar")), *self._body_segments(*span)]
        else:
            segments = [Segment(_MARGIN, base)]
            for number, run in enumerate(self.layout_.runs(line)):
                style = base + self.part(run.style)
                style += self.part("cursor") if (line, number) == self._current_link else Style.null()
                segments.append(Segment(run.text, style))
        return self._with_selection(line_layout.padded(segments, width, base), line)

    def _body_segments(self, start: int, end: int) -> list[Segment]:
        """One body line with matches highlighted, the current match in its own style."""
        base, body = self.rich_style, self.article.body
        inside = article_layout.marks_within(self.marks, start, end)
        style = base + self.part(self._text_styles.style_at(start))
        segments: list[Segment] = []
        for first, last, address in self._text_styles.pieces(start, end):
            within = [(max(a, first) - first, min(b, last) - first) for a, b in inside if a < last and b > first]
            text, marks = safe_marked(body[first:last], within)
            link = self.part("address") + Style(link=address) if address else Style.null()
            segments += line_layout.mark_segments(text, marks, style + link, base + self.part("hit") + link)
        if self.hit is not None and self.hit in inside:
            begin, stop = (len(safe(body[start : max(start, min(at, end))])) for at in self.hit)
            at = 0
            for number, segment in enumerate(segments):
                if begin <= at < stop:
                    segments[number] = Segment(segment.text, (segment.style or Style.null()) + self.part("now"))
                at += len(segment.text)
        return segments
