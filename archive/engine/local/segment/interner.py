"""Terms as numbers, many texts at a time: what an analyzer finds, without a Python call a word.

A batch of texts is one run of bytes with spaces between words. A word of up to 16 bytes is two
64-bit integers, taken from the run as they lie and looked up in a hash table of numpy arrays;
both are compared, so that no two words are ever mixed up. Longer words and those not seen
before go through a dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.segment.compounds import RunOfWords
from archive.engine.local.segment.packed_lists import Ints, starts_of
from archive.text.analyzer import (
    APOSTROPHE,
    EXTRA,
    HAS_DIGIT,
    LAST_BETWEEN,
    PREFIX,
    SHORT,
    Analyzer,
    compound_form,
    form_of,
    part_traits,
)

_Key = TypeVar("_Key")
Numbers = NDArray[np.uint32]

#: The bytes of the first and of the second integer that belong to a word of so many bytes, 16 or more.
_LOW_MASKS = np.array([(1 << 8 * min(count, 8)) - 1 for count in range(17)], np.uint64)
_HIGH_MASKS = np.array([(1 << 8 * max(count - 8, 0)) - 1 for count in range(17)], np.uint64)
#: Odd constants with well-mixed bits (from the golden ratio, and MurmurHash3's finalizer).
_MIX_LOW, _MIX_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
#: What stands for a word without a form: an apostrophe that belongs to no word.
_NO_FORM = 0xFFFFFFFF
_APOSTROPHE = bytes((APOSTROPHE,))
#: Stands for the traits of a form that was no part of anything yet.
_UNKNOWN = 0xFF


class TermInterner:
    """Numbers for the forms that an analyzer finds, in the order in which they were first seen."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._forms = forms = _NumberedForms()
        self._of_word: dict[bytes, int] = {}
        self._of_pair: _Remembered[int] = _Remembered(lambda pair: forms.compound((pair >> 32, pair & 0xFFFFFFFF)))
        self._of_chain = _Remembered(forms.compound)
        self._of_capital_word: _Remembered[int] = _Remembered(lambda number: forms.acronym((number,)))
        self._of_capital_letters = _Remembered(forms.acronym)
        self._table = HashTable128()
        self._no_form_seen = False

    @property
    def texts(self) -> list[str]:
        """The forms by number."""
        return self._forms.texts

    @property
    def forms(self) -> list[bytes]:
        """The forms by number, in UTF-8."""
        return [form.encode() for form in self.texts]

    def numbers(self, texts: Sequence[str]) -> tuple[Numbers, Ints]:
        """The numbers of the forms of `texts`, one text after the other, and how many each has.

        A word's position in its text is its place among the numbers of that text. A batch is
        best some hundred thousand characters: work for numpy, and words known to the next one.
        """
        numbers, counts, _ = self._words(texts)
        return self._with_form(numbers), counts

    def numbers_with_extra(self, texts: Sequence[str]) -> tuple[Numbers, Ints, Ints]:
        """The same with the extra forms of each text after its words; and how many of them are words."""
        numbers, counts, run = self._words(texts)
        of_text, extra = self._extra(numbers, run)
        numbers = self._with_form(numbers)
        if not len(extra):
            return numbers, counts, counts
        numbers = np.insert(numbers, np.cumsum(counts)[of_text], extra)
        return numbers, counts + np.bincount(of_text, minlength=len(texts)), counts

    def _words(self, texts: Sequence[str]) -> tuple[Numbers, Ints, RunOfWords]:
        """The numbers of all words, also those without a form; how many with one each text has; and the run."""
        pretokenized, sizes = self._analyzer.pretokenize(texts)
        run = pretokenized + b" " * 17
        starts, ends = _word_bounds(run)
        numbers = self._look_up(run.lower(), starts, ends)
        bounds = starts_of(np.array(sizes, np.int64)) + 1
        begins = starts[numbers != _NO_FORM] if self._no_form_seen else starts
        return numbers, np.diff(np.searchsorted(begins, bounds)), RunOfWords(run, starts, ends, bounds)

    def _with_form(self, numbers: Numbers) -> Numbers:
        return numbers[numbers != _NO_FORM] if self._no_form_seen else numbers

    def _look_up(self, run: bytes, starts: Ints, ends: Ints) -> Numbers:
        lengths = ends - starts
        eights = np.ndarray((len(run) - 7,), "<u8", run, strides=(1,))
        low = eights[starts]
        low &= _LOW_MASKS.take(lengths, mode="clip")
        high = np.zeros(len(starts), np.uint64)
        longer = np.flatnonzero(lengths > 8)  # one word in five
        high[longer] = eights[starts[longer] + 8] & _HIGH_MASKS.take(lengths[longer], mode="clip")
        numbers, unknown = self._table.find(low, high)
        new = unknown[lengths[unknown] <= 16]
        by_dict = np.concatenate([new, longer[lengths[longer] > 16]])
        if len(by_dict):
            by_dict.sort()
            bounds = zip(starts[by_dict].tolist(), ends[by_dict].tolist(), strict=True)
            numbers[by_dict] = [self._number(run[start:end]) for start, end in bounds]
            self._table.add(low[new], high[new], numbers[new])
        return numbers

    def _number(self, word: bytes) -> int:
        number = self._of_word.get(word)
        if number is None:
            if word.isalnum():  # in ASCII, and already in small letters
                number = self._forms.number(word.decode())
            elif text := word.replace(_APOSTROPHE, b"'").decode().strip("'"):
                number = self._forms.number(form_of(text))
            else:
                number, self._no_form_seen = _NO_FORM, True
            self._of_word[word] = number
        return number

    def _extra(self, numbers: Numbers, run: RunOfWords) -> tuple[Ints, Numbers]:
        """The extra forms of the texts of a run, text by text, and before them the text of each."""
        firsts, lasts, dotted, chained = run.compounds()
        of_compounds = self._compounds(numbers, firsts, lasts, dotted, chained)
        words, ends = run.acronyms(firsts[dotted], lasts[dotted])
        of_acronyms = self._acronyms(numbers, words, ends)
        texts = run.texts_of(words)
        _, once = np.unique(texts << 32 | of_acronyms, return_index=True)
        once.sort()
        kept = of_compounds != _NO_FORM
        all_texts = np.concatenate([run.texts_of(firsts[kept]), texts[once]])
        order = np.argsort(all_texts, kind="stable")
        return all_texts[order], np.concatenate([of_compounds[kept], of_acronyms[once]])[order]

    def _compounds(
        self,
        numbers: Numbers,
        firsts: Ints,
        lasts: Ints,
        dotted: NDArray[np.bool_],
        chained: NDArray[np.bool_],
    ) -> Numbers:
        """The number of each compound; `_NO_FORM` where it is not indexed."""
        found = np.full(len(firsts), _NO_FORM, np.uint32)
        first, second = numbers[firsts], numbers[firsts + 1]
        traits = self._forms.traits(np.concatenate([first, second]))
        a, b = traits[first], traits[second]
        kept = dotted | ((a | b) & HAS_DIGIT > 0) | (a & PREFIX > 0) | (~chained & ((a | b) & SHORT > 0))
        is_pair = kept & (lasts - firsts == 1)
        pairs = firsts[is_pair]
        keys = numbers[pairs].astype(np.int64) << 32 | numbers[pairs + 1]
        found[is_pair] = list(map(self._of_pair.__getitem__, keys.tolist()))
        is_longer = lasts - firsts > 1
        longer = zip(firsts[is_longer].tolist(), lasts[is_longer].tolist(), strict=True)
        found[is_longer] = [self._of_chain[tuple(numbers[first : last + 1].tolist())] for first, last in longer]
        return found

    def _acronyms(self, numbers: Numbers, firsts: Ints, lasts: Ints) -> Numbers:
        """The number of each acronym in capitals: of a word, or of letters with full stops between them."""
        found = np.empty(len(firsts), np.uint32)
        is_word = firsts == lasts
        found[is_word] = list(map(self._of_capital_word.__getitem__, numbers[firsts[is_word]].tolist()))
        dotted = zip(firsts[~is_word].tolist(), lasts[~is_word].tolist(), strict=True)
        of_letters = self._of_capital_letters
        found[~is_word] = [of_letters[tuple(numbers[first : last + 1].tolist())] for first, last in dotted]
        return found


