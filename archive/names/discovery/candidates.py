"""The names that one article may hold, each with what the article says for it and where it stands.

A headline, where most words have capitals, proves a name only where the text has it too,
where another headline repeats it, or where a verb follows it. A single word that is the
first or last of a longer name in the same article is that name once more; so is one after an
office, unless the article says something else of whom the longer name names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log2
from typing import NamedTuple

from archive.names.discovery.credit_lines import credits_in
from archive.names.discovery.features import context_features, is_followed_by_pronoun, name_features
from archive.names.discovery.run_grammar import CapitalizedSpan
from archive.names.discovery.spans import find_spans
from archive.names.discovery.word_classes import (
    CALENDAR_WORD,
    COMMON_WORD,
    FUNCTION_WORD,
    GIVEN,
    HONORIFIC,
    KINSHIP,
    OFFICE,
    TRADE,
    VENUE,
    word_classes,
)
from archive.names.discovery.wordlists import ACTS, CALENDAR, COMMON, HEADLINE_VERBS, PARTICLES, SPEECH, VENUES
from archive.text.analyzer import fold
from archive.text.sentences import Span, is_title_case

_ANDS = re.compile(r"\s*(?:[,;]|,? and|&|,? y|,? et|,? und)\s+(?:\w+ )?$")
#: A stop after a whole word, and what may begin a sentence.
_SENTENCES = re.compile(r"\w{3,}[a-z][.!?]\s+[^\W\d_a-z]")
#: "BYRNE, Ada" and 'Maxwell "Max" Cole'.
_INVERTED = re.compile(
    r"(?<![\w-])([A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+)?), ([A-Z][a-zà-ÿ]+(?:-[A-Z]\w+)?(?: [A-Z]\.)?)(?=[\s,;.)]|$)"
)
_NICKNAME = re.compile(
    r"(?<![\w-])([A-Z\u00c0-\u017f][\w'’-]++(?: [A-Z]\.)?) [\"“‘'(]([A-Z\u00c0-\u017f][\w'’-]+)[\"”’')]"
    r" ((?:(?:de|van|von|der|la) )*[A-Z\u00c0-\u017f][\w'’-]*\w)"
)
#: What every text has in which these find anything, and what is found much sooner.
_INVERTED_HINT = re.compile(r", [A-Z](?<=[A-Z'’-], .)")
_NICKNAME_HINT = re.compile(r"[\"“‘'(][A-Z\u00c0-\u017f][\w'’-]+[\"”’')] ")
_INITIAL = re.compile(r"[^\W\d_]\.")
_COMPANY = 0.9  # what standing beside a person in a list is worth
_LIKELY = 1.5  # the score from which somebody is a person that others may stand beside
_FAR = 60  # characters between two names that are in no list
_OWNERS = 8  # whole names that one in short may stand for
_REUSED = 1.0  # what being named again in short is worth
_LONGEST_HEADLINE = 160
_CAPITALS = 0.9  # share of the letters of a text that is all in capitals
_NOT_SMALL = bytes(code for code in range(256) if not chr(code).islower())
_READ_FOR_SMALL = 20_000  # characters of a text in which words are looked for that a name has as well
_SHORT = 4_000  # characters of a text that is sooner searched for each word than for all
_ALPHANUMERIC = re.compile(r"[^\W_]+")
_SURE = 3.5  # scores from which nothing is to be doubted

#: A name's words, folded: what two ways of writing it share. An address ("Mr") counts where there is one word only.
Key = tuple[str, ...]


class _WrittenForm(NamedTuple):
    """What a name says as it is written, whatever stands around it.

    key            what it is filed under
    person, venue  what it says for each
    form           it, without its title
    address        the address with which its title ends; "" for an office or a rank
    office         its title if that is no address
    is_short       whether it is a surname with a particle alone, as in "Sergeant de Mesnil"
    small          the words that are not to be found in small letters, in these
    """

    key: Key
    person: float
    venue: float
    form: str
    address: str
    office: str
    is_short: bool
    small: tuple[str, ...]


@dataclass(slots=True)
class NameMention:
    """One place where a name stands; `role` is what the text calls its bearer there, "" for nothing."""

    run: CapitalizedSpan
    written: _WrittenForm
    person: float = 0.0
    venue: float = 0.0
    role: str = ""


class Candidate(NamedTuple):
    """A name in one article.

    form            as it is written, with its title if it needs one
    person, venue   what speaks for each, over all mentions
    start, end      where it is clearest
    spans           everywhere the whole name stands
    titled          how it is written with its titles, those that are offices
    roles           trades and offices of its bearer, as the text has them, in small letters
    """

    key: Key
    form: str
    person: float
    venue: float
    start: int
    end: int
    spans: tuple[Span, ...] = ()
    titled: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class _Headline(NamedTuple):
    start: int
    end: int


def is_all_capitals(text: str) -> bool:
    """Whether a text is written in capitals throughout, so that these say nothing of names."""
    start = text[:2_000]
    if len(start.encode("ascii", "ignore").translate(None, _NOT_SMALL)) > (1 - _CAPITALS) * len(start) + 1:
        return False  # as is found sooner than by looking at every letter
    capitals = sum(map(str.isupper, start))
    return capitals > 40 and capitals >= _CAPITALS * (capitals + sum(map(str.islower, start)))


def candidates(text: str) -> list[Candidate]:
    """The names that an article's text may hold; in a text all in capitals, those with a given name or an address."""
    _, gap, body = text.partition("\n\n")
    if is_all_capitals(body if gap else text):
        text = in_small_letters(text)
    headlines = _headlines(text)
    skipped = credits_in(text)
    special = _special_spans(text, skipped)
    blocked = sorted([*skipped, *((run.outer, run.end) for run in special)])
    runs = list(find_spans(text))
    if blocked:
        runs = [run for run in runs if not _within(run, blocked)]
    in_headlines: list[CapitalizedSpan] = []
    if headlines:
        runs, in_headlines = _apart(runs, headlines)
    if special:
        runs = sorted([*runs, *special])
    plain = _mentions(text, runs)
    if in_headlines:
        plain += _from_headlines(text, in_headlines, {each.written.key for each in plain})
    return list(_merge_mentions(text, plain))


