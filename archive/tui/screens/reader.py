"""The reader: one article after the other, at the words that were looked for."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from archive.article import Article
from archive.errors import ArchiveError
from archive.query.request import SearchRequest
from archive.render.terminal import Mark
from archive.tui import narrowing, reading
from archive.tui.editing import edit
from archive.tui.messages import Narrow
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.related import RelatedScreen
from archive.tui.searching import Searching
from archive.tui.widgets.article import ArticleView
from archive.tui.widgets.status import Status

#: Characters in which matches are looked for at a time: few at first, as they are waited for.
_FIRST, _REST = 6_000, 40_000
#: Seconds that the first screen gets to be painted before the rest is looked at.
_PAINT = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading ended: at which place of the list, and with which constraint added."""

    place: int
    narrow: Narrow | None = None


class ReaderScreen(Screen[Outcome]):
    """Reads the hits of a search without leaving it."""

    HELP = "Read; n and N go from one matched word to the next, J and K from one article to the next."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,left,h", "back", "Back", key_display="esc"),
        Binding("n", "hit(1)", "Next hit"),
        Binding("N,p", "hit(-1)", "Previous hit", show=False),
        Binding("J,greater_than_sign", "result(1)", "Next article", key_display="J"),
        Binding("K,less_than_sign", "result(-1)", "Previous article", key_display="K", show=False),
        Binding("y", "copy", "Copy quote"),
        Binding("r", "related", "Related"),
        Binding("e", "edit", "Edit"),
        Binding("tab", "link", "Links", show=True),
        Binding("question_mark,f1", "help", "Help", key_display="?"),
    ]

    def __init__(self, searching: Searching, place: int) -> None:
        super().__init__()
        self.searching, self.place = searching, place
        self.session = searching.session
        self.article: Article | None = None
        self._side: str | None = None
        self._marks: list[Mark] = []
        self._marked_to = 0

    def compose(self) -> ComposeResult:
        """The article, and how things stand."""
        yield ArticleView(id="article")
        yield Status(id="status")

    async def on_mount(self) -> None:
        """Open the article at the cursor."""
        self.set_focus(self.query_one(ArticleView))
        self._open_place(self.place)

    # -- opening -----------------------------------------------------------------------

    def _open_place(self, place: int) -> None:
        self.run_worker(self._to_place(place), group="article", exclusive=True)

    async def _to_place(self, place: int) -> None:
        hit = await self.searching.hit(place)
        if hit is not None:
            self.place, self._side = place, None
            await self._open(hit.id)

    async def _open(self, article_id: str, offset: int | None = None) -> None:
        """Show an article at once, then find its matches and lay out the rest."""
        view, archive = self.query_one(ArticleView), self.session.archive
        try:
            article = await self.session.aside(archive.get, article_id)
            self._marks, self._marked_to = [], 0
            self.article = article
            query = self.searching.request.query
            first = next(reading.pieces(article.body, _FIRST, _REST), (0, 0))
            await self._mark(article, query, *first)
            view.open(article, self._marks)
            self._first_hit(offset)
            self._stand()
            await asyncio.sleep(_PAINT)
            for start, end in reading.pieces(article.body, _FIRST, _REST):
                if start >= first[1]:
                    await self._mark(article, query, start, end)
                    view.mark(self._marks)
                    self._first_hit(offset)
                    self._stand()
        except ArchiveError as error:
            self.query_one(Status).error = str(error)

    async def _mark(self, article: Article, query: str, start: int, end: int) -> None:
        self._marked_to = end
        if query.strip():
            found = await self.session.aside(self.session.archive.highlight, article.body[start:end], query)
            self._marks = [*self._marks, *((start + a, start + b) for a, b in found)]

    def _first_hit(self, offset: int | None) -> None:
        """Go to the first match, or to where the article was left, unless somebody scrolled already."""
        view = self.query_one(ArticleView)
        if view.steered or view.hit is not None:
            return
        if offset is not None:
            view.steered = True
            view.go((offset, offset))
        elif self._marks:
            view.go(self._marks[0])

    async def on_article_view_unfinished(self, event: ArticleView.Unfinished) -> None:
        """Lay out the rest of a long article meanwhile."""
        self.run_worker(self._finish(event.width), group="layout", exclusive=True)

    async def _finish(self, width: int) -> None:
        view, article = self.query_one(ArticleView), self.article
        if article is None:
            return
        await asyncio.sleep(_PAINT)
        layout = await self.session.aside(reading.lay_out, article, width)
        if self.article is article and layout.width == view.layout_.width:
            view.take(layout)
            if view.hit is not None and not view.steered:
                view.go(view.hit)

    def _stand(self) -> None:
        """Say where one is among the articles and the hits."""
        status, view = self.query_one(Status), self.query_one(ArticleView)
        if self._side is None:
            said = [f"article {self.place + 1:,} of {self.searching.window.total:,}"]
        else:
            said = ["related article"]
        if self._marks:
            number = self._marks.index(view.hit) + 1 if view.hit in self._marks else 0
            unsure = "+" if self.article and self._marked_to < len(self.article.body) else ""
            hits = f"{len(self._marks):,}{unsure}"
            said.append(f"hit {number:,} of {hits}" if number else f"{hits} hit{'s' * (hits != '1')}")
        elif self.searching.request.query.strip():
            said.append("no hits in the text")
        status.error, status.now = "", " · ".join(said)
        status.aside = self.session.archive.settings.name

    # -- actions -----------------------------------------------------------------------

    def action_back(self) -> None:
        """Back to the results, at this article."""
        if self._side is not None:
            self._open_place(self.place)
        else:
            self.dismiss(Outcome(self.place))

    def action_hit(self, direction: int) -> None:
        """To the next matched word or the one before; from the last to the first."""
        view = self.query_one(ArticleView)
        if not self._marks:
            return
        if view.hit in self._marks:
            place = self._marks.index(view.hit) + direction
        else:
            here = (view.here, -1)
            place = bisect_left(self._marks, here) if direction > 0 else bisect_right(self._marks, here) - 1
        view.steered = True
        view.go(self._marks[place % len(self._marks)])
        self._stand()

    def action_result(self, direction: int) -> None:
        """To the next article that was found, or the one before."""
        place = self.place + direction
        if 0 <= place < self.searching.window.total:
            self._open_place(place)
        else:
            self.notify("That was the last one." if direction > 0 else "That was the first one.", timeout=2)

    def action_link(self) -> None:
        """To the people and venues above the text."""
        self.query_one(ArticleView).action_link(1)

    def on_article_view_followed(self, event: ArticleView.Followed) -> None:
        """Narrow the search by a person or venue, and go back to it."""

        def add(request: SearchRequest) -> SearchRequest:
            selection = request.selections.get(event.facet)
            if selection is not None and event.value in selection.values:
                return request
            return narrowing.toggled(request, event.facet, event.value)

        self.dismiss(Outcome(self.place, Narrow(add)))

    def action_copy(self) -> None:
        """Copy what is marked, or else the paragraph, with its citation."""
        view = self.query_one(ArticleView)
        if self.article is None:
            return
        start, end = reading.paragraph(self.article.body, view.here)
        text = self.get_selected_text() or self.article.body[start:end] or self.article.title
        self.app.copy_to_clipboard(reading.quotation(self.article, text))
        words = len(text.split())
        self.notify(f"Copied {words:,} words with their citation.", timeout=2)

    def action_related(self) -> None:
        """Articles that are like this one."""
        if self.article is not None:
            self.app.push_screen(RelatedScreen(self.session, self.article), self._related)

    def _related(self, article_id: str | None) -> None:
        if article_id is not None:
            self._side = article_id
            self.run_worker(self._open(article_id), group="article", exclusive=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a browser nothing starts an editor."""
        return not (action == "edit" and self.session.web)

    async def action_edit(self) -> None:
        """Open the article's file in $EDITOR, at this line; index it again afterwards."""
        if self.article is None:
            return
        view = self.query_one(ArticleView)
        where, article_id = view.here, self.article.id
        line = reading.file_line(self.article, where)
        failure = edit(self.app, self.session.archive.root / self.article.path, line)
        if failure:
            self.notify(failure, severity="warning")
            return
        self.run_worker(self._edited(article_id, where), group="article", exclusive=True)

    async def _edited(self, article_id: str, offset: int) -> None:
        """Bring the index up to date and show the article as it is now."""
        try:
            report = await self.session.aside(self.session.archive.index)
        except ArchiveError as error:
            self.query_one(Status).error = str(error)
            return
        if report.changed:
            self.searching.ask(self.searching.request)
        for problem in report.problems[:1]:
            self.notify(str(problem), severity="warning")
        await self._open(article_id, offset)

    def action_help(self) -> None:
        """What can be done here."""
        self.app.push_screen(HelpScreen.about(self))
