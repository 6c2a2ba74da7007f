"""First names and surnames alone: whose they are once somebody has been named in full.

"Ivanka" and "Kushner" are taken for the one person named so before in the same article. Nobody
is guessed at: where the article names or declares two people of that name, a namesake, or
somebody of that surname whom no record knows ("Melania Trump", "President Trump"), a part of a
name is nobody's, unless a form of address that only one of them has decides ("Mr Amadi").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from archive.names.gazetteer import (
    LOOK_EVERY,
    Limit,
    Match,
    OccupiedSpans,
    SurfaceForm,
    is_right_boundary,
    matches_casing,
)
from archive.names.name_context import is_kin_after, is_place_or_thing, is_word_of_another
from archive.names.surface_forms import (
    FOR_MEN,
    FOR_WOMEN,
    HONORIFICS,
    RANKS,
    SUFFIXES,
    TITLES,
    name_parts,
    normalize_token,
    title_of,
)
from archive.text.normalize import NormalizedText, folded_name
from archive.text.sentences import BEGINNERS, Span, wordset

#: A word with a stop after it, and the one after a name, on the same or the next line.
_WORD = re.compile(r"([^\W\d_][\w'’-]*)(\.?)\Z")
_AFTER = re.compile(r"[^\S\n]*+\n?[^\S\n]*+([^\W\d_][\w'’-]*|\d)(?<=\w)")
_INITIALS = re.compile(r"(?<![\w’'.-])([^\W\d_a-z])\.[ -]?(?:[^\W\d_a-z]\.[ -]?)*\Z")
_BEGINNING = '.!?…:;—–(["“”‘'
_LETTERS = re.compile(r"\w+")
_LOOK_BEHIND = 64
#: So many parts, or parts times characters, are sooner looked for one by one than an automaton for all is built.
_FEW, _SHORT = 8, 200_000
#: So many words are sooner looked for one by one than all of a text's words are counted.
_ALONE = 32
_ARTICLES = wordset("the a an")
_NO_SURNAMES = BEGINNERS | wordset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december i"""
)


@dataclass
class _Person:
    """Somebody in the article: where the full name first stands (None if only declared), and titles before it."""

    since: int | None = None
    titles: set[str] = field(default_factory=set)


@dataclass
class _PartCandidates:
    """Everybody in the article who may be called by one part of a name.

    part      that part as a name has it
    given     whether it is a first name of them all
    stranger  whether somebody unknown may be called so too
    """

    part: str
    people: dict[str, _Person] = field(default_factory=dict)
    given: bool = True
    stranger: bool = False


class _Occurrence(NamedTuple):
    """Where a part of a name stands, and what comes before it.

    word      the word before; "" for none
    stopped   whether a stop follows that word
    begins    whether a sentence, or part of one, begins with the part, or with the word before it
    title     the word before, if it is a title; "" for none
    """

    start: int
    end: int
    word: str
    stopped: bool
    begins: bool
    title: str


class NameContext(NamedTuple):
    """What is known of an article before parts of names are looked for.

    whole       the whole names in its text
    introduced  people whom the title names
    declared    people whom it declares: they may be meant too
    """

    text: NormalizedText
    whole: Sequence[Match]
    introduced: Iterable[str] = ()
    declared: Iterable[str] = ()


def partial_names(
    article: NameContext, is_name: Callable[[str], bool], is_shared: Callable[[str], bool], limit: Limit
) -> list[Match]:
    """Where the text names people by a part of their name. Linear in the text, however many people it names.

    is_name    whether a folded text is a whole name itself
    is_shared  whether several people of the authority file have a folded part
    """
    parts = {folded: part for folded, part in _parts(article).items() if not is_name(folded)}
    text = article.text.original
    whole = sorted([(found.start, found.end) for found in article.whole])
    taken = OccupiedSpans(len(text), whole)
    occurrences = _occurrences(article.text, parts, whole, taken, limit)
    if not occurrences:
        return []
    bearers = _bearers(article, occurrences)
    is_common = _common_words(text, bearers, occurrences)
    found: list[Match] = []
    for number, folded in enumerate(sorted(occurrences, key=lambda folded: (-len(folded), folded))):
        if number & LOOK_EVERY == LOOK_EVERY:
            limit.check()
        those = bearers[folded]
        alone = [
            each
            for each in occurrences[folded]
            if not taken.overlaps(each.start, each.end) and _is_alone(text, each, those, is_common)
        ]
        for each in alone:
            taken.add(each.start, each.end)
        titles = {each.title for each in alone}
        _mark_ambiguous(titles, those)
        shared = any(titles) and is_shared(folded)
        meant = {title: _resolve_referent(title, those, shared) for title in titles}
        for each in alone:
            if (form := meant[each.title]) is not None and _since(form, those) < each.start:
                found.append(Match(each.start, each.end, form))
    return found


