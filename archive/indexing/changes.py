"""Which files of a corpus have to be read: those that are not as the table of sources knows them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import NamedTuple

from archive.corpus.broken_words import is_looked_through, may_break_words
from archive.corpus.formats.registry import PHOTO, digest, format_of
from archive.corpus.scan import Scan, Source, file_stamp
from archive.indexing.sources import SourceTable

#: A file changed within this time of being read may change again without its time showing it.
_RACY_NS = 2_000_000_000


class Changed(NamedTuple):
    """A file to read, with the stamp and the digest that it has until it changes again.

    breaks_words   whether there may be words in it that are broken at the end of a line
    """

    source: Source
    stamp: str
    digest: str
    breaks_words: bool = False


class Changes(NamedTuple):
    """What has changed.

    to_read    files to read
    vanished   paths of files that are gone
    unchanged  how many articles are in files that need not be read
    """

    to_read: list[Changed]
    vanished: list[str]
    unchanged: int


def changes(found: Scan, table: SourceTable) -> Changes:
    """Compare the files found with those of the table; one that only looks changed gets its new stamp there."""
    now = time.time_ns()
    to_read, unchanged = [], 0
    photos = {source.path: source.stamp for source in found.sources if source.format == PHOTO}
    # Which photographs texts name is not known of an archive that had none.
    had_photos = not photos or any((its := format_of(path)) and its.name == PHOTO for path in table.sources)
    for source in found.sources:
        known = table.sources.get(source.path)
        pictures_changed = known and (
            any(photos.get(path, "") != stamp for path, stamp in known.pictures.items())
            or (source.may_have_pictures and not had_photos)
        )
        if known and known.stamp == source.stamp and not known.retry and not pictures_changed:
            unchanged += known.articles
            continue
        changed = to_be_read(source, now)
        if known and changed.digest and known.digest == changed.digest and not known.retry and not pictures_changed:
            known.stamp = changed.stamp
            unchanged += known.articles
        else:
            to_read.append(changed)
    return Changes(to_read, sorted(table.sources.keys() - {source.path for source in found.sources}), unchanged)


def to_be_read(source: Source, now: int) -> Changed:
    """A file with the stamp and the digest that it has at a time, in nanoseconds."""
    found: list[bool] = []

    def look_at(piece: bytes) -> None:
        if not found and may_break_words(piece):
            found.append(True)

    content = _digest(source, look_at if is_looked_through(source) else None)
    return Changed(source, "" if source.mtime_ns > now - _RACY_NS else source.stamp, content, bool(found))


def changed_since(source: Source) -> bool:
    """Whether a file or its sidecar is another than when it was found."""
    try:
        stamps = [file_stamp(os.stat(file)) for file in (source.file, source.sidecar) if file]  # noqa: PTH116
    except OSError:
        return True
    return stamps != [stamp for stamp in (source.file_stamp, source.sidecar_stamp) if stamp]


def _digest(source: Source, look_at: Callable[[bytes], None] | None = None) -> str:
    """The digest of a file, or "" where it cannot be read: `read` says why."""
    try:
        return digest(source, look_at)
    except OSError:
        return ""
