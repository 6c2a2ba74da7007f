"""Writing the index: articles into segments, segments into generations.

A batch becomes one segment, written whole before anything names it. Segments are merged
when eight of about the same size have gathered, so that their number grows with the
logarithm of the archive's size.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from archive.analysis import Analyzer
from archive.article import Article
from archive.engine.base import Refusal
from archive.engine.whoosh.codec.building import SegmentBuilder
from archive.engine.whoosh.codec.merging import make_parts, merge
from archive.engine.whoosh.codec.sections import SectionWriter
from archive.engine.whoosh.codec.segment import SegmentFile
from archive.engine.whoosh.generations import (
    LOCK,
    Generation,
    Listed,
    highest_number,
    read_generation,
    remove_unnamed,
    write_generation,
)
from archive.engine.whoosh.schema import index_fields, make_schema
from archive.errors import IndexLockedError, IndexUnusableError
from archive.fields import Fields

#: Memory that a batch may take before it is written as a segment.
BUDGET_BYTES = 600 * 1024 * 1024
#: So many segments of about the same size become one …
_MERGED_TOGETHER = 8
#: … unless the result would be larger than this: merging needs some ten times as much memory.
_LARGEST_MERGED_BYTES = 128 * 1024 * 1024


class WhooshWriter:
    """The one writer of an index; see `archive.engine.base.Writer`."""

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, settings: str, *, rebuild: bool) -> None:
        self._folder, self._fields, self._analyzer, self._settings = folder, fields, analyzer, settings
        self._index_fields = index_fields(fields)
        self._rebuild = rebuild
        self._lock: Any = None
        self._builder = SegmentBuilder(self._index_fields, analyzer)
        self._deleted: set[str] = set()
        self._segments: tuple[Listed, ...] = ()
        self._number = 0

    def __enter__(self) -> Self:
        from whoosh.filedb.filestore import FileStorage

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self._folder)).lock(LOCK)
        if not lock.acquire():
            raise IndexLockedError("another `archive index` is writing this index; wait until it has finished")
        self._lock = lock
        try:
            held = read_generation(self._folder)
        except IndexUnusableError:
            held = None
        self._number = max(held.number if held else 0, highest_number(self._folder))
        if held and not self._rebuild:
            self._segments = held.segments
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            if kind is not None and (held := read_generation(self._folder)):
                remove_unnamed(self._folder, held)
            self._lock.release()
            self._lock = None

    def continues(self, generation: int) -> bool:
        return not self._rebuild and self._number == generation

    @property
    def generation(self) -> int:
        return self._number

    def put(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        if replaces:
            self.delete(article.id)
        self._builder.add(article, digest, base)
        if self._builder.bytes > BUDGET_BYTES:
            self._flush()

    def delete(self, article_id: str) -> None:
        self._deleted.add(article_id)

    def commit(self, *, final: bool) -> None:
        self._flush()
        if final:
            self._segments = self._merged(self._segments)
        self._publish()

    def refused(self) -> tuple[Refusal, ...]:
        return ()

    def optimize(self) -> None:
        """Make one segment of all."""
        if len(self._segments) > 1 or any(each.deleted for each in self._segments):
            self._segments = (self._merge(self._segments),)
            self._publish()

    def _publish(self) -> None:
        self._number += 1
        schema = make_schema(self._fields, self._analyzer)
        write_generation(self._folder, Generation(self._number, self._settings, self._segments), schema)

    # -- segments ----------------------------------------------------------------------

    def _flush(self) -> None:
        """Apply the deletions to the segments there are, and write the batch as one more."""
        if self._deleted:
            self._segments = tuple(self._without_deleted(each) for each in self._segments)
            self._deleted.clear()
        if len(self._builder):
            builder, self._builder = self._builder, SegmentBuilder(self._index_fields, self._analyzer)
            new = Listed(secrets.token_hex(8), len(builder))
            with (self._folder / new.filename).open("wb") as file:
                builder.write(SectionWriter(file))
            self._segments = (*self._segments, new)

    def _without_deleted(self, listed: Listed) -> Listed:
        field = SegmentFile(self._folder / listed.filename).field("id")
        if field is None:
            return listed
        numbers = (field.find(article_id.encode()) for article_id in self._deleted)
        docs = frozenset(int(field.docs(number)[0]) for number in numbers if number is not None)
        return listed.without(docs) if docs - listed.deleted else listed

    def _merged(self, segments: tuple[Listed, ...]) -> tuple[Listed, ...]:
        """The segments after merging those whose number or deletions call for it."""
        kept = tuple(each for each in segments if len(each.deleted) < each.documents)
        while chosen := self._to_merge(kept):
            kept = (*(each for each in kept if each not in chosen), self._merge(chosen))
        return kept

    def _to_merge(self, segments: Sequence[Listed]) -> list[Listed]:
        for each in segments:
            if len(each.deleted) * 3 > each.documents and self._size([each]) <= _LARGEST_MERGED_BYTES:
                return [each]
        levels: dict[int, list[Listed]] = {}
        for each in segments:
            levels.setdefault(int(math.log(max(each.documents, 8), _MERGED_TOGETHER)), []).append(each)
        for _, alike in sorted(levels.items()):
            if len(alike) >= _MERGED_TOGETHER and self._size(alike) <= _LARGEST_MERGED_BYTES:
                return alike
        return []

    def _size(self, segments: Sequence[Listed]) -> int:
        return sum((self._folder / each.filename).stat().st_size for each in segments)

    def _merge(self, segments: Sequence[Listed]) -> Listed:
        opened = []
        for each in segments:
            kept = np.ones(each.documents, np.bool_)
            kept[list(each.deleted)] = False
            opened.append((SegmentFile(self._folder / each.filename), kept))
        name = secrets.token_hex(8)
        with (self._folder / Listed(name, 0).filename).open("wb") as file:
            documents = merge(make_parts(opened), self._index_fields, SectionWriter(file))
        return Listed(name, documents)
