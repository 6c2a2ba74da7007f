"""The base of the pages of people and of occasions: what was seen, beside what is related to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from archive import ArchiveError, Quote
from archive.render.quote_text import quoted
from archive.render.text import pluralize
from archive.tui.messages import ChangeRequest, CopyRequested, report_damage
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.two_panels import TwoPanelScreen
from archive.tui.session import Session
from archive.tui.widgets.related_panel import RelatedPanel
from archive.tui.widgets.status import Status

if TYPE_CHECKING:
    from archive.tui.screens.reader import ReaderResult


class RelatedPage(TwoPanelScreen[ChangeRequest | None]):
    """A page of what was seen, beside what is related to it; returns how the search is to change, if at all."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def go_to(self, index: int) -> None:
        """Move the cursor to an item of the page, and the focus with it."""
        raise NotImplementedError

    @property
    def panel(self) -> RelatedPanel:
        """What is related to the item under the cursor, or to all of them."""
        return self.query_one(RelatedPanel)

    @property
    def status(self) -> Status:
        """The last line."""
        return self.query_one(Status)

    def fail(self, error: ArchiveError) -> None:
        """Say what went wrong; a damaged index is rebuilt."""
        report_damage(self, error)
        self.status.error = str(error)

    def page_closed(self, change: ChangeRequest | None) -> None:
        """Another page was left: with it this one, if the search is to change."""
        if change is not None:
            self.dismiss(change)

    def reader_closed(self, result: ReaderResult | None) -> None:
        """The reader was left: go to the item that was read last, or leave if the search is to change."""
        if result is not None and result.change is not None:
            self.dismiss(result.change)
        elif result is not None:
            self.go_to(result.index)

    def copy_quotes(self, quotes: Callable[[], Iterable[Quote]], nothing: str) -> None:
        """Copy sentences as quotations, made in a thread; say `nothing` where there are none."""
        self.run_worker(self._copy_quotes(quotes, nothing), group="copying", exclusive=True)

    async def _copy_quotes(self, quotes: Callable[[], Iterable[Quote]], nothing: str) -> None:
        try:
            found = await self.session.run_slow(lambda: tuple(quotes()))
        except ArchiveError as error:
            self.fail(error)
            return
        if found:
            done = f"Copied {pluralize(len(found), 'sentence')} with citation; `archive verify` checks them."
            self.post_message(CopyRequested("\n\n".join("\n".join(quoted(each)) for each in found), done))
        else:
            self.notify(nothing, timeout=4)

    def action_help(self) -> None:
        """Show help."""
        self.app.push_screen(HelpScreen.about(self))
