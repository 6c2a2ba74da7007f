"""One generation of the index, opened: its segments, which documents live, and facet columns."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.doc_set import Mask
from archive.engine.local.facet_reader import FacetReader
from archive.engine.local.manifest import IndexMeta, SegmentMeta
from archive.engine.local.posting_lists import Postings, SegmentTerm, locate
from archive.engine.local.scorer import CollectionStats
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.protocol import IndexedRef
from archive.engine.stored import decode_entry, decode_meta
from archive.errors import IndexDamagedError
from archive.query.limits import LISTING, of_question

_KEPT_BYTES = 16 << 20
#: Ids that are kept: an answer asks for each of its own more than once.
_REMEMBERED = 4_096
#: Of the first ids of a segment so many times as many are looked at as should have enough wanted documents among them.
_ENOUGH = 4


def _keep_freed_memory() -> None:
    """Have freed arrays of some megabytes kept for the next ones.

    The C library gives memory back to the system from a size on, to get it anew, page by page, for the next query:
    half the time of counting a facet. That size (of glibc; elsewhere this does nothing) grows with what is freed.
    """
    np.empty(_KEPT_BYTES, np.uint8)


def open_segment(folder: Path, listed: SegmentMeta) -> SegmentReader:
    """A segment of a generation; raises IndexDamagedError if its file is not the one that was written."""
    segment = SegmentReader(folder / listed.filename, listed.size, listed.digest)
    if segment.doc_count != listed.documents:
        what = f"{listed.filename} holds {segment.doc_count:,} articles, but the manifest lists {listed.documents:,}"
        raise IndexDamagedError(what, "run `archive index --full`")
    return segment


class IdColumn:
    """The article ids of documents, and their order: ids are read only to compare those of different segments.

    A global doc id is a segment's doc base plus the segment-local doc id.
    """

    def __init__(self, segments: Sequence[SegmentReader], doc_bases: list[int]) -> None:
        self._bases = doc_bases
        self._documents = sum(segment.doc_count for segment in segments)
        self._read: dict[int, str] = {}
        self._columns: list[tuple[FieldReader, NDArray[Any]]] = []
        for segment in segments:
            field, column = segment.field("id"), segment.column("id")
            assert field is not None
            assert column is not None
            self._columns.append((field, column.ordinals))

    def __getitem__(self, doc: int) -> str:
        found = self._read.get(doc)
        if found is None:
            number = bisect_right(self._bases, doc) - 1
            field, ordinals = self._columns[number]
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[doc] = field.term(int(ordinals[doc - self._bases[number]])).decode()
        return found

    @cached_property
    def _ordinals(self) -> Ints:
        """Of each document the ordinal of its id among those of its segment."""
        columns = [ordinals for _, ordinals in self._columns]
        return columns[0] if len(columns) == 1 else np.concatenate([np.empty(0, np.uint32), *columns])

    def first(self, docs: Ints, count: int) -> Ints:
        """The indices of the `count` first of more documents, in no order; `docs` are ascending."""
        bounds = np.searchsorted(docs, [*self._bases, self._documents]).tolist()
        found = [
            first + self._first_of_segment(number, docs[first:last] - self._bases[number], count)
            for number, (first, last) in enumerate(pairwise(bounds))
            if first < last
        ]
        places = np.concatenate(found)
        return places if len(found) == 1 else places[self._in_order(docs.take(places))[:count]]

    def _first_of_segment(self, number: int, docs: Ints, count: int) -> Ints:
        """The indices of the `count` first, or all, of a segment's documents."""
        if len(docs) <= count:
            return np.arange(len(docs))
        field, ordinals = self._columns[number]
        # Where many of the documents are wanted, the first ids of the segment have enough of them.
        few = _ENOUGH * count * len(ordinals) // len(docs)
        if few * _ENOUGH < len(docs):
            _, places = locate(docs, np.sort(field.docs_of_any(0, min(few, len(field)))))
            if len(places) >= count:
                return places[_lowest(ordinals.take(docs.take(places)), count)] if len(places) > count else places
        return _lowest(ordinals.take(docs), count)

    def order(self, keys: NDArray[Any], docs: Ints) -> Ints:
        """The indices of documents by key, the highest first, and those of equal keys by id."""
        order = np.lexsort((self._ordinals.take(docs), -keys))
        if len(self._bases) == 1:
            return order
        ordered = keys.take(order)
        segments = np.searchsorted(self._bases, docs.take(order), side="right")
        equal = ordered[1:] == ordered[:-1]
        mixed = np.flatnonzero(equal & (segments[1:] != segments[:-1]))
        if len(mixed):
            edges = np.flatnonzero(~equal) + 1
            starts, ends = np.append(0, edges), np.append(edges, len(order))
            for number in dict.fromkeys((np.searchsorted(starts, mixed, side="right") - 1).tolist()):
                places = order[starts[number] : ends[number]]
                order[starts[number] : ends[number]] = places[self._in_order(docs.take(places))]
        return order

    def _in_order(self, docs: Ints) -> list[int]:
        """The indices of some documents by id."""
        ids = list(map(self.__getitem__, of_question().checked(docs.tolist(), work=LISTING)))
        return sorted(range(len(ids)), key=ids.__getitem__)


