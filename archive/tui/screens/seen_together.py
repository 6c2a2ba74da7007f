"""Narrowing the results to the articles in which the chosen people were seen: together, or one of them at a venue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.screen import Screen

from archive import FacetResult, SearchRequest
from archive.render.text import pluralize
from archive.tui.model.search_model import ViewResult
from archive.tui.screens.report_errors import run_reporting
from archive.tui.search_controller import SearchController
from archive.tui.widgets.status import Status

#: Values of each facet of sightings that are listed.
_LISTED = 50
#: With whom, and where, the chosen people were seen.
SEEN_FACETS = ("seen_with", "seen_at")


class SeenTogether:
    """Switches a search screen between all results and those in which the chosen people were seen.

    facets  with whom and where they were seen, by the number of sightings; empty while it is off
    """

    def __init__(self, screen: Screen[Any], controller: SearchController) -> None:
        self._screen, self._controller = screen, controller
        self._is_on = False
        self._answered: ViewResult | None = None
        self.facets: Mapping[str, FacetResult] = {}

    def toggle(self) -> None:
        """List only the articles in which they were seen, or everything again."""
        if self._is_on:
            self._turn_off()
            self._controller.show_all()
        elif not self._controller.request.person:
            self._screen.notify("Choose a person first; W then lists the articles that saw them.", timeout=4)
        elif (result := self._controller.result) is not None:
            self._is_on = True
            self._ask(result)

    def result_shown(self, result: ViewResult) -> None:
        """A result is on the screen: narrow it too, as long as somebody is chosen."""
        if self._is_on and not result.request.person:
            self._turn_off()
        elif self._is_on and result is not self._answered:
            self._ask(result)
        elif self._is_on:
            status = self._screen.query_one(Status)
            status.message = f"{self._controller.hits.total:,} seen (W shows all) · {status.message}"

    def _turn_off(self) -> None:
        self._is_on, self._answered, self.facets = False, None, {}

    def _ask(self, result: ViewResult) -> None:
        run_reporting(self._screen, self._narrow(result), "seen-together", exclusive=True)

    async def _narrow(self, result: ViewResult) -> None:
        ids, facets = await self._controller.session.run_slow(self._find, result.request)
        if result is not self._controller.result or not self._is_on:
            return
        self._answered, self.facets = result, facets
        if not await self._controller.show_only(ids):
            self._turn_off()
            who = "together" if len(result.request.person) > 1 else "there"
            said = f"Among these articles none says that they were {who}."
            self._screen.notify(f"{said} {pluralize(len(ids), 'other article')} do." if ids else said, timeout=4)

    def _find(self, request: SearchRequest) -> tuple[frozenset[str], Mapping[str, FacetResult]]:
        archive, (first, *others) = self._controller.session.archive, request.person
        places: tuple[tuple[str, ...], ...] = tuple((venue,) for venue in request.venue) or ((),)
        ids = {
            article
            for at in places
            for row in archive.encounters(first, others, at, stance=("together", "present")).rows
            for article in (row.id, *row.sources)
        }
        facets = {
            name: replace(archive.seen_facet(name, first, others, limit=_LISTED), missing=0) for name in SEEN_FACETS
        }
        return frozenset(ids), facets
