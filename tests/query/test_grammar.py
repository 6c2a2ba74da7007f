"""The parser reads what Whoosh's own with the same plugins does, which looks for syntax inside of words as well."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.qparser import QueryParser

from archive.errors import QueryError
from archive.query import grammar, parser

from ..support import generated

_PARTS = st.sampled_from(
    [
        *("cat", "dog", "AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "NEAR/3", "TO", "xAND", "NOTx", "é", "_"),
        *("title:", "a_b:", "person:", '"', '"a b"', '"a b"~2', "(", ")", "[a TO b]", "{a TO", "]", "*", "?", "c*t"),
        *(
            "*:*",
            "~",
            "~1",
            "~2/3",
            "^2",
            "^.5",
            "-",
            "+",
            "=",
            "'",
            ":",
            "2016",
            "..",
            "~2b",
            "^2b",
            "東京",
            "|",
            "\\",
        ),
    ]
)
_TEXTS = st.lists(st.tuples(_PARTS, st.sampled_from(["", " ", "  ", "\n"]))).map(
    lambda pairs: "".join(part + space for part, space in pairs)
)
_WORDS = st.lists(
    st.sampled_from(["cat", "AND", "OR", "OR", "and", "東京", "2016", "TO", "a\tb", "ca*", "OR*", '"a  b"', '"OR c" d'])
).map(" ".join)


def _outcome(read: Callable[[], wq.Query]) -> Any:
    try:
        tree = read()
        places = [(each.startchar, each.endchar) for each in (tree, *tree.leaves())]
        return re.sub(" at 0x[0-9a-f]+", "", repr(tree)), places
    except (AssertionError, QueryError):
        return "refused"
    except Exception as error:  # noqa: BLE001 (of whatever kind, it has to be the same)
        return type(error), str(error)


def _nodes(parser: QueryParser, text: str) -> Any:
    return [(str(node), node.startchar, node.endchar) for node in parser.tag(text)]


@generated(500)
@given(text=_TEXTS | _WORDS | st.text(max_size=30))
@example(text="cat ANDNOT dog OR a*b (c d)^2 title:x")
def test_syntax_is_found_where_whoosh_finds_it(text: str) -> None:
    for any_word in (False, True):
        ours = grammar._parser(any_word)
        theirs = QueryParser(None, None, plugins=ours.plugins[1:], group=ours.group)
        assert _nodes(ours, text) == _nodes(theirs, text)
        as_whoosh = _outcome(lambda: theirs.parse(text, normalize=False))  # noqa: B023 (called at once)
        assert _outcome(lambda: parser._read(text, any_word)) == as_whoosh  # noqa: B023
        assert _outcome(lambda: grammar.read_query(text, any_word)) == as_whoosh  # noqa: B023
