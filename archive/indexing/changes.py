"""Which files of a corpus have to be read: those that are not as the ledger knows them."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from archive.corpus.formats.registry import digest
from archive.corpus.scan import Scan, Source, file_stamp
from archive.indexing.ledger import Known, Ledger

#: A file changed within this time of being read may change again without its time showing it.
_RACY_NS = 2_000_000_000


class Changes(NamedTuple):
    """What has changed.

    to_read    files, each with what is to be known of it once it is read
    vanished   paths of files that are gone
    unchanged  how many articles are in files that need not be read
    """

    to_read: list[tuple[Source, Known]]
    vanished: set[str]
    unchanged: int


def changes(found: Scan, ledger: Ledger) -> Changes:
    """Compare the files found with those of the ledger; one that only looks changed is known anew there."""
    before = ledger.sources()
    counts = ledger.counts()
    now = time.time_ns()
    to_read, unchanged = [], 0
    for source in found.sources:
        known = before.get(source.path)
        if known and known.stamp == source.stamp and not known.retry:
            unchanged += counts.get(source.path, 0)
            continue
        stamp = "" if source.mtime_ns > now - _RACY_NS else source.stamp
        content = _digest(source)
        if known and content and known.digest == content and not known.retry:
            ledger.end_source(source.path, Known(stamp, content, False))
            unchanged += counts.get(source.path, 0)
            continue
        to_read.append((source, Known(stamp, content, False)))
    return Changes(to_read, before.keys() - {source.path for source in found.sources}, unchanged)


def changed_since(source: Source) -> bool:
    """Whether a file or its sidecar is another than when it was found."""
    try:
        stamps = [file_stamp(os.stat(file)) for file in (source.file, source.sidecar) if file]  # noqa: PTH116
    except OSError:
        return True
    return stamps != [stamp for stamp in (source.file_stamp, source.sidecar_stamp) if stamp]


def _digest(source: Source) -> str:
    """The digest of a file, or "" where it cannot be read: `read` says why."""
    try:
        return digest(source)
    except OSError:
        return ""
