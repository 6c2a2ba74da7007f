"""Words as written beside their stems: the forms of each term of a stemmed field, and which one each occurrence has.

A second posting list a form would make the index half as large again. Here an occurrence, whose document and position
its term knows, only has the number of its form among those of the term: nothing where a term has but one, else a byte.
Sections of a field `f`, besides those in `postings`:

    f/forms, f/forms_at   the forms' UTF-8 bytes one after the other, sorted, and where each begins
    f/form_terms          the number of the term of each form
    f/form_numbers        the number of each form among the forms of its term in their order, from 1 on
    f/form_of             for each occurrence of a term, in the order of its positions, that number of its form (packed)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.file import CheckedPages, SegmentFileReader, SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints, distinct_sorted, smallest, starts_of
from archive.engine.local.segment.postings import FieldReader, TermDictionary, TermsWriter
from archive.text.analyzer import EXTRA

#: Forms whose postings are kept: a query asks for each more than once.
_REMEMBERED = 128
#: Words of which it is known whether they are written as compounds.
_REMEMBERED_FORMS = 4_096


class FormVocabulary(NamedTuple):
    """The forms of a field, sorted, and the number of the term of each."""

    forms: list[bytes]
    terms: Ints

    def write(self, out: SegmentFileWriter, name: str) -> None:
        """Write the sections of a field that list its forms."""
        if self.forms:
            terms = TermsWriter(out, f"{name}/forms")
            terms.add(self.forms)
            terms.finish()
            out.add(f"{name}/form_terms", smallest(self.terms))
            out.add(f"{name}/form_numbers", smallest(number_forms(self.terms)), sparse=True)


def number_forms(terms: Ints) -> Ints:
    """For forms in their order, with their terms, the number of each among the forms of its term, from 1 on."""
    order = np.argsort(terms, kind="stable")
    ordered = terms[order]
    numbers = np.empty(len(terms), np.int64)
    numbers[order] = np.arange(len(terms)) - np.searchsorted(ordered, ordered) + 1
    return numbers


class FormsReader(TermDictionary):
    """The forms of a field, with postings as if each were a term: see `FieldReader`."""

    has_positions = True

    def __init__(self, file: SegmentFileReader, field: FieldReader) -> None:
        super().__init__(file, f"{field.name}/forms")
        self.name, self._field = f"{field.name}/forms", field
        self._postings: dict[int, tuple[Ints, NDArray[Any] | None]] = {}
        self._compounds: dict[str, tuple[str, ...]] = {}
        self._of_terms: dict[bytes, tuple[str, ...]] = {}
        self._of_letters: dict[bytes, range] = {}

    @cached_property
    def first_word(self) -> int:
        """The ordinal of the first word: extra forms, which are no words as written, stand before all of them."""
        return self.seek_ceil(bytes((ord(EXTRA) + 1,)))

    @cached_property
    def _form_terms(self) -> CheckedPages:
        return self._file.pages(f"{self._field.name}/form_terms")

    @cached_property
    def _form_numbers(self) -> CheckedPages:
        return self._file.pages(f"{self._field.name}/form_numbers")

    @property
    def vocabulary(self) -> FormVocabulary:
        """All forms and the terms that they are of."""
        return FormVocabulary(list(self.terms()), self._form_terms.part(0, len(self)).astype(np.int64))

    def compounds(self, form: str) -> tuple[str, ...]:
        """The extra forms of the compounds that are `form` in one piece."""
        found = self._compounds.get(form)
        if found is None:
            if len(self._compounds) >= _REMEMBERED_FORMS:
                self._compounds.clear()
            among = self.prefix_range(f"{EXTRA}{form}{EXTRA}".encode())
            extra = self.terms(among.start, among.stop) if among else ()
            found = self._compounds[form] = tuple(each.decode() for each in extra)
        return found

    def forms_of(self, term: bytes, beginning: bytes = b"") -> tuple[str, ...]:
        """The words as written of a term, all of which are known to begin with some bytes."""
        found = self._of_terms.get(term)
        if found is None:
            if len(self._of_terms) >= _REMEMBERED_FORMS:
                self._of_terms.clear()
            number, numbers = self._field.find(term), list[int]()
            if number is not None:
                among = self._beginning_with(beginning)
                numbers = np.flatnonzero(self._form_terms.part(among.start, among.stop) == number).tolist()
                numbers = [among.start + each for each in numbers]
            found = self._of_terms[term] = tuple(self.term(each).decode() for each in numbers)
        return found

    def _beginning_with(self, beginning: bytes) -> range:
        """The numbers of the words that begin with the bytes of a letter, or of all words."""
        found = self._of_letters.get(beginning)
        if found is None:
            if len(self._of_letters) >= _REMEMBERED:
                self._of_letters.clear()
            found = self._of_letters[beginning] = self.prefix_range(beginning)
        return found

    @cached_property
    def _form_counts(self) -> Ints:
        """How many forms each term has."""
        return np.bincount(self._form_terms.part(0, len(self)), minlength=len(self._field))

    def _has(self, number: int) -> NDArray[np.bool_] | None:
        """Which occurrences of its term have a form; None where all have."""
        term = self._form_terms[number]
        forms = self._field.forms(term)
        if forms is None:
            return None
        same: NDArray[np.bool_] = forms == self._form_numbers[number]
        return same

    def _posting(self, number: int) -> tuple[Ints, NDArray[Any] | None]:
        """The documents that have a form, and how often each has it (None: once)."""
        found = self._postings.get(number)
        if found is None:
            if len(self._postings) >= _REMEMBERED:
                self._postings.clear()
            term, has = self._form_terms[number], self._has(number)
            docs, freqs = self._field.docs(term), self._field.freqs(term)
            if has is not None:
                freqs = has if freqs is None else np.add.reduceat(has, starts_of(freqs)[:-1], dtype=np.int64)
                docs, freqs = docs[freqs > 0], freqs[freqs > 0].astype(np.int64)
            found = self._postings[number] = docs, freqs
        return found

    def doc_frequency(self, number: int) -> int:
        """How many documents have a form, deleted ones included."""
        return len(self._posting(number)[0])

    def most_documents(self, number: int) -> int:
        """At least as many documents as have a form: those of its term, whose number is at hand."""
        return self._field.doc_frequency(self._form_terms[number])

    def frequency(self, number: int) -> int:
        """How often a form occurs."""
        docs, freqs = self._posting(number)
        return len(docs) if freqs is None else int(freqs.sum())

    def docs(self, number: int) -> Ints:
        """The documents of a form, ascending."""
        return self._posting(number)[0]

    def read_docs(self, number: int, docs: Ints) -> None:
        """Write the same into an array of their number."""
        docs[:] = self.docs(number)

    def docs_of_any(self, first: int, last: int) -> Ints:
        """The documents of the forms from number `first` to before `last`, in no order, some of them repeated."""
        of: Ints = self._form_terms.part(first, last).astype(np.int64)
        order = of.argsort(kind="stable")
        terms, counts = distinct_sorted(of.take(order))
        is_whole = counts == self._form_counts.take(terms)
        docs = [self._field.docs_of_terms(terms[is_whole])]
        if not is_whole.all():
            begins = (counts.cumsum() - counts)[~is_whole]
            parts = zip(terms[~is_whole].tolist(), order.take(begins).tolist(), counts[~is_whole].tolist(), strict=True)
            docs += [self._docs_of_forms(term, self._form_numbers[first + form], count) for term, form, count in parts]
        return docs[0] if len(docs) == 1 else np.concatenate(docs)

    def _docs_of_forms(self, term: int, first: int, count: int) -> Ints:
        """The documents that have one of so many forms of a term, from its `first` on; some are repeated."""
        forms = self._field.forms(term)
        docs, freqs = self._field.docs(term), self._field.freqs(term)
        if forms is None:
            return docs
        return (docs if freqs is None else np.repeat(docs, freqs))[(forms >= first) & (forms < first + count)]

    def freqs(self, number: int) -> NDArray[Any] | None:
        """How often a form occurs in each of its documents; None where it is once in all."""
        return self._posting(number)[1]

    def positions(self, number: int) -> NDArray[Any]:
        """The positions of a form, document after document."""
        has, positions = self._has(number), self._field.positions(self._form_terms[number])
        return positions if has is None else positions[has]

    def positions_at(self, number: int, places: Ints) -> NDArray[Any]:
        """Some of these: those at some places, ascending."""
        return self.positions(number).take(places)

    @property
    def lengths(self) -> NDArray[np.uint8] | None:
        """The length of each document, as of the field."""
        return self._field.lengths


class FormMerger:
    """Brings the forms of several segments' field into one: numbers all forms, and again those that are left.

    readers  the forms of each part; None where it has none
    terms    for each part the numbers of its terms among the merged ones
    """

    def __init__(self, readers: Iterable[FormsReader | None]) -> None:
        held = [FormVocabulary([], np.empty(0, np.int64)) if each is None else each.vocabulary for each in readers]
        self._forms = sorted(set().union(*(each.forms for each in held)))
        place = {form: number for number, form in enumerate(self._forms)}
        self._orders: list[tuple[Ints, Ints]] = []
        for each in held:
            numbers = np.fromiter(map(place.__getitem__, each.forms), np.uint32, len(each.forms))
            order = np.argsort(each.terms, kind="stable")
            self._orders.append((each.terms[order], numbers[order]))
        self._kept: list[Ints] = []
        self._terms: list[Ints] = []

    def numbers_of(self, part: int, first: int, counts: Ints, among: Ints) -> Ints:
        """The number among all forms of each occurrence of a part's terms from `first` on, from that in its term."""
        terms, numbers = self._orders[part]
        starts = np.searchsorted(terms, np.arange(first, first + len(counts)))
        return numbers[np.repeat(starts, counts) + among - 1]

    def take(self, forms: Ints, counts: Ints, first: int) -> Ints:
        """The number within its term of the form of each occurrence, for merged terms numbered from `first` on.

        forms   the number among all forms of each occurrence, term after term
        counts  how many occurrences each term has
        """
        kept, begins, places = np.unique(forms, return_index=True, return_inverse=True)
        terms = np.repeat(np.arange(len(counts)), counts)[begins]
        self._kept.append(kept)
        self._terms.append(terms + first)
        return number_forms(terms)[places]

    @property
    def vocabulary(self) -> FormVocabulary:
        """The forms that occur in what was taken."""
        kept = np.concatenate([np.empty(0, np.int64), *self._kept])
        terms = np.concatenate([np.empty(0, np.int64), *self._terms])
        order = np.argsort(kept)
        return FormVocabulary([self._forms[number] for number in kept[order].tolist()], terms[order])
