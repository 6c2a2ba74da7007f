"""A SQLite file that is a cache: sealed with each commit, and made anew where it is not what the last one left.

SQLite keeps no sums of what it has written. The seal, a file beside it, has the digest of all of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import NamedTuple

from archive.errors import IndexAccessError, IndexLockedError

#: Seconds to wait for a run that is writing the file just now.
_PATIENCE = 5.0


class Tables(NamedTuple):
    """What is in the file: the tables' names, the script that makes them, and the version of both.

    One of the tables is `state(key, value)`, where the version is kept.
    """

    version: str
    names: tuple[str, ...]
    script: str


class SealedFile:
    """Opens (or makes) the file in `path`, with these tables; `db` is the connection to it.

    sole   whether no other process can be writing it now; it must then be, to the last bit, as the
           last commit left it

    A damaged file is made anew. Raises IndexLockedError where another process is writing it,
    IndexAccessError where the system does not let it be read or written.
    """

    def __init__(self, path: Path, tables: Tables, *, sole: bool) -> None:
        self._path, self._tables = path, tables
        self._seal = path.with_name(f"{path.name}.sum")
        try:
            self.db = self._open(sole)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # damage can also be in a name that is told
            _raise_unless_damaged(error, path)
            for file in (path, path.with_name(f"{path.name}-journal"), self._seal):
                file.unlink(missing_ok=True)
            self.db = self._open(sole=False)

    def _open(self, sole: bool) -> sqlite3.Connection:
        if not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        db = sqlite3.connect(self._path, timeout=_PATIENCE)
        try:
            db.execute("select 1 from sqlite_master").fetchone()  # ends what a crash left unfinished
            if sole:
                self._check_seal()
            _prepare(db, self._tables)
        except BaseException:
            db.close()
            raise
        return db

    def commit(self) -> None:
        """Keep everything since the last commit, and seal it."""
        self.db.commit()
        self._seal.write_text(self._sum(), "ascii")

    def _check_seal(self) -> None:
        if self._path.stat().st_size and self._sum() != self._sealed_sum():
            raise sqlite3.DatabaseError("not what the last commit left")

    def _sum(self) -> str:
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _sealed_sum(self) -> str:
        try:
            return self._seal.read_text("ascii")
        except (OSError, ValueError):
            return ""


def _raise_unless_damaged(error: Exception, path: Path) -> None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise IndexLockedError(f"{path}: {error}; wait for `archive index` if it is running") from None
    if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
        raise IndexAccessError(f"{path}: {error}; check its permissions and the disk") from None


def _prepare(db: sqlite3.Connection, tables: Tables) -> None:
    """See that the file is whole and has the tables of this version."""
    if db.execute("pragma quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged")
    if _version(db) != tables.version:
        for table in tables.names:
            db.execute(f"drop table if exists {table}")
        db.executescript(tables.script)
        db.execute("insert into state values('version', ?)", (tables.version,))
        db.commit()


def _version(db: sqlite3.Connection) -> str:
    """The version of the tables; empty where there are none."""
    if not db.execute("select 1 from sqlite_master where name = 'state'").fetchone():
        return ""
    row = db.execute("select value from state where key = 'version'").fetchone()
    return row[0] if row else ""
