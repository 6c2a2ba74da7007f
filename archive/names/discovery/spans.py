"""Runs of capitalised words in a text: what a name could be, before anything is known of it.

Scripts without capitals have none of it; a name in them has to be in the authority files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.names.discovery.wordlists import (
    AGENCIES,
    CALENDAR,
    COMMON,
    DEMONYMS,
    FUNCTION,
    KIN,
    LEADING_VENUES,
    OTHERS,
    PARTICLES,
    TRADES,
    VENUES,
)
from archive.names.surface_forms import HONORIFICS, TITLES
from archive.text.sentences import Span, wordset

_ABBREVIATIONS = "Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Revd|Hon|St|Ste|Sgt|Capt|Col|Gen|Lt|Gov|Sen|Rep|Fr|Sra?|Jr|Msgr|Mt|Ft|Cllr"
#: "Photo: Ada Byrne/Agency", "(Reporting by Ada Byrne)"; only looked for where one of the parts is.
_LABEL = re.compile(
    r"\b(?-i:P|p(?=[a-z ]{0,200}:))hoto(?:graph)?s?(?: (?:credit|courtesy)s?)?\s*(?::| by\b)[^.()\n]*"
    r"|\b(?:picture|image|illustration|credit)s?(?: credits?)?:[^.()\n]*"
    r"|\((?:additional )?(?:reporting|editing|writing|photo|photograph|picture)s?\b[^()\n]*\)",
    re.IGNORECASE,
)
_LABEL_PARTS = ("hoto", "HOTO", "icture", "mage", "llustration", "redit", "eporting", "diting", "riting")
#: "Ada Byrne/Agency", from the stroke on and up to it.
_AGENCY = re.compile(rf"/ ?(?:{'|'.join(sorted(AGENCIES))})\b[^.()\n]*", re.IGNORECASE)
_CREDITED = re.compile(r"[\w.'’-]+(?: [\w.'’-]+){0,3} ?$")
#: A byline, and a dateline: lines of their own, or the beginning of one.
_LINE = re.compile(
    r"^[Bb][Yy]\s+[^.!?\n]{3,60}$|^[A-Z][A-Z ,.]+(?:, [A-Z][a-z.]+ \d+)? \([^()\n]{2,20}\) ?[-–—]", re.MULTILINE
)
_LONGEST_CREDIT = 60
_LONGEST = 16  # words of a run
_MOST_INITIALS = 16
_PREFIX = re.compile(r"(?:Post|Pre|Anti|Non|Pro|Ex|Mid)-(?=\w)")
_POSSESSIVE = re.compile(r"['’]s?$")
_ROMAN = re.compile(r"[IVX]+$")
_AT = re.compile(r"\b(?:at|to|outside|inside|near|into|from)\s$", re.IGNORECASE)
_NEXT = re.compile(r"\s*([^\W_]*)")
_PLAIN = COMMON | KIN | OTHERS | TRADES | VENUES
_LEADS_TO_MORE = frozenset("\"'“‘«‹([{:;–—…*_•-")


@dataclass(frozen=True, slots=True)
class CapitalizedSpan:
    """Capitalised words that belong together.

    start, end   where they stand, title included, possessive 's not
    words        the words, particles among them, without title and possessive 's
    title        what stands before them, as in "President"; "" for nothing
    possessive   whether 's follows
    begins       whether they stand where any word would have a capital
    """

    start: int
    end: int
    words: tuple[str, ...]
    title: str = ""
    possessive: bool = False
    begins: bool = False

    @property
    def text(self) -> str:
        """The name as it is written, without its title."""
        return " ".join(self.words)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A run, and one word of it."""
    capitals = "".join(char for char in map(chr, range(0x2E00)) if char.isupper() or char.istitle())
    up = f"[{re.escape(capitals)}]"
    letters = r"(?:[^\W_]|[\u0300-\u036f]|['’ʼ‐‑-](?=[^\W_]))*(?:(?<=s)['’](?=\s))?"
    word = rf"(?:\b(?:[dl]|[ae]l|a[dnrstz]|ul|ap)['’-])?{up}{letters}"
    # A chain of initials is bounded, or one that a letter ends would be read again from each of them.
    token = rf"(?:\b(?:{_ABBREVIATIONS})\.|(?:\b{up}\.-?){{1,{_MOST_INITIALS}}}(?!\w)|{word})"
    particles = "|".join(sorted(PARTICLES))
    space = "(?:[ \u00a0]++(?:\n[ \u00a0]*+)?|\n[ \u00a0]*+)"  # with one line end at the most
    link = rf"{space}(?:(?:{particles}){space}){{0,2}}"
    return re.compile(rf"(?<![\w]){token}(?:{link}{token}){{0,{_LONGEST - 1}}}"), re.compile(rf"{token}|[^\s]+")