def _apart(
    runs: Iterable[CapitalizedSpan], headlines: Sequence[_Headline]
) -> tuple[list[CapitalizedSpan], list[CapitalizedSpan]]:
    """The runs outside of headlines, and those in them."""
    outside: list[CapitalizedSpan] = []
    inside: list[CapitalizedSpan] = []
    at = 0
    for run in runs:
        while at < len(headlines) and headlines[at].end <= run.start:
            at += 1
        (inside if at < len(headlines) and headlines[at].start <= run.start else outside).append(run)
    return outside, inside


def in_small_letters(text: str) -> str:
    """A text in capitals with capitals only where names may be: given names, addresses, and what follows them.

    As long as before.
    """
    is_name = False

    def changed(match: re.Match[str]) -> str:
        nonlocal is_name
        word, plain = match[0], match[0].casefold()
        bits = word_classes[plain]
        begins_name = bool(bits & (GIVEN | HONORIFIC)) and not bits & (FUNCTION_WORD | CALENDAR_WORD)
        goes_on = is_name and not bits & _NO_SURNAME and plain not in _VERBS and len(plain) > 1
        is_name = begins_name
        capital = begins_name or goes_on or bits & CALENDAR_WORD
        new = word.capitalize() if capital else word.lower()
        return new if len(new) == len(word) else word

    return _LETTERS.sub(changed, text)


_LETTERS = re.compile(r"[^\W\d_]+")
_VERBS = ACTS | SPEECH | HEADLINE_VERBS
_NO_SURNAME = FUNCTION_WORD | CALENDAR_WORD | COMMON_WORD | KINSHIP | OFFICE | TRADE


def key_of_words(words: Iterable[str]) -> Key:
    """What a name of these words is filed under."""
    return tuple([fold(word).replace(".", "").replace("’", "'") for word in words])


@lru_cache(maxsize=65_536)
def _written_form(words: tuple[str, ...], title: str) -> _WrittenForm:
    key = key_of_words(words)
    address = _address(title) if title else ""
    is_told_apart = bool(word_classes[words[0].casefold()] & (GIVEN | OFFICE))
    return _WrittenForm(
        (address, *key) if address and len(words) == 1 else key,
        *name_features(words, title),
        " ".join(words),
        address,
        "" if address else title,
        not words[0][0].isupper() and sum(not word.islower() for word in words) < 2,
        () if is_told_apart else tuple([word.lower() for word in words if len(word) > 2 and word[0].isupper()]),
    )


