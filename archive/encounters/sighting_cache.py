"""What a judge of pairs said of articles that were judged by rules alone when they were indexed.

A file of the index folder; it can be deleted at any time, and is begun anew where it is damaged. A row goes by all
that the answer depends on (text, date, mentions, and the version of rules and weights), so that none can be stale.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from archive.model.article import Article
from archive.model.sightings import Sighting, decode_sightings, encode_sightings
from archive.util.atomic_files import make_private

CACHE_FILE = "sightings.sqlite"
_WAIT = 2.0  # seconds for another process to finish writing


class SightingCache:
    """Sightings by article and version; a cache that cannot be read or written holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CACHE_FILE

    def get(self, article: Article, version: str) -> tuple[Sighting, ...] | None:
        """The sightings of an article as they were put, or None."""
        try:
            if not self._path.is_file():
                return None
            with closing(self._connect()) as stored:
                row = stored.execute("SELECT sightings FROM judged WHERE key = ?", (_key(article, version),)).fetchone()
                return decode_sightings(row[0]) if row else None
        except (sqlite3.Error, OSError, ValueError, TypeError, IndexError):
            return None

    def put(self, article: Article, version: str, sightings: Sequence[Sighting]) -> None:
        """Keep the sightings of an article; those by other versions are forgotten."""
        try:
            self._write(_key(article, version), version, encode_sightings(sightings))
        except (sqlite3.OperationalError, OSError):
            pass  # locked, or a folder that cannot be written: it is judged again when it is asked for
        except sqlite3.DatabaseError:  # damaged
            self._path.unlink(missing_ok=True)
            self.put(article, version, sightings)

    def _write(self, key: str, version: str, sightings: str) -> None:
        if not self._path.parent.is_dir():
            return
        make_private(self._path)
        with closing(self._connect()) as stored, stored:
            stored.execute("CREATE TABLE IF NOT EXISTS judged (key TEXT PRIMARY KEY, version TEXT, sightings TEXT)")
            stored.execute("DELETE FROM judged WHERE version != ?", (version,))
            stored.execute("INSERT OR REPLACE INTO judged VALUES (?, ?, ?)", (key, version, sightings))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT)


def _key(article: Article, version: str) -> str:
    """A digest of all that the sightings of an article depend on."""
    mentions = [(each.facet, each.name, each.start, each.end, each.in_title) for each in article.mentions]
    said = (
        version,
        article.title,
        article.body,
        article.date,
        article.language,
        article.kind,
        mentions,
        article.blocks,
    )
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
