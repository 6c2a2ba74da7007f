"""Filters of single mentions: a name in a clause that is not the person in the flesh.

"ᴘ3's son", "a portrait of ᴘ3", "taller than ᴘ3": whoever else was there, ᴘ3 is only named. A person counts in a clause if
one mention of theirs survives.
"""

from __future__ import annotations

import re

from archive.encounters.rules.cues import P, V
from archive.names.discovery.word_classes import KINSHIP, OFFICE, TRADE, word_classes

_KIN = (
    r"(?:sons?|daughters?|children|child|wife|widow|husband|widower|mother|father|parents?|brothers?|sisters?|twin|uncle|aunt|"
    r"nephews?|nieces?|cousins?|grandsons?|granddaughters?|grandfather|grandmother|grandchildren|great-\w+|heirs?|descendants?|"
    r"family|relatives?|in-law|stepson|stepdaughter|namesake|fiancée?|boyfriend|girlfriend|ex|ex-husband|ex-wife|friends?|"
    r"admirers?|fans?|followers?|supporters?|allies|ally|critics?|rivals?|colleagues?|successors?|predecessors?|deputy|aides?|"
    r"secretary|lawyers?|agent|publicist|spokes\w+|manager|biographer|protégée?|pupils?|students?|disciples?|contemporar\w+)"
)
_WORKS = (
    r"(?:portraits?|paintings?|pictures?|photographs?|photos?|busts?|statues?|likeness|drawings?|sketch(?:es)?|caricatures?|"
    r"biograph(?:y|ies)|life|lives|memoirs?|memory|works?|novels?|books?|plays?|poems?|songs?|music|films?|letters?|diar(?:y|ies)|"
    r"papers?|essays?|collections?|recordings?|script|translations?|edition|designs?|sculptures?|grave|tomb|ashes|death|"
    r"assassination|murder|killing|legacy|reign|spirit|ghost|shade|career|election|appointment|nomination|arrest|"
    r"resignation|release|pardon|cause|behalf|freedom|name|fate|help|advice|absence|return|support|views?|opinion|policies|criticism|support|praise|story|example|days|times?|era|age|shadow|writings|theories|pictured?)"
)
#: An event of somebody's, of which he or she is the host: the possessor is there.
_HOSTED = re.compile(
    r"'s? (?:own |\w+ ?){0,3}(?:party|wedding|birthday|dinner|lunch|ball|bash|reception|shower|table|side|box|table|concert|"
    r"trial|speech|inauguration|interview|christening|engagement|celebration|suite|yacht|arm|lap|hand|house-?warming|band|orchestra|team|company|boat|car|studio|office|house|home|kitchen|flat|bedside)\b"
)
#: "Outside her flat" is not with her.
_AWAY_FROM = re.compile(r"\b(?:outside|opposite|behind|past|beyond|near|passed|left|leaving|watching|guarding) \Z")
_KIN_OF = rf"\b{_KIN} (?:and \w+ )?of (?:the )?(?:late )?(?:\w+ )?"
_ENDS_OF = re.compile(r"([\w-]+) (?:and [\w-]+ )?(?:of|for|to) (?:the )?(?:late )?(?:\w+ )?\Z")
_LEFT_OUT = re.compile(
    rf"(?:{_KIN_OF}"
    r"|\b(?:an?|any|every) "
    rf"|\b{_WORKS} (?:of|by|from|about|on|to) (?:the )?(?:late )?(?:\w+ ){{0,2}}"
    r"|\b(?:designed|written|directed|founded|painted|named|composed|built|owned|produced|published|made|created|penned|adapted|"
    r"choreographed|inspired|influenced|photographed|edited|translated|endorsed|started|commissioned|sung originally) (?:\w+ )?by (?:the )?(?:late )?(?:\w+ ){0,2}"
    r"|\b(?:dress|gown|suit|lehenga|jacket|hat|shoes|frock|music|lyrics|words|script|score|sets?|costumes?|recipe|design|photo|lighting) (?:by|from) (?:the )?(?:late )?(?:\w+ ){0,2}"
    r"|\b(?:than|unlike|(?<![a-z]s )like|as|about|after|for|against|concerning|regarding|mentioning|since|except|minus|besides) (?:the |a )?(?:late |young |old |younger |great )?(?:\w+ (?=ᴘ))?"
    r"|\b(?:funeral|memorial|memorial service|burial|wake|requiem|inquest|thanksgiving|mass) (?:of|for|into) (?:the )?(?:\w+,? ){0,3}"
    r"|\bto (?:hear|see|meet|greet|honou?r|welcome|visit|interview|confront|thank|succeed|replace|face|beat|support|defend|watch) (?:the |his |her )?(?:\w+ ){0,2}"
    r"|\b(?:seen|found|worn) on (?:the )?(?:\w+ ){0,2}|\b(?:wearing|wore|in) (?:a |an |vintage )(?:[\w-]+ ){0,3}"
    r"|\b(?:earrings|necklace|jewels?|jewellery|shoes|boots|coat|tiara|bag|cake|flowers|food|menu|music) by (?:the )?(?:\w+ ){0,2}"
    r"|\b(?:in honou?r of|in memory of|dedicated to|tribute to|named after|named for|on behalf of|instead of|in place of|"
    r"inspired by|thanks to|owing to|work of|court of|followers? of|era of|age of|spoke of|talked of|thought of|"
    r"talk of|word of|news of|heard of|a certain|the real|another|a new|no|not a|the next|a modern|a young|starring|featuring|"
    r"successor to|heir to|married to|divorced from|engaged to|related to|wife to|mother to|aide to|adviser to|according to|reminds? \w+ of|credited to|attributed to|written for|worked for|works for|fan of|a \w+ of) (?:the )?(?:late )?(?:\w+ ){0,2}"
    r")\Z",
    re.IGNORECASE,
)
#: "is married to" is a state; "was married to ᴘ2 at ᴠ1 on Saturday" an occasion.
_WEDDED = re.compile(r"\bmarried to (?:the )?(?:\w+ ){0,2}\Z")
_OCCASION = re.compile(rf"{V}|\b(?:yesterday|last (?:night|evening)|\w+day)\b")
_ROLE = re.compile(rf"\b(?:as|role of|part of|character) (?:the (?:\w+ )*?)?(?:{P} and )?\Z")
_LATE = re.compile(r"\b(?:the|his|her|their|'s) late (?:\w+,? ){0,3}\Z", re.IGNORECASE)
_ANY_KIN = re.compile(_KIN)
_WORD = re.compile(r"[\w-]+|[,.;:]")
_KIN_WITHIN = 3  # words: "her long-suffering lawyer"
_POSSESSING = re.compile(r"(?:'s|')[ \n]\w")
_POSSESSOR = re.compile(r"(?:'s|s'|')(?![\w])")


