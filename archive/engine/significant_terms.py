"""What every engine does alike with words: which set articles apart, which are spelled alike, how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from archive.engine.bm25 import idf
from archive.model.article import Article
from archive.query.limits import READING_TERMS, current_deadline
from archive.query.lowering import stop_words
from archive.text.analyzer import Analyzer

#: Characters of an article in which it is looked up how a word is written.
_READ = 500_000

#: The number of articles, and how many of them have each of some terms in their text.
Frequencies = Callable[[list[str]], tuple[int, Mapping[str, int]]]


def significant_terms(
    articles: Iterable[Article], analyzer: Analyzer, frequencies: Frequencies, limit: int
) -> list[tuple[str, float]]:
    """The terms that set `articles` apart, by their share of the words and their inverse document frequency."""
    weights: Counter[str] = Counter()
    for article in current_deadline().checked(articles, 1, READING_TERMS):
        terms = analyzer.terms(f"{article.title}\n{article.body}")
        for term, frequency in Counter(terms).items():
            weights[term] += frequency / len(terms)  # type: ignore[assignment]
    stops = stop_words(analyzer.language or "")
    known = {term: weight for term, weight in weights.items() if term not in stops and not term.isdecimal()}
    current_deadline().check(READING_TERMS)
    documents, having = frequencies(list(known))
    ranked = sorted(((weight * idf(documents, having[term]), term) for term, weight in known.items()), reverse=True)
    total = sum(weight for weight, _ in ranked[:limit]) or 1.0
    return [(term, weight / total) for weight, term in ranked[:limit]]


def nearest_words(terms: Iterable[str], term: str, limit: int, frequency: Mapping[str, int] | None = None) -> list[str]:
    """The first `limit` of some terms by how close they are to `term`, then by how frequent."""
    from rapidfuzz.distance import OSA

    known = frequency or {}
    return sorted(terms, key=lambda near: (OSA.distance(near, term), -known.get(near, 0), near))[:limit]


def surface_spellings(texts: Mapping[str, Iterable[Article]], word: str, analyzer: Analyzer) -> list[str]:
    """For each term with some articles that have it, its spelling there that is closest to `word`; the closest first.

    Terms are stems: what people wrote is in the texts only.
    """
    from rapidfuzz.distance import OSA

    written = []
    for term, articles in texts.items():
        spellings: set[str] = set()
        for article in current_deadline().checked(articles, 1):
            text = f"{article.title}\n{article.body}"[:_READ]
            found = (token for token in analyzer.tokens(text) if token.term == term)
            spellings |= {text[token.start : token.end].lower() for token in found}
        if spellings:
            written.append(min(spellings, key=lambda spelling: (OSA.distance(spelling, word), spelling)))
    return list(dict.fromkeys(sorted(written, key=lambda near: OSA.distance(near, word))))
