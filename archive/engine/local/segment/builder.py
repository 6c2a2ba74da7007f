"""Building a segment: articles in, arrays out, without a Python call a posting.

Articles are taken in batches, field by field: terms become numbers as texts are read, and a
field's postings come from one sort of all its occurrences.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.doc_store import DocStoreWriter
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.file import SegmentFileWriter, SpillBuffer
from archive.engine.local.segment.interner import TermInterner
from archive.engine.local.segment.inverter import Inverter, in_order, sequential_positions
from archive.engine.local.segment.packed_lists import Ints, starts_of
from archive.engine.local.segment.postings import PostingsData
from archive.engine.local.segment.segment import SegmentFieldWriter
from archive.engine.local.segment.word_forms import FormVocabulary, number_forms
from archive.engine.schema import VALUE_GAP, IndexField, IndexKind, ranked_as_one
from archive.engine.stored import encode_article
from archive.model.article import Article
from archive.model.sighting_columns import SightingColumnsBuilder, content_key
from archive.names.near_duplicates import TextSketcher
from archive.text.analyzer import Analyzer

#: A batch is taken when it has so many characters: work for numpy, yet small enough for caches.
_BATCH_CHARACTERS = 1 << 19
#: So many characters of a text field are worth cutting into words.
_TEXT_CHARACTERS = 1 << 18

_VALUES_BATCH = 1 << 13

#: Roughly the memory that a form takes, in the dictionaries of its text and its bytes; and a value; and a key.
_FORM_BYTES, _VALUE_BYTES, _KEY_BYTES = 350, 200, 150

#: What the documents of a batch have in a field, in order.
Batch = Sequence[tuple[Any, ...]]


#: Writes what a builder has made.
Write = Callable[[SegmentFieldWriter], None]


class TextField:
    """Collects the words of texts, at most one text a document, as written and stemmed, and their extra forms."""

    def __init__(self, analyzer: Analyzer, folder: Path) -> None:
        self._analyzer, self._vocabulary, self._folder = analyzer, TermInterner(analyzer), folder
        self._waiting: list[str] = []
        self._characters = 0
        self._numbers = SpillBuffer(folder)
        self._lengths: list[Ints] = []
        self._words: list[Ints] = []
        self._occurring = np.zeros(0, np.int64)  # by number

    @property
    def held_bytes(self) -> int:
        """Roughly the bytes of memory that it takes."""
        return self._numbers.in_memory + _FORM_BYTES * len(self._vocabulary.texts)

    def add(self, batch: Batch) -> None:
        """Add what the next documents have; short texts, such as titles, wait until there is enough work for numpy."""
        texts = ["".join(texts) for texts in batch]
        self._waiting += texts
        self._characters += sum(map(len, texts))
        if self._characters >= _TEXT_CHARACTERS:
            self._take_waiting()

    def _take_waiting(self) -> None:
        numbers, counts, words = self._vocabulary.numbers_with_extra(self._waiting)
        self._waiting, self._characters = [], 0
        self._numbers.write(numbers)
        self._lengths.append(counts)
        self._words.append(words)
        occurring = np.bincount(numbers, minlength=len(self._vocabulary.texts))
        occurring[: len(self._occurring)] += self._occurring
        self._occurring = occurring

    def build(self, name: str, threads: int) -> Write:
        """Make the field; the builder cannot be used again."""
        self._take_waiting()
        texts = self._vocabulary.texts
        del self._vocabulary  # as large as an array of all occurrences
        terms, vocabulary, term_of, among = terms_of_forms(texts, self._analyzer)
        del texts
        lengths, words = np.concatenate(self._lengths), np.concatenate(self._words)
        inverter = Inverter(
            self._folder, terms, term_of, self._occurring, among,
            documents=len(lengths), most_position=int((words + VALUE_GAP * (lengths - words)).max(initial=0)),
        )  # fmt: skip
        batches = self._numbers.arrays(np.uint32, [int(of_batch.sum()) for of_batch in self._lengths])
        for numbers, of_batch, words_of_batch in zip(batches, self._lengths, self._words, strict=True):
            inverter.add(numbers, of_batch, sequential_positions(of_batch, words_of_batch))
        inverted = inverter.parts(threads)
        return lambda out: out.field(name, inverted, lengths, vocabulary)


def terms_of_forms(
    forms: Sequence[str], analyzer: Analyzer
) -> tuple[list[bytes], FormVocabulary, NDArray[np.uint32], Ints]:
    """The terms of forms and the forms, both sorted; of each form its term, and its number among the forms of that."""
    order = np.array(sorted(range(len(forms)), key=forms.__getitem__), np.int64)  # in the order of their UTF-8
    ordered = [forms[number] for number in order.tolist()]
    stems = analyzer.stems(ordered)
    terms = sorted(dict.fromkeys(stems))  # which are nearly in order already
    places = {term: place for place, term in enumerate(terms)}
    terms_in_order = np.fromiter(map(places.__getitem__, stems), np.uint32, len(stems))
    vocabulary = FormVocabulary([form.encode() for form in ordered], terms_in_order.astype(np.int64))
    term_of, among = np.empty(len(forms), np.uint32), np.empty(len(forms), np.int64)
    term_of[order] = terms_in_order
    among[order] = number_forms(vocabulary.terms)
    return [term.encode() for term in terms], vocabulary, term_of, among


class KeywordField:
    """Collects exact values; `column` if they are kept by document, `words` to keep their words under that name."""

    def __init__(self, folder: Path, *, column: bool, words: str) -> None:
        self._folder, self._column, self._words = folder, column, words
        self._known: dict[str, int] = defaultdict(count().__next__)
        self._numbers = array("I")
        self._counts = array("I")

    @property
    def held_bytes(self) -> int:
        """Roughly the bytes of memory that it takes."""
        return 4 * (len(self._numbers) + len(self._counts)) + _VALUE_BYTES * len(self._known)

    def add(self, batch: Batch) -> None:
        """Add what the next documents have."""
        self._numbers.extend(map(self._known.__getitem__, chain.from_iterable(batch)))
        self._counts.extend(map(len, batch))

    def build(self, name: str, threads: int) -> Write:
        """Make the field, its words, and its column."""
        numbers = np.frombuffer(self._numbers, np.uint32)
        counts = np.frombuffer(self._counts, np.uint32).astype(np.int64)
        values = list(self._known)
        words = words_of_values(values, numbers, counts, self._folder) if self._words else None
        terms, places = in_order([value.encode() for value in values])
        occurring = np.bincount(numbers, minlength=len(values))
        inverter = Inverter(self._folder, terms, places, occurring, documents=len(counts))
        inverter.add(numbers, counts)
        inverted = inverter.parts()

        def write(out: SegmentFieldWriter) -> None:
            if words is not None:
                out.field(self._words, *words)
            out.field(name, inverted)
            if self._column:
                out.column(name, counts, places.take(numbers))

        return write


class NumericField:
    """Collects a number a document, or none."""

    def __init__(self) -> None:
        self._numbers = array("q")

    @property
    def held_bytes(self) -> int:
        """The bytes of memory that it takes."""
        return 8 * len(self._numbers)

    def add(self, batch: Batch) -> None:
        """Add what the next documents have."""
        self._numbers.extend([numbers[0] if numbers else MISSING for numbers in batch])

    def build(self, name: str, threads: int) -> Write:
        """Make the column and the field."""
        return lambda out: out.numbers(name, np.frombuffer(self._numbers, np.int64))


class SortKeyBuilder:
    """Collects a key a document, by which documents are sorted."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    @property
    def held_bytes(self) -> int:
        """Roughly the bytes of memory that it takes."""
        return _KEY_BYTES * len(self._keys)

    def add(self, batch: Batch) -> None:
        """Add what the next documents have."""
        self._keys.extend(chain.from_iterable(batch))

    def build(self, name: str, threads: int) -> Write:
        """Make the column."""
        return lambda out: out.order(name, self._keys)


