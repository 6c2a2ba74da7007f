"""A segment as a whole, read and written: some documents with all that is indexed and stored of them, in one file.

`SegmentReader` opens the parts when they are first used. `SegmentFieldWriter` writes them, whether articles
(`builder`) or other segments (`merger`) are the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.block_maxima import BlockMaxima, RankedFields, write_block_maxima
from archive.engine.local.segment.doc_store import DocStore
from archive.engine.local.segment.doc_values import MISSING, DocValues, write_doc_values
from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader, PostingsData, PostingsWriter
from archive.engine.local.segment.word_forms import FormsReader, FormVocabulary
from archive.engine.schema import form_source
from archive.model.sighting_columns import TYPES, SightingColumns

#: Before the names of the sections that hold sightings; no field has that name.
_SIGHTINGS = "sightings"


class SegmentReader:
    """The parts of a segment, each opened when it is first used."""

    def __init__(self, path: Path, size: int = 0, digest: str = "") -> None:
        self.file = SegmentFileReader(path, size, digest)
        self.doc_count: int = self.file.metadata["documents"]
        self._fields: dict[str, FieldReader] = {}
        self._forms: dict[str, FormsReader] = {}
        self._columns: dict[str, DocValues] = {}

    @property
    def field_names(self) -> list[str]:
        """The inverted fields."""
        return list(self.file.metadata["fields"])

    def field(self, name: str) -> FieldReader | None:
        """An inverted field, or None where no document has it."""
        if name not in self._fields:
            if name not in self.file.metadata["fields"]:
                return None
            self._fields[name] = FieldReader(self.file, name)
        return self._fields[name]

    def forms(self, name: str) -> FormsReader | None:
        """The words as written of a stemmed field, or None where no document has it."""
        if name not in self._forms:
            field = self.field(name)
            if field is None:
                return None
            self._forms[name] = FormsReader(self.file, field)
        return self._forms[name]

    def searched(self, name: str) -> FieldReader | FormsReader | None:
        """What a query finds under the name of an index field: a field, or the words as written of one."""
        stemmed = form_source(name)
        return self.forms(stemmed) if stemmed else self.field(name)

    def column(self, name: str) -> DocValues | None:
        """The values of a field by document."""
        if name not in self._columns:
            if f"{name}/column" not in self.file:
                return None
            self._columns[name] = DocValues(self.file, name)
        return self._columns[name]

    def numbers(self, name: str) -> NDArray[Any] | None:
        """A number a document, MISSING where it has none."""
        section = f"{name}/number"
        return self.file.array(section) if section in self.file else None

    def field_length(self, name: str) -> int:
        """How many terms all documents have in a field, exactly."""
        return int(self.file.metadata["lengths"].get(form_source(name) or name, 0))

    @cached_property
    def block_maxima(self) -> BlockMaxima | None:
        """The block maxima of its frequent words, if it has any."""
        ranked = RankedFields.of_metadata(self.file.metadata.get("maxima"))
        return None if ranked is None else BlockMaxima(self.file, ranked, self.doc_count)

    @cached_property
    def stored(self) -> DocStore:
        """What is stored of each document."""
        return DocStore(self.file)

    @cached_property
    def sightings(self) -> SightingColumns:
        """The sightings of its documents; a column is read when it is used."""
        return SightingColumns(_SightingSections(self.file))


class _SightingSections(Mapping[str, NDArray[Any]]):
    """The columns of sightings by name, each checked when it is first read."""

    def __init__(self, file: SegmentFileReader) -> None:
        self._file = file

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._file.array(f"{_SIGHTINGS}/{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(TYPES)

    def __len__(self) -> int:
        return len(TYPES)


class SegmentFieldWriter:
    """Writes one segment, part by part, and in the end what it says of itself."""

    def __init__(self, out: SegmentFileWriter) -> None:
        self.out = out
        self._names: list[str] = []
        self._lengths: dict[str, int] = {}

    def field(
        self,
        name: str,
        parts: Iterable[PostingsData],
        lengths: Ints | None = None,
        forms: FormVocabulary | None = None,
    ) -> None:
        """Write an inverted field, unless it is empty, from ranges of its terms; `lengths` as in `finish_field`."""
        writer = PostingsWriter(self.out, name)
        for part in parts:
            writer.add(part)
        self.finish_field(name, writer, lengths, None if lengths is None else int(lengths.sum()), forms)

    def finish_field(
        self,
        name: str,
        writer: PostingsWriter,
        lengths: Ints | None,
        length: int | None,
        forms: FormVocabulary | None = None,
    ) -> None:
        """The same with what was given to a writer; `length` is the number of terms of all documents."""
        if length is not None:
            self._lengths[name] = length
        if writer.finish(lengths):
            self._names.append(name)
            if forms is not None:
                forms.write(self.out, name)

    def column(self, name: str, counts: Ints, ordinals: NDArray[Any]) -> None:
        """Write the doc values of a field: `counts` values per document, `ordinals` of all of them in a row."""
        write_doc_values(self.out, name, counts, ordinals)

    def numbers(self, name: str, numbers: Ints) -> None:
        """Write a column of numbers, and the same as an inverted field for Whoosh's own queries."""
        self.out.add(f"{name}/number", numbers.astype("<i4"))
        docs = np.flatnonzero(numbers != MISSING)
        distinct, places = np.unique(numbers[docs], return_inverse=True)
        order = np.argsort(places, kind="stable")
        terms = [number_term(int(number)) for number in distinct]
        counts = np.bincount(places, minlength=len(distinct)).astype(np.int64)
        self.field(name, [PostingsData(terms, counts, docs[order])])

    def order(self, name: str, keys: list[str]) -> None:
        """Write the place of every document in the order of its key; the same key is the same place."""
        place = {key: number for number, key in enumerate(sorted(set(keys)))}
        self.out.add(f"{name}/number", np.array([place[key] for key in keys], "<i4"))

    def sightings(self, columns: SightingColumns) -> None:
        """Write the columns of sightings."""
        for name, column in columns.items():
            self.out.add(f"{_SIGHTINGS}/{name}", column)

    def finish(self, documents: int, weights: Mapping[str, float]) -> tuple[int, str]:
        """Write the block maxima and the header; returns the file's size and digest.

        weights  the fields that are ranked as one, and their weights
        """
        about = {"documents": documents, "fields": sorted(self._names), "lengths": self._lengths}
        ranked = write_block_maxima(self.out, weights, self._lengths, documents)
        return self.out.finish(about if ranked is None else about | {"maxima": ranked.as_metadata()})


def number_term(number: int) -> bytes:
    """The term of a number, as Whoosh's NUMERIC fields write it (`whoosh.fields.NUMERIC.to_bytes`)."""
    from whoosh.util.numeric import to_sortable

    sortable: int = to_sortable(int, 32, True, number)
    return b"\0" + sortable.to_bytes(4, "big")
