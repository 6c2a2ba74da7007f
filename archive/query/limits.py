"""The limits of what may be asked, checked before anything is parsed or looked up.

Whoosh's parser recurses per bracket and scans quadratically, and a short prefix can
stand for every word there is; within these limits every query answers at once, and if
ever one does not, it is given up at its deadline.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import wraps
from itertools import islice
from typing import NamedTuple, ParamSpec, TypeVar

from archive.errors import LimitError

#: Of the text of a query, and of what values are found by.
MAX_CHARACTERS = 1_000
MAX_DEPTH = 50
MAX_CLAUSES = 64
MAX_EXPANSION = 1_024
MAX_SLOP = 100
MAX_EDITS = 2
MAX_BOOST = 100.0
#: Of a name or a facet in a request, in characters: no article has a longer one. Of a value of any other facet.
MAX_NAME = 1_000
MAX_VALUE = 100_000
#: How many values, years and facets one request may have, and how many people and venues are asked about together.
MAX_VALUES = 1_000
MAX_NAMES = 64
#: Of an id, in characters; no article has a longer one.
MAX_ID = 200
#: Of a limit or an offset.
MAX_NUMBER = 1_000_000_000
#: Of a quotation, in characters.
MAX_QUOTE = 20_000
MAX_SECONDS = 10.0

P = ParamSpec("P")
T = TypeVar("T")

_PHRASE = re.compile(r'"[^"]*"')
_SLOP = re.compile(r'"~(\d+)')
_FUZZY = re.compile(r'[^\s"()]~(\d+)')
_BOOST = re.compile(r"\^(\d+(?:\.\d*)?|\.\d+)")
_DISTANCE = re.compile(r"\bNEAR/(\d+)")
#: Words that are operators.
OPERATORS = frozenset(("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE"))


def check(text: str, is_clause: Callable[[str], bool] = bool) -> None:
    """Raise LimitError if `text` is beyond a limit, saying which and what to do.

    is_clause  whether a word counts towards the limit of clauses
    """
    check_length("the query", text, MAX_CHARACTERS)
    for slop in _SLOP.findall(text):
        if len(slop) > 6 or int(slop) > MAX_SLOP:
            raise LimitError(f"the slop ~{slop} of a phrase is over the limit of {MAX_SLOP}", "lower it")
    bare = _PHRASE.sub('""', text)
    for distance in _DISTANCE.findall(bare):
        if len(distance) > 6 or not 1 <= int(distance) <= MAX_SLOP:
            raise LimitError(f"NEAR/{distance} is not a distance from 1 to {MAX_SLOP}", "change it")
    for edits in _FUZZY.findall(bare):
        if len(edits) > 6 or int(edits) > MAX_EDITS:
            raise LimitError(f"~{edits} allows more than {MAX_EDITS} edits", f"write ~1 or ~{MAX_EDITS}")
    for boost in _BOOST.findall(bare):
        if len(boost) > 12 or float(boost) > MAX_BOOST:
            raise LimitError(f"the boost ^{boost} is over the limit of {MAX_BOOST:g}", "lower it")
    depth = deepest = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise LimitError(f"brackets are nested {deepest} deep, over the limit of {MAX_DEPTH}", "use fewer")
    words = (word for word in re.split(r"[\s()]+", bare) if word and word not in OPERATORS)
    clauses = sum(word == "TO" or is_clause(word) for word in words)
    if clauses > MAX_CLAUSES:
        raise LimitError(f"the query has {clauses} clauses, over the limit of {MAX_CLAUSES}", "leave some out")


def can_find(text: str) -> bool:
    """Whether `check_find` lets a text pass."""
    return len(text) <= MAX_CHARACTERS and len(text.split()) <= MAX_CLAUSES


def check_find(text: str) -> None:
    """Raise LimitError if values are to be found by more than a query may have."""
    check_length("the text to find", text, MAX_CHARACTERS)
    if (count := len(text.split())) > MAX_CLAUSES:
        raise LimitError(f"the text to find has {count:,} words, over the limit of {MAX_CLAUSES}", "leave some out")


def check_length(what: str, text: str, most: int) -> None:
    """Raise LimitError if a text has more than `most` characters."""
    if len(text) > most:
        raise LimitError(f"{what} has {len(text):,} characters, over the limit of {most:,}", "shorten it")


def check_number(name: str, value: int) -> None:
    """Raise LimitError if a limit or an offset is out of all proportion."""
    if value > MAX_NUMBER:
        raise LimitError(f"{name} is over {MAX_NUMBER:,}", "give a lower one")


class Work(NamedTuple):
    """What may take too long, and what to do then."""

    what: str
    remedy: str


MATCHING = Work("this query", "use fewer or longer words, or narrow it by person, venue or year")
LISTING = Work("listing so many articles", "ask for fewer at a time, or use `archive export`, which has no limit")
COUNTING = Work("listing so many values", "ask for fewer, or narrow them by person, venue or year")
FINDING = Work("finding values with these words", "use fewer or longer words")
ACCOMPANYING = Work("looking through so many companions", "ask for fewer, or narrow it by year or venue")
READING = Work("reading all articles that have these names", "narrow it by year, or name somebody else as well")
READING_TERMS = Work("finding the significant terms of so long a text", "search for some of them instead")
COMPARING = Work("looking for the passage", "quote fewer words")
ANSWERING = Work("the answer of the search server", "see whether it is busy, or narrow the query")
MARKING = Work("marking words in so long a text", "use fewer or longer words")


class Deadline:
    """When a request that began now has taken too long. Looked at between its parts, it ends no part midway.

    work   what takes the time, where a part that looks at it does not say otherwise
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = time.monotonic() + (MAX_SECONDS if seconds is None else seconds)
        self.work = MATCHING

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self._end - time.monotonic()

    def check(self, work: Work | None = None) -> None:
        """Raise LimitError, saying what took so long, if it is over."""
        if time.monotonic() > self._end:
            work = work or self.work
            raise LimitError(f"{work.what} takes longer than {MAX_SECONDS:g} seconds", work.remedy)

    def checked(self, values: Iterable[T], look_every: int = 4_096, work: Work | None = None) -> Iterator[T]:
        """The values, so many of them between two looks at the clock."""
        rest = iter(values)
        while some := list(islice(rest, look_every)):
            self.check(work)
            yield from some


_present: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
_ENDLESS = Deadline(math.inf)


def current_deadline() -> Deadline:
    """The deadline of the request that is being answered, or of one that begins now."""
    return _present.get() or Deadline()


def of_question() -> Deadline:
    """The deadline of the question that is being answered; without one, as for an export, there is no end."""
    return _present.get() or _ENDLESS


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
