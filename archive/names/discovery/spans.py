"""Runs of capitalised words in a text: what a name could be, before anything is known of what stands around it.

A run is cut where it cannot be one name (after a possessive, at a word of the calendar), an office, a rank or a
trade that leads to a name is split off as its title, and "of Place" after a name is left out of it. Scripts without
capitals have no runs; a name in them has to be in the authority files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from archive.names.discovery.given_names import mens_names
from archive.names.discovery.word_classes import (
    BODY,
    CALENDAR_WORD,
    COMMON_WORD,
    DEMONYM,
    FOREIGN_OPENER,
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
    word_classes,
)
from archive.names.discovery.wordlists import (
    ACCORDING,
    AGENCIES,
    CALENDAR,
    FUNCTION,
    LONG_PLACES,
    PARTICLES,
    POST_NOMINALS,
    POSTPOSITIVE,
)
from archive.text.sentences import Span, is_title_case, wordset

_AGENT_LED = re.compile(r"(?:er|or|eur|ist|man|woman|year|aire|\w{4}in|\w{3}(?:ent|ant)|arzt)s?$")
_ABBREVIATIONS = wordset(
    """mr mrs ms mx dr prof rev revd hon st ste sgt capt col gen lt gov sen rep fr sr sra jr msgr mt ft cllr cpl maj
    cmdr comdr adm brig pvt pte supt insp det messrs reps sens mme mlle pres amb atty dep vs bros co inc ltd corp esq"""
)
#: Given names as well as offices: before a surname they are no title.
_FOR_WIVES = wordset("mrs mme madame frau señora senora signora")
_GIVEN_TOO = wordset("dean earl")
_TIME = wordset("in since until till by last next early late mid of this every from through during before after on")
_SHIPS = wordset("hms uss rms ss mv hmas")
_FOREIGN_ANDS = wordset("y e und")
_SON_OF = wordset("bin bint ibn ben")
_SAINTS = wordset("st saint san santa ste sainte são")

#: Where names are not those of the story. "Photo: Ada Byrne/Agency", "(Reporting by Ada Byrne)", looked for only
#: where one of the parts is.
_LABEL = re.compile(
    r"\b(?-i:P|p(?=[a-z ]{0,200}:))hoto(?:graph)?s?(?: (?:credit|courtesy)s?)?\s*(?::| by\b)[^.()\n]*"
    r"|\b(?:picture|image|illustration|credit)s?(?: credits?)?:[^.()\n]*"
    r"|\((?:additional )?(?:reporting|editing|writing|photo|photograph|picture)s?\b[^()\n]*\)"
    r"|^(?:additional )?(?:reporting|editing|writing|compiled|written|edited|translated) (?:in [\w ]+ )?by\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL_PARTS = ("hoto", "HOTO", "icture", "mage", "llustration", "redit", "eporting", "diting", "riting", "ed by ")
#: "Ada Byrne/Agency", from the stroke on and up to it.
_AGENCY = re.compile(rf"/ ?(?:{'|'.join(sorted(AGENCIES))})\b[^.()\n]*", re.IGNORECASE)
_CREDITED = re.compile(r"[\w.'’-]+(?: [\w.'’-]+){0,3} ?$")
#: A byline, and a dateline: lines of their own, or the beginning of one.
_LINE = re.compile(
    r"^[Bb][Yy]\s+[^.!?\n]{3,60}$"
    r"|^[A-Z][A-Z ,.'-]+(?:, [A-Z][a-z.]+ \d+)? \([^()\n]{2,20}\) ?[-–—]"
    r"|^[A-Z][A-Z ,.'-]+(?:, (?:[A-Z][a-z.]+,? ?){1,3})?(?:,? [A-Z][a-z]+\.? \d{1,2})? ?(?:--?|[–—]) ",
    re.MULTILINE,
)
_LONGEST_CREDIT = 60
_LONGEST = 16  # words of a run
_LONG_LINE = 45  # characters: a name may go on after a line that long, which was wrapped
_PREFIX = re.compile(r"(?:Post|Pre|Anti|Non|Pro|Ex|Mid)-(?=\w)")
_POSSESSIVE = re.compile(r"['’]s?$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+$")
_ROMAN = re.compile(r"[IVX]+$")
_AT = re.compile(r"\b(?:at|to|outside|inside|near|into|from)\s$", re.IGNORECASE)
_NEXT = re.compile(r"\s*([^\W_]*)")
_LEADS_TO_MORE = frozenset(".!?\"'“‘«‹([{:;–—…*_•-")


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


class _RunWord(NamedTuple):
    """A word of a run: `plain` in small letters without a stop, `bits` what is known of it."""

    text: str
    start: int
    end: int
    plain: str
    bits: int
    possessive: bool = False


def _capitals() -> str:
    """The capital letters of the scripts that have them, as ranges of a set of characters."""
    found: list[list[int]] = []
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x2000), *range(0x2C00, 0x2E00)):
        if chr(code).isupper():
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" if first < last else chr(first) for first, last in found)


@cache
def _run_pattern() -> re.Pattern[str]:
    """A run. It begins with one set of characters, which `re` looks for fastest."""
    letter = r"[\w'’ʼ.\u2010\u2011\u0300-\u036f-]"
    capital = f"[{_capitals()}]"
    token = rf"{capital}{letter}*+(?:(?<=[A-Z])&[A-Z]\w*+)?"
    particles = "|".join(sorted(PARTICLES))
    space = r"(?:[ \u00a0]++\n?[ \u00a0]*+|\n[ \u00a0]*+)"  # with one line end at the most
    linked = rf"{space}(?:(?:{particles}|(?<=[MN][ai]c )an){space}){{0,3}}"
    return re.compile(
        rf"{capital}(?<!\w.){letter}*+(?:(?<=[A-Z])&[A-Z]\w*+)?"
        rf"(?:{linked}(?:(?:al|el|ad|ar|as|an|d|l|ul|ap)['’-])?{token}){{0,{_LONGEST - 1}}}"
    )


_ARTICLE_BEFORE = re.compile(r"(?<![\w])(?:al|el|ad|ar|as|an|ul|ap|d|l)['’-]$")
_PIECES = re.compile(r"\S+")
_INNER_STOP = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")


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


def find_spans(text: str) -> Iterator[CapitalizedSpan]:
    """The runs of a text that may be names, in order. Linear in the text."""
    for match in _run_pattern().finditer(text):
        raw, start = match[0], match.start()
        if " " not in raw and "\n" not in raw and "\u00a0" not in raw:
            plain = raw.casefold().rstrip(".'’-")
            bits = word_classes[plain]
            if bits & (FUNCTION_WORD | CALENDAR_WORD) and not bits & GIVEN:
                continue
        before = text[max(0, start - 3) : start]
        if before.endswith(("-", "'", "’")) and (article := _ARTICLE_BEFORE.search(text, max(0, start - 4), start)):
            start = article.start()
            raw = text[start : match.end()]
        near = before.rstrip()
        begins = not near or near[-1] in _LEADS_TO_MORE or "\n" in before
        found = _known_runs.get((raw, begins))
        if found is None:
            found = tuple(_spans_of_run(text, start, match.end(), begins))
            if not _LOOKS_AROUND.search(raw):
                if len(_known_runs) > _MOST_RUNS:
                    _known_runs.clear()
                _known_runs[raw, begins] = tuple([_shifted(span, -start) for span in found])
            yield from found
        else:
            for span in found:
                yield _shifted(span, start)


#: What runs have been made of, by what stands there and whether it begins a sentence; offsets are those in the run.
_known_runs: dict[tuple[str, bool], tuple[CapitalizedSpan, ...]] = {}
_MOST_RUNS = 100_000
#: Runs of which it depends on the text around them what is made of them.
_LOOKS_AROUND = re.compile(rf"['’ʼ\n]|\b(?:{'|'.join(sorted(CALENDAR))})\b", re.IGNORECASE)


def _shifted(span: CapitalizedSpan, by: int) -> CapitalizedSpan:
    start, end, words, title, possessive, begins, outer = span
    return CapitalizedSpan(start + by, end + by, words, title, possessive, begins, outer + by)


def _spans_of_run(text: str, start: int, end: int, begins: bool) -> Iterator[CapitalizedSpan]:
    for segment in _segments(text, _words(text, start, end)):
        span = _parse(segment, begins and segment[0].start == start)
        if span is not None:
            yield span


def _words(text: str, start: int, end: int) -> list[_RunWord | None]:
    """The words of a run; None where it is cut by a stop or the end of a short line."""
    words: list[_RunWord | None] = []
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


def _add_word(words: list[_RunWord | None], raw: str, first: int) -> None:
    if prefix := _PREFIX.match(raw):
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
        words.append(_RunWord(bare, first, first + len(bare), plain, bits, possessive))
    if stopped:
        words.append(None)


def _segments(text: str, words: list[_RunWord | None]) -> Iterator[list[_RunWord]]:
    """The words cut at possessives, words of the calendar and words that are in no name.

    After "the" the first possessive is part of the name, as in "the King's Arms".
    """
    part: list[_RunWord] = []
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
        if word.text == "an" and part:  # of "Mac an Bhaird"
            part.append(word)
            continue
        if bits & (FUNCTION_WORD | CALENDAR_WORD) and not (word.text.islower() and bits & PARTICLE):
            following = words[number + 1] if number + 1 < len(words) else None
            is_name = (
                bits & GIVEN
                and not part
                and following is not None
                and following.text[0].isupper()
                and not following.bits & (FUNCTION_WORD | CALENDAR_WORD | COMMON_WORD | BODY | OFFICE | HONORIFIC)
                and not (bits & CALENDAR_WORD and _word_before(text, word.start) in _TIME)
            )
            is_surname = bits & CALENDAR_WORD and part and part[-1].bits & (GIVEN | HONORIFIC) and len(part) < 3
            if not (is_name or is_surname):
                if part:
                    yield part
                part = []
                continue
        if part and bits & HONORIFIC and not part[-1].bits & (OFFICE | HONORIFIC):
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


def _begins_another(conjunction: _RunWord, before: _RunWord, after: list[_RunWord | None]) -> bool:
    """Whether another name begins after an "and" of a language where it may be within one, as in "Ortega y Gasset"."""
    if conjunction.text == "und":  # but "von und zu"
        return not before.text.islower()
    return len(after) == 2 and None not in after and bool(after[0] and after[0].bits & GIVEN)


def _with_possessive(text: str, word: _RunWord) -> _RunWord:
    """A word whose 's is part of the name."""
    end = word.end + 1 + (text[word.end + 1 : word.end + 2] == "s")
    return word._replace(text=text[word.start : end], end=end, possessive=False)


