"""The limits of a query, checked before anything is parsed.

Whoosh's parser recurses per bracket and scans quadratically, and a short prefix can
stand for every word there is; within these limits every query answers at once, and if
ever one does not, it is given up at its deadline.
"""

from __future__ import annotations

import re
import time

from archive.errors import LimitError

MAX_CHARACTERS = 1_000
MAX_DEPTH = 50
MAX_CLAUSES = 64
MAX_EXPANSION = 1_024
MAX_SLOP = 100
MAX_EDITS = 2
MAX_BOOST = 100.0
MAX_SECONDS = 10.0

_PHRASE = re.compile(r'"[^"]*"')
_SLOP = re.compile(r'"~(\d+)')
_FUZZY = re.compile(r'[^\s"()]~(\d+)')
_BOOST = re.compile(r"\^(\d+(?:\.\d*)?|\.\d+)")
_OPERATORS = frozenset(("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE"))


def check(text: str) -> None:
    """Raise LimitError, saying which and what to do, if `text` goes beyond a limit."""
    if len(text) > MAX_CHARACTERS:
        raise LimitError(f"the query has {len(text):,} characters, over the limit of {MAX_CHARACTERS:,}; shorten it")
    for slop in _SLOP.findall(text):
        if len(slop) > 6 or int(slop) > MAX_SLOP:
            raise LimitError(f"a phrase allows {slop} words between, over the limit of {MAX_SLOP}; lower it")
    bare = _PHRASE.sub('""', text)
    for edits in _FUZZY.findall(bare):
        if len(edits) > 6 or int(edits) > MAX_EDITS:
            raise LimitError(f"~{edits} allows more than {MAX_EDITS} wrong letters; write ~1 or ~{MAX_EDITS}")
    for boost in _BOOST.findall(bare):
        if len(boost) > 12 or float(boost) > MAX_BOOST:
            raise LimitError(f"the weight ^{boost} is over the limit of {MAX_BOOST:g}; lower it")
    depth = deepest = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise LimitError(f"brackets are nested {deepest} deep, over the limit of {MAX_DEPTH}; use fewer")
    clauses = sum(word not in _OPERATORS for word in re.split(r"[\s()]+", bare) if word)
    if clauses > MAX_CLAUSES:
        raise LimitError(f"the query has {clauses} parts, over the limit of {MAX_CLAUSES}; leave some out")


class Deadline:
    """When a query that began now has taken too long. Looked at between its parts, it ends no part midway."""

    def __init__(self) -> None:
        self._end = time.monotonic() + MAX_SECONDS

    def check(self) -> None:
        """Raise LimitError if it is over."""
        if time.monotonic() > self._end:
            raise LimitError(f"the query takes longer than {MAX_SECONDS:g} seconds; use fewer or longer words in it")
