"""The two lines at the foot: how things stand, and what can be done now."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from archive.render.graphemes import cell_width
from archive.tui import strips

_PARTS = ("now", "error", "news", "aside", "key", "what")


class Status(Widget):
    """Totals, time, news and errors on the first line; keys, each of which can be clicked, on the second.

    now     what was found
    error   what is wrong, in place of it
    news    what has happened meanwhile
    aside   something at the right, if there is room
    """

    DEFAULT_CSS = """
    Status {
        height: 2; dock: bottom;
        & > .status--now { color: $foreground; }
        & > .status--error { color: $error; }
        & > .status--news { color: $success; text-style: bold; }
        & > .status--aside { color: $text-muted; }
        & > .status--key { color: $accent; text-style: bold; }
        & > .status--what { color: $text-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{part}" for part in _PARTS}

    now: reactive[str] = reactive("")
    error: reactive[str] = reactive("")
    news: reactive[str] = reactive("")
    aside: reactive[str] = reactive("")

    def on_mount(self) -> None:
        """What can be done changes with the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: Screen[object]) -> None:
        self.refresh()

    def _part(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"status--{name}")

    def render_line(self, y: int) -> Strip:
        """The line of how things stand, or that of the keys."""
        width = self.size.width
        return self._standing(width) if y == 0 else self._keys(width)

    def _standing(self, width: int) -> Strip:
        aside = strips.shown(self.aside, max(0, width // 3))
        news = strips.shown(self.news, width - 4)
        room = max(0, width - 3 - (cell_width(news) + 3 if news else 0))
        said, kind = (self.error, "error") if self.error else (self.now, "now")
        text = strips.shown(said, room)
        left = [Segment(f" {text}", self._part(kind))]
        if news:
            left += [Segment("  " if text else "", self.rich_style), Segment(news, self._part("news"))]
        used = sum(cell_width(segment.text) for segment in left)
        right = [Segment(f"{aside} ", self._part("aside"))] if used + cell_width(aside) + 3 <= width else []
        return strips.justified(left, right, width, self.rich_style)

    def _hints(self, width: int) -> list[tuple[int, int, str, str, str]]:
        """Start, end, key, words and action of every hint that has room, each whole."""
        hints, x, seen = [], 1, set[str]()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled or binding.action in seen or not binding.description:
                continue
            seen.add(binding.action)
            key = self.app.get_key_display(binding)
            end = x + cell_width(key) + 1 + cell_width(binding.description)
            if end + 1 > width:
                continue
            hints.append((x, end, key, binding.description, binding.key))
            x = end + 3
        return hints

    def _keys(self, width: int) -> Strip:
        segments = [Segment(" ", self.rich_style)]
        for _, _, key, what, _ in self._hints(width):
            segments += [
                Segment(key, self._part("key")),
                Segment(f" {what}", self._part("what")),
                Segment("   ", self.rich_style),
            ]
        return strips.padded(segments, width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """A hint does what its key does."""
        if event.y == 1:
            for start, end, _, _, key in self._hints(self.size.width):
                if start <= event.x < end:
                    self.app.simulate_key(key)
