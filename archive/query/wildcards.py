"""Wildcards within words, made to fit stems.

Terms are stems: of `lighthouse` the index has `lighthous`, which `*house` does not fit. What
follows the last wildcard is therefore stemmed too, as the end of a word.
"""

from __future__ import annotations

from archive.text.analyzer import Analyzer

#: What a wildcard is taken for while stemming: a `*` is long enough for an ending to be cut off
#: behind it, and a `?` is a vowel as well as a consonant.
_FILLINGS = {"*": ("bab",), "?": ("a", "b")}
#: Letters that must be left: of a pattern, or behind its `*`. With fewer it would fit almost anything.
_LEAST = 3


def stem_wildcard(pattern: str, analyzer: Analyzer) -> list[str]:
    """`pattern`, and what it is among stems where that is something else."""
    at = max(map(pattern.rfind, _FILLINGS))
    head, wildcard, tail = pattern[:at], pattern[at], pattern[at + 1 :]
    found = [pattern]
    for filling in _FILLINGS[wildcard]:
        filled = head.replace("*", "bab").replace("?", "a") + filling
        term = analyzer.term(filled + tail)
        left = term[len(filled) :]
        enough = len(left if wildcard == "*" else head + wildcard + left) >= _LEAST
        if term.startswith(filled) and enough:
            found.append(head + wildcard + left)
    return list(dict.fromkeys(found))