def _address(title: str) -> str:
    """The address with which a title ends, folded: "Mr", "Dr"; "" for an office or a rank."""
    last = title.split()[-1].casefold().rstrip(".")
    return last if word_classes[last] & HONORIFIC and len(title.split()) == 1 else ""


def _within(run: CapitalizedSpan, spans: list[Span]) -> bool:
    at = bisect_left(spans, run.end, key=lambda span: span[0])
    return any(run.start < end for _, end in spans[max(0, at - 2) : at])


def _headlines(text: str) -> list[_Headline]:
    """Lines in which most words have capitals."""
    found = []
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        is_one_line = 3 < end - start <= _LONGEST_HEADLINE and not _SENTENCES.search(text, start, end)
        if is_one_line and is_title_case(text[start:end].strip(), 3 if start else 1):
            found.append(_Headline(start, end))
        start = end + 1
    return found


def _special_spans(text: str, skipped: list[Span]) -> list[CapitalizedSpan]:
    """Names written the other way round ("BYRNE, Ada"), and with a nickname in the middle ('Maxwell "Max" Cole')."""
    found = []
    for match in _INVERTED.finditer(text) if _INVERTED_HINT.search(text) else ():
        given = match[2].split()[0].casefold()
        if word_classes[given] & GIVEN and given not in CALENDAR and len(match[1]) > 2:
            words = (*match[2].split(), *(word.title() for word in match[1].split()))
            found.append(CapitalizedSpan(match.start(), match.end(), words, "", False, False, match.start()))
    for match in _NICKNAME.finditer(text) if _NICKNAME_HINT.search(text) else ():
        if (
            all(word_classes[match[each].casefold()] & GIVEN for each in (1,))
            or word_classes[match[2].casefold()] & GIVEN
        ):
            words = (*match[1].split(), *match[3].removesuffix("'s").removesuffix("’s").split())
            found.append(CapitalizedSpan(match.start(), match.end(), words, "", False, False, match.start()))
    return [run for run in sorted(found) if not _within(run, skipped)] if skipped else sorted(found)


def _mentions(text: str, runs: Sequence[CapitalizedSpan]) -> list[NameMention]:
    made = [NameMention(run, _written_form(run.words, run.title), *context_features(text, run)) for run in runs]
    linked = _linked(text, made)
    for pairs in (linked, [(after, before) for before, after in reversed(linked)]):
        for one, other in pairs:
            if other.person < _SURE and one.person + one.written.person >= _LIKELY:
                other.person += _COMPANY
    return made


def _linked(text: str, mentions: Sequence[NameMention]) -> list[tuple[NameMention, NameMention]]:
    """The mentions that stand beside each other in a list; the first of "Ivo and Emil Strand" gets its surname."""
    linked = []
    for before, after in pairwise(mentions):
        start, end = before.run.end, after.run.outer
        if not 0 < end - start < _FAR or before.run.possessive or not _ANDS.match(text, start, end):
            continue
        linked.append((before, after))
        if text[start:end] == " and " and (shared := _shared_surname(before.run, after.run)):
            before.run = before.run._replace(words=shared)
            before.written = _written_form(shared, before.run.title)
            before.person += _COMPANY
    return linked


def _shared_surname(one: CapitalizedSpan, other: CapitalizedSpan) -> tuple[str, ...] | None:
    """The whole name of the first in "Ivo and Emil Strand"."""
    if len(one.words) != 1 or len(other.words) < 2 or one.title or one.possessive:
        return None
    if not (word_classes[one.words[0].casefold()] & GIVEN and word_classes[other.words[0].casefold()] & GIVEN):
        return None
    return (*one.words, *other.words[1:])


def _from_headlines(text: str, headlines: list[CapitalizedSpan], known: set[Key]) -> Iterator[NameMention]:
    parts = [part for each in headlines for part in _split_headline(each)]
    forms = [_written_form(part.words, part.title) for part in parts]
    repeated = Counter(each.key for each in forms)
    for part, written in zip(parts, forms, strict=True):
        key = written.key
        after = text[part.end : part.end + 40].split(None, 1)[:1]
        verb = bool(after) and fold(after[0]) in HEADLINE_VERBS
        shouted = part.text.isupper()
        several = not shouted and len(part.words) > 1
        given = bool(word_classes[part.words[0].casefold()] & GIVEN)
        named = several and (given or verb or repeated[key] > 1 or _beside(text, part))
        venue = several and part.words[-1].casefold() in VENUES
        if key in known or named or venue:
            yield NameMention(part, written, 1.0 if named else 0.3)


