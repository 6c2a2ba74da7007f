"""What every engine does alike with words: which set articles apart, which are spelled alike, how they are written."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from archive.model.article import Article
from archive.query.limits import READING_TERMS, current_deadline
from archive.query.lowering import stop_words
from archive.text.analyzer import Analyzer

#: Each thing that makes a slip likely counts as being so many times more frequent.
_LIKELY = 50
#: Characters of an article in which it is looked up how a word is written.
_READ = 500_000

#: The number of articles, and how many of them have each of some terms in their text.
Frequencies = Callable[[list[str]], tuple[int, Mapping[str, int]]]


def significant_terms(
    articles: Iterable[Article], analyzer: Analyzer, frequencies: Frequencies, limit: int
) -> list[tuple[str, float]]:
    """The terms that set `articles` apart, with weights of which the highest is 1.

    Weights are Bo1 (Amati, "Probability Models for Information Retrieval Based on Divergence from Randomness",
    2003): tf · log2((1 + p) / p) + log2(1 + p), tf being the occurrences in `articles` and p the mean in any article.
    For p, documents with the term are counted instead of its occurrences, as every engine has their number at hand.
    """
    occurrences: Counter[str] = Counter()
    for article in current_deadline().checked(articles, 1, READING_TERMS):
        occurrences.update(analyzer.terms(f"{article.title}\n{article.body}"))
    stops = stop_words(analyzer.language or "")
    known = {term: tf for term, tf in occurrences.items() if term not in stops and not term.isdecimal()}
    current_deadline().check(READING_TERMS)
    documents, having = frequencies(list(known))
    ranked = sorted((-_bo1(tf, max(1, having[term]) / documents), term) for term, tf in known.items())[:limit]
    return [(term, weight / ranked[0][0]) for weight, term in ranked]


def _bo1(tf: int, mean: float) -> float:
    return tf * math.log2((1 + mean) / mean) + math.log2(1 + mean)


def nearest_words(
    forms: Iterable[str],
    word: str,
    limit: int,
    frequency: Mapping[str, int] | None = None,
    analyzer: Analyzer | None = None,
) -> list[str]:
    """The first `limit` of some words by how close they are to `word`, then by how frequent.

    Distance is that of optimal string alignment, in which two neighbours changed about are one edit. Of equals, words
    with the same first letter come first: it is seldom wrong. What makes a slip likely counts as much as being so many
    times more frequent. With an analyzer, one word a stem: the others would find the same.
    """
    among = list(forms)
    if not among:
        return []
    from rapidfuzz.distance import OSA  # which takes as long to load as a search

    known = frequency or {}
    ordered = sorted(
        among,
        key=lambda near: (
            OSA.distance(near, word),
            near[:1] != word[:1],
            -max(1, known.get(near, 0)) * _LIKELY ** _likeness(word, near),
            near,
        ),
    )
    if analyzer is not None:
        first: dict[str, str] = {}
        for form in ordered:
            first.setdefault(analyzer.stem(form), form)
        ordered = list(first.values())
    return ordered[:limit]


def _likeness(word: str, meant: str) -> int:
    """How many things make it likely that `word` was written for `meant`: a letter left out, doubled or moved."""
    letters, others = sorted(word), sorted(meant)
    return (len(meant) > len(word)) + (meant[-1:] == word[-1:]) + (letters == others) + (set(letters) == set(others))


def similar_spelling(form: str, times: int) -> tuple[int, int]:
    """How many edits away, and with how many of the first letters, words are similar to a form; see `similar_words`."""
    if times:
        return 1, 1
    return (2 if len(form) >= 5 else 1), (0 if len(form) > 3 else 1)


def may_be_meant(form: str, frequency: Mapping[str, int], times: int) -> list[str]:
    """Of words with their frequencies those that may be meant by a form, whose own frequency is there with `times`."""
    least = times * max(1, frequency.get(form, 0))
    return sorted(
        near for near, count in frequency.items() if near != form and count >= max(1, least) and not near.isdecimal()
    )


def surface_spellings(texts: Mapping[str, Iterable[Article]], analyzer: Analyzer) -> list[str]:
    """For each folded word with some articles that have it, its most frequent spelling there, accents and all."""
    written = []
    for form, articles in texts.items():
        spellings: Counter[str] = Counter()
        for article in current_deadline().checked(articles, 1):
            text = f"{article.title}\n{article.body}"[:_READ]
            words = zip(analyzer.forms(text), analyzer.spans(text), strict=True)
            found = (text[slice(*span)].lower() for word, span in words if word == form)
            spellings.update(_POSSESSIVE.sub("", word) for word in found)
        if spellings:
            written.append(min(spellings, key=lambda spelling: (-spellings[spelling], spelling)))
    return list(dict.fromkeys(written))


_POSSESSIVE = re.compile("['’ʼ＇]s$")
