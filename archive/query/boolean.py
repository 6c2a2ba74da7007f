"""Lowered parts of a query put together, where some may have come to nothing.

Whoosh's own `normalize` is not used: it makes an And with `*` in it match everything, and
forgets parts that match nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from whoosh import query as wq

#: What `^0` weighs: Whoosh's matchers take a score of 0 for no match at all.
LEAST_BOOST = 1e-6


def group(kind: Any, parts: list[wq.Query], boost: float, any_word: bool) -> wq.Query | None:
    """An And or Or of lowered parts, as flat as can be; with `any_word`, an Or excludes what its Nots say."""
    if not parts:
        return None
    everything = [part for part in parts if isinstance(part, wq.Every)]
    if everything and (kind is wq.Or or len(everything) == len(parts)):
        return everything[0]
    times: Counter[wq.Query] = Counter()
    for part in parts:
        if type(part) is kind and part.boost == 1.0:
            times.update(part)
        elif not isinstance(part, wq.Every):
            times[part] += 1
    # What is asked for twice counts twice: the frequency of a term in the query.
    flat = [part if count == 1 or isinstance(part, wq.Not) else part.with_boost(part.boost * count)
            for part, count in times.items()]  # fmt: skip
    without = [part for part in flat if isinstance(part, wq.Not)]
    if any_word and kind is wq.Or and 0 < len(without) < len(flat):
        # One of the words is enough, but what is excluded must not be there.
        wanted = [part for part in flat if not isinstance(part, wq.Not)]
        return wq.And([_one_or(wq.Or, wanted), *without], boost=boost)
    return _one_or(kind, flat, boost)


def _one_or(kind: Any, parts: list[wq.Query], boost: float = 1.0) -> wq.Query:
    boost = max(boost, LEAST_BOOST)
    if len(parts) > 1:
        return kind(parts, boost=boost)
    return parts[0] if boost == 1.0 else parts[0].with_boost(parts[0].boost * boost)


def binary(kind: Any, a: wq.Query | None, b: wq.Query | None) -> wq.Query | None:
    if a is None or b is None:
        return a if kind is wq.AndNot else a or b
    return kind(a, b)
