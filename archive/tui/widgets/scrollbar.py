"""A scroll bar that costs next to nothing to draw again."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class SlimScrollBar(ScrollBar):
    """Draws each of the few different cells once; the toolkit's makes every line of it from the beginning."""

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
            back_color=style.bgcolor or Color.default(),
            bar_color=style.color or Color.default(),
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