class _NumberedForms:
    """Forms, numbered in the order in which they were first seen."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._traits = bytearray()

    def number(self, form: str) -> int:
        """The number of a form."""
        number = self._numbers.setdefault(form, len(self.texts))
        if number == len(self.texts):
            self.texts.append(form)
            self._traits.append(_UNKNOWN)
        return number

    def compound(self, parts: tuple[int, ...]) -> int:
        """The number of the compound with these parts; `_NO_FORM` where one of them has no letter."""
        forms = [self.texts[part] for part in parts]
        return self.number(compound_form(forms)) if all(forms) else _NO_FORM

    def acronym(self, parts: tuple[int, ...]) -> int:
        """The number of the acronym in capitals that is a word, or so many letters."""
        return self.number(EXTRA + "".join(self.texts[part] for part in parts).upper())

    def traits(self, parts: Numbers) -> NDArray[np.uint8]:
        """The traits of all forms by number, those of these parts filled in."""
        traits = np.frombuffer(self._traits.copy(), np.uint8)  # a copy: it may grow meanwhile
        for number in frozenset(parts[traits[parts] == _UNKNOWN].tolist()):
            self._traits[number] = traits[number] = part_traits(self.texts[number])
        return traits


class _Remembered(dict[_Key, int]):
    """What a function says of each key that it was asked for."""

    def __init__(self, find: Callable[[_Key], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: _Key) -> int:
        number = self[key] = self._find(key)
        return number


def _word_bounds(run: bytes) -> tuple[Ints, Ints]:
    """Where words begin and end in a run that begins and ends with a space."""
    inside = np.frombuffer(run, np.uint8) > LAST_BETWEEN
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    edges += 1
    return edges[::2], edges[1::2]


class HashTable128:
    """An open-addressing hash table from pairs of integers (the first never 0) to numbers."""

    def __init__(self) -> None:
        self._most = 0  # pairs at the most: repeated ones are counted again until the table is full
        self._allocate(16)

    def _allocate(self, bits: int) -> None:
        self._bits = bits
        pairs = np.zeros((1 << bits, 2), np.uint64)
        self._low, self._high = pairs[:, 0], pairs[:, 1]
        #: The same pairs as numbers of 16 bytes: both halves of one are in memory at once.
        self._pairs = pairs.view(np.complex128).reshape(-1)
        self._number = np.zeros(1 << bits, np.uint32)

    def _slots(self, low: NDArray[np.uint64], high: NDArray[np.uint64]) -> Ints:
        mixed = low * _MIX_LOW
        mixed ^= high * _MIX_HIGH
        mixed ^= mixed >> np.uint64(32)
        mixed *= _MIX_LOW
        mixed >>= np.uint64(64 - self._bits)
        return mixed.astype(np.int64)

    def find(self, low: NDArray[np.uint64], high: NDArray[np.uint64]) -> tuple[Numbers, Ints]:
        """The number of each pair, and the places of the pairs that are not in the table."""
        slots = self._slots(low, high)
        numbers = self._number[slots]
        held = self._pairs[slots].view(np.uint64).reshape(-1, 2)
        places = np.flatnonzero((held[:, 0] != low) | (held[:, 1] != high))
        slots = slots[places]
        unknown = [np.empty(0, np.int64)]
        while len(places):  # those that share a slot with others look in the next one
            empty = self._low[slots] == 0
            unknown.append(places[empty])
            places, slots = places[~empty], (slots[~empty] + 1) & ((1 << self._bits) - 1)
            equal = (self._low[slots] == low[places]) & (self._high[slots] == high[places])
            numbers[places[equal]] = self._number[slots[equal]]
            places, slots = places[~equal], slots[~equal]
        return numbers, np.concatenate(unknown)

    def add(self, low: NDArray[np.uint64], high: NDArray[np.uint64], numbers: Numbers) -> None:
        """Add pairs that are not in the table; they may repeat among themselves."""
        self._most += len(low)
        if self._most * 2 > 1 << self._bits:
            taken = np.flatnonzero(self._low)
            old = self._low[taken], self._high[taken], self._number[taken]
            self._most = len(taken) + len(low)
            self._allocate((self._most * 4 - 1).bit_length())
            self._insert(*old)
        self._insert(low, high, numbers)

    def _insert(self, low: NDArray[np.uint64], high: NDArray[np.uint64], numbers: Numbers) -> None:
        slots = self._slots(low, high)
        while len(slots):
            # Of several pairs for one free slot the last one written has it; the others go on.
            free = self._low[slots] == 0
            self._low[slots[free]] = low[free]
            self._high[slots[free]] = high[free]
            self._number[slots[free]] = numbers[free]
            placed = (self._low[slots] == low) & (self._high[slots] == high)
            low, high, numbers = low[~placed], high[~placed], numbers[~placed]
            slots = (slots[~placed] + 1) & ((1 << self._bits) - 1)
