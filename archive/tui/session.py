"""One archive that is open in the terminal UI, with what its screens share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from archive.api import Archive
from archive.tui.gc_tuner import Pace
from archive.tui.model.search_model import FacetView
from archive.tui.model.session_state import State, keep_state, load_state

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
        self.state = State() if web else load_state(archive.root)
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

    def keep(self) -> None:
        """Keep the state for the next session; in a browser there is none."""
        if not self.web:
            keep_state(self.archive.root, self.state)

    def close(self) -> None:
        """Keep the state and let go of the threads."""
        self.keep()
        for pool in (self.searches, self.asides, self.digressions):
            pool.shutdown(wait=False, cancel_futures=True)
        self.pace.end()
