"""The search screen: the query, what narrows it, and the results."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import ContentSwitcher, Input, Static

from archive import ArchiveError, Hit, SearchRequest, YearRange
from archive.tui.keys import HELP_KEYS
from archive.tui.messages import ChangeRequest, LeavePanel, report_damage
from archive.tui.model import request_edits
from archive.tui.model.article_sequence import ArticleLoader, LoadedArticle, SearchSequence
from archive.tui.model.query_completion import Completion, completions, is_value_being_typed
from archive.tui.model.search_model import ViewResult
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.indexing import IndexPoller
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.problems import ProblemsScreen, problems_text
from archive.tui.screens.reader import ReaderResult, ReaderScreen
from archive.tui.screens.saved_searches import OpenedSearch, SavedSearchActions, SavedSearchesScreen, SaveSearchScreen
from archive.tui.screens.search_results_view import SearchResultsView
from archive.tui.screens.two_panels import PREVIEW_WIDTH, TwoPanelScreen
from archive.tui.screens.typed_years import TypedYearsScreen
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
#: Seconds for which the cursor rests on an article before it is shown beside the list; pixels of a photograph.
_PREVIEW_SECONDS, _PREVIEW_PIXELS = 0.12, 800
#: Seconds without a key before names are offered that may be meant: nobody looks at them while typing on.
_HINT_SECONDS = 0.25
#: Words that no value has.
_RARE = "qzxv"
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
        Binding("exclamation_mark", "problems", "Problems in the corpus", show=False, key_display="!"),
        *HELP_KEYS,
    ]

    def __init__(self, session: Session, request: SearchRequest) -> None:
        super().__init__()
        self.session = session
        self.controller = SearchController(
            session, request, on_result=self._show_result, on_error=self._show_error, on_page=self._show_page
        )
        self.previewer = LatestOnly(session.quick_thread, self._load_preview, self._show_preview, self._preview_failed)
        self.completer = LatestOnly(session.quick_thread, self._complete, self._offer, self._completion_failed)
        self.view = SearchResultsView(self, self.controller, lambda: self.action_pane("results"))
        self.saved = SavedSearchActions(session)
        self._previewed: tuple[str, SearchRequest] | None = None
        self._completions: tuple[str, tuple[Completion, ...]] = ("", ())
        self.poller = IndexPoller(session, self.controller)

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
        self._show_preview_panel(self.session.state.preview)
        self.query_one("#found").border_title = "Articles"  # without their number: a title is expensive to change
        self.query_one(Status).context = self.session.archive.settings.name
        self._show_side(self.session.state.side)
        self.controller.set_facet_rows(self.app.size.height)
        self.controller.search(self.controller.request)
        self.set_timer(_LATER_SECONDS, self.count_problems)
        self.set_timer(_LATER_SECONDS, self._prepare_facets)
        self.set_interval(_POLL_SECONDS, self.poll)

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for more values of the facets."""
        super().on_resize(event)
        self.controller.set_facet_rows(event.size.height)
        self.call_after_refresh(self.request_preview)

    def on_index_rebuilt(self) -> None:
        """Search again."""
        self.controller.search(self.controller.request)

    # -- results -----------------------------------------------------------------------

    def _show_result(self, result: ViewResult) -> None:
        status = self.query_one(Status)
        if status.notice and self.poller.covers_notice(result):
            status.notice = ""
        self.view.show(result)
        self._show_offers()
        self.request_preview()
        self.session.state.set_request(result.request)
        new = self.saved.new_in(result)
        self.query_one(Results).mark_new(new)
        if new:
            shown = "only these; o shows all" if not self.controller.shows_all else "n next, o only these"
            status.message = f"{len(new):,} new ({shown}) · {status.message}"
        self.call_after_refresh(self._keep_seen, result)

    def _show_error(self, error: ArchiveError) -> None:
        self.view.show_error(error)

    def _show_page(self, page: int, hits: tuple[Hit, ...]) -> None:
        self.view.add_page(page, hits)

    def _keep_seen(self, result: ViewResult) -> None:
        """Remember what has been looked at of a saved search, once its result is on the screen."""
        if result is self.controller.result:
            self.run_worker(self._report_errors(self.saved.keep()), group="seen")

    def _look_at(self, *article_ids: str) -> None:
        """Note that articles were looked at."""
        if self.saved.unseen.intersection(article_ids):
            self.saved.look_at(*article_ids)
            self.run_worker(self._report_errors(self.saved.keep()), group="seen")

    async def _run_next_new(self, direction: int) -> None:
        results = self.query_one(Results)
        if (current := await self.controller.hit(results.cursor)) is not None:
            self._look_at(current.id)
        rank = results.cursor + direction
        while (hit := await self.controller.hit(rank)) is not None:
            if hit.id in self.saved.new_ids:
                results.cursor = rank
                results.cursor_moved()
                return
            rank += direction
        self.notify("There is nothing new below." if direction > 0 else "There is nothing new above.", timeout=2)

    def on_results_next_new(self, event: Results.NextNew) -> None:
        """Go to the next or the previous article that is new in the saved search."""
        self.run_worker(self._report_errors(self._run_next_new(event.direction)), group="seek", exclusive=True)

    def on_results_only_new(self, _: Results.OnlyNew) -> None:
        """List only what is new in the saved search, or everything again."""
        self.run_worker(self._report_errors(self._toggle_only_new()), group="seek", exclusive=True)

    async def _toggle_only_new(self) -> None:
        if self.controller.shows_all:
            if not await self.controller.show_only(self.saved.new_ids):
                self.notify("Nothing is new here; S opens a saved search with what is new in it.", timeout=3)
        else:
            self.controller.show_all()

    def on_results_all_seen(self, _: Results.AllSeen) -> None:
        """Nothing is new any more in the saved search."""
        self.saved.look_at_all()
        self.query_one(Results).mark_new(frozenset())
        self.run_worker(self._report_errors(self.saved.keep()), group="seen")

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
        self._look_at(self.view.article_id, event.article_id)
        self.request_preview()
        self.view.article_id = self.session.state.article = event.article_id

    def on_results_page_requested(self, event: Results.PageRequested) -> None:
        """Fetch hits that are visible."""
        self.controller.prefetch(event.page)

    def on_results_opened(self, event: Results.Opened) -> None:
        """Read an article."""
        self._add_to_history()
        self.run_worker(self._open(event.rank), group="opening", exclusive=True)

    async def _open(self, rank: int) -> None:
        reader = await ReaderScreen(SearchSequence(self.controller, self._look_at), rank).preload()
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

    # -- the preview -------------------------------------------------------------------

    def request_preview(self) -> None:
        """Show the article under the cursor beside the results, if there is room and nobody is about to move on."""
        hit = self.controller.hits.get(self.query_one(Results).cursor)
        preview = self.query_one(Preview)
        if preview.display and hit is not None and (hit.id, self.controller.request) != self._previewed:
            self._previewed = hit.id, self.controller.request
            self.previewer.ask(hit.id, _PREVIEW_SECONDS)

    def _load_preview(self, article_id: str) -> LoadedArticle:
        return ArticleLoader(SearchSequence(self.controller, lambda _: None)).load_now(article_id, 0)

    def _show_preview(self, _: str, loaded: LoadedArticle) -> None:
        self.query_one(Preview).show(loaded)
        if loaded.article.kind == "photo" and self.query_one(Preview).can_show_pictures and not self.app.no_color:
            self.run_worker(self._load_picture(loaded), group="picture", exclusive=True)

    async def _load_picture(self, loaded: LoadedArticle) -> None:
        with suppress(ArchiveError):  # the reader says why there is none
            picture = await self.session.picture(loaded.article.pictures[0], _PREVIEW_PIXELS, _PREVIEW_PIXELS)
            for preview in self.query(Preview):
                if preview.article_id == loaded.article.id:
                    preview.show_picture(picture)

    def _preview_failed(self, _: str, error: ArchiveError) -> None:
        report_damage(self, error)

    def on_article_view_link_followed(self, event: ArticleView.LinkFollowed) -> None:
        """Narrow the search by a person or venue of the preview."""
        self.change(request_edits.chosen(self.controller.request, event.facet, event.value))

    def _show_preview_panel(self, shown: bool) -> None:
        self.session.state.preview = shown
        self.set_class(not shown, "-no-preview")
        self.call_after_refresh(self.request_preview)

    def action_toggle_preview(self) -> None:
        """Show or hide the preview; it needs a wide window."""
        self._show_preview_panel(not self.session.state.preview)
        if self.size.width < PREVIEW_WIDTH:
            self.notify(f"The preview needs {PREVIEW_WIDTH} columns.", timeout=3)

    # -- panels ------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the action for the focused panel, and in a browser those that write files."""
        if action in ("save", "index"):
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
            self.run_worker(self._report_errors(self._save(name, self.controller.request)))

    async def _save(self, name: str, request: SearchRequest) -> None:
        await self.saved.save(name, request, self.controller.result)
        self.notify(f"Saved as “{name}”; S lists saved searches.", timeout=3)

    async def _report_errors(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ArchiveError as error:
            self.notify(str(error), severity="error")

    def action_saved(self) -> None:
        """List the saved searches."""
        self.app.push_screen(SavedSearchesScreen(self.session), self._saved_chosen)

    def _saved_chosen(self, opened: OpenedSearch | None) -> None:
        if opened is not None:
            self.change(self.saved.open(opened))

    # -- the index ---------------------------------------------------------------------

    async def poll(self) -> None:
        """Show a notice if the index has changed."""
        try:
            notice = await self.poller.poll()
        except ArchiveError as error:
            report_damage(self, error)
        else:
            if notice is not None:
                self.query_one(Status).notice = notice

    def action_refresh_results(self) -> None:
        """Search again in the index as it is now."""
        self.query_one(Status).notice = ""
        self.controller.search(self.controller.request)

    def count_problems(self) -> None:
        """Mark in the status whether the last run could not read everything."""
        self.run_worker(self._report_errors(self._count_problems()), group="problems", exclusive=True)

    async def _count_problems(self) -> None:
        problems = await self.session.run_slow(self.session.archive.problems)
        for status in self.query(Status):  # none if the app has ended meanwhile
            status.warning = problems_text(problems)

    def _prepare_facets(self) -> None:
        """Have the facets ready to be searched for a value: the first time takes longest."""
        self.run_worker(self._report_errors(self._search_facets()), group="prepare")

    async def _search_facets(self) -> None:
        for facet in self.session.archive.fields.facets:
            if facet.name != "year":
                await self.session.run_slow(self.session.archive.facet, facet.name, _RARE, limit=1)

    def action_problems(self) -> None:
        """List the files that could not be read, or were read with a warning."""
        self.run_worker(self._report_errors(self._list_problems()), group="problems", exclusive=True)

    async def _list_problems(self) -> None:
        problems = await self.session.run_slow(self.session.archive.problems)
        if problems:
            self.app.push_screen(ProblemsScreen(self.session, problems), lambda _: self._problems_closed())
        else:
            self.notify("Every file of the corpus was read without a problem.", timeout=3)

    def _problems_closed(self) -> None:
        self.count_problems()
        self.controller.search(self.controller.request)

    on_status_warning_clicked = action_problems

    def action_index(self) -> None:
        """Bring the index up to date with the corpus."""
        self.query_one(Status).notice = "indexing…"
        self.run_worker(self._index(), group="index", exclusive=True)

    async def _index(self) -> None:
        status = self.query_one(Status)
        try:
            done = await self.poller.update(partial(setattr, status, "notice"))
        except ArchiveError as error:
            status.notice, status.error = "", str(error)
        else:
            status.notice = status.error = ""
            self.notify(done, timeout=4)
            self.count_problems()

    # -- help and quitting -------------------------------------------------------------

    def action_help(self) -> None:
        """Show help."""
        self.app.push_screen(HelpScreen.about(self))

    def action_quit(self) -> None:
        """Quit; the next session continues here."""
        self.app.exit()
