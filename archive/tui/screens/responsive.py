"""Two panels beside each other, or in a narrow window one in place of the other."""

from __future__ import annotations

from textual import events
from textual.screen import Screen, ScreenResultType

#: Cells from which there is room for two panels.
ROOM_FOR_TWO = 60


class Folding(Screen[ScreenResultType]):
    """A screen with `#side` beside `#found`."""

    _in_side = False

    def fold(self, in_side: bool) -> None:
        """Where there is room for one panel only, show the side or what lies beside it."""
        self._in_side = in_side
        self._fold(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for both now, or no longer."""
        self._fold(event.size.width)

    def _fold(self, width: int) -> None:
        """A class means that all of a screen is styled and painted anew: it is set only where it counts."""
        self.set_class(self._in_side and width < ROOM_FOR_TWO, "-in-side")