def _since(form: SurfaceForm, those: _PartCandidates) -> float:
    since = those.people[form.name].since
    return math.inf if since is None else since


def _parts(article: NameContext) -> dict[str, str]:
    """The parts of the names of people whom an article names, folded, each as the first of these names has it."""
    spellings: dict[str, None] = {}
    named = set(article.introduced)
    for _, _, form in article.whole:
        if form.facet == "person" and form.name:
            spellings[form.spelling] = None
            named.add(form.name)
    spellings |= dict.fromkeys(article.introduced)
    spellings |= dict.fromkeys(name for name in article.declared if name in named)
    parts: dict[str, str] = {}
    for spelling in spellings:
        for folded, part, _ in _folded_parts(spelling):
            parts.setdefault(folded, part)
    return parts


def _bearers(article: NameContext, parts: Collection[str]) -> dict[str, _PartCandidates]:
    """The people of an article who may be called by some folded parts of names."""
    people: dict[str, _Person] = {name: _Person(since=-1) for name in article.introduced}
    bearers: dict[str, _PartCandidates] = {}

    def called(spelling: str) -> Iterator[_PartCandidates]:
        for folded, part, given in _folded_parts(spelling):
            if folded in parts:
                those = bearers.get(folded)
                if those is None:
                    those = bearers[folded] = _PartCandidates(part)
                those.given = those.given and given
                yield those

    whole = [found for found in article.whole if found.form.facet == "person"]
    forms = dict.fromkeys(found.form for found in whole)
    for form in forms:
        if form.name:
            for those in called(form.spelling):
                those.people[form.name] = people.setdefault(form.name, _Person())
    for name in dict.fromkeys((*article.introduced, *article.declared)):
        for those in called(name):
            those.people[name] = people.setdefault(name, _Person())
    for form in forms:
        if form.name in people and (title := title_of(form.spelling)):
            people[form.name].titles.add(title)
    for found in whole:
        if (person := people.get(found.form.name)) is not None:
            person.since = found.start if person.since is None else person.since
            if title := _title_before(article.text.original, found.start):
                person.titles.add(title)
    # A namesake, or nobody knows which of two.
    for form in sorted(form for form in forms if not form.name):
        for those in called(form.spelling):
            those.stranger = True
    return bearers


@lru_cache(maxsize=65_536)
def _folded_parts(name: str) -> tuple[tuple[str, str, bool], ...]:
    """The parts of a whole name that may stand for it: folded, as written, and whether it begins with them."""
    return tuple((folded_name(part.text), part.text, part.given) for part in name_parts(name))


def _occurrences(
    text: NormalizedText,
    parts: Mapping[str, str],
    whole: Sequence[Span],
    taken: OccupiedSpans,
    limit: Limit,
) -> dict[str, list[_Occurrence]]:
    """Where each part of a name stands and is written as one, outside of whole names, which are taken; in order."""
    found: dict[str, list[_Occurrence]] = {}
    folded = text.text
    for number, (last, part) in enumerate(_hits(parts, text.blanked(whole))):
        if number & LOOK_EVERY == LOOK_EVERY:
            limit.check()
        following = folded[last + 1 : last + 2]
        if following.isalnum():
            continue
        start, end = text.original_span(last + 1 - len(part), last + 1)
        if taken.overlaps(start, end) or not is_right_boundary(text.original, end):
            continue
        if matches_casing(parts[part], text.original[start:end]):
            found.setdefault(part, []).append(_Occurrence(start, end, *_before(text.original, start)))
    return found


