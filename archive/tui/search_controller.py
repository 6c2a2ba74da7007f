"""Running searches for the search screen: one at a time, the newest request only, late results dropped.

A search in a thread cannot be cancelled, so threads must not pile up behind a fast typist: one request is under way,
and of those made meanwhile only the newest is kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, Generic, TypeVar

from archive import ArchiveError, Hit, SearchRequest
from archive.tui.model import search_model
from archive.tui.model.search_model import FACET_ROWS, PAGE_SIZE, FacetView, HitCache, ViewRequest, ViewResult
from archive.tui.session import Session

#: Seconds to wait for the next key before searching: where searches are quick, and where they are slow;
#: and the milliseconds from which a search counts as slow.
_QUICK_DELAY, _SLOW_DELAY = 0.01, 0.15
_SLOW_MS = 250
#: No index has this generation, and none has -1 where there is no index.
_NO_GENERATION = -2

Request = TypeVar("Request")
Result = TypeVar("Result")


class LatestOnly(Generic[Request, Result]):
    """Answers requests in a thread of `executor`, and delivers results in the event loop.

    work     called in the thread
    deliver  called with a request and its result, unless a newer request has been made
    fail     called instead with an ArchiveError that `work` raised
    """

    def __init__(
        self,
        executor: Executor,
        work: Callable[[Request], Result],
        deliver: Callable[[Request, Result], None],
        fail: Callable[[Request, ArchiveError], None],
    ) -> None:
        self._executor, self._work, self._deliver, self._fail = executor, work, deliver, fail
        self._waiting = asyncio.Event()
        self._requests: list[Request] = []
        self._due = 0.0
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether a request is waiting or under way."""
        return self._running or self._waiting.is_set()

    def ask(self, request: Request, delay: float = 0.0) -> None:
        """Replace any waiting request; begin after `delay` seconds without another."""
        self._requests[:] = [request]
        self._due = time.monotonic() + delay
        self._waiting.set()

    async def run(self) -> None:
        """Answer requests until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._waiting.wait()
            while (left := self._due - time.monotonic()) > 0:
                await asyncio.sleep(left)
            self._waiting.clear()
            request = self._requests.pop()
            self._running = True
            try:
                result = await loop.run_in_executor(self._executor, self._work, request)
            except ArchiveError as error:
                self._running = False
                if not self._waiting.is_set():
                    self._fail(request, error)
            else:
                self._running = False
                if not self._waiting.is_set():
                    self._deliver(request, result)


class SearchController:
    """The current request, how its facets are shown, and the last result.

    on_result  called with each new result
    on_error   called with an error; the last result stays
    on_page    called with a page of hits that `prefetch` asked for
    hits       the hits of the last result that have been fetched, or some of them: see `show_only`
    """

    def __init__(
        self,
        session: Session,
        request: SearchRequest,
        *,
        on_result: Callable[[ViewResult], None],
        on_error: Callable[[ArchiveError], None],
        on_page: Callable[[int, tuple[Hit, ...]], None],
    ) -> None:
        self.session, self.request = session, request
        self.facet_views = tuple(session.facet_view(facet.name) for facet in session.archive.fields.facets)
        self.result: ViewResult | None = None
        self.hits = HitCache()
        self._shows_all = True
        self._facet_rows = FACET_ROWS
        self._on_result, self._on_page = on_result, on_page
        thread = session.search_thread
        self._searches = LatestOnly(thread, self._search, self._deliver, lambda _, error: on_error(error))
        self._pages = LatestOnly(thread, self._fetch_page, self._deliver_page, lambda _, error: on_error(error))

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run as long as the screen is there."""
        return self._searches.run(), self._pages.run()

    @property
    def busy(self) -> bool:
        """Whether a result is awaited."""
        return self._searches.busy or self._pages.busy

    @property
    def typing_delay(self) -> float:
        """Seconds to wait for the next key: longer where searches are slow, so that fewer are run in vain."""
        return _SLOW_DELAY if self.result is not None and self.result.page.took_ms > _SLOW_MS else _QUICK_DELAY

    def search(self, request: SearchRequest, delay: float = 0.0, *, typing: bool = False) -> None:
        """Search for `request`; `typing` says that its query is still being typed."""
        self.session.gc_tuner.active()
        self.request = request
        self._searches.ask(ViewRequest(request, self.facet_views, typing, self._facet_rows), delay)

    def set_facet_rows(self, rows: int) -> None:
        """There is room for so many values of a facet."""
        if rows > self._facet_rows:
            self._facet_rows = rows
            if self.result is not None:
                self.search(self.request)

    def search_afresh(self) -> None:
        """Run the current search again, taking nothing from the last result: the index is another one."""
        if self.result is not None:
            self.result = replace(self.result, generation=_NO_GENERATION)
        self.search(self.request)

    @property
    def shows_all(self) -> bool:
        """Whether the hits are all those of the result."""
        return self._shows_all

    async def show_only(self, ids: Collection[str]) -> bool:
        """Make the hits those with some of these ids; whether there are any among the first thousands."""
        if self.result is None or not ids:
            return False
        result, archive = self.result, self.session.archive
        found = await self.session.run_slow(search_model.hits_with_ids, archive, result.request, ids)
        if not found or result is not self.result:
            return False
        self.hits, self._shows_all = HitCache.of(found), False
        self._on_result(result)
        return True

    def show_all(self) -> None:
        """Make the hits all those of the result again."""
        if self.result is not None:
            self.hits, self._shows_all = HitCache(self.result.page.total, self.result.page.hits), True
            self._on_result(self.result)

    def set_facet_view(self, facet: str, changes: Mapping[str, object], delay: float = 0.0) -> None:
        """Change how a facet is shown."""
        self.facet_views = tuple(
            replace(view, **changes) if view.name == facet else view  # type: ignore[arg-type]
            for view in self.facet_views
        )
        self.search(self.request, delay)

    def facet_view(self, facet: str) -> FacetView:
        """How a facet is shown."""
        return next((view for view in self.facet_views if view.name == facet), FacetView(facet))

    def prefetch(self, page: int) -> None:
        """Fetch a page of hits; replaces a request for another page that has not begun."""
        if self.result is not None:
            self._pages.ask((self.result.request, page))

    async def hit(self, rank: int) -> Hit | None:
        """The hit at a rank (from 0), fetched if necessary; None beyond the last."""
        if not 0 <= rank < self.hits.total or self.result is None:
            return None
        if (known := self.hits.get(rank)) is not None:
            return known
        request, hits = self.result.request, self.hits
        page = rank // PAGE_SIZE
        thread, wanted = self.session.search_thread, (request, page)
        hits.put(page, await asyncio.get_running_loop().run_in_executor(thread, self._fetch_page, wanted))
        return hits.get(rank)

    def _search(self, view_request: ViewRequest) -> ViewResult:
        return search_model.run_search(self.session.archive, view_request, self.result)

    def _deliver(self, _: ViewRequest, result: ViewResult) -> None:
        if result.is_premature and self.result is not None:
            return  # the last result stays until more is typed
        if self.result is None or result.page is not self.result.page:
            self.hits, self._shows_all = HitCache(result.page.total, result.page.hits), True
        if self.result is None or result.generation != self.result.generation:
            self.session.gc_tuner.freeze()
        self.result = result
        self.request = result.request
        self._on_result(result)

    def _fetch_page(self, wanted: tuple[SearchRequest, int]) -> tuple[Hit, ...]:
        return search_model.fetch_page(self.session.archive, *wanted)

    def _deliver_page(self, wanted: tuple[SearchRequest, int], hits: tuple[Hit, ...]) -> None:
        request, page = wanted
        if self.result is not None and self.result.request == request:
            self._on_page(page, hits)
