"""One indexing run: compare the corpus with the table of sources, read what changed, write it in batches."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.formats.registry import PHOTO, ReadOptions
from archive.corpus.scan import Scan, Source, scan
from archive.encounters.judging import SightingJudge, is_looked_through, not_looked_through
from archive.encounters.judging_queue import JudgingQueue
from archive.encounters.reviews import load_reviews
from archive.encounters.sighting_cache import SightingCache
from archive.engine.protocol import Engine, IndexedRef, Writer
from archive.errors import IndexAccessError, IndexDamagedError
from archive.indexing.changes import Changed, changed_since, changes, to_be_read
from archive.indexing.id_assignment import ArticleIds
from archive.indexing.isolated_readers import Readers
from archive.indexing.relinking import Relinker, discovery_of
from archive.indexing.shared_progress import SharedProgress
from archive.indexing.sources import SourceState, SourceTable, SourceWriter
from archive.indexing.words_to_join import NO_WORDS_TO_JOIN, WordsToJoin, find_words_to_join
from archive.model.article import Article, Problem
from archive.model.reports import IndexReport, Progress
from archive.names.authority.records import Names, load_names
from archive.names.entity_linker import EntityLinker, with_names
from archive.text.analyzer import Analyzer, fold
from archive.util.atomic_files import create_file, remove_unfinished
from archive.util.quoting import quote_path
from archive.util.worker_pool import WorkerPool
from archive.util.worker_process import core_count

if TYPE_CHECKING:
    from archive.names.discovery.incremental import IncrementalDiscovery

#: A batch is committed after so many articles or so many characters of text.
_BATCH_ARTICLES = 250_000
_BATCH_CHARACTERS = 400_000_000
#: Articles that wait until the names of all of them have been decided upon, and their characters.
_WAITING_ARTICLES = 10_000
_WAITING_CHARACTERS = 24_000_000
#: The index is asked at once for the articles of so many files, or files of so many bytes.
_FILES_TOGETHER, _BYTES_TOGETHER = 1_000, 50_000_000
#: Files of fewer bytes are read sooner than a process begins to.
WORTH_A_READER = 8_000_000
#: Objects made between two looks of the garbage collector.
_COLLECT_AFTER = 200_000
#: In the index folder: the articles that the engine would not take, for people and scripts to see. Every run
#: tries them again; the file goes when all of them are in.
_REJECTED = "refused.jsonl"

ProgressCallback = Callable[[Progress], None]


def update(
    root: Path,
    settings: Settings,
    engine: Engine,
    folder: Path,
    *,
    full: bool = False,
    jobs: int | None = None,
    optimize: bool = False,
    wait: float = 0.0,
    progress: ProgressCallback | None = None,
) -> IndexReport:
    """Bring the index of the archive in `root` up to date with its corpus; `folder` is that of the index.

    Only articles whose content changed are written, unless `full`. With several `jobs`, that
    many processes and threads work at the same time, with None as many as pay; the index is the same, byte for byte.
    Raises IndexLockedError while another run is writing; problems in the corpus are reported,
    never raised; IndexAccessError says that the system does not let the index be written.
    """
    with _translate_os_errors(folder), SharedProgress(folder, progress) as shared:
        update = partial(
            _update, root, settings, engine, folder,
            full=full, jobs=jobs, optimize=optimize, wait=wait, progress=shared,
        )  # fmt: skip
        try:
            return update()
        except sqlite3.Error as error:
            from archive.names.discovery.evidence_store import discard_store, is_damage

            if not is_damage(error):
                raise
        discard_store(folder)  # all of it follows from the articles
        return update()


@contextmanager
def _translate_os_errors(folder: Path) -> Iterator[None]:
    """Say what to do where the disk is full, or the index cannot be written for another reason."""
    try:
        yield
    except BrokenPipeError:
        raise  # the caller's own, from where progress is told
    except sqlite3.Error as error:
        raise IndexAccessError(
            f"the names beside the index in {quote_path(folder)} cannot be kept ({error})",
            "free some space or grant permission, and run `archive index`",
        ) from error
    except OSError as error:
        why, remedy = error.strerror or str(error), "free some space or grant permission"
        if (name := error.filename2 or error.filename) and Path(os.fsdecode(name)).parent == folder:
            path = Path(os.fsdecode(name))
            why = f"{quote_path(path.name)}: {why}"
            if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114 (these never raise)
                why, remedy = f"{quote_path(path.name)} is a folder", "move it elsewhere"
        raise IndexAccessError(
            f"the index in {quote_path(folder)} cannot be written ({why})", f"{remedy}, and run `archive index`"
        ) from error


def _update(
    root: Path,
    settings: Settings,
    engine: Engine,
    folder: Path,
    *,
    full: bool,
    jobs: int | None,
    optimize: bool,
    wait: float,
    progress: ProgressCallback,
) -> IndexReport:
    started = time.perf_counter()
    for place in (root, root / CORPUS_DIR):
        remove_unfinished(place)
    with engine.writer(rebuild=full, jobs=jobs, wait=wait) as writer:
        names = load_names(root, links_outside=settings.links_outside)
        # What an interrupted rebuild has written goes by the names of then.
        continues = writer.begin(lambda sources: getattr(_read_table(sources), "names", None) == names.digest)
        table = _read_table(writer.sources) or _table_of(writer)
        analyzer = Analyzer(settings.language)

        def is_known(word: str) -> bool:
            return continues and engine.exists and engine.term_exists(analyzer.term(fold(word)))

        resolver = EntityLinker(
            names,
            detect=settings.detect,
            detected_facets=settings.detected_facets,
            discovered_facets=settings.discovered == "facets",
        )
        cache = SightingCache(folder)
        judge = SightingJudge(settings.language, settings.judge_seconds, cache=cache, reviews=load_reviews(root))
        with (
            _rare_collections(),
            WorkerPool(jobs) as workers,
            discovery_of(root, settings, folder, names, workers) as discovery,
        ):
            out = SourceWriter(writer, table)
            relinker = Relinker(out, settings, names, resolver, judge, workers, discovery)
            to_link: list[str] = []
            if not continues:
                table.mark_all_unindexed()
                if discovery is not None:
                    discovery.clear()
            else:
                if discovery is not None and not discovery.belongs_to(writer.generation):
                    to_link = discovery.synchronize((article, entry.digest) for article, entry in engine.documents())
                if (table.names, table.sightings) != (names.digest, judge.version):
                    relinker.relink_names(engine.documents())
                elif table.reviews != judge.reviews.digest:
                    relinker.relink_names(engine.documents(), only_reviewed=True)
            table.names, table.sightings, table.reviews = names.digest, judge.version, judge.reviews.digest
            found = scan(root / CORPUS_DIR, root, links_outside=settings.links_outside, ignore=settings.ignore)
            relinked = relinker.relinked
            run = _Run(
                out, settings, names, resolver, judge, relinked, progress, started, jobs, is_known, workers, discovery
            )
            report = run.execute(found, rebuild=not continues)
            relinker.take_in_judged(engine, analyzer)
            if discovery is not None:
                relinker.link_again(engine, sorted({*to_link, *discovery.settle()}))
                discovery.commit(writer.generation)
            if optimize:
                writer.optimize()
            _write_rejected(folder / _REJECTED, table)
            return replace(report, seconds=time.perf_counter() - started)


def _read_table(sources: bytes | None) -> SourceTable | None:
    """A table of sources; None where it is lost or cannot be read."""
    try:
        return None if sources is None else SourceTable.load(sources)
    except IndexDamagedError:
        return None


def _table_of(writer: Writer) -> SourceTable:
    table = SourceTable()
    table.rebuild_from_index(writer.entries())
    return table


def _write_rejected(path: Path, table: SourceTable) -> None:
    """Write the file of the articles that the engine did not take, or remove it where there are none."""
    if not table.rejected:
        path.unlink(missing_ok=True)
        return
    rows = sorted((each.path, each.line, each.id) for each in table.rejected.values())
    said = ({"id": id_, "path": path_, "line": line} for path_, line, id_ in rows)
    with create_file(path) as file:
        file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n".encode() for line in said)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Have the garbage collector look less often: articles come by the thousand, and hold no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _COLLECT_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Waiting(NamedTuple):
    """An article that was read: its digest, the id it asked for, whether it replaces one, its file's problems."""

    article: Article
    digest: str
    base: str
    replaces: bool
    problems: list[Problem]


