"""Phrases by arrays of positions.

Whoosh pairs every occurrence of a word with every one of the next within the slop, and so
on: in a long text, a phrase of common words with a wide slop takes minutes. Which articles
match, and their scores, are the same here; an article takes time by its length alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import matching
from whoosh import query as wq
from whoosh.query.spans import Span, SpanNear2

Positions = NDArray[np.int64]


class Phrase(wq.Phrase):  # type: ignore[misc]
    """A Whoosh phrase with a matcher of our own."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        if any((self.fieldname, word.encode()) not in reader for word in self.words):
            return matching.NullMatcher()
        context = SpanNear2._span_context(context)
        # A word that is said twice scores twice, but is read once.
        times = Counter[str](self.words)
        terms = [wq.Term(self.fieldname, word, boost=float(times[word])) for word in times]
        matcher = _Matcher([term.matcher(searcher, context) for term in terms], self.words, self.slop)
        return matcher if self.boost == 1.0 else matching.WrappingMatcher(matcher, boost=self.boost)


class _Matcher(SpanNear2.SpanNear2Matcher):  # type: ignore[misc]
    """The articles that have all the words, of which those with the phrase are matches.

    `ms` are the matchers of the different words, in their order.
    """

    def __init__(self, ms: list[Any], words: list[str], slop: int) -> None:
        self.words = words
        super().__init__(ms, slop=slop)

    def _get_spans(self) -> list[Span]:
        places = {
            word: np.array(matcher.value_as("positions"), np.int64)
            for word, matcher in zip(dict.fromkeys(self.words), self.ms, strict=True)
        }
        ends = places[self.words[0]]
        for word in self.words[1:]:
            ends = _following(ends, places[word], self.slop)
            if not len(ends):
                return []
        return [Span(ends[0])]


def _following(before: Positions, after: Positions, slop: int) -> Positions:
    """Those of `after` that have one of `before` at most `slop` in front of them; both ascend."""
    place = np.searchsorted(before, after)  # how many of `before` are in front of each
    after, place = after[place > 0], place[place > 0]
    return after[after - before[place - 1] <= slop]
