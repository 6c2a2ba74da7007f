"""The heading of a page, and the two lines at the foot of every screen: status and keys."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input

from archive.render.terminal import cell_width, safe
from archive.tui import line_layout
from archive.tui.keys import listed_bindings
from archive.tui.widgets.virtual_lines import StyledWidget

#: Width in cells from which a warning is shown in words.
_NARROW = 60
_COMPONENTS = ("message", "error", "notice", "context", "key", "description")


class Heading(StyledWidget):
    """Lines of untrusted text, the first of them a name; the others are clipped to whole parts."""

    DEFAULT_CSS = """
    Heading { height: 3; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"heading--name", "heading--about"}

    lines: reactive[tuple[str, ...]] = reactive(())

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        width, base = self.size.width, self.rich_style
        text = safe(self.lines[y]) if y < len(self.lines) else ""
        clipped = line_layout.clip(text, width - 2) if y == 0 else line_layout.clip_parts(text, width - 2)
        return line_layout.padded([Segment(f" {clipped}", base + self.part("about" if y else "name"))], width, base)


class Status(StyledWidget):
    """The status on the first line; keys, each of which can be clicked, on the second.

    message  what is shown: totals, position
    error    what is wrong, in place of the message
    notice   what has happened meanwhile
    context  something at the right, if there is room: the archive's name
    warning  something wrong that lasts, left of the context; a click posts WarningClicked
    """

    DEFAULT_CSS = """
    Status {
        height: 2; dock: bottom;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{name}" for name in _COMPONENTS}

    message: reactive[str] = reactive("", repaint=False)
    error: reactive[str] = reactive("", repaint=False)
    notice: reactive[str] = reactive("", repaint=False)
    context: reactive[str] = reactive("", repaint=False)
    warning: reactive[str] = reactive("", repaint=False)

    class WarningClicked(Message):
        """The warning was clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._warning_span = (0, 0)
        self._hints_at: tuple[int, list[tuple[int, str, Binding]]] | None = None

    def on_mount(self) -> None:
        """Watch for other keys: they change with the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _: Screen[object]) -> None:
        self._hints_at = None
        self.refresh(Region(0, 1, self.size.width, 1))

    def _status_changed(self) -> None:
        self.refresh(Region(0, 0, self.size.width, 1))

    watch_message = watch_error = watch_notice = watch_context = watch_warning = _status_changed

    def _style(self, name: str) -> Style:
        return self.rich_style + self.part(name)

    def render_line(self, y: int) -> Strip:
        """The status or the keys."""
        width = self.size.width
        return self._status_line(width) if y == 0 else self._key_line(width)

    def _status_line(self, width: int) -> Strip:
        context = line_layout.clip_safe(self.context, max(0, width // 3))
        notice = line_layout.clip_safe(self.notice, width - 4)
        warning = f"! {self.warning if width >= _NARROW else self.warning.split()[0]}  " if self.warning else ""
        room = max(0, width - 3 - (cell_width(notice) + 3 if notice else 0) - cell_width(warning))
        if self.error:
            left = [Segment(f" {line_layout.clip_safe(self.error, room)}", self._style("error"))]
        else:
            left = [Segment(f" {line_layout.clip_parts(safe(self.message), room)}", self._style("message"))]
        if notice:
            gap = "  " if left[0].text.strip() else ""
            left += [Segment(gap, self.rich_style), Segment(notice, self._style("notice"))]
        used = sum(cell_width(segment.text) for segment in left)
        fits = used + cell_width(warning) + cell_width(context) + 3 <= width
        right = [Segment(warning, self._style("notice" if not self.error else "error"))] if warning else []
        right += [Segment(f"{context} ", self._style("context"))] if fits else []
        self._warning_span = (width - sum(cell_width(each.text) for each in right), cell_width(warning))
        return line_layout.justified(left, right, width, self.rich_style)

    def _hints(self, width: int) -> list[tuple[int, str, Binding]]:
        """Position, key and binding of every hint that fits; help is at the right end."""
        if self._hints_at is None or self._hints_at[0] != width:
            self._hints_at = width, self._make_hints(width)
        return self._hints_at[1]

    def _make_hints(self, width: int) -> list[tuple[int, str, Binding]]:
        display, focused = self.app.get_key_display, self.screen.focused
        active = [each for each in self.screen.active_bindings.values() if each.enabled and each.binding.show]
        if isinstance(focused, Input):  # in an input, single characters are text and not keys
            active = [each for each in active if each.node is focused or len(display(each.binding)) > 1]
        nodes = dict.fromkeys(each.node for each in active)
        order = dict.fromkeys((node, binding.action) for node in nodes for binding in listed_bindings(node))
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

    def _key_line(self, width: int) -> Strip:
        segments, x = list[Segment](), 0
        for start, key, binding in self._hints(width):
            hint = [Segment(key, self._style("key")), Segment(f" {binding.description}", self._style("description"))]
            segments += [Segment(" " * (start - x), self.rich_style), *hint]
            x = start + sum(cell_width(segment.text) for segment in hint)
        return line_layout.padded(segments, width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Press the key of the clicked hint, or tell of a click on the warning."""
        start, length = self._warning_span
        if event.y == 0 and start <= event.x < start + length:
            self.post_message(self.WarningClicked())
        if event.y == 1:
            for start, key, binding in self._hints(self.size.width):
                if start <= event.x <= start + cell_width(f"{key} {binding.description}"):
                    self.app.simulate_key(binding.key)
