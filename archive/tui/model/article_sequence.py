"""What the reader reads: articles in an order, as a search or a list of encounters gives them, and their matches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from archive import Article, Encounter
from archive.model.fields import mentioned
from archive.render.terminal import Mark
from archive.tui.model import article_layout
from archive.tui.model.article_layout import Layout
from archive.tui.model.paragraphs import paragraph_spans
from archive.tui.search_controller import SearchController
from archive.tui.session import Session

#: Characters in which matches are looked for at a time: few at first, because the first screen waits for them.
_FIRST_PIECE, _PIECE = 6_000, 20_000


class ArticleSequence(Protocol):
    """Articles in an order, each with the words for which it is read.

    session    in which it is read
    item_name  what one of them is called
    total      how many there are
    has_query  whether there are words to look for
    """

    session: Session
    item_name: str

    @property
    def total(self) -> int: ...

    @property
    def has_query(self) -> bool: ...

    async def article_id(self, index: int) -> str | None:
        """The id of an article, None where there is none."""

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """The matches in a piece of an article's text; `index` is None for one outside the sequence. In a thread."""

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """The matches in an article's title. In a thread."""

    def was_read(self, article: Article) -> None:
        """An article is shown."""

    def refresh(self) -> None:
        """The index has changed."""


class SearchSequence:
    """The hits of a search; matches are those of its query."""

    item_name = "article"

    def __init__(self, controller: SearchController, look_at: Callable[[str], None]) -> None:
        """`look_at` is told of every article that is shown."""
        self.session, self._controller, self._look_at = controller.session, controller, look_at

    def was_read(self, article: Article) -> None:
        """An article is shown."""
        self._look_at(article.id)

    @property
    def total(self) -> int:
        """Number of hits."""
        return self._controller.hits.total

    @property
    def has_query(self) -> bool:
        """Whether the search has a query."""
        return bool(self._controller.request.query.strip())

    async def article_id(self, index: int) -> str | None:
        """The id of a hit's article; the hit is fetched if necessary."""
        hit = await self._controller.hit(index)
        return None if hit is None else hit.id

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """The words that the query matches; without a query, the chosen people and venues where they are named."""
        query = self._controller.request.query
        if not query.strip():
            return [mark for mark in self._named(article, in_title=False) if start <= mark[0] < end]
        return [(start + a, start + b) for a, b in self.session.archive.highlight(article.body[start:end], query)]

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """The same in the title."""
        query = self._controller.request.query
        if not query.strip():
            return tuple(self._named(article, in_title=True))
        return self.session.archive.highlight(article.title, query)

    def _named(self, article: Article, *, in_title: bool) -> list[Mark]:
        """Where an article names the people and venues that the search is narrowed to."""
        selections = self._controller.request.selections
        chosen = {
            (facet, name)
            for facet in ("person", "venue")
            for key in (facet, mentioned(facet))
            if key in selections
            for name in selections[key].values
        }
        return [
            (each.start, each.end)
            for each in article.mentions
            if each.in_title == in_title and (each.facet, each.name) in chosen
        ]

    def refresh(self) -> None:
        """Search again."""
        self._controller.search(self._controller.request)


class EncounterSequence:
    """The articles of encounters; matches are the names in their evidence."""

    item_name = "encounter"
    has_query = False

    def __init__(self, session: Session, rows: Sequence[Encounter], refresh: Callable[[], None]) -> None:
        self.session, self._rows, self.refresh = session, rows, refresh

    def was_read(self, article: Article) -> None:
        """Nothing to note."""

    @property
    def total(self) -> int:
        """Number of encounters."""
        return len(self._rows)

    async def article_id(self, index: int) -> str | None:
        """The id of an encounter's article."""
        return self._rows[index].id if 0 <= index < len(self._rows) else None

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """The names in the evidence of an encounter."""
        if index is None:
            return []
        return [mark for mark in self._rows[index].body_marks if start <= mark[0] < end]

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """None: the evidence is in the text."""
        return ()


@dataclass(slots=True)
class LoadedArticle:
    """An article with the matches found in it so far.

    index        in the sequence; None for an article outside it
    marks        the matches in order
    searched_to  offset up to which matches have been looked for
    title_marks  the matches in its title
    """

    article: Article
    index: int | None
    marks: list[Mark] = field(default_factory=list)
    searched_to: int = 0
    title_marks: tuple[Mark, ...] = ()

    @property
    def fully_searched(self) -> bool:
        """Whether these are all the matches."""
        return self.searched_to >= len(self.article.body)


class ArticleLoader:
    """Loads articles of a sequence without blocking the event loop: the first matches at once, the others after."""

    def __init__(self, sequence: ArticleSequence) -> None:
        self._sequence, self._session = sequence, sequence.session

    async def load_at(self, index: int) -> LoadedArticle | None:
        """The article at an index of the sequence; None where there is none."""
        article_id = await self._sequence.article_id(index)
        return None if article_id is None else await self.load(article_id, index)

    async def load(self, article_id: str, index: int | None) -> LoadedArticle:
        """An article with the matches in its beginning; raises what Archive.get does."""
        return await self._session.run_quick(self.load_now, article_id, index)

    def load_now(self, article_id: str, index: int | None) -> LoadedArticle:
        """The same, in the thread that calls it."""
        article = self._session.archive.get(article_id)
        paragraph_spans(article.body)  # which takes a moment for a long text, and is kept
        start, end = next(article_layout.pieces(article.body, _FIRST_PIECE), (0, 0))
        title_marks = self._sequence.title_matches(article)
        return LoadedArticle(article, index, self._sequence.matches(article, index, start, end), end, title_marks)

    async def search_rest(self, loaded: LoadedArticle) -> AsyncIterator[int]:
        """Find the matches in the rest of the text; yields the start of each piece once its matches are added."""
        for start, end in article_layout.pieces(loaded.article.body, _PIECE, loaded.searched_to):
            loaded.marks += await self._session.run_quick(
                self._sequence.matches, loaded.article, loaded.index, start, end
            )
            loaded.searched_to = end
            yield start

    async def lay_out(self, article: Article, width: int, title_marks: tuple[Mark, ...], *, compact: bool) -> Layout:
        """All of an article's layout."""
        return await self._session.run_quick(article_layout.lay_out, article, width, None, title_marks, compact=compact)
