"""Writing the index: articles into segments, segments into generations.

A batch becomes one segment or several, written whole before anything names them. Merge policy: segments
are merged when eight of about the same size have gathered, so that their number grows with the
logarithm of the archive's size. What one run has written is brought into at most four segments when it ends, unless
they would be larger than `_LARGEST_GATHERED_BYTES`: that rewrites it once, in some eighth of the time of building it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from whoosh import query as wq

from archive.engine.local.docsets import ScoredDocs
from archive.engine.local.index_reader import IndexReader, open_segment
from archive.engine.local.manifest import (
    NAME,
    IndexMeta,
    SegmentMeta,
    check_owner,
    digest_of,
    garbage_collect,
    max_generation,
    read_generation,
    write_contents,
    write_manifest,
)
from archive.engine.local.segment.file import damage_mark
from archive.engine.local.segment.merger import merge, merge_inputs
from archive.engine.local.segment_writer import (
    AdaptiveSegmentWriter,
    LocalSegmentWriter,
    ProcessSegmentWriter,
    SegmentWriter,
    write_segment,
)
from archive.engine.local.write_lock import WriterLock
from archive.engine.protocol import IndexedRef, RejectedDocument
from archive.engine.schema import index_fields
from archive.engine.sources_file import SourcesFile, write_sources_file
from archive.errors import IndexDamagedError, IndexUnusableError
from archive.model.article import Article
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer
from archive.util.atomic_files import fsync_path
from archive.util.worker_process import core_count


class Interop(Protocol):
    """What `archive.engine.whoosh_compat` does for the engine; given to it by the factory."""

    def write_toc(self, folder: Path, generation: IndexMeta) -> None:
        """Write what Whoosh finds the segments of a generation by, before that is published."""

    def run_query(self, folder: Path, generation: IndexMeta, segment: int, q: wq.Query) -> ScoredDocs:
        """The documents of a segment, by its number, that Whoosh's own matchers find, and their scores."""


#: So many segments of about the same size become one …
_MERGED_TOGETHER = 8
#: … unless the result would be larger than this: that takes some ten seconds, which nobody who adds an article
#: shall wait for. `optimize` merges all.
_LARGEST_MERGED_BYTES = 128 * 1024 * 1024
#: A run that has written more segments leaves so many, none of more than so many bytes: those of six million articles.
_MOST_WRITTEN, _LARGEST_GATHERED_BYTES = 4, 2 * 1024 * 1024 * 1024


def _damaged(what: str) -> IndexDamagedError:
    return IndexDamagedError(what, "run `archive index --full`")


