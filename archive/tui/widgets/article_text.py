"""An article as lines on the screen: laid out, its matches marked, and drawn where it is seen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from archive.model.article import Article
from archive.render.terminal import Mark, safe, safe_marked
from archive.tui import line_layout
from archive.tui.model import article_layout, text_offsets
from archive.tui.model.article_layout import Layout, Place
from archive.tui.widgets.selectable import MARGIN, Selectable

_PARTS = ("title", "detail", "label", "link", "rule", "text", "hit", "now", "cursor", "bar")
#: Characters that are laid out before anything is shown.
_AT_ONCE = 6_000
#: Lines above and below an article.
_AROUND = 3


class Page(Selectable):
    """One article, with its matched words marked and a bar beside the paragraph one is at.

    article   what is shown
    layout_   its lines, at first perhaps only the first of them
    marks     its matched words, in order
    hit       the matched word one is at
    position  the place of the text one has gone to
    steered   whether somebody has moved, so that nothing else may
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"articleview--{part}" for part in _PARTS}

    @dataclass
    class Unfinished(Message):
        """The rest of the article has to be laid out."""

        width: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.article = Article("", "", "")
        self.layout_: Layout = article_layout.lay_out(self.article, 80)
        self.marks: Sequence[Mark] = ()
        self.hit: Mark | None = None
        self.position = 0
        self.steered = False
        self._target: Place | None = None

    # -- what is shown -----------------------------------------------------------------

    def open(self, article: Article, marks: Sequence[Mark] = (), place: Place | None = None) -> None:
        """Show another article, from its beginning or from a place."""
        self.article, self.marks = article, marks
        self.steered = place is not None
        self._lay_out()
        self.jump(0)
        self.restore(place or Place(0, top=-len(self.layout_.head)))

    def on_resize(self, event: events.Resize) -> None:
        """Other lines, at the same place of the text."""
        super().on_resize(event)
        if self.article.id and self._measure != self.layout_.width:
            self._target = self._target or self.place
            self._lay_out()

    @property
    def _measure(self) -> int:
        """Cells that a line of text may take."""
        return max(8, min(self._room.width - 5, article_layout.MEASURE))

    @property
    def _room(self) -> Size:
        """The size; before there is one, what the window is going to leave, so that an article is there at once."""
        return self.size or self.app.size - (0, _AROUND)

    @property
    def rows_seen(self) -> int:
        """How many lines fit."""
        return max(1, self._room.height)

    def _lay_out(self) -> None:
        layout = article_layout.lay_out(self.article, self._measure, _AT_ONCE)
        if not layout.whole:
            self.post_message(self.Unfinished(layout.width))
        self.take(layout)

    def take(self, layout: Layout) -> None:
        """The article is laid out, or more of it."""
        self.layout_ = layout
        self.count = layout.length
        self.redraw()
        if self._target is not None:
            self.restore(self._target)

    def mark(self, marks: Sequence[Mark], since: int) -> None:
        """Words are found to match from the place `since` on."""
        self.marks = marks
        if since <= self.layout_.offset_of(self.scroll_offset.y + self.rows_seen):
            self.redraw()

    # -- where one is ------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where one is, to come back to it."""
        return Place(self.here, self.hit, self.layout_.top_of(self.scroll_offset.y))

    def restore(self, place: Place) -> None:
        """Go to a place, as soon as the article is laid out as far as that."""
        self.position, self.hit = place.position, place.hit
        reached = self.layout_.reaches(max(place.position, place.top or 0))
        self._target = None if reached else place
        line = self.layout_.line_of(place.position)
        if place.top is not None:
            self.jump(self.layout_.line_from(place.top))
        elif not self.scroll_offset.y + 1 < line < self.scroll_offset.y + self.rows_seen - 3:
            self.jump(line - self.rows_seen // 3)
        self.redraw()

    def steer(self) -> None:
        """Somebody moves: nothing else may from now on."""
        self.steered, self._target = True, None

    def at(self, hit: Mark) -> None:
        """The matched word one is at stands there now."""
        self.hit = hit
        self._target = replace(self._target, hit=hit) if self._target else None
        self.redraw()

    def go(self, mark: Mark) -> None:
        """To a matched word."""
        self.restore(Place(mark[0], mark))

    @property
    def here(self) -> int:
        """The place of the text that is being read: the one gone to, or else the first that is seen."""
        line = self.layout_.line_of(self.position)
        top = self.scroll_offset.y
        if top <= line < top + self.rows_seen:
            return self.position
        return self.layout_.offset_of(top)

    # -- drawing -----------------------------------------------------------------------

    def state_of(self, line: int) -> Hashable:
        """Whether the bar stands beside a line."""
        index = line - len(self.layout_.head)
        if not 0 <= index < len(self.layout_.body):
            return False
        start, end = self.layout_.body[index]
        first, last = text_offsets.paragraph(self.article.body, self.here)
        return first <= start <= last and end > start

    def chosen_run(self, line: int) -> int | None:
        """The number of the run of a line that is under the cursor."""
        return None

    def _runs(self, line: int) -> article_layout.Line:
        """A line above or below the text."""
        layout, index = self.layout_, line - len(self.layout_.head)
        return layout.head[line] if index < 0 else layout.tail[index - len(layout.body)]

    def plain(self, line: int) -> str:
        """The text of a line."""
        layout, index = self.layout_, line - len(self.layout_.head)
        if 0 <= index < len(layout.body):
            start, end = layout.body[index]
            return safe(self.article.body[start:end])
        return "".join(run.text for run in self._runs(line))

    def draw(self, line: int, width: int) -> Strip:
        """One line of the head, the text or what follows it."""
        layout, base = self.layout_, self.rich_style
        index = line - len(layout.head)
        if 0 <= index < len(layout.body):
            bar = " ▎ " if self.state_of(line) else MARGIN
            segments = [Segment(bar, base + self.part("bar")), *self._text(*layout.body[index])]
        else:
            segments = [Segment(MARGIN, base)]
            chosen = self.chosen_run(line)
            for number, run in enumerate(self._runs(line)):
                style = base + self.part(run.style)
                style += self.part("cursor") if number == chosen else Style.null()
                segments.append(Segment(run.text, style))
        strip = line_layout.padded(segments, width, base)
        return self.selected(strip, line)

    def _text(self, start: int, end: int) -> list[Segment]:
        """A line of the text with its matched words, the one that one is at among them."""
        base, body = self.rich_style, self.article.body
        inside = text_offsets.marks_within(self.marks, start, end)
        text, marks = safe_marked(body[start:end], [(a - start, min(b, end) - start) for a, b in inside])
        segments = line_layout.marked(text, marks, base + self.part("text"), base + self.part("hit"))
        if self.hit is not None and self.hit in inside:
            at, now = len(safe(body[start : self.hit[0]])), self.part("now")
            for number, segment in enumerate(segments):
                if at == 0:
                    segments[number] = Segment(segment.text, (segment.style or Style.null()) + now)
                    break
                at -= len(segment.text)
        return segments
