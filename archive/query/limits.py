"""The limits of a query, checked before anything is parsed.

Whoosh's parser recurses per bracket and scans quadratically, and a short prefix can
stand for every word there is; within these limits every query answers at once, and if
ever one does not, it is given up at its deadline.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import wraps
from itertools import islice
from typing import ParamSpec, TypeVar

from archive.errors import LimitError

MAX_CHARACTERS = 1_000
MAX_DEPTH = 50
MAX_CLAUSES = 64
MAX_EXPANSION = 1_024
MAX_SLOP = 100
MAX_EDITS = 2
MAX_BOOST = 100.0
MAX_SECONDS = 10.0

P = ParamSpec("P")
T = TypeVar("T")

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
    """When a request that began now has taken too long. Looked at between its parts, it ends no part midway."""

    def __init__(self) -> None:
        self._end = time.monotonic() + MAX_SECONDS

    def check(self) -> None:
        """Raise LimitError if it is over."""
        if time.monotonic() > self._end:
            raise LimitError(
                f"this takes longer than {MAX_SECONDS:g} seconds; use fewer or longer words, "
                f"or narrow it by person, venue or year"
            )

    def checked(self, values: Iterable[T], look_every: int = 4_096) -> Iterator[T]:
        """The values, so many of them between two looks at the clock."""
        rest = iter(values)
        while some := list(islice(rest, look_every)):
            self.check()
            yield from some


_present: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def current_deadline() -> Deadline:
    """The deadline of the request that is being answered, or of one that begins now."""
    return _present.get() or Deadline()


def with_deadline(answer: Callable[P, T]) -> Callable[P, T]:
    """Have everything that `answer` does, however many queries that is, done by one deadline."""

    @wraps(answer)
    def answer_in_time(*args: P.args, **kwargs: P.kwargs) -> T:
        if _present.get() is not None:  # part of a larger request
            return answer(*args, **kwargs)
        begun = _present.set(Deadline())
        try:
            return answer(*args, **kwargs)
        finally:
            _present.reset(begun)

    return answer_in_time
