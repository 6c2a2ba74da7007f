"""From articles to segments of bounded size, in this process or in one of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from archive.engine.local.manifest import SegmentMeta
from archive.engine.local.segment.builder import SegmentBuilder
from archive.engine.local.segment.file import SegmentFileWriter
from archive.engine.schema import index_fields
from archive.errors import ArchiveError
from archive.model.article import Article
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer
from archive.util.atomic_files import create_file, sync_file
from archive.util.worker_process import Channel, Worker, WorkerDiedError

#: Memory that articles may take before they are written as a segment.
BUDGET_BYTES = 512 * 1024 * 1024
#: Articles go to the other process by so many characters.
_SENT_CHARACTERS = 1 << 17

#: Has glibc keep the memory of large arrays for the next ones: half of the time that a builder spends in the
#: system is otherwise for pages given back and asked for again. All threads share one heap, so that it stays small.
_KEEP_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
    "MALLOC_TOP_PAD_": str(1 << 26),
}

#: A process of its own is begun once there are so many characters to be written: to begin it takes as long.
WORTH_A_PROCESS = 4_000_000

#: An article, the digest of its content, and the id that it asked for.
Document = tuple[Article, str, str]


def write_segment(folder: Path, write: Callable[[SegmentFileWriter], tuple[int, tuple[int, str]]]) -> SegmentMeta:
    """Have a segment written to the end, and onto the disk, under a name that nothing had before.

    `write` returns the number of documents, and what `SegmentFileWriter.finish` returned.
    """
    name = os.urandom(8).hex()
    with create_file(folder / SegmentMeta(name, 0).filename) as file:
        documents, (size, digest) = write(SegmentFileWriter(file))
        sync_file(file)
    return SegmentMeta(name, documents, size=size, digest=digest)


class SegmentWriter(Protocol):
    """Takes documents and writes them as segments."""

    def add(self, document: Document) -> None:
        """Take a document."""

    def finish(self) -> list[SegmentMeta]:
        """Write what is left, and return all segments written since the last time."""

    def close(self) -> None:
        """Drop what was not finished."""


class LocalSegmentWriter:
    """Builds segments in this process, with so many threads."""

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, threads: int = 1) -> None:
        self._folder, self._fields, self._analyzer = folder, index_fields(fields), analyzer
        self._threads = threads
        self._builder = SegmentBuilder(self._fields, analyzer, folder)
        self._written: list[SegmentMeta] = []

    def add(self, document: Document) -> None:
        self._builder.add(*document)
        if self._builder.held_bytes > BUDGET_BYTES:
            self._flush()

    def _flush(self) -> None:
        builder, self._builder = self._builder, SegmentBuilder(self._fields, self._analyzer, self._folder)
        if len(builder):
            self._written.append(
                write_segment(self._folder, lambda out: (len(builder), builder.write(out, self._threads)))
            )

    def finish(self) -> list[SegmentMeta]:
        self._flush()
        written, self._written = self._written, []
        return written

    def close(self) -> None:
        self._builder = SegmentBuilder(self._fields, self._analyzer, self._folder)


class AdaptiveSegmentWriter:
    """Builds segments in this process, or in one of its own once there is enough to write; in so many threads there."""

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, threads: int) -> None:
        self._made_of = folder, fields, analyzer
        self._threads = threads
        self._waiting: list[Document] = []
        self._characters = 0
        self._writer: SegmentWriter | None = None

    def add(self, document: Document) -> None:
        if self._writer is not None:
            self._writer.add(document)
            return
        self._waiting.append(document)
        self._characters += len(document[0].body)
        if self._characters >= WORTH_A_PROCESS:
            self._writer = ProcessSegmentWriter(*self._made_of, self._threads)
            self._hand_over(self._writer)

    def _hand_over(self, writer: SegmentWriter) -> None:
        """Have everything written that has been waiting."""
        waiting, self._waiting, self._characters = self._waiting, [], 0
        for document in waiting:
            writer.add(document)

    def finish(self) -> list[SegmentMeta]:
        if self._writer is not None:
            return self._writer.finish()
        here = LocalSegmentWriter(*self._made_of)
        self._hand_over(here)
        return here.finish()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class ProcessSegmentWriter:
    """Has segments built in a process of its own, while this one reads on."""

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, threads: int) -> None:
        self._child = Worker(__name__, "serve_segments", _KEEP_MEMORY)
        self._batch: list[Document] = []
        self._characters = 0
        self._send((folder, fields.declared, analyzer, threads))

    def add(self, document: Document) -> None:
        self._batch.append(document)
        self._characters += len(document[0].body)
        if self._characters > _SENT_CHARACTERS:
            self._send_batch()

    def _send_batch(self) -> None:
        self._send(self._batch)
        self._batch, self._characters = [], 0

    def finish(self) -> list[SegmentMeta]:
        self._send_batch()
        self._send(None)
        try:
            written: list[SegmentMeta] | OSError = self._child.receive()
        except WorkerDiedError as death:
            raise _died(death) from None
        if isinstance(written, OSError):
            raise written
        return written

    def _send(self, value: object) -> None:
        try:
            self._child.send(value)
        except WorkerDiedError as death:
            raise _died(death) from None

    def close(self) -> None:
        self._child.stop()


def _died(death: WorkerDiedError) -> ArchiveError:
    return ArchiveError(f"the process that builds the index ended {death}", "run `archive index --jobs 1`")


def serve_segments(pipe: Channel) -> None:
    """Receive documents; build segments; send what was written whenever asked, or what prevents it."""
    folder, declared, analyzer, threads = pipe.receive()
    local = LocalSegmentWriter(folder, Fields(declared), analyzer, threads)
    failure: OSError | None = None
    while True:
        batch: Iterable[Document] | None = pipe.receive()
        try:
            if batch is None:
                pipe.send(failure or local.finish())
            elif failure is None:
                for document in batch:
                    local.add(document)
        except BrokenPipeError:
            raise
        except OSError as error:
            failure = error
            if batch is None:
                pipe.send(failure)
