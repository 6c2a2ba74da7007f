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
    return (*((RELAXED,) if relaxed else ()), *_ignored(plan), *_unknown_values(plan), *_synonym_problems(plan))


def _unknown_values(plan: Plan) -> Iterator[str]:
    for value in plan.parsed.values:
        if not value.known:
            within = f"{value.facet}:({value.text})"
            yield f"no article has the {value.facet} {value.text!r}; {within} finds values with these words in them"


def _synonym_problems(plan: Plan) -> Iterator[str]:
    problems = plan.parsed.synonym_problems
    if problems and not plan.parsed.matches_all:
        more = f" ({len(problems) - 1:,} more: `archive check` lists them)" if len(problems) > 1 else ""
        yield f"{problems[0]}{more}"


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
