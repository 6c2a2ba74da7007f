"""One generation of the index, opened: its segments, which documents live, and facet columns."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from archive.engine.local.facet_reader import FacetReader, Mask
from archive.engine.local.manifest import IndexMeta, SegmentMeta
from archive.engine.local.scorer import CollectionStats
from archive.engine.local.segment.doc_values import DocValues
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.protocol import IndexedRef
from archive.engine.stored import decode_entry, decode_meta
from archive.errors import IndexDamagedError


def open_segment(folder: Path, listed: SegmentMeta) -> SegmentReader:
    """A segment of a generation; raises IndexDamagedError if its file is not the one that was written."""
    segment = SegmentReader(folder / listed.filename, listed.size, listed.digest)
    if segment.doc_count != listed.documents:
        what = f"{listed.filename} holds {segment.doc_count:,} articles, but the manifest lists {listed.documents:,}"
        raise IndexDamagedError(what, "run `archive index --full`")
    return segment


class IndexReader:
    """A generation, for reading by any number of threads: nothing in it ever changes.

    A global doc id is a segment's doc base plus the segment-local doc id.

    doc_bases   the global id of the first document of each segment, ascending
    """

    def __init__(self, folder: Path, generation: IndexMeta) -> None:
        self.generation = generation
        self.listed = generation.segments
        self.segments = tuple(open_segment(folder, each) for each in self.listed)
        self.doc_bases: list[int] = []
        self.documents = 0
        for segment in self.segments:
            self.doc_bases.append(self.documents)
            self.documents += segment.doc_count
        self.statistics = CollectionStats(self.segments)
        self._facets: dict[str, FacetReader] = {}
        self._lock = threading.Lock()

    @cached_property
    def deletions(self) -> int:
        """How many documents are deleted."""
        return sum(len(each.deleted) for each in self.listed)

    @property
    def live_count(self) -> int:
        """How many documents are not deleted."""
        return self.documents - self.deletions

    @cached_property
    def live(self) -> Mask:
        """A mask by global doc id, shape (documents,), bool: those that are not deleted."""
        mask = np.ones(self.documents, np.bool_)
        for base, each in zip(self.doc_bases, self.listed, strict=True):
            mask[[base + doc for doc in each.deleted]] = False
        return mask

    def facet(self, index_field: str) -> FacetReader:
        """The reader of a field with doc values; opened once."""
        with self._lock:
            if index_field not in self._facets:
                self._facets[index_field] = FacetReader(self.segments, index_field)
            return self._facets[index_field]

    def segment_of(self, doc: int) -> int:
        """The index of the segment that holds a global doc id."""
        return bisect_right(self.doc_bases, doc) - 1

    def id(self, doc: int) -> str:
        """The article id of a global doc id."""
        return self.ids((doc,))[0]

    def ids(self, docs: Iterable[int]) -> list[str]:
        """The article ids of global doc ids, in the order given."""
        ids = []
        for doc in docs:
            number = self.segment_of(doc)
            field, column = self._ids[number]
            ids.append(field.term(int(column.ordinals[doc - self.doc_bases[number]])).decode())
        return ids

    @cached_property
    def _ids(self) -> list[tuple[FieldReader, DocValues]]:
        found = []
        for segment in self.segments:
            field, column = segment.field("id"), segment.column("id")
            assert field is not None
            assert column is not None
            found.append((field, column))
        return found

    def stored(self, doc: int) -> bytes:
        """The stored record of a global doc id; see `archive.engine.stored`."""
        number = self.segment_of(doc)
        return self.segments[number].stored[doc - self.doc_bases[number]]

    def forms_of(self, index_fields: Iterable[str], terms: Iterable[str]) -> frozenset[str]:
        """All words as written that have any of some terms in some stemmed fields."""
        found = (segment.forms(name) for name in index_fields for segment in self.segments)
        readers = [forms for forms in found if forms is not None]
        sought = [term.encode() for term in terms]
        return frozenset().union(*(forms.forms_of(term) for forms in readers for term in sought))

    def first_doc(self, index_field: str, term: bytes) -> int | None:
        """The lowest global doc id of a live document that has a term."""
        return next(self.docs_with_any(index_field, term), None)

    def docs_with_any(self, index_field: str, term: bytes) -> Iterator[int]:
        """The global doc ids of live documents that have a term, ascending."""
        for base, listed, segment in zip(self.doc_bases, self.listed, self.segments, strict=True):
            field = segment.searched(index_field)
            number = None if field is None else field.find(term)
            if field is not None and number is not None:
                yield from (base + doc for doc in field.docs(number).tolist() if doc not in listed.deleted)

    def entry(self, doc: int) -> IndexedRef:
        """Where a document came from."""
        return decode_entry(decode_meta(self.stored(doc)))

    def entries(self) -> Iterator[IndexedRef]:
        """Where every live document came from."""
        return map(self.entry, np.flatnonzero(self.live).tolist())
