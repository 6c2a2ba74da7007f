"""An inverted field: its terms in order, and for each its documents, frequencies and positions.

Sections of a field `f`:

    f/terms, f/terms_at   the terms' UTF-8 bytes one after the other, sorted, and where each begins
    f/terms/blocks, …_at  the first term of every 128, likewise
    f/infos               a row of numbers a term: see `TermInfo`
    f/docs                gaps between document numbers (packed; the first is the number itself)
    f/freqs               occurrences in each document (packed; absent where positions are not kept)
    f/positions           the positions in each document (packed)
    f/lengths             the number of terms in each document, as Whoosh's lossy bytes
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.file import Sections, SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints, PackedLists, PackedListsWriter, smallest, starts_of

#: The first of so many terms is kept in memory, as in Lucene's term index; a term is then looked for among so many.
_BLOCK = 128
#: The numbers of so many terms are kept: a query asks for each of its own more than once, and often comes again.
_REMEMBERED = 4_096
_UNKNOWN = -1
#: Terms are read at once where at least one of so many in a row is wanted.
_NEAR = 64
#: Blocks of terms that are kept: what a pattern stands for is looked for in the same one several times.
_KEPT_BLOCKS = 64
#: Many terms are looked for by so many of their bytes, two numbers; few differ in later ones alone.
_BEGINNING = 16
#: A character takes no more in UTF-8.
_MOST_BYTES = 4


@dataclass(frozen=True, slots=True)
class PostingsData:
    """An inverted field in memory, ready to be written or merged.

    terms       sorted, distinct
    counts      document frequency of each
    docs        documents of each, ascending, one term after the other
    freqs       occurrences for each of docs; None where all are one and positions are not kept
    positions   positions of all occurrences, likewise; None where they are not kept
    forms       what form of its term each occurrence has, as in `word_forms`; None where that is not kept
    """

    terms: list[bytes]
    counts: Ints
    docs: Ints
    freqs: Ints | None = None
    positions: Ints | None = None
    forms: Ints | None = None

    @property
    def occurrences(self) -> Ints:
        """How often each term occurs, where that is kept."""
        assert self.freqs is not None
        return np.add.reduceat(self.freqs, starts_of(self.counts)[:-1], dtype=np.int64)


class TermsWriter:
    """Writes sorted terms, some at a time, as a `TermDictionary` reads them."""

    def __init__(self, out: SegmentFileWriter, name: str) -> None:
        self._out, self._name = out, name
        self._terms = out.spool()
        self._sizes: list[Ints] = []
        self._blocks: list[bytes] = []
        self._count = 0

    def add(self, terms: Sequence[bytes]) -> None:
        """Add terms that come after all those added before."""
        self._terms.write(b"".join(terms))
        self._sizes.append(_lengths(terms))
        self._blocks += terms[-self._count % _BLOCK :: _BLOCK]
        self._count += len(terms)

    def finish(self) -> None:
        """Write the sections."""
        self._out.add_all(self._name, self._terms, "|u1", sparse=True)
        self._out.add(f"{self._name}_at", smallest(starts_of(np.concatenate(self._sizes))), sparse=True)
        self._out.add(f"{self._name}/blocks", b"".join(self._blocks))
        self._out.add(f"{self._name}/blocks_at", smallest(starts_of(_lengths(self._blocks))))


def _lengths(terms: Sequence[bytes]) -> Ints:
    return np.fromiter(map(len, terms), np.int64, len(terms))


class TermInfo(NamedTuple):
    """What is known of a term: its row in the section `infos`, where the last columns may be missing.

    doc_frequency  how many documents have it
    widths         those of its packed lists, in the order of the columns that follow: four bits each, the lowest first
    docs           where each of its lists begins
    frequency      how often it occurs in all documents; 0 where positions are not kept, as are freqs and positions
    forms          0 where forms are not kept
    """

    doc_frequency: int
    widths: int
    docs: int
    frequency: int = 0
    freqs: int = 0
    positions: int = 0
    forms: int = 0

    @property
    def docs_width(self) -> int:
        return self.widths & 15

    @property
    def freqs_width(self) -> int:
        return self.widths >> 4 & 15

    @property
    def positions_width(self) -> int:
        return self.widths >> 8 & 15

    @property
    def forms_width(self) -> int:
        return self.widths >> 12 & 15


class PostingsWriter:
    """Writes an inverted field, some of its terms at a time."""

    def __init__(self, out: SegmentFileWriter, name: str) -> None:
        self._out, self._name = out, name
        self._terms = TermsWriter(out, f"{name}/terms")
        self._counts: list[Ints] = []
        self._occurrences: list[Ints] = []
        self._docs, self._freqs, self._positions = (
            PackedListsWriter(out, f"{name}/{part}") for part in ("docs", "freqs", "positions")
        )
        self._forms: PackedListsWriter | None = None

    def add(self, some: PostingsData) -> None:
        """Add terms that come after all those added before, with their postings."""
        if not some.terms:
            return
        self._terms.add(some.terms)
        self._counts.append(some.counts)
        begins = starts_of(some.counts)[:-1]
        gaps = np.diff(some.docs, prepend=some.docs[:1])
        gaps[begins] = some.docs[begins]
        self._docs.add(gaps, some.counts)
        if some.freqs is not None and some.positions is not None:
            occurrences = np.add.reduceat(some.freqs, begins, dtype=np.int64)
            self._occurrences.append(occurrences)
            self._freqs.add(some.freqs, some.counts)
            self._positions.add(some.positions, occurrences)
            if some.forms is not None:
                self._forms = self._forms or PackedListsWriter(self._out, f"{self._name}/form_of")
                self._forms.add(some.forms, occurrences)

    def finish(self, lengths: Ints | None) -> bool:
        """Write the sections, and say whether there was any term: without one, nothing is written."""
        if not self._counts:
            return False
        self._terms.finish()
        lists = [self._docs.finish()]
        columns = [np.concatenate(self._counts)]
        if self._occurrences:
            lists += [self._freqs.finish(), self._positions.finish()]
        if self._forms is not None:
            lists.append(self._forms.finish())
        columns.append(np.sum([widths.astype(np.int64) << 4 * at for at, (widths, _) in enumerate(lists)], axis=0))
        columns += [starts for _, starts in lists]
        if self._occurrences:
            columns.insert(TermInfo._fields.index("frequency"), np.concatenate(self._occurrences))
        self._out.add(f"{self._name}/infos", smallest(np.stack(columns, axis=1)).ravel(), sparse=True)
        if lengths is not None:
            self._out.add(f"{self._name}/lengths", length_codes(lengths))
        return True


def length_codes(lengths: Ints) -> NDArray[np.uint8]:
    """Lengths as the bytes that Whoosh keeps of them (`whoosh.util.numeric.length_to_byte`)."""
    from whoosh.util.numeric import length_to_byte

    distinct, place = np.unique(lengths, return_inverse=True)
    codes = np.fromiter((length_to_byte(int(length)) for length in distinct), np.uint8, len(distinct))
    return codes[place]


def length_table() -> NDArray[np.float64]:
    """The length that each of the 256 bytes stands for."""
    from whoosh.util.numeric import byte_to_length

    return np.fromiter((byte_to_length(code) for code in range(256)), np.float64, 256)


class TermDictionary:
    """Sorted terms on a mapped file. A term is known by its ordinal, its index among the sorted terms."""

    def __init__(self, file: Sections, terms: str) -> None:
        self._file, self._section = file, terms
        self._terms, self._terms_at = file.pages(terms), file.pages(f"{terms}_at")
        self._found: dict[bytes, int | None] = {}
        self._read: dict[int, tuple[Sequence[int], bytes]] = {}

    def __len__(self) -> int:
        return len(self._terms_at) - 1

    def term(self, number: int) -> bytes:
        """The term of an ordinal."""
        return self._terms.bytes(*self._terms_at.pair(number))

    @property
    def first_word(self) -> int:
        """The ordinal of the first term that patterns are looked for among."""
        return 0

    @cached_property
    def _blocks(self) -> list[bytes]:
        """The first term of every block."""
        block = self._file.array(f"{self._section}/blocks").tobytes()
        ends = self._file.array(f"{self._section}/blocks_at").tolist()
        return [block[start:end] for start, end in pairwise(ends)]

    def terms(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The terms of the ordinals from `first` to before `last`, sorted."""
        ends = self._terms_at.part(first, len(self._terms_at) if last is None else last + 1).tolist()
        block = self._terms.bytes(ends[0], ends[-1]) if ends else b""
        base = ends[0] if ends else 0
        return (block[start - base : end - base] for start, end in pairwise(ends))

    def seek_ceil(self, term: bytes) -> int:
        """The ordinal of the first term that is not before `term`."""
        return self._seek(term)[0]

    def find(self, term: bytes) -> int | None:
        """The ordinal of `term`, or None."""
        number = self._found.get(term, _UNKNOWN)
        if number == _UNKNOWN:
            place, is_there = self._seek(term)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            number = self._found[term] = place if is_there else None
        return number

    def _seek(self, term: bytes) -> tuple[int, bool]:
        """The ordinal of the first term that is not before `term`, and whether it is `term`."""
        number = bisect_right(self._blocks, term) - 1
        if number < 0:
            return 0, False
        first = number * _BLOCK
        ends, block = self._block(number)
        base = ends[0]
        # Where its bytes first are, it nearly always is.
        at = block.find(term)
        if at >= 0:
            place = bisect_left(ends, base + at)
            if ends[place] == base + at and ends[place + 1] - ends[place] == len(term):
                return first + place, True
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high) // 2
            found = block[ends[middle] - base : ends[middle + 1] - base]
            if found == term:
                return first + middle, True
            if found < term:
                low = middle + 1
            else:
                high = middle
        return first + low, False

    def _block(self, number: int) -> tuple[Sequence[int], bytes]:
        """Where each term of a block begins, and the last one ends; and their bytes."""
        found = self._read.get(number)
        if found is None:
            if len(self._read) >= _KEPT_BLOCKS:
                self._read.clear()
            first = number * _BLOCK
            ends = self._terms_at.items(first, min(first + _BLOCK, len(self)) + 1)
            found = self._read[number] = ends, self._terms.bytes(ends[0], ends[-1])
        return found

    def find_all(self, terms: Sequence[bytes]) -> list[int | None]:
        """The ordinal of each of many terms, or None: `find` for all at once, by how they begin."""
        ends = self._terms_at.part(0, len(self._terms_at))
        block = self._terms.part(0, int(ends[-1]))
        sought = np.frombuffer(b"".join(term[:_BEGINNING].ljust(_BEGINNING, b"\0") for term in terms), ">u8")
        first_half, second_half = sought.reshape(-1, 2).T
        within = np.arange(_BEGINNING)
        low, high = np.zeros(len(terms), np.int64), np.full(len(terms), len(self))
        while (searched := low < high).any():
            middle = np.minimum((low + high) // 2, len(self) - 1)
            at = ends.take(middle).astype(np.int64)[:, None] + within
            begun = block.take(at, mode="clip")
            begun[at >= ends.take(middle + 1)[:, None]] = 0
            halves = begun.view(">u8")
            before = (halves[:, 0] < first_half) | ((halves[:, 0] == first_half) & (halves[:, 1] < second_half))
            low = np.where(searched & before, middle + 1, low)
            high = np.where(searched & ~before, middle, high)
        return list(map(self._find_from, low.tolist(), terms))

    def _find_from(self, place: int, term: bytes) -> int | None:
        """The ordinal of `term`, or None; no term before the one with that ordinal is it."""
        found = self.term(place) if place < len(self) else term + b"\0"
        if found < term:  # both begin alike
            return self.find(term)
        return place if found == term else None

    def prefix_range(self, prefix: bytes) -> range:
        """The ordinals of the terms that begin with `prefix`."""
        first = self.seek_ceil(prefix) if prefix else self.first_word
        after = prefix.rstrip(b"\xff")
        if not after or first == len(self):
            return range(first, len(self))
        if not self.term(first).startswith(prefix):
            return range(first, first)
        return range(first, self.seek_ceil(after[:-1] + bytes((after[-1] + 1,))))

    def ending_with(self, among: range, ending: bytes) -> Ints:
        """The ordinals, among some in a row, of the terms that end with some bytes; ascending."""
        if not among:
            return np.empty(0, np.int64)
        ends = self._terms_at.part(among.start, among.stop + 1).astype(np.int64)
        block = self._terms.part(int(ends[0]), int(ends[-1]))
        ends -= ends[0]
        found = (np.diff(ends) >= len(ending)).nonzero()[0]
        for back, byte in enumerate(reversed(ending), 1):
            found = found[block.take(ends.take(found + 1) - back) == byte]
        return found + among.start

    def nearly(self, numbers: Ints, text: str) -> Ints:
        """Of some ordinals, ascending, those of terms that may be one edit from a text: the others are not.

        All but one letter, or the two that a swap changes, are the same on both sides of the edit.
        """
        word = np.frombuffer(text.encode(), np.uint8)
        if not len(numbers) or not len(word):
            return numbers
        first = int(numbers[0])
        ends = self._terms_at.part(first, int(numbers[-1]) + 2).astype(np.int64)
        block = self._terms.part(int(ends[0]), int(ends[-1]))
        ends -= ends[0]
        starts, stops = ends.take(numbers - first), ends.take(numbers - first + 1)
        lengths = stops - starts
        within = np.arange(len(word))
        same = [
            np.logical_and.accumulate(
                (block.take(places, mode="clip") == bytes_of_word) & (within < lengths[:, None]), axis=1
            ).sum(axis=1)
            for places, bytes_of_word in (
                (starts[:, None] + within, word),
                ((stops - 1)[:, None] - within, word[::-1]),
            )
        ]
        common = same[0] + same[1]
        if not text.isascii():
            return numbers[common >= len(word) - 2 * max(len(letter.encode()) for letter in text)]
        swapped = ((common == len(word) - 2) & (lengths == len(word))).nonzero()[0]
        at = same[0].take(swapped)
        back = block.take(starts.take(swapped) + at) == word.take(at + 1)
        is_wide = block.take(starts + same[0], mode="clip") > 127  # the letter where they differ
        found = (common > len(word) - 2) & (lengths <= np.where(is_wide, _MOST_BYTES, 1) + len(word))
        found[swapped[back & (block.take(starts.take(swapped) + at + 1) == word.take(at))]] = True
        return numbers[found]


class FieldReader(TermDictionary):
    """An inverted field on a mapped file."""

    def __init__(self, file: Sections, name: str) -> None:
        super().__init__(file, f"{name}/terms")
        self.name = name
        self._infos = file.pages(f"{name}/infos")
        self._columns = len(self._infos) // len(self)
        self._info_of: dict[int, TermInfo] = {}
        self.has_positions = self._columns > TermInfo._fields.index("positions")

    @cached_property
    def _docs(self) -> PackedLists:
        return PackedLists(self._file, f"{self.name}/docs")

    @cached_property
    def _freqs(self) -> PackedLists:
        return PackedLists(self._file, f"{self.name}/freqs")

    @cached_property
    def _positions(self) -> PackedLists:
        return PackedLists(self._file, f"{self.name}/positions")

    @cached_property
    def _forms(self) -> PackedLists:
        return PackedLists(self._file, f"{self.name}/form_of")

    def info(self, number: int) -> TermInfo:
        """What is known of a term."""
        found = self._info_of.get(number)
        if found is None:
            if len(self._info_of) >= _REMEMBERED:
                self._info_of.clear()
            first = number * self._columns
            found = self._info_of[number] = TermInfo(*self._infos.items(first, first + self._columns))
        return found

    def _info_columns(self, first: int, last: int) -> Sequence[Ints]:
        """The rows of the terms from number `first` to before `last`, column by column."""
        rows = self._infos.part(first * self._columns, last * self._columns)
        return list(rows.reshape(-1, self._columns).astype(np.int64).T)

    @cached_property
    def lengths(self) -> NDArray[np.uint8] | None:
        """Field lengths as Whoosh's byte, shape (documents,), uint8; None where lengths are not kept."""
        name = f"{self.name}/lengths"
        return self._file.array(name) if name in self._file else None

    def doc_frequency(self, number: int) -> int:
        """The document frequency of a term, deleted documents included."""
        return self.info(number).doc_frequency

    @property
    def doc_frequencies(self) -> Ints:
        """The document frequency of every term, by ordinal; deleted documents included."""
        return self._column("doc_frequency")

    def most_documents(self, number: int) -> int:
        """At least as many documents as have a term."""
        return self.doc_frequency(number)

    def frequency(self, number: int) -> int:
        """The number of occurrences of a term in all documents."""
        info = self.info(number)
        return info.frequency if self.has_positions else info.doc_frequency

    def docs(self, number: int) -> Ints:
        """The segment-local doc ids of a term, ascending."""
        docs = np.empty(self.doc_frequency(number), np.int64)
        self.read_docs(number, docs)
        return docs

    def read_docs(self, number: int, docs: Ints) -> None:
        """Write the same into an array of their number."""
        info = self.info(number)
        self._docs.group(info.docs_width, info.docs, info.doc_frequency).cumsum(out=docs)

    def docs_in_range(self, first: int, last: int) -> tuple[Ints, Ints]:
        """The document frequencies of the terms from number `first` to before `last`, and their documents in a row."""
        counts, widths, starts, *_ = self._info_columns(first, last)
        gaps = self._docs.groups(widths & 15, starts, counts)
        if not len(gaps):
            return counts, gaps
        # Gaps become documents by one sum over all, less what came before each term.
        total = np.cumsum(gaps)
        starts = starts_of(counts)[:-1]
        before = np.where(starts > 0, total[starts - 1], 0)
        return counts, total - np.repeat(before, counts)

    def docs_of_any(self, first: int, last: int) -> Ints:
        """The documents of the terms from number `first` to before `last`, in no order, some of them repeated."""
        return self.docs_in_range(first, last)[1]

    def docs_of_terms(self, numbers: Ints) -> Ints:
        """The documents of some terms, by their ordinals, ascending: those of one term after those of the other."""
        if not len(numbers):
            return numbers
        if int(numbers[-1]) - int(numbers[0]) > _NEAR * len(numbers):
            return np.concatenate([self.docs(number) for number in numbers.tolist()])
        rows = self._info_columns(int(numbers[0]), int(numbers[-1]) + 1)
        counts, widths, starts = (column.take(numbers - numbers[0]) for column in rows[:3])
        total = self._docs.of_groups(widths & 15, starts, counts).cumsum(dtype=np.int64)
        ends = counts.cumsum()
        before = np.zeros(len(counts), np.int64)
        before[1:] = total.take(ends[:-1] - 1)
        total -= before.repeat(counts)
        return total

    def freqs(self, number: int) -> NDArray[Any] | None:
        """The frequency of a term in each of its documents, parallel to `docs`; None where all are 1."""
        info = self.info(number)
        if not info.freqs_width:
            return None
        return self._freqs.group(info.freqs_width, info.freqs, info.doc_frequency)

    def positions(self, number: int) -> NDArray[Any]:
        """The positions of a term, ascending within a document, document after document as in `docs`."""
        info = self.info(number)
        return self._positions.group(info.positions_width, info.positions, info.frequency)

    def positions_at(self, number: int, places: Ints) -> NDArray[Any]:
        """Some of these: those at some places, ascending."""
        info = self.info(number)
        return self._positions.some(info.positions_width, info.positions, places)

    def forms(self, number: int) -> NDArray[Any] | None:
        """The form of each occurrence of a term, as in `word_forms`; None where all have its only one."""
        info = self.info(number)
        return self._forms.group(info.forms_width, info.forms, info.frequency) if info.forms_width else None

    def load(self, first: int, last: int) -> PostingsData:
        """The terms from number `first` to before `last` in memory, for merging."""
        counts, docs = self.docs_in_range(first, last)
        freqs = positions = None
        if self.has_positions:
            _, widths, _, occurrences, freqs_at, positions_at, *_ = self._info_columns(first, last)
            freqs = self._freqs.groups(widths >> 4 & 15, freqs_at, counts)
            positions = self._positions.groups(widths >> 8 & 15, positions_at, occurrences).astype(np.uint32)
        return PostingsData(list(self.terms(first, last)), counts, docs, freqs, positions)

    def load_forms(self, first: int, last: int) -> Ints:
        """The form of each occurrence of the terms from number `first` to before `last`."""
        _, widths, _, occurrences, _, _, starts = self._info_columns(first, last)
        return self._forms.groups(widths >> 12 & 15, starts, occurrences)

    @property
    def occurrences(self) -> Ints:
        """The number of occurrences of every term, by ordinal."""
        return self._column("frequency" if self.has_positions else "doc_frequency")

    def _column(self, name: str) -> Ints:
        """A number of every term."""
        whole = self._infos.part(0, len(self._infos))
        return whole[TermInfo._fields.index(name) :: self._columns].astype(np.int64)
