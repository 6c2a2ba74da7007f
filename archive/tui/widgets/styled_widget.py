"""Styles of the parts of a widget that draws itself."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.color import Color
from textual.widget import Widget


class Parts(Widget):
    """Knows its component classes by their short names.

    A style is worked out once and kept until the style sheet speaks again: a screen of lines
    asks for hundreds.

    KIND  after what its component classes are called, if not after its own
    """

    KIND: ClassVar[str] = ""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._looks: dict[str, Style] = {}
        self._beneath: Color | None = None

    @property
    def rich_style(self) -> Style:
        """The style of what is no part in particular."""
        style = self._looks.get("")
        if style is None:
            style = self._looks[""] = super().rich_style
        return style

    @property
    def beneath(self) -> Color:
        """The colour on which everything is drawn."""
        if self._beneath is None:
            self._beneath = self.background_colors[1]
        return self._beneath

    def part(self, name: str) -> Style:
        """What the style sheet says of one part; what it does not say is left open."""
        style = self._looks.get(name)
        if style is None:
            style = self._looks[name] = self._part(f"{self.KIND or type(self).__name__.lower()}--{name}")
        return style

    def _part(self, name: str) -> Style:
        said = self.get_component_rich_style(name, partial=True)
        blended = self.get_component_rich_style(name)
        color = blended.color if said.color else None
        return Style(color=color, bgcolor=blended.bgcolor if said.bgcolor else None) + said.without_color

    def notify_style_update(self) -> None:
        """Colours have changed."""
        super().notify_style_update()
        self._looks.clear()
        self._beneath = None
