"""How long the terminal UI keeps anybody waiting.

    python tests/bench/tui.py ARCHIVE

ARCHIVE is an indexed archive, such as one of the papers corpus. Keys are typed by Pilot and
every update is rendered to the bytes a terminal would get, though none are sent. Blocks of the event loop are
processor time of its thread, and so are the times beyond the engine's own, which run in other threads: on a busy
machine they mean the same.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from archive import Archive
from archive.tui.app import ArchiveApp
from archive.tui.screens.search import SearchScreen
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.result_list import Results

QUERIES = ("retrieval", "neural ranking", "machine translation", "language model", "parsing", "speech dialogue")
KEY_EVERY = 0.09
SIZE = (120, 40)


class MeasuredApp(ArchiveApp):
    """Renders what it would send, and notes when."""

    painted = 0.0
    #: Words of an article of which a frame is awaited.
    awaited = ""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.frames: list[float] = []

    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if renderable is not None and hasattr(renderable, "render_segments"):
            renderable.render_segments(self.console)
            self.painted = time.perf_counter()
            self.frames.append(self.painted)
            if self.awaited and self.screen.query(ArticleView) and self.awaited in self.text():
                self.awaited = ""

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())

    def first_after(self, moment: float) -> float:
        """When the first update after a moment was ready to be sent."""
        return next((frame for frame in self.frames if frame >= moment), self.painted)


class Loop:
    """Notes how much processor time the event loop took between two turns."""

    def __init__(self) -> None:
        self.gaps: list[tuple[float, float]] = []

    async def watch(self) -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            self.gaps.append((now - last, time.perf_counter()))
            last = now

    def worked(self, since: float, until: float) -> float:
        """Processor time that the event loop took in a period."""
        return sum(gap for gap, at in self.gaps if since <= at <= until)

    def longest(self, since: float) -> float:
        return max((gap for gap, at in self.gaps if at >= since), default=0.0)


async def search_screen(app: MeasuredApp) -> SearchScreen:
    """The search screen, once it is there."""
    while not isinstance(app.screen, SearchScreen):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)
    return app.screen


async def settled(app: MeasuredApp, screen: SearchScreen) -> None:
    while screen.controller.busy or screen.controller.result is None:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.05)


async def typing(app: MeasuredApp, screen: SearchScreen, pilot, loop: Loop) -> None:
    waits, beyond, key_delays = [], [], []
    began = time.perf_counter()
    for query in QUERIES:
        app.simulate_key("ctrl+u")
        await settled(app, screen)
        for key in query:
            pressed, delivered = time.perf_counter(), len(DELIVERED)
            app.simulate_key("space" if key == " " else key)
            await asyncio.sleep(KEY_EVERY)
            while screen.controller.busy:
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.03)
            answered = screen.controller.result
            if len(DELIVERED) == delivered:
                continue  # too short a word: the last answer stays
            waits.append(app.first_after(DELIVERED[-1]) - pressed)
            beyond.append(loop.worked(pressed, app.first_after(DELIVERED[-1])))
            key_delays.append(loop.longest(pressed))
            assert answered is not None
    report("key to paint, a letter at a time", waits)
    report("  beyond the engine's own time, of processor", beyond)
    print(f"longest block of the event loop while typing: {loop.longest(began) * 1000:.0f} ms")


async def burst(app: MeasuredApp, screen: SearchScreen, loop: Loop) -> None:
    """Type faster than any search; what counts is that keys are taken at once."""
    began = time.perf_counter()
    before = len(ENGINE)
    for query in QUERIES:
        app.simulate_key("ctrl+u")
        for key in query:
            app.simulate_key("space" if key == " " else key)
            await asyncio.sleep(0.03)
    await settled(app, screen)
    keys = sum(map(len, QUERIES))
    print(f"a burst of {keys} keys: {len(ENGINE) - before} searches, longest block {loop.longest(began) * 1000:.0f} ms")


async def choosing(app: MeasuredApp, screen: SearchScreen, loop: Loop) -> None:
    waits, beyond = [], []
    app.simulate_key("ctrl+u")
    await settled(app, screen)
    screen.action_pane("facets")
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    for key in ("j", "space", "j", "space", "space", "j", "space", "space", "x", "x", "m", "o", "o") * 3:
        pressed = time.perf_counter()
        app.simulate_key(key)
        await asyncio.sleep(0.02)
        while screen.controller.busy:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.03)
        if key != "j":
            waits.append(app.first_after(DELIVERED[-1]) - pressed)
            beyond.append(loop.worked(pressed, app.first_after(DELIVERED[-1])))
    report("facet to paint", waits)
    report("  beyond the engine's own time, of processor", beyond)
    print(f"longest block of the event loop with facets: {loop.longest(began) * 1000:.0f} ms")


async def scrolling(app: MeasuredApp, screen: SearchScreen, loop: Loop) -> None:
    screen.action_clear()
    await settled(app, screen)
    screen.action_pane("results")
    results = screen.query_one(Results)
    began = time.perf_counter()
    for key in ("G", "g", *(["pagedown"] * 30), "G", *(["pageup"] * 10)):
        app.simulate_key(key)
        await asyncio.sleep(0.05)
    await settled(app, screen)
    print(f"scrolling {results.row_count:,} results: longest block {loop.longest(began) * 1000:.0f} ms")


async def first_screen(app: MeasuredApp, opened: str) -> None:
    """From the key to the first lines of the article at the cursor."""
    app.awaited = "harbour committee"
    pressed = time.perf_counter()
    app.simulate_key("enter")
    while app.awaited:
        await asyncio.sleep(0.0005)
    print(f"2 MB article, opened {opened}: first screen {(app.painted - pressed) * 1000:.0f} ms")


async def opening(loop: Loop) -> None:
    """An article of 2 MB: from the key to its first screen."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "corpus").mkdir()
        line = "The harbour committee met again and nothing was decided about the quay or the lantern house. "
        text = "\n\n".join(line * 8 for _ in range(2_000_000 // (len(line) * 8)))
        (root / "corpus" / "long.md").write_text(f"---\ntitle: Long\ndate: 2020\n---\n\n{text}\n")
        archive = Archive.open(root)
        archive.index()
        app = MeasuredApp(archive, None, root, False)
        async with app.run_test(size=SIZE):
            screen = await search_screen(app)
            for key in "lantern":
                app.simulate_key(key)
            await settled(app, screen)
            app.simulate_key("down")
            await asyncio.sleep(0.2)
            for opened in ("once", "again"):
                await first_screen(app, opened)
                await asyncio.sleep(4)
                app.simulate_key("escape")
                await asyncio.sleep(0.5)
            pressed = time.perf_counter()
            app.simulate_key("enter")
            await asyncio.sleep(6)
            print(f"longest block of the event loop while it is laid out: {loop.longest(pressed) * 1000:.0f} ms")
            moved = time.perf_counter()
            for key in (*(["pagedown"] * 20), "G", "g", *(["n"] * 20)):
                app.simulate_key(key)
                await asyncio.sleep(0.02)
            print(f"longest block while scrolling it: {loop.longest(moved) * 1000:.0f} ms")
        archive.close()


def own_memory() -> float:
    """Megabytes that nothing but this process has; the system takes pages of mapped files back when it needs them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


def report(what: str, seconds: list[float]) -> None:
    times = sorted(seconds)
    p95 = times[max(0, int(len(times) * 0.95) - 1)]
    print(f"{what}: median {statistics.median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, n={len(times)}")


#: Seconds that each search and its facets took in their thread.
ENGINE: list[float] = []


#: When the screen had taken in each answer.
DELIVERED: list[float] = []


def note_deliveries(screen: SearchScreen) -> None:
    take = screen.controller._on_result

    def noted(answer):
        take(answer)
        DELIVERED.append(time.perf_counter())

    screen.controller._on_result = noted


async def measure(root: str) -> None:
    from archive.tui.model import search_model

    whole = search_model.run_search

    def timed(*args):
        started = time.perf_counter()
        try:
            return whole(*args)
        finally:
            ENGINE.append(time.perf_counter() - started)

    search_model.run_search = timed
    loop = Loop()
    watcher = asyncio.create_task(loop.watch())
    app = MeasuredApp(Archive.open(root), None, Path(root), False)
    async with app.run_test(size=SIZE) as pilot:
        while not (isinstance(app.screen, SearchScreen) and app.screen.controller.result is not None and app.frames):
            await asyncio.sleep(0.001)
        print(f"start to first screen: {time.process_time():.2f} s of processor time")
        screen = await search_screen(app)
        await settled(app, screen)
        note_deliveries(screen)
        await typing(app, screen, pilot, loop)
        await burst(app, screen, loop)
        await choosing(app, screen, loop)
        await scrolling(app, screen, loop)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory: {own_memory():.0f} MB of its own, at most {most:.0f} MB with the mapped pages of the index")
    await opening(loop)
    watcher.cancel()


if __name__ == "__main__":
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp()
    asyncio.run(measure(sys.argv[1]))
