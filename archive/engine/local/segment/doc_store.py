"""What is stored of each document, in compressed blocks.

Sections: `stored/blocks`, Zstandard frames one after the other; `stored/blocks_at`, where each
begins; `stored/first`, the first document of each; `stored/at`, where each document begins
in its block once that is inflated.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from zstandard import ZstdCompressor, ZstdDecompressor

from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter, SpillBuffer
from archive.engine.local.segment.packed_lists import smallest, starts_of

#: Inflating a block of this size takes some 35 µs: a page of hits costs well under a millisecond.
_BLOCK_BYTES = 32 * 1024
_LEVEL = 1


class DocStoreWriter:
    """Collects documents; blocks are compressed as they fill, and gather in a spool."""

    def __init__(self, blocks: SpillBuffer) -> None:
        self._blocks = blocks
        self._compressor = ZstdCompressor(level=_LEVEL)
        self._sizes = array("Q")
        self._first = array("I")
        self._at = array("I")
        self._open: list[bytes] = []
        self._size = 0
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._at)

    def add(self, record: bytes) -> None:
        """Add the next document."""
        if not self._open:
            self._first.append(len(self._at))
        self._at.append(self._size)
        self._open.append(record)
        self._size += len(record)
        if self._size >= _BLOCK_BYTES:
            self._close_block()

    def add_blocks(self, blocks: Iterable[bytes], first: list[int], at: list[int]) -> None:
        """Add the documents of another segment, with their blocks as they are."""
        self._close_block()
        base = len(self._at)
        for block in blocks:
            self._write(block)
        self._first.extend(base + number for number in first)
        self._at.extend(at)

    def _close_block(self) -> None:
        if self._open:
            self._write(self._compressor.compress(b"".join(self._open)))
            self._open, self._size = [], 0

    def _write(self, block: bytes) -> None:
        self._blocks.write(block)
        self._sizes.append(len(block))
        self.bytes += len(block)

    def write(self, out: SegmentFileWriter) -> None:
        """Write the sections."""
        self._close_block()
        out.add_all("stored/blocks", self._blocks, "|u1")
        out.add("stored/blocks_at", smallest(starts_of(np.frombuffer(self._sizes, np.uint64))), sparse=True)
        out.add("stored/first", smallest(np.frombuffer(self._first, np.uint32)), sparse=True)
        out.add("stored/at", smallest(np.frombuffer(self._at, np.uint32)), sparse=True)


_local = threading.local()


def _decompressor() -> ZstdDecompressor:
    """The one of this thread: threads must not share one, and to make one takes as long as to inflate a small block."""
    held: ZstdDecompressor | None = getattr(_local, "decompressor", None)
    if held is None:
        held = _local.decompressor = ZstdDecompressor()
    return held


class DocStore:
    """Reads documents; the block read last is kept, as neighbours are often wanted together."""

    def __init__(self, file: SegmentFileReader) -> None:
        self._blocks = file.pages("stored/blocks")
        self._blocks_at = file.pages("stored/blocks_at")
        self._first = file.pages("stored/first")
        self._at = file.pages("stored/at")
        self._last: tuple[int, bytes] = (-1, b"")

    def __getitem__(self, doc: int) -> bytes:
        number = bisect_right(self._first, doc) - 1
        held, block = self._last  # one value, replaced whole: threads may share it
        if held != number:
            frame = self._blocks.bytes(*self._blocks_at.pair(number))
            block = _decompressor().decompress(frame)
            self._last = (number, block)
        start = self._at[doc]
        end = self._at[doc + 1] if doc + 1 < len(self._at) else 0
        # The first document of the next block begins at 0.
        return block[start : end if end > start else None]

    def __iter__(self) -> Iterator[bytes]:
        return (self[doc] for doc in range(len(self._at)))

    def raw(self) -> tuple[Iterator[bytes], list[int], list[int]]:
        """The blocks as they are, with the first document of each and where documents begin."""
        ends, first, at = (each.part(0, len(each)).tolist() for each in (self._blocks_at, self._first, self._at))
        return (self._blocks.bytes(start, end) for start, end in pairwise(ends)), first, at
