"""What a search screen says and does about the index: that it has changed, that it is stale, what was not read."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from textual.screen import Screen

from archive import ArchiveError
from archive.model.pending_changes import PendingChanges
from archive.tui.messages import report_damage
from archive.tui.model.search_model import ViewResult
from archive.tui.screens.indexing import IndexPoller
from archive.tui.screens.problems import ProblemsScreen, problems_text
from archive.tui.screens.report_errors import run_reporting
from archive.tui.search_controller import SearchController
from archive.tui.widgets.status import Status

#: Seconds between two looks whether the corpus has changed; and how many times as long as a look takes, at least.
_CHANGES_SECONDS, _MOST_SHARE = 30.0, 100
#: Words that no value has.
_RARE = "qzxv"


class IndexUpkeep:
    """Watches the index and the corpus for a search screen, and brings the index up to date."""

    def __init__(self, screen: Screen[Any], controller: SearchController) -> None:
        self._screen, self._controller, self._session = screen, controller, controller.session
        self._poller = IndexPoller(self._session, controller)
        self._stale = ""

    @property
    def _status(self) -> Status:
        return self._screen.query_one(Status)

    # -- the index has changed ---------------------------------------------------------

    def result_shown(self, result: ViewResult) -> None:
        """A new result is on the screen: a notice that it covers goes away."""
        status = self._status
        if status.notice and status.notice != self._stale and self._poller.covers_notice(result):
            status.notice = self._stale

    async def poll(self) -> None:
        """Show a notice if the index has changed."""
        try:
            notice = await self._poller.poll()
        except ArchiveError as error:
            report_damage(self._screen, error)
        else:
            if notice is not None:
                self._status.notice = notice

    def refresh(self) -> None:
        """Search again in the index as it is now."""
        self._status.notice = self._stale
        self._controller.search(self._controller.request)

    # -- the corpus has changed --------------------------------------------------------

    def look_for_changes(self) -> None:
        """Say if files or names have changed since the index was made, and which key takes that in."""
        self._screen.run_worker(self._look_for_changes(), group="pending", exclusive=True)

    async def _look_for_changes(self) -> None:
        began = time.monotonic()
        try:
            pending = await self._session.run_slow(self._session.archive.pending)
        except ArchiveError as error:
            report_damage(self._screen, error)
            return
        for status in self._screen.query(Status):  # none if the app has ended meanwhile
            before, self._stale = self._stale, self._stale_text(pending)
            if status.notice in ("", before):
                status.notice = self._stale
        wait = max(_CHANGES_SECONDS, _MOST_SHARE * (time.monotonic() - began))
        self._screen.set_timer(wait, self.look_for_changes)

    def _stale_text(self, pending: PendingChanges) -> str:
        return "" if not pending else str(pending) if self._session.web else f"{pending} — i updates it"

    def update(self) -> None:
        """Bring the index up to date with the corpus."""
        self._status.notice = "indexing…"
        self._screen.run_worker(self._update(), group="index", exclusive=True)

    async def _update(self) -> None:
        status = self._status
        try:
            done = await self._poller.update(partial(setattr, status, "notice"))
        except ArchiveError as error:
            status.notice, status.error = "", str(error)
        else:
            status.notice = status.error = self._stale = ""
            self._screen.notify(done, timeout=4)
            self.count_problems()
            self.look_for_changes()

    # -- what was not read -------------------------------------------------------------

    def count_problems(self) -> None:
        """Mark in the status whether the last run could not read everything."""
        run_reporting(self._screen, self._count_problems(), "problems", exclusive=True)

    async def _count_problems(self) -> None:
        problems = await self._session.run_slow(self._session.archive.problems)
        for status in self._screen.query(Status):
            status.warning = problems_text(problems)

    def list_problems(self) -> None:
        """List the files that could not be read, or were read with a warning."""
        run_reporting(self._screen, self._list_problems(), "problems", exclusive=True)

    async def _list_problems(self) -> None:
        problems = await self._session.run_slow(self._session.archive.problems)
        if problems:
            self._screen.app.push_screen(ProblemsScreen(self._session, problems), lambda _: self._problems_closed())
        else:
            self._screen.notify("Every file of the corpus was read without a problem.", timeout=3)

    def _problems_closed(self) -> None:
        self.count_problems()
        self._controller.search(self._controller.request)

    # -- facets ------------------------------------------------------------------------

    def prepare_facets(self) -> None:
        """Have the facets ready to be searched for a value: the first time takes longest."""
        run_reporting(self._screen, self._search_facets(), "prepare")

    async def _search_facets(self) -> None:
        for facet in self._session.archive.fields.facets:
            if facet.name != "year":
                await self._session.run_slow(self._session.archive.facet, facet.name, _RARE, limit=1)