def _hits(parts: Collection[str], folded: str) -> Iterator[tuple[int, str]]:
    """The last character of every place where a folded text has one of some parts at the beginning of a word."""
    if len(parts) * len(folded) <= _SHORT or len(parts) <= _FEW:
        for part in parts:
            sought, at = f" {part}", -1
            while (at := folded.find(sought, at + 1)) >= 0:
                yield at + len(part), part
        return
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for part in parts:
        automaton.add_word(f" {part}", part)
    automaton.make_automaton()
    yield from automaton.iter(folded)


def _before(text: str, start: int) -> tuple[str, bool, bool, str]:
    """What comes before an offset: the word, whether a stop follows it, whether a sentence begins before it, its title.

    Without a word the last says whether one begins at the offset.
    """
    behind, near, last = _look_behind(text, start)
    word, stopped, at = _last_word(near[last:])
    return (word, stopped, _begins(near[: last + at]), _as_title(word)) if word else ("", False, _begins(behind), "")


def _title_before(text: str, start: int) -> str:
    _, near, last = _look_behind(text, start)
    return _as_title(_last_word(near[last:])[0])


def _look_behind(text: str, start: int) -> tuple[str, str, int]:
    """What comes before an offset, it without the white space at its end, and where the last word in that begins.

    There is none across an empty line.
    """
    behind = text[start - _LOOK_BEHIND if start > _LOOK_BEHIND else 0 : start]
    near = behind.rstrip()
    if len(behind) > len(near) + 1 and behind.count("\n", len(near)) > 1:
        return behind, near, len(near)
    return behind, near, max(near.rfind(" "), near.rfind("\n")) + 1


@lru_cache(maxsize=65_536)
def _last_word(piece: str) -> tuple[str, bool, int]:
    """The word at the end of a piece of text, whether a stop follows it, and where it begins; "" for none."""
    word = _WORD.search(piece)
    return (word[1], bool(word[2]), word.start()) if word else ("", False, 0)


@lru_cache(maxsize=4096)
def _as_title(word: str) -> str:
    """A title as titles are listed; "" for any other word."""
    plain = normalize_token(word)
    return plain if plain in TITLES else ""


def _is_alone(text: str, place: _Occurrence, those: _PartCandidates, is_common: Callable[[str], bool]) -> bool:
    """Whether the part stands alone; notes a stranger where it is part of another name."""
    initial = first_initial(text, place.start, place.word, place.stopped)
    alone = bool(place.title or initial) or _begins_alone(place, those, is_common)
    if not _ends_alone(text, place.end, those) or not alone:
        return False
    if place.title and is_kin_after(text, place.end):  # "Mr Corran, her husband"
        those.stranger = True
        return False
    if initial:
        return _has_initial(initial, those)
    if place.title:
        return True
    if (not place.word or place.stopped) and is_word_of_another(text, place.start, place.end):
        return False
    return not is_place_or_thing(text, place.start, place.end)


def first_initial(text: str, start: int, word: str, stopped: bool) -> str:
    """The first of the initials before a part of a name, as in "A. J. Byrne" and "J Byrne"; "" for none.

    `word` is the word before it, `stopped` whether that has a stop.
    """
    if len(word) != 1 or not word.isupper() or (not stopped and word in "AIO"):
        return ""
    before = _INITIALS.search(text, max(0, start - _LOOK_BEHIND), start) if stopped else None
    return before[1] if before else word


def _has_initial(initial: str, those: _PartCandidates) -> bool:
    """Whether "A. Byrne" can be one of those; another is a stranger."""
    if any(name[:1].casefold() == initial.casefold() for name in those.people):
        return True
    those.stranger = True
    return False


def _begins_alone(place: _Occurrence, those: _PartCandidates, is_common: Callable[[str], bool]) -> bool:
    """Whether no part of a name stands before a place."""
    word = place.word
    if not word or place.stopped:
        return not ((place.stopped or place.begins) and is_common(those.part))
    if normalize_token(word) in _ARTICLES:
        return False
    if not word[0].isupper() or word.endswith(("'s", "’s")) or (word.isupper() and len(word) > 1):
        return True
    if place.begins and (those.given or normalize_token(word) in BEGINNERS or is_common(word)):
        return True
    those.stranger = those.stranger or not those.given
    return False


