"""The saved searches of an archive, as its public object offers them: `Archive.saved`."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import IndexUnusableError
from archive.query.limits import with_deadline
from archive.query.plan import Plan
from archive.query.request import SearchRequest
from archive.saved.runs import Fingerprint, RunStore, SavedRun, SavedStatus, Snapshot, compare
from archive.saved.searches import SavedFile, SavedSearch, find_saved

if TYPE_CHECKING:
    from typing import Unpack

    from archive.engine.protocol import Engine
    from archive.query.request import Options


class SavedSearches:
    """Searches under names, in saved.yaml, and what is new in them for the person who runs this.

    Every method raises SettingsError, naming file and line, if saved.yaml cannot be used.
    """

    def __init__(self, root: Path, engine: Engine, plan: Callable[[SearchRequest], Plan]) -> None:
        self._engine, self._plan = engine, plan
        self._file, self._store = SavedFile(root), RunStore(root)

    def list(self) -> tuple[SavedSearch, ...]:
        """All of them, in the order of the file."""
        return self._file.load()

    def get(self, name: str) -> SavedSearch:
        """The saved search of that name; raises NotFoundError naming the others."""
        return find_saved(self.list(), name)

    def add(self, name: str, query: str | SearchRequest = "", /, **options: Unpack[Options]) -> SavedSearch:
        """Save a search under a name, in place of any that has it; see `Archive.search` for the request.

        Raises QueryError or UsageError, and saves nothing, for a search that could not be run.
        """
        request = query if isinstance(query, SearchRequest) else SearchRequest(query)
        request = request.replace(**options) if options else request
        with suppress(IndexUnusableError):  # facet values and feedback are looked up in the index, if there is one
            self._plan(request)
        return self._file.put(name, request)

    def remove(self, *names: str) -> None:
        """Delete saved searches; raises NotFoundError, and deletes none, if one of the names is wrong."""
        self._file.remove(names)
        for name in names:
            self._store.reset(name)

    def run(self, search: str | SavedSearch, *, remember: bool = False) -> SavedRun:
        """Run a search, given by its name or itself, and compare it with what was last told about it.

        The run counts as told once it is remembered: at once with `remember`, or with the method of that
        name when the person has seen it.
        """
        search = self.get(search) if isinstance(search, str) else search
        at = time.time()
        held = {entry.id: entry.digest[:16] for entry in self._engine.entries()}
        plan = self._plan(search.request.replace(limit=None, offset=0, facets=()))
        found = {article.id: Fingerprint.of(article) for article in self._engine.matches(plan)}
        run = compare(search, Snapshot(at, found, held), self._store.load(search))
        if remember:
            self.remember(run)
        return run

    def remember(self, run: SavedRun) -> None:
        """The person was told of this run: the next one tells what is new since."""
        self._store.keep_run(run.search, run.snapshot)

    @with_deadline
    def status(self, search: str | SavedSearch) -> SavedStatus:
        """How many articles a search finds, and how many of them are new; much cheaper than a run."""
        search = self.get(search) if isinstance(search, str) else search
        ids = self._engine.ids(self._plan(search.request.replace(limit=None, offset=0, facets=())))
        return SavedStatus(search, tuple(ids), self._store.load(search).new_among(ids))

    def mark_seen(self, status: SavedStatus, unseen: Collection[str] = ()) -> None:
        """The person has seen what a search found but for `unseen`, without being told what has changed or gone."""
        self._store.keep_seen(status.search, [each for each in status.ids if each not in unseen])
