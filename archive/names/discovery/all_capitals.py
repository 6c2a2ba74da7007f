"""Texts that are written in capitals throughout, where capitals say nothing of names."""

from __future__ import annotations

import re

from archive.names.discovery.word_classes import (
    CALENDAR_WORD,
    COMMON_WORD,
    FUNCTION_WORD,
    GIVEN,
    HONORIFIC,
    KINSHIP,
    OFFICE,
    SURNAMES_TOO,
    TRADE,
    word_classes,
)
from archive.names.discovery.wordlists import ACTS, HEADLINE_VERBS, SPEECH

_CAPITALS = 0.9  # share of the letters of a text that is all in capitals
_NOT_SMALL = bytes(code for code in range(256) if not chr(code).islower())
_LETTERS = re.compile(r"[^\W\d_]+")
_VERBS = ACTS | SPEECH | HEADLINE_VERBS
_NO_SURNAME = FUNCTION_WORD | CALENDAR_WORD | COMMON_WORD | KINSHIP | OFFICE | TRADE


def is_all_capitals(text: str) -> bool:
    """Whether a text is written in capitals throughout, so that these say nothing of names."""
    start = text[:2_000]
    if len(start.encode("ascii", "ignore").translate(None, _NOT_SMALL)) > (1 - _CAPITALS) * len(start) + 1:
        return False  # as is found sooner than by looking at every letter
    capitals = sum(map(str.isupper, start))
    return capitals > 40 and capitals >= _CAPITALS * (capitals + sum(map(str.islower, start)))


def in_small_letters(text: str) -> str:
    """A text in capitals with capitals only where names may be: given names, addresses, and what follows them.

    As long as before.
    """
    is_name = False

    def changed(match: re.Match[str]) -> str:
        nonlocal is_name
        word, plain = match[0], match[0].casefold()
        bits = word_classes[plain]
        begins_name = bool(bits & (GIVEN | HONORIFIC)) and not bits & (FUNCTION_WORD | CALENDAR_WORD)
        may_be_surname = plain in SURNAMES_TOO or not (bits & _NO_SURNAME or plain in _VERBS)
        goes_on = is_name and may_be_surname and len(plain) > 1
        is_name = begins_name
        capital = begins_name or goes_on or bits & CALENDAR_WORD
        new = word.capitalize() if capital else word.lower()
        return new if len(new) == len(word) else word

    return _LETTERS.sub(changed, text)