def is_filtered(text: str, start: int, end: int, *, far: bool) -> str:
    """Why a mention at an offset of a clause does not place the person: "" where nothing keeps it from doing so.

    far   whether the clause tells of a time long before: there the late were alive
    """
    left, right = text[max(0, start - 60) : start], text[end : end + 60]
    if _POSSESSOR.match(right):
        return "" if _HOSTED.match(right) and not _AWAY_FROM.search(left) else "possessor"
    if not far and _LATE.search(left):
        return "late"
    if _ROLE.search(left):
        return "role"
    if _WEDDED.search(left) and _OCCASION.search(text):
        return ""
    if _LEFT_OUT.search(left) or _is_somebody_of(left):
        return "named"
    return ""


def says_whose(text: str, start: int, end: int) -> bool:
    """Whether a name in a text only says whose somebody or something is: "her lawyer", "outside her flat"."""
    left, right = text[max(0, start - 60) : start], text[end : end + 60].replace("’", "'")
    if _POSSESSING.match(right):
        return not _HOSTED.match(right) or _AWAY_FROM.search(left) is not None
    return _is_somebody_of(left)


def stands_for_another(text: str, start: int, end: int) -> bool:
    """Whether a name in a text only says whose relative, servant or friend is told of, or is no company at all."""
    left, right = text[max(0, start - 60) : start], text[end : end + 60].replace("’", "'")
    if not _POSSESSING.match(right):
        return _is_somebody_of(left)
    if _AWAY_FROM.search(left):
        return True
    if _HOSTED.match(right):
        return False
    words = _WORD.findall(right, 2)[:_KIN_WITHIN]
    return any(map(_is_relation, words))


def _is_somebody_of(left: str) -> bool:
    """Whether what stands before a name tells of a relative of its bearer, or of somebody who works for him or her."""
    match = _ENDS_OF.search(left)
    return match is not None and _is_relation(match[1].casefold())


def _is_relation(word: str) -> bool:
    return bool(_ANY_KIN.fullmatch(word) or word_classes[word] & (OFFICE | TRADE | KINSHIP))
