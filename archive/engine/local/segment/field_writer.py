"""The parts of a segment as they are written, whether articles or other segments were their source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.file import SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints, smallest, starts_of
from archive.engine.local.segment.postings import PostingsData, PostingsWriter
from archive.engine.local.segment.segment_reader import NO_NUMBER


class SegmentFieldWriter:
    """Writes one segment, part by part, and in the end what it says of itself."""

    def __init__(self, out: SegmentFileWriter) -> None:
        self.out = out
        self._names: list[str] = []
        self._lengths: dict[str, int] = {}

    def field(self, name: str, parts: Sequence[PostingsData]) -> None:
        """Write an inverted field, unless it is empty, from one part or from several ranges of its terms."""
        writer = PostingsWriter(self.out, name)
        for part in parts:
            writer.add(part)
        lengths = parts[0].lengths
        self.finish_field(name, writer, lengths, None if lengths is None else int(lengths.sum()))

    def finish_field(self, name: str, writer: PostingsWriter, lengths: Ints | None, length: int | None) -> None:
        """The same with what was given to a writer; `length` is the number of terms of all documents."""
        if length is not None:
            self._lengths[name] = length
        if writer.finish(lengths):
            self._names.append(name)

    def column(self, name: str, counts: Ints, ordinals: NDArray[Any]) -> None:
        """Write the values of a field by document: how many each has, and the numbers of the values."""
        if not (counts == 1).all():
            self.out.add(f"{name}/column_at", smallest(starts_of(counts)))
        self.out.add(f"{name}/column", smallest(ordinals))

    def numbers(self, name: str, numbers: Ints) -> None:
        """Write a column of numbers, and the same as an inverted field for Whoosh's own queries."""
        self.out.add(f"{name}/number", numbers.astype("<i4"))
        docs = np.flatnonzero(numbers != NO_NUMBER)
        distinct, places = np.unique(numbers[docs], return_inverse=True)
        order = np.argsort(places, kind="stable")
        terms = [number_term(int(number)) for number in distinct]
        counts = np.bincount(places, minlength=len(distinct)).astype(np.int64)
        self.field(name, [PostingsData(terms, counts, docs[order])])

    def order(self, name: str, keys: list[str]) -> None:
        """Write the place of every document in the order of its key; the same key is the same place."""
        place = {key: number for number, key in enumerate(sorted(set(keys)))}
        self.out.add(f"{name}/number", np.array([place[key] for key in keys], "<i4"))

    def finish(self, documents: int) -> tuple[int, str]:
        """Write the header; returns the file's size and digest."""
        return self.out.finish({"documents": documents, "fields": sorted(self._names), "lengths": self._lengths})


def number_term(number: int) -> bytes:
    """The term of a number, as Whoosh's NUMERIC fields write it (`whoosh.fields.NUMERIC.to_bytes`)."""
    from whoosh.util.numeric import to_sortable

    sortable: int = to_sortable(int, 32, True, number)
    return b"\0" + sortable.to_bytes(4, "big")
