"""How a query was read: its tree as text, with every operator and bracket written out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from whoosh import query as wq

from archive.query.lowering import is_of_words
from archive.query.near_query import NearQuery

_BETWEEN = {
    wq.And: " AND ",
    wq.Or: " OR ",
    wq.AndNot: " ANDNOT ",
    wq.AndMaybe: " ANDMAYBE ",
    wq.Require: " REQUIRE ",
}


def reading(syntax: Any, ignored: Collection[wq.Query] = (), *, relaxed: bool = False) -> str:
    """The parser's tree as a query that is read the same way; "" for None, the tree of no words.

    ignored   the words in it that are not looked for
    relaxed   whether any of its words and phrases is enough
    """
    if syntax is None:
        return ""
    writer = _QueryWriter(frozenset(map(id, ignored)))
    if not relaxed:
        return writer.written(syntax, inner=False)
    kept = writer.kept(syntax)
    any_of, required = wq.Or([part for part in kept if is_of_words(part)]), [p for p in kept if not is_of_words(p)]
    return writer.written(wq.And([any_of, *required]), inner=False)


class _QueryWriter:
    """Writes trees out, without the parts with these identities."""

    def __init__(self, ignored: frozenset[int]) -> None:
        self._ignored = ignored

    def kept(self, q: Any) -> list[Any]:
        """The parts of a group that are looked for."""
        return [part for part in q if id(part) not in self._ignored]

    def written(self, q: Any, *, inner: bool) -> str:
        between = _BETWEEN.get(type(q))
        if between is None:
            return self._leaf(q)
        parts = [q.a, q.b] if isinstance(q, (wq.AndNot, wq.AndMaybe, wq.Require)) else self.kept(q)
        if len(parts) == 1 and q.boost == 1.0:
            return self.written(parts[0], inner=inner)
        text = between.join(self.written(part, inner=True) for part in parts)
        return f"({text}){_boost(q)}" if inner or q.boost != 1.0 else text

    def _leaf(self, q: Any) -> str:
        return f"NOT {self.written(q.query, inner=True)}" if isinstance(q, wq.Not) else _leaf(q)


def _leaf(q: Any) -> str:
    field = f"{q.fieldname}:" if getattr(q, "fieldname", None) else ""
    match q:
        case wq.Phrase():
            text = f'"{" ".join(q.words)}"' + (f"~{q.slop}" if q.slop != 1 else "")
        case wq.Prefix():
            text = f"{q.text}*"
        case wq.FuzzyTerm():
            text = f"{q.text}~{q.maxdist}"
        case wq.TermRange():
            opening, closing = "{" if q.startexcl else "[", "}" if q.endexcl else "]"
            text = f"{opening}{q.start or ''} TO {q.end or ''}{closing}"
        case wq.Term() | wq.Wildcard():
            text = q.text
        case wq.Every():
            text = "*"
        case NearQuery():
            text = f"{_leaf(q.a)} {q.operator} {_leaf(q.b)}"
        case _:
            text = str(q)
    return field + text + _boost(q)


def _boost(q: Any) -> str:
    return "" if q.boost == 1.0 else f"^{q.boost:g}"
