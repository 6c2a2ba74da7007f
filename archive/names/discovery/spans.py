"""Runs of capitalised words in a text: what a name could be, before anything is known of what stands around it.

A run is cut where it cannot be one name, and a title that leads to a name is split off. Scripts without capitals have
no runs; a name in them has to be in the authority files.
"""

from __future__ import annotations

import re
from functools import cache

from archive.names.discovery.run_grammar import parse_segment
from archive.names.discovery.run_words import SAINTS, is_after_time, segments, words_of_run
from archive.names.discovery.word_classes import CALENDAR_WORD, FUNCTION_WORD, GIVEN, are_unlisted, word_classes
from archive.names.discovery.wordlists import CALENDAR, PARTICLES
from archive.names.discovery.written_names import NameMention, WrittenForm, written_form
from archive.util.remembered_answers import RememberedAnswers

_LONGEST = 16  # words of a run
_MOST_RUNS = 100_000  # that are remembered
_SPACE = re.compile("[ \n\u00a0]")
_LEADS_TO_MORE = frozenset(".!?\"'“‘«‹([{:;–—…*_•-")


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
    begins = "".join(sorted({particle[0] for particle in PARTICLES}))
    space = r"(?:[ \u00a0]++\n?[ \u00a0]*+|\n[ \u00a0]*+)"  # with one line end at the most
    goes_on = f"(?=[{_capitals()}{begins}al&])"  # which most that follows does not
    couple = r"(?=[a&])(?:(?<=\b[MD]r )|(?<=\b[MD]r\. )|(?<=\bLord )|(?<=\bSir ))(?:and|&)(?= (?:Mrs|Mme|Lady)\b)"
    linked = rf"{space}{goes_on}(?:(?:{particles}|an(?<=[MN][ai]c an)|{couple}){space}){{0,3}}"
    return re.compile(
        rf"{capital}(?<!\w.){letter}*+(?:(?<=[A-Z])&[A-Z]\w*+)?"
        rf"(?:{linked}(?:(?:al|el|ad|ar|as|an|d|l|ul|ap)['’-])?{token}){{0,{_LONGEST - 1}}}"
    )


_ARTICLE_BEFORE = re.compile(r"(?<![\w])(?:al|el|ad|ar|as|an|ul|ap|d|l)['’-]$")
_MARKS = ("-", "'", "’")
_POSSESSIVE = re.compile("['’ʼ]")
#: Words before a possessive that may make it a place by itself, as in "at Byrne's", and its own that may.
_LEADS_TO_HOUSE = re.compile(r"\b(?:at|to|outside|inside|near|into|from)\s$", re.IGNORECASE)
_SAINTLY = re.compile(rf"\b(?:{'|'.join(SAINTS)})\b", re.IGNORECASE)


@cache
def _month_names() -> re.Pattern[str]:
    """Months that are given names too: words of time before them tell which."""
    names = "|".join(sorted(word for word in CALENDAR if word_classes[word] & GIVEN))
    return re.compile(rf"\b(?:{names})\b", re.IGNORECASE)


#: A name in a run: where it begins and ends and where its title begins, from the beginning of the run; how it is
#: written, whether 's follows, and whether it stands where any word would have a capital.
_NameOfRun = tuple[int, int, int, WrittenForm, bool, bool]


class _KnownRuns(dict[str, tuple[_NameOfRun, ...]]):
    """What runs have been made of, by what stands there.

    Texts repeat their names, and texts of one archive each other's.
    """

    def remember(self, raw: str, found: tuple[_NameOfRun, ...]) -> tuple[_NameOfRun, ...]:
        """Keep what was made of a run, which is returned."""
        if len(self) > _MOST_RUNS:
            self.clear()
        self[raw] = found
        return found


#: Of runs within a sentence, and at the beginning of one: those that depend on nothing around them, and those that do
#: on the words before, which they are kept with.
_known_runs = (_KnownRuns(), _KnownRuns())
_known_settings = (_KnownRuns(), _KnownRuns())


def find_mentions(text: str) -> list[NameMention]:
    """The places of a text where a name may stand, in order. Linear in the text."""
    mentions = []
    for match in _run_pattern().finditer(text):
        start = match.start()
        raw = match[0]
        begins, is_marked = _after[text[start - 3 if start > 3 else 0 : start]]
        found = _known_runs[begins].get(raw)
        if found is None or (is_marked and _article_before(text, start) < start):
            found = _made_of(text, start, match.end(), begins)
        for first, last, outer, written, possessive, is_first in found:
            mentions.append(NameMention(start + first, start + last, start + outer, written, possessive, is_first))
    return mentions


def _before_run(before: str) -> tuple[bool, bool]:
    """Whether any word would have a capital after these characters, and whether an article may be tied to it."""
    near = before.rstrip()
    return not near or near[-1] in _LEADS_TO_MORE or "\n" in before, before.endswith(_MARKS)


_after = RememberedAnswers(_before_run)


def _article_before(text: str, start: int) -> int:
    """Where the article begins that is tied to a run, as in "al-Hakim"; `start` where there is none."""
    article = _ARTICLE_BEFORE.search(text, max(0, start - 4), start)
    if article is None:
        return start
    first = text[start : start + 40].split(None, 1)[0].casefold()
    is_of = article[0][0] in "dl" and word_classes[first] & GIVEN  # "d'Agathe" is of her
    return start if is_of else article.start()


def _made_of(text: str, start: int, end: int, begins: bool) -> tuple[_NameOfRun, ...]:
    """The names in a run, their offsets those in it; kept if they do not depend on where it stands."""
    raw = text[start:end]
    words = raw.split(" ", 2)
    if len(words) < 3 and are_unlisted(words) and text[start - 1 : start] not in _MARKS:
        # As most are: nothing parts them, and nothing is to be taken off.
        name = written_form(tuple(words), "")
        return _known_runs[begins].remember(raw, ((0, end - start, 0, name, False, begins),))
    if _is_small_word(raw):
        return _known_runs[begins].remember(raw, ())
    first = _article_before(text, start)
    if first < start or "\n" in raw:
        return _read_run(text, start, first, end, begins)
    known, written = _known_runs, raw
    if _POSSESSIVE.search(raw):
        if _LEADS_TO_HOUSE.search(text, max(0, start - 12), start) or _SAINTLY.search(raw):
            return _read_run(text, start, start, end, begins)
        the = text[max(0, start - 4) : start].casefold()
        known, written = _known_settings, f"{the if the == 'the ' else ''}{raw}"
    if _month_names().search(raw):
        known, written = _known_settings, f"{'since ' if is_after_time(text, start) else ''}{written}"
    found = known[begins].get(written)
    return known[begins].remember(written, _read_run(text, start, start, end, begins)) if found is None else found


def _read_run(text: str, start: int, first: int, end: int, begins: bool) -> tuple[_NameOfRun, ...]:
    """The names in a run from `first` on, their offsets counted from `start`."""
    found = []
    for segment in segments(text, words_of_run(text, first, end)):
        at = segment[0].start
        span = parse_segment(segment, begins if at == first else text[at - 2] in ".!?")
        if span is not None:
            name = written_form(span.words, span.title)
            places = span.start - start, span.end - start, span.outer - start
            found.append((*places, name, span.possessive, span.begins))
    return tuple(found)


def _is_small_word(raw: str) -> bool:
    """Whether a run is one word of grammar or of the calendar, which is no name alone."""
    bits = 0 if _SPACE.search(raw) else word_classes[raw.casefold().rstrip(".'’-")]
    return bool(bits & (FUNCTION_WORD | CALENDAR_WORD)) and not bits & GIVEN
