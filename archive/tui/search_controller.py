"""The search that is going on: the request, the facets beside it, and what was found so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from archive.errors import ArchiveError
from archive.model.results import Hit
from archive.query.request import SearchRequest
from archive.tui.model import search_model
from archive.tui.model.hit_cache import Window
from archive.tui.model.latest_only import Newest
from archive.tui.model.search_model import PAGE, Answer, FacetView, Question
from archive.tui.session import Session

#: Seconds to wait for the next key before searching where searches are quick, and where they are slow;
#: and from how many milliseconds on a search is slow.
_QUICK, _SLOW = 0.01, 0.15
_SLOW_MS = 250


class Searching:
    """Runs one search after the other and keeps the last good answer.

    answered   called when there is a new answer
    failed     called with an error; the last answer stays
    filled     called with a page of hits that was wanted
    """

    def __init__(
        self,
        session: Session,
        request: SearchRequest,
        *,
        answered: Callable[[Answer], None],
        failed: Callable[[ArchiveError], None],
        filled: Callable[[int, tuple[Hit, ...]], None],
    ) -> None:
        self.session, self.request = session, request
        self.views = tuple(session.facet_view(facet.name) for facet in session.archive.fields.facets)
        self.answer: Answer | None = None
        self.window = Window()
        self._answered, self._failed, self._filled = answered, failed, filled
        self._searches = Newest(session.searches, self._search, self._deliver, lambda _, error: failed(error))
        self._pages = Newest(session.searches, self._fetch, self._fill, lambda _, error: failed(error))

    def runs(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run as long as the search goes on."""
        return self._searches.run(), self._pages.run()

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._searches.busy or self._pages.busy

    @property
    def patience(self) -> float:
        """Seconds to wait for the next key: where searches are slow, fewer of them are begun in vain."""
        return _SLOW if self.answer is not None and self.answer.page.took_ms > _SLOW_MS else _QUICK

    def ask(self, request: SearchRequest, delay: float = 0.0, *, typing: bool = False) -> None:
        """Search for something else, perhaps for a query that is still being typed."""
        self.session.pace.stir()
        self.request = request
        self._searches.ask(Question(request, self.views, typing), delay)

    def look(self, facet: str, changes: Mapping[str, object], delay: float = 0.0) -> None:
        """Look at a facet in another way."""
        self.views = tuple(replace(view, **changes) if view.name == facet else view for view in self.views)  # type: ignore[arg-type]
        self.ask(self.request, delay)

    def view(self, facet: str) -> FacetView:
        """How a facet is looked at."""
        return next((view for view in self.views if view.name == facet), FacetView(facet))

    def want(self, page: int) -> None:
        """Fetch a page of hits; another that was wanted and not begun no longer is."""
        if self.answer is not None:
            self._pages.ask((self.answer.question.request, page))

    async def hit(self, place: int) -> Hit | None:
        """The hit at a place of the list, fetched if need be."""
        if not 0 <= place < self.window.total or self.answer is None:
            return None
        if (known := self.window.get(place)) is not None:
            return known
        request, window = self.answer.question.request, self.window
        loop = asyncio.get_running_loop()
        page = place // PAGE
        archive, threads = self.session.archive, self.session.searches
        window.put(page, await loop.run_in_executor(threads, search_model.hits, archive, request, page))
        return window.get(place)

    def _search(self, question: Question) -> Answer:
        return search_model.answer(self.session.archive, question, self.answer)

    def _deliver(self, question: Question, answer: Answer) -> None:
        if self.answer is None or answer.page is not self.answer.page:
            self.window = Window(answer.page.total, answer.page.hits)
        if self.answer is None or answer.generation != self.answer.generation:
            self.session.pace.settle()
        self.answer = answer
        self.request = answer.question.request
        self._answered(answer)

    def _fetch(self, wanted: tuple[SearchRequest, int]) -> tuple[Hit, ...]:
        return search_model.hits(self.session.archive, *wanted)

    def _fill(self, wanted: tuple[SearchRequest, int], hits: tuple[Hit, ...]) -> None:
        request, page = wanted
        if self.answer is not None and self.answer.question.request == request:
            self._filled(page, hits)
