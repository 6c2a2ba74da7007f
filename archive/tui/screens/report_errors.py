"""Running work of a screen in the background, so that whatever goes wrong is said in a sentence."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from textual.screen import Screen

from archive import ArchiveError
from archive.tui.messages import report_damage


def run_reporting(screen: Screen[Any], work: Coroutine[Any, Any, None], group: str, *, exclusive: bool = False) -> None:
    """Run `work` in a worker of the screen; an ArchiveError becomes a notification, a damaged index is rebuilt."""
    screen.run_worker(_reporting(screen, work), group=group, exclusive=exclusive)


async def _reporting(screen: Screen[Any], work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ArchiveError as error:
        if not report_damage(screen, error):
            screen.notify(str(error), severity="error")