def _beside(text: str, run: CapitalizedSpan) -> bool:
    """Whether two names are joined, as in "X and Y to Wed"."""
    after = text[run.end : run.end + 40]
    return bool(re.match(r" and [^\W\d_]+ [^\W\d_]+\b", after)) or text.startswith(" and ", run.start - 5)


def _split_headline(run: CapitalizedSpan) -> Iterator[CapitalizedSpan]:
    """The pieces of a headline's run between words that are no names."""
    words = run.words
    if not any(_ends_a_name(word) for word in words):
        yield run
        return
    piece: list[str] = []
    place = begin = run.start
    end = begin
    for word in [*words, ""]:
        if not word or _ends_a_name(word):
            while piece and piece[-1] in PARTICLES:
                piece.pop()
            if piece:
                yield CapitalizedSpan(begin, end, tuple(piece), "", False, begin > run.start, begin)
            piece = []
            place += len(word) + 1
            continue
        if not piece:
            begin = place
        end = place + len(word)
        place = end + 1
        piece.append(word)


def _ends_a_name(word: str) -> bool:
    plain = word.casefold()
    return plain in HEADLINE_VERBS or (plain in COMMON and not word_classes[plain] & GIVEN)


def _merge_mentions(text: str, mentions: list[NameMention]) -> Iterator[Candidate]:
    """One candidate for each name, with the mentions in short added to the long ones."""
    by_key: dict[Key, list[NameMention]] = {}
    for each in mentions:
        key = each.written.key
        if key in by_key:
            by_key[key].append(each)
        else:
            by_key[key] = [each]
    owners = _link_short_forms(by_key)
    shorts: dict[Key, list[NameMention]] = {}
    only: dict[Key, list[NameMention]] = {}
    for key, longer in owners.items():
        for owner in longer:
            shorts.setdefault(owner, []).extend(by_key[key])
            if len(longer) == 1:
                only.setdefault(owner, []).extend(by_key[key])
    bearers = {key[-1] for key, found in by_key.items() if len(key) > 1 and not found[0].written.is_short}
    read = _SmallWords(text)
    for key, found in by_key.items():
        if key not in owners and (len(found) > 1 or key in shorts or not _is_hopeless(found[0])):
            titled = [*found, *only[key]] if key in only else found
            yield _candidate(read, found, shorts.get(key, ()), titled, is_shared=key[-1] in bearers)


def _link_short_forms(by_key: dict[Key, list[NameMention]]) -> dict[Key, list[Key]]:
    """For each name in short, the whole names of which it is the beginning or the end."""
    ends: dict[Key, list[Key]] = {}
    for key, found in by_key.items():
        if len(key) > 1 and len(found[0].run.words) > 1 and not found[0].written.is_short:
            for size in range(1, len(key)):
                ends.setdefault(key[-size:], []).append(key)
            ends.setdefault(key[:1], []).append(key)
    owners: dict[Key, list[Key]] = {}
    if not ends:
        return owners
    for key, found in by_key.items():
        words = found[0].run.words
        if len(words) > 1 and _INITIAL.match(words[0]):  # "A. Byrne" beside "Ada Byrne", or another of that name
            whole = [each for each in ends.get(key[-1:], ()) if each != key and len(each[0]) > 1]
            if whole:
                owners[key] = [each for each in whole if each[0][0] == key[0][0]]
            continue
        bare = key[1:] if len(words) == 1 and len(key) == 2 else key
        if bare not in ends or not (longer := [each for each in ends[bare] if each != key and each not in ends]):
            continue
        office = next((each.written.office for each in found if each.written.office), "")
        if office and len(bare) == 1:
            longer = [each for each in longer if bare[0] == each[-1] and not _conflicts(office, by_key[each])]
        if longer:
            owners[key] = longer[:_OWNERS]
    return owners


def _conflicts(office: str, mentions: list[NameMention]) -> bool:
    """Whether the text says that the bearer of a name is something else than an office says."""
    said = {word.casefold().rstrip(".") for word in office.split()}
    roles = {role for each in mentions for role in (each.role, *each.run.title.casefold().split()) if role}
    return bool(roles) and roles.isdisjoint(said)


