"""What is stored of each document, in compressed blocks.

Sections: `stored/blocks`, Zstandard frames one after the other; `stored/blocks_at`, where each
begins; `stored/first`, the first document of each; `stored/at`, where each document begins
in its block once that is inflated; `stored/dictionaries`, what blocks are inflated with, one after the
other; `stored/dictionaries_at`, where each begins; `stored/dictionary_first`, the first block of each.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError, train_dictionary

from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter, SpillBuffer
from archive.engine.local.segment.packed_lists import smallest, starts_of

#: A page of hits reads a block each: one of this size is inflated in some 5 µs, and with a dictionary, which has what
#: documents have in common, it is about as small as a large one is without.
_BLOCK_BYTES = 2 * 1024
#: Of blocks without one, as where there are too few documents to make it from.
_PLAIN_BLOCK_BYTES = 32 * 1024
_DICTIONARY_BYTES = 32 * 1024
#: So much is a dictionary made from, and for so much it is used: later documents may be of another kind.
_SAMPLE_BYTES = 512 * 1024
_RENEWED_BYTES = 32 * 1024 * 1024
#: The length of what the training looks at as one, and of the shortest that it counts (Zstandard's k and d).
_TRAINED_ON = {"k": 1024, "d": 8}
_LEVEL = 1
#: Dictionaries that a thread keeps ready.
_READY = 16

#: No dictionary.
_NONE = b""


class StoredBlocks(NamedTuple):
    """The blocks of a segment as they are.

    first         the first document of each
    at            where each document begins in its block
    dictionaries  each with the first block that it is of; empty for blocks without one
    """

    blocks: Iterator[bytes]
    first: list[int]
    at: list[int]
    dictionaries: list[tuple[int, bytes]]


class DocStoreWriter:
    """Collects documents; blocks are compressed as they fill, and gather in a spool."""

    def __init__(self, blocks: SpillBuffer) -> None:
        self._blocks = blocks
        self._sizes = array("Q")
        self._first = array("I")
        self._at = array("I")
        self._open: list[bytes] = []
        self._size = 0
        self._dictionaries: list[tuple[int, bytes]] = []
        # Documents that wait for the next dictionary to be made from them.
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._use(_NONE)
        self._left = 0

    def __len__(self) -> int:
        return len(self._at) + len(self._waiting)

    @property
    def held_bytes(self) -> int:
        """The bytes of memory that it takes."""
        return self._blocks.in_memory + self._waiting_bytes + 4 * len(self._at) + 12 * len(self._sizes)

    def add(self, record: bytes) -> None:
        """Add the next document."""
        if self._left > 0:
            self._left -= len(record)
            self._put(record)
            return
        self._waiting.append(record)
        self._waiting_bytes += len(record)
        if self._waiting_bytes >= _SAMPLE_BYTES:
            self._close_block()
            self._use(_dictionary_of(self._waiting))
            self._left = _RENEWED_BYTES
            self._put_waiting()

    def _put_waiting(self) -> None:
        for record in self._waiting:
            self._put(record)
        self._waiting, self._waiting_bytes = [], 0

    def _use(self, dictionary: bytes) -> None:
        self._dictionary = dictionary
        self._block_bytes = _BLOCK_BYTES if dictionary else _PLAIN_BLOCK_BYTES
        held = ZstdCompressionDict(dictionary) if dictionary else None
        if held is not None:
            held.precompute_compress(level=_LEVEL)
        self._compressor = ZstdCompressor(level=_LEVEL, dict_data=held, write_dict_id=False)

    def _put(self, record: bytes) -> None:
        if not self._open:
            self._first.append(len(self._at))
        self._at.append(self._size)
        self._open.append(record)
        self._size += len(record)
        if self._size >= self._block_bytes:
            self._close_block()

    def add_all(self, stored: StoredBlocks) -> None:
        """Add the documents of another segment, with their blocks as they are."""
        self._put_waiting()
        self._close_block()
        base, first_block = len(self._at), len(self._sizes)
        for number, dictionary in stored.dictionaries:
            self._begin(first_block + number, dictionary)
        for block in stored.blocks:
            self._write(block)
        self._first.extend(base + number for number in stored.first)
        self._at.extend(stored.at)

    def _begin(self, block: int, dictionary: bytes) -> None:
        """Have a dictionary used from a block on."""
        if not self._dictionaries or self._dictionaries[-1][1] != dictionary:
            self._dictionaries.append((block, dictionary))

    def _close_block(self) -> None:
        if self._open:
            self._begin(len(self._sizes), self._dictionary)
            self._write(self._compressor.compress(b"".join(self._open)))
            self._open, self._size = [], 0

    def _write(self, block: bytes) -> None:
        self._blocks.write(block)
        self._sizes.append(len(block))

    def write(self, out: SegmentFileWriter) -> None:
        """Write the sections."""
        self._put_waiting()
        self._close_block()
        out.add_all("stored/blocks", self._blocks, "|u1")
        out.add("stored/blocks_at", smallest(starts_of(np.frombuffer(self._sizes, np.uint64))), sparse=True)
        out.add("stored/first", smallest(np.frombuffer(self._first, np.uint32)), sparse=True)
        out.add("stored/at", smallest(np.frombuffer(self._at, np.uint32)), sparse=True)
        dictionaries = [dictionary for _, dictionary in self._dictionaries]
        out.add("stored/dictionaries", b"".join(dictionaries))
        out.add("stored/dictionaries_at", smallest(starts_of(np.array([*map(len, dictionaries)], np.uint64))))
        out.add("stored/dictionary_first", smallest(np.array([first for first, _ in self._dictionaries], np.uint64)))


def _dictionary_of(records: Sequence[bytes]) -> bytes:
    """What some documents have in common; none where they are too few, or too much alike."""
    try:
        return train_dictionary(_DICTIONARY_BYTES, list(records), level=_LEVEL, **_TRAINED_ON).as_bytes()
    except ZstdError:
        return _NONE


class DocStore:
    """Reads documents; the block read last is kept, as neighbours are often wanted together."""

    def __init__(self, file: SegmentFileReader) -> None:
        self._blocks = file.pages("stored/blocks")
        self._blocks_at = file.pages("stored/blocks_at")
        self._first = file.pages("stored/first")
        self._at = file.pages("stored/at")
        self._dictionaries = file.pages("stored/dictionaries")
        self._dictionaries_at: list[int] = file.array("stored/dictionaries_at").tolist()
        self._dictionary_first: list[int] = file.array("stored/dictionary_first").tolist()
        self._last: tuple[int, bytes] = (-1, b"")
        self._of_thread = threading.local()

    def __getitem__(self, doc: int) -> bytes:
        number = self._first.last_not_above(doc)
        held, block = self._last  # one value, replaced whole: threads may share it
        if held != number:
            frame = self._blocks.bytes(*self._blocks_at.pair(number))
            block = self._decompressor(bisect_right(self._dictionary_first, number) - 1).decompress(frame)
            self._last = (number, block)
        start, end = self._at.pair(doc) if doc + 1 < len(self._at) else (self._at[doc], 0)
        # The first document of the next block begins at 0.
        return block[start : end if end > start else None]

    def _decompressor(self, number: int) -> ZstdDecompressor:
        """The one of this thread for a dictionary: threads must not share one, and to make one takes a while."""
        ready: dict[int, ZstdDecompressor] | None = getattr(self._of_thread, "ready", None)
        if ready is None:
            ready = self._of_thread.ready = {}
        found = ready.get(number)
        if found is None:
            if len(ready) >= _READY:
                ready.clear()
            dictionary = self._dictionary(number)
            found = ZstdDecompressor(dict_data=ZstdCompressionDict(dictionary) if dictionary else None)
            ready[number] = found
        return found

    def _dictionary(self, number: int) -> bytes:
        return self._dictionaries.bytes(self._dictionaries_at[number], self._dictionaries_at[number + 1])

    def __iter__(self) -> Iterator[bytes]:
        return (self[doc] for doc in range(len(self._at)))

    def raw(self) -> StoredBlocks:
        """The blocks as they are."""
        ends, first, at = (each.part(0, len(each)).tolist() for each in (self._blocks_at, self._first, self._at))
        blocks = (self._blocks.bytes(start, end) for start, end in pairwise(ends))
        dictionaries = list(map(self._dictionary, range(len(self._dictionary_first))))
        return StoredBlocks(blocks, first, at, list(zip(self._dictionary_first, dictionaries, strict=True)))
