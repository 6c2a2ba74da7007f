"""What an answer says of how its query was understood, so that nothing is left out or read otherwise in silence."""

from __future__ import annotations

from collections.abc import Iterator

from archive.query.plan import Plan

#: Said where no article has all the words of a query.
RELAXED = "no article has all of these words; these have some of them"
#: Ignored words that are named.
_NAMED = 8
#: Words that look like operators, and what they would be.
_OPERATORS = {"or": "OR", "not": "NOT"}


def notes(plan: Plan, *, relaxed: bool) -> tuple[str, ...]:
    """The notes on a plan; `relaxed` says that its articles have any of the words instead of all."""
    return (*((RELAXED,) if relaxed else ()), *_ignored(plan))


def _ignored(plan: Plan) -> Iterator[str]:
    different = list(dict.fromkeys(plan.parsed.ignored))
    if not different:
        return
    named = ", ".join(different[:_NAMED])
    more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
    yield f"too common to search for, except in quotes: {named}{more}"
    for word, operator in _OPERATORS.items():
        if word in different:
            yield f"{word!r} was read as a word; the operator is {operator}"