def _word_before(text: str, start: int) -> str:
    words = text[max(0, start - 24) : start].split()
    return words[-1].casefold() if words else ""


_PLAIN = COMMON_WORD | KINSHIP | BODY | TRADE | VENUE


def _names_a_venue(words: list[_RunWord | None]) -> bool:
    """Whether the words after "X's" make a place of it, as "X's Yard"."""
    if not words or len(words) > 3 or any(word is None for word in words):
        return False
    return bool(words[-1] and words[-1].bits & VENUE) and all(word and word.bits & _PLAIN for word in words[:-1])


def _is_house(text: str, first: _RunWord, last: _RunWord) -> bool:
    """Whether a name with 's is a place by itself, as in "at X's on Tuesday": nothing follows that X could have."""
    return bool(
        text[last.end : last.end + 2] in ("'s", "’s")
        and (first.plain in _SAINTS or _AT.search(text, max(0, first.start - 12), first.start))
        and (after := _NEXT.match(text, last.end + 2, last.end + 42))
        and (not after[1] or after[1].casefold() in FUNCTION)
    )


def _parse(words: list[_RunWord], begins: bool) -> CapitalizedSpan | None:
    """The name in a segment, None where there is none."""
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
    end = words[-1]
    return CapitalizedSpan(
        words[0].start, end.end, tuple(word.text for word in words), "", end.possessive, begins, words[0].start
    )


