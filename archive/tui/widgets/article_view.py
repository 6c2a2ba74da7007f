"""The article that is read: the ways through its text, and its people and venues as links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from archive.model.article import Article
from archive.render.terminal import Mark
from archive.text.graphemes import cell_width
from archive.tui.bindings import ends, hidden, sections, up_down
from archive.tui.model import article_layout, text_offsets
from archive.tui.model.article_layout import Place
from archive.tui.widgets.article_text import Page


class ArticleView(Page):
    """One article to be walked through by lines, screens, paragraphs and links."""

    HELP = "The article. Tab goes to its people and venues, Enter narrows the search by it, P opens a page."
    BINDINGS: ClassVar[list[BindingType]] = [
        *up_down("scroll_by"),
        hidden("space", "page(1)", "Page down"),
        *ends("top", "bottom", ("Top", "End")),
        *sections("paragraph", "paragraph"),
        hidden("tab", "link(1)", "Next link"),
        hidden("shift+tab", "link(-1)", "Previous link"),
        hidden("enter", "follow", "Follow the link"),
    ]

    @dataclass
    class Followed(Message):
        """A person or a venue is to narrow the search."""

        facet: str
        value: str

    link: reactive[int | None] = reactive(None, init=False)

    def action_scroll_by(self, lines: int) -> None:
        """Up or down by lines."""
        self.steer()
        self.jump(self.scroll_offset.y + lines)

    def action_page(self, direction: int) -> None:
        """A screenful on."""
        self.steer()
        super().action_page(direction)

    def action_top(self) -> None:
        """To the beginning."""
        self.steer()
        self.position = 0
        self.jump(0)

    def action_bottom(self) -> None:
        """To the end."""
        self.steer()
        self.restore(Place(len(self.article.body), self.hit, len(self.article.body)))

    def action_paragraph(self, direction: int) -> None:
        """To the next paragraph or the one before."""
        self.steer()
        self.restore(Place(text_offsets.next_paragraph(self.article.body, self.here, direction)))

    # -- links -------------------------------------------------------------------------

    def open(self, article: Article, marks: Sequence[Mark] = (), place: Place | None = None) -> None:
        """Show another article, from its beginning or from a place."""
        self.set_reactive(ArticleView.link, None)
        super().open(article, marks, place)

    def watch_link(self) -> None:
        """The link that would be followed looks different."""
        self.redraw()

    def chosen_run(self, line: int) -> int | None:
        """The number of the link of a line that is under the cursor."""
        found = article_layout.links(self.layout_)
        if self.link is None or self.link >= len(found) or found[self.link][0] != line:
            return None
        return found[self.link][1]

    def action_link(self, by: int) -> None:
        """To the next person or venue above the text."""
        number = len(article_layout.links(self.layout_))
        if number:
            self.link = (0 if by > 0 else number - 1) if self.link is None else (self.link + by) % number
            self.jump(0)

    @property
    def chosen(self) -> tuple[str, str] | None:
        """The facet and the value of the link under the cursor."""
        found = article_layout.links(self.layout_)
        if self.link is None or self.link >= len(found):
            return None
        line, number = found[self.link]
        return self.layout_.head[line][number].link

    def action_follow(self) -> None:
        """Narrow the search by the person or venue."""
        if self.chosen is not None:
            self.post_message(self.Followed(*self.chosen))

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
            self.steer()
            self.position, self.hit = self.layout_.offset_of(line), None
            self.redraw()
