"""The words of a run of capitalised words, and where the run is cut: what follows there belongs to another name.

It is cut after a possessive, at a word of the calendar or of grammar, at a stop, and at the end of a short line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archive.names.discovery.word_classes import (
    BODY,
    CALENDAR_WORD,
    COMMON_WORD,
    FOREIGN_OPENER,
    FUNCTION_WORD,
    GIVEN,
    HONORIFIC,
    KINSHIP,
    OFFICE,
    PARTICLE,
    TRADE,
    VENUE,
    word_classes,
)
from archive.names.discovery.wordlists import ACCORDING, FUNCTION, GATHERINGS, PARTICLES, SEASONS
from archive.text.sentences import is_title_case, wordset

_ABBREVIATIONS = wordset(
    """mr mrs ms mx dr prof rev revd hon st ste sgt capt col gen lt gov sen rep fr sr sra jr msgr mt ft cllr cpl maj
    cmdr comdr adm brig pvt pte supt insp det messrs reps sens mme mlle pres amb atty dep vs bros co inc ltd corp esq"""
)
_TIME = wordset("in since until till by last next early late mid of this every from through during before after on")
_ANDS, _WIVES = wordset("and &"), wordset("mrs mme lady")
_FEASTS = wordset("whit maundy palm shrove spy trinity easter")  # "Whit Monday"
_FOREIGN_ANDS = wordset("y e und")
SAINTS = wordset("st saint san santa ste sainte são")
_LONG_LINE = 45  # characters: a name may go on after a line that long, which was wrapped
_PREFIX = re.compile(r"(?:Post|Pre|Anti|Non|Pro|Ex|Mid)-(?=\w)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+$")
_AT = re.compile(r"\b(?:at|to|outside|inside|near|into|from)\s$", re.IGNORECASE)
_NEXT = re.compile(r"\s*([^\W_]*)")
_PIECES = re.compile(r"\S+")
_INNER_STOP = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")


class RunWord(NamedTuple):
    """A word of a run: `plain` in small letters without a stop, `bits` what is known of it."""

    text: str
    start: int
    end: int
    plain: str
    bits: int
    possessive: bool = False


def words_of_run(text: str, start: int, end: int) -> list[RunWord | None]:
    """The words of a run; None where it is cut by a stop or the end of a short line."""
    words: list[RunWord | None] = []
    for piece in _PIECES.finditer(text, start, end):
        first, raw = piece.start(), piece[0]
        if words and "\n" in text[first - 3 : first]:
            line_end = text.rfind("\n", 0, first)
            line = text[text.rfind("\n", 0, line_end) + 1 : line_end]
            if len(line) < _LONG_LINE or is_title_case(line):
                words.append(None)
        if "." in raw and (inner := _INNER_STOP.search(raw)):
            _add_word(words, raw[: inner.end()], first)
            first, raw = first + inner.end(), raw[inner.end() :]
        _add_word(words, raw, first)
    return words


def _add_word(words: list[RunWord | None], raw: str, first: int) -> None:
    if raw.isascii() and raw.isalpha():  # as most are: nothing to take off
        plain = raw.casefold()
        words.append(RunWord(raw, first, first + len(raw), plain, word_classes[plain]))
        return
    if "-" in raw and (prefix := _PREFIX.match(raw)):
        raw, first = raw[prefix.end() :], first + prefix.end()
    word = raw.rstrip("-‐‑")
    if not word[:1].isascii() and word[:1].islower() and word.casefold() not in PARTICLES:
        words.append(None)
        return
    stopped = False
    if word.endswith("."):
        plain = word.casefold().rstrip(".")
        if not (plain in _ABBREVIATIONS or _INITIALS.match(word)):
            word, stopped = word.rstrip("."), True
        elif word.endswith(".."):
            word, stopped = word.rstrip(".") + ".", True
    possessive = False
    bare = word
    if word.endswith(("'s", "’s", "ʼs")):
        bare, possessive = word[:-2], True
    elif word.endswith(("'", "’", "ʼ")):
        bare, possessive = word[:-1], word[-2:-1] == "s"
        stopped = stopped or not possessive
    if bare:
        plain = bare.casefold().rstrip(".")
        bits = word_classes[plain]
        if len(bare) == 2 and bare[1] == ".":  # an initial: "A." is no article
            bits &= ~(FUNCTION_WORD | COMMON_WORD)
        words.append(RunWord(bare, first, first + len(bare), plain, bits, possessive))
    if stopped:
        words.append(None)


def segments(text: str, words: list[RunWord | None]) -> Iterator[list[RunWord]]:
    """The words cut at possessives, words of the calendar and words that are in no name.

    After "the" the first possessive is part of the name, as in "the King's Arms".
    """
    part: list[RunWord] = []
    for number, word in enumerate(words):
        if word is None:
            if part:
                yield part
            part = []
            continue
        bits = word.bits
        if bits & FOREIGN_OPENER and not part and word.text[0].isupper() and (
            not bits & GIVEN or word.plain in ACCORDING
        ):  # fmt: skip
            continue
        if part and word.text in _FOREIGN_ANDS and _begins_another(word, part[-1], words[number + 1 : number + 3]):
            yield part
            part = []
            continue
        if part and part[-1].bits & HONORIFIC and _is_of_couple(words[number - 1 : number + 2]):
            continue  # "Mr and Mrs Max Cole": he is named
        if word.text == "an" and part:  # of "Mac an Bhaird"
            part.append(word)
            continue
        following = words[number + 1] if number + 1 < len(words) else None
        if part and word.plain in SEASONS and following and (following.bits & VENUE or following.plain in GATHERINGS):
            part.append(word)  # "the X Christmas Party"
            continue
        if bits & (FUNCTION_WORD | CALENDAR_WORD) and not (word.text.islower() and bits & PARTICLE):
            is_name = (
                bits & GIVEN
                and not part
                and following is not None
                and following.text[0].isupper()
                and not following.bits & (FUNCTION_WORD | CALENDAR_WORD | COMMON_WORD | BODY | OFFICE | HONORIFIC)
                and not (bits & CALENDAR_WORD and is_after_time(text, word.start))
            )
            is_surname = bits & CALENDAR_WORD and part and part[-1].bits & (GIVEN | HONORIFIC) and len(part) < 3
            is_surname = is_surname and part[-1].plain not in _FEASTS
            if not (is_name or is_surname):
                if part:
                    yield part
                part = []
                continue
        is_initial = part and len(word.plain) == 1 == len(part[-1].plain)  # the M. of "J. M. Byrne" is no Monsieur
        if part and bits & HONORIFIC and not (is_initial or part[-1].bits & (OFFICE | HONORIFIC)):
            yield part
            part = []
        part.append(word)
        if word.possessive and _names_a_venue(words[number + 1 : number + 5]):
            part[-1] = _with_possessive(text, word)
        elif word.possessive:
            the = text[max(0, part[0].start - 4) : part[0].start].casefold() == "the "
            if the and len(part) == 1 and number + 1 < len(words):
                part[-1] = _with_possessive(text, word)
                continue
            if _is_house(text, part[0], word):
                part[-1] = _with_possessive(text, word)
            yield part
            part = []
    if part:
        yield part


def _is_of_couple(around: list[RunWord | None]) -> bool:
    """Whether the word in the middle is one of "and Mrs" after another address."""
    before, word, after = [each.plain if each else "" for each in (*around, None)[:3]]
    return (word in _ANDS and after in _WIVES) or (before in _ANDS and word in _WIVES)


def _begins_another(conjunction: RunWord, before: RunWord, after: list[RunWord | None]) -> bool:
    """Whether another name begins after an "and" of a language where it may be within one, as in "Ortega y Gasset"."""
    if conjunction.text == "und":  # but "von und zu"
        return not before.text.islower()
    return len(after) == 2 and None not in after and bool(after[0] and after[0].bits & GIVEN)


def _with_possessive(text: str, word: RunWord) -> RunWord:
    """A word whose 's is part of the name."""
    end = word.end + 1 + (text[word.end + 1 : word.end + 2] == "s")
    return word._replace(text=text[word.start : end], end=end, possessive=False)


def is_after_time(text: str, start: int) -> bool:
    """Whether the word before an offset leads to a time, as in "since May"."""
    words = text[max(0, start - 24) : start].split()
    return bool(words) and words[-1].casefold() in _TIME


_PLAIN = COMMON_WORD | KINSHIP | BODY | TRADE | VENUE


def _names_a_venue(words: list[RunWord | None]) -> bool:
    """Whether the words after "X's" make a place of it, as "X's Yard"."""
    if not words or len(words) > 3 or any(word is None for word in words):
        return False
    return bool(words[-1] and words[-1].bits & VENUE) and all(word and word.bits & _PLAIN for word in words[:-1])


def _is_house(text: str, first: RunWord, last: RunWord) -> bool:
    """Whether a name with 's is a place by itself, as in "at X's on Tuesday": nothing follows that X could have."""
    return bool(
        text[last.end : last.end + 2] in ("'s", "’s")
        and (first.plain in SAINTS or _AT.search(text, max(0, first.start - 12), first.start))
        and (after := _NEXT.match(text, last.end + 2, last.end + 42))
        and (not after[1] or after[1].casefold() in FUNCTION)
    )
