"""When nothing is found, or little: other queries that would find something, and how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, islice

from archive.engine.protocol import Engine
from archive.errors import QueryError
from archive.model.results import Suggestion
from archive.query.limits import can_find
from archive.query.parsed_query import Word
from archive.query.plan import Plan
from archive.query.request import SearchRequest

_SPELLINGS = 3
_SUGGESTIONS = 5
#: For so many chosen values that no article has others are suggested.
_RENAMED = 5
#: Other forms of a given name that are looked for.
_MOST_GIVEN_NAMES = 40
#: What finds so many times as much may be meant. Shorter words are as they are.
_TIMES = 10
_LEAST_LETTERS_OF_RARE = 5
#: What a beginning of a word is shortened to at the most.
_LEAST_LETTERS = 3

_INFIX = r"(?:AND|OR|ANDNOT|ANDMAYBE|REQUIRE)"
#: What makes no sense any more once a word is gone: its weight, empty brackets, an operator with one side.
_WEIGHT = re.compile(r"\^[\d.]+")
_DANGLING = re.compile(rf"\(\s*\)|(?:^|(?<=\())\s*{_INFIX}(?=\s)|(?<=\s){_INFIX}\s*(?=\)|$|{_INFIX}\s)")
_PADDING = re.compile(r"(?<=\() | (?=\))")


def suggest(
    engine: Engine, plan: Plan, make_plan: Callable[[SearchRequest], Plan], *, shorter: bool = True
) -> tuple[Suggestion, ...]:
    """Names for those that nobody has, spellings that are in the archive, and the query with words dropped.

    The last only where `shorter`.

    A suggested query keeps the filters of the request, and finds at least one article; a
    suggested name has the facet as its reason, and as its total all articles that have it.
    """
    text, words = plan.parsed.text, plan.parsed.words
    candidates = [(query, "spelling") for query in _correct_spelling(engine, plan)]
    if shorter and not plan.request.any_word:
        candidates += [(query, "fewer words") for query in _relax_query(text, words)]
    found: dict[str, Suggestion] = {}
    for query, reason in candidates:
        if query not in found and query != text:
            try:
                total = engine.count(make_plan(plan.request.replace(query=query)))
            except QueryError:  # a longer spelling goes beyond a limit
                continue
            if total:
                found[query] = Suggestion(query, total, reason)
    # Spellings are in order of their distance already; of shorter queries the one that finds most comes first.
    relaxed = sorted((each for each in found.values() if each.reason != "spelling"), key=_most_first)
    ranked = [*(each for each in found.values() if each.reason == "spelling"), *relaxed]
    return (*_suggest_values(engine, plan, make_plan), *ranked[:_SUGGESTIONS])


def _most_first(suggestion: Suggestion) -> tuple[int, str]:
    return -suggestion.total, suggestion.query


def suggest_frequent(
    engine: Engine, plan: Plan, make_plan: Callable[[SearchRequest], Plan], found: int
) -> tuple[Suggestion, ...]:
    """For a query that finds little, the same with a word spelled as ten times as many articles spell it.

    It has to find ten times as much, too.
    """
    for word in plan.parsed.words:
        if len(word.text) < _LEAST_LETTERS_OF_RARE or not word.text.isalpha():
            continue
        for near in engine.similar_words(word.text, 1, times=_TIMES):
            query = _replaced(plan.parsed.text, {word: near})
            total = engine.count(make_plan(plan.request.replace(query=query)))
            if total >= _TIMES * found:
                return (Suggestion(query, total, "spelling"),)
    return ()


def _suggest_values(engine: Engine, plan: Plan, make_plan: Callable[[SearchRequest], Plan]) -> Iterator[Suggestion]:
    """For the first chosen values that no article has, values of their facet that are like them.

    For a person first those with another form of the given name.
    """
    chosen = [
        (name, value) for name, selection in plan.selections.items() if name != "year" for value in selection.values
    ]
    chosen += [(value.facet, value.text) for value in plan.parsed.values if not value.known]
    unknown = (each for each in chosen if engine.resolve_value(*each) is None)
    for name, value in islice(unknown, _RENAMED):
        offered = dict.fromkeys(_other_given_names(engine, value) if name == "person" else ())
        for other in offered:
            total = engine.count(make_plan(SearchRequest(person=(other,))))
            yield Suggestion(other, total, name)
        if can_find(value):
            like = engine.facet(make_plan(SearchRequest(facet_limit=_SPELLINGS)), name, value)
            yield from (Suggestion(each.value, each.count, name) for each in like.values if each.value not in offered)


def _other_given_names(engine: Engine, person: str) -> Iterator[str]:
    """The people of the archive whose name is one with another form of its given name: William for Bill."""
    from archive.names.short_forms import other_given_names

    found = (engine.resolve_value("person", name) for name in other_given_names(person)[:_MOST_GIVEN_NAMES])
    return islice(filter(None, found), _SPELLINGS)


def _correct_spelling(engine: Engine, plan: Plan) -> list[str]:
    """The query with its unknown words replaced, all at once and by each of their best spellings."""
    words = plan.parsed.words
    spellings = {
        word: engine.similar_words(word.text, _SPELLINGS) for word in words if not engine.term_exists(word.term)
    }
    expansions = engine.expanded_terms(plan) if plan.parsed.prefixes else {}
    unknown = (prefix for prefix in plan.parsed.prefixes if not expansions.get(f"{prefix.term}*"))
    spellings |= {prefix: _shortened(engine, prefix.term) for prefix in unknown}
    spellings = {word: found for word, found in spellings.items() if found}
    if not spellings:
        return []
    depth = max(map(len, spellings.values()))
    return [
        _replaced(plan.parsed.text, {word: found[min(at, len(found) - 1)] for word, found in spellings.items()})
        for at in range(depth)
    ]


def _shortened(engine: Engine, beginning: str) -> list[str]:
    """The longest stem that a beginning of a word goes beyond: `universit*` does, of `univers`."""
    shorter = (beginning[:length] for length in range(len(beginning) - 1, _LEAST_LETTERS - 1, -1))
    return [f"{stem}*" for stem in shorter if engine.term_exists(stem)][:1]


def _relax_query(text: str, words: tuple[Word, ...]) -> list[str]:
    """The query without one of its words, or without two of them where it has many."""
    if not 2 <= len(words) <= 8:
        return []
    several = [combination for size in (1, 2) if size < len(words) for combination in combinations(words, size)]
    return [_without(text, combination) for combination in several]


def _without(text: str, words: tuple[Word, ...]) -> str:
    for word in sorted(words, key=lambda each: -each.start):
        weight = _WEIGHT.match(text, word.end)
        text = text[: word.start] + text[weight.end() if weight else word.end :]
    before = ""
    while text != before:
        before, text = text, _PADDING.sub("", " ".join(_DANGLING.sub("", text, count=1).split()))
    return text


def _replaced(text: str, changes: dict[Word, str]) -> str:
    for word in sorted(changes, key=lambda each: -each.start):
        text = text[: word.start] + changes[word] + text[word.end :]
    return " ".join(text.split())
