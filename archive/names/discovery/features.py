"""What a name itself and the words around it say: a person, a place where people meet, or neither.

Weights are in no unit; they add up, and what they add up to is compared with the thresholds in
`decisions`. They were set by hand on the passages under tests/names that are not held out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from archive.names.discovery.commerce import (
    ASSETS,
    BRANDS,
    EATING,
    FIRM_NOUNS,
    FIRMS_OF_SURNAMES,
    HOLDINGS,
    PRICES,
    REPORTS,
    RESULTS,
    STAFF,
    WARES,
    WEARING,
)
from archive.names.discovery.run_grammar import CapitalizedSpan
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
    word_classes,
)
from archive.names.discovery.wordlists import (
    ACTS,
    BELONGINGS,
    FOREIGN_ROLES,
    FOREIGN_SPEECH,
    GATHERINGS,
    KIN,
    LANDFORMS,
    LONG_PLACES,
    MOTION,
    NO_SURNAMES,
    OCCASIONS,
    OFFICES,
    OTHERS,
    PARTICLES,
    RULINGS,
    SPEECH,
    TRADES,
    VENUE_NOUNS,
    VESSELS,
    WORKS,
)
from archive.text.sentences import wordset

#: What one mention says for a person and for a venue.
Weights = tuple[float, float]
#: What the words around a mention say for a person and for a venue, and what they call its bearer: a trade, an office;
#: "" for nothing.
ContextWeights = tuple[float, float, str]
_NOTHING: ContextWeights = (0, 0, "")

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NEXT_WORD = re.compile(r"[ \n]+([^\W_]+(?:['’-][^\W_]+)*)")
_AGE = re.compile(r"(?:,|\()\s*(?:(?:now|then|aged?)\s+)?\d{1,3}\s*(?:[,.;)]|$)|,? (?:aged|age) \w+")
_ASIDE = re.compile(r",(?! (?:and|or|but|while|as|which) )[^,.;:]{2,60},\s+(\w+)")
_CAPTION = re.compile(r"\s?\((?:left|right|cent(?:re|er)|middle|far|pictured|above|below|top|seated|standing|second)\b")
_WITH_KIN = re.compile(r",? and (?:his|her) (?:\w+ )?(\w+)")
_PRONOUN = wordset("he she his her him himself herself")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+-?$")
_LINKED = re.compile(r"[a-z]{1,3}['’-][A-Z\u00c0-\u00de]")
_FROM = re.compile(r" \(([^\W\d_]+)\)")
_PAST = re.compile(r"\w{2,}ed$")
_AGENT = re.compile(r"\w{3,}(?:(?<!qv)(?<!qu)ist|ian|woman|man|wright|eer)$")
_SURNAME_MARK = re.compile(r"(?:Mac|Mc|O['’]|Fitz|D['’])[A-Z]|\w+-[a-z]+$|\w+-[A-Z]")
#: "posted a record loss", and "cut its forecast": the words of a clause after a name.
_REPORTED = re.compile(r" [a-z]+ ((?:[\w$£€%-]+(?:\.\d+)? ?){1,6})")
_SHARES = re.compile(r" shares,? (?:in \w+ )?([a-z]+)")
_OF_PLACE = wordset("town city village county country island river state province region suburb district capital")
_AT = wordset("""at outside inside attended attending visited visiting during opened reopened entering""")
_BY = wordset("beside near opposite left behind")
_IN = wordset("in into across through around via throughout over off on")
_NEUTRAL = wordset("of to for from toward towards")
_TOWARDS_PEOPLE = wordset(
    """with like including by meet met meets thanked and between for honouring invited married alongside marrying
    joined hosts hosted featuring named called replaced succeeded beat defeated versus were was are is than as
    when that while but because although if while whom hugged kissed greeted accompanied saw watched received accused
    advised applauded appointed arrested assured attacked blamed cheered coached congratulated consulted convinced
    defeated divorced embraced escorted fired helped hired interviewed introduced killed murdered nominated outpointed
    partnered persuaded photographed portrayed praised promoted questioned rescued sacked shot stabbed sued tackled
    taught toasted trained wed welcomed wounded outbid befriended partnering praising quoting telling"""
)
_SPEECH = SPEECH | FOREIGN_SPEECH
_SMALL_PEOPLE = (
    TRADES
    | FOREIGN_ROLES
    | KIN
    | OFFICES
    | wordset(
        """head president-elect vice-president ex-president co-founder native member fan veteran heir survivor widow ex
    born lord lady sir expert aide spokesman finance candidate incumbent patient boy girl man woman guitarist
    drummer bassist frontman captain counterpart nominee hopeful contestant co-star stylist magnate pensioner"""
    )
)
_ROLE_WITHIN = 5
#: What speaks against a person, and a place to meet, where a firm is told of.
_FIRM: Weights = (-3, -3)
_OF_FIRMS = wordset("in of at")
_OF_WARES = FIRM_NOUNS | WEARING | EATING
_LOOKED_AT = 72  # characters after a mention
_ARTICLES = wordset("the a an")
_FIRM_AFTER = ASSETS | WARES
_RELATIVES = wordset("who whom whose aged and")


def name_features(words: tuple[str, ...], title: str) -> Weights:
    """What the name says by itself."""
    plain = [word.casefold().rstrip(".") for word in words]
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


def _is_address(title: str) -> bool:
    return bool(word_classes[title.split()[-1].casefold().rstrip(".")] & HONORIFIC)


def context_features(text: str, run: CapitalizedSpan) -> ContextWeights:
    """What the words around a run say."""
    people, venues, role = _left(text, run)
    if (people, venues) == _FIRM:
        return people, venues, ""
    after = run.end + 2 * run.possessive
    if not text.startswith(",", after):
        person, venue = _right(text, after, run.possessive)
        if (person, venue) == _FIRM:
            return (people, venues, role) if run.title else (*_FIRM, "")
        return people + person, venues + venue, role
    right = text[after : after + _LOOKED_AT]
    if right[1:2] == " " and right[2:3].isupper():  # as in a list of names
        return (people + 2, venues - 1, role) if _is_said_after(right) else (people, venues, role)
    person, venue = _aside(right)
    people, venues = people + person, venues + venue
    person, venue, said = _apposition(right)
    return people + person, venues + venue, role or said


def _left(text: str, run: CapitalizedSpan) -> ContextWeights:
    begin = run.outer
    words = text[begin - 48 if begin > 48 else 0 : begin].rsplit(None, 1)
    if not words or (text[begin - 1] == "\n" and text.startswith("\n\n", begin - 2)):
        return _NOTHING
    said, plain = _word_before(words[-1], run.title != "")
    if not plain:
        return said
    before = words[0].split()[-1].casefold() if len(words) > 1 else ""
    if plain in _OF_FIRMS:
        is_firm = before in HOLDINGS or (plain == "at" and before in STAFF)
        return (*_FIRM, "") if is_firm and not run.title and not run.possessive else said
    if plain in _ARTICLES:
        return (*_article(plain, before), "")
    if before not in MOTION:
        return said
    if word_classes[run.words[-1].casefold()] & VENUE:
        return -1, 1, ""
    return (-1.5, 0, "") if len(run.words) == 1 and not run.title else said


@lru_cache(maxsize=65_536)
def _word_before(word: str, is_titled: bool) -> tuple[ContextWeights, str]:
    """What the word before a run says, and that word without its marks where the one before it may say otherwise."""
    if word.endswith("-year-old"):
        return (2.5, 0, ""), ""
    bare = word.rstrip(",:(–—\"“‘'[;")
    mark = word[len(bare) :].strip("\"“‘'")
    if not bare:
        return (0.4 if mark else 0, 0, ""), ""
    plain = bare.lstrip("\"“‘'(").casefold()
    if bare[-1] in '.!?…”"':
        return _NOTHING, ""
    if plain in _ARTICLES and not is_titled and (not mark or mark == "("):
        return _NOTHING, plain
    return _plain_word_before(plain, mark, is_titled), plain if plain in ("to", "from") and (
        not mark or mark == "("
    ) else plain if plain in _OF_FIRMS and not mark else ""


def _plain_word_before(plain: str, mark: str, is_titled: bool) -> ContextWeights:
    singular = plain.removesuffix("s")
    if plain in _OF_WARES and not is_titled and not mark:
        return *_FIRM, ""
    if plain in VESSELS and not mark:
        return -4, -4, ""
    if plain in WORKS and not is_titled:
        return (-4, -4, "") if mark != "," else _NOTHING
    if plain in KIN or singular in KIN:
        return 2.5, -1, plain
    if mark and mark != "(":
        return (1.5, -1, "") if (plain in TRADES or singular in TRADES) and mark == "," else _NOTHING
    if plain in _SMALL_PEOPLE or singular in TRADES:
        return 2.2, -1, plain
    if plain in _SPEECH:
        return (1.8, -1, "") if not mark else _NOTHING
    if plain in VENUE_NOUNS:
        return -2, 3, ""
    if plain in _OF_PLACE:
        return -3, -1, ""
    if plain in _BY:
        return 0, 1, ""
    if plain in _AT:
        return -0.5 if plain == "opened" else -1, 1.8, ""
    if plain in _TOWARDS_PEOPLE:
        return 0.7, -1.5 if plain == "by" else -0.3, ""
    if plain in _IN:
        return -1.5, 0.3, ""
    if plain in _NEUTRAL:
        return -0.2, 0, ""
    return (1.2, -0.5, plain) if _AGENT.match(plain) else _NOTHING


def _article(article: str, before: str) -> Weights:
    if before in _AT:
        return -2.5, 2.5
    if before in _IN or before in _NEUTRAL:
        return -2.5, 0.8
    if before == "by":
        return -2.5, -3
    return (-2, 0.3) if article == "the" else (-2.5, -0.5)


def _right(text: str, after: int, possessive: bool) -> Weights:
    end = after + _LOOKED_AT
    match = _NEXT_WORD.match(text, after, end)
    if match is None:
        right = text[after:end]
        return _aside(right) if right[:1] == "(" or right[:2] in (" (", " ,", " –", " —") else (0, 0)
    word = match[1]
    said, leads_on = _word_after(word)
    if leads_on:
        right = text[after:end]
        if _is_of_firm(word, right):
            return _FIRM
        if right.startswith((" who ", " whom ", " whose ", " aged ")):
            return 2.5, -1
        if right.startswith((" and his ", " and her ")) and (kin := _WITH_KIN.match(right)):
            return (2, -1) if kin[1] in KIN or kin[1] in TRADES else (0.8, 0)
    if possessive:
        following = list(islice(_WORD.finditer(text, after, end), 3))
        if any(each[0] in ASSETS for each in following[:2]):
            return _FIRM
        return (1.3, -0.5) if any(each[0].casefold() in BELONGINGS for each in following) else (0.3, 0)
    return said


def _aside(right: str) -> Weights:
    """What a comma, a bracket or a dash after a run leads to."""
    after = right.lstrip(" ,(–—")
    if after.startswith(("who ", "whom ", "whose ")):
        return 2.5, -1
    if after.startswith(("which ", "where ")):
        return -1, 0.7
    if _AGE.match(right.lstrip()):
        return 2.5, -1
    if _CAPTION.match(right):
        return 2.2, -1
    if (land := _FROM.match(right)) and word_classes[land[1].casefold()] & PLACE:
        return 0.8, 0
    return 0, 0


@lru_cache(maxsize=65_536)
def _word_after(word: str) -> tuple[Weights, bool]:
    """What the word after a run says, and whether those after it may say otherwise."""
    plain = word.casefold()
    if plain in _SPEECH:
        said: Weights = 2, -5.5
    elif word in RULINGS:
        said = 0.8, -3
    elif plain in ("which", "where"):
        said = -1, 0.7
    elif word in VENUE_NOUNS:
        said = -2, 3
    elif word in WORKS or (word in OTHERS and word not in OFFICES):
        said = -1.5, -1
    elif word in _FIRM_AFTER:
        said = _FIRM
    elif word == "of":  # somebody of a town or a firm
        said = 0.5, 0
    elif word in ACTS:
        said = 0.8, -0.3
    else:
        said = (0.6, -0.2) if _PAST.match(word) else (0, 0)
    return said, word in _RELATIVES or word in REPORTS or word == "shares"


def _is_of_firm(word: str, right: str) -> bool:
    """Whether accounts or the price of shares are told of, as in "X posted a loss" and "X shares fell"."""
    if word == "shares":
        match = _SHARES.match(right)
        return match is not None and match[1] in PRICES
    match = _REPORTED.match(right) if word in REPORTS else None
    return match is not None and not RESULTS.isdisjoint(match[1].split())


_APPOSED = (", a ", ", an ", ", the ", ", his ", ", her ", ", their ", ", its ", ", my ", ", our ", ", one ")


def _apposition(right: str) -> ContextWeights:
    if _is_said_after(right):
        return 2, -1, ""
    begins = right.startswith(_APPOSED)
    for number, match in enumerate(islice(_WORD.finditer(right, 1), _ROLE_WITHIN + begins)):
        word = match[0]
        if not begins and word[0].isupper():
            return 0, 0, ""
        if number == 0 and begins:
            continue
        plain = word.casefold()
        if word in ("of", "in", "at", "who", "was", "said") or (word in ("and", "or") and not begins):
            return 0, 0, ""
        if plain in _SMALL_PEOPLE or (begins and _AGENT.match(plain)):
            return 2, -1, plain
        if begins and plain in VENUE_NOUNS:
            return -1, 2, ""
    return 0, 0, ""


def _is_said_after(right: str) -> bool:
    """Whether something is said after an aside, as in ", a poet, said"."""
    aside = _ASIDE.match(right)
    return aside is not None and aside[1] in _SPEECH


def is_followed_by_pronoun(text: str, end: int) -> bool:
    """Whether he or she is spoken of soon after."""
    return not _PRONOUN.isdisjoint(text[end : end + 160].casefold().split())
