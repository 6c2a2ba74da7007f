"""What a judge of pairs said of articles that were judged by rules alone when they were indexed.

A file of the index folder; it can be deleted at any time, and is begun anew where it is damaged. A row goes by all
that the answer depends on (`content_key`, and the version of rules and weights), so that none can be stale.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from archive.model.sightings import Sighting, decode_sightings, encode_sightings
from archive.util.atomic_files import make_private

CACHE_FILE = "sightings.sqlite"
_WAIT = 2.0  # seconds for another process to finish writing
_ASKED_AT_ONCE = 500  # keys: SQLite takes some thousand


class SightingCache:
    """Sightings by the content key of their article, and version; one that cannot be read or written holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CACHE_FILE

    def get(self, keys: Sequence[int], version: str) -> dict[int, tuple[Sighting, ...]]:
        """The sightings of articles as they were put, by the keys of those that are known."""
        found: dict[int, tuple[Sighting, ...]] = {}
        try:
            if not self._path.is_file():
                return {}
            with closing(self._connect()) as stored:
                rest = iter(keys)
                while some := list(islice(rest, _ASKED_AT_ONCE)):
                    marks = ",".join("?" * len(some))
                    asked = f"SELECT key, sightings FROM completed WHERE version = ? AND key IN ({marks})"
                    for key, sightings in stored.execute(asked, (version, *map(_signed, some))):
                        found[key % (1 << 64)] = decode_sightings(sightings)
        except (sqlite3.Error, OSError, ValueError, TypeError, IndexError):
            return {}
        return found

    def keys(self, version: str) -> frozenset[int]:
        """The keys of all articles of which it has the sightings."""
        try:
            if not self._path.is_file():
                return frozenset()
            with closing(self._connect()) as stored:
                rows = stored.execute("SELECT key FROM completed WHERE version = ?", (version,)).fetchall()
            return frozenset(key % (1 << 64) for (key,) in rows)
        except (sqlite3.Error, OSError, TypeError):
            return frozenset()

    def put(self, found: Mapping[int, Sequence[Sighting]], version: str) -> None:
        """Keep the sightings of articles; those by other versions are forgotten."""
        try:
            self._write(found, version)
        except (sqlite3.OperationalError, OSError):
            pass  # locked, or a folder that cannot be written: they are judged again when they are asked for
        except sqlite3.DatabaseError:  # damaged
            self._path.unlink(missing_ok=True)
            self.put(found, version)

    def _write(self, found: Mapping[int, Sequence[Sighting]], version: str) -> None:
        if not self._path.parent.is_dir():
            return
        make_private(self._path)
        with closing(self._connect()) as stored, stored:
            stored.execute("DROP TABLE IF EXISTS judged")  # as an earlier version kept them
            stored.execute(
                "CREATE TABLE IF NOT EXISTS completed (key INTEGER PRIMARY KEY, version TEXT, sightings TEXT)"
            )
            stored.execute("DELETE FROM completed WHERE version != ?", (version,))
            stored.executemany(
                "INSERT OR REPLACE INTO completed VALUES (?, ?, ?)",
                [(_signed(key), version, encode_sightings(sightings)) for key, sightings in found.items()],
            )

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT)


def _signed(key: int) -> int:
    """A key as SQLite's integers, which have a sign."""
    return key - (1 << 64) if key >= 1 << 63 else key
