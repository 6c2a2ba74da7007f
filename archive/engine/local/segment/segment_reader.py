"""A segment: some documents with all that is indexed and stored of them, on one mapped file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.doc_store import DocStore
from archive.engine.local.segment.file import SegmentFileReader
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader

#: The value of a number column where a document has none.
NO_NUMBER = -1


class DocValues:
    """The values of one field by document: the numbers of its terms, one document after the other.

    Where a document begins is not written if every document has exactly one value.
    """

    def __init__(self, file: SegmentFileReader, name: str) -> None:
        starts = f"{name}/column_at"
        self._at: NDArray[Any] | None = file.array(starts) if starts in file else None
        self.ordinals: NDArray[Any] = file.array(f"{name}/column")

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """How many values each document has."""
        return np.ones(len(self.ordinals), np.uint8) if self._at is None else np.diff(self._at)

    def of(self, doc: int) -> NDArray[Any]:
        """The numbers of the values of a document, in the order given."""
        first, last = (doc, doc + 1) if self._at is None else (int(self._at[doc]), int(self._at[doc + 1]))
        return self.ordinals[first:last]

    def among(self, docs: Ints) -> NDArray[Any]:
        """The numbers of the values of all `docs` (ascending), one after the other."""
        if self._at is None:
            return self.ordinals.take(docs)
        starts = self._at.take(docs).astype(np.int64)
        counts = self.lengths.take(docs).astype(np.int64)
        places = np.repeat(starts - (np.cumsum(counts) - counts), counts)
        places += np.arange(len(places))
        return self.ordinals.take(places)


class SegmentReader:
    """The parts of a segment, each opened when it is first used."""

    def __init__(self, path: Path, size: int = 0, digest: str = "") -> None:
        self.file = SegmentFileReader(path, size, digest)
        self.doc_count: int = self.file.about["documents"]
        self._fields: dict[str, FieldReader] = {}
        self._columns: dict[str, DocValues] = {}

    @property
    def field_names(self) -> list[str]:
        """The inverted fields."""
        return list(self.file.about["fields"])

    def field(self, name: str) -> FieldReader | None:
        """An inverted field, or None where no document has it."""
        if name not in self._fields:
            if name not in self.file.about["fields"]:
                return None
            self._fields[name] = FieldReader(self.file, name)
        return self._fields[name]

    def column(self, name: str) -> DocValues | None:
        """The values of a field by document."""
        if name not in self._columns:
            if f"{name}/column" not in self.file:
                return None
            self._columns[name] = DocValues(self.file, name)
        return self._columns[name]

    def numbers(self, name: str) -> NDArray[Any] | None:
        """A number a document, NO_NUMBER where it has none."""
        section = f"{name}/number"
        return self.file.array(section) if section in self.file else None

    def field_length(self, name: str) -> int:
        """How many terms all documents have in a field, exactly."""
        return int(self.file.about["lengths"].get(name, 0))

    @cached_property
    def stored(self) -> DocStore:
        """What is stored of each document."""
        return DocStore(self.file)
