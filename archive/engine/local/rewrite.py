"""Wildcards, fuzzy words and ranges of words: the words of the index that they stand for."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from whoosh import query as wq

from archive.engine.local.segment.postings import InvertedField
from archive.engine.local.segment.segment_reader import SegmentFile
from archive.errors import LimitError
from archive.query.limits import MAX_EXPANSION, Deadline, present

_PATTERNS = (wq.Prefix, wq.Wildcard, wq.FuzzyTerm, wq.TermRange)
_GROUPS = (wq.And, wq.Or, wq.Not, wq.AndNot, wq.AndMaybe, wq.Require, wq.ConstantScoreQuery)


def expand(
    tree: wq.Query, segments: Sequence[SegmentFile], deadline: Deadline | None = None
) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """`tree` with every pattern replaced by the words it stands for, and those words by pattern.

    Patterns are expanded over the whole index, not segment by segment, so that scores do
    not depend on how the index is cut up. Raises LimitError beyond MAX_EXPANSION words, and
    beyond the deadline.
    """
    within = deadline or present()
    return expand_by(tree, lambda q, pattern: _terms(q, segments, pattern, within))


def expand_by(
    tree: wq.Query, words_of: Callable[[Any, str], list[str]]
) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """The same with `words_of(query, pattern as typed)`, which says what a pattern stands for."""
    if not _has_pattern(tree):
        return tree, {}
    found: dict[str, dict[str, None]] = {}
    return _replaced(tree, words_of, found), {pattern: tuple(sorted(terms)) for pattern, terms in found.items()}


def _replaced(q: wq.Query, words_of: Callable[[Any, str], list[str]], found: dict[str, dict[str, None]]) -> wq.Query:
    if not isinstance(q, _PATTERNS):
        return q.apply(lambda part: _replaced(part, words_of, found)) if isinstance(q, _GROUPS) else q
    pattern = _typed(q)
    terms = words_of(q, pattern)
    found.setdefault(pattern, {}).update(dict.fromkeys(terms))
    if not terms:
        return wq.NullQuery
    return wq.ConstantScoreQuery(wq.Or([wq.Term(q.fieldname, term) for term in terms]), score=q.boost)


def _has_pattern(q: wq.Query) -> bool:
    return isinstance(q, _PATTERNS) or any(map(_has_pattern, q.children()))


def _terms(q: Any, segments: Sequence[SegmentFile], pattern: str, deadline: Deadline) -> list[str]:
    """The words of the index that a pattern stands for, sorted."""
    terms: set[bytes] = set()
    for segment in segments:
        deadline.check()
        field = segment.field(q.fieldname)
        if field is not None:
            terms.update(islice(_matching(q, field, deadline), MAX_EXPANSION + 1))
        if len(terms) > MAX_EXPANSION:
            raise LimitError(f"{pattern} stands for more than {MAX_EXPANSION:,} words; write more of its letters")
    return [term.decode() for term in sorted(terms)]


def _matching(q: Any, field: InvertedField, deadline: Deadline) -> Iterator[bytes]:
    match q:
        case wq.Prefix():
            among = field.prefixed(q.text.encode())
            return field.terms(among.start, min(among.stop, among.start + MAX_EXPANSION + 1))
        case wq.Wildcard():
            prefix = re.split(r"[*?\[]", q.text, maxsplit=1)[0].encode()
            pattern = re.compile(fnmatch.translate(q.text))
            return _fitting(field, pattern, prefix, deadline)
        case wq.FuzzyTerm():
            return fuzzy(field, q.text, q.maxdist, q.prefixlength)
    first = field.at_or_after(q.start.encode()) if q.start else 0
    last = field.at_or_after(q.end.encode()) if q.end else len(field)
    if q.end and not q.endexcl and last < len(field) and field.term(last) == q.end.encode():
        last += 1
    if q.start and q.startexcl and first < len(field) and field.term(first) == q.start.encode():
        first += 1
    return field.terms(first, max(first, last))


def _fitting(field: InvertedField, pattern: re.Pattern[str], prefix: bytes, deadline: Deadline) -> Iterator[bytes]:
    """The terms with a beginning that match a pattern."""
    among = field.prefixed(prefix)
    for term in deadline.over(field.terms(among.start, among.stop)):
        if pattern.match(term.decode()):
            yield term


def fuzzy(field: InvertedField, text: str, edits: int, prefix_length: int) -> Iterator[bytes]:
    """The terms with the same beginning that are at most some insertions, deletions and replacements away."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    among = field.prefixed(text[:prefix_length].encode())
    near = (term.decode() for term in present().over(field.terms(among.start, among.stop)))
    choices = [term for term in near if abs(len(term) - len(text)) <= edits]
    found = process.extract(text, choices, scorer=Levenshtein.distance, score_cutoff=edits, limit=None)
    return (term.encode() for term, _, _ in found)


def _typed(q: Any) -> str:
    match q:
        case wq.Prefix():
            return f"{q.text}*"
        case wq.FuzzyTerm():
            return f"{q.text}~{q.maxdist}"
        case wq.TermRange():
            return f"[{q.start} TO {q.end}]"
    return str(q.text)