def words_of_values(
    values: list[str], numbers: NDArray[np.uint32], counts: Ints, folder: Path
) -> tuple[Iterator[PostingsData], Ints]:
    """The unstemmed words of values as an inverted field, with gaps that no phrase can reach across, and its lengths.

    values   the distinct values; each is cut into words once
    numbers  the values of all documents, one document after the other
    counts   how many each document has
    folder   where files without a name may be, as the inverter has them
    """
    vocabulary = TermInterner(Analyzer(None, names=True))
    found = [vocabulary.numbers(values[at : at + _VALUES_BATCH]) for at in range(0, len(values), _VALUES_BATCH)]
    words = np.concatenate([np.empty(0, np.uint32), *(numbers for numbers, _ in found)])
    lengths = np.concatenate([np.empty(0, np.int64), *(counts for _, counts in found)])
    each = lengths[numbers]
    within = np.arange(int(each.sum())) - np.repeat(starts_of(each)[:-1], each)
    # A value begins after all those before it in its document, and their gaps.
    begins = starts_of(np.maximum(each - 1, 0) + VALUE_GAP)[:-1]
    first = starts_of(counts)
    having = counts > 0
    begins -= np.repeat(begins[first[:-1][having]], counts[having])
    positions = (np.repeat(begins, each) + within).astype(np.uint32)
    taken = words[np.repeat(starts_of(lengths)[:-1][numbers], each) + within]
    of_doc = np.diff(starts_of(each)[first])
    terms, places = in_order(vocabulary.forms)
    occurring = np.bincount(taken, minlength=len(terms))
    inverter = Inverter(
        folder, terms, places, occurring, documents=len(of_doc), most_position=int(positions.max(initial=0))
    )
    inverter.add(taken, of_doc, positions)
    return inverter.parts(), of_doc


