"""What the words of a run say together: where its title ends and the name begins, and what follows that is no part.

An office, a rank or a trade that leads to a name is split off as its title, and "of Place" after a name is left out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from archive.names.discovery.given_names import mens_names
from archive.names.discovery.run_words import SAINTS, RunWord
from archive.names.discovery.word_classes import (
    BODY,
    CALENDAR_WORD,
    COMMON_WORD,
    DEMONYM,
    FUNCTION_WORD,
    GIVEN,
    HONORIFIC,
    KINSHIP,
    LEADING_PLACE,
    LEADING_VENUE,
    OFFICE,
    OFFICE_PREFIX,
    OPENER,
    PARTICLE,
    PLACE,
    PORTFOLIO,
    SUFFIX,
    SURNAMES_TOO,
    TRADE,
    VENUE,
)
from archive.names.discovery.wordlists import LONG_PLACES, POST_NOMINALS, POSTPOSITIVE
from archive.text.sentences import wordset

_AGENT_LED = re.compile(r"(?:er|or|eur|ist|man|woman|year|aire|mate|\w{4}in|\w{3}(?:ent|ant)|arzt)s?$")
#: Given names as well as offices: before a surname they are no title.
_FOR_WIVES = wordset("mrs mme madame frau señora senora signora")
_OF_VENUES = wordset("holy good great happy new best")  # "Holy Cross Priory"
_SIBLINGS = wordset("brothers sisters twins cousins siblings friends newlyweds spouses")
_GIVEN_TOO = wordset("dean earl")
_SHIPS = wordset("hms uss rms ss mv hmas")
_SON_OF = wordset("bin bint ibn ben")
_ROMAN = re.compile(r"[IVX]+$")


class CapitalizedSpan(NamedTuple):
    """Capitalised words that belong together.

    start, end   where the name stands, title and possessive 's not included
    words        the words, particles among them, without title and possessive 's
    title        the office, rank or address before them, as in "Finance Minister"; "" for nothing
    possessive   whether 's follows
    begins       whether they stand where any word would have a capital
    outer        where the title begins; `start` without one
    """

    start: int
    end: int
    words: tuple[str, ...]
    title: str = ""
    possessive: bool = False
    begins: bool = False
    outer: int = -1

    @property
    def text(self) -> str:
        """The name as it is written, without its title."""
        return " ".join(self.words)


def parse_segment(words: list[RunWord], begins: bool) -> CapitalizedSpan | None:
    """The name in a segment, None where there is none."""
    if len(words) <= 2 and all(not word.bits & ~GIVEN and _is_capitalized(word.text) for word in words):
        return _untitled(words, begins)  # as most are: the lists say nothing that could part them
    first = _skip_leading(words, begins)
    last = len(words)
    while last > first and words[last - 1].text.islower():
        last -= 1
    if first == last:
        return None
    words = _without_honours(words[first:last])
    begins = begins and first == 0
    if _is_a_place(words):
        words = _without_place(words)
    else:
        after_title = _end_of_title(words)
        if after_title == len(words):
            return None
        if after_title:
            return _titled(words, after_title)
        words = _without_place(words)
    return _untitled(words, begins)


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _untitled(words: list[RunWord], begins: bool) -> CapitalizedSpan:
    start, end = words[0].start, words[-1]
    return CapitalizedSpan(start, end.end, tuple([word.text for word in words]), "", end.possessive, begins, start)


def _without_honours(words: list[RunWord]) -> list[RunWord]:
    """Without the letters after a name, as in "Jane Munro QC"; a name of a word and an acronym keeps it."""
    last = len(words)
    while last > 2 and words[last - 1].text.isupper() and words[last - 1].plain in POST_NOMINALS:
        last -= 1
    return words if words[0].bits & (VENUE | BODY) or words[last - 1].text.islower() else words[:last]


def _skip_leading(words: list[RunWord], begins: bool) -> int:
    """How many of the first words are no part of the name that follows."""
    for number, word in enumerate(words):
        bits, more = word.bits, number + 1 < len(words)
        if word.text.islower() and bits & PARTICLE:
            continue
        if more and bits & LEADING_VENUE:
            return number
        following = words[number + 1].bits if more else 0
        if bits & (FUNCTION_WORD | CALENDAR_WORD):
            if bits & GIVEN and more:
                return number
            continue
        if bits & GIVEN and not bits & DEMONYM:
            return number
        if bits & (DEMONYM | OPENER):
            if more and word.plain in _OF_VENUES and words[-1].bits & VENUE:
                return number
            if more and bits & OPENER and following & (BODY | VENUE | CALENDAR_WORD):
                return number
            continue
        if begins and bits & COMMON_WORD and not bits & OFFICE:
            continue
        if more and word.plain in _SIBLINGS and following & GIVEN:
            continue
        left = len(words) - number
        if left > 2 and bits & (PLACE | TRADE | PORTFOLIO | KINSHIP) and following & GIVEN and not bits & OFFICE:
            continue
        if left > 2 and following & GIVEN and _AGENT_LED.search(word.plain) and not bits & OFFICE:
            continue
        if left > 3 and f"{word.plain} {words[number + 1].plain}" in LONG_PLACES and words[number + 2].bits & GIVEN:
            return _skip_leading(words[number + 2 :], False) + number + 2
        acronym = (
            word.plain not in _SHIPS
            and len(word.text) > 1
            and word.text.isupper()
            and word.text.isalpha()
            and not _ROMAN.match(word.text)
        )
        if acronym and following & GIVEN and left == 2 and len(word.text) > 2:
            continue
        if acronym and left > 2 and following & (GIVEN | OFFICE | OFFICE_PREFIX):
            continue
        return number
    return len(words)


def _is_a_place(words: list[RunWord]) -> bool:
    """Whether a run is a place, a body or a club by its last word: then no title leads to a person in it."""
    bits = words[-1].bits
    if len(words) < 2 or not bits & (VENUE | BODY) or bits & (OFFICE | SUFFIX):
        return False
    if len(words) > 3 and any(word.plain == "of" for word in words[2:-1]) and _is_somebody(words):
        return False  # somebody of it
    at = max((number for number, word in enumerate(words[:-1]) if word.bits & (OFFICE | TRADE)), default=-1)
    names = words[at + 1 :]
    if len(names) == 1 and words[at].bits & HONORIFIC:
        return False  # "Mr Park"
    return not (len(names) == 2 and names[0].bits & GIVEN)


def _is_somebody(words: list[RunWord]) -> bool:
    """Whether a run with "of" begins with a person's name: after an office, or two words of which no list says more."""
    names = [word for word in words[: [word.plain for word in words].index("of")] if not word.text.islower()]
    if len(names) > 2 and names[-1].bits & ~GIVEN == 0 and any(word.bits & OFFICE for word in names[:-1]):
        return True
    return len(names) > 1 and (bool(names[0].bits & GIVEN) or not any(word.bits & ~GIVEN for word in names))


