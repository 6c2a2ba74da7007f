"""How a query was read: its tree as text, with every operator and bracket written out."""

from __future__ import annotations

from typing import Any

from whoosh import query as wq

_BETWEEN = {
    wq.And: " AND ",
    wq.Or: " OR ",
    wq.AndNot: " ANDNOT ",
    wq.AndMaybe: " ANDMAYBE ",
    wq.Require: " REQUIRE ",
}


def reading(syntax: Any) -> str:
    """The parser's tree as a query that is read the same way; "" for None, the tree of no words."""
    return "" if syntax is None else _written(syntax, inner=False)


def _written(q: Any, *, inner: bool) -> str:
    between = _BETWEEN.get(type(q))
    if between is None:
        return _leaf(q)
    parts = [q.a, q.b] if isinstance(q, (wq.AndNot, wq.AndMaybe, wq.Require)) else list(q)
    if len(parts) == 1 and q.boost == 1.0:
        return _written(parts[0], inner=inner)
    text = between.join(_written(part, inner=True) for part in parts)
    return f"({text}){_boost(q)}" if inner or q.boost != 1.0 else text


def _leaf(q: Any) -> str:
    if isinstance(q, wq.Not):
        return f"NOT {_written(q.query, inner=True)}"
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
        case _:
            text = str(q)
    return field + text + _boost(q)


def _boost(q: Any) -> str:
    return "" if q.boost == 1.0 else f"^{q.boost:g}"
