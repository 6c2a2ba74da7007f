"""Who a page is about, and two lines about them."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from archive.render.terminal import safe
from archive.tui import line_layout
from archive.tui.widgets.styled_widget import Parts


class Heading(Parts):
    """Lines of untrusted text, the first of them a name; of the others whole parts are shown."""

    DEFAULT_CSS = """
    Heading { height: 3; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"heading--name", "heading--about"}

    lines: reactive[tuple[str, ...]] = reactive(())

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        width, base = self.size.width, self.rich_style
        text = safe(self.lines[y]) if y < len(self.lines) else ""
        said = line_layout.clip(text, width - 2) if y == 0 else line_layout.whole_parts(text, width - 2)
        return line_layout.padded([Segment(f" {said}", base + self.part("about" if y else "name"))], width, base)
