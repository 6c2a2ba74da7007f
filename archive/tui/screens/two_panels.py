"""The base of screens with two panels side by side, of which a narrow window shows one at a time."""

from __future__ import annotations

from textual import events
from textual.screen import Screen, ScreenResultType

#: Width in cells from which both panels are shown.
TWO_PANELS_WIDTH = 60
#: Width in cells from which an article is shown beside the results.
PREVIEW_WIDTH = 140


class TwoPanelScreen(Screen[ScreenResultType]):
    """A screen with `#side` beside `#found`."""

    _shows_side = False

    def show_panel(self, *, side: bool) -> None:
        """Where there is room for one panel only, show the side panel or the other."""
        self._shows_side = side
        self._apply(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for both panels now, or no longer."""
        self._apply(event.size.width)

    def _apply(self, width: int) -> None:
        """Set the class that hides a panel only where it has an effect: Textual restyles the whole screen for it."""
        self.set_class(self._shows_side and width < TWO_PANELS_WIDTH, "-in-side")
