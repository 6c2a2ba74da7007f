"""One archive that is open in the terminal UI, and what its screens share: state, threads, garbage collection."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from archive import Archive, ArchiveError, PicturePreview
from archive.tui.model.search_model import FacetView
from archive.tui.model.session_state import State, StateKeeper

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds after which a running thread lets another one run; Python's default is 0.005.
_SWITCH_INTERVAL = 0.0005
#: Objects made between two collections of the youngest generation, and how often the older ones are collected.
_GC_THRESHOLDS = (2_000, 10, 1_000_000)
#: Seconds without a key press after which the session counts as idle.
_IDLE_SECONDS = 15.0


class Session:
    """An archive, the user's state for it, and the threads that query it.

    web            whether this runs in a browser: files and programs are then off limits
    search_thread  runs searches, one at a time
    shows_pictures whether pictures of articles are shown where that is possible
    """

    def __init__(self, archive: Archive, *, web: bool = False) -> None:
        self.archive, self.web = archive, web
        self._keeper = StateKeeper(archive.root)
        self.state = State() if web else self._keeper.load()
        self.search_thread = ThreadPoolExecutor(1, "search")
        self.quick_thread = ThreadPoolExecutor(1, "quick")
        self._slow_thread = ThreadPoolExecutor(1, "slow")
        self._picture_thread = ThreadPoolExecutor(1, "picture")
        self._indexing_thread = ThreadPoolExecutor(1, "indexing")
        self.shows_pictures = True
        self.gc_tuner = GcTuner()
        self._closed = False

    async def run_quick(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run in the quick-query thread, which never waits for a search."""
        return await self._run_in(self.quick_thread, lambda: work(*args, **options))

    async def run_slow(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run in the slow-query thread, so that neither searches nor articles wait for it."""
        return await self._run_in(self._slow_thread, lambda: work(*args, **options))

    async def run_indexing(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run in the thread of indexing runs, one at a time, so that one can read and search meanwhile."""
        return await self._run_in(self._indexing_thread, lambda: work(*args, **options))

    async def _run_in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closed:  # the app is ending, and its workers are about to be cancelled
            raise asyncio.CancelledError
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    async def picture(self, path: str, max_width: int, max_height: int) -> PicturePreview:
        """A picture of an article; one at a time, so that nothing else waits for it."""
        return await self._run_in(
            self._picture_thread, lambda: self.archive.picture(path, max_width=max_width, max_height=max_height)
        )

    def facet_view(self, name: str) -> FacetView:
        """How a facet was shown when the last session ended."""
        return FacetView(name, folded=name in self.state.folded, sort="name" if name in self.state.order else "count")

    async def save_state(self) -> None:
        """Save the state if it has changed; a session in a browser has none."""
        if not self.web and (changed := self._keeper.unsaved(self.state)) is not None:
            await asyncio.to_thread(self._save, changed)

    def save_now(self) -> None:
        """Save the state if it has changed, and return when it is written."""
        if not self.web and (changed := self._keeper.unsaved(self.state)) is not None:
            self._save(changed)

    def _save(self, changed: dict[str, Any]) -> None:
        with suppress(ArchiveError, OSError):
            self._keeper.save(changed)

    def close(self) -> None:
        """Save the state and stop the threads."""
        self.save_now()
        self._closed = True
        pools = (self.search_thread, self.quick_thread, self._slow_thread, self._picture_thread, self._indexing_thread)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        self.gc_tuner.close()


class GcTuner:
    """Keeps garbage collection and thread switches from delaying key presses.

    An open index is hundreds of thousands of objects, and a full collection stops everything for a tenth of a
    second. So only young objects are collected while the session is active; all of them when it is idle.
    """

    def __init__(self) -> None:
        self._before = sys.getswitchinterval(), gc.get_threshold()
        self._last_active = time.monotonic()
        self._collected = True
        sys.setswitchinterval(_SWITCH_INTERVAL)
        gc.set_threshold(*_GC_THRESHOLDS)

    def active(self) -> None:
        """The user does something: put off full collections."""
        self._last_active, self._collected = time.monotonic(), False

    def idle(self) -> None:
        """Collect everything once, if the user has done nothing for a while."""
        if not self._collected and time.monotonic() - self._last_active > _IDLE_SECONDS:
            self._collected = True
            gc.collect()
            gc.freeze()

    def freeze(self) -> None:
        """Exempt the present objects from collections; for when an index has been opened."""
        gc.freeze()

    def close(self) -> None:
        """Restore the settings of the process."""
        sys.setswitchinterval(self._before[0])
        gc.set_threshold(*self._before[1])
        gc.unfreeze()
