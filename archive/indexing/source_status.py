"""What has become of the files of an index since they were indexed.

Loading what reads a file takes longer than looking at its stamp, which is enough for nearly every file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.corpus.scan import has_stamp, scan_file
from archive.indexing.sources import SourceState, find_source


def changed_sources(data: bytes | None, paths: Iterable[str], root: Path, *, links_outside: bool) -> dict[str, str]:
    """Which files of the archive in `root` are not as a table that `dump` has written knows them, by path.

    "changed", "missing", or "unknown" where there is no table, or nothing in it. A file is read only where it looks
    changed.
    """
    found = {}
    for path in paths:
        state = None if data is None else find_source(data, path)
        if state is not None and has_stamp(path, root, state.stamp):
            continue
        status = source_status(path, state, root, links_outside=links_outside)
        if status != "unchanged":
            found[path] = status
    return found


def source_status(path: str, state: SourceState | None, root: Path, *, links_outside: bool) -> str:
    """What has become of a file since it was indexed: "unchanged", "changed", "missing", or "unknown" without a state.

    The file is read and its digest compared.
    """
    if state is None:
        return "unknown"
    from archive.corpus.formats.registry import digest

    source = scan_file(path, root / CORPUS_DIR, root, links_outside=links_outside)
    if source is None:
        return "missing"
    try:
        return "unchanged" if state.digest and state.digest == digest(source) else "changed"
    except OSError:
        return "changed"
