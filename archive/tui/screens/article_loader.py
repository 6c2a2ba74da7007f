"""Opening articles to be read: the first screen at once, its other matches and lines meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self, TypeAlias

from textual.app import ComposeResult
from textual.screen import Screen

from archive.errors import ArchiveError
from archive.model.article import Article
from archive.render.terminal import Mark
from archive.tui.messages import Narrow, told_of_damage
from archive.tui.model import article_layout, text_offsets
from archive.tui.model.article_layout import Place
from archive.tui.model.article_sequence import Walk
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.status import Status

#: Characters in which matches are looked for at a time: few at first, as they are waited for.
_FIRST, _REST = 6_000, 20_000
#: Seconds that the first screen gets to be painted before the rest is looked at.
_PAINT = 0.05
#: Seconds that an article gets to come before its screen does.
_PATIENCE = 0.15

#: An article, its matches, and up to where they have been looked for.
Found: TypeAlias = tuple[Article, list[Mark], int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading ended: at which place of the walk, and with which constraint added."""

    place: int
    narrow: Narrow | None = None


class Opening(Screen[Outcome]):
    """The part of the reader that fetches articles and finds the words that were looked for.

    place    of the article in the walk
    article  the one that is shown, if any is yet
    aside    whether it is none of the walk but one like them
    marks    its matches, as far as they have been looked for
    """

    def __init__(self, walk: Walk, place: int) -> None:
        super().__init__()
        self.walk, self.place = walk, place
        self.session = walk.session
        self.article: Article | None = None
        self.aside = False
        self.marks: list[Mark] = []
        self._marked_to = 0
        self._first: asyncio.Task[Found | None] | None = None

    async def ready(self) -> Self:
        """Fetch the first article, so that nothing is painted without it; but not if that takes long."""
        self._first = asyncio.create_task(self._at(self.place))
        await asyncio.wait({self._first}, timeout=_PATIENCE)
        return self

    def compose(self) -> ComposeResult:
        """The article, and how things stand."""
        yield ArticleView(id="article")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Open the article at the cursor."""
        self.set_focus(self.query_one(ArticleView))
        self.query_one(Status).aside = self.session.archive.settings.name
        first, self._first = self._first, None
        if first is not None and first.done() and first.exception() is None and (found := first.result()) is not None:
            self._show(found)
            self.run_worker(self._look_on(), group="article", exclusive=True)
        else:
            self.to_place(self.place)

    def to_place(self, place: int) -> None:
        """Open the article at a place of the walk."""
        self.run_worker(self._to_place(place), group="article", exclusive=True)

    async def _to_place(self, place: int) -> None:
        try:
            found = await self._at(place)
        except ArchiveError as error:
            self._fail(error)
            return
        if found is not None:
            self.place, self.aside = place, False
            self._show(found)
            await self._look_on()

    async def _at(self, place: int) -> Found | None:
        """The article at a place of the walk."""
        article_id = await self.walk.article_at(place)
        return None if article_id is None else await self.session.aside(self._begin, article_id, place)

    async def open(self, article_id: str, place: Place | None = None) -> None:
        """Show an article at once, at its first match or where it was left; then find its other matches."""
        try:
            found = await self.session.aside(self._begin, article_id, self._number)
        except ArchiveError as error:
            self._fail(error)
            return
        self._show(found, place)
        await self._look_on(place)

    @property
    def _number(self) -> int | None:
        """The place in the walk of what is read, None for an article that is not of the walk."""
        return None if self.aside else self.place

    def _show(self, found: Found, place: Place | None = None) -> None:
        self.article, self.marks, self._marked_to = found
        self.query_one(ArticleView).open(self.article, self.marks, place)
        self._settle(place)

    async def _look_on(self, place: Place | None = None) -> None:
        """Find the matches in the rest of the text."""
        article, view = self.article, self.query_one(ArticleView)
        assert article is not None
        await asyncio.sleep(_PAINT)
        try:
            for start, end in text_offsets.pieces(article.body, _REST, self._marked_to):
                self.marks += await self.session.aside(self.walk.matches, article, self._number, start, end)
                self._marked_to = end
                view.mark(self.marks, start)
                self._settle(place)
        except ArchiveError as error:
            self._fail(error)

    def _fail(self, error: ArchiveError) -> None:
        told_of_damage(self, error)
        self.query_one(Status).error = str(error)

    def mended(self) -> None:
        """The index was damaged and is made anew: open the article again."""
        if self.article is None:
            self.to_place(self.place)
        else:
            self.run_worker(self.open(self.article.id, self.query_one(ArticleView).place), group="article")

    def _begin(self, article_id: str, place: int | None) -> Found:
        """An article, and the matches in the part of it that is seen first; called in a thread, once for both."""
        article = self.session.archive.get(article_id)
        start, end = next(text_offsets.pieces(article.body, _FIRST), (0, 0))
        return article, self.walk.matches(article, place, start, end), end

    def _settle(self, place: Place | None) -> None:
        """Go to the first match, unless somebody has moved; to the match at which the article was left."""
        view = self.query_one(ArticleView)
        if self.marks and not view.steered and view.hit is None:
            view.go(self.marks[0])
        elif self.marks and place is not None and place.hit is not None and view.position == place.position:
            view.at(text_offsets.nearest(self.marks, place.hit[0]))
        self.stand()

    async def on_page_unfinished(self, event: ArticleView.Unfinished) -> None:
        """Lay out the rest of a long article meanwhile."""
        self.run_worker(self._finish(event.width), group="layout", exclusive=True)

    async def _finish(self, width: int) -> None:
        view, article = self.query_one(ArticleView), self.article
        await asyncio.sleep(_PAINT)
        if article is not None and view.article is article and view.layout_.width == width:
            layout = await self.session.aside(article_layout.lay_out, article, width)
            if view.article is article and view.layout_.width == width:
                view.take(layout)

    def stand(self) -> None:
        """Say where one is among the articles and the hits."""
        status, view = self.query_one(Status), self.query_one(ArticleView)
        said = [
            "related article" if self.aside else f"{self.walk.what} {self.place + 1:,} of {self.walk.total:,}",
            self._hits(text_offsets.number_of(self.marks, view.hit)),
        ]
        status.error, status.now = "", " · ".join(filter(None, said))

    def _hits(self, number: int | None) -> str:
        """At which match one is, of how many; a plus where not all of the text has been looked through."""
        if not self.marks:
            return "no hits in the text" if self.walk.sought else ""
        unsure = "+" if self.article and self._marked_to < len(self.article.body) else ""
        hits = f"{len(self.marks):,}{unsure}"
        return f"{hits} hit{'s' * (hits != '1')}" if number is None else f"hit {number + 1:,} of {hits}"
