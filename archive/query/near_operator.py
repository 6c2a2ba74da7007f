"""`a NEAR/10 b`: an operator of the query language that Whoosh's parser does not have."""

from __future__ import annotations

import re
from typing import Any

from whoosh import query as wq
from whoosh.qparser import QueryParser, plugins, syntax
from whoosh.qparser.taggers import RegexTagger

from archive.errors import QueryError

NEAR = r"NEAR/(?P<distance>\d+)"


class NearQuery(wq.Query):  # type: ignore[misc]
    """What was typed on both sides of the operator, not yet lowered."""

    def __init__(self, a: Any, b: Any, distance: int, boost: float = 1.0) -> None:
        self.a, self.b, self.distance, self.boost = a, b, distance, boost
        self.fieldname = None

    @property
    def operator(self) -> str:
        """As it was typed."""
        return f"NEAR/{self.distance}"


class _Operator(syntax.SyntaxNode):  # type: ignore[misc]
    """The operator between its sides."""

    def __init__(self, distance: int) -> None:
        self.distance = distance

    def r(self) -> str:
        return f"NEAR/{self.distance}"


class _NearGroup(syntax.SyntaxNode):  # type: ignore[misc]
    """The operator with its sides."""

    def __init__(self, a: Any, b: Any, distance: int) -> None:
        self.a, self.b, self.distance = a, b, distance
        self.startchar, self.endchar = a.startchar, b.endchar

    def r(self) -> str:
        return f"{self.a} NEAR/{self.distance} {self.b}"

    def set_fieldname(self, name: str, override: bool = False) -> _NearGroup:
        for side in (self.a, self.b):
            side.set_fieldname(name, override)
        return self

    def query(self, parser: QueryParser) -> wq.Query:
        return NearQuery(self.a.query(parser), self.b.query(parser), self.distance)


class NearPlugin(plugins.Plugin):  # type: ignore[misc]
    """Has Whoosh's parser read the operator; of several in a row each is between its neighbours."""

    class _Tagger(RegexTagger):  # type: ignore[misc]
        def create(self, parser: QueryParser, match: re.Match[str]) -> _Operator:
            return _Operator(int(match["distance"]))

    def taggers(self, parser: QueryParser) -> list[tuple[Any, int]]:
        return [(self._Tagger(rf"(?:^|(?<=[\s()])){NEAR}(?=[\s()]|$)"), 0)]

    def filters(self, parser: QueryParser) -> list[tuple[Any, int]]:
        return [(self._group, 550)]  # after white space and boosts, before the other operators

    def _group(self, parser: QueryParser, group: Any) -> Any:
        made = group.empty_copy()
        place = 0
        while place < len(group):
            node = group[place]
            if isinstance(node, syntax.GroupNode):
                node = self._group(parser, node)
            if isinstance(node, _Operator):
                before, after = made[-1] if len(made) else None, group[place + 1] if place + 1 < len(group) else None
                last = before[-1] if isinstance(before, _Chain) else before
                first = last.b if isinstance(last, _NearGroup) else last
                if not (_is_side(first) and _is_side(after)):
                    operator = f"NEAR/{node.distance}"
                    raise QueryError(f"{operator} stands between two words or phrases", "put one on each side of it")
                pair = _NearGroup(first, after, node.distance)
                if isinstance(before, _Chain):
                    before.append(pair)
                else:
                    made[-1] = _Chain([last, pair]) if isinstance(last, _NearGroup) else pair
                place += 1
            else:
                made.append(node)
            place += 1
        return made


class _Chain(syntax.AndGroup):  # type: ignore[misc]
    """`a NEAR/5 b NEAR/5 c`."""


def _is_side(node: Any) -> bool:
    return node is not None and node.has_text
