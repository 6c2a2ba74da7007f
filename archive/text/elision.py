"""Elided articles and particles (l'opéra, dell'anno, d'Orvane): where the word after the apostrophe begins.

In the languages that elide, what is elided is no word: `l'opéra` is `opéra` (the lists are those of Lucene's analyzers,
with a few more words). In all others it may stand before a name: `d'Orvane` is two words, `d` and `Orvane`, and a
compound as one with a hyphen would be, so that `dorvane` finds it too. Texts keep their length, and offsets hold.
"""

from __future__ import annotations

import re
from itertools import repeat

_APOSTROPHES = "'’ʼ＇"
_FRENCH = "c d j l m n qu s t jusqu lorsqu puisqu quoiqu"
_ITALIAN = (
    "c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d n quell quest tutt anch com dov"
)
_CATALAN = "d l m n s t"
_IRISH = "b d m"
_ELIDED = (
    dict.fromkeys(("french", "fr", "fra", "fre"), _FRENCH)
    | dict.fromkeys(("italian", "it", "ita"), _ITALIAN)
    | dict.fromkeys(("catalan", "ca", "cat"), _CATALAN)
    | dict.fromkeys(("irish", "ga", "gle"), _IRISH)
)
#: Before a name in any language.
BEFORE_NAMES = ("d", "l", "qu", "all", "dall", "dell", "nell", "sull")
_LAST_LETTERS = frozenset("dluDLU")


class Elisions:
    """The elisions of a language (None: of names alone)."""

    def __init__(self, language: str | None) -> None:
        elided = _ELIDED.get(language or "")
        self._elided = None if elided is None else _pattern(elided)
        self._before_names = None if elided else _pattern(" ".join(BEFORE_NAMES))

    def resolve(self, text: str) -> str:
        """`text`, equally long, with spaces for what is elided; before a name with a hyphen for the apostrophe."""
        is_plain = text.isascii()
        if is_plain and "'" not in text:
            return text
        marks = ["'"] if is_plain else [mark for mark in _APOSTROPHES if mark in text]
        if not marks:
            return text
        if self._elided is not None:
            return self._elided.sub(lambda match: " " * len(match[0]), text)
        assert self._before_names is not None
        if not any(map(_may_elide, repeat(text), marks)):
            return text
        return self._before_names.sub(lambda match: _separated(match, text), text)


def _may_elide(text: str, mark: str) -> bool:
    """Whether a capital follows one of the apostrophes of a text, and before it is what may be elided: quickly."""
    at = text.find(mark)
    while at >= 0:
        if text[at - 1 : at] in _LAST_LETTERS and text[at + 1 : at + 2].isupper():
            return True
        at = text.find(mark, at + 1)
    return False


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w{_APOSTROPHES}])(?:{'|'.join(words.split())})[{_APOSTROPHES}](?=[^\W\d_])", re.IGNORECASE
    )


def _separated(match: re.Match[str], text: str) -> str:
    return f"{match[0][:-1]}-" if text[match.end()].isupper() else match[0]