def _candidate(
    read: _SmallWords,
    found: Sequence[NameMention],
    shorts: Sequence[NameMention],
    titled_mentions: Sequence[NameMention],
    *,
    is_shared: bool,
) -> Candidate:
    """A name of mentions whole and in short; `titled_mentions` are those that mean nobody else.

    `is_shared` says that somebody else in the text has a surname, so that an office tells who is meant.
    """
    best = found[0]
    first, spelling = best.run, best.written
    words, title = first.words, first.title
    person, venue, roles = spelling.person, spelling.venue, set()
    if len(found) == 1:
        if best.role:
            roles.add(best.role)
        spans: tuple[Span, ...] = ((first.start, first.end),)
        highest, always_begins = best.person, first.begins
    else:
        if not title and (title := next((each.run.title for each in found if each.run.title), "")):
            person, venue = _written_form(words, title)[1:3]
        roles.update([each.role for each in found if each.role])
        spans = tuple([(each.run.start, each.run.end) for each in found])
        highest, always_begins = max([each.person for each in found]), all(each.run.begins for each in found)
    if len(found) == 1 and not shorts:
        most = highest
        person, venue = person + most, venue + best.venue
    else:
        people = [each.person for each in (*found, *shorts)]
        venues = [each.venue for each in found]
        most = max(people)
        person += min(1.0, 0.35 * log2(len(people))) + 0.5 * (most + sum(people) / len(people))
        venue += 0.5 * (max(venues) + sum(venues) / len(venues))
        best = max(found, key=lambda each: (max(each.person, each.venue), -each.run.start))
    if shorts:
        person += _REUSED
    if len(words) == 1 and not title:
        person += 0.5 * bool(roles)
        person -= 1.5 * (most < 2 and always_begins and not shorts) + 3 * (len(words[0]) < 3)
    elif len(words) == 2 and highest < -1 and _is_named_place(words):
        venue += 2
    if 0 < person < _SURE:
        person += 0.4 * is_followed_by_pronoun(read.text, first.end)
        person -= _written_small(read, spelling.small)
    run, written = best.run, best.written.form
    form = written.replace("’", "'")
    if title and len(run.words) == 1 and (is_shared or _address(title)):
        form = f"{title} {form}"
    titled: tuple[str, ...] = ()
    if offices := [each.written.office for each in titled_mentions if each.written.office]:
        roles.update([each.split()[-1].casefold() for each in offices])
        titled = tuple(dict.fromkeys([whole for each in offices if (whole := f"{each} {written}") != form]))
    about = (run.start, run.end, spans, titled, tuple(sorted(roles)) if roles else ())
    return Candidate(spelling.key, form, person, venue, *about)


def _is_hopeless(mention: NameMention) -> bool:
    """Whether a word that stands in a text once is nobody and nowhere, by all that speaks for it."""
    run, spelling = mention.run, mention.written
    if len(run.words) > 1 or run.title:
        return False
    return spelling.person + mention.person < -1 and spelling.venue + mention.venue < 0


def _is_named_place(words: tuple[str, ...]) -> bool:
    """Whether a name is one of a person or of a place, as "Alice Hall" is."""
    return bool(word_classes[words[0].casefold()] & GIVEN and word_classes[words[1].casefold()] & VENUE)


def _written_small(read: _SmallWords, words: tuple[str, ...]) -> float:
    """What to take off where the text has the words of a name, which are given in small letters, small as well."""
    small = 0
    for word in words:
        small += word in read
    return (2.5 if small == len(words) else 1.0) if small else 0.0


class _SmallWords:
    """What tells whether a text has a word, not as part of another; only its first places are looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._is_long = len(text) > _SHORT

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_ALPHANUMERIC.findall(self.text, 0, _READ_FOR_SMALL))

    def __contains__(self, word: str) -> bool:
        if self._is_long and word.isalnum() and word not in self._words:
            return False
        at = -1
        for _ in range(8):
            at = self.text.find(word, at + 1, _READ_FOR_SMALL)
            if at < 0:
                return False
            end = at + len(word)
            if not (self.text[at - 1 : at].isalnum() or self.text[end : end + 1].isalnum()):
                return True
        return False
