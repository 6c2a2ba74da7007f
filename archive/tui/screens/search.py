"""The search screen: a query, what narrows it, and what was found."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import ContentSwitcher, Input

from archive.errors import ArchiveError
from archive.query.request import SORTS, SearchRequest
from archive.render.text import counted
from archive.results import Hit
from archive.tui import answers, narrowing
from archive.tui.answers import Answer
from archive.tui.completing import complete
from archive.tui.messages import Narrow, StepOut
from archive.tui.screens.deeds import Deeds
from archive.tui.searching import Searching
from archive.tui.session import Session
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.facets import Facets
from archive.tui.widgets.find import Find
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.nothing import Nothing
from archive.tui.widgets.query import Query
from archive.tui.widgets.results import Results
from archive.tui.widgets.status import Status


class SearchScreen(Deeds):
    """Owns the request; widgets are told of answers and tell of wishes."""

    HELP = "Type a query, narrow it by people, venues and years, and read what was found."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash,1", "pane('query')", "Query", key_display="/"),
        Binding("f,2", "pane('facets')", "Facets", key_display="f"),
        Binding("3", "pane('years')", "Years", show=False),
        Binding("4", "pane('results')", "Results", show=False),
        Binding("b,5", "pane('crumbs')", "Constraints", show=False),
        Binding("minus,backspace", "remove_last", "Undo a constraint", key_display="-", show=False),
        Binding("c", "clear", "Clear", show=False),
    ]

    def __init__(self, session: Session, request: SearchRequest) -> None:
        super().__init__()
        self.session = session
        self._article = session.state.article
        self.searching = Searching(session, request, answered=self._answered, failed=self._failed, filled=self._filled)

    def compose(self) -> ComposeResult:
        """The query above, facets beside the results, and how things stand below."""
        yield Query(self._complete, id="query")
        yield Breadcrumb(id="crumbs")
        with Horizontal(id="main"):
            with Vertical(id="side"):
                yield Find(id="find")
                yield Facets(id="facets")
                yield Histogram(id="years")
            with ContentSwitcher(initial="results", id="found"):
                yield Results(id="results")
                yield Nothing(id="nothing")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Begin with the first search; look now and then whether the index has changed."""
        for run in self.searching.runs():
            self.run_worker(run, group="searching")
        query = self.query_one(Query)
        query.history = self.session.state.history
        with query.prevent(Input.Changed):
            query.value = self.searching.request.query
        query.cursor_position = len(query.value)
        self.set_focus(query)
        self.query_one("#side").border_title = "Facets"
        self.query_one("#found").border_title = "Articles"  # how many is said below: a title is not cheap to change
        self.query_one(Status).aside = self.session.archive.settings.name
        self._show_side(self.session.state.side)
        self.searching.ask(self.searching.request)
        self.set_interval(2.0, self.poll)

    async def _complete(self, text: str) -> str | None:
        return await self.session.aside(complete, self.session.archive, text, self.session.state.history)

    # -- answers -----------------------------------------------------------------------

    def _answered(self, answer: Answer) -> None:
        """Show a new answer, with the cursor on the same article as before."""
        status, results = self.query_one(Status), self.query_one(Results)
        total, request = answer.page.total, answer.question.request
        status.error = ""
        status.now = self._summary(answer)
        if status.news and answer.generation == self.session.archive.generation:
            status.news = ""
        if results.window is not self.searching.window:
            self._show_results(answer)
        listed = self.session.state.listed
        views = [view for view in self.searching.views if listed or view.name != "year"]
        self.query_one(Facets).show(request, views, answer.facets)
        self.query_one(Histogram).show(request, answer.facets["year"])
        self.query_one(Histogram).display = not listed
        self.query_one(Breadcrumb).request = request
        self._switch("results" if total else "nothing", answer)
        self.session.state.remember(request)

    def _switch(self, shown: str, answer: Answer) -> None:
        """Show the hits, or why there are none; the focus goes with them."""
        switcher = self.query_one(ContentSwitcher)
        if shown == "nothing":
            self.query_one(Nothing).show(self._why_nothing(answer), answer.page.suggestions)
        if switcher.current != shown:
            follow = self.focused is None or self.focused.id in ("results", "instead")
            switcher.current = shown
            if follow:
                self.action_pane("results")

    def _show_results(self, answer: Answer) -> None:
        results, window = self.query_one(Results), self.searching.window
        place = window.find(self._article) if self._article else 0
        results.show(window, place or 0)
        if place is None:
            self.run_worker(self._seek(answer, self._article), group="seek", exclusive=True)

    async def _seek(self, answer: Answer, article_id: str) -> None:
        """Find the selected article further down, and go there unless another was selected meanwhile."""
        request, results = answer.question.request, self.query_one(Results)
        place = await self.session.aside(answers.place, self.session.archive, request, article_id)
        if place is not None and self._article == article_id and results.window is self.searching.window:
            results.cursor = place

    def _summary(self, answer: Answer) -> str:
        page, request = answer.page, answer.question.request
        order = request.sort if request.query.strip() or request.sort != "relevance" else "newest"
        found = "" if page.total == answer.held else f"{page.total:,} of "
        found += counted(answer.held, "article")
        return f"{found} · {page.took_ms:,.0f} ms · by {order}"

    def _why_nothing(self, answer: Answer) -> str:
        request = answer.question.request
        if not answer.held:
            return "This archive is empty. Put articles into its corpus folder, then press Esc and i to index them."
        narrowed = " with these constraints; - takes the last one away" if narrowing.constraints(request) else ""
        sought = f" for “{request.query}”" if request.query.strip() else ""
        return f"Nothing found{sought}{narrowed}."

    def _failed(self, error: ArchiveError) -> None:
        """Say quietly what is wrong; what was found last stays."""
        self.query_one(Status).error = str(error)

    def _filled(self, page: int, hits: tuple[Hit, ...]) -> None:
        self.query_one(Results).put(page, hits)

    # -- wishes ------------------------------------------------------------------------

    def change(self, request: SearchRequest, delay: float = 0.0) -> None:
        """Search for something else."""
        query = self.query_one(Query)
        if query.value != request.query:
            with query.prevent(Input.Changed):
                query.value = request.query
        self.searching.ask(request, delay)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while a query, or the words of a value, are being typed."""
        text, patience = event.input.value, self.searching.patience  # not the event's: more may be typed by now
        if isinstance(event.input, Query):
            self.searching.ask(self.searching.request.but(query=text), patience)
        elif isinstance(event.input, Find):
            self.searching.look(event.input.facet, {"find": text, "folded": False}, patience)

    def on_query_left(self, event: Query.Left) -> None:
        """A query that is done with is remembered."""
        self.session.state.asked(event.text)
        self.query_one(Query).history = self.session.state.history
        self.action_pane("results")

    def on_narrow(self, event: Narrow) -> None:
        """A facet, a year or a chip was chosen."""
        self.change(event.change(self.searching.request))

    def on_nothing_chosen(self, event: Nothing.Chosen) -> None:
        """Another query was chosen."""
        self.change(self.searching.request.but(query=event.query))
        self.action_pane("results")

    def on_facets_looked(self, event: Facets.Looked) -> None:
        """A facet is to be looked at in another way."""
        self.searching.look(event.facet, event.changes)
        state = self.session.state
        state.folded = [view.name for view in self.searching.views if view.folded]
        state.order = [view.name for view in self.searching.views if view.sort == "name"]

    def on_facets_find(self, event: Facets.Find) -> None:
        """A value is to be looked for."""
        self.query_one(Find).open(event.facet, self.searching.view(event.facet).find)

    def on_find_done(self, event: Find.Done) -> None:
        """Back to the values, all of them or those that were found."""
        if not event.kept:
            self.searching.look(event.facet, {"find": ""})
        self.set_focus(self.query_one(Facets))

    def on_step_out(self, event: StepOut) -> None:
        """Out of a panel."""
        self.action_pane("results")

    def on_results_selected(self, event: Results.Selected) -> None:
        """The cursor stays on this article when the results change."""
        self._article = self.session.state.article = event.article_id

    def on_results_wanted(self, event: Results.Wanted) -> None:
        """Hits are looked at that are not here."""
        self.searching.want(event.page)

    # -- actions -----------------------------------------------------------------------

    def action_pane(self, name: str) -> None:
        """To a panel; in a narrow window it takes the place of the others."""
        if name == "results" and self.query_one(ContentSwitcher).current == "nothing":
            name = "instead"
        in_side = name in ("facets", "years")
        if in_side:
            self._show_side(True)
        self.set_class(in_side, "-in-side")
        if name == "years" and self.session.state.listed:
            name = "facets"
        self.set_focus(self.query_one(f"#{name}"))  # at once: the next key may be here already

    def action_remove_last(self) -> None:
        """Take away the constraint that came last in the line."""
        chips = narrowing.constraints(self.searching.request)
        if chips:
            self.change(narrowing.removed(self.searching.request, chips[-1]))

    def action_clear(self) -> None:
        """Take away every constraint; the query stays."""
        self.change(narrowing.cleared(self.searching.request))

    def action_sort(self) -> None:
        """Another order."""
        following = SORTS[(SORTS.index(self.searching.request.sort) + 1) % len(SORTS)]
        self.change(self.searching.request.but(sort=following))
