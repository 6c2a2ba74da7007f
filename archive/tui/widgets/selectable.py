"""Lines of which a part can be marked with the mouse, to be copied."""

from __future__ import annotations

from textual.selection import Selection
from textual.strip import Strip

from archive.tui.widgets.virtual_lines import Lines

#: What stands before every line, and is no part of it.
MARGIN = "   "


class Selectable(Lines):
    """Lines of text behind a margin; a subclass says what the text of each is."""

    def plain(self, line: int) -> str:
        """The text of a line."""
        raise NotImplementedError

    def selected(self, strip: Strip, line: int) -> Strip:
        """A drawn line, with what is marked of it in another style."""
        strip = strip.apply_offsets(0, line)
        span = self.text_selection.get_span(line) if self.text_selection is not None else None
        if span is None:
            return strip
        start, end = span[0], strip.cell_length if span[1] == -1 else span[1]
        if start >= end:
            return strip
        style = self.screen.get_component_rich_style("screen--selection")
        before, inside, after = strip.divide([start, end, strip.cell_length])
        return Strip.join([before, inside.apply_style(style), after])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was marked with the mouse."""
        lines = [MARGIN + self.plain(line) for line in range(self.count)]
        chosen = selection.extract("\n".join(lines))
        return "\n".join(part.removeprefix(MARGIN) for part in chosen.split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """What is marked looks different."""
        self.redraw()
