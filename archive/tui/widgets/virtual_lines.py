"""Widgets that draw their own lines, of which only the visible ones are ever made, however many there are.

Textual's OptionList, DataTable and ListView take seconds for 10,000 rows; these take as long as for ten.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import FIFOCache
from textual.color import Color
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from archive.tui import textual_internals
from archive.tui.keys import ends, hidden, up_down

_CACHED_LINES = 600


class StyledWidget(Widget):
    """A widget that draws itself with the styles of its component classes, which it knows by their short names.

    Computed styles are kept until the style sheet changes: a screen of lines needs hundreds.

    COMPONENT_PREFIX  of its component classes; "" for its own name
    """

    COMPONENT_PREFIX: ClassVar[str] = ""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._part_styles: dict[str, Style] = {}
        self._background: Color | None = None

    @property
    def rich_style(self) -> Style:
        """The style of the widget itself."""
        style = self._part_styles.get("")
        if style is None:
            style = self._part_styles[""] = super().rich_style
        return style

    @property
    def background_color(self) -> Color:
        """The colour on which everything is drawn."""
        if self._background is None:
            self._background = self.background_colors[1]
        return self._background

    def part(self, name: str) -> Style:
        """The style of one component; what the style sheet does not set is left open."""
        style = self._part_styles.get(name)
        if style is None:
            prefix = self.COMPONENT_PREFIX or type(self).__name__.lower()
            style = self._part_styles[name] = self._component_style(f"{prefix}--{name}")
        return style

    def _component_style(self, name: str) -> Style:
        partial = self.get_component_rich_style(name, partial=True)
        blended = self.get_component_rich_style(name)
        color = blended.color if partial.color else None
        return Style(color=color, bgcolor=blended.bgcolor if partial.bgcolor else None) + partial.without_color

    def notify_style_update(self) -> None:
        """The style sheet or the theme has changed."""
        super().notify_style_update()
        self._part_styles.clear()
        self._background = None


class AcyclicStrip(Strip):
    """A drawn line. Textual's Strip.divide caches self, a reference cycle; this avoids it."""

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between some cells."""
        cuts = list(cuts)
        return [self] if cuts == [self.cell_length] else super().divide(cuts)


class SlimScrollBar(ScrollBar):
    """A scroll bar that draws each of its few different cells once; Textual's makes every line from scratch."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells from top to bottom."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        style = self.app.console.get_style(bar.style)
        cells = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            back_color=style.bgcolor or RichColor.default(),
            bar_color=style.color or RichColor.default(),
        )
        made = dict[int, Strip]()
        return [self._strip(segment, made) for segment in list(cells.segments)[crop.y : crop.bottom]]

    def _strip(self, segment: Segment, made: dict[int, Strip]) -> Strip:
        strip = made.get(id(segment))
        if strip is None:
            strip = Strip(Segment.apply_style([segment], self.rich_style), 1)
            for each in self.get_line_filters():
                strip = strip.apply_filter(each, self.background_colors[1])
            made[id(segment)] = strip
        return strip


