"""The two lines at the foot: how things stand, and what can be done now."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input

from archive.render.terminal import safe
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.bindings import offered
from archive.tui.widgets.styled_widget import Parts

_PARTS = ("now", "error", "news", "aside", "key", "what")


class Status(Parts):
    """Totals, time, news and errors on the first line; keys, each of which can be clicked, on the second.

    now     what was found
    error   what is wrong, in place of it
    news    what has happened meanwhile
    aside   something at the right, if there is room
    """

    DEFAULT_CSS = """
    Status {
        height: 2; dock: bottom;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{part}" for part in _PARTS}

    now: reactive[str] = reactive("", repaint=False)
    error: reactive[str] = reactive("", repaint=False)
    news: reactive[str] = reactive("", repaint=False)
    aside: reactive[str] = reactive("", repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hinted: tuple[int, list[tuple[int, str, Binding]]] | None = None

    def on_mount(self) -> None:
        """What can be done changes with the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: Screen[object]) -> None:
        self._hinted = None
        self.refresh(Region(0, 1, self.size.width, 1))

    def _said(self) -> None:
        self.refresh(Region(0, 0, self.size.width, 1))

    watch_now = watch_error = watch_news = watch_aside = _said

    def _style(self, name: str) -> Style:
        return self.rich_style + self.part(name)

    def render_line(self, y: int) -> Strip:
        """The line of how things stand, or that of the keys."""
        width = self.size.width
        return self._standing(width) if y == 0 else self._keys(width)

    def _standing(self, width: int) -> Strip:
        aside = line_layout.shown(self.aside, max(0, width // 3))
        news = line_layout.shown(self.news, width - 4)
        room = max(0, width - 3 - (cell_width(news) + 3 if news else 0))
        said, kind = (self.error, "error") if self.error else (self.now, "now")
        text = line_layout.shown(said, room) if self.error else line_layout.whole_parts(safe(said), room)
        left = [Segment(f" {text}", self._style(kind))]
        if news:
            left += [Segment("  " if text else "", self.rich_style), Segment(news, self._style("news"))]
        used = sum(cell_width(segment.text) for segment in left)
        right = [Segment(f"{aside} ", self._style("aside"))] if used + cell_width(aside) + 3 <= width else []
        return line_layout.justified(left, right, width, self.rich_style)

    def _hints(self, width: int) -> list[tuple[int, str, Binding]]:
        """Where, with which key and for what every hint stands that has room; help is at the right end."""
        if self._hinted is None or self._hinted[0] != width:
            self._hinted = width, self._make_hints(width)
        return self._hinted[1]

    def _make_hints(self, width: int) -> list[tuple[int, str, Binding]]:
        display, focused = self.app.get_key_display, self.screen.focused
        active = [each for each in self.screen.active_bindings.values() if each.enabled and each.binding.show]
        if isinstance(focused, Input):  # whoever types has no use for characters as keys
            active = [each for each in active if each.node is focused or len(display(each.binding)) > 1]
        nodes = dict.fromkeys(each.node for each in active)
        order = dict.fromkeys((node, binding.action) for node in nodes for binding in offered(node))
        shown = {(each.node, each.binding.action): each.binding for each in reversed(active)}
        unique = [shown[each] for each in order if each in shown]
        keys = {binding.action: display(binding) for binding in unique}
        sizes = {each.action: cell_width(f"{keys[each.action]} {each.description}") for each in unique}
        last = [binding for binding in unique if binding.action == "help"]
        end = width - sum(sizes[binding.action] + 1 for binding in last)
        hints, x = [(end, keys[binding.action], binding) for binding in last], 1
        for binding in unique:
            if binding not in last and x + sizes[binding.action] + 2 <= end:
                hints.append((x, keys[binding.action], binding))
                x += sizes[binding.action] + 3
        return sorted(hints, key=lambda hint: hint[0])

    def _keys(self, width: int) -> Strip:
        segments, x = list[Segment](), 0
        for start, key, binding in self._hints(width):
            said = [Segment(key, self._style("key")), Segment(f" {binding.description}", self._style("what"))]
            segments += [Segment(" " * (start - x), self.rich_style), *said]
            x = start + sum(cell_width(segment.text) for segment in said)
        return line_layout.padded(segments, width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """A hint does what its key does."""
        if event.y == 1:
            for start, key, binding in self._hints(self.size.width):
                if start <= event.x <= start + cell_width(f"{key} {binding.description}"):
                    self.app.simulate_key(binding.key)
