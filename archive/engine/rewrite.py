"""Rewriting a query tree so that no pattern is left in it: each becomes the terms of the index that match it.

As `MultiTermQuery.rewrite` does in Lucene, with a constant score. Which terms match is for an engine to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whoosh import query as wq

_PATTERNS = (wq.Prefix, wq.Wildcard, wq.FuzzyTerm, wq.TermRange)
_GROUPS = (wq.And, wq.Or, wq.Not, wq.AndNot, wq.AndMaybe, wq.Require, wq.ConstantScoreQuery)

#: A pattern, as a query and as typed, to the terms that match it.
Terms = Callable[[Any, str], list[str]]


def rewrite(tree: wq.Query, terms: Terms) -> tuple[wq.Query, dict[str, tuple[str, ...]]]:
    """`tree` with every pattern replaced by the terms that match it, and those terms by pattern as typed."""
    if not _has_pattern(tree):
        return tree, {}
    found: dict[str, dict[str, None]] = {}
    return _replaced(tree, terms, found), {pattern: tuple(sorted(each)) for pattern, each in found.items()}


def _replaced(q: wq.Query, terms: Terms, found: dict[str, dict[str, None]]) -> wq.Query:
    if not isinstance(q, _PATTERNS):
        return q.apply(lambda part: _replaced(part, terms, found)) if isinstance(q, _GROUPS) else q
    pattern = _typed(q)
    matching = terms(q, pattern)
    found.setdefault(pattern, {}).update(dict.fromkeys(matching))
    if not matching:
        return wq.NullQuery
    return wq.ConstantScoreQuery(wq.Or([wq.Term(q.fieldname, term) for term in matching]), score=q.boost)


def _has_pattern(q: wq.Query) -> bool:
    return isinstance(q, _PATTERNS) or any(map(_has_pattern, q.children()))


def _typed(q: Any) -> str:
    match q:
        case wq.Prefix():
            return f"{q.text}*"
        case wq.FuzzyTerm():
            return f"{q.text}~{q.maxdist}"
        case wq.TermRange():
            return f"[{q.start} TO {q.end}]"
    return str(q.text)
