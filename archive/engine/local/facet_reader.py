"""Facet values over all segments, by global ordinals, and what can be asked of them at once.

Documents are numbered over all segments, deleted ones included; a mask is an array of one
bool a document. Values are numbered too: those of the largest segment by its own numbers,
in the order of their names, and those that only smaller segments have after them.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.facet_listing import words_near
from archive.engine.local.doc_set import DocSet, Mask
from archive.engine.local.posting_lists import is_in, to_bitset, union
from archive.engine.local.segment.doc_values import DocValues
from archive.engine.local.segment.packed_lists import Ints, distinct_sorted, smallest
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import SegmentReader
from archive.query.limits import FINDING, current_deadline
from archive.text.analyzer import unstemmed_terms

#: Values that are kept: those that are frequent are listed by one answer after the other.
_REMEMBERED = 4_096

Docs = Ints


class FacetCounts(NamedTuple):
    """Document counts of some values: their global ordinals, ascending, and a count for each."""

    places: Ints
    counts: Ints

    def of(self, place: int | None) -> int:
        """The count of one value."""
        if place is None:
            return 0
        at = int(np.searchsorted(self.places, place))
        return int(self.counts[at]) if at < len(self.places) and self.places[at] == place else 0

    def without(self, places: Iterable[int]) -> FacetCounts:
        """The same less some values."""
        left_out = np.fromiter(places, np.int64)
        at = self.places.searchsorted(left_out)
        kept = np.ones(len(self.places), np.bool_)
        kept[at[is_in(self.places, left_out)]] = False
        return FacetCounts(self.places[kept], self.counts[kept])


_NONE = np.empty(0, np.uint8)
_NO_DOCS: Docs = np.empty(0, np.int64)
#: Sorting is faster than counting in an array of all values where these are so many times more; and looking each up
#: than reading them all.
_FEW = 32
#: From the values of one of so many documents on, all values of a segment are numbered over the whole index.
_MANY = 32
#: To compare all documents with so many values takes less than to look up the value of each.
_COMPARED = 8
#: Values that have a number of one byte.
_DIFFERENT = 256


class SegmentFacet:
    """The doc values of one segment: its doc base, and the global ordinal of each of its local ordinals."""

    def __init__(self, base: int, size: int, field: FieldReader | None, column: DocValues | None) -> None:
        self.base, self.size, self.field, self.column = base, size, field, column
        self.places: Ints | None = None
        self._numbers: Ints | None = (
            None  # the global ordinals of all values, once those of many documents were asked for
        )

    @property
    def values(self) -> int:
        """The number of distinct values in this segment."""
        return 0 if self.field is None else len(self.field)

    def global_ordinals(self, docs: Docs) -> NDArray[Any]:
        """Global ordinals of the values of `docs` (global doc ids, ascending) that are in this segment, in a row."""
        begin, end = docs.searchsorted((self.base, self.base + self.size)).tolist()
        if self.column is None or begin == end:
            return _NONE
        here = docs[begin:end] - self.base if self.base else docs[begin:end]
        if self.places is None:
            return self.column.among(here)
        if self._numbers is None and len(here) * _MANY > self.size:
            self._numbers = smallest(self.places).take(self.column.ordinals)
        if self._numbers is not None:
            return self.column.among(here, self._numbers)
        return self.places.take(self.column.among(here))


class ValuesByWord:
    """Which values have a word, in two arrays: most words are of one value, and there are very many."""

    def __init__(self, values: Iterable[str]) -> None:
        self.words: dict[str, int] = {}
        numbers, places = array("I"), array("I")
        for place, value in enumerate(values):
            for word in unstemmed_terms(value):
                numbers.append(self.words.setdefault(word, len(self.words)))
                places.append(place)
        by_number = np.argsort(np.frombuffer(numbers, np.uintc), kind="stable")
        self._places = np.frombuffer(places, np.uintc)[by_number]
        self._ends = np.cumsum(np.bincount(numbers, minlength=len(self.words))).astype(np.uintc)

    def places(self, word: str) -> list[int]:
        """The global ordinals of the values with a word, ascending."""
        number = self.words.get(word)
        if number is None:
            return []
        begin = int(self._ends[number - 1]) if number else 0
        return self._places[begin : int(self._ends[number])].tolist()


class FacetReader:
    """The values of one facet, any number to a document; doc ids are those of the whole index."""

    def __init__(self, segments: Sequence[SegmentReader], name: str) -> None:
        self._parts: list[SegmentFacet] = []
        base = 0
        for segment in segments:
            self._parts.append(SegmentFacet(base, segment.doc_count, segment.field(name), segment.column(name)))
            base += segment.doc_count
        self.documents = base
        with_values = [part for part in self._parts if part.field is not None]
        self._main = max(with_values, key=lambda part: part.values, default=None)
        self._extra_places: dict[str, int] = {}
        self._number([part for part in with_values if part is not self._main])
        self._extra = list(self._extra_places)
        self._lock = threading.Lock()
        self._read: dict[int, str] = {}

    def _number(self, others: Sequence[SegmentFacet]) -> None:
        """Map local ordinals of the other segments to global ones; values that the largest lacks come after its own."""
        main = self._main.field if self._main else None
        known: dict[bytes, int] = {}
        for part in others:
            assert main is not None
            assert part.field is not None
            terms = list(part.field.terms())
            if len(terms) * _FEW < len(main):
                found: Iterable[int | None] = main.find_all(terms)
            else:
                known = known or {term: place for place, term in enumerate(main.terms())}
                found = map(known.get, terms)
            after = self._extra_places
            part.places = np.array(
                [
                    after.setdefault(term.decode(), len(main) + len(after)) if place is None else place
                    for term, place in zip(terms, found, strict=True)
                ],
                np.int64,
            )

    @property
    def _main_size(self) -> int:
        return 0 if self._main is None or self._main.field is None else len(self._main.field)

    def __len__(self) -> int:
        return self._main_size + len(self._extra)

    # -- values ------------------------------------------------------------------------

    def value(self, place: int) -> str:
        """The value of a global ordinal."""
        found = self._read.get(place)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[place] = self._value(place)
        return found

    def _value(self, place: int) -> str:
        if place >= self._main_size:
            return self._extra[place - self._main_size]
        assert self._main is not None
        assert self._main.field is not None
        return self._main.field.term(place).decode()

    def values(self) -> Iterator[str]:
        """Every value, by global ordinal."""
        if self._main is not None and self._main.field is not None:
            yield from map(bytes.decode, self._main.field.terms())
        yield from self._extra

    def ord(self, value: str) -> int | None:
        """The global ordinal of `value`; None where no document has it."""
        if self._main is not None and self._main.field is not None:
            place = self._main.field.find(value.encode())
            if place is not None:
                return place
        return self._extra_places.get(value)

    @property
    def by_name(self) -> Callable[[int], Any]:
        """A sort key that puts global ordinals in the order of their values."""
        return self.value if self._extra else int

    def first_by_name(self, places: Ints, count: int) -> list[int]:
        """The first `count` of some ascending global ordinals, in the order of their values."""
        split = int(np.searchsorted(places, self._main_size))
        return sorted([*places[: min(count, split)].tolist(), *places[split:].tolist()], key=self.by_name)[:count]

    # -- documents ---------------------------------------------------------------------

    def tally(self, docs: Docs) -> FacetCounts:
        """The count of each value among `docs` (global doc ids, ascending)."""
        if (single := self._single) is not None:
            sums = np.bincount(single.take(docs), minlength=len(self))
            having = sums.nonzero()[0]
            return FacetCounts(having, sums.take(having))
        lists = [part.global_ordinals(docs) for part in self._parts]
        whole = lists[0] if len(lists) == 1 else np.concatenate(lists or [_NONE])
        if len(whole) * _FEW < len(self):
            return FacetCounts(*distinct_sorted(np.sort(whole)))
        sums = np.bincount(whole, minlength=len(self))
        places = (sums != 0).nonzero()[0]
        return FacetCounts(places, sums.take(places))

    @cached_property
    def _single(self) -> NDArray[np.uint8] | None:
        """The global ordinal of each document's value, where each has one, of few different ones; None elsewhere."""
        if len(self) > _DIFFERENT or any(part.column is None or not part.column.is_single for part in self._parts):
            return None
        columns = [np.empty(0, np.uint8)]
        for part in self._parts:
            assert part.column is not None
            ordinals = part.column.ordinals if part.places is None else part.places.take(part.column.ordinals)
            columns.append(ordinals.astype(np.uint8))
        return np.concatenate(columns)

    def docs_of_any(self, values: Iterable[str]) -> Docs:
        """The documents of the index that have at least one of `values`: global doc ids, ascending."""
        wanted = [value.encode() for value in values]
        found: list[Docs] = []
        for part in self._parts:
            field = part.field
            numbers = [] if field is None else [n for value in wanted if (n := field.find(value)) is not None]
            if field is not None and numbers:
                lists = [field.docs(number) for number in numbers]
                docs = union(lists, part.size)
                found.append(docs + part.base if part.base else docs)
        return found[0] if len(found) == 1 else np.concatenate([_NO_DOCS, *found])

    def set_of_any(self, values: Iterable[str]) -> DocSet:
        """The documents of the index that have at least one of `values`."""
        wanted = list(values)
        size = sum(
            part.field.doc_frequency(number)
            for part in self._parts
            if part.field is not None
            for value in wanted
            if (number := part.field.find(value.encode())) is not None
        )
        return DocSet(size, self.documents, partial(self.docs_of_any, wanted), partial(self._mask_of_any, wanted))

    def _mask_of_any(self, values: Iterable[str]) -> Mask:
        """The same as a mask; from the values of documents where each has one, of few different ones."""
        if (single := self._single) is None:
            return to_bitset([self.docs_of_any(values)], self.documents)
        places = [place for value in values if (place := self.ord(value)) is not None]
        if len(places) > _COMPARED:
            chosen = np.zeros(_DIFFERENT, np.bool_)
            chosen[places] = True
            return chosen.take(single)
        mask: Mask = single == places[0] if places else np.zeros(self.documents, np.bool_)
        for place in places[1:]:
            mask |= single == place
        return mask

    @cached_property
    def docs_without(self) -> Mask:
        """A mask over all documents of the index: those without a value."""
        mask = np.ones(self.documents, np.bool_)
        for part in self._parts:
            if part.column is not None:
                mask[part.base : part.base + part.size] = part.column.lengths == 0
        return mask

    @cached_property
    def some_absent(self) -> bool:
        """Whether any document has no value."""
        return bool(self.docs_without.any())

    # -- finding values ----------------------------------------------------------------

    @cached_property
    def _values_by_word(self) -> ValuesByWord:
        return ValuesByWord(self.values())

    def search_values(self, text: str) -> dict[int, int]:
        """The values that `text` describes: global ordinal -> distance (0 is best), summed over its words."""
        with self._lock:
            by_word = self._values_by_word
        found: dict[int, int] | None = None
        for word in unstemmed_terms(text):
            current_deadline().check(FINDING)
            near: dict[int, int] = {}
            for candidate, distance in words_near(word, by_word.words):
                for place in by_word.places(candidate):
                    if found is None or place in found:
                        near[place] = min(distance, near.get(place, distance))
            found = near if found is None else {place: found[place] + distance for place, distance in near.items()}
            if not found:
                break
        return found or {}

    def equal_values(self, text: str) -> list[str]:
        """The values with the same words as `text`, case and accents apart."""
        asked = unstemmed_terms(text)
        if not asked:
            return []
        with self._lock:
            by_word = self._values_by_word
        rarest = min(map(by_word.places, asked), key=len)
        return [value for place in sorted({*rarest}) if unstemmed_terms(value := self.value(place)) == asked]