def _without_honours(words: list[_RunWord]) -> list[_RunWord]:
    """Without the letters after a name, as in "Jane Munro QC"; a name of a word and an acronym keeps it."""
    last = len(words)
    while last > 2 and words[last - 1].text.isupper() and words[last - 1].plain in POST_NOMINALS:
        last -= 1
    return words if words[0].bits & (VENUE | BODY) or words[last - 1].text.islower() else words[:last]


def _skip_leading(words: list[_RunWord], begins: bool) -> int:
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
            if more and bits & OPENER and following & (BODY | VENUE | CALENDAR_WORD):
                return number
            continue
        if begins and bits & COMMON_WORD and not bits & OFFICE:
            continue
        left = len(words) - number
        if left > 2 and bits & (PLACE | TRADE | PORTFOLIO) and following & GIVEN and not bits & OFFICE:
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


def _is_a_place(words: list[_RunWord]) -> bool:
    """Whether a run is a place, a body or a club by its last word: then no title leads to a person in it."""
    bits = words[-1].bits
    if len(words) < 2 or not bits & (VENUE | BODY) or bits & (OFFICE | SUFFIX):
        return False
    if len(words) > 3 and words[0].bits & GIVEN and any(word.plain == "of" for word in words[2:-1]):
        return False  # somebody of it
    at = max((number for number, word in enumerate(words[:-1]) if word.bits & (OFFICE | TRADE)), default=-1)
    names = words[at + 1 :]
    if len(names) == 1 and words[at].bits & HONORIFIC:
        return False  # "Mr Park"
    return not (len(names) == 2 and names[0].bits & GIVEN)


