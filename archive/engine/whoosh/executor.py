"""Running a query tree: every matching document and its score, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.whoosh.columns import Docs
from archive.engine.whoosh.phrases import Phrase
from archive.errors import LimitError
from archive.query.limits import MAX_EXPANSION

Scores = NDArray[np.float64]

#: Patterns whose words must be looked up; numeric ranges are queries of their own kind.
_PATTERNS = (wq.Prefix, wq.Wildcard, wq.FuzzyTerm, wq.TermRange)


def run(tree: wq.Query, searcher: Any, scored: bool) -> tuple[Docs, Scores]:
    """The documents that match `tree`, ascending, and their scores (zeros unless `scored`)."""
    if isinstance(tree, wq.Every) and tree.fieldname is None:
        docs = np.fromiter(searcher.reader().all_doc_ids(), np.int64)
        return docs, np.zeros(len(docs))
    numbers: list[int] = []
    scores: list[float] = []
    context = searcher.context() if scored else searcher.boolean_context()
    for leaf, offset in searcher.leaf_searchers():
        matcher = tree.matcher(leaf, context)
        while matcher.is_active():
            numbers.append(matcher.id() + offset)
            if scored:
                scores.append(matcher.score())
            matcher.next()
    return np.array(numbers, np.int64), np.array(scores) if scored else np.zeros(len(numbers))


def expand(tree: wq.Query, reader: Any) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """`tree` made to be run: every pattern becomes the words it stands for. Also those words, by pattern.

    Patterns are expanded over the whole index, not segment by segment, so that scores do
    not depend on how the index is cut up. Raises LimitError beyond MAX_EXPANSION words.
    """
    found: dict[str, dict[str, None]] = {}

    def replace(q: wq.Query) -> wq.Query:
        if isinstance(q, wq.Phrase):
            return Phrase(q.fieldname, q.words, slop=q.slop, boost=q.boost)
        if not isinstance(q, _PATTERNS):
            return q.apply(replace) if isinstance(q, (wq.And, wq.Or, wq.Not, _BINARY)) else q
        pattern = _typed(q)
        terms = _terms(q, reader, pattern)
        found.setdefault(pattern, {}).update(dict.fromkeys(terms))
        if not terms:
            return wq.NullQuery
        parts = [wq.Term(q.fieldname, term) for term in terms]
        return wq.ConstantScoreQuery(wq.Or(parts), score=q.boost)

    return replace(tree), {pattern: tuple(sorted(terms)) for pattern, terms in found.items()}


_BINARY = (wq.AndNot, wq.AndMaybe, wq.Require)


def _terms(q: Any, reader: Any, pattern: str) -> list[str]:
    """The words of the index that a pattern stands for, sorted."""
    terms: set[str] = set()
    for leaf, _ in reader.leaf_readers():
        for text in q._btexts(leaf):
            terms.add(text.decode() if isinstance(text, bytes) else text)
            if len(terms) > MAX_EXPANSION:
                raise LimitError(f"{pattern} stands for more than {MAX_EXPANSION:,} words; write more of its letters")
    return sorted(terms)


def _typed(q: Any) -> str:
    match q:
        case wq.Prefix():
            return f"{q.text}*"
        case wq.FuzzyTerm():
            return f"{q.text}~{q.maxdist}"
        case wq.TermRange():
            return f"[{q.start} TO {q.end}]"
    return str(q.text)