@dataclass
class _Run:
    out: SourceWriter
    settings: Settings
    names: Names
    resolver: EntityLinker
    judge: SightingJudge
    relinked: set[str]
    progress: ProgressCallback
    started: float
    jobs: int | None
    is_known: Callable[[str], bool]
    workers: WorkerPool
    discovery: IncrementalDiscovery | None = None
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    read_bytes: int = 0
    total_bytes: int = 0
    _waiting: list[_Waiting] = field(default_factory=list)
    _waiting_characters: int = 0
    _articles_in_batch: int = 0
    _characters_in_batch: int = 0
    _bytes_in_file: int = 0
    _dirty: bool = False
    _ids: ArticleIds = field(init=False)
    _judging: JudgingQueue[_Waiting] = field(init=False)
    _photos: dict[str, Source] = field(default_factory=dict)

    def execute(self, found: Scan, *, rebuild: bool) -> IndexReport:
        changed, vanished, self.unchanged = changes(found, self.out.table)
        known = set(self.out.table.sources)
        self._ids = ArticleIds(self.out.writer, self.out.table, vanished)
        self._judging = JudgingQueue(self.judge, self.workers)
        self._dirty = rebuild
        self._photos = {source.path: source for source in found.sources if source.format == PHOTO}
        broken = find_words_to_join(
            changed, found.sources, self.out.table, self.settings.max_article_bytes, self.is_known
        )
        changed += broken.again
        self.unchanged -= sum(self.out.table.sources[each.source.path].articles for each in broken.again)
        self.total_bytes = sum(source.size for source, *_ in changed) or 1
        self._read_all([each for each in changed if each.source.path not in self._photos], known, broken)
        self._read_all(self._photos_to_read(changed), known)
        for entry in self._ids.vanished.left():
            self._remove(entry)
        for path in vanished:
            del self.out.table.sources[path]
        if self._dirty:
            self.out.flush()
            self.out.commit(final=True)
        elif (table := self.out.table.dump()) != self.out.writer.sources:
            self.out.writer.write_sources(table)
        of_names, of_reviews = self.names.problems, self.judge.reviews.problems
        problems = sorted([*self.out.table.problems(), *found.problems, *of_names, *of_reviews])
        return IndexReport(
            max(0, self.added - self.out.rejected),
            self.updated + len(self.relinked),
            self.unchanged - len(self.relinked),
            self.removed,
            tuple(each for each in problems if not each.taken),
            dict(sorted(found.skipped.items())),
            warnings=tuple(each for each in problems if each.taken),
        )

    def _read_all(
        self, changed: Sequence[Changed], known: Collection[str], broken: WordsToJoin = NO_WORDS_TO_JOIN
    ) -> None:
        """Read files, of which some were known before."""
        if not changed:
            return
        sources = [each.source for each in changed]
        options = replace(ReadOptions.of(self.settings), whole_words=broken.whole)
        with Readers(sources, options, self._readers()) as readers:
            for group in _groups(changed):
                before: dict[str, list[IndexedRef]] = {}
                for entry in self._ids.articles_of([path for each in group if (path := each.source.path) in known]):
                    before.setdefault(entry.path, []).append(entry)
                for each in group:
                    self._read(each, before.pop(each.source.path, []), readers)
                    self.out.table.sources[each.source.path].broken = broken.left(each.source.path)
        self._write_waiting()
        self._add(self._judging.finish())

    def _readers(self) -> int:
        """How many processes read files, beside this one and the one that makes the index."""
        if self.jobs is not None:
            return self.jobs - 2
        return core_count() - 2 if self.total_bytes >= WORTH_A_READER else 0

    def _photos_to_read(self, changed: Sequence[Changed]) -> list[Changed]:
        """The photographs to be read as articles, once all texts are: those that are part of none.

        The articles of those that have become part of a text are removed.
        """
        shown = {path for state in self.out.table.sources.values() for path in state.pictures}
        by_path = {each.source.path: each for each in changed if each.source.path in self._photos}
        now = time.time_ns()
        to_read: list[Changed] = []
        for path, source in self._photos.items():
            state = self.out.table.sources.get(path)
            is_read = state is not None and (state.articles > 0 or bool(state.problems))
            if path not in shown:
                if path in by_path or not is_read:
                    to_read.append(by_path.get(path) or to_be_read(source, now))
            elif is_read or path in by_path:
                self.unchanged -= state.articles if state is not None and path not in by_path else 0
                self._make_part(by_path.get(path) or to_be_read(source, now))
        return to_read

    def _make_part(self, photo: Changed) -> None:
        """Remove the articles of a photograph that is part of a text, and note that it needs no reading."""
        path = photo.source.path
        entries = self._ids.articles_of([path])
        state = self.out.table.begin(path)
        for entry in entries:
            self._remove(entry)
        state.stamp, state.digest, state.retry = photo.stamp, photo.digest, not photo.digest

    def _read(self, changed: Changed, before: Sequence[IndexedRef], readers: Readers) -> None:
        source = changed.source
        state = self.out.table.begin(source.path)
        self._ids.begin_file(source.path, before)
        retry = False
        for item in readers.read(source, self._progress):
            if not isinstance(item, Problem):
                self._note_pictures(item[0], state)
            problem = item if isinstance(item, Problem) else self._index_article(*item, source)
            retry = retry or (problem is not None and problem is not item)
            if problem is not None:
                state.problems.append(problem)
        for entry in self._ids.end_file():
            self._remove(entry)
        if not changed_since(source):  # or what was read may be neither the file before nor the one after
            state.stamp, state.digest = changed.stamp, changed.digest
        # A file that could not be opened, or whose article found its id taken, is tried again.
        state.retry = retry or not state.digest or source.path in self.out.rejected_in
        self.read_bytes += source.size
        self._progress(0)

    def _note_pictures(self, article: Article, state: SourceState) -> None:
        """Note which photographs an article names, to know when it is to be read again."""
        for path in article.pictures:
            if path != article.path:
                photo = self._photos.get(path)
                state.pictures[path] = photo.stamp if photo else ""

    def _progress(self, in_file: int) -> None:
        """Note how far into the present file the reading has come, and say so."""
        self._bytes_in_file = in_file
        done = self.added + self.updated + self.unchanged
        fraction = (self.read_bytes + self._bytes_in_file) / self.total_bytes
        self.progress(Progress(done, min(1.0, fraction), time.perf_counter() - self.started))

    def _index_article(self, article: Article, content: str, source: Source) -> Problem | None:
        """Give an article its id and write it if it is not there already."""
        base = article.id
        previous = self._ids.previous(base, content)
        if previous:
            article_id = previous.id
        elif (owner := self._ids.owner(base)) is None:
            article_id = base
        elif "id" in article.inferred:
            article_id = self._ids.unused(base)
        elif entry := self._ids.vanished.drop(base):  # one whose file is gone makes way
            self._remove(entry)
            article_id = base
        else:
            what = f"the id {base!r} is already that of the article at {quote_path(owner[0])}:{owner[1]}"
            remedy = "give one of them another id; capitals, spaces, '/' and '_' in an id make no difference"
            return Problem(article.path, article.line, what, remedy)
        self._ids.take(article_id, source.path, article.line)
        if previous and previous.indexed:
            if (previous.digest, previous.path, previous.line) == (content, source.path, article.line):
                self.unchanged += 1
                return None
            self.out.table.sources[previous.path].articles -= 1
        self._count(previous, content, source.path)
        self.out.table.sources[source.path].articles += 1
        article = article if article.id == article_id else replace(article, id=article_id)
        problems = self.out.table.sources[source.path].problems
        read = _Waiting(article, content, base, bool(previous and previous.indexed), problems)
        if self.discovery is None or not self.discovery.take(article, content):
            self._write(read, self.resolver.resolve(article, problems.append))
        else:
            self._waiting.append(read)
            self._waiting_characters += len(article.body)
            if len(self._waiting) >= _WAITING_ARTICLES or self._waiting_characters >= _WAITING_CHARACTERS:
                self._write_waiting()
        self._end_batch()
        return None

    def _write_waiting(self) -> None:
        """Write the articles that wait for what their names are."""
        waiting, self._waiting, self._waiting_characters = self._waiting, [], 0
        if waiting and self.discovery is not None:
            from archive.names.discovery.lot_linker import LotLinker

            self.discovery.decide_for_now()
            asked = ((each.article, self.discovery.names_of(each.article)) for each in waiting)
            linker = LotLinker(self.resolver, self.workers)
            for each, (article, linked) in zip(waiting, linker.linked(asked), strict=True):
                self._write(each, with_names(article, linked, each.problems.append))
            self.discovery.end_of_lot()

    def _write(self, read: _Waiting, article: Article) -> None:
        """Write an article that was read, by now with its names; it may have to wait until it is judged."""
        if article.mentions and not is_looked_through(article):
            read.problems.append(not_looked_through(article))
        self._written(len(article.body))
        self._add(self._judging.put(read, article))

    def _add(self, judged: Iterable[tuple[_Waiting, Article]]) -> None:
        for read, article in judged:
            self.out.writer.add_document(article, read.digest, read.base, replaces=read.replaces)

    def _count(self, previous: IndexedRef | None, content: str, path: str) -> None:
        if previous is None:
            self.added += 1
        elif previous.digest == content and previous.path == path:
            self.unchanged += 1
        else:
            self.updated += 1
            self.relinked.discard(previous.id)

    def _remove(self, entry: IndexedRef) -> None:
        if self.discovery is not None:
            self.discovery.remove(entry.id)
        if entry.indexed:
            self.out.writer.delete(entry.id)
            self.out.table.sources[entry.path].articles -= 1
        self._ids.release(entry.id)
        self.relinked.discard(entry.id)
        self.removed += 1
        self._written(0)
        self._end_batch()

    def _written(self, characters: int) -> None:
        self._dirty = True
        self._articles_in_batch += 1
        self._characters_in_batch += characters

    def _end_batch(self) -> None:
        """Keep what has been written where that is enough for a generation."""
        articles = self._articles_in_batch + len(self._waiting)
        characters = self._characters_in_batch + self._waiting_characters
        if articles >= _BATCH_ARTICLES or characters >= _BATCH_CHARACTERS:
            self._write_waiting()
            self._add(self._judging.finish())
            self.out.flush()
            self.out.commit(final=False)
            self._articles_in_batch = self._characters_in_batch = 0


def _groups(changed: Sequence[Changed]) -> Iterator[list[Changed]]:
    """Files in their order, by the lots for which the index is asked at once."""
    group: list[Changed] = []
    size = 0
    for each in changed:
        group.append(each)
        size += each.source.size
        if len(group) == _FILES_TOGETHER or size >= _BYTES_TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group
