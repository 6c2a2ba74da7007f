"""Styles of the parts of a widget that draws itself."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget


class Parts(Widget):
    """Knows its component classes by their short names."""

    def part(self, name: str) -> Style:
        """What the style sheet says of one part; what it does not say is left open."""
        name = f"{type(self).__name__.lower()}--{name}"
        said = self.get_component_rich_style(name, partial=True)
        blended = self.get_component_rich_style(name)
        color = blended.color if said.color else None
        return Style(color=color, bgcolor=blended.bgcolor if said.bgcolor else None) + said.without_color
