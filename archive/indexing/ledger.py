"""The ledger: which file holds which articles, as of the last run.

A SQLite file beside the index, and like it a cache: it names the generation of the index
that it describes, and is made again from the index's own entries when that is another one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from archive.engine.protocol import Entry
from archive.indexing.sealed import SealedFile, Tables
from archive.model.article import Problem

#: An article's `base` is null where it is the id itself, and its source is a number: most rows are small.
_SCHEMA = """
create table if not exists state(key text primary key, value text) without rowid;
create table if not exists source(number integer primary key, path text unique, stamp text, digest text, retry int);
create table if not exists article(
    id text primary key, base text, source int, line int, digest blob, indexed int, run int) without rowid;
create index if not exists article_source on article(source);
create index if not exists article_base on article(base, source, run) where base is not null;
create index if not exists article_content on article(base, source, digest) where base is not null;
create table if not exists problem(source text, path text, line int, what text, remedy text);
create index if not exists problem_source on problem(source);
"""
_TABLES = Tables("4", _SCHEMA)
#: Memory for pages: articles come in no order of their ids.
_CACHE_KIB = 32_000
#: Articles that are put into the table together: some 20 MB.
_CLAIMED_TOGETHER = 50_000
_PLACES = "?, ?, ?, ?, ?, ?, ?"


class Known(NamedTuple):
    """What is known of a file: its size and time, its digest, and whether to try it again anyway."""

    stamp: str
    digest: str
    retry: bool


class Row(NamedTuple):
    """An article's place: `base` is the id it asks for; `run` is the run that last saw it.

    `digest` is that of its content, in hexadecimal.
    """

    id: str
    base: str
    path: str
    line: int
    digest: str
    indexed: bool
    run: int


class Ledger:
    """The ledger in `path`, as a SealedFile opens or makes it; `sole` where no other process can be writing it."""

    def __init__(self, path: Path, *, sole: bool = False) -> None:
        self._file = SealedFile(path, _TABLES, sole=sole)
        self._connection = self._file.db
        self._connection.execute(f"pragma cache_size = -{_CACHE_KIB}")
        self._numbers: dict[str, int] = {}
        self._fresh: str | bool = False
        self._claimed: dict[str, tuple[object, ...]] = {}
        self._empty = not self._db.execute("select 1 from article limit 1").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def _db(self) -> sqlite3.Connection:
        """The connection, with all that was claimed in the table."""
        if self._claimed:
            self._put_claimed()
        return self._connection

    def _put_claimed(self) -> None:
        """Put what was claimed into the table: that is quicker by the thousand, in order."""
        rows = [values for _, values in sorted(self._claimed.items())]
        self._connection.executemany(f"insert into article values({_PLACES})", rows)
        self._claimed.clear()
        self._empty = False

    # -- state -------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """The generation of the index that this ledger describes; -1 for none."""
        row = self._db.execute("select value from state where key = 'generation'").fetchone()
        return int(row[0]) if row else -1

    def commit(self, generation: int) -> None:
        """Keep everything since the last commit, as describing that generation."""
        self._db.execute("insert or replace into state values('generation', ?)", (str(generation),))
        self._file.commit()

    @property
    def names(self) -> str:
        """The digest of the authority files with which the articles were indexed."""
        row = self._db.execute("select value from state where key = 'names'").fetchone()
        return row[0] if row else ""

    @names.setter
    def names(self, digest: str) -> None:
        self._db.execute("insert or replace into state values('names', ?)", (digest,))

    @property
    def twin(self) -> int | None:
        """The generation of the other engine's index that this one was carried over from, while neither changed."""
        row = self._db.execute("select value from state where key = 'twin'").fetchone()
        twin, of = map(int, row[0].split()) if row else (-1, -2)
        return twin if of == self.generation else None

    def moved(self, source: int, target: int) -> None:
        """Describe the index of another engine, to which all was carried over."""
        self._db.execute("insert or replace into state values('twin', ?)", (f"{source} {target}",))
        self.commit(target)

    def next_run(self) -> int:
        """A number that no earlier run had."""
        return int(self._db.execute("select coalesce(max(run), 0) + 1 from article").fetchone()[0])

    def adopt(self, entries: Iterable[Entry]) -> None:
        """Describe an index that this ledger does not know: every file will be read again, every name resolved."""
        self.names = ""
        for table in ("source", "article", "problem"):
            self._db.execute(f"delete from {table}")
        self._numbers.clear()
        for entry in entries:
            self.put(Row(entry.id, entry.base, entry.path, entry.line, entry.digest, True, 0))

    def forget_indexed(self) -> None:
        """Take it that nothing is in the index, but keep which article has which id."""
        self._db.execute("update article set indexed = 0")
        self.distrust_sources()

    def distrust_sources(self) -> None:
        """Have every file read again; articles whose content is the same stay as they are."""
        self._db.execute("update source set stamp = '', digest = ''")

    # -- files -------------------------------------------------------------------------

    def sources(self) -> dict[str, Known]:
        """Every file that was read, by path."""
        rows = self._db.execute("select path, stamp, digest, retry from source")
        return {path: Known(stamp, digest, bool(retry)) for path, stamp, digest, retry in rows}

    def begin_source(self, path: str) -> None:
        """Note that a file is about to be read: until `end_source` it counts as unread."""
        self.end_source(path, Known("", "", True))
        self._db.execute("delete from problem where source = ?", (path,))
        number = self._number(path)
        self._fresh = not self._db.execute("select 1 from article where source = ?", (number,)).fetchone() and path

    def end_source(self, path: str, known: Known) -> None:
        """Note that a file was read to its end."""
        values = (*known, self._number(path))
        self._db.execute("update source set stamp = ?, digest = ?, retry = ? where number = ?", values)

    def drop_source(self, path: str) -> None:
        """Forget a file that is gone."""
        self._numbers.pop(path, None)
        self._db.execute("delete from source where path = ?", (path,))
        self._db.execute("delete from problem where source = ?", (path,))

    def _number(self, path: str) -> int:
        """The number of a file, a new one if it is not known; such a file counts as unread."""
        number = self._numbers.get(path)
        if number is None:
            self._db.execute("insert or ignore into source(path, stamp, digest, retry) values(?, '', '', 1)", (path,))
            row = self._db.execute("select number from source where path = ?", (path,)).fetchone()
            number = self._numbers[path] = int(row[0])
        return number

    # -- articles ----------------------------------------------------------------------

    def get(self, article_id: str) -> Row | None:
        """The article that has that id."""
        row = self._db.execute(f"{_ROWS} where id = ?", (article_id,)).fetchone()
        return _row(row) if row else None

    def unseen_with_base(self, base: str, path: str, digest: str, run: int) -> Row | None:
        """An article of a file that asks for that id and that a run did not see, best with the same content."""
        if path == self._fresh:
            return None
        unseen = f"{_ROWS} where base = ? and source = ? and run < ?"
        asked = (base, self._number(path), run)
        found = [
            self._db.execute(f"{unseen} and article.digest = ? limit 1", (*asked, bytes.fromhex(digest))).fetchone(),
            self._db.execute(f"{unseen} order by run, id limit 1", asked).fetchone(),
        ]
        rows = [_row(row) for row in found if row]
        first = self.get(base)
        if first and first.base == base and first.path == path and first.run < run:
            rows.append(first)
        return min(rows, key=lambda row: (row.digest != digest, row.run, row.id), default=None)

    def with_base(self, base: str) -> Iterator[Row]:
        """The articles that ask for that id, by id."""
        query = f"{_ROWS} where (id = ? and base is null) or base = ? order by id"
        yield from map(_row, self._db.execute(query, (base, base)))

    def put(self, row: Row) -> None:
        """Record an article."""
        self._db.execute(f"insert or replace into article values({_PLACES})", self._values(row))
        self._empty = False

    def claim(self, row: Row) -> bool:
        """Record an article if its id is free, and say whether it was."""
        taken = row.id in self._claimed
        if not (taken or self._empty):
            taken = self._connection.execute("select 1 from article where id = ?", (row.id,)).fetchone() is not None
        if not taken:
            self._claimed[row.id] = self._values(row)
            if len(self._claimed) == _CLAIMED_TOGETHER:
                self._put_claimed()
        return not taken

    def _values(self, row: Row) -> tuple[str, str | None, int, int, bytes, bool, int]:
        base = None if row.base == row.id else row.base
        return row.id, base, self._number(row.path), row.line, bytes.fromhex(row.digest), row.indexed, row.run

    def unseen(self, path: str, run: int) -> list[str]:
        """Ids of the articles of a file that a run did not see."""
        if path == self._fresh:
            return []
        rows = self._db.execute(
            "select id from article where source = ? and run < ? order by id", (self._number(path), run)
        )
        return [row[0] for row in rows]

    def delete(self, article_id: str) -> None:
        """Forget an article."""
        self._db.execute("delete from article where id = ?", (article_id,))

    def counts(self) -> Mapping[str, int]:
        """How many articles each file holds."""
        query = "select path, count(*) from article join source on source = number group by source"
        return dict(self._db.execute(query))

    def indexed_count(self) -> int:
        """How many articles are in the index."""
        return int(self._db.execute("select count(*) from article where indexed").fetchone()[0])

    def ids(self) -> Iterator[tuple[str, str]]:
        """The id and digest of every article in the index, by id."""
        rows = self._db.execute("select id, digest from article where indexed order by id")
        yield from ((article_id, digest.hex()) for article_id, digest in rows)

    # -- what the engine would not take ------------------------------------------------

    def refuse(self, row: Row, why: str) -> None:
        """Note that the engine did not take an article, so that its file is read again."""
        self.put(row._replace(indexed=False, digest=""))
        remedy = "change the article, or mend the server; `archive index` tries it again"
        self.add_problem(row.path, Problem(row.path, row.line, f"the engine does not take {row.id!r}: {why}", remedy))
        self._db.execute("update source set retry = 1 where path = ?", (row.path,))

    def refused(self) -> list[Row]:
        """The articles that are not in the index, as of the end of a run."""
        return list(map(_row, self._db.execute(f"{_ROWS} where not indexed order by path, line")))

    # -- problems ----------------------------------------------------------------------

    def add_problem(self, source: str, problem: Problem) -> None:
        """Record a problem of a file; its path may be that of the sidecar."""
        values = (source, problem.path, problem.line, problem.what, problem.remedy)
        self._db.execute("insert into problem values(?, ?, ?, ?, ?)", values)

    def drop_problem(self, problem: Problem) -> None:
        """Forget a problem that is there no longer."""
        values = (problem.path, problem.line, problem.what)
        self._db.execute("delete from problem where path = ? and line = ? and what = ?", values)

    def problems(self) -> list[Problem]:
        """Every problem, by file and line."""
        rows = self._db.execute("select path, line, what, remedy from problem order by path, line")
        return [Problem(*row) for row in rows]


#: The columns of a Row.
_ROWS = (
    "select id, coalesce(base, id), path, line, article.digest, indexed, run"
    " from article join source on source = number"
)


def _row(row: tuple[str, str, str, int, bytes, int, int]) -> Row:
    return Row(*row[:4], row[4].hex(), bool(row[5]), row[6])
