"""How results are shown on the search screen: the hits, the counts beside them, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from archive import ArchiveError, Hit, Page, SearchRequest
from archive.render.terminal import safe
from archive.render.text import UNREVIEWED, pluralize
from archive.tui.messages import report_damage
from archive.tui.model import request_edits, search_model
from archive.tui.model.request_edits import ConstraintKind
from archive.tui.model.search_model import FACET_ROWS, FacetView, ViewResult
from archive.tui.screens.seen_together import SeenTogether
from archive.tui.search_controller import SearchController
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.facet_panel import Facets
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.result_list import EmptyState, Results
from archive.tui.widgets.status import Status

#: Shown above the results of the first session.
_HINT = (
    "Type to search: results follow. ↓ goes to them, Enter reads one.",
    "f narrows by people, venues and years; P opens a person's page.",
    "? lists the keys of where you are; Ctrl+P lists everything.",
)

_UNREVIEWED_HINT = f"{UNREVIEWED} marks names found in the texts that nobody has reviewed; U lists them."


class SearchResultsView:
    """Shows results in the widgets of a search screen.

    article_id     of the article under the cursor, on which the cursor stays when the results change
    focus_results  gives the focus to what is shown in the place of the results
    """

    def __init__(
        self,
        screen: Screen[Any],
        controller: SearchController,
        focus_results: Callable[[], None],
        seen: SeenTogether,
    ) -> None:
        self._screen, self._controller, self._focus_results = screen, controller, focus_results
        self._seen = seen
        self._session = controller.session
        self.article_id = self._session.state.article
        self._query: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether suggestions are shown in the place of hits."""
        return self._switcher.current == "empty"

    @property
    def _switcher(self) -> ContentSwitcher:
        return self._screen.query_one(ContentSwitcher)

    def show(self, result: ViewResult) -> None:
        """Show a new result; the counts follow once the hits are painted."""
        screen = self._screen
        screen.remove_class("-stale")
        screen.query_one(Status).message = _summary(result)
        if screen.query_one(Results).hits is not self._controller.hits:
            self._show_hits(result)
        screen.query_one(Breadcrumb).request = result.request
        self._show_notes(_notes(result.page) or self._first_hint(result) or self._unreviewed(result))
        if not result.page.total:
            screen.query_one(EmptyState).show(_reason_for_nothing(result), result.alternatives)
        self._switch_to("results" if result.page.total else "empty")
        screen.call_after_refresh(self.show_counts, result)

    def show_counts(self, result: ViewResult) -> None:
        """Show the facets and years of a result, unless there is a newer one."""
        if result is not self._controller.result:
            return
        as_list = self._session.state.listed
        views = [view for view in self._controller.facet_views if as_list or view.name != "year"]
        seen = [FacetView(name, limit=len(found.values)) for name, found in self._seen.facets.items()]
        self._screen.query_one(Facets).show(result.request, [*seen, *views], {**self._seen.facets, **result.facets})
        histogram = self._screen.query_one(Histogram)
        histogram.show(result.request, result.facets["year"], result.periods)
        histogram.display = not as_list

    def show_error(self, error: ArchiveError) -> None:
        """Show an error in the place of the last result, which does not answer the request."""
        report_damage(self._screen, error)
        self._screen.add_class("-stale")
        self._screen.query_one(Status).message = "no results"
        self._screen.query_one(Breadcrumb).request = self._controller.request
        self._show_notes(())
        text = str(error)
        self._screen.query_one(EmptyState).show(f"{text[:1].upper()}{text[1:].removesuffix('.')}.", ())
        self._switch_to("empty")

    def add_page(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Show more of the hits."""
        self._screen.query_one(Results).add_page(page, hits)

    def _first_hint(self, result: ViewResult) -> Sequence[str]:
        """What a person who is here for the first time needs to know, until something has been searched for."""
        state = self._session.state
        if result.request != SearchRequest():
            state.hinted = True
        return () if state.hinted or self._screen.app.is_headless else _HINT

    def _unreviewed(self, result: ViewResult) -> Sequence[str]:
        """On the first screen, that there are names which nobody has reviewed, and which key lists them."""
        facets = (result.facets.get(name) for name in ("person", "venue"))
        some = any(value.unreviewed for facet in facets if facet is not None for value in facet.values[:FACET_ROWS])
        is_first = result.request == SearchRequest(sort=result.request.sort)
        return (_UNREVIEWED_HINT,) if some and is_first and not self._session.web else ()

    def _show_notes(self, notes: Sequence[str]) -> None:
        """Say above the results how the query was understood."""
        shown = self._screen.query_one("#notes", Static)
        shown.update("\n".join(map(safe, notes)) if notes is _HINT else safe(" · ".join(notes)))
        shown.display = bool(notes)

    def _switch_to(self, shown: str) -> None:
        """Show the hits or the empty state; the focus goes along."""
        switcher, focused = self._switcher, self._screen.focused
        if switcher.current != shown:
            switcher.current = shown
            if focused is None or focused.id in ("results", "suggestions"):
                self._focus_results()

    def _show_hits(self, result: ViewResult) -> None:
        hits, query = self._controller.hits, result.request.query.strip()
        if self._query is not None and query != self._query:
            self.article_id = ""  # another query begins at its best hit; one that is narrowed stays where it was
        self._query = query
        rank = hits.find(self.article_id) if self.article_id else 0
        self._screen.query_one(Results).show(hits, rank or 0)
        if rank is None:
            self._screen.run_worker(self._find_article(result, self.article_id), group="seek", exclusive=True)

    async def _find_article(self, result: ViewResult, article_id: str) -> None:
        """Move the cursor to its article further down, unless it was moved to another meanwhile."""
        results = self._screen.query_one(Results)
        try:
            rank = await self._session.run_quick(
                search_model.rank_of, self._session.archive, result.request, article_id
            )
        except ArchiveError as error:
            report_damage(self._screen, error)
            return
        if rank is not None and self.article_id == article_id and results.hits is self._controller.hits:
            results.cursor = rank


def _summary(result: ViewResult) -> str:
    """The number of hits, the time and the order, for the status line."""
    page, request = result.page, result.request
    order = request.sort if request.query.strip() or request.sort != "relevance" else "newest"
    found = "" if page.total == result.archive_total else f"{page.total:,} of "
    found += pluralize(result.archive_total, "article")
    return f"{found} · {page.took_ms:,.0f} ms · by {order}"


def _notes(page: Page) -> list[str]:
    """How the query was understood; beside hits also what may have been meant."""
    meant = [f"did you mean “{each.query}”? ({each.total:,}; d)" for each in page.suggestions[:1] if page.total]
    return [*page.notes, *meant]


def _reason_for_nothing(result: ViewResult) -> str:
    request = result.request
    if not result.archive_total:
        return "This archive is empty. Put articles into its corpus folder, then press Esc and i to index them."
    narrowed = any(each.kind is not ConstraintKind.QUERY for each in request_edits.constraints(request))
    query = f" for “{request.query}”" if request.query.strip() else ""
    if not narrowed:
        return f"No articles found{query}."
    return f"No articles found{query} with these constraints. Backspace removes the last one."
