"""Carrying an archive from one engine to another, article by article, and seeing that all of it arrived."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from archive.engine.protocol import Engine
from archive.errors import IndexUnusableError
from archive.indexing.compare import differences
from archive.indexing.ledger import Ledger
from archive.model.fields import Fields
from archive.model.reports import IndexReport, Progress
from archive.query.plan import Plan


def move(
    source: Engine,
    target: Engine,
    ledger_path: Path,
    everything: Plan,
    fields: Fields,
    progress: Callable[[Progress], None] | None = None,
) -> IndexReport:
    """Make `target` hold what `source` holds, compare the two, and have the ledger describe `target`.

    The source stays as it is. Raises IndexUnusableError if the source is not in step with its
    ledger, or the two differ in the end.
    """
    started = time.perf_counter()
    total = source.article_count() or 1
    with Ledger(ledger_path) as ledger:
        if ledger.generation != source.generation():
            raise IndexUnusableError("an indexing run did not finish; run `archive index`, then move")
        added = 0
        with target.writer(rebuild=True) as writer:
            writer.begin(-1)
            for article in source.matches(everything):
                row = ledger.get(article.id)
                if row is None:
                    raise IndexUnusableError(
                        f"{article.id!r} is not in the ledger; run `archive index --full`, then move"
                    )
                writer.put(article, row.digest, row.base, replaces=False)
                added += 1
                if progress:
                    progress(Progress(added, added / total, time.perf_counter() - started))
            writer.commit(final=True)
            refused = writer.refused()
        if refused:
            first = refused[0]
            raise IndexUnusableError(
                f"{len(refused):,} articles were not taken, as {first.id!r} ({first.why}); nothing was changed here"
            )
        if found := differences(source, target, everything, fields):
            raise IndexUnusableError(f"what arrived is not the same: {'; '.join(found)}; nothing was changed here")
        ledger.moved(source.generation(), target.generation())
    return IndexReport(added=added, seconds=time.perf_counter() - started)
