"""The terms of an index that match a prefix, wildcard, fuzzy word or range of words."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from whoosh import query as wq

from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.local.segment.word_forms import FormsReader
from archive.engine.rewrite import rewrite
from archive.errors import LimitError
from archive.query.limits import MAX_EXPANSION, Deadline, current_deadline
from archive.text.analyzer import EXTRA, parts_of


def expand(
    tree: wq.Query, segments: Sequence[SegmentReader], stem: Callable[[str], str], deadline: Deadline | None = None
) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """`tree` with every pattern replaced by the words it stands for, and those words by pattern.

    Phrases are looked for with the compounds that are one of their words in one piece, too; `stem` gives the terms of
    the parts. Patterns are expanded over the whole index, not segment by segment, so that scores do
    not depend on how the index is cut up. Raises LimitError beyond MAX_EXPANSION words, and
    beyond the deadline.
    """
    within = deadline or current_deadline()
    return rewrite(tree, lambda q, pattern: _terms(q, segments, pattern, within), _ExtraFormLookup(segments, stem))


class _ExtraFormLookup:
    """See `archive.engine.rewrite.ExtraForms`."""

    def __init__(self, segments: Sequence[SegmentReader], stem: Callable[[str], str]) -> None:
        self._segments, self._stem = segments, stem

    def compounds(self, fields: Sequence[str], forms: Sequence[str]) -> dict[str, list[tuple[str, list[str]]]]:
        readers = [found for segment in self._segments for field in fields if (found := segment.forms(field))]
        distinct = {form: {extra for reader in readers for extra in reader.compounds(form)} for form in forms}
        return {form: [self._with_terms(extra) for extra in sorted(found)] for form, found in distinct.items() if found}

    def _with_terms(self, extra: str) -> tuple[str, list[str]]:
        return extra, list(map(self._stem, parts_of(extra)))

    def has_acronym(self, fields: Sequence[str], acronym: str) -> bool:
        form = f"{EXTRA}{acronym}".encode()
        readers = [found for segment in self._segments for field in fields if (found := segment.searched(field))]
        return any(reader.find(form) is not None for reader in readers)


def _terms(q: Any, segments: Sequence[SegmentReader], pattern: str, deadline: Deadline) -> list[str]:
    """The words of the index that a pattern stands for, sorted."""
    terms: set[bytes] = set()
    for segment in segments:
        deadline.check()
        field = segment.searched(q.fieldname)
        if field is not None:
            terms.update(islice(_matching(q, field, deadline), MAX_EXPANSION + 1))
        if len(terms) > MAX_EXPANSION:
            raise LimitError(f"{pattern} expands to more than {MAX_EXPANSION:,} words", "write more of its letters")
    return [term.decode() for term in sorted(terms)]


def _matching(q: Any, field: FieldReader | FormsReader, deadline: Deadline) -> Iterator[bytes]:
    match q:
        case wq.Prefix():
            among = field.prefix_range(q.text.encode())
            return field.terms(among.start, min(among.stop, among.start + MAX_EXPANSION + 1))
        case wq.Wildcard():
            prefix = re.split(r"[*?\[]", q.text, maxsplit=1)[0].encode()
            pattern = re.compile(fnmatch.translate(q.text))
            return _fitting(field, pattern, prefix, deadline)
        case wq.FuzzyTerm():
            return fuzzy(field, q.text, q.maxdist, q.prefixlength)
    first = field.seek_ceil(q.start.encode()) if q.start else field.first_word
    last = field.seek_ceil(q.end.encode()) if q.end else len(field)
    if q.end and not q.endexcl and last < len(field) and field.term(last) == q.end.encode():
        last += 1
    if q.start and q.startexcl and first < len(field) and field.term(first) == q.start.encode():
        first += 1
    return field.terms(first, max(first, last))


def _fitting(
    field: FieldReader | FormsReader, pattern: re.Pattern[str], prefix: bytes, deadline: Deadline
) -> Iterator[bytes]:
    """The terms with a beginning that match a pattern."""
    among = field.prefix_range(prefix)
    for term in deadline.checked(field.terms(among.start, among.stop)):
        if pattern.match(term.decode()):
            yield term


def fuzzy(field: FieldReader | FormsReader, text: str, edits: int, prefix_length: int) -> Iterator[bytes]:
    """The terms with the same beginning within so many edits, of which a swap of two neighbours is one."""
    among = field.prefix_range(text[:prefix_length].encode())
    if edits == 1:
        return (term for term in _within_half(field, text, among) if _are_one_edit_apart(term.decode(), text))
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = (term.decode() for term in current_deadline().checked(field.terms(among.start, among.stop)))
    choices = [term for term in near if abs(len(term) - len(text)) <= edits]
    found = process.extract(text, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return (term.encode() for term, _, _ in found)


def _within_half(field: FieldReader | FormsReader, text: str, among: range) -> Iterator[bytes]:
    """The terms, of some in a row, that may be one edit away, sorted.

    An edit leaves the first half as it is or, as a swap changes two letters, what is after the middle letter.
    """
    middle = len(text) // 2
    same_half = field.prefix_range(text[:middle].encode())
    same_half = range(max(same_half.start, among.start), min(same_half.stop, among.stop))
    same_end = field.ending_with(among, text[middle + 1 :].encode())
    numbers = np.union1d(np.arange(same_half.start, same_half.stop), same_end)
    return map(field.term, field.nearly(numbers, text).tolist())


def _are_one_edit_apart(word: str, other: str) -> bool:
    """Whether two words are the same, or one edit makes them so."""
    if len(word) > len(other):
        word, other = other, word
    same = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))
    rest, other_rest = word[same:], other[same:]
    if len(rest) < len(other_rest):
        return rest == other_rest[1:]
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