def _end_of_title(words: list[_RunWord]) -> int:
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


def _is_title(words: list[_RunWord], number: int, is_last: bool, end: int) -> bool:
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
    rest = [each for each in words[number + 1 :] if not each.text.islower()]
    if word.plain in _SAINTS and ("'s" in following.text or "’s" in following.text or following.possessive or not (
        following.bits & GIVEN and len(rest) > 1)):  # fmt: skip
        return False
    if bits & GIVEN and not bits & HONORIFIC and (word.plain in _GIVEN_TOO or not bits & OFFICE):
        return len(rest) > 1 and bool(rest[0].bits & GIVEN)
    if not bits & (OFFICE | HONORIFIC):  # a trade with a capital, as at the beginning of a sentence
        return len(rest) > 1 or not before
    return True


def _after_portfolio(words: list[_RunWord], number: int) -> int:
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
        return number
    if number + 1 < len(words) and words[number].bits & (LEADING_PLACE | OPENER | DEMONYM) and len(left) > 2:
        return min(number + 2, len(words))
    return min(number + 1, len(words))


def _titled(words: list[_RunWord], after_title: int) -> CapitalizedSpan | None:
    title, names = words[:after_title], words[after_title:]
    names = _without_place(names)
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


def _without_place(words: list[_RunWord]) -> list[_RunWord]:
    """A name without the "of Place" after it; what an "of" belongs to, as in "Museum of the Moon", stays."""
    at = next((number for number, word in enumerate(words) if number and word.plain == "of" and word.text == "of"), 0)
    if not at or words[at - 1].bits & (VENUE | BODY | LEADING_VENUE) or words[0].bits & (LEADING_VENUE | BODY):
        return words
    names = words[:at]
    if len(words) > at + 2 and words[-1].bits & VENUE and not words[0].bits & GIVEN:
        return words[at + 1 :]  # "Roof of Royal Exchange"
    if len(names) > 1 and not names[-1].bits & (VENUE | BODY):
        return names
    return words
