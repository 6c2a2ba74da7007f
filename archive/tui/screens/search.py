"""The search screen: a query, what narrows it, and what was found."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import ContentSwitcher, Input

from archive.errors import ArchiveError
from archive.query.request import SORTS, SearchRequest
from archive.tui.messages import Narrow, StepOut, told_of_damage
from archive.tui.model import request_edits
from archive.tui.model.completion import Completion, completions
from archive.tui.model.latest_only import Newest
from archive.tui.screens.search_results_view import Showing
from archive.tui.search_controller import Searching
from archive.tui.session import Session
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.completions import Completions
from archive.tui.widgets.empty_state import Nothing
from archive.tui.widgets.facets import Facets
from archive.tui.widgets.find import Find
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.query import Query
from archive.tui.widgets.results import Results
from archive.tui.widgets.status import Status


class SearchScreen(Showing):
    """Owns the request; widgets are told of answers and tell of wishes."""

    HELP = "Type a query, narrow it by people, venues and years, and read what was found."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "pane('query')", "Query", key_display="/"),
        Binding("1", "pane('query')", "Query"),
        Binding("f,2", "pane('facets')", "Facets", key_display="f"),
        Binding("3", "pane('years')", "Years", show=False),
        Binding("4", "pane('results')", "Results", show=False),
        Binding("b,5", "pane('crumbs')", "Constraints", show=False),
        Binding("minus,backspace", "remove_last", "Undo a constraint", key_display="-"),
        Binding("c", "clear", "Clear", show=False),
        Binding("s", "save", "Save"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, session: Session, request: SearchRequest) -> None:
        super().__init__()
        self.session = session
        self.article = session.state.article
        self.searching = Searching(session, request, answered=self.answered, failed=self.failed, filled=self.filled)
        self.completing = Newest(session.asides, self._complete, self._offer, self._unfit)

    def compose(self) -> ComposeResult:
        """The query above, facets beside the results, and how things stand below."""
        completions = Completions(id="completions")
        yield Query(completions, id="query")
        yield completions
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
        for run in (*self.searching.runs(), self.completing.run()):
            self.run_worker(run, group="searching")
        query = self.query_one(Query)
        query.history = self.session.state.history
        with query.prevent(Input.Changed):
            query.put(self.searching.request.query)
        self.set_focus(query)
        self.query_one("#side").border_title = "Facets"
        self.query_one("#found").border_title = "Articles"  # how many is said below: a title is not cheap to change
        self.query_one(Status).aside = self.session.archive.settings.name
        self._show_side(self.session.state.side)
        self.searching.ask(self.searching.request)
        self.set_interval(2.0, self.poll)

    def _complete(self, text: str) -> tuple[Completion, ...]:
        return completions(self.session.archive, text)

    def _offer(self, text: str, found: tuple[Completion, ...]) -> None:
        """Offer how the query may go on, if it is still what is being typed."""
        query = self.query_one(Query)
        if query.is_typed and query.value == text:
            query.completions.offer(found)

    def _unfit(self, _: str, error: ArchiveError) -> None:
        """A query that cannot be gone on with is no error: it may not be at its end yet."""
        told_of_damage(self, error)

    def mended(self) -> None:
        """The index was damaged and is made anew: search in it again."""
        self.searching.ask(self.searching.request)

    # -- wishes ------------------------------------------------------------------------

    def change(self, request: SearchRequest, delay: float = 0.0) -> None:
        """Search for something else."""
        query = self.query_one(Query)
        if request.query not in (query.value, self.searching.request.query):
            with query.prevent(Input.Changed):
                query.put(request.query)
        self.searching.ask(request, delay)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while a query, or the words of a value, are being typed."""
        text, patience = event.input.value, self.searching.patience  # not the event's: more may be typed by now
        if isinstance(event.input, Query):
            self.searching.ask(self.searching.request.replace(query=text), patience, typing=event.input.is_typed)
            if event.input.is_typed and text.strip():
                self.completing.ask(text)
            else:
                event.input.completions.close()
        elif isinstance(event.input, Find):
            self.searching.look(event.input.facet, {"find": text, "folded": False}, patience)

    def on_completions_taken(self, event: Completions.Taken) -> None:
        """The query goes on as was offered."""
        query = self.query_one(Query)
        query.put(event.completion.line)
        self.set_focus(query)

    def on_query_left(self, _: Query.Left) -> None:
        """A query that is done with is remembered."""
        self.session.state.asked(self.searching.request.query)
        self.query_one(Query).history = self.session.state.history
        self.action_pane("results")

    def on_narrow(self, event: Narrow) -> None:
        """A facet, a year or a chip was chosen."""
        self.change(event.change(self.searching.request))

    def on_nothing_chosen(self, event: Nothing.Chosen) -> None:
        """Another query was chosen."""
        self.change(self.searching.request.replace(query=event.query))
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
        self.article = self.session.state.article = event.article_id

    def on_results_wanted(self, event: Results.Wanted) -> None:
        """Hits are looked at that are not here."""
        self.searching.want(event.page)

    # -- actions -----------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no going to where one is."""
        there = action == "pane" and self.focused is not None and parameters == (self.focused.id,)
        return not there and super().check_action(action, parameters)

    def action_pane(self, name: str) -> None:
        """To a panel; in a narrow window it takes the place of the others."""
        if name == "results" and self.query_one(ContentSwitcher).current == "nothing":
            name = "instead"
        in_side = name in ("facets", "years")
        if in_side:
            self._show_side(True)
        self.fold(in_side)
        if name == "years" and self.session.state.listed:
            name = "facets"
            self.query_one(Facets).to_facet("year")
        self.set_focus(self.query_one(f"#{name}"))  # at once: the next key may be here already

    def action_remove_last(self) -> None:
        """Take away the constraint that came last in the line."""
        chips = request_edits.constraints(self.searching.request)
        if chips:
            self.change(request_edits.removed(self.searching.request, chips[-1]))

    def action_clear(self) -> None:
        """Take away every constraint; the query stays."""
        self.change(request_edits.cleared(self.searching.request))

    def action_sort(self) -> None:
        """Another order."""
        following = SORTS[(SORTS.index(self.searching.request.sort) + 1) % len(SORTS)]
        self.change(self.searching.request.replace(sort=following))
