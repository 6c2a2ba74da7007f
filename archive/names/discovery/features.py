"""What a name says by itself: a person, a place where people meet, or neither.

Weights, these and those of the words around a name (`words_around`), are in no unit; they add up, and what they add up
to is compared with the thresholds in `evidence`. They were set by hand on the passages under tests/names that are not
held out.
"""

from __future__ import annotations

import re

from archive.names.discovery.commerce import BRANDS, FIRMS_OF_SURNAMES
from archive.names.discovery.word_classes import (
    AGENCY,
    BODY,
    COMMON_WORD,
    DEMONYM,
    FUNCTION_WORD,
    GIVEN,
    HONORIFIC,
    LEADING_PLACE,
    LEADING_VENUE,
    OFFICE_PREFIX,
    OPENER,
    PLACE,
    VENUE,
    are_unlisted,
    word_classes,
)
from archive.names.discovery.wordlists import (
    GATHERINGS,
    LANDFORMS,
    LONG_PLACES,
    NO_SURNAMES,
    OCCASIONS,
    PARTICLES,
)
from archive.text.sentences import wordset

#: What a name or the words around it say for a person and for a venue.
Weights = tuple[float, float]

_INITIAL = re.compile(r"(?:[^\W\d_]\.)+-?$")
_LINKED = re.compile(r"[a-z]{1,3}['’-][A-Z\u00c0-\u00de]")
_SURNAME_MARK = re.compile(r"(?:Mac|Mc|O['’]|Fitz|D['’])[A-Z]|\w+-[a-z]+$|\w+-[A-Z]")


def name_features(words: tuple[str, ...], title: str) -> Weights:
    """What the name says by itself."""
    plain = [word.casefold().rstrip(".") for word in words]
    if not title and len(words) < 5 and are_unlisted(words) and _is_of_no_list(plain):
        return _features_of_unlisted(words)
    return _features_by_lists(words, plain, title)


def _is_of_no_list(plain: list[str]) -> bool:
    joined = " ".join(plain)
    return _LISTED_APART.isdisjoint(plain) and joined not in FIRMS_OF_SURNAMES and joined not in LONG_PLACES


def _features_of_unlisted(words: tuple[str, ...]) -> Weights:
    """As `_features_by_lists`, sooner."""
    if len(words) == 1:
        return -1.2, -1.0
    if word_classes[words[0].casefold()]:
        return 2.1, 0.0
    return (1.5 if any(word_classes[word.casefold()] for word in words[1:]) else 1.0), 0.0


def _features_by_lists(words: tuple[str, ...], plain: list[str], title: str) -> Weights:
    bits = [word_classes[word] for word in plain]
    person = venue = 0.0
    given = bool(bits[0] & GIVEN) and not (bits[0] & COMMON_WORD and not bits[0] & FUNCTION_WORD)
    if title:
        person += 2.2 if _is_address(title) and len(words) == 1 else 3
    head_at = plain.index("of") - 1 if "of" in plain[1:] else len(plain) - 1
    head = bits[head_at]
    ends = head if given else head | bits[0]
    leading = len(plain) > 1 and bits[0] & LEADING_VENUE
    is_party = plain[-1] in GATHERINGS and plain[-2:-1] and plain[-2] in OCCASIONS
    venue_like = len(plain) > 1 and (head & VENUE or leading or is_party)
    if venue_like and not title and not (given and len(words) == 2 and not leading and plain[-1] not in NO_SURNAMES):
        person -= 5
        venue += 4
    elif venue_like and not title:
        person -= 0.5
        venue += 0.9
    elif (not title and len(plain) > 1 and ends & BODY) or ends & AGENCY:
        person -= 4
        venue -= 4
    joined = " ".join(plain)
    if not title and len(plain) > 1 and (joined in FIRMS_OF_SURNAMES or (plain[0] in BRANDS and not given)):
        person, venue = person - 4, venue - 4
    if joined in LONG_PLACES or (len(words) == 1 and head & PLACE and not title):
        person -= 4 if len(words) > 1 else 2
        venue -= 4
    elif len(words) == 2 and plain[1] in LANDFORMS and not title and not given:
        person -= 1
    elif len(words) == 2 and head & PLACE and not title and not given:  # "Bless America"
        person, venue = person - 1.5, venue - 1.5
    elif len(words) > 1 and bits[0] & LEADING_PLACE and not title and not given:
        person -= 3
        venue -= 1
    if len(words) > 1 and plain[0] in _NAMED_THINGS and not title:
        person -= 4
    if len(words) > 1 and plain[0] in _SAINTLY and not title:
        person -= 3
    if (bits[0] & DEMONYM and not given) or (head & DEMONYM and not title and not (given and len(words) > 1)):
        person -= 3
        venue -= 1
    if "of" in plain or "the" in plain:
        person -= 2
    if len(words) > 1 and bits[0] & OFFICE_PREFIX and not title and not given:
        person -= 1.5
    acronyms = sum([len(word) > 2 and word.isupper() and not _INITIAL.match(word) for word in words])
    acronyms += len(words[-1]) == 2 and words[-1].isupper()
    person -= 2 * acronyms
    person -= sum(
        [bit & (COMMON_WORD | OPENER) > 0 and not bit & GIVEN and words[at][0].isupper() for at, bit in enumerate(bits)]
    )
    if plain[-1].endswith(("'s", "’s")):
        return person - 3, venue + 1
    if not "".join(words).isalpha() and any(char.isdigit() for word in words for char in word):
        person -= 3
    if len(words[-1]) == 1 and len(words) > 1:
        person -= 2
    if bits[0] & HONORIFIC and len(words) > 2:  # a woman by her husband's name
        person += 2
    surname = [word for word in words if word[0].isupper() or _LINKED.match(word)]
    if len(plain) == 2 and plain[0] in _FOREIGN_ARTICLES:  # "Le Pen", and "La Traviata"
        person -= 0.6
    if len(surname) == 1 and not _INITIAL.match(words[0]):
        return person - 1.2, venue - 1
    capitals = [word for word in words if word[0].isupper() or "-" in word or "'" in word or "’" in word]
    if 2 <= len(capitals) <= 4:
        person += 1
    person += any(_INITIAL.match(word) for word in words[:-1]) - (len(capitals) > 5) * 2
    if given:
        person += 1.1
    elif any(bit & GIVEN for bit in bits[1:]):
        person += 0.5
    if any(word.islower() and word in PARTICLES and word not in ("of", "the", "and") for word in words):
        person += 0.5
    if any(_SURNAME_MARK.match(word) for word in words):
        person += 0.4
    return person, venue


#: Storms, ships and undertakings have people's names.
_NAMED_THINGS = wordset(
    "hurricane typhoon cyclone storm hms uss rms ss mv hmas operation project tropical comet planet"
)
_FOREIGN_ARTICLES = wordset("le la les el los las il lo gli")
_SAINTLY = wordset("mount lake port fort mt cape san santa são saint st")
#: Words of lists that are not among the classes of words.
_LISTED_APART = _NAMED_THINGS | _FOREIGN_ARTICLES | _SAINTLY | BRANDS | GATHERINGS | LANDFORMS


def _is_address(title: str) -> bool:
    return bool(word_classes[title.split()[-1].casefold().rstrip(".")] & HONORIFIC)
