"""What can be done from the search screen beside searching: read, save, index, look after the layout."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from archive import ArchiveError, SavedStatus
from archive.query.request import SearchRequest
from archive.tui.bindings import HELP_KEYS
from archive.tui.messages import Narrow, told_of_damage
from archive.tui.model import search_model
from archive.tui.model.article_sequence import FoundWalk
from archive.tui.model.search_model import Answer
from archive.tui.screens.article_loader import Outcome
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.person import PeopleScreen
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.responsive import Folding
from archive.tui.screens.saved import NameScreen, Opened, SavedScreen
from archive.tui.search_controller import Searching
from archive.tui.session import Session
from archive.tui.widgets.facets import Facets
from archive.tui.widgets.results import Results
from archive.tui.widgets.status import Status


class Deeds(Folding[None]):
    """The part of the search screen that opens others and comes back from them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "saved", "Saved searches", key_display="S"),
        Binding("t", "sort", "Order"),
        Binding("w", "toggle_side", "Show/hide facets", show=False),
        Binding("u", "refresh_results", "Refresh", show=False),
        Binding("i", "index", "Index the corpus", show=False),
        *HELP_KEYS,
    ]

    session: Session
    searching: Searching
    #: How a saved search stands that is being opened.
    _opened: SavedStatus | None = None
    #: The generation of the index of which the news speaks.
    noticed = 0

    def change(self, request: SearchRequest, delay: float = 0.0) -> None:
        """Search for something else."""
        raise NotImplementedError

    # -- reading -----------------------------------------------------------------------

    def on_results_opened(self, event: Results.Opened) -> None:
        """Read an article."""
        self.session.state.asked(self.searching.request.query)
        self.run_worker(self._open(event.place), group="opening", exclusive=True)

    async def _open(self, place: int) -> None:
        reader = await ReaderScreen(FoundWalk(self.searching), place).ready()
        self.app.push_screen(reader, self._read)

    def _read(self, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        results = self.query_one(Results)
        results.cursor = outcome.place
        results.moved()
        self.set_focus(results)
        if outcome.narrow is not None:
            self.post_message(outcome.narrow)

    def on_facets_met(self, event: Facets.Met) -> None:
        """A person's page."""
        self.app.push_screen(PeopleScreen(self.session, (event.person,)), self._come_back)

    def _come_back(self, narrow: Narrow | None) -> None:
        if narrow is not None:
            self.post_message(narrow)

    # -- saved searches ----------------------------------------------------------------

    def action_save(self) -> None:
        """Save this search under a name."""
        self.app.push_screen(NameScreen(self.searching.request), self._save)

    def _save(self, name: str | None) -> None:
        if name is not None:
            self.run_worker(self._save_as(name, self.searching.request))

    async def _save_as(self, name: str, request: SearchRequest) -> None:
        archive, answer = self.session.archive, self.searching.answer
        try:
            search = await self.session.aside(archive.saved.add, name, request)
            status = await self.session.aside(archive.saved.status, search)
            if answer is not None and answer.question.request == request and answer.generation == archive.generation:
                await self.session.aside(archive.saved.mark_seen, status)  # it is what is on the screen
        except ArchiveError as error:
            self.notify(str(error), severity="error")
        else:
            self.notify(f"Saved as “{name}”; S lists saved searches.", timeout=3)

    def action_saved(self) -> None:
        """The saved searches, with how many articles they have now."""
        self.app.push_screen(SavedScreen(self.session), self._open_saved)

    def _open_saved(self, opened: Opened | None) -> None:
        if opened is not None:
            search, self._opened = opened
            self.change(search.request)

    def mark_seen(self, answer: Answer) -> None:
        """What a saved search has found is no news any more once it is on the screen, and not before."""
        status = self._opened
        if status is not None and answer.question.request == status.search.request:
            self._opened = None
            if not self.session.web:
                self.run_worker(self._mark_seen(status), group="seen")

    async def _mark_seen(self, status: SavedStatus) -> None:
        try:
            await self.session.aside(self.session.archive.saved.mark_seen, status)
        except ArchiveError as error:
            self.notify(str(error), severity="error")

    # -- the index ---------------------------------------------------------------------

    async def poll(self) -> None:
        """Offer what has come into the index since the last answer."""
        answer = self.searching.answer
        self.session.pace.rest()
        if answer is None:
            return
        try:  # also to ask for the generation may take its time, or fail
            found = await self.session.aside(search_model.newcomers, self.session.archive, answer)
        except ArchiveError as error:
            told_of_damage(self, error)
            return
        if found is None or answer is not self.searching.answer:
            return
        self.noticed, new = found
        what = f"{new:,} new article{'' if new == 1 else 's'}" if new > 0 else "the index has changed"
        self.query_one(Status).news = f"{what} — press u to refresh"

    def action_refresh_results(self) -> None:
        """Search again in the index as it is now."""
        self.query_one(Status).news = ""
        self.searching.ask(self.searching.request)

    def action_index(self) -> None:
        """Bring the index up to date with the corpus."""
        self.query_one(Status).news = "indexing…"
        self.run_worker(self._index(), group="index", exclusive=True)

    async def _index(self) -> None:
        status = self.query_one(Status)
        try:
            report = await self.session.aside(self.session.archive.index)
        except ArchiveError as error:
            status.news, status.error = "", str(error)
            return
        status.news = ""
        self.searching.ask(self.searching.request)
        said = f"{report.added:,} added, {report.updated:,} updated, {report.removed:,} removed"
        if report.problems:
            said += f"; {len(report.problems):,} could not be taken, `archive index` names them"
        self.notify(said, timeout=4)

    # -- layout and leaving ------------------------------------------------------------

    def _show_side(self, shown: bool) -> None:
        self.session.state.side = shown
        self.set_class(not shown, "-no-side")

    def action_toggle_side(self) -> None:
        """Show or hide the facets."""
        self._show_side(not self.session.state.side)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a browser nothing touches files."""
        return not (action in ("save", "index") and self.session.web)

    def action_help(self) -> None:
        """What can be done here."""
        self.app.push_screen(HelpScreen.about(self))

    def action_quit(self) -> None:
        """Leave; the next session begins here."""
        self.app.exit()
