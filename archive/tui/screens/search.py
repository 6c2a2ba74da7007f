"""The search screen: the query, what narrows it, and the results."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import ContentSwitcher, Input, Static

from archive import ArchiveError, Hit, SearchRequest, YearRange
from archive.render.text import pluralize
from archive.tui.keys import HELP_KEYS
from archive.tui.messages import ChangeRequest, LeavePanel, report_damage
from archive.tui.model import request_edits
from archive.tui.model.article_sequence import SearchSequence
from archive.tui.model.query_completion import Completion, completions, is_value_being_typed
from archive.tui.model.search_model import ViewResult
from archive.tui.screens.article_previewer import ArticlePreviewer
from archive.tui.screens.certificates import CertificateScreen
from archive.tui.screens.findings import FindingsScreen
from archive.tui.screens.guest_lists import OccasionsScreen
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.index_upkeep import IndexUpkeep
from archive.tui.screens.marked_actions import MarkedActions, quotes_of_articles
from archive.tui.screens.name_review import NameReview
from archive.tui.screens.new_articles import NewArticles
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.reader import ReaderResult, ReaderScreen
from archive.tui.screens.report_errors import run_reporting
from archive.tui.screens.saved_searches import OpenedSearch, SavedSearchActions, SavedSearchesScreen, SaveSearchScreen
from archive.tui.screens.search_results_view import SearchResultsView
from archive.tui.screens.seen_together import SeenTogether
from archive.tui.screens.two_panels import TwoPanelScreen
from archive.tui.screens.typed_years import TypedYearsScreen
from archive.tui.screens.unreviewed_names import UnreviewedNamesScreen
from archive.tui.search_controller import LatestOnly, SearchController
from archive.tui.session import Session
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.breadcrumb import Breadcrumb
from archive.tui.widgets.facet_panel import FacetFinder, Facets
from archive.tui.widgets.histogram import Histogram
from archive.tui.widgets.preview import Preview
from archive.tui.widgets.query_line import Completions, Query
from archive.tui.widgets.result_list import EmptyState, Results
from archive.tui.widgets.status import Status

#: Seconds from the start to what may take a moment: the problems of the corpus, the names of the facets.
_LATER_SECONDS = 1.0
#: Seconds without a key before names are offered that may be meant: nobody looks at them while typing on.
_HINT_SECONDS = 0.25
#: Seconds after which somebody who waits wonders what is going on.
_SLOW_SECONDS = 0.15
#: Seconds between two looks whether the index has changed.
_POLL_SECONDS = 2.0


class SearchScreen(TwoPanelScreen[None]):
    """Turns what widgets post into requests; the controller runs them, the results view shows the results."""

    HELP = "Type a query, narrow it by people, venues and years, and read the results."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "edit_query", "Query", key_display="/"),
        Binding("1", "pane('query')", "Query", show=False),
        Binding("ctrl+n", "new_search", "New search", show=False),
        Binding("f,2", "pane('facets')", "Facets", key_display="f"),
        Binding("F", "find_value", "Find a facet value", show=False),
        Binding("3", "pane('years')", "Years", show=False),
        Binding("4", "pane('results')", "Results", show=False),
        Binding("b,5", "pane('constraints')", "Constraints", show=False),
        Binding("minus,backspace", "remove_last", "Remove last", key_display="-"),
        Binding("c", "clear", "Remove all constraints", show=False),
        Binding("s", "save", "Save"),
        Binding("q", "quit", "Quit"),
        Binding("T", "years_as_text", "Years as list/chart", show=False),
        Binding("S", "saved", "Saved searches", key_display="S"),
        Binding("t", "sort", "Sort"),
        Binding("w", "toggle_side", "Show/hide facets", show=False),
        Binding("p", "toggle_preview", "Show/hide the preview", show=False),
        Binding("u", "refresh_results", "Refresh", show=False),
        Binding("i", "index", "Update the index", show=False),
        Binding("W", "seen_together", "Only where the chosen people were seen", show=False, key_display="W"),
        Binding("O", "occasions", "Occasions: the guest lists of evenings", show=False, key_display="O"),
        Binding("C", "certificate", "Certificate for the chosen people", show=False, key_display="C"),
        Binding("E", "findings", "Check and audit the archive", show=False, key_display="E"),
        Binding("d", "did_you_mean", "Search for what may be meant", show=False),
        Binding("full_stop", "act_on_marked", "Act on the marked articles", show=False, key_display="."),
        Binding("U", "unreviewed_names", "Unreviewed names", show=False, key_display="U"),
        Binding("exclamation_mark", "problems", "Problems in the corpus", show=False, key_display="!"),
        *HELP_KEYS,
    ]

    def __init__(self, session: Session, request: SearchRequest) -> None:
        super().__init__()
        self.session = session
        self.controller = SearchController(
            session, request, on_result=self._show_result, on_error=self._show_error, on_page=self._show_page
        )
        self.previewer = ArticlePreviewer(self, self.controller)
        self.completer = LatestOnly(session.quick_thread, self._complete, self._offer, self._completion_failed)
        self.saved = SavedSearchActions(session)
        self._completions: tuple[str, tuple[Completion, ...]] = ("", ())
        self.seen = SeenTogether(self, self.controller)
        self.view = SearchResultsView(self, self.controller, lambda: self.action_pane("results"), self.seen)
        self.new = NewArticles(self, self.controller, self.saved)
        self.names = NameReview(self, session, self.controller.search_afresh)
        self.marked = MarkedActions(self, session, self._unmark, self.controller.search_afresh)
        self.upkeep = IndexUpkeep(self, self.controller)

    def compose(self) -> ComposeResult:
        """The query and the constraints above, facets beside the results, the status below."""
        completions = Completions(id="completions")
        yield Query(completions, id="query")
        yield completions
        yield Breadcrumb(id="constraints")
        yield Static(id="notes", markup=False)
        with Horizontal(id="main"):
            with Vertical(id="side"):
                yield FacetFinder(id="find")
                yield Facets(id="facets")
                yield Histogram(id="years")
            with ContentSwitcher(initial="results", id="found"):
                yield Results(id="results")
                yield EmptyState(id="empty")
            yield Preview(id="preview")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Run the first search, and watch the index."""
        for task in (*self.controller.tasks(), self.completer.run(), self.previewer.run()):
            self.run_worker(task, group="searching")
        query = self.query_one(Query)
        query.history = self.session.state.history
        with query.prevent(Input.Changed):
            query.set_text(self.controller.request.query)
        self.set_focus(query)
        self.query_one("#side").border_title = "Facets"
        self.query_one("#preview").border_title = "Preview"
        self.previewer.show_panel(self.session.state.preview)
        self.query_one("#found").border_title = "Articles"  # without their number: a title is expensive to change
        self.query_one(Status).context = self.session.archive.settings.name
        self._show_side(self.session.state.side)
        self.controller.set_facet_rows(self.app.size.height)
        self.controller.search(self.controller.request)
        self.set_timer(_LATER_SECONDS, self.upkeep.count_problems)
        self.set_timer(_LATER_SECONDS, self.upkeep.prepare_facets)
        self.set_timer(_LATER_SECONDS, self.upkeep.look_for_changes)
        self.set_interval(_POLL_SECONDS, self.upkeep.poll)

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for more values of the facets."""
        super().on_resize(event)
        self.controller.set_facet_rows(event.size.height)
        self.call_after_refresh(self.previewer.request)

    def on_index_rebuilt(self) -> None:
        """Search again."""
        self.controller.search(self.controller.request)

    # -- results -----------------------------------------------------------------------

    def _show_result(self, result: ViewResult) -> None:
        self.upkeep.result_shown(result)
        self.view.show(result)
        self._show_offers()
        self.previewer.request()
        self.session.state.set_request(result.request)
        self.new.mark(result)
        self.seen.result_shown(result)

    def _show_error(self, error: ArchiveError) -> None:
        self.view.show_error(error)

    def _show_page(self, page: int, hits: tuple[Hit, ...]) -> None:
        self.view.add_page(page, hits)

    def on_results_next_new(self, event: Results.NextNew) -> None:
        """Go to the next or the previous article that is new in the saved search."""
        self.new.go_to_next(event.direction)

    def on_results_only_new(self, _: Results.OnlyNew) -> None:
        """List only what is new in the saved search, or everything again."""
        self.new.toggle_only()

    def on_results_all_seen(self, _: Results.AllSeen) -> None:
        """Nothing is new any more in the saved search."""
        self.new.look_at_all()

    # -- changing the request ----------------------------------------------------------

    def change(self, request: SearchRequest) -> None:
        """Search for another request."""
        query = self.query_one(Query)
        if request.query not in (query.value, self.controller.request.query):
            with query.prevent(Input.Changed):
                query.set_text(request.query)
        self.controller.search(request)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while a query, or the words of a facet value, are being typed."""
        text, delay = event.input.value, self.controller.typing_delay  # not the event's: more may be typed by now
        if isinstance(event.input, Query):
            typed = event.input.is_typed
            self.controller.search(self.controller.request.replace(query=text), delay, typing=typed)
            if typed and text.strip():
                self.completer.ask(text, 0.0 if is_value_being_typed(text) else _HINT_SECONDS)
            else:
                event.input.completions.close()
        elif isinstance(event.input, FacetFinder):
            self.controller.set_facet_view(event.input.facet, {"find": text, "folded": False}, delay)
            self.set_timer(_SLOW_SECONDS, self._show_finding)

    def _show_finding(self) -> None:
        """Say that a value is being looked for, where that takes long enough to wonder."""
        if self.controller.busy:
            self.query_one(Status).message = "looking for the value…"

    def on_query_done(self, _: Query.Done) -> None:
        """Add the query to the history, and go to the results."""
        self._add_to_history()
        self.query_one(Query).history = self.session.state.history
        result, request = self.controller.result, self.controller.request
        if result is None or (result.request != request and not self.controller.busy):
            self.controller.search(request)  # what was typed was too short to be answered
        self.action_pane("results")

    def _add_to_history(self) -> None:
        self.session.state.add_to_history(self.controller.request.query)

    def on_change_request(self, event: ChangeRequest) -> None:
        """A facet value, a year or a chip was chosen."""
        self.change(event.change(self.controller.request))

    def on_empty_state_chosen(self, event: EmptyState.Chosen) -> None:
        """Search for something else."""
        self.change(event.request)
        self.action_pane("results")

    def action_remove_last(self) -> None:
        """Remove the last constraint."""
        chips = request_edits.constraints(self.controller.request)
        if chips:
            self.change(request_edits.removed(self.controller.request, chips[-1]))

    def action_clear(self) -> None:
        """Remove every constraint but the query."""
        self.change(request_edits.cleared(self.controller.request))

    def action_edit_query(self) -> None:
        """Go to the query, all of it marked: typing begins another one, an arrow key goes on with this one."""
        self.action_pane("query")
        self.query_one(Query).start_over()

    def action_new_search(self) -> None:
        """Begin anew: without a query and constraints, in the same order."""
        self._add_to_history()
        self.change(SearchRequest(sort=self.controller.request.sort))
        self.action_pane("query")

    def action_find_value(self) -> None:
        """Look for a value of the facet at the cursor of the facet panel."""
        self.action_pane("facets")
        self.query_one(Facets).action_find()

    def action_sort(self) -> None:
        """Sort in the next order."""
        request, sorts = self.controller.request, SearchRequest.SORT_ORDERS
        self.change(request.replace(sort=sorts[(sorts.index(request.sort) + 1) % len(sorts)]))

    # -- completions of the query ------------------------------------------------------

    def _complete(self, text: str) -> tuple[Completion, ...]:
        result = self.controller.result
        known = result is not None and result.page.query == text and not result.page.relaxed
        return completions(self.session.archive, text, result.page.total if result is not None and known else None)

    def _offer(self, text: str, found: tuple[Completion, ...]) -> None:
        """Offer completions, if the query is still the one being typed."""
        self._completions = text, found
        self._show_offers()

    def _show_offers(self) -> None:
        """Offer completions of what is being typed, and other spellings where only some of the words are found."""
        query, result, (text, found) = self.query_one(Query), self.controller.result, self._completions
        if query.is_typed and query.value == text:
            spellings = result.page.suggestions if result is not None and result.page.query == text else ()
            others = (
                Completion(each.query, f"{each.reason}, {each.total:,}", each.query, is_hint=True) for each in spellings
            )
            query.completions.offer((*found, *others))

    def _completion_failed(self, _: str, error: ArchiveError) -> None:
        """Ignore the error, unless the index is damaged: an unfinished query need not be valid."""
        report_damage(self, error)

    def on_completions_accepted(self, event: Completions.Accepted) -> None:
        """Complete the query."""
        query = self.query_one(Query)
        query.accept(event.completion)
        self.set_focus(query)

    # -- facets and results ------------------------------------------------------------

    def on_facets_view_changed(self, event: Facets.ViewChanged) -> None:
        """Show a facet in another way, and remember that."""
        self.controller.set_facet_view(event.facet, event.changes)
        state = self.session.state
        state.folded = [view.name for view in self.controller.facet_views if view.folded]
        state.order = [view.name for view in self.controller.facet_views if view.sort == "name"]

    def on_facets_find_requested(self, event: Facets.FindRequested) -> None:
        """Open the line for finding a value."""
        self.query_one(FacetFinder).open(event.facet, self.controller.facet_view(event.facet).find)

    def on_facet_finder_done(self, event: FacetFinder.Done) -> None:
        """Go back to the values, all of them or those found."""
        facets = self.query_one(Facets)
        self.set_focus(facets)
        if not event.kept:
            self.controller.set_facet_view(event.facet, {"find": ""})
        elif event.takes:
            facets.take_first_match(event.facet, event.words)

    def on_facets_person_opened(self, event: Facets.PersonOpened) -> None:
        """Show a person's page."""
        self.app.push_screen(PersonScreen(self.session, (event.person,)), self._person_closed)

    def _person_closed(self, change: ChangeRequest | None) -> None:
        if change is not None:
            self.post_message(change)

    def on_results_selected(self, event: Results.Selected) -> None:
        """Remember the article under the cursor."""
        self.new.look_at(self.view.article_id, event.article_id)
        self.previewer.request()
        self.view.article_id = self.session.state.article = event.article_id

    def on_results_page_requested(self, event: Results.PageRequested) -> None:
        """Fetch hits that are visible."""
        self.controller.prefetch(event.page)

    def on_results_opened(self, event: Results.Opened) -> None:
        """Read an article."""
        self._add_to_history()
        self.run_worker(self._open(event.rank), group="opening", exclusive=True)

    async def _open(self, rank: int) -> None:
        reader = await ReaderScreen(SearchSequence(self.controller, self.new.look_at), rank).preload()
        if self.is_active:  # not when it was asked for twice, and the first one is there already
            self.app.push_screen(reader, self._reader_closed)

    def _reader_closed(self, result: ReaderResult | None) -> None:
        if result is None:
            return
        results = self.query_one(Results)
        results.cursor = result.index
        results.cursor_moved()
        self.set_focus(results)
        if result.change is not None:
            self.post_message(result.change)

    def on_histogram_range_requested(self, _: Histogram.RangeRequested) -> None:
        """Ask for years, and narrow the search to them."""
        self.app.push_screen(TypedYearsScreen(self.controller.request), self._years_typed)

    def _years_typed(self, years: tuple[YearRange, ...] | None) -> None:
        if years is not None:
            self.change(self.controller.request.replace(year=years))

    def on_facets_name_answered(self, event: Facets.NameAnswered) -> None:
        """Review a name in the facets."""
        self.names.review(event.facet, event.name, event.answer)

    def _unmark(self) -> None:
        self.query_one(Results).unmark_all()

    def on_multiline_list_marks_changed(self, event: Results.MarksChanged) -> None:
        """Say how many articles are marked, and which key acts on them."""
        self.query_one("#found").border_subtitle = f"{event.number:,} marked · . acts on them" if event.number else ""

    def action_act_on_marked(self) -> None:
        """Act on the marked articles, or the one under the cursor; from facets and years on all that are found."""
        results, query = self.query_one(Results), self.controller.request.query
        if isinstance(self.focused, Facets | Histogram):
            self.marked.choose_found(self.controller.request)
            return
        current = results.hits.get(results.cursor)
        ids = tuple(results.marked) or ((current.id,) if current is not None else ())
        self.marked.choose(pluralize(len(ids), "article"), ids, lambda archive: quotes_of_articles(archive, ids, query))

    def action_certificate(self) -> None:
        """Certify what is found of the chosen people, at the chosen venues and in the chosen years."""
        request = self.controller.request
        if request.person:
            self.app.push_screen(CertificateScreen(self.session, request.person, request.venue, request.year))
        else:
            self.notify("Choose a person first; C then certifies what is found of them.", timeout=4)

    def action_findings(self) -> None:
        """List what check and audit find."""
        self.app.push_screen(FindingsScreen(self.session))

    def action_did_you_mean(self) -> None:
        """Search for the other spelling that is offered above the results."""
        result = self.controller.result
        if result is not None and result.page.suggestions:
            best = result.page.suggestions[0]
            if best.reason not in result.request.selections:
                self.change(result.request.replace(query=best.query))
                return
        self.notify("There is no other spelling to offer.", timeout=2)

    def action_unreviewed_names(self) -> None:
        """List the names that nobody has reviewed."""
        if not self.session.web:
            self.app.push_screen(UnreviewedNamesScreen(self.session), self._names_closed)

    def _names_closed(self, answered: bool | None) -> None:
        if answered:
            self.run_worker(self.names.take_in(), group="names")

    def action_seen_together(self) -> None:
        """List only the articles in which the chosen people were seen, or everything again."""
        self.seen.toggle()

    def action_occasions(self) -> None:
        """Show the occasions at the chosen venues, in the chosen years and with the chosen people."""
        request = self.controller.request
        people = request.person if request.all_people or len(request.person) == 1 else ()
        screen = OccasionsScreen(self.session, request.venue, request.year, people)
        self.app.push_screen(screen, self._person_closed)

    # -- the preview -------------------------------------------------------------------

    def on_article_view_link_followed(self, event: ArticleView.LinkFollowed) -> None:
        """Narrow the search by a person or venue of the preview."""
        self.change(request_edits.chosen(self.controller.request, event.facet, event.value))

    def action_toggle_preview(self) -> None:
        """Show or hide the preview; it needs a wide window."""
        self.previewer.toggle_panel()

    # -- panels ------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the action for the focused panel, and in a browser those that write files."""
        if action in ("save", "index", "unreviewed_names"):
            return not self.session.web
        if action == "edit_query":
            return not isinstance(self.focused, Query)
        return not (action == "pane" and self.focused is not None and parameters == (self.focused.id,))

    def action_pane(self, name: str) -> None:
        """Focus a panel; in a narrow window it takes the place of the others."""
        if name == "results" and self.view.is_empty:
            name = "suggestions"
        in_side = name in ("facets", "years")
        if in_side:
            self._show_side(True)
        self.show_panel(side=in_side)
        if name == "years" and self.session.state.listed:
            name = "facets"
            self.query_one(Facets).go_to_facet("year")
        self.set_focus(self.query_one(f"#{name}"))  # at once: the next key may have been pressed already

    def on_leave_panel(self, _: LeavePanel) -> None:
        """Go back to the results."""
        self.action_pane("results")

    def _show_side(self, shown: bool) -> None:
        self.session.state.side = shown
        self.set_class(not shown, "-no-side")

    def action_toggle_side(self) -> None:
        """Show or hide the facets."""
        self._show_side(not self.session.state.side)

    def action_years_as_text(self) -> None:
        """Show the years as a list among the facets, or as a histogram again."""
        self.session.state.listed = not self.session.state.listed
        if self.controller.result is not None:
            self.view.show_counts(self.controller.result)
        if self.focused is not None and self.focused.id in ("facets", "years"):
            self.action_pane("years")

    # -- saved searches ----------------------------------------------------------------

    def action_save(self) -> None:
        """Save this search under a name."""
        self.app.push_screen(SaveSearchScreen(self.controller.request), self._name_given)

    def _name_given(self, name: str | None) -> None:
        if name is not None:
            run_reporting(self, self._save(name, self.controller.request), "saving")

    async def _save(self, name: str, request: SearchRequest) -> None:
        await self.saved.save(name, request, self.controller.result)
        self.notify(f"Saved as “{name}”; S lists saved searches.", timeout=3)

    def action_saved(self) -> None:
        """List the saved searches."""
        self.app.push_screen(SavedSearchesScreen(self.session), self._saved_chosen)

    def _saved_chosen(self, opened: OpenedSearch | None) -> None:
        if opened is not None:
            self.change(self.saved.open(opened))

    # -- the index ---------------------------------------------------------------------

    def action_refresh_results(self) -> None:
        """Search again in the index as it is now."""
        self.upkeep.refresh()

    def action_problems(self) -> None:
        """List the files that could not be read, or were read with a warning."""
        self.upkeep.list_problems()

    on_status_warning_clicked = action_problems

    def action_index(self) -> None:
        """Bring the index up to date with the corpus."""
        self.upkeep.update()

    # -- help and quitting -------------------------------------------------------------

    def action_help(self) -> None:
        """Show help."""
        self.app.push_screen(HelpScreen.about(self))

    def action_quit(self) -> None:
        """Quit; the next session continues here."""
        self.app.exit()
