"""The evidence for names over a whole archive, and what was decided by it: a small database beside the index.

It is a cache: all of it follows from the articles, and `generation` says to which generation of the index it belongs.
One table has a row for each article, one a row for each name in an article, one a row for each name.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from archive.names.discovery.candidates import Candidate
from archive.names.discovery.evidence import RULES, NameDecision
from archive.text.sentences import Span
from archive.util.atomic_files import make_private

FILE = "names.sqlite3"
_SCHEMA = """
CREATE TABLE article (id TEXT PRIMARY KEY, digest TEXT NOT NULL, date TEXT, source INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE name (article TEXT NOT NULL, key TEXT NOT NULL, form TEXT NOT NULL, person REAL NOT NULL,
                   venue REAL NOT NULL, start INTEGER NOT NULL, roles TEXT NOT NULL, titled TEXT NOT NULL,
                   spans TEXT NOT NULL);
CREATE TABLE decision (key TEXT PRIMARY KEY, facet TEXT NOT NULL, name TEXT NOT NULL, surname TEXT NOT NULL)
    WITHOUT ROWID;
CREATE INDEX decision_surname ON decision (surname);
CREATE TABLE about (rules INTEGER NOT NULL, recognizer TEXT NOT NULL, generation INTEGER NOT NULL,
                    authority TEXT NOT NULL);
"""
#: Made once all names of a new index are there, which takes a fifth of the time of keeping them up.
_INDEXES = {"name_article": "article", "name_key": "key, form"}
_OF_THE_SYSTEM = frozenset(
    (
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    )
)
#: Articles with exactly the same names, so many or more, are copies of one.
_COPIED = 5


class KeyEvidence(NamedTuple):
    """The evidence for one name under one spelling: sums and maxima over the articles that write it so."""

    key: str
    form: str
    articles: int
    person: float
    most_person: float
    venue: float
    most_venue: float
    has_role: bool


class KeptName(NamedTuple):
    """A name in an article: what it is filed under, how it is written, what speaks for it, where it stands whole."""

    key: str
    form: str
    person: float
    venue: float
    spans: tuple[Span, ...]


class KeptEvidence(NamedTuple):
    """The evidence in an article as it is kept.

    rows    those of the table of names, without the article
    names   the names as `names_in` has them, packed: a tenth of the memory
    source  a digest of them, which copies of an article share; None where they are too few to tell
    """

    rows: list[tuple[object, ...]]
    names: bytes
    source: int | None


def kept_evidence(found: Iterable[Candidate]) -> KeptEvidence:
    """The evidence in an article, as it is to be kept."""
    rows: list[tuple[object, ...]] = []
    names = []
    for words, form, person, venue, start, _, spans, titled, roles in found:
        key = " ".join(words)
        rows.append((key, form, person, venue, start, " ".join(roles), "|".join(titled), _written(spans)))
        names.append((key, form, person, venue, spans))
    source = _digest(sorted([key for key, *_ in names])) if len(names) >= _COPIED else None
    return KeptEvidence(rows, marshal.dumps(names), source)


def _digest(texts: Iterable[str]) -> int:
    return crc32("\n".join(texts).encode("utf-8", "replace"))


class EvidenceStore:
    """The database; closed with `close`. Without a folder it is a temporary file, so that memory is bounded."""

    def __init__(self, folder: Path | None, recognizer: str = "") -> None:
        self._path = folder / FILE if folder is not None else None
        self._recognizer = recognizer
        if self._path is not None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(self._path)
        self._db = self._opened()
        self._is_empty = self._db.execute("SELECT 1 FROM article LIMIT 1").fetchone() is None
        #: Whether everything is put anew, and whether names can be found by the indexes meanwhile.
        self._is_filled, self._is_indexed = False, not self._is_empty

    def _opened(self) -> sqlite3.Connection:
        """The database of these rules; any other, or one that cannot be read, is begun again."""
        if self._path is None:
            return self._created("")
        with suppress(sqlite3.Error):
            db = self._connected(str(self._path))
            about = db.execute("SELECT rules, recognizer FROM about").fetchall()
            if about == [(RULES, self._recognizer)]:
                return db
            db.close()
        discard_store(self._path.parent)
        make_private(self._path)
        return self._created(str(self._path))

    @staticmethod
    def _connected(path: str) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA cache_size = -65536")
        return db

    def _created(self, path: str) -> sqlite3.Connection:
        db = self._connected(path)
        db.executescript(_SCHEMA)
        db.execute("INSERT INTO about VALUES (?, ?, -1, '')", (RULES, self._recognizer))
        return db

    def close(self) -> None:
        """Let go of the file; what was not committed is dropped."""
        self._db.close()

    @property
    def _names(self) -> sqlite3.Connection:
        """The database, with the indexes by which names are found."""
        if not self._is_indexed:
            for index, columns in _INDEXES.items():
                self._db.execute(f"CREATE INDEX IF NOT EXISTS {index} ON name ({columns})")
            self._is_indexed = True
        return self._db

    def _drop_indexes(self) -> None:
        for index in _INDEXES:
            self._db.execute(f"DROP INDEX IF EXISTS {index}")
        self._is_indexed = False

    @property
    def generation(self) -> int:
        """The generation of the index to which all this belongs; -1 for none."""
        return int(self._db.execute("SELECT generation FROM about").fetchone()[0])

    @property
    def authority(self) -> str:
        """The digest of the authority files and ignored names by which was decided."""
        return str(self._db.execute("SELECT authority FROM about").fetchone()[0])

    @authority.setter
    def authority(self, digest: str) -> None:
        self._db.execute("UPDATE about SET authority = ?", (digest,))

    def begin(self) -> None:
        """Open a transaction: nothing that follows is kept without `commit`."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def commit(self, generation: int) -> None:
        """Keep everything since `begin`, as that of a generation of the index."""
        self.begin()
        self._names.execute("UPDATE about SET generation = ?", (generation,))
        self._db.execute("COMMIT")
        self._is_filled = False

    # -- articles ----------------------------------------------------------------------

    def digests(self) -> Iterator[tuple[str, str]]:
        """The id and digest of every article."""
        yield from self._db.execute("SELECT id, digest FROM article")

    def has(self, article_id: str) -> bool:
        """Whether the evidence of an article is there."""
        if self._is_empty:
            return False
        return self._db.execute("SELECT 1 FROM article WHERE id = ?", (article_id,)).fetchone() is not None

    def count(self) -> int:
        """The number of articles."""
        return int(self._db.execute("SELECT count(*) FROM article").fetchone()[0])

    def put(self, article_id: str, digest: str, date: str | None, kept: KeptEvidence) -> None:
        """Keep the evidence in an article, in the place of any that there was."""
        source = _digest([article_id]) if kept.source is None else kept.source
        self.remove(article_id)
        if self._is_filled and self._is_indexed:
            self._drop_indexes()
        self._is_empty = False
        self._db.execute("INSERT INTO article VALUES (?, ?, ?, ?)", (article_id, digest, date, source))
        self._db.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [(article_id, *row) for row in kept.rows]
        )

    def names_in(self, article_id: str) -> list[KeptName]:
        """The names in an article that is there, in the order in which they were put."""
        rows = self._names.execute(
            "SELECT key, form, person, venue, spans FROM name WHERE article = ? ORDER BY rowid", (article_id,)
        )
        return [KeptName(key, form, person, venue, _read(spans)) for key, form, person, venue, spans in rows]

    def remove(self, article_id: str) -> None:
        """Forget an article."""
        if not self._is_empty and self._db.execute("DELETE FROM article WHERE id = ?", (article_id,)).rowcount:
            self._names.execute("DELETE FROM name WHERE article = ?", (article_id,))
            self._is_filled = False

    def clear(self) -> None:
        """Forget everything but what was decided, to be put anew."""
        self._is_empty = self._is_filled = True
        self._drop_indexes()
        self._db.execute("DELETE FROM article")
        self._db.execute("DELETE FROM name")

    # -- names -------------------------------------------------------------------------

    def evidence(self) -> Iterator[KeyEvidence]:
        """All evidence, by key and spelling, in order."""
        found = self._names.execute(
            "SELECT key, form, count(*), sum(person), max(person), sum(venue), max(venue), max(roles <> '')"
            " FROM name GROUP BY key, form ORDER BY key, form"
        )
        for row in found:
            key, form, articles, person, most_person, venue, most_venue, has_role = row
            yield KeyEvidence(key, form, articles, person, most_person, venue, most_venue, bool(has_role))

    def roles(self, key: str) -> frozenset[str]:
        """What the articles say that the bearer of a name is."""
        rows = self._names.execute("SELECT DISTINCT roles FROM name WHERE key = ? AND roles <> ''", (key,))
        return frozenset(role for (roles,) in rows for role in roles.split())

    def people_called(self, surname: str) -> list[tuple[str, str]]:
        """The key and name of everybody with a whole name that ends with a word."""
        return self._db.execute(
            "SELECT key, name FROM decision WHERE surname = ? AND facet = 'person' ORDER BY key", (surname,)
        ).fetchall()

    def decision(self, key: str) -> NameDecision | None:
        """What was decided of a name; None where nothing was."""
        row = self._db.execute("SELECT facet, name FROM decision WHERE key = ?", (key,)).fetchone()
        return None if row is None else NameDecision(*row)

    def decisions(self) -> dict[str, NameDecision]:
        """Everything that was decided."""
        return {key: NameDecision(facet, name) for key, facet, name in self._db.execute(
            "SELECT key, facet, name FROM decision")}  # fmt: skip

    def set_decisions(self, decided: Iterable[tuple[str, NameDecision]]) -> None:
        """Keep what was decided of some names."""
        self._db.executemany(
            "INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?)",
            ((key, *decision, key.rpartition(" ")[2] if " " in key else "") for key, decision in decided),
        )

    def drop_decisions(self) -> list[str]:
        """Forget what was decided of names that no article has any more; returns their keys."""
        gone = "FROM decision WHERE key NOT IN (SELECT key FROM name)"
        keys = [key for (key,) in self._names.execute(f"SELECT key {gone}")]
        if keys:
            self._db.execute(f"DELETE {gone}")
        return keys

    def articles_with(self, keys: Iterable[str]) -> list[str]:
        """The ids of the articles that have any of some names, in order."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY)")
        self._db.execute("DELETE FROM asked")
        self._db.executemany("INSERT OR IGNORE INTO asked VALUES (?)", ((key,) for key in keys))
        rows = self._names.execute("SELECT DISTINCT article FROM name WHERE key IN (SELECT key FROM asked) ORDER BY 1")
        return [article for (article,) in rows]

    def dates(self, keys: Iterable[str]) -> tuple[int, str | None, str | None]:
        """In how many articles some names are, copies counted once, and the first and the last of their dates."""
        asked = list(keys)
        marks = ",".join("?" * len(asked))
        row = self._names.execute(
            "SELECT count(DISTINCT source), min(date), max(date) FROM article"
            f" WHERE id IN (SELECT article FROM name WHERE key IN ({marks}))",
            asked,
        ).fetchone()
        return int(row[0]), row[1], row[2]

    def examples(self, keys: Iterable[str], limit: int) -> list[tuple[str, int]]:
        """Articles in which some names stand most clearly, and where."""
        asked = list(keys)
        marks = ",".join("?" * len(asked))
        return self._names.execute(
            f"SELECT article, start FROM name WHERE key IN ({marks})"
            " ORDER BY max(person, venue) DESC, article, start LIMIT ?",
            (*asked, limit),
        ).fetchall()

    def titled(self, key: str) -> list[str]:
        """The ways in which a name is written after a title, the most frequent first."""
        rows = self._names.execute(
            "SELECT titled FROM name WHERE key = ? AND titled <> '' GROUP BY titled ORDER BY count(*) DESC, titled",
            (key,),
        )
        return list(dict.fromkeys(form for (forms,) in rows for form in forms.split("|")))


def _written(spans: Sequence[Span]) -> str:
    if len(spans) == 1:
        return f"{spans[0][0]} {spans[0][1]}"
    return " ".join([f"{start} {end}" for start, end in spans])


def _read(spans: str) -> tuple[Span, ...]:
    offsets = list(map(int, spans.split()))
    return tuple(zip(offsets[::2], offsets[1::2], strict=True))


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error is of what the file has, and not of the system that keeps it."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _OF_THE_SYSTEM


def discard_store(folder: Path) -> None:
    """Remove the database beside an index: the next one is begun anew."""
    for name in (FILE, f"{FILE}-journal"):
        (folder / name).unlink(missing_ok=True)


def read_store(folder: Path) -> EvidenceStore | None:
    """A copy of the database beside an index, to be read and added to without touching it; None where there is none."""
    path = folder / FILE
    if not path.is_file():
        return None
    copy = EvidenceStore(None)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            if db.execute("SELECT rules FROM about").fetchall() != [(RULES,)]:
                copy.close()
                return None
            db.backup(copy._db)
    except sqlite3.Error:
        copy.close()
        return None
    return copy