def _ends_alone(text: str, end: int, those: _PartCandidates) -> bool:
    """Whether no part of a name, and no number, stands after an offset."""
    after = _AFTER.match(text, end)
    if after is None or not (after[1][0].isupper() or after[1].isdigit()) or normalize_token(after[1]) in _NO_SURNAMES:
        return True
    those.stranger = those.stranger or normalize_token(after[1]) in SUFFIXES or (those.given and not after[1].isdigit())
    return False


def _begins(behind: str) -> bool:
    """Whether a sentence, or part of one, begins after some text."""
    near = behind.rstrip()
    return not near or near[-1] in _BEGINNING or "\n" in behind[len(near) :]


def _common_words(
    text: str, bearers: Mapping[str, _PartCandidates], occurrences: Mapping[str, list[_Occurrence]]
) -> Callable[[str], bool]:
    """What tells whether the text has a word in small letters, and no less often than with a capital.

    It knows the parts that occur, and the words with a capital before them. Words are counted, all at once, when the
    first is asked for that the text may have in small letters, or when many have been asked for.
    """
    without_small: set[str] = set()
    counts: Counter[str] | None = None

    def is_common(word: str) -> bool:
        nonlocal counts
        small = word.lower()
        if counts is None:
            if word in without_small:
                return False
            if len(without_small) < _ALONE and small not in text:
                without_small.add(word)
                return False
            asked = {bearers[folded].part for folded in occurrences}
            asked |= {each.word for places in occurrences.values() for each in places if each.word[:1].isupper()}
            counts = count_words(text, asked | {word.lower() for word in asked})
        return 0 < counts[small] >= counts[word]

    return is_common


def count_words(text: str, asked: Collection[str]) -> Counter[str]:
    """How often a text has each of some words, not as part of a longer one. Linear in the text.

    A word may have marks inside it and around it, but must have a letter.
    """
    shapes: dict[str, set[tuple[int, int]]] = {}  # first letters in a row -> where they stand in a word, and its length
    for word in asked:
        letters = _LETTERS.search(word)
        assert letters is not None
        shapes.setdefault(letters[0], set()).add((letters.start(), len(word)))
    counts: Counter[str] = Counter()
    until: dict[str, int] = {}
    for letters in _LETTERS.finditer(text):
        for ahead, length in shapes.get(letters[0], ()):
            start = letters.start() - ahead
            end = start + length
            if start < 0 or (ahead and _LETTERS.match(text[start - 1 : start])) or _LETTERS.match(text, end, end + 1):
                continue
            word = text[start:end]
            if word in asked and until.get(word, 0) <= start:
                counts[word] += 1
                until[word] = end
    return counts


def _mark_ambiguous(titles: Iterable[str], those: _PartCandidates) -> None:
    """A title that is nobody's, or does not go with anybody, is that of a stranger."""
    for title in filter(None, titles):
        people = those.people.values()
        if any(title in person.titles for person in people):
            continue
        if not any(_goes_with(title, person.titles) for person in people):
            those.stranger = True


def _goes_with(title: str, titles: set[str]) -> bool:
    """Whether somebody who has `titles` in the article may be addressed by another one."""
    if title in RANKS:
        return not titles - HONORIFICS
    return title in HONORIFICS and not _excludes(title, titles)


def _excludes(title: str, titles: set[str]) -> bool:
    """Whether nobody with `titles` is addressed by `title`."""
    return bool((title in FOR_MEN and titles & FOR_WOMEN) or (title in FOR_WOMEN and titles & FOR_MEN))


def _resolve_referent(title: str, those: _PartCandidates, shared: bool) -> SurfaceForm | None:
    """The one person who can be meant by a part after a title, "" for none."""
    meant = list(those.people)
    if title:
        titled = [name for name, person in those.people.items() if title in person.titles]
        if not titled and (title not in HONORIFICS | RANKS or those.stranger or shared):
            return None
        meant = titled or [name for name, person in those.people.items() if not _excludes(title, person.titles)]
    elif those.stranger:
        return None
    return SurfaceForm("person", meant[0], those.part) if len(meant) == 1 else None
