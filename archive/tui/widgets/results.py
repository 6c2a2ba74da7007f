"""The list of what was found; however long it is, only what is seen is fetched and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from archive.render.terminal import safe
from archive.results import Hit
from archive.tui import strips
from archive.tui.widgets.lines import Rows
from archive.tui.window import Window

#: From so many lines on, a row has a second line of snippet and an empty one below it.
_ROOMY = 28
#: Cells of a line at the most: longer ones are hard to read.
_MEASURE = 120


class Results(Rows):
    """Title, date, venues, people and snippet of each hit."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"results--{part}" for part in ("title", "detail", "snippet", "hit", "cursor", "bar")
    }
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
        self._fit(cursor)

    def put(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Hits have come that were wanted."""
        self.window.put(page, hits)
        self._waiting = None
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """More room is more lines a row."""
        super().on_resize(event)
        self._fit(self.cursor)

    def _fit(self, cursor: int) -> None:
        self.row_height = 5 if self.size.height >= _ROOMY else 3
        count = self.window.total * self.row_height
        changed = count != self.count
        self.count = count
        self.cursor = cursor
        self.redraw()
        if changed:
            self.call_after_refresh(self.show_cursor)
        self.show_cursor()

    def action_open(self) -> None:
        """Read the article under the cursor."""
        if self.window.get(self.cursor) is not None:
            self.post_message(self.Opened(self.cursor))

    def moved(self) -> None:
        """Tell which article is selected now."""
        hit = self.window.get(self.cursor)
        if hit is not None:
            self.post_message(self.Selected(hit.id))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens."""
        row = self.row_at(event)
        if row is not None:
            self.cursor = row
            self.moved()
            if event.chain > 1:
                self.action_open()

    def draw(self, line: int, width: int) -> Strip:
        """One line of a hit."""
        place, part = divmod(line, self.row_height)
        hit = self.window.get(place)
        under = place == self.cursor and part < (4 if self.row_height > 3 else 3)
        base = self.rich_style + (self.part("cursor") if under else Style.null())
        bar = Segment("▌ " if under else "  ", base + self.part("bar") if under else base)
        room = max(1, min(width - 4, _MEASURE))
        if hit is None:
            self._want(place)
            body = [Segment("·" if part == 0 else "", base)]
        else:
            body = self._body(hit, part, room, base)
        return strips.padded([bar, *body], width, base)

    def _want(self, place: int) -> None:
        page = next(self.window.lacking(place, place), None)
        if page is not None and page != self._waiting:
            self._waiting = page
            self.post_message(self.Wanted(page))

    def _body(self, hit: Hit, part: int, room: int, base: Style) -> list[Segment]:
        if part == 0:
            title = strips.shown(hit.title, room) or "(untitled)"
            return [Segment(title, base + self.part("title"))]
        if part == 1:
            style = base + self.part("detail")
            date = hit.date or "undated"
            about = [strips.clip(", ".join(map(safe, hit.venues)), room // 2)] if hit.venues else []
            text = " · ".join([date, *about])
            left = room - len(text) - 3
            people = strips.listed([safe(name) for name in hit.people], left) if hit.people and left > 8 else ""
            return [Segment(strips.clip(" · ".join(filter(None, (text, people))), room), style)]
        lines = self.row_height - 3 if self.row_height > 3 else 1
        if part - 2 >= lines:
            return []
        key = (hit.id, hit.snippet, room, lines, base)
        if self._snippet[0] != key:  # its lines are asked for one after the other
            plain, found = base + self.part("snippet"), base + self.part("hit")
            self._snippet = (key, strips.snippet_lines(hit.snippet, hit.snippet.marks, room, lines, plain, found))
        return self._snippet[1][part - 2]
