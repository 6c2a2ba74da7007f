"""The result list, of which only the visible part is fetched and drawn, and what stands in its place if it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive import Hit, SearchRequest
from archive.render.terminal import safe, safe_marked
from archive.render.text import pluralize
from archive.tui import line_layout
from archive.tui.keys import hidden
from archive.tui.model.search_model import Alternative, HitCache
from archive.tui.widgets.lists import MultilineList, ViOptionList


class Results(MultilineList):
    """Title, date, venues, people and snippet of each hit."""

    HELP = "The articles found. Only those you look at are fetched, so a list of any length is there at once."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "Read", key_display="⏎"),
        hidden("m", "mark", "Mark, to act on several"),
        hidden("n", "next_new(1)", "Next new article"),
        hidden("N", "next_new(-1)", "Previous new article"),
        hidden("o", "only_new", "Only new articles, or all"),
        hidden("A", "all_seen", "Nothing is new any more"),
    ]

    @dataclass
    class NextNew(Message):
        """The next (1) or previous (-1) article that is new is wanted."""

        direction: int

    class OnlyNew(Message):
        """Only what is new is wanted, or everything again."""

    class AllSeen(Message):
        """Nothing is new any more."""

    @dataclass
    class Opened(Message):
        """A hit was chosen to be read."""

        rank: int

    @dataclass
    class Selected(Message):
        """The user has moved the cursor to an article."""

        article_id: str

    @dataclass
    class PageRequested(Message):
        """Hits are visible that have not been fetched."""

        page: int

        def can_replace(self, message: Message) -> bool:
            """Only the latest page matters."""
            return isinstance(message, Results.PageRequested)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hits = HitCache()
        self._new: frozenset[str] = frozenset()
        self._requested_page: int | None = None
        self._snippet: tuple[object, list[list[Segment]]] = (None, [])

    def show(self, hits: HitCache, cursor: int) -> None:
        """Show other hits, with the cursor on one of them."""
        self.hits, self._requested_page = hits, None
        self.update_items(cursor)

    def mark_key(self, index: int) -> str:
        """The id of a hit."""
        hit = self.hits.get(index)
        return "" if hit is None else hit.id

    def mark_new(self, ids: frozenset[str]) -> None:
        """Mark the hits with these ids as new."""
        if ids != self._new:
            self._new = ids
            self.redraw()

    def action_next_new(self, direction: int) -> None:
        """Go to the next or previous article that is new."""
        self.post_message(self.NextNew(direction))

    def action_only_new(self) -> None:
        """List only what is new, or everything again."""
        self.post_message(self.OnlyNew())

    def action_all_seen(self) -> None:
        """Note that everything was seen."""
        self.post_message(self.AllSeen())

    def add_page(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Add a page that was requested."""
        self.hits.put(page, hits)
        self._requested_page = None
        self.redraw()

    @property
    def total(self) -> int:
        """Number of hits."""
        return self.hits.total

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if self.hits.get(self.cursor) is not None:
            self.post_message(self.Opened(self.cursor))

    def cursor_moved(self) -> None:
        """Report the article under the cursor."""
        hit = self.hits.get(self.cursor)
        if hit is not None:
            self.post_message(self.Selected(hit.id))

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of a hit."""
        hit = self.hits.get(index)
        if hit is None:
            self._request(index)
            return [Segment("·" if line == 0 else "", base)]
        if line == 0:
            title, marks = safe_marked(hit.title or "(untitled)", hit.title_marks)
            label = [Segment("new ", base + self.part("new"))] if hit.id in self._new else []
            room -= len(label) * len("new ")
            plain, marked = base + self.part("title"), base + self.part("hit")
            return [*label, *line_layout.clipped_segments(title, marks, room, plain, marked)]
        if line == 1:
            return [Segment(_about(hit, room), base + self.part("detail"))]
        return self._snippet_line(hit, line - 2, room, base)

    def _request(self, rank: int) -> None:
        page = next(self.hits.missing_pages(rank, rank), None)
        if page is not None and page != self._requested_page:
            self._requested_page = page
            self.post_message(self.PageRequested(page))

    def _snippet_line(self, hit: Hit, line: int, room: int, base: Style) -> list[Segment]:
        lines = self.row_height - 3 if self.row_height > 3 else 1
        if line >= lines:
            return []
        key = (hit.id, hit.snippet, hit.snippet.marks, room, lines, base)
        if self._snippet[0] != key:  # its lines are drawn one after the other
            plain, marked = base + self.part("snippet"), base + self.part("hit")
            self._snippet = (key, line_layout.snippet_lines(hit.snippet, hit.snippet.marks, room, lines, plain, marked))
        return self._snippet[1][line]


def _about(hit: Hit, room: int) -> str:
    """Date, venues and people of a hit in `room` cells."""
    venues = [line_layout.clip(", ".join(map(safe, hit.venues)), room // 2)] if hit.venues else []
    text = " · ".join([hit.date or "undated", *venues])
    left = room - len(text) - 3
    people = line_layout.join_people([safe(name) for name in hit.people], left) if hit.people and left > 8 else ""
    return line_layout.clip(" · ".join(filter(None, (text, people))), room)


class EmptyState(Vertical):
    """Why there are no results, and other searches to choose from."""

    DEFAULT_CSS = """
    EmptyState {
        padding: 1 2;
        & > Static { height: auto; margin-bottom: 1; }
        & > OptionList, & > OptionList:focus { height: auto; border: none; background: transparent; padding: 0; }
    }
    """
    HELP = "No articles found. Choose another search, or remove a constraint."

    @dataclass
    class Chosen(Message):
        """Another search was chosen."""

        request: SearchRequest

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._requests: Sequence[SearchRequest] = ()

    def compose(self) -> ComposeResult:
        """The reason and the other searches."""
        yield Static(id="reason")
        yield ViOptionList(id="suggestions")

    def show(self, reason: str, alternatives: Sequence[Alternative]) -> None:
        """Show a reason and other searches."""
        self.query_one("#reason", Static).update(Text(safe(reason)))
        options = self.query_one("#suggestions", OptionList)
        self._requests = [each.request for each in alternatives]
        options.clear_options()
        for each in alternatives:
            count = pluralize(each.total, "article")
            label = Text(safe(each.label), style="bold")
            options.add_option(Option(Text.assemble(label, f"  {count}", (f"  {safe(each.reason)}", "dim"))))
        options.display = bool(alternatives)
        if alternatives:
            options.highlighted = 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Run the chosen search."""
        event.stop()
        self.post_message(self.Chosen(self._requests[event.option_index]))