class WhooshWriter:
    """The one writer of an index; see `archive.engine.protocol.Writer`."""

    def __init__(
        self,
        folder: Path,
        fields: Fields,
        analyzer: Analyzer,
        settings: str,
        whoosh: Interop,
        *,
        rebuild: bool,
        jobs: int | None,
        wait: float,
    ) -> None:
        self._whoosh = whoosh
        self._folder, self._fields, self._analyzer, self._settings = folder, fields, analyzer, settings
        self._index_fields = index_fields(fields)
        self._rebuild = rebuild
        self._lock = WriterLock(folder, wait)
        self._jobs = jobs
        self._segmenter: SegmentWriter | None = None
        self._deleted: set[str] = set()
        self._segments: tuple[SegmentMeta, ...] = ()
        self._written: set[str] = set()
        self._begun = False
        #: The generation that readers have, and the highest that any file speaks of.
        self._published: IndexMeta | None = None
        self._number = -1
        self._previous: IndexReader | None = None

    def __enter__(self) -> Self:
        check_owner(self._folder)
        try:
            self._folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:  # perhaps since a moment ago: other processes may begin an index as well
            if not self._folder.is_dir():
                raise
        else:
            fsync_path(self._folder.parent)
        self._lock.__enter__()
        return self

    def begin(self, resumes: Callable[[bytes], bool] | None = None) -> bool:
        assert not self._begun, "begin() may be called once"
        self._begun = True
        try:
            held = read_generation(self._folder)
        except IndexUnusableError:
            held = None
        self._rebuild = self._rebuild or held is None or held.settings != self._settings
        self._published = held
        self._number = max(held.number if held else 0, max_generation(self._folder))
        if held:
            garbage_collect(self._folder, held)  # what a run that was cut short left behind
            self._previous = self._salvaged(held) if self._rebuild else self._opened(held)
        return not self._rebuild

    def _opened(self, held: IndexMeta) -> IndexReader:
        """The generation that is written on; raises IndexDamagedError where it is lost, cut off or known to be damaged.

        Only sizes and headers are looked at; bytes of which nobody knows yet are for `Engine.verify`.
        """
        try:
            before = IndexReader(self._folder, held)
        except FileNotFoundError as error:
            raise _damaged(f"the index lacks the file {Path(error.filename).name}") from None
        for each in held.segments:
            if damage_mark(self._folder / each.filename).exists():
                raise _damaged(f"{each.filename} was found to be damaged")
        if digest_of(self._folder / held.toc_file) != held.toc_digest:
            raise _damaged(f"{held.toc_file}, by which other programs read the index, is damaged or missing")
        self._segments = held.segments
        return before

    def _salvaged(self, held: IndexMeta) -> IndexReader:
        """What can be opened of the generation that is replaced."""
        whole = []
        for each in held.segments:
            with suppress(OSError, IndexUnusableError):
                open_segment(self._folder, each)
                whole.append(each)
        return IndexReader(self._folder, held._replace(segments=tuple(whole)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._segmenter is not None:
            self._segmenter.close()
        try:
            if kind is not None:
                with suppress(OSError, IndexUnusableError):  # what stopped this says more
                    garbage_collect(self._folder, read_generation(self._folder))
        finally:
            self._lock.__exit__(kind, error, trace)

    @property
    def generation(self) -> int:
        return self._published.number if self._published else -1

    @property
    def sources(self) -> bytes | None:
        held = self._published and self._published.sources
        return held.read(self._folder) if held else None

    # -- the articles that there were --------------------------------------------------

    def articles_of(self, paths: Sequence[str]) -> Iterator[IndexedRef]:
        if (before := self._previous) is not None:
            docs = (doc for path in paths for doc in before.docs_with_any("path", path.encode()))
            yield from self._readable(map(before.entry, docs))

    def article(self, article_id: str) -> IndexedRef | None:
        if (before := self._previous) is None:
            return None
        docs = before.docs_with_any("id", article_id.encode())
        return next(self._readable(map(before.entry, docs)), None)

    def entries(self) -> Iterator[IndexedRef]:
        return iter(()) if self._previous is None else self._readable(self._previous.entries())

    def _readable(self, entries: Iterator[IndexedRef]) -> Iterator[IndexedRef]:
        """Entries, for a rebuild as far as they can be read: it may be there to mend the index."""
        if not self._rebuild:
            yield from entries
            return
        with suppress(Exception):  # damage may cause any
            for entry in entries:
                yield entry._replace(indexed=False)

    # -- writing -----------------------------------------------------------------------

    def add_document(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        assert self._begun, "begin() comes first"
        if replaces:
            self.delete(article.id)
        if self._segmenter is None:
            threads = core_count() if self._jobs is None else self._jobs
            kind = AdaptiveSegmentWriter if self._jobs is None else ProcessSegmentWriter
            make = LocalSegmentWriter if threads == 1 else kind
            self._segmenter = make(self._folder, self._fields, self._analyzer, threads)
        self._segmenter.add((article, digest, base))

    def delete(self, article_id: str) -> None:
        assert self._begun, "begin() comes first"
        self._deleted.add(article_id)

    def flush(self) -> tuple[RejectedDocument, ...]:
        """Apply the deletions to the segments there are, and write the batch as one more."""
        assert self._begun, "begin() comes first"
        if self._deleted:
            self._segments = tuple(self._without_deleted(each) for each in self._segments)
            self._deleted.clear()
        if self._segmenter is not None:
            written = self._segmenter.finish()
            self._written.update(each.filename for each in written)
            self._segments = (*self._segments, *written)
        return ()

    def commit(self, sources: bytes, *, final: bool) -> None:
        """A rebuild takes the place of the index that there is when it is complete, and not before."""
        self.flush()
        if final:
            self._segments = self._merged(self._segments)
        elif self._rebuild and self._previous is not None:
            return
        self._publish(write_sources_file(self._folder, NAME, sources))
        if final and (groups := self._groups_to_gather()):  # everything is safe by now, whatever stops this
            gathered = {group[0].filename: self._merge(group) for group in groups}
            gone = {each.filename for group in groups for each in group[1:]}
            self._segments = tuple(
                gathered.get(each.filename, each) for each in self._segments if each.filename not in gone
            )
            self._written.clear()
            assert self._published is not None
            self._publish(self._published.sources)

    def _groups_to_gather(self) -> list[list[SegmentMeta]]:
        """Of the segments that this run has written, if these are many: neighbours, of which each group becomes one."""
        written = [each for each in self._segments if each.filename in self._written]
        if len(written) <= _MOST_WRITTEN:
            return []
        most = min(_LARGEST_GATHERED_BYTES, self._size(written) / _MOST_WRITTEN)
        groups: list[list[SegmentMeta]] = []
        size = 0.0
        for each in written:
            # A group ends where it is nearer to its share than it would be with the next segment.
            if not groups or size + self._size([each]) / 2 > most * len(groups):
                groups.append([])
            groups[-1].append(each)
            size += self._size([each])
        return [group for group in groups if len(group) > 1]

    def write_sources(self, sources: bytes) -> None:
        assert self._published is not None, "commit() comes first"
        self._published = self._published._replace(sources=write_sources_file(self._folder, NAME, sources))
        write_manifest(self._folder, self._published)

    def optimize(self) -> None:
        """Make one segment of all."""
        assert self._published is not None, "commit() comes first"
        if len(self._segments) > 1 or any(each.deleted for each in self._segments):
            self._segments = (self._merge(self._segments),)
            self._publish(self._published.sources)

    def _publish(self, sources: SourcesFile | None) -> None:
        self._number += 1
        made = IndexMeta(self._number, self._settings, self._segments, sources=sources)
        self._published = write_contents(self._folder, made, self._whoosh.write_toc)
        write_manifest(self._folder, self._published)

    # -- segments ----------------------------------------------------------------------

    def _without_deleted(self, listed: SegmentMeta) -> SegmentMeta:
        field = open_segment(self._folder, listed).field("id")
        if field is None:
            return listed
        numbers = (field.find(article_id.encode()) for article_id in self._deleted)
        docs = frozenset(int(field.docs(number)[0]) for number in numbers if number is not None)
        return listed.without(docs) if docs - listed.deleted else listed

    def _merged(self, segments: tuple[SegmentMeta, ...]) -> tuple[SegmentMeta, ...]:
        """The segments after merging those whose number or deletions call for it."""
        kept = tuple(each for each in segments if len(each.deleted) < each.documents)
        while chosen := self._find_merges(kept):
            kept = (*(each for each in kept if each not in chosen), self._merge(chosen))
        return kept

    def _find_merges(self, segments: Sequence[SegmentMeta]) -> list[SegmentMeta]:
        for each in segments:
            if len(each.deleted) * 3 > each.documents and self._size([each]) <= _LARGEST_MERGED_BYTES:
                return [each]
        levels: dict[int, list[SegmentMeta]] = {}
        for each in segments:
            levels.setdefault(int(math.log(max(each.documents, 8), _MERGED_TOGETHER)), []).append(each)
        for _, alike in sorted(levels.items()):
            if len(alike) >= _MERGED_TOGETHER and self._size(alike) <= _LARGEST_MERGED_BYTES:
                return alike
        return []

    def _size(self, segments: Sequence[SegmentMeta]) -> int:
        return sum((self._folder / each.filename).stat().st_size for each in segments)

    def _merge(self, segments: Sequence[SegmentMeta]) -> SegmentMeta:
        opened = []
        for each in segments:
            kept = np.ones(each.documents, np.bool_)
            kept[list(each.deleted)] = False
            opened.append((open_segment(self._folder, each), kept))
        return write_segment(self._folder, lambda out: merge(merge_inputs(opened), self._index_fields, out))