class VirtualLines(StyledWidget, ScrollView, can_focus=True):
    """A scrolling view of `line_count` lines, each drawn by `draw_line` when it is first visible."""

    DEFAULT_CSS = """
    VirtualLines { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("ctrl+d,pagedown", "page(1)", "Page down"),
        hidden("ctrl+u,pageup", "page(-1)", "Page up"),
    ]

    line_count: reactive[int] = reactive(0, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: FIFOCache[Hashable, Strip] = FIFOCache(_CACHED_LINES)

    def draw_line(self, line: int, width: int) -> Strip:
        """Line number `line` in `width` cells."""
        raise NotImplementedError

    def line_state(self, line: int) -> Hashable:
        """What a line's appearance depends on beside its contents: part of the key of its cached drawing."""
        return None

    def watch_line_count(self, line_count: int) -> None:
        """Update the scrollable size."""
        self.redraw()
        self.virtual_size = Size(0, line_count)

    def redraw(self) -> None:
        """Draw every visible line again."""
        self._drawn.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """The style sheet or the theme has changed."""
        super().notify_style_update()
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are drawn for a width."""
        self._drawn.clear()

    @property
    def visible_lines(self) -> int:
        """Number of lines that fit."""
        return max(1, self.scrollable_content_region.height)

    def render_line(self, y: int) -> Strip:
        """The line at `y` on the screen."""
        return self._line(y + self.scroll_offset.y, self.scrollable_content_region.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible lines; without borders and padding beside them, what Textual does to compose them is skipped."""
        styles, width = self.styles, self.outer_size.width
        top, right, bottom, left = styles.gutter
        if right or bottom or left or styles.border_top[0] or styles.text_opacity < 1 or crop.column_span != (0, width):
            return super().render_lines(crop)
        first, room = self.scroll_offset.y - top, self.scrollable_content_region.width
        above = [self._finish(Strip.blank(width, Style(bgcolor=self.background_color.rich_color)))] * top
        return [self._line(first + y, room) if y >= top else above[y] for y in crop.line_range]

    def _line(self, line: int, width: int) -> Strip:
        """A line in `width` cells, from the cache if it is there."""
        key = (line, width, self.line_state(line)) if line < self.line_count else None
        strip = self._drawn.get(key)
        if strip is None:
            drawn = Strip.blank(width, self.rich_style) if key is None else self.draw_line(line, width)
            strip = self._drawn[key] = self._finish(drawn)
        return strip

    def _finish(self, strip: Strip) -> Strip:
        """A line as wide as the widget and in the terminal's colours."""
        strip = strip.adjust_cell_length(self.outer_size.width, self.rich_style)
        for each in self.get_line_filters():
            strip = strip.apply_filter(each, self.background_color)
        return AcyclicStrip(strip, strip.cell_length)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it is first asked for."""
        return textual_internals.vertical_scrollbar(self, lambda: SlimScrollBar(name="vertical", thickness=1))

    def scroll_to_line(self, line: int) -> None:
        """Make `line` the first visible one."""
        self.scroll_to(y=max(0, line), animate=False, force=True)

    def action_page(self, direction: int) -> None:
        """Scroll by a screen, less two lines."""
        self.scroll_to_line(self.scroll_offset.y + direction * max(1, self.visible_lines - 2))


class VirtualList(VirtualLines):
    """Rows of `row_height` lines, with a cursor on one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *up_down("move"),
        *ends("move_to(0)", "move_to(-1)", ("First", "Last")),
    ]

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    row_height = 1

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return self.line_count // self.row_height

    def line_state(self, line: int) -> Hashable:
        """Whether the line is in the row under the cursor, and whether the list has the focus."""
        return (1 + self.has_focus) if line // self.row_height == self.cursor else 0

    def validate_cursor(self, cursor: int) -> int:
        """The number of an existing row."""
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Draw the two rows that change, and scroll to the cursor."""
        for row in (before, cursor):
            self.refresh_lines(row * self.row_height, self.row_height)
        self.scroll_to_cursor()

    def scroll_to_cursor(self) -> None:
        """Scroll as little as necessary to show all of the row under the cursor."""
        region = Region(0, self.cursor * self.row_height, 1, self.row_height)
        self.scroll_to_region(region, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by some rows."""
        self.cursor += by
        self.cursor_moved()

    def action_move_to(self, row: int) -> None:
        """Move the cursor to a row; -1 is the last."""
        self.cursor = self.row_count - 1 if row < 0 else row
        self.cursor_moved()

    def action_page(self, direction: int) -> None:
        """Move the cursor by a screen of rows."""
        self.cursor += direction * max(1, self.visible_lines // self.row_height - 1)
        self.cursor_moved()

    def cursor_moved(self) -> None:
        """Called when the user, and not the program, has moved the cursor."""

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row."""
        row = (event.y + self.scroll_offset.y) // self.row_height
        if 0 <= row < self.row_count:
            self.cursor = row
            self.row_clicked(event)

    def row_clicked(self, event: events.Click) -> None:
        """Called when the row under the cursor is clicked."""
        self.cursor_moved()