class SegmentBuilder:
    """Collects articles for one segment; what outgrows memory goes to files without a name in `folder`."""

    def __init__(self, fields: tuple[IndexField, ...], analyzer: Analyzer, folder: Path) -> None:
        words = {field.text_of: field.name for field in fields}
        self._fields = [
            (field.name, field.extract, _builder(field, analyzer, words.get(field.name, ""), folder))
            for field in fields
            if not field.text_of and not field.forms_of
        ]
        self._weights = ranked_as_one(fields)
        _keep_memory()
        self._sightings, self._sketcher = SightingColumnsBuilder(), TextSketcher()
        self._stored = DocStoreWriter(SpillBuffer(folder))
        self._batch: list[Article] = []
        self._characters = 0
        #: Roughly the bytes of memory that it takes.
        self.held_bytes = 0

    def __len__(self) -> int:
        return len(self._stored)

    def add(self, article: Article, digest: str, base: str) -> None:
        """Add the next document."""
        self._stored.add(encode_article(article, digest, base))
        sketch = self._sketcher.sketch(article.body) if article.sightings else None
        self._sightings.add(article, sketch, content=content_key(article) if article.by_rules else 0)
        self._batch.append(article)
        self._characters += len(article.body) + 200
        if self._characters > _BATCH_CHARACTERS:
            self._take_batch()

    def _take_batch(self) -> None:
        for _, put, builder in self._fields:
            builder.add(list(map(put, self._batch)))
        self._batch, self._characters = [], 0
        fields = sum(builder.held_bytes for _, _, builder in self._fields)
        self.held_bytes = self._stored.held_bytes + self._sightings.bytes + fields

    def write(self, out: SegmentFileWriter, threads: int = 1) -> tuple[int, str]:
        """Write everything as one segment, the same with any number of threads; returns its size and digest.

        The builder cannot be used again.
        """
        self._take_batch()
        segment, documents = SegmentFieldWriter(out), len(self)
        segment.sightings(self._sightings.columns())
        del self._sightings
        # Memory peaks when the largest field is made: with one thread, all others are written and gone by then.
        fields = sorted(self._fields, key=lambda field: field[2].held_bytes)
        self._fields.clear()
        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                made = [pool.submit(builder.build, name, threads) for name, _, builder in reversed(fields)]
                self._write_stored(out)
                for future in reversed(made):
                    future.result()(segment)
        else:
            self._write_stored(out)
            while fields:
                name, _, builder = fields.pop(0)
                builder.build(name, 1)(segment)
                del builder
        return segment.finish(documents, self._weights)

    def _write_stored(self, out: SegmentFileWriter) -> None:
        self._stored.write(out)
        del self._stored


def _keep_memory() -> None:
    """Have malloc keep what batches free for the next ones, instead of asking the system for every page again.

    glibc keeps blocks as large as the largest that was ever freed, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD).
    """
    np.empty(31 << 20, np.uint8)


def _builder(
    field: IndexField, analyzer: Analyzer, words: str, folder: Path
) -> TextField | KeywordField | NumericField | SortKeyBuilder:
    match field.kind:
        case IndexKind.TEXT:
            return TextField(analyzer, folder)
        case IndexKind.KEYWORD:
            return KeywordField(folder, column=field.column, words=words)
        case IndexKind.NUMERIC:
            return NumericField()
        case IndexKind.SORT_KEY:
            return SortKeyBuilder()
