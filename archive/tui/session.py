"""One archive that is open in the terminal UI, with what its screens share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from archive.api import Archive
from archive.config.user_state import Document
from archive.errors import ArchiveError
from archive.tui.gc_tuner import Pace
from archive.tui.model.search_model import FacetView
from archive.tui.model.session_state import State, StateKeeper

P = ParamSpec("P")
T = TypeVar("T")


class Session:
    """An archive, the state that is kept for it, and the threads in which it is asked.

    web       whether this runs in a browser: nothing may then touch files or start programs
    searches  the one thread that searches
    asides    the one thread for what is quick, so that it never waits for a search
    digress   asks in a thread of its own what may take long, so that no article waits for it
    """

    def __init__(self, archive: Archive, *, web: bool = False) -> None:
        self.archive, self.web = archive, web
        self._keeper = StateKeeper(archive.root)
        self.state = State() if web else self._keeper.load()
        self.searches = ThreadPoolExecutor(1, "search")
        self.asides = ThreadPoolExecutor(1, "aside")
        self.digressions = ThreadPoolExecutor(1, "digression")
        self.pace = Pace()

    async def aside(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Do something slow without keeping anybody waiting."""
        return await asyncio.get_running_loop().run_in_executor(self.asides, lambda: work(*args, **options))

    async def digress(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Ask something that may take long, without keeping even an article waiting."""
        return await asyncio.get_running_loop().run_in_executor(self.digressions, lambda: work(*args, **options))

    def facet_view(self, name: str) -> FacetView:
        """How a facet was looked at when the last session ended."""
        return FacetView(name, folded=name in self.state.folded, sort="name" if name in self.state.order else "count")

    async def keep(self) -> None:
        """Keep what has changed in the state; in a browser there is none."""
        if not self.web and (changed := self._keeper.unkept(self.state)) is not None:
            await asyncio.to_thread(self._keep, changed)

    def _keep(self, changed: Document) -> None:
        with suppress(ArchiveError, OSError, RuntimeError):
            self._keeper.keep(changed)

    def close(self) -> None:
        """Keep the state and let go of the threads."""
        if not self.web and (changed := self._keeper.unkept(self.state)) is not None:
            self._keep(changed)
        for pool in (self.searches, self.asides, self.digressions):
            pool.shutdown(wait=False, cancel_futures=True)
        self.pace.end()
