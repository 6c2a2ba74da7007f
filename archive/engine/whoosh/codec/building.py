"""Building a segment: articles in, arrays out, without a Python call a posting.

Terms become numbers as texts are read; a field's postings then come from one sort of all its
occurrences by (term, place).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.analysis import Analyzer, Vocabulary
from archive.article import Article
from archive.engine.whoosh.codec.inverted import Inverted
from archive.engine.whoosh.codec.packed import Ints, smallest, starts_of
from archive.engine.whoosh.codec.sections import SectionWriter
from archive.engine.whoosh.codec.segment import NO_NUMBER
from archive.engine.whoosh.codec.stored import StoredWriter
from archive.engine.whoosh.schema import VALUE_GAP, IndexField, IndexKind, record_of


class _Lengths:
    """How many entries each document has: noted for those that have any."""

    def __init__(self) -> None:
        self._docs = array("I")
        self._counts = array("I")

    def add(self, doc: int, count: int) -> None:
        self._docs.append(doc)
        self._counts.append(count)

    def all(self, documents: int) -> Ints:
        """The number for every document."""
        lengths = np.zeros(documents, np.int64)
        lengths[np.frombuffer(self._docs, np.uint32)] = np.frombuffer(self._counts, np.uint32)
        return lengths

    def __iter__(self) -> Iterator[int]:
        return iter(self._counts)


class WordsBuilder:
    """Collects the occurrences of words: a text a document, or several values with gaps between."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._vocabulary = Vocabulary(analyzer)
        self._numbers = array("I")
        self._lengths = _Lengths()
        self._positions: array[int] | None = None
        self._values: dict[str, array[int]] = {}

    @property
    def bytes(self) -> int:
        """Roughly the memory that building will need."""
        return 28 * len(self._numbers)

    def add(self, doc: int, texts: tuple[str, ...]) -> None:
        """Add what a document has; documents come in order."""
        if len(texts) == 1 and self._positions is None:
            numbers = self._vocabulary.numbers(texts[0])
            self._numbers.extend(numbers)
            self._lengths.add(doc, len(numbers))
        else:
            self._add_placed(doc, texts)

    def _add_placed(self, doc: int, texts: tuple[str, ...]) -> None:
        if self._positions is None:
            self._positions = array("I")
            for length in self._lengths:
                self._positions.extend(range(length))
        length = base = 0
        for text in texts:
            numbers = self._values.get(text)
            if numbers is None:
                numbers = self._values[text] = self._vocabulary.numbers(text)
            count = len(numbers)
            self._numbers.extend(numbers)
            self._positions.extend(range(base, base + count))
            length += count
            base += max(count - 1, 0) + VALUE_GAP
        self._lengths.add(doc, length)

    def build(self, documents: int) -> Inverted:
        """The inverted field."""
        lengths = self._lengths.all(documents)
        numbers = np.frombuffer(self._numbers, np.uint32)
        if self._positions is None:
            positions = np.arange(len(numbers), dtype=np.uint32)
            positions -= np.repeat(starts_of(lengths)[:-1].astype(np.uint32), lengths)
        else:
            positions = np.frombuffer(self._positions, np.uint32)
        return invert(self._vocabulary.terms, numbers, lengths, positions)[0]


