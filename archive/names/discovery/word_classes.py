"""What the lists say of a word: an office, a trade, a place, a given name, as bits of one number.

Every word of a text is looked up once and remembered; what runs of capitalised words are made of goes by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.names.discovery.given_names import given_names
from archive.names.discovery.wordlists import (
    ACCORDING,
    AGENCIES,
    CALENDAR,
    CLUBS_AND_FIRMS,
    COMMON,
    DEMONYMS,
    FUNCTION,
    GERMAN_OPENERS,
    KIN,
    LEADING_PLACES,
    LEADING_VENUES,
    OFFICE_PREFIXES,
    OFFICES,
    OPENERS,
    OTHERS,
    PARTICLES,
    PLACES,
    PORTFOLIOS,
    SPEECH,
    TRADES,
    VENUES,
)
from archive.names.surface_forms import HONORIFICS, SUFFIXES
from archive.text.sentences import wordset
from archive.util.remembered_answers import RememberedAnswers

# What is known of a word, as bits.
FUNCTION_WORD, CALENDAR_WORD, COMMON_WORD, OFFICE, HONORIFIC, TRADE, DEMONYM, VENUE, BODY, PARTICLE, GIVEN = (
    1 << bit for bit in range(11)
)
OFFICE_PREFIX, LEADING_PLACE, PLACE, LEADING_VENUE, OPENER, PORTFOLIO, SUFFIX, AGENCY, KINSHIP, FOREIGN_OPENER = (
    1 << bit for bit in range(11, 21)
)
_MEMBERS = (
    (FUNCTION, FUNCTION_WORD),
    (CALENDAR, CALENDAR_WORD),
    (COMMON | SPEECH, COMMON_WORD),
    (OFFICES, OFFICE),
    (HONORIFICS, HONORIFIC),
    (TRADES, TRADE),
    (DEMONYMS, DEMONYM),
    (VENUES, VENUE),
    (OTHERS | CLUBS_AND_FIRMS, BODY),
    (PARTICLES, PARTICLE),
    (OFFICE_PREFIXES, OFFICE_PREFIX),
    (LEADING_PLACES, LEADING_PLACE),
    (PLACES, PLACE),
    (LEADING_VENUES, LEADING_VENUE),
    (OPENERS, OPENER),
    (PORTFOLIOS, PORTFOLIO),
    (SUFFIXES, SUFFIX),
    (AGENCIES, AGENCY),
    (KIN, KINSHIP),
    (GERMAN_OPENERS | ACCORDING, FOREIGN_OPENER),
)
#: What the lists say of the words that are in any.
_LISTED: dict[str, int] = {}
for _words, _bit in _MEMBERS:
    for _word in _words:
        _LISTED[_word] = _LISTED.get(_word, 0) | _bit
_AGENT = re.compile(r"\w{4,}(?:(?<!qv)(?<!qu)ist|ologian|grapher|woman|wright|(?<!m)eer)$")
#: Words that are surnames as well as offices: after a given name they are no title.
SURNAMES_TOO = wordset(
    """abbot baron bishop brother canon chancellor chief coach constable count crown dean duke earl elder father judge
    king knight lord major manager marshal master noble page petty pope prince prior principal private provost queen
    rector saint sheriff sister speaker warden first mother general sergeant seaman justice king fellow"""
)
#: What is tied to an office by a hyphen, after it and before it.
_AFTER_OFFICES = wordset("general elect designate in-chief at-large emeritus emerita")
_BEFORE_OFFICES = wordset("ex co vice sub then arch mid pro under multi self one-time soon-to-be")
_MOST_WORDS = 200_000  # that are remembered


class _WordClasses(dict[str, int]):
    """What the lists say of a word in small letters, without its stop."""

    def __missing__(self, plain: str) -> int:
        if len(self) > _MOST_WORDS:
            self.clear()
        bits = _LISTED.get(plain, 0)
        singular = plain.removesuffix("s")
        if singular != plain and len(singular) > 3 and singular not in SURNAMES_TOO:
            bits |= _LISTED.get(singular, 0) & (OFFICE | TRADE | DEMONYM)
        if plain in given_names() or plain.partition("-")[0] in given_names():
            bits |= GIVEN
        elif "-" in plain:
            bits |= _of_compound(plain)
        elif _AGENT.match(plain):
            bits |= TRADE
        self[plain] = bits
        return bits


def _of_compound(plain: str) -> int:
    """What an office is of two words with a hyphen, as "solicitor-general", "ex-minister", "chairman-elect"."""
    first, _, last = plain.rpartition("-")
    before = _LISTED.get(first, 0)
    if last in _AFTER_OFFICES:
        return before & (OFFICE | TRADE)
    if first in _BEFORE_OFFICES or before & (OFFICE | TRADE | OFFICE_PREFIX):
        return _LISTED.get(last, 0) & (OFFICE | TRADE)
    return 0


word_classes = _WordClasses()


def _is_unlisted(word: str) -> bool:
    if not (word.isalpha() and word[0].isupper() and word[1:].islower()):
        return False
    return not word_classes[word.casefold()] & ~GIVEN


_is_unlisted_word = RememberedAnswers(_is_unlisted).__getitem__


def are_unlisted(words: Iterable[str]) -> bool:
    """Whether words are capitalised letters of which the lists say nothing but that they are given names."""
    return all(map(_is_unlisted_word, words))