def _lowest(numbers: Ints, count: int) -> Ints:
    """The indices of the `count` lowest of more numbers, in no order."""
    columns = max(256, 4 * count)
    if len(numbers) <= 4 * columns:
        return np.argpartition(numbers, count - 1)[:count]
    # As many columns as are wanted have a number as low as the highest of their lowest: the rest need no look.
    least = numbers[: len(numbers) // columns * columns].reshape(-1, columns).min(axis=0)
    some = (numbers <= np.partition(least, count - 1)[count - 1]).nonzero()[0]
    return some[np.argpartition(numbers.take(some), count - 1)[:count]]


class IndexReader:
    """A generation, for reading by any number of threads: nothing in it ever changes.

    A global doc id is a segment's doc base plus the segment-local doc id.

    doc_bases   the global id of the first document of each segment, ascending
    """

    def __init__(self, folder: Path, generation: IndexMeta) -> None:
        _keep_freed_memory()
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
        self._ranked: dict[str, bool] = {}
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

    def postings(self, index_field: str, term: bytes) -> Postings | None:
        """The posting list of a term; None where no document has it."""
        parts = []
        for base, segment in zip(self.doc_bases, self.segments, strict=True):
            field = segment.searched(index_field)
            number = None if field is None else field.find(term)
            if field is not None and number is not None:
                parts.append(SegmentTerm(field, number, base))
        return Postings(parts) if parts else None

    def is_ranked(self, index_field: str) -> bool:
        """Whether the lengths of a field are kept, by which its words are ranked; so where no document has it."""
        ranked = self._ranked.get(index_field)
        if ranked is None:
            fields = [field for segment in self.segments if (field := segment.searched(index_field)) is not None]
            ranked = self._ranked[index_field] = not fields or any(field.lengths is not None for field in fields)
        return ranked

    def numbers(self, index_field: str, docs: Ints) -> Ints:
        """What a column of numbers has for some documents, ascending; MISSING where a document has none."""
        bounds = np.searchsorted(docs, [*self.doc_bases, self.documents]).tolist()
        found = []
        for base, segment, (first, last) in zip(self.doc_bases, self.segments, pairwise(bounds), strict=True):
            if first < last:
                numbers = segment.numbers(index_field)
                assert numbers is not None
                found.append(numbers.take(docs[first:last] - base))
        return found[0] if len(found) == 1 else np.concatenate([np.empty(0, np.int32), *found])

    def segment_of(self, doc: int) -> int:
        """The index of the segment that holds a global doc id."""
        return bisect_right(self.doc_bases, doc) - 1

    @cached_property
    def ids(self) -> IdColumn:
        """The article ids of global doc ids."""
        return IdColumn(self.segments, self.doc_bases)

    def stored(self, doc: int) -> bytes:
        """The stored record of a global doc id; see `archive.engine.stored`."""
        number = self.segment_of(doc)
        return self.segments[number].stored[doc - self.doc_bases[number]]

    def forms_of(self, index_fields: Iterable[str], terms: Iterable[str], *, same_letter: bool) -> frozenset[str]:
        """All words as written that have any of some terms in some stemmed fields.

        same_letter  whether these begin with the same letter as their terms
        """
        found = (segment.forms(name) for name in index_fields for segment in self.segments)
        readers = [forms for forms in found if forms is not None]
        sought = [(term.encode(), term[:same_letter].encode()) for term in terms]
        return frozenset().union(*(forms.forms_of(*term) for forms in readers for term in sought))

    def most_documents(self, index_field: str, term: bytes) -> int:
        """At least as many documents as have a term; found without reading its posting list."""
        found = (
            (field, field.find(term)) for each in self.segments if (field := each.searched(index_field)) is not None
        )
        return sum(field.most_documents(number) for field, number in found if number is not None)

    def has_term(self, index_field: str, term: bytes) -> bool:
        """Whether a live document has a term."""
        for listed, segment in zip(self.listed, self.segments, strict=True):
            field = segment.searched(index_field)
            number = None if field is None else field.find(term)
            if field is None or number is None:
                continue
            if not listed.deleted or not listed.deleted.issuperset(field.docs(number).tolist()):
                return True
        return False

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
