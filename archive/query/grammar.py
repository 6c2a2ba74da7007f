"""The grammar of the query language: Whoosh's parser without a schema, and the operator NEAR beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

from whoosh import query as wq
from whoosh.qparser import QueryParser, plugins, syntax
from whoosh.qparser.taggers import RegexTagger, Tagger

from archive.errors import QueryError
from archive.query.near_query import NearQuery

_FIELD_PREFIX = r"(?<!\w)(?<!\w-)(?P<text>[A-Za-z_][\w-]*):(?=[^\s:/])"
_NOT = r"(^|(?<=(\s|[()])))(NOT(?=\s)|-(?=[^\s-]))"
_NEAR = r"(?:^|(?<=[\s()]))NEAR/(?P<distance>\d+)(?=[\s()]|$)"


def read_query(text: str, any_word: bool) -> wq.Query:
    """The tree of words, phrases, wildcards and ranges as typed; with `any_word`, one of the words is enough.

    Raises QueryError where an operator has nothing on one of its sides.
    """
    try:
        return _parser(any_word).parse(text, normalize=False)
    except AssertionError:  # how Whoosh refuses two operators in a row
        raise QueryError(
            "two operators follow each other", "put a word or brackets between them, or quote those that are words"
        ) from None


class _BinaryGroup(syntax.BinaryGroup):  # type: ignore[misc]
    """Whoosh's own asks both of its sides twice: of thirty in one another, the innermost a billion times."""

    def query(self, parser: QueryParser) -> wq.Query:
        assert len(self.nodes) == 2
        sides = [side for node in self.nodes if (side := node.query(parser)) is not None]
        query = self.qclass(*sides) if len(sides) == 2 else sides[0] if sides else wq.NullQuery
        return syntax.attach(query, self)


class _AndNotGroup(_BinaryGroup):
    qclass = wq.AndNot


class _AndMaybeGroup(_BinaryGroup):
    qclass = wq.AndMaybe


class _RequireGroup(_BinaryGroup):
    qclass = wq.Require


_GROUPS = {
    syntax.AndNotGroup: _AndNotGroup,
    syntax.AndMaybeGroup: _AndMaybeGroup,
    syntax.RequireGroup: _RequireGroup,
}


def _operators() -> plugins.OperatorsPlugin:
    plugin = plugins.OperatorsPlugin(Not=_NOT)
    for tagger, _ in plugin.ops:
        tagger.grouptype = _GROUPS.get(tagger.grouptype, tagger.grouptype)
    return plugin


class _FirstTagger(Tagger):  # type: ignore[misc]
    """The first of several taggers that finds its syntax at a place; none of them finds any inside a word."""

    def __init__(self, taggers: Sequence[Any]) -> None:
        self._taggers = taggers

    def match(self, parser: QueryParser, text: str, pos: int) -> Any:
        if pos and text[pos].isalnum() and text[pos - 1].isalnum():
            return None
        for tagger in self._taggers:
            if (node := tagger.match(parser, text, pos)) is not None:
                return node
        return None


class _Parser(QueryParser):  # type: ignore[misc]
    """Whoosh's own asks its plugins anew for every text what they do, and each of them at every character."""

    def taggers(self) -> list[Any]:
        return self._all_taggers

    def filters(self) -> list[Any]:
        return self._all_filters

    @cached_property
    def _all_taggers(self) -> list[Any]:
        return [_FirstTagger(super().taggers())]

    @cached_property
    def _all_filters(self) -> list[Any]:
        found: list[Any] = super().filters()
        return found


@lru_cache(maxsize=2)
def _parser(any_word: bool) -> QueryParser:
    return _Parser(
        None,
        None,
        plugins=[
            plugins.FieldsPlugin(_FIELD_PREFIX, remove_unknown=False),
            plugins.WildcardPlugin(),
            plugins.PhrasePlugin(),
            plugins.RangePlugin(),
            plugins.GroupPlugin(),
            NearPlugin(),
            _operators(),
            plugins.BoostPlugin(),
            plugins.EveryPlugin(),
            plugins.FuzzyTermPlugin(),
        ],
        group=syntax.OrGroup if any_word else syntax.AndGroup,
    )


# -- NEAR ------------------------------------------------------------------------------


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
        return [(self._Tagger(_NEAR), 0)]

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