def credits_in(text: str) -> list[Span]:
    """Where in a text are bylines, datelines and photo credits, whose names are not of the story; in order."""
    found = [match.span() for match in _LINE.finditer(text)]
    if any(part in text for part in _LABEL_PARTS):
        found += (match.span() for match in _LABEL.finditer(text))
    if "/" in text:
        for match in _AGENCY.finditer(text):
            before = max(0, match.start() - _LONGEST_CREDIT)
            name = _CREDITED.search(text[before : match.start()])
            found.append((before + name.start() if name else match.start(), match.end()))
    return sorted(found)


def find_spans(text: str, start: int, end: int) -> Iterator[CapitalizedSpan]:
    """The runs within text[start:end], one sentence, in order."""
    run_pattern, word_pattern = _patterns()
    for match in run_pattern.finditer(text, start, end):
        words = [(word[0], word.start(), word.end()) for word in word_pattern.finditer(text, *match.span())]
        before = text[max(start, match.start() - 2) : match.start()].rstrip()
        begins = match.start() == start or not before or before[-1] in _LEADS_TO_MORE
        while words and words[0][0].casefold() in FUNCTION:
            words.pop(0)
        house = bool(words) and _is_house(text, words[0], match.end(), start)
        after_the = bool(words) and text[max(start, words[0][1] - 4) : words[0][1]].casefold() == "the "
        for part in _split(words, after_the):
            run = _run(part, begins and part[0][1] == match.start(), whole=house and part[-1][2] == match.end())
            if run is not None:
                yield run


_Word = tuple[str, int, int]


def _split(words: list[_Word], after_the: bool) -> Iterator[list[_Word]]:
    """The words cut at possessives, calendar words and words that are in no name.

    After "the" the first possessive is part of the name, as in "the King's Arms".
    """
    part: list[_Word] = []
    for number, (word, first, last) in enumerate(words):
        plain = word.casefold().rstrip(".")
        if plain in CALENDAR or (plain in FUNCTION and plain not in PARTICLES) or (plain == "and" and word[0] == "A"):
            if part:
                yield part
            part = []
            continue
        if prefix := _PREFIX.match(word):
            word, first = word[prefix.end() :], first + prefix.end()
        if part and plain in HONORIFICS:
            yield part
            part = []
        part.append((word, first, last))
        if (
            _POSSESSIVE.search(word)
            and not _names_a_venue(words[number + 1 : number + 5])
            and not (after_the and number == 0)
        ):
            yield part
            part = []
    if part:
        yield part


def _names_a_venue(words: list[_Word]) -> bool:
    """Whether the words after "X's" make a place of it, as "X's Yard"."""
    plain = [word.casefold() for word, _, _ in words]
    return 0 < len(plain) <= 3 and plain[-1] in VENUES and all(word in _PLAIN for word in plain[:-1])


def _is_house(text: str, word: _Word, last: int, start: int) -> bool:
    """Whether a name with 's is a place by itself, as in "at X's on Tuesday": nothing follows that X could have."""
    first = word[1]
    return bool(
        _POSSESSIVE.search(text, max(first, last - 2), last)
        and (word[0].casefold() in SAINTS or _AT.search(text, max(start, first - 12), first))
        and (after := _NEXT.match(text, last, last + 40))
        and (not after[1] or after[1].casefold() in FUNCTION)
    )


def _run(part: list[_Word], begins: bool, whole: bool) -> CapitalizedSpan | None:
    words = list(part)
    while words and _dropped(words, begins):
        words.pop(0)
    title: list[str] = []
    start = words[0][1] if words else 0
    while len(words) > 1 and (plain := words[0][0].casefold().rstrip(".")) in TITLES and not _is_saint(plain, words):
        title.append(words.pop(0)[0])
    while words and (words[-1][0].casefold() in PARTICLES or words[-1][0].casefold() in FUNCTION):
        words.pop()
    if not words or not any(word[0][0].isupper() for word in words):
        return None
    last, end = words[-1][0], words[-1][2]
    bare = last if whole else _POSSESSIVE.sub("", last)
    possessive = bare != last
    if not bare:
        return None
    names = [*(word for word, _, _ in words[:-1]), bare]
    return CapitalizedSpan(start, end - (len(last) - len(bare)), tuple(names), " ".join(title), possessive, begins)


def _dropped(words: list[_Word], begins: bool) -> bool:
    """Whether the first of `words` is no part of the name that follows."""
    word = words[0][0]
    plain = word.casefold().rstrip(".")
    if word.islower() and plain in PARTICLES:
        return True
    if len(words) > 1 and plain in LEADING_VENUES:
        return False
    if plain in FUNCTION or plain in DEMONYMS or (begins and plain in COMMON):
        return True
    acronym = len(word) > 1 and word.isupper() and word.isalpha() and not _ROMAN.match(word)
    return acronym and len(words) > 1 and not words[1][0].isupper()


def _is_saint(plain: str, words: list[_Word]) -> bool:
    """Whether "St X" is a church or a town rather than a person: with an 's, or with more after it."""
    return plain in SAINTS and ("'s" in words[1][0] or "’s" in words[1][0] or words[-1][0].casefold() in VENUES)


SAINTS = wordset("st saint san santa ste sainte são")
