"""The list of what was found; however long it is, only what is seen is fetched and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from archive.model.results import Hit
from archive.render.terminal import safe
from archive.tui import line_layout
from archive.tui.model.hit_cache import Window
from archive.tui.widgets.multiline_list import Cards


class Results(Cards):
    """Title, date, venues, people and snippet of each hit."""

    HELP = "The articles that were found. Only what you look at is fetched, so the list may be of any length."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "Read", key_display="⏎"),
    ]

    @dataclass
    class Opened(Message):
        """An article is to be read."""

        place: int

    @dataclass
    class Selected(Message):
        """The cursor was moved to an article."""

        article_id: str

    @dataclass
    class Wanted(Message):
        """Hits are looked at that have not been fetched."""

        page: int

        def can_replace(self, message: Message) -> bool:
            """What was looked at before no longer matters."""
            return isinstance(message, Results.Wanted)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.window = Window()
        self._waiting: int | None = None
        self._snippet: tuple[object, list[list[Segment]]] = (None, [])

    def show(self, window: Window, cursor: int) -> None:
        """Show another list, with the cursor on a row of it."""
        self.window, self._waiting = window, None
        self.fit(cursor)

    def put(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Hits have come that were wanted."""
        self.window.put(page, hits)
        self._waiting = None
        self.redraw()

    @property
    def total(self) -> int:
        """How many hits there are."""
        return self.window.total

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if self.window.get(self.cursor) is not None:
            self.post_message(self.Opened(self.cursor))

    def moved(self) -> None:
        """Tell which article is selected now."""
        hit = self.window.get(self.cursor)
        if hit is not None:
            self.post_message(self.Selected(hit.id))

    def card(self, place: int, part: int, room: int, base: Style) -> list[Segment]:
        """One line of a hit."""
        hit = self.window.get(place)
        if hit is None:
            self._want(place)
            return [Segment("·" if part == 0 else "", base)]
        return self._body(hit, part, room, base)

    def _want(self, place: int) -> None:
        page = next(self.window.lacking(place, place), None)
        if page is not None and page != self._waiting:
            self._waiting = page
            self.post_message(self.Wanted(page))

    def _body(self, hit: Hit, part: int, room: int, base: Style) -> list[Segment]:
        if part == 0:
            title = line_layout.shown(hit.title, room) or "(untitled)"
            return [Segment(title, base + self.part("title"))]
        if part == 1:
            style = base + self.part("detail")
            date = hit.date or "undated"
            about = [line_layout.clip(", ".join(map(safe, hit.venues)), room // 2)] if hit.venues else []
            text = " · ".join([date, *about])
            left = room - len(text) - 3
            people = line_layout.listed([safe(name) for name in hit.people], left) if hit.people and left > 8 else ""
            return [Segment(line_layout.clip(" · ".join(filter(None, (text, people))), room), style)]
        lines = self.row_height - 3 if self.row_height > 3 else 1
        if part - 2 >= lines:
            return []
        key = (hit.id, hit.snippet, hit.snippet.marks, room, lines, base)
        if self._snippet[0] != key:  # its lines are asked for one after the other
            plain, found = base + self.part("snippet"), base + self.part("hit")
            self._snippet = (key, line_layout.snippet_lines(hit.snippet, hit.snippet.marks, room, lines, plain, found))
        return self._snippet[1][part - 2]
