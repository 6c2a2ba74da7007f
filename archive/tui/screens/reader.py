"""The reader: one article of a search or of some encounters after the other, at its matches."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Self

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from archive import ArchiveError, Article, SearchRequest
from archive.model.fields import mentioned
from archive.render.quote_text import quoted
from archive.render.terminal import Mark
from archive.render.text import pluralize
from archive.tui import terminal_pictures
from archive.tui.external_editor import edit
from archive.tui.keys import HELP_KEYS, REVIEW_KEYS
from archive.tui.messages import ChangeRequest, CopyRequested, report_damage
from archive.tui.model import article_layout, request_edits
from archive.tui.model.article_layout import ScrollPosition
from archive.tui.model.article_sequence import ArticleLoader, ArticleSequence, LoadedArticle
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.indexing import index_when_free
from archive.tui.screens.name_review import NameReview
from archive.tui.screens.person import PersonScreen
from archive.tui.screens.related import RelatedScreen
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.picture_panel import PicturePanel
from archive.tui.widgets.status import Status

#: The facets that hold people.
_PEOPLE_FACETS = ("person", mentioned("person"))
#: The end of a facet that holds what only the text names.
_ONLY_MENTIONED = mentioned("")
#: Seconds for the first frame to be painted before the rest of the article is searched and laid out.
_PAINT_SECONDS = 0.05
#: Seconds that a place is kept before the picture there is loaded, and the most pixels that it is shown with.
_PICTURE_SECONDS, _PICTURE_PIXELS = 0.1, 1_000
#: Seconds to wait for the first article before the screen is shown without it.
_LOAD_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class ReaderResult:
    """How reading ended: at which article of the sequence, and how the search is to change, if at all."""

    index: int
    change: ChangeRequest | None = None


class ReaderScreen(Screen[ReaderResult]):
    """Reads the articles of a sequence.

    index    of the article in the sequence; while a related article is shown, the index to return to
    loaded   the article that is shown, with the matches found so far
    related  whether it is a related article, which is not in the sequence
    """

    HELP = "n and N go to the next and previous match, J and K to the next and previous article; I shows pictures."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,left,h", "back", "Back", key_display="esc"),
        Binding("n", "hit(1)", "Next match"),
        Binding("N,p", "hit(-1)", "Previous match", show=False),
        Binding("J,greater_than_sign", "result(1)", "Next article", key_display="J"),
        Binding("K,less_than_sign", "result(-1)", "Previous article", key_display="K", show=False),
        Binding("y", "copy", "Copy"),
        Binding("r", "related", "Related"),
        Binding("e", "edit", "Edit"),
        Binding("P", "person", "Person page", key_display="P"),
        Binding("I", "pictures", "Show or hide pictures", show=False),
        *REVIEW_KEYS,
        *HELP_KEYS,
    ]

    def __init__(self, sequence: ArticleSequence, index: int) -> None:
        super().__init__()
        self.sequence, self.index = sequence, index
        self.session = sequence.session
        self.loaded: LoadedArticle | None = None
        self.related = False
        self._loader = ArticleLoader(sequence)
        self._first: asyncio.Task[LoadedArticle | None] | None = None
        self._picture_shown = ""
        self._reviews = NameReview(self, self.session, self._names_changed)

    async def preload(self) -> Self:
        """Load the first article before the screen is shown, unless that takes long: the first frame then has it."""
        self._first = asyncio.create_task(self._loader.load_at(self.index))
        await asyncio.wait({self._first}, timeout=_LOAD_SECONDS)
        return self

    def compose(self) -> ComposeResult:
        """The article above the status; a picture comes above or beside it once there is one."""
        yield ArticleView(id="article")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Show the first article."""
        self.set_focus(self._view)
        self.watch(self._view, "scroll_y", self._show_picture, init=False)
        self._status.context = self.session.archive.settings.name
        first, self._first = self._first, None
        if first is not None and first.done() and first.exception() is None and (loaded := first.result()) is not None:
            self._show(loaded)
            self.run_worker(self._find_other_matches(loaded), group="article", exclusive=True)
        else:
            self.go_to(self.index)

    @property
    def article(self) -> Article | None:
        """The article that is shown."""
        return None if self.loaded is None else self.loaded.article

    @property
    def marks(self) -> list[Mark]:
        """Its matches, as far as they have been looked for."""
        return [] if self.loaded is None else self.loaded.marks

    @property
    def _view(self) -> ArticleView:
        return self.query_one(ArticleView)

    @property
    def _status(self) -> Status:
        return self.query_one(Status)

    # -- showing an article ------------------------------------------------------------

    def go_to(self, index: int) -> None:
        """Show an article of the sequence."""
        self.run_worker(self._go_to(index), group="article", exclusive=True)

    async def _go_to(self, index: int) -> None:
        try:
            loaded = await self._loader.load_at(index)
        except ArchiveError as error:
            self._fail(error)
            return
        if loaded is not None:
            self.index, self.related = index, False
            self._show(loaded)
            await self._find_other_matches(loaded)

    async def open(self, article_id: str, position: ScrollPosition | None = None) -> None:
        """Show an article at its first match or at a position; then find its other matches."""
        try:
            loaded = await self._loader.load(article_id, None if self.related else self.index)
        except ArchiveError as error:
            self._fail(error)
            return
        self._show(loaded, position)
        await self._find_other_matches(loaded, position)

    def _show(self, loaded: LoadedArticle, position: ScrollPosition | None = None) -> None:
        self.loaded = loaded
        self.sequence.was_read(loaded.article)
        self._view.open(loaded.article, loaded.marks, position, loaded.title_marks)
        self._go_to_match(position)
        self._show_picture()

    async def _find_other_matches(self, loaded: LoadedArticle, position: ScrollPosition | None = None) -> None:
        await asyncio.sleep(_PAINT_SECONDS)
        try:
            async for start in self._loader.search_rest(loaded):
                self._view.set_marks(loaded.marks, start)
                self._go_to_match(position)
        except ArchiveError as error:
            self._fail(error)

    def _go_to_match(self, position: ScrollPosition | None) -> None:
        """Go to the first match, unless the user has moved; at a restored position, to the match that was current."""
        view, marks = self._view, self.marks
        if marks and not view.user_moved and view.hit is None:
            view.go_to_hit(marks[0])
        elif marks and position is not None and position.hit is not None and view.text_offset == position.offset:
            view.set_hit(article_layout.nearest_mark(marks, position.hit[0]))
        self.show_status()

    async def on_article_view_layout_pending(self, event: ArticleView.LayoutPending) -> None:
        """Lay out the rest of a long article."""
        self.run_worker(self._lay_out_rest(event.width), group="layout", exclusive=True)

    async def _lay_out_rest(self, width: int) -> None:
        view, article = self._view, self.article
        await asyncio.sleep(_PAINT_SECONDS)
        if article is not None and view.article is article and view.layout_.width == width:
            layout = await self._loader.lay_out(article, width, view.title_marks, compact=view.is_compact)
            if view.article is article and view.layout_.width == width:
                view.set_layout(layout)

    # -- pictures ----------------------------------------------------------------------

    def _show_picture(self) -> None:
        """Show the last picture before the end of what is visible, or the first one, if pictures are shown."""
        article = self.article
        pictures = article.pictures if article is not None else ()
        is_shown = bool(pictures) and self.session.shows_pictures and self._can_show_pictures
        self.set_class(is_shown, "-pictures")
        if not is_shown:
            self._picture_shown = ""
            return
        index = self._view.picture_index
        if pictures[index] != self._picture_shown:
            is_first, self._picture_shown = not self._picture_shown, pictures[index]
            number = f"picture {index + 1:,} of {len(pictures):,} · " if len(pictures) > 1 else ""
            work = self._load_picture(pictures[index], number, clear=is_first)
            self.run_worker(work, group="picture", exclusive=True)

    @property
    def _can_show_pictures(self) -> bool:
        return terminal_pictures.can_show_pictures() and not self.app.no_color

    async def _load_picture(self, path: str, number: str, *, clear: bool) -> None:
        panel = self.query(PicturePanel).first() if self.query(PicturePanel) else None
        if panel is None:
            panel = PicturePanel(id="picture")
            await self.mount(panel, before="#article")
        elif clear:
            panel.show(None, "")
        await asyncio.sleep(_PICTURE_SECONDS)
        try:
            preview = await self.session.picture(path, _PICTURE_PIXELS, _PICTURE_PIXELS)
        except ArchiveError as error:
            panel.show(None, str(error))
        else:
            panel.show(preview, f"{number}{path.rpartition('/')[2]}")

    def action_pictures(self) -> None:
        """Show or hide the pictures of articles."""
        if not terminal_pictures.can_show_pictures():
            self.notify(terminal_pictures.MISSING, timeout=4)
        elif self.article is not None and not self.article.pictures:
            self.notify("This article has no pictures.", timeout=2)
        else:
            self.session.shows_pictures = not self.session.shows_pictures
            self._show_picture()

    def _fail(self, error: ArchiveError) -> None:
        report_damage(self, error)
        self._status.error = str(error)

    def on_index_rebuilt(self) -> None:
        """Load the article again."""
        if self.article is None:
            self.go_to(self.index)
        else:
            self.run_worker(self.open(self.article.id, self._view.position), group="article")

    # -- the status --------------------------------------------------------------------

    def show_status(self) -> None:
        """Show the position among the articles and among the matches."""
        item = f"{self.sequence.item_name} {self.index + 1:,} of {self.sequence.total:,}"
        number = len(self.article.pictures) if self.article is not None else 0
        pictures = f"{pluralize(number, 'picture')} (I)" if number and self._can_show_pictures else ""
        parts = ["related article" if self.related else item, self._matches_text(), pictures]
        self._status.error, self._status.message = "", " · ".join(filter(None, parts))

    def _matches_text(self) -> str:
        """Number of the current match and of all; with a plus where the text has not been searched to its end."""
        if self.loaded is None or not self.marks:
            return "no matches in the text" if self.sequence.has_query else ""
        number = article_layout.index_of_mark(self.marks, self._view.hit)
        total = f"{len(self.marks):,}{'' if self.loaded.fully_searched else '+'}"
        return f"{total} match{'es' * (total != '1')}" if number is None else f"match {number + 1:,} of {total}"

    # -- actions -----------------------------------------------------------------------

    def action_back(self) -> None:
        """Drop the mark, or go back to the sequence, or from a related article to the one before it."""
        if self._view.drop_mark():
            return
        if self.related:
            self.go_to(self.index)
        else:
            self.dismiss(ReaderResult(self.index))

    def action_hit(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match; after the last comes the first."""
        view, marks = self._view, self.marks
        if not marks:
            return
        number = article_layout.index_of_mark(marks, view.hit)
        if number is None:
            number = bisect_left(marks, (view.current_offset, -1)) - (direction > 0)
        view.take_control()
        view.go_to_hit(marks[(number + direction) % len(marks)])
        self.show_status()

    def action_result(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) article of the sequence."""
        index = self.index + direction
        if 0 <= index < self.sequence.total:
            self.go_to(index)
        else:
            self.notify("This is the last article." if direction > 0 else "This is the first article.", timeout=2)

    def on_article_view_link_followed(self, event: ArticleView.LinkFollowed) -> None:
        """Go back to the search and narrow it by a person or venue."""

        def select(request: SearchRequest) -> SearchRequest:
            selection = request.selections.get(event.facet)
            if selection is not None and event.value in selection.values:
                return request
            return request_edits.toggled(request, event.facet, event.value)

        self.dismiss(ReaderResult(self.index, ChangeRequest(select)))

    def action_person(self) -> None:
        """Show the page of the person under the cursor."""
        link = self._view.link_target
        if link is not None and link[0] in _PEOPLE_FACETS:
            self.app.push_screen(PersonScreen(self.session, (link[1],)), self._person_closed)
        else:
            self.notify("Press Tab to select a person; P then opens their page.", timeout=4)

    def _person_closed(self, change: ChangeRequest | None) -> None:
        if change is not None:
            self.dismiss(ReaderResult(self.index, change))

    def action_review_name(self, answer: str) -> None:
        """Answer for the person or venue under the cursor."""
        link = self._view.link_target
        facet = link[0].removesuffix(_ONLY_MENTIONED) if link is not None else ""
        if link is not None and facet in ("person", "venue"):
            self._reviews.review(facet, link[1], answer)
        else:
            self.notify("Press Tab to select a name first.", timeout=4)

    def _names_changed(self) -> None:
        """Show the article with the names that it has now."""
        self.sequence.refresh()
        self.on_index_rebuilt()

    def action_copy(self) -> None:
        """Copy the selected text, or else the marked paragraphs, or else the current one, as a quotation."""
        self.run_worker(self._copy(), group="copying", exclusive=True)

    async def _copy(self) -> None:
        article, view = self.article, self._view
        if article is None:
            return
        start, end = view.current_span
        text = self.get_selected_text() or article.body[start:end] or article.title
        words = pluralize(len(text.split()), "word")
        try:
            quote = await self.session.run_quick(self.session.archive.quote, article.id, text)
        except ArchiveError:  # part of the heading was selected, or far too much
            copied, done = article_layout.quotation(article, text), f"Copied {words} that cannot be verified."
        else:
            copied, done = (
                "\n".join(quoted(quote)),
                f"Copied {words} with their citation; `archive verify` checks them.",
            )
        self.post_message(CopyRequested(copied, done))
        view.drop_mark()

    def action_related(self) -> None:
        """Choose a similar article to read."""
        if self.article is not None:
            self.app.push_screen(RelatedScreen(self.session, self.article), self._related_chosen)

    def _related_chosen(self, article_id: str | None) -> None:
        if article_id is not None:
            self.related = True
            self.run_worker(self.open(article_id), group="article", exclusive=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the editor in a browser."""
        return not (action == "edit" and self.session.web)

    async def action_edit(self) -> None:
        """Open the article's file in the user's editor at the current line, and index it afterwards."""
        article = self.article
        if article is None:
            return
        position = self._view.position
        line = article.line_at(position.offset)
        self.session.save_now()
        failure = edit(self.app, self.session.archive.root / article.path, line)
        if failure:
            self.notify(failure, severity="warning")
            return
        self.run_worker(self._edited(article.id, position), group="article", exclusive=True)

    async def _edited(self, article_id: str, position: ScrollPosition) -> None:
        """Bring the index up to date and show the article as it is now."""
        try:
            report = await index_when_free(self.session, partial(setattr, self._status, "notice"))
        except ArchiveError as error:
            self._fail(error)
            return
        self._status.notice = ""
        if report.changed:
            self.sequence.refresh()
        for problem in report.problems[:1]:
            self.notify(str(problem), severity="warning")
        await self.open(article_id, position)

    def action_help(self) -> None:
        """Show help."""
        self.app.push_screen(HelpScreen.about(self))
