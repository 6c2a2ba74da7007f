"""What is new in a saved search, among the results: going from one new article to the next, and what was looked at."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from archive.tui.model.search_model import ViewResult
from archive.tui.screens.report_errors import run_reporting
from archive.tui.screens.saved_searches import SavedSearchActions
from archive.tui.search_controller import SearchController
from archive.tui.widgets.result_list import Results
from archive.tui.widgets.status import Status


class NewArticles:
    """Marks new articles in the results of a search screen, and keeps which of them were looked at."""

    def __init__(self, screen: Screen[Any], controller: SearchController, saved: SavedSearchActions) -> None:
        self._screen, self._controller, self._saved = screen, controller, saved

    @property
    def _results(self) -> Results:
        return self._screen.query_one(Results)

    def mark(self, result: ViewResult) -> None:
        """Mark what is new in a result, and say how many are."""
        new = self._saved.new_in(result)
        self._results.mark_new(new)
        if new:
            shown = "only these; o shows all" if not self._controller.shows_all else "n next, o only these"
            status = self._screen.query_one(Status)
            status.message = f"{len(new):,} new ({shown}) · {status.message}"
        self._screen.call_after_refresh(self._keep_seen, result)

    def _keep_seen(self, result: ViewResult) -> None:
        """Remember what has been looked at, once the result is on the screen."""
        if result is self._controller.result:
            run_reporting(self._screen, self._saved.keep(), "seen")

    def look_at(self, *article_ids: str) -> None:
        """Note that articles were looked at."""
        if self._saved.unseen.intersection(article_ids):
            self._saved.look_at(*article_ids)
            run_reporting(self._screen, self._saved.keep(), "seen")

    def look_at_all(self) -> None:
        """Nothing is new any more."""
        self._saved.look_at_all()
        self._results.mark_new(frozenset())
        run_reporting(self._screen, self._saved.keep(), "seen")

    def go_to_next(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) new article."""
        run_reporting(self._screen, self._go_to_next(direction), "seek", exclusive=True)

    async def _go_to_next(self, direction: int) -> None:
        results = self._results
        if (current := await self._controller.hit(results.cursor)) is not None:
            self.look_at(current.id)
        rank = results.cursor + direction
        while (hit := await self._controller.hit(rank)) is not None:
            if hit.id in self._saved.new_ids:
                results.cursor = rank
                results.cursor_moved()
                return
            rank += direction
        where = "below" if direction > 0 else "above"
        self._screen.notify(f"There is nothing new {where}.", timeout=2)

    def toggle_only(self) -> None:
        """List only what is new, or everything again."""
        run_reporting(self._screen, self._toggle_only(), "seek", exclusive=True)

    async def _toggle_only(self) -> None:
        if not self._controller.shows_all:
            self._controller.show_all()
        elif not await self._controller.show_only(self._saved.new_ids):
            self._screen.notify("Nothing is new here; S opens a saved search with what is new in it.", timeout=3)
