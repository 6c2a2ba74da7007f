"""One indexing run: compare the corpus with the ledger, read what changed, write it in batches."""

from __future__ import annotations

import gc
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.scan import Scan, Source, scan
from archive.engine.protocol import Engine, Writer
from archive.errors import IndexAccessError
from archive.indexing.changes import changed_since, changes
from archive.indexing.id_assignment import Ids
from archive.indexing.isolated_readers import Readers
from archive.indexing.ledger import Known, Ledger, Row
from archive.indexing.refused import REFUSED, commit, write_refused
from archive.indexing.renaming import resolve_again
from archive.model.article import Article, Problem
from archive.model.reports import IndexReport, Progress
from archive.names.authority.records import Names, load_names
from archive.names.entity_linker import Resolver

#: A batch is committed after so many articles or so many characters of text.
_BATCH_ARTICLES = 400_000
_BATCH_CHARACTERS = 400_000_000
#: Objects made between two looks of the garbage collector.
_COLLECT_AFTER = 50_000

ProgressCallback = Callable[[Progress], None]


def update(
    root: Path,
    settings: Settings,
    engine: Engine,
    ledger_path: Path,
    *,
    full: bool = False,
    jobs: int = 1,
    optimize: bool = False,
    wait: float = 0.0,
    progress: ProgressCallback | None = None,
) -> IndexReport:
    """Bring the index of the archive in `root` up to date with its corpus.

    Only articles whose content changed are written, unless `full`. With several `jobs`, that
    many processes and threads work at the same time; the index is the same, byte for byte.
    Raises IndexLockedError while another run is writing; problems in the corpus are reported,
    never raised; IndexAccessError says that the system does not let the index be written.
    """
    with _told(ledger_path.parent):
        return _update(
            root, settings, engine, ledger_path,
            full=full, jobs=jobs, optimize=optimize, wait=wait, progress=progress,
        )  # fmt: skip


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say what to do where the disk is full, or the index cannot be written for another reason."""
    try:
        yield
    except BrokenPipeError:
        raise  # the caller's own, from where progress is told
    except (OSError, sqlite3.OperationalError) as error:
        why = getattr(error, "strerror", None) or str(error)
        if (name := getattr(error, "filename", None)) and Path(os.fsdecode(name)).parent == folder:
            why = f"{Path(os.fsdecode(name)).name}: {why}"
        raise IndexAccessError(
            f"the index in {folder} cannot be written ({why}); make room or give permission, and run `archive index`"
        ) from error


def _update(
    root: Path,
    settings: Settings,
    engine: Engine,
    ledger_path: Path,
    *,
    full: bool,
    jobs: int,
    optimize: bool,
    wait: float,
    progress: ProgressCallback | None,
) -> IndexReport:
    started = time.perf_counter()
    rebuild = full or not engine.exists
    with engine.writer(rebuild=rebuild, jobs=jobs, wait=wait) as writer, Ledger(ledger_path, sole=True) as ledger:
        names = load_names(root, links_outside=settings.links_outside)
        others = ledger.names != names.digest
        # What a rebuild that was cut off has written goes by the names of then.
        if not writer.begin(-1 if rebuild and others else ledger.generation):
            if rebuild:
                ledger.forget_indexed()
            else:
                ledger.adopt(engine.entries())
        resolver = Resolver(names, detect=settings.detect, detected_facets=settings.detected_facets)
        renamed = set()
        if rebuild:
            ledger.names = names.digest
        elif ledger.names != names.digest:
            renamed = resolve_again(resolver, settings, engine, writer, ledger)
        run = _Run(writer, ledger, settings, names, resolver, renamed, progress, started, jobs)
        with _rare_collections():
            report = run.go(scan(root / CORPUS_DIR, root, links_outside=settings.links_outside), rebuild)
            if optimize:
                writer.optimize()
                ledger.commit(writer.generation)
            write_refused(ledger_path.with_name(REFUSED), ledger.refused())
            return replace(report, seconds=time.perf_counter() - started)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Have the garbage collector look less often: articles come by the thousand, and hold no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _COLLECT_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass
class _Run:
    writer: Writer
    ledger: Ledger
    settings: Settings
    names: Names
    resolver: Resolver
    renamed: set[str]
    progress: ProgressCallback | None
    started: float
    jobs: int
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0
    number: int = 0
    read_bytes: int = 0
    total_bytes: int = 0
    vanished: set[str] = field(default_factory=set)
    _refused_in: set[str] = field(default_factory=set)
    _articles_in_batch: int = 0
    _characters_in_batch: int = 0
    _bytes_in_file: int = 0
    _dirty: bool = False
    _ids: Ids = field(init=False)

    def go(self, found: Scan, rebuild: bool) -> IndexReport:
        self.number = self.ledger.next_run()
        changed, self.vanished, self.unchanged = changes(found, self.ledger)
        self._ids = Ids(self.ledger, self.vanished, self.number)
        self._dirty = rebuild
        self.total_bytes = sum(source.size for source, _ in changed) or 1
        with Readers([source for source, _ in changed], self.settings.max_article_bytes, self.jobs - 2) as readers:
            for source, known in changed:
                self._read(source, known, readers)
        for path in sorted(self.vanished):
            self._remove_unseen(path)
            self.ledger.drop_source(path)
        if self._dirty:
            self._commit(final=True)
        self.ledger.names = self.names.digest
        self.ledger.commit(self.writer.generation)
        return IndexReport(
            max(0, self.added - self.refused),
            self.updated + len(self.renamed),
            self.unchanged - len(self.renamed),
            self.removed,
            tuple(sorted([*self.ledger.problems(), *found.problems, *self.names.problems])),
            dict(sorted(found.skipped.items())),
        )

    def _read(self, source: Source, known: Known, readers: Readers) -> None:
        self.ledger.begin_source(source.path)
        retry = False
        for item in readers.read(source, self._at):
            problem = item if isinstance(item, Problem) else self._take(*item, source)
            retry = retry or (problem is not None and problem is not item)
            if problem is not None:
                self.ledger.add_problem(source.path, problem)
        self._remove_unseen(source.path)
        if changed_since(source):
            known = Known("", "", False)  # what was read may be neither the file before nor the one after
        # A file that could not be opened, or whose article found its id taken, is tried again.
        retry = retry or not known.digest or source.path in self._refused_in
        self.ledger.end_source(source.path, known._replace(retry=retry))
        self.read_bytes += source.size
        self._at(0)

    def _at(self, in_file: int) -> None:
        """Note how far into the present file the reading has come, and say so."""
        self._bytes_in_file = in_file
        self._report()

    def _take(self, article: Article, content: str, source: Source) -> Problem | None:
        """Give an article its id and write it if it is not there already."""
        base = article.id
        place = (source.path, article.line)
        held = self._ids.held(base, content, source.path)
        row = Row(held.id if held else base, base, *place, content, True, self.number)
        if held:
            self.ledger.put(row)
        elif not self.ledger.claim(row):
            if "id" not in article.inferred:
                if clash := self._clash(article):
                    return clash
            else:
                row = row._replace(id=self._ids.free(base))
            self.ledger.put(row)
        if held and held.indexed and (held.digest, held.path, held.line) == (content, *place):
            self.unchanged += 1
            return None
        self._count(held, content, source.path)
        article = article if article.id == row.id else replace(article, id=row.id)
        article = self.resolver.resolve(article, partial(self.ledger.add_problem, source.path))
        self.writer.put(article, content, base, replaces=bool(held and held.indexed))
        self._written(len(article.body))
        return None

    def _clash(self, article: Article) -> Problem | None:
        """Why an article cannot have the id that it declares, if so; one whose file is gone makes way."""
        other = self.ledger.get(article.id)
        if other is None:
            return None
        if other.path in self.vanished:
            self._remove(other.id)
            return None
        what = f"the id {article.id!r} is already that of an article in {other.path}"
        return Problem(article.path, article.line, what, "give one of them another id")

    def _count(self, held: Row | None, content: str, path: str) -> None:
        if held is None:
            self.added += 1
        elif held.digest == content and held.path == path:
            self.unchanged += 1
        else:
            self.updated += 1
            self.renamed.discard(held.id)

    def _remove_unseen(self, path: str) -> None:
        for article_id in self.ledger.unseen(path, self.number):
            self._remove(article_id)

    def _remove(self, article_id: str) -> None:
        self.writer.delete(article_id)
        self.ledger.delete(article_id)
        self.renamed.discard(article_id)
        self.removed += 1
        self._written(0)

    def _written(self, characters: int) -> None:
        self._dirty = True
        self._articles_in_batch += 1
        self._characters_in_batch += characters
        if self._articles_in_batch >= _BATCH_ARTICLES or self._characters_in_batch >= _BATCH_CHARACTERS:
            self._commit(final=False)
            self.ledger.commit(self.writer.generation)
            self._articles_in_batch = self._characters_in_batch = 0

    def _commit(self, *, final: bool) -> None:
        for row in commit(self.writer, self.ledger, final=final):
            self._refused_in.add(row.path)
            self.refused += 1

    def _report(self) -> None:
        if self.progress:
            done = self.added + self.updated + self.unchanged
            fraction = (self.read_bytes + self._bytes_in_file) / self.total_bytes
            self.progress(Progress(done, min(1.0, fraction), time.perf_counter() - self.started))
