"""What the reader walks through, one article after the other: what a search found, or some encounters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from archive.encounters.model import Encounter
from archive.model.article import Article
from archive.render.terminal import Mark
from archive.tui.search_controller import Searching
from archive.tui.session import Session


class Walk(Protocol):
    """Articles in an order, each with the words for which it is read.

    session  in which it is read
    what     one of them is called that
    total    how many there are
    sought   whether there are words that are looked for
    """

    session: Session
    what: str

    @property
    def total(self) -> int: ...

    @property
    def sought(self) -> bool: ...

    async def article_at(self, place: int) -> str | None:
        """The id of the article at a place, None where there is none."""

    def matches(self, article: Article, place: int | None, start: int, end: int) -> list[Mark]:
        """The words in a piece of an article's text; `place` is None for one that is not of the walk. In a thread."""

    def changed(self) -> None:
        """The index is another one now."""


class FoundWalk:
    """What a search found, read for the words of its query."""

    what = "article"

    def __init__(self, searching: Searching) -> None:
        self.session, self._searching = searching.session, searching

    @property
    def total(self) -> int:
        """How many articles were found."""
        return self._searching.window.total

    @property
    def sought(self) -> bool:
        """Whether there is a query."""
        return bool(self._searching.request.query.strip())

    async def article_at(self, place: int) -> str | None:
        """The article of a hit, which may have to be fetched."""
        hit = await self._searching.hit(place)
        return None if hit is None else hit.id

    def matches(self, article: Article, place: int | None, start: int, end: int) -> list[Mark]:
        """The words that the query matches."""
        query = self._searching.request.query
        if not query.strip():
            return []
        return [(start + a, start + b) for a, b in self.session.archive.highlight(article.body[start:end], query)]

    def changed(self) -> None:
        """Search again."""
        self._searching.ask(self._searching.request)


class SeenWalk:
    """Encounters, read for the names in the sentences that prove them."""

    what = "encounter"
    sought = False

    def __init__(self, session: Session, rows: Sequence[Encounter], changed: Callable[[], None]) -> None:
        self.session, self._rows, self.changed = session, rows, changed

    @property
    def total(self) -> int:
        """How many encounters there are."""
        return len(self._rows)

    async def article_at(self, place: int) -> str | None:
        """The article of an encounter."""
        return self._rows[place].id if 0 <= place < len(self._rows) else None

    def matches(self, article: Article, place: int | None, start: int, end: int) -> list[Mark]:
        """The names in the sentences that prove the encounter at a place."""
        if place is None:
            return []
        return [mark for mark in self._rows[place].body_marks if start <= mark[0] < end]
