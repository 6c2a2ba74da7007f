"""What has changed since the index was made, as a search wants to know: by the stamps of the files, in a moment."""

from __future__ import annotations

from pathlib import Path

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.scan import scan
from archive.engine.protocol import Engine
from archive.indexing.changes import changes
from archive.indexing.sources import SourceTable
from archive.model.pending_changes import PendingChanges
from archive.names.authority.authority_files import names_digest
from archive.query.limits import with_deadline


def pending_changes(root: Path, settings: Settings, engine: Engine) -> PendingChanges:
    """Files that are new, changed or gone, and whether the authority files are others; nothing is written.

    An index whose table of sources is lost, or on another machine, says nothing of its files.
    """
    sources = engine.sources()
    if sources is None:
        return PendingChanges()
    table = SourceTable.load(sources)
    found = scan(root / CORPUS_DIR, root, links_outside=settings.links_outside, ignore=settings.ignore)
    changed = [each for each in changes(found, table).to_read if not _is_refused(table, each.source.path)]
    gone = table.sources.keys() - {source.path for source in found.sources}
    return PendingChanges(
        files=len(changed) + len(gone),
        size=sum(each.source.size for each in changed),
        names=table.names != names_digest(root, links_outside=settings.links_outside),
        articles=with_deadline(engine.article_count)(),  # a search that waits for a server does so within its time
    )


def _is_refused(table: SourceTable, path: str) -> bool:
    """Whether every run reads a file again although it has not changed: something in it could not be taken."""
    state = table.sources.get(path)
    return state is not None and state.retry
