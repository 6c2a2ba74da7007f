"""How answers are shown on the search screen: the hits, the counts beside them, or why there are none."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher

from archive.errors import ArchiveError
from archive.model.results import Hit
from archive.render.text import pluralize
from archive.tui.messages import told_of_damage
from archive.tui.model import request_edits, search_model
from archive.tui.model.request_edits import How
from archive.tui.model.search_model import Answer
from archive.tui.screens.search_actions import Deeds
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.empty_state import Nothing
from archive.tui.widgets.facets import Facets
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.results import Results
from archive.tui.widgets.status import Status


class Showing(Deeds):
    """The part of the search screen that takes in answers; `article` is the id of the selected one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("T", "years_as_text", "Years as text/drawing", show=False)]

    article = ""

    def action_pane(self, name: str) -> None:
        """To a panel."""
        raise NotImplementedError

    def answered(self, answer: Answer) -> None:
        """Show a new answer, with the cursor on the same article as before."""
        status, results = self.query_one(Status), self.query_one(Results)
        total, request = answer.page.total, answer.question.request
        self.remove_class("-stale")
        status.now = self._summary(answer)
        if status.news and answer.generation >= self.noticed:
            status.news = ""
        if results.window is not self.searching.window:
            self._show_results(answer)
        self.query_one(Breadcrumb).request = request
        if not total:
            self.query_one(Nothing).show(self._why_nothing(answer), answer.page.suggestions)
        self._switch("results" if total else "nothing")
        self.session.state.remember(request)
        self.call_after_refresh(self._count, answer)
        self.call_after_refresh(self.mark_seen, answer)

    def _count(self, answer: Answer) -> None:
        """Show the counts beside the hits that are seen already, unless there are others by now."""
        if answer is not self.searching.answer:
            return
        request, listed = answer.question.request, self.session.state.listed
        views = [view for view in self.searching.views if listed or view.name != "year"]
        self.query_one(Facets).show(request, views, answer.facets)
        self.query_one(Histogram).show(request, answer.facets["year"])
        self.query_one(Histogram).display = not listed

    def action_years_as_text(self) -> None:
        """The years as a list among the facets, or as a drawing again."""
        self.session.state.listed = not self.session.state.listed
        if self.searching.answer is not None:
            self._count(self.searching.answer)
        if self.focused is not None and self.focused.id in ("facets", "years"):
            self.action_pane("years")

    def _switch(self, shown: str) -> None:
        """Show the hits, or why there are none; the focus goes with them."""
        switcher = self.query_one(ContentSwitcher)
        if switcher.current != shown:
            follow = self.focused is None or self.focused.id in ("results", "instead")
            switcher.current = shown
            if follow:
                self.action_pane("results")

    def _show_results(self, answer: Answer) -> None:
        results, window = self.query_one(Results), self.searching.window
        place = window.find(self.article) if self.article else 0
        results.show(window, place or 0)
        if place is None:
            self.run_worker(self._seek(answer, self.article), group="seek", exclusive=True)

    async def _seek(self, answer: Answer, article_id: str) -> None:
        """Find the selected article further down, and go there unless another was selected meanwhile."""
        request, results = answer.question.request, self.query_one(Results)
        try:
            place = await self.session.aside(search_model.place, self.session.archive, request, article_id)
        except ArchiveError as error:
            told_of_damage(self, error)
            return
        if place is not None and self.article == article_id and results.window is self.searching.window:
            results.cursor = place

    def _summary(self, answer: Answer) -> str:
        page, request = answer.page, answer.question.request
        order = request.sort if request.query.strip() or request.sort != "relevance" else "newest"
        found = "" if page.total == answer.held else f"{page.total:,} of "
        found += pluralize(answer.held, "article")
        return f"{found} · {page.took_ms:,.0f} ms · by {order}"

    def _why_nothing(self, answer: Answer) -> str:
        request = answer.question.request
        if not answer.held:
            return "This archive is empty. Put articles into its corpus folder, then press Esc and i to index them."
        filters = any(each.how is not How.QUERY for each in request_edits.constraints(request))
        narrowed = " with these constraints; - takes the last one away" if filters else ""
        sought = f" for “{request.query}”" if request.query.strip() else ""
        return f"Nothing found{sought}{narrowed}."

    def failed(self, error: ArchiveError) -> None:
        """Say what is wrong in place of what was found last, which is no answer to this."""
        told_of_damage(self, error)
        self.add_class("-stale")
        self.query_one(Status).now = "no answer"
        self.query_one(Breadcrumb).request = self.searching.request
        said = str(error)
        self.query_one(Nothing).show(f"{said[:1].upper()}{said[1:].removesuffix('.')}.", ())
        self._switch("nothing")

    def filled(self, page: int, hits: tuple[Hit, ...]) -> None:
        """More of the hits have come."""
        self.query_one(Results).put(page, hits)