def _end_of_title(words: list[RunWord]) -> int:
    """After how many words the name begins that a title leads to: 0 where there is none, all where it is only that."""
    end = number = 0
    while number < len(words):
        word = words[number]
        is_last = number == len(words) - 1
        if word.text.islower():
            number += 1
            continue
        if number and words[number - 1].text in _SON_OF:
            number += 1
        elif _is_title(words, number, is_last, end):
            end = number = number + 1
            end = number = _after_portfolio(words, number)
        else:
            number += 1
    if not end and all(word.bits & (OFFICE | OFFICE_PREFIX | HONORIFIC) for word in words):
        return len(words)
    if end and words[end - 1].bits & (OFFICE | TRADE):
        while end < len(words) and words[end].plain in POSTPOSITIVE:
            end += 1
    return end


def _is_title(words: list[RunWord], number: int, is_last: bool, end: int) -> bool:
    word = words[number]
    bits = word.bits
    if not bits & (OFFICE | TRADE | HONORIFIC) or word.possessive:
        return False
    before = words[end:number]
    named = bool(before) and bool(before[0].bits & GIVEN) and not before[0].bits & (OFFICE_PREFIX | PLACE)
    if is_last:
        return (
            bool(bits & OFFICE)
            and not named
            and (number > 0 or not bits & GIVEN)
            and (word.plain not in SURNAMES_TOO or number == end or bool(before and before[-1].bits & OFFICE_PREFIX))
        )
    if named and (word.plain in SURNAMES_TOO or not bits & OFFICE):
        return False
    following = words[number + 1]
    if len(word.plain) == 1 and (
        (len(following.plain) == 1 and following.text[0].isupper()) or (number and len(words[number - 1].plain) == 1)
    ):
        return False  # "M. S. Byrne", "J. M. Byrne": initials
    rest = [each for each in words[number + 1 :] if not each.text.islower()]
    if word.plain in SAINTS and ("'s" in following.text or "’s" in following.text or following.possessive or not (
        following.bits & GIVEN and len(rest) > 1)):  # fmt: skip
        return False
    if bits & GIVEN and not bits & HONORIFIC and (word.plain in _GIVEN_TOO or not bits & OFFICE):
        return len(rest) > 1 and bool(rest[0].bits & GIVEN)
    if not bits & (OFFICE | HONORIFIC):  # a trade with a capital, as at the beginning of a sentence
        return len(rest) > 1 or not before
    return True


