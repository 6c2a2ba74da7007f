"""The query language: text -> Whoosh query tree.

Whoosh's parser does the grammar, without a schema; its leaves (words, phrases, wildcards,
ranges as they were typed) are then lowered, each by the kind of its field, into queries on
the index's fields. The result is the tree that every engine compiles or runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from whoosh import query as wq

from archive.model.fields import Fields
from archive.query import limits
from archive.query.clauses import ResolveValue, as_written
from archive.query.lowering import Lowering, forms_in, is_stop_word, stop_words
from archive.query.parsed_query import ParsedQuery
from archive.query.request import SURROGATES
from archive.query.synonyms import NO_SYNONYMS, Synonyms
from archive.text.analyzer import Analyzer

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
#: A question mark that ends a question as people type it; after a field or another wildcard it is a wildcard.
_QUESTION = re.compile(r"(?:^|(?<=[\s(]))(?P<word>[^\s:*?]*)\?\s*$")
#: A phrase to be found as it is written: the mark goes into it, where the parser leaves it alone.
_EXACT_PHRASE = re.compile(r'(?<![^\s(:+-])="')
#: What is an address as it is pasted, with or without a scheme: the marks in it are no wildcards and no operators.
_ADDRESS = re.compile(
    r"""(?<![^\s(])(?P<address>(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.|[\w-]+(?:\.[\w-]+)+/[^\s"()*?]*\?)"""
    r"""(?:[^\s"()*]|\([^\s"()*]*\))+)(?![^\s)])"""
)
_SYNTAX = re.compile(r'["*?~\[\]{}:^=]')
_QUOTED = re.compile(r'("[^"]*(?:"|$))')
_OPERATORS = (
    (re.compile(r"\|\|?"), " OR "),
    (re.compile(r"&&"), " AND "),
    (re.compile(r"(?<![^\s(])!(?=[^\s!]|$)"), "-"),
)
#: Words between spaces: a text without any syntax, unless they are operators.
_WORD = re.compile(r"[^\W_]+")
_WORDS = re.compile(rf"{_WORD.pattern}(?:\s+{_WORD.pattern})*")


def parse(
    text: str,
    fields: Fields,
    analyzer: Analyzer,
    any_word: bool = False,
    synonyms: Synonyms = NO_SYNONYMS,
    resolve: ResolveValue = as_written,
) -> ParsedQuery:
    """The tree for `text`; with `any_word`, one of its words is enough. `resolve` finds values that it has in quotes.

    Raises LimitError beyond a published limit and QueryError for an unknown field or a
    year, date or range that cannot be read. Unbalanced quotes and brackets are forgiven:
    people see results while they type.
    """
    limits.check_length("the query", text, limits.MAX_CHARACTERS)
    text = unicodedata.normalize("NFC", SURROGATES.sub("\ufffd", text.translate(_QUOTES)))
    text = _outside_quotes(_with_operators, _outside_quotes(_with_quoted_addresses, text))
    stops = stop_words(analyzer.language or "")
    limits.check(text, lambda word: _is_clause(word, stops))
    text = _EXACT_PHRASE.sub('"=', _without_question_mark(text))
    lowering = Lowering(fields, analyzer, any_word, synonyms, resolve)
    if not text.strip():
        return ParsedQuery(text, wq.Every(), (), (), lowering.leaves.marks)
    parsed = _read(text, any_word)
    tree, relaxed = lowering.lower_query(parsed)
    tree = wq.NullQuery if tree is None else tree
    telling = tuple(word.term for word in lowering.leaves.words if not is_stop_word(word.text, stops))
    ignored = tuple(lowering.ignored)
    leaves = lowering.leaves
    return ParsedQuery(
        text,
        tree,
        tuple(leaves.words),
        ignored,
        leaves.marks,
        telling,
        tuple(leaves.prefixes),
        relaxed,
        parsed,
        tuple(leaves.values),
        leaves.stands_for,
        synonyms.problems,
    )


def _is_clause(word: str, stops: frozenset[str]) -> bool:
    """Whether anything is looked for by a word as typed: neither a stop word nor a dash on its own."""
    return bool(_SYNTAX.search(word)) or (bool(forms_in(word)) and not is_stop_word(word, stops))


def _with_operators(text: str) -> str:
    """The text with the operators of other search engines as those of this one."""
    for spelling, operator in _OPERATORS:
        text = spelling.sub(operator, text)
    return text


def _with_quoted_addresses(text: str) -> str:
    return _ADDRESS.sub(r'"\g<address>"', text)


def _outside_quotes(change: Callable[[str], str], text: str) -> str:
    parts = _QUOTED.split(text)
    parts[::2] = map(change, parts[::2])  # every second part is quoted
    return "".join(parts)


def _without_question_mark(text: str) -> str:
    """`who came?` is a question, and asks for no word with one letter more."""
    without = _QUESTION.sub(r"\g<word>", text)
    return without if without.strip() else text


def _read(text: str, any_word: bool) -> wq.Query:
    """The tree of what was typed; of words without any syntax it is known at once, and no grammar is loaded."""
    if not _WORDS.fullmatch(text) or not limits.OPERATORS.isdisjoint(text.split()):
        from archive.query.grammar import read_query

        return read_query(text, any_word)
    words = [_with_range(wq.Term(None, match[0]), *match.span()) for match in _WORD.finditer(text)]
    return _with_range((wq.Or if any_word else wq.And)(words), 0, len(text))


def _with_range(query: wq.Query, start: int, end: int) -> wq.Query:
    query.startchar, query.endchar = start, end
    return query
