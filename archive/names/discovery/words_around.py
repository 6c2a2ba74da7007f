"""What the words around a name say of it: a person, a place where people meet, or neither.

Most of what stands beside a name is a single word between spaces, of which is remembered what it says; all else is
looked at closely. Nothing looks further than a few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from itertools import islice

from archive.names.discovery.commerce import (
    ASSETS,
    EATING,
    FIRM_NOUNS,
    HOLDINGS,
    PRICES,
    REPORTS,
    RESULTS,
    STAFF,
    WARES,
    WEARING,
)
from archive.names.discovery.features import Weights
from archive.names.discovery.word_classes import PLACE, VENUE, word_classes
from archive.names.discovery.wordlists import (
    ACTS,
    BELONGINGS,
    FOREIGN_ROLES,
    FOREIGN_SPEECH,
    KIN,
    MOTION,
    OFFICES,
    OTHERS,
    RULINGS,
    SPEECH,
    TRADES,
    VENUE_NOUNS,
    VESSELS,
    WORKS,
)
from archive.names.discovery.written_names import NameMention
from archive.text.sentences import wordset
from archive.util.remembered_answers import RememberedAnswers

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
_FROM = re.compile(r" \(([^\W\d_]+)\)")
_PAST = re.compile(r"\w{2,}ed$")
_AGENT = re.compile(r"\w{3,}(?:(?<!qv)(?<!qu)ist|ian|woman|man|wright|eer)$")
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
_AGAINST = -3
_FIRM: Weights = (_AGAINST, _AGAINST)
_OF_FIRMS = wordset("in of at")
_OF_WARES = FIRM_NOUNS | WEARING | EATING
_LOOKED_BACK, _LOOKED_AT = 48, 72  # characters before a mention, and after it
_LEADING_ON = frozenset(" \n(")  # after a mention; what stands behind any other mark says nothing
_KIN_OF = (" his ", " her ")
#: After a comma: words of which `_aside` may know more, words that lead to what somebody is, words that end the search.
_ASIDE_WORDS = wordset("who whom whose which where now then age aged")
_APPOSING = wordset("a an the his her their its my our one")
_NO_APPOSITION = wordset("of in at who was said")
_ARTICLES = wordset("the a an")
_FIRM_AFTER = ASSETS | WARES
_RELATIVES = wordset("who whom whose aged and")


def add_context(text: str, mentions: Iterable[NameMention]) -> None:
    """Note what the words around each mention say."""
    find, rfind = text.find, text.rfind
    for each in mentions:
        begin, is_titled = each.outer, each.written.title != ""
        said = None
        if begin and text[begin - 1] == " ":
            low = begin - _LOOKED_BACK if begin > _LOOKED_BACK else 0
            if (at := rfind(" ", low, begin - 1)) >= 0:
                by_word, by_words = _said_before[is_titled]
                said = by_word[text[at + 1 : begin - 1]]
                if said is None and (at := rfind(" ", low, at)) >= 0:
                    said = by_words[text[at + 1 : begin - 1]]
        people, venues, role = said or _left(text, each)
        if people == venues == _AGAINST:
            each.person, each.venue = people, venues
            continue
        after = each.end + 2 * each.possessive
        mark = text[after : after + 1]
        if mark == ",":
            people, venues, role = _after_comma(text[after : after + _LOOKED_AT], people, venues, role)
        elif mark in _LEADING_ON:
            following = None
            if mark == " " and not each.possessive and (end := find(" ", after + 1, after + _LOOKED_AT)) > 0:
                word = text[after + 1 : end]
                following = _said_after[word]
                if following is None and word == "and" and not text.startswith(_KIN_OF, end):
                    following = _said_after_and
            person, venue = following or _right(text, after, each.possessive)
            if person != _AGAINST or venue != _AGAINST:
                people, venues = people + person, venues + venue
            elif not is_titled:
                people, venues, role = *_FIRM, ""
        each.person, each.venue, each.role = people, venues, role


def _left(text: str, mention: NameMention) -> ContextWeights:
    begin, written = mention.outer, mention.written
    words = text[begin - _LOOKED_BACK if begin > _LOOKED_BACK else 0 : begin].split()
    if not words or (text[begin - 1] == "\n" and text.startswith("\n\n", begin - 2)):
        return _NOTHING
    is_titled = written.title != ""
    if (said := _said_before[is_titled][0][words[-1]]) is not None:
        return said
    said, plain = _word_before(words[-1], is_titled)
    if (all_said := _with_word_before(said, plain, words[-2] if len(words) > 1 else "")) is not None:
        return all_said
    if plain in _OF_FIRMS:
        return said if is_titled or mention.possessive else (*_FIRM, "")
    if word_classes[written.words[-1].casefold()] & VENUE:
        return -1, 1, ""
    return (-1.5, 0, "") if written.is_word else said


def _by_word(word: str, *, is_titled: bool) -> ContextWeights | None:
    """What a word before a mention says; None where the one before it may say otherwise, or it is not one word."""
    said, plain = _word_before(word, is_titled) if word.split() == [word] else (None, "")
    return None if plain else said


def _by_words(words: str, *, is_titled: bool) -> ContextWeights | None:
    """What two words before a mention say; None where that depends on the mention, or they are not two words."""
    before, _, word = words.partition(" ")
    return _with_word_before(*_word_before(word, is_titled), before) if words.split() == [before, word] else None


def _with_word_before(said: ContextWeights, plain: str, before: str) -> ContextWeights | None:
    """What a word before a mention says after another one; None where that depends on the mention."""
    before = before.casefold()
    if plain in _OF_FIRMS:
        return None if before in HOLDINGS or (plain == "at" and before in STAFF) else said
    if plain in _ARTICLES:
        return *_article(plain, before), ""
    return None if before in MOTION else said


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


def _by_word_after(piece: str) -> Weights | None:
    """What the word after a mention says with which a piece of text begins; None where more is to be looked at."""
    word = _NEXT_WORD.match(f" {piece}")
    said, leads_on = _word_after(word[1]) if word else (None, False)
    return None if leads_on else said


#: What the word before a mention says and the two before it, of mentions without a title and with one; and what the
#: word after it does.
_said_before = [
    (
        RememberedAnswers(partial(_by_word, is_titled=is_titled)),
        RememberedAnswers(partial(_by_words, is_titled=is_titled)),
    )
    for is_titled in (False, True)
]
_said_after = RememberedAnswers(_by_word_after)
_said_after_and = _word_after("and")[0]


def _after_comma(right: str, people: float, venues: float, role: str) -> ContextWeights:
    """What is said in all of a mention before which something is, and after which stands a comma and what follows."""
    if right[1:2] == " " and right[2:3].isupper():  # as in a list of names
        return (people + 2, venues - 1, role) if _is_said_after(right) else (people, venues, role)
    pieces = right.split(" ", _ROLE_WITHIN + 2)
    first = pieces[1] if len(pieces) > 1 and pieces[0] == "," else ""
    if first in _ASIDE_WORDS or not first.isalpha():
        person, venue = _aside(right)
        people, venues = people + person, venues + venue
    if _is_said_after(right):
        return people + 2, venues - 1, role
    begins = len(pieces) > 2 and first in _APPOSING
    known = _said_apposed[begins]
    for piece in pieces[1 + begins : 1 + begins + _ROLE_WITHIN] if first else ("",):
        said = known[piece]
        if said is not None:
            person, venue, bearer = said or _apposition(right, begins)
            return people + person, venues + venue, role or bearer
    return people, venues, role


def _apposition(right: str, begins: bool) -> ContextWeights:
    """What the words after a comma say; `begins` says whether one of them leads to what somebody is."""
    for word in islice(_WORD.findall(right, 1), begins, _ROLE_WITHIN + begins):
        if (said := _apposed_word(word, begins)) is not None:
            return said
    return _NOTHING


def _apposed_word(word: str, begins: bool) -> ContextWeights | None:
    """What a word after a comma says; None if that is for the next one to say."""
    if not begins and word[0].isupper():
        return _NOTHING
    plain = word.casefold()
    if word in _NO_APPOSITION or (word in ("and", "or") and not begins):
        return _NOTHING
    if plain in _SMALL_PEOPLE or (begins and _AGENT.match(plain)):
        return 2, -1, plain
    return (-1, 2, "") if begins and plain in VENUE_NOUNS else None


def _by_piece(piece: str, *, begins: bool) -> ContextWeights | tuple[()] | None:
    """As `_apposed_word`, of what stands between spaces; nothing (empty) where that is not one word."""
    words = _WORD.findall(piece)
    return _apposed_word(words[0], begins) if len(words) == 1 else ()


#: Of pieces after a comma, and of those after an article or the like as well.
_said_apposed = [RememberedAnswers(partial(_by_piece, begins=begins)) for begins in (False, True)]


def _is_said_after(right: str) -> bool:
    """Whether something is said after an aside, as in ", a poet, said"."""
    aside = _ASIDE.match(right) if right.find(",", 1) > 2 else None  # the second comma comes soon
    return aside is not None and aside[1] in _SPEECH


def is_followed_by_pronoun(text: str, end: int) -> bool:
    """Whether he or she is spoken of soon after."""
    return not _PRONOUN.isdisjoint(text[end : end + 160].casefold().split())