def _after_portfolio(words: list[RunWord], number: int) -> int:
    """Past "of State", "of the Exchequer", "of Norland" after an office."""
    if number + 1 >= len(words) or words[number].plain not in ("of", "du", "de", "von"):
        return number
    if words[number].plain != "of":
        return number
    number += 1
    while number < len(words) and words[number].text.islower():
        number += 1
    left = [word.plain for word in words[number:]]
    for size in (3, 2):
        if " ".join(left[:size]) in LONG_PLACES:
            return min(number + size, len(words))
    if number < len(words) and words[number].bits & PORTFOLIO:
        while number < len(words) and (words[number].bits & PORTFOLIO or words[number].text.islower()):
            number += 1
        is_of_more = words[number - 1].plain == "of"  # "of the Bank of England"
        return _after_portfolio(words, number - 1) if is_of_more and number < len(words) else number
    if number + 1 < len(words) and words[number].bits & (LEADING_PLACE | OPENER | DEMONYM) and len(left) > 2:
        return min(number + 2, len(words))
    return min(number + 1, len(words))


def _titled(words: list[RunWord], after_title: int) -> CapitalizedSpan | None:
    title, names = words[:after_title], words[after_title:]
    names = _without_place(names)
    if len(names) > 2 and names[1].text == "of" and not names[2].text.islower():
        names = names[:1]  # "Queen Margit of Denmark"
    begin = after_title
    while begin > 0 and (
        words[begin - 1].bits & (OFFICE | OFFICE_PREFIX | HONORIFIC | TRADE | PORTFOLIO)
        or words[begin - 1].text.islower()
    ):
        begin -= 1
    title = words[begin:after_title]
    while names and names[0].text.islower() and len(names) > 2 and names[0].plain == "of":
        names = names[1:]
    if not names or not any(word.text[0].isupper() for word in names):
        return None
    if len(names) > 1 and names[0].plain in mens_names() and title and title[-1].plain in _FOR_WIVES:
        names, title = [title[-1], *names], title[:-1]  # she is not the man of that name
    written = " ".join(word.text for word in title)
    end = names[-1]
    outer = title[0].start if title else names[0].start
    return CapitalizedSpan(
        names[0].start, end.end, tuple(word.text for word in names), written, end.possessive, False, outer
    )


def _without_place(words: list[RunWord]) -> list[RunWord]:
    """A name without the "of Place" after it; what an "of" belongs to, as in "Museum of the Moon", stays."""
    at = next((number for number, word in enumerate(words) if number and word.plain == "of" and word.text == "of"), 0)
    if not at or words[at - 1].bits & (VENUE | BODY | LEADING_VENUE) or words[0].bits & (LEADING_VENUE | BODY):
        return words
    names = words[:at]
    if len(words) > at + 2 and words[-1].bits & VENUE and not _is_somebody(words):
        return words[at + 1 :]  # "Roof of Royal Exchange"
    if len(names) > 1 and not names[-1].bits & (VENUE | BODY):
        return names
    return words
