"""A SQLite file that is a cache: sealed with each commit, and made anew where it is not what the last one left.

SQLite keeps no sums of what it has written. The seal, a file beside it, has the digest of all of it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

from archive.errors import IndexAccessError, IndexLockedError
from archive.util.atomic_files import NotOrdinaryError, create_file, open_ordinary, remove_strange

#: Seconds to wait for a run that is writing the file just now.
_PATIENCE = 5.0
#: A commit is followed by its seal: so often is looked for it, ten times a second.
_SEALED_WITHIN = 3
#: The file itself, those that SQLite keeps beside it, and the seal.
_ENDINGS = ("", "-journal", "-wal", "-shm", ".sum")
#: A sum in hexadecimal.
_SUM_BYTES = 64
#: The end of a journal that speaks of other files, which SQLite would delete.
_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")


class Tables(NamedTuple):
    """What is in the file: the script that makes its tables where they are not there, and their version.

    One of the tables is `state(key, value)`, where the version is kept.
    """

    version: str
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
        self._seal = _seal_of(path)
        try:
            self.db = self._open(sole)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # damage can also be in a name that is told
            _raise_unless_damaged(error, path)
            for ending in _ENDINGS:
                path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
            self.db = self._open(sole=False)

    def _open(self, sole: bool) -> sqlite3.Connection:
        for ending in _ENDINGS:
            remove_strange(self._path.with_name(f"{self._path.name}{ending}"))
        if _names_another(self._path.with_name(f"{self._path.name}-journal")):
            raise sqlite3.DatabaseError("its journal is not ours")
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
        with create_file(self._seal) as file:
            file.write(_sum(self._path).encode())

    def _check_seal(self) -> None:
        if self._path.stat().st_size and not _fits(self._path, self._seal):
            raise sqlite3.DatabaseError("not what the last commit left")


def is_sealed(path: Path) -> bool:
    """Whether the file in `path` is, to the last bit, what the last commit left; nothing is changed or made anew.

    Raises IndexLockedError where another process is writing it, IndexAccessError where it may not be read.
    """
    try:
        open_ordinary(path).close()  # SQLite would wait for a pipe
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", timeout=_PATIENCE, uri=True)) as db:
            db.execute("begin")
            db.execute("select 1 from sqlite_master").fetchone()  # from here on nobody else can write
            for _ in range(_SEALED_WITHIN):
                if _fits(path, _seal_of(path)):
                    return True
                time.sleep(0.1)
    except NotOrdinaryError:
        return False
    except sqlite3.DatabaseError as error:
        _raise_unless_damaged(error, path)
    return False


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sum")


def _fits(path: Path, seal: Path) -> bool:
    """Whether a seal is that of a file."""
    try:
        with open_ordinary(seal) as file:
            return file.read(_SUM_BYTES + 1) == _sum(path).encode()
    except OSError:
        return False


def _sum(path: Path) -> str:
    with open_ordinary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _raise_unless_damaged(error: Exception, path: Path) -> None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise IndexLockedError(f"{path}: {error}; wait for `archive index` if it is running") from None
    if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
        raise IndexAccessError(f"{path}: {error}; check its permissions and the disk") from None


def _names_another(journal: Path) -> bool:
    """Whether a journal belongs to a transaction over several files, as ours never does."""
    try:
        with open_ordinary(journal) as file:
            file.seek(-len(_SUPER_JOURNAL), os.SEEK_END)
            return file.read() == _SUPER_JOURNAL
    except OSError:
        return False


def _prepare(db: sqlite3.Connection, tables: Tables) -> None:
    """See that the file is whole and has the tables of this version, and nothing else that SQLite would run."""
    made = _made(db)
    if made and made != _made_by(tables.script):
        raise sqlite3.DatabaseError("other tables")
    if db.execute("pragma quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged")
    if not made:
        db.executescript(f"begin immediate; {tables.script}")
        db.execute("insert or replace into state values('version', ?)", (tables.version,))
        db.commit()
    elif db.execute("select value from state where key = 'version'").fetchone() != (tables.version,):
        raise sqlite3.DatabaseError("of another version")


def _made(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """The tables and all else that a file holds, as SQLite was told to make them."""
    return db.execute("select type, name, sql from sqlite_master order by type, name").fetchall()


@cache
def _made_by(script: str) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(script)
        return _made(db)