class ValuesBuilder:
    """Collects exact values."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._numbers = array("I")
        self._lengths = _Lengths()

    def add(self, doc: int, values: tuple[str, ...]) -> None:
        """Add what a document has; documents come in order."""
        known = self._known
        for value in values:
            self._numbers.append(known.setdefault(value, len(known)))
        self._lengths.add(doc, len(values))

    def build(self, documents: int) -> tuple[Inverted, Ints, NDArray[Any]]:
        """The inverted field, how many values each document has, and these by their numbers."""
        lengths = self._lengths.all(documents)
        numbers = np.frombuffer(self._numbers, np.uint32)
        inverted, ranks = invert([value.encode() for value in self._known], numbers, lengths, None)
        return inverted, lengths, ranks[numbers]


class NumbersBuilder:
    """Collects a number a document, or none."""

    def __init__(self) -> None:
        self._docs = array("I")
        self._numbers = array("q")

    def add(self, doc: int, numbers: tuple[int, ...]) -> None:
        """Add the number of a document."""
        self._docs.append(doc)
        self._numbers.append(numbers[0])

    def build(self, documents: int) -> Ints:
        """The numbers, NO_NUMBER where there is none."""
        numbers = np.full(documents, NO_NUMBER, np.int64)
        numbers[np.frombuffer(self._docs, np.uint32)] = np.frombuffer(self._numbers, np.int64)
        return numbers


def invert(
    terms: list[bytes], numbers: NDArray[np.uint32], lengths: Ints, positions: NDArray[np.uint32] | None
) -> tuple[Inverted, NDArray[np.uint32]]:
    """Turn documents' lists of terms into terms' lists of documents.

    terms      the terms by number, in no order
    numbers    the terms' numbers in all documents, one document after the other
    lengths    how many of them each document has
    positions  where each stands in its document; None to keep neither these nor frequencies

    Also returns the place in the order of each number.
    """
    order = sorted(range(len(terms)), key=terms.__getitem__)
    ranks = np.empty(len(terms), np.uint32)
    ranks[order] = np.arange(len(terms), dtype=np.uint32)
    # One sort of (term, place) pairs, each pair one number: numpy sorts these many times
    # faster than it sorts by an index.
    keys = ranks[numbers].astype(np.uint64) << np.uint64(32)
    keys |= np.arange(len(numbers), dtype=np.uint64)
    keys.sort()
    places = keys.astype(np.uint32)
    keys >>= np.uint64(32)
    of_term = keys.astype(np.uint32)
    del keys
    docs = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[places]
    first = np.ones(len(docs), np.bool_)
    first[1:] = (of_term[1:] != of_term[:-1]) | (docs[1:] != docs[:-1])
    postings = np.flatnonzero(first)
    counts = np.bincount(of_term[postings], minlength=len(terms)).astype(np.int64)
    sorted_terms = [terms[number] for number in order]
    posted = docs[postings].astype(np.int64)
    if positions is None:
        return Inverted(sorted_terms, counts, posted), ranks
    freqs = np.diff(postings, append=len(docs))
    del docs, of_term, first
    return Inverted(sorted_terms, counts, posted, freqs, positions[places], lengths), ranks


class SegmentBuilder:
    """Collects articles for one segment."""

    def __init__(self, fields: tuple[IndexField, ...], analyzer: Analyzer) -> None:
        self._fields = fields
        plain = Analyzer(None)
        self._words = {
            f.name: WordsBuilder(analyzer if f.stemmed else plain) for f in fields if f.kind is IndexKind.WORDS
        }
        self._values = {f.name: ValuesBuilder() for f in fields if f.kind is IndexKind.VALUES}
        self._numbers = {f.name: NumbersBuilder() for f in fields if f.kind is IndexKind.NUMBER}
        builders: dict[str, Any] = {**self._words, **self._values, **self._numbers}
        self._adders = [(field.put, builders[field.name].add) for field in fields]
        self._stored = StoredWriter()

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def bytes(self) -> int:
        """Roughly the memory that building will need."""
        return self._stored.bytes + sum(words.bytes for words in self._words.values())

    def add(self, article: Article, digest: str, base: str) -> None:
        """Add the next document."""
        doc = len(self._stored)
        self._stored.add(record_of(article, digest, base))
        for put, add in self._adders:
            if values := put(article):
                add(doc, values)

    def write(self, out: SectionWriter) -> None:
        """Write everything as one segment; the builder cannot be used again."""
        self._adders.clear()
        lengths: dict[str, int] = {}
        names: list[str] = []
        columned = {field.name for field in self._fields if field.column}
        while self._words:  # each is let go of when it is written: this is where memory peaks
            name, words = self._words.popitem()
            inverted = words.build(len(self))
            del words
            lengths[name] = int(inverted.lengths.sum()) if inverted.lengths is not None else 0
            write_field(out, names, name, inverted)
        for name, values in self._values.items():
            inverted, counts, ordinals = values.build(len(self))
            write_field(out, names, name, inverted)
            if name in columned:
                write_column(out, name, counts, ordinals)
        for name, numbers in self._numbers.items():
            write_numbers(out, names, name, numbers.build(len(self)))
        self._stored.write(out)
        out.finish(about(len(self), names, lengths))


def about(documents: int, names: list[str], lengths: dict[str, int]) -> dict[str, Any]:
    """What a segment says of itself."""
    return {"documents": documents, "fields": sorted(names), "lengths": lengths}


def write_field(out: SectionWriter, names: list[str], name: str, inverted: Inverted) -> None:
    """Write an inverted field, and note its name, unless it is empty."""
    if inverted.terms:
        inverted.write(out, name)
        names.append(name)


def write_column(out: SectionWriter, name: str, counts: Ints, ordinals: NDArray[Any]) -> None:
    """Write the values of a field by document."""
    out.add(f"{name}/column_at", smallest(starts_of(counts)))
    out.add(f"{name}/column", smallest(ordinals))


def write_numbers(out: SectionWriter, names: list[str], name: str, numbers: Ints) -> None:
    """Write a column of numbers, and the same as an inverted field for Whoosh's own queries."""
    out.add(f"{name}/number", numbers.astype("<i4"))
    docs = np.flatnonzero(numbers != NO_NUMBER)
    distinct, places = np.unique(numbers[docs], return_inverse=True)
    order = np.argsort(places, kind="stable")
    terms = [number_term(int(number)) for number in distinct]
    counts = np.bincount(places, minlength=len(distinct)).astype(np.int64)
    write_field(out, names, name, Inverted(terms, counts, docs[order]))


def number_term(number: int) -> bytes:
    """The term of a number, as Whoosh's NUMERIC fields write it (`whoosh.fields.NUMERIC.to_bytes`)."""
    from whoosh.util.numeric import to_sortable

    sortable: int = to_sortable(int, 32, True, number)
    return b"\0" + sortable.to_bytes(4, "big")
