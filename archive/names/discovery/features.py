"""What the words around a run of capitals say: a person, a place where people meet, or neither.

Weights are in no unit; they add up, and what they add up to is compared with thresholds in
`suggest`. They were set by hand on the passages under tests/names that are not held out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.names.discovery.spans import CapitalizedSpan
from archive.names.discovery.wordlists import (
    ACTS,
    AGENCIES,
    BELONGINGS,
    COMMON,
    DEMONYMS,
    KIN,
    LEADING_VENUES,
    OTHERS,
    SPEECH,
    TRADES,
    VENUE_NOUNS,
    VENUES,
    WORKS,
)
from archive.text.sentences import wordset

_NEAR = 300  # characters in which a pronoun may follow
#: What one mention says for a person and for a venue.
Weights = tuple[float, float]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEFORE = re.compile(r"(?:([^\W_]+(?:['’-][^\W_]+)*)\s+)?([^\W_]+(?:['’-][^\W_]+)*)[\"“‘']?([,:(–—]?)\s*[(\"“‘]?$")
_AGE = re.compile(r"\s*(?:,|\()\s*(?:(?:now|then|aged?)\s+)?\d{1,3}\s*(?:[,.;)]|$)|,? (?:aged|age) \w+")
_APPOSITION = re.compile(r",\s+(?:an?|the|his|her|their|its|my|our|one|who\w*)\s")
_ASIDE = re.compile(r",[^,.;:]{2,60},\s+(\w+)")
_WHO = re.compile(r"\s*[,(–—]?\s*(?:who|whom|whose)\b")
_WHICH = re.compile(r"\s*,?\s*(?:which|where)\b")
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_THEN = re.compile(r"\s+[\"“]?(?:He|She|His|Her)\b")
_YEAR_OLD = re.compile(r"\d-year-old\s*$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+-?$")
_PAST = re.compile(r"\w{2,}ed$")
_AGENT = re.compile(r"\w{3,}(?:ist|ian|woman|man|wright|eer)$")
_OF_PLACE = wordset("town city village county country island river state province region suburb district capital")
_AT = wordset(
    """at outside inside near opposite beside attended attending visited visiting during opened reopened entering
    left"""
)
_IN = wordset("in into from to across through around via throughout over toward towards off on behind of")
_TOWARDS_PEOPLE = wordset(
    """with like including by meet met meets thanked and between for honouring invited married alongside marrying
    joined hosts hosted featuring named called replaced succeeded beat defeated versus"""
)


@lru_cache(maxsize=65_536)
def name_features(words: tuple[str, ...], title: str) -> Weights:
    """What the name says by itself."""
    plain = [word.casefold() for word in words]
    person = venue = 0.0
    if title:
        person += 3
    head = plain[plain.index("of") - 1] if "of" in plain[1:] else plain[-1]
    venue_like = len(plain) > 1 and (head in VENUES or plain[0] in LEADING_VENUES)
    if venue_like and not title:
        person -= 5
        venue += 4
    elif head in OTHERS or plain[0] in OTHERS or plain[0] in AGENCIES or plain[-1] in AGENCIES:
        person -= 4
        venue -= 4
    if plain[0] in DEMONYMS or plain[-1] in DEMONYMS:
        person -= 3
        venue -= 1
    if any(word in ("of", "the") for word in plain):
        person -= 2
    acronyms = sum(len(word) > 2 and word.isupper() for word in words) + (len(words[-1]) == 2 and words[-1].isupper())
    person -= 2 * acronyms + sum(word in COMMON for word in plain)
    if plain[-1].endswith(("'s", "’s")):
        return person - 3, venue + 1
    if len(words) == 1:
        return person - 1.2, venue - 1
    capitals = [word for word in words if word[0].isupper() or "-" in word or "'" in word]
    if 2 <= len(capitals) <= 4:
        person += 1
    person += any(_INITIAL.match(word) for word in words[:-1]) - (len(capitals) > 5) * 2
    if any(any(char.isdigit() for char in word) for word in words):
        person -= 3
    return person, venue


def context_features(text: str, run: CapitalizedSpan, start: int, end: int) -> Weights:
    """What the sentence text[start:end] around a run says."""
    left = text[max(start, run.start - 48) : run.start]
    after = run.end + 2 * run.possessive
    right = text[after : min(end, after + 64)]
    people, venues = _left(left)
    for part in (_right(right, possessive=run.possessive), _apposition(right)):
        people, venues = people + part[0], venues + part[1]
    if _PRONOUN.search(text, run.end, min(end, run.end + _NEAR)) or _THEN.match(text, end, end + 12):
        people += 0.4
    return people, venues


def _left(left: str) -> Weights:
    if _YEAR_OLD.search(left):
        return 2.5, 0
    match = _BEFORE.search(left)
    if match is None:
        return 0, 0
    before, word, mark = match[1] or "", match[2], match[3]
    plain = word.casefold()
    singular = plain.removesuffix("s")
    if plain in WORKS:
        return (-4, -4) if mark != "," else (0, 0)
    if plain in KIN or singular in KIN:
        return 2.5, -1
    if mark and mark not in "(":
        return (1.5, -1) if (plain in TRADES or singular in TRADES) and mark == "," else (0, 0)
    if plain in TRADES:
        return 2.2, -1
    if plain in SPEECH:
        return 1.5, -1
    if plain in VENUE_NOUNS:
        return -2, 3
    if plain in _OF_PLACE:
        return -3, -1
    if plain in ("the", "a", "an"):
        return _article(plain, before.casefold())
    if plain in _AT:
        return -0.5 if plain == "opened" else -1, 1.8
    if plain in _TOWARDS_PEOPLE:
        return 0.7, -0.3
    if plain in _IN:
        return (-0.2, 0) if plain in ("of", "to", "for") else (-1.5, 0.3)
    return (1.2, -0.5) if _AGENT.match(plain) else (0, 0)


def _article(article: str, before: str) -> Weights:
    if before in _AT:
        return -2.5, 2.5
    if before in _IN:
        return -2.5, 0.8
    return (-2, 0.3) if article == "the" else (-2.5, -0.5)


def _right(right: str, *, possessive: bool) -> Weights:
    if _WHO.match(right):
        return 2.5, -1
    if _AGE.match(right):
        return 2.5, -1
    if _WHICH.match(right):
        return -1, 0.7
    match = _WORD.search(right)
    if match is None or right[: match.start()].strip(" \n"):
        return 0, 0
    word = match[0]
    plain = word.casefold()
    if possessive:
        following = [each.casefold() for each in _WORD.findall(right)[:3]]
        return (1.3, -0.5) if any(each in BELONGINGS for each in following) else (0.3, 0)
    if plain in SPEECH:
        return 2, -1
    if plain in VENUE_NOUNS:
        return -2, 3
    if plain in WORKS or plain in OTHERS:
        return -1.5, -1
    if plain in ACTS:
        return 0.8, -0.3
    return (0.6, -0.2) if _PAST.match(plain) else (0, 0)


def _apposition(right: str) -> Weights:
    aside = _ASIDE.match(right)
    if aside and aside[1] in SPEECH:
        return 2, -1
    match = _APPOSITION.match(right)
    if match is None:
        return 0, 0
    for word in _WORD.findall(right[match.end() - 1 :])[:5]:
        plain = word.casefold()
        if plain in KIN or plain in TRADES or _AGENT.match(plain):
            return 2, -1
        if plain in VENUE_NOUNS:
            return -1, 2
    return 0, 0
