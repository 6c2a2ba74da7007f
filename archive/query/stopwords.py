"""Words so common that a query is better without them, by language."""

from __future__ import annotations

from functools import lru_cache

from whoosh.lang import two_letter_code
from whoosh.lang.stopwords import stoplists

from archive.text.analyzer import words


@lru_cache(maxsize=8)
def stop_words(language: str) -> frozenset[str]:
    """The Snowball project's stop words of `language`, folded; empty where it has none."""
    listed = stoplists.get(two_letter_code(language) or language, ())
    return frozenset("".join(words(word)) for word in listed)
