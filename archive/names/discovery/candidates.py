"""The names that one article may hold, each with what the article says for it and where it stands.

A single word that is the first or last of a longer name in the same article is that name once more; so is one after an
office, unless the article says something else of whom the longer name names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import log2
from typing import NamedTuple

from archive.names.discovery.all_capitals import in_small_letters, is_all_capitals
from archive.names.discovery.credit_lines import credits_in
from archive.names.discovery.features import is_followed_by_pronoun
from archive.names.discovery.headlines import find_headlines, mentions_in_headlines, split_by_headlines
from archive.names.discovery.name_mentions import SURE, Key, NameMention, address_of, find_mentions, written_form
from archive.names.discovery.run_grammar import CapitalizedSpan
from archive.names.discovery.spans import find_spans
from archive.names.discovery.word_classes import (
    BODY,
    CALENDAR_WORD,
    COMMON_WORD,
    FUNCTION_WORD,
    GIVEN,
    PLACE,
    VENUE,
    word_classes,
)
from archive.names.discovery.wordlists import IN_SHORT
from archive.text.sentences import Span

#: "BYRNE, Ada" and 'Maxwell "Max" Cole'.
_INVERTED = re.compile(
    r"(?<![\w-])([A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+)?), ([A-Z][a-zà-ÿ]+(?:-[A-Z]\w+)?(?: [A-Z]\.)?)(?=[\s,;.)]|$)"
)
_BESIDE = re.compile(r"[;,.]?\s+(?:and\s+|&\s+)?")
_NICKNAME = re.compile(
    r"(?<![\w-])([A-Z\u00c0-\u017f][\w'’-]++(?: [A-Z]\.)?)"
    r" [\"“‘'(]([A-Z\u00c0-\u017f][\w'’-]+(?: [\w'’-]+){0,2})[\"”’')]"
    r" ((?:(?:de|van|von|der|la) )*[A-Z\u00c0-\u017f][\w'’-]*\w)"
)
#: What every text has in which these find anything, and what is found much sooner.
_INVERTED_HINT = re.compile(r", [A-Z](?<=[A-Z'’-], .)")
_NICKNAME_HINT = re.compile(r"[\"“‘'(][A-Z\u00c0-\u017f][\w'’-]+(?: [\w'’-]+){0,2}[\"”’')] ")
_INITIAL = re.compile(r"[^\W\d_](?:\.|$)")
_NO_NAME = FUNCTION_WORD | COMMON_WORD | BODY | PLACE
_OWNERS = 8  # whole names that one in short may stand for
_FIRM = -3.0  # what the words around a mention say at the most for a person where they tell of a firm or of wares
#: What a word by itself is worth that is named three times or more, if the words around it say so much on average.
_ALONE, _DOING = 0.8, 0.7
_ELSEWHERE = -1.5  # what the words around a word say at the most where it is a place
_REUSED = 1.0  # what being named again in short is worth
_READ_FOR_SMALL = 20_000  # characters of a text in which words are looked for that a name has as well
_SHORT = 4_000  # characters of a text that is sooner searched for each word than for all
_ALPHANUMERIC = re.compile(r"[^\W_]+")


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


def candidates(text: str) -> list[Candidate]:
    """The names that an article's text may hold; in a text all in capitals, those with a given name or an address."""
    _, gap, body = text.partition("\n\n")
    if is_all_capitals(body if gap else text):
        text = in_small_letters(text)
    headlines = find_headlines(text)
    skipped = credits_in(text)
    special = _special_spans(text, skipped)
    blocked = sorted([*skipped, *((run.outer, run.end) for run in special)])
    runs = list(find_spans(text))
    if blocked:
        runs = [run for run in runs if not _within(run, blocked)]
    in_headlines: list[CapitalizedSpan] = []
    if headlines:
        runs, in_headlines = split_by_headlines(runs, headlines)
    runs = [_in_title_case(text, run) if run.words[-1].isupper() else run for run in runs]
    if special:
        runs = sorted([*runs, *special])
    plain = find_mentions(text, runs)
    if in_headlines:
        plain += mentions_in_headlines(text, in_headlines, {each.written.key for each in plain})
    return list(_merge_mentions(text, plain))


def _within(run: CapitalizedSpan, spans: list[Span]) -> bool:
    at = bisect_left(spans, run.end, key=lambda span: span[0])
    return any(run.start < end for _, end in spans[max(0, at - 2) : at])


def _in_title_case(text: str, run: CapitalizedSpan) -> CapitalizedSpan:
    """A name all in capitals, as columns and minutes have it, as it is else written; what is no name stays.

    It is one if it begins with a given name, or if the text has its last word not in capitals.
    """
    words = run.words
    if len(words) < 2 or not all(word.isupper() and (len(word) > 2 or "." in word) for word in words):
        return run
    if any(word_classes[word.casefold()] & _NO_NAME for word in words):
        return run
    titled = tuple([word.title() for word in words])
    if word_classes[words[0].casefold()] & GIVEN or re.search(rf"\b{re.escape(titled[-1])}\b", text[:_READ_FOR_SMALL]):
        return run._replace(words=titled)
    return run


def _special_spans(text: str, skipped: list[Span]) -> list[CapitalizedSpan]:
    """Names written the other way round ("BYRNE, Ada"), and with a nickname in the middle ('Maxwell "Max" Cole')."""
    found = []
    for match in _inverted(text) if _INVERTED_HINT.search(text) else ():
        words = (*match[2].split(), *(word.title() for word in match[1].split()))
        found.append(CapitalizedSpan(match.start(), match.end(), words, "", False, False, match.start()))
    for match in _NICKNAME.finditer(text) if _NICKNAME_HINT.search(text) else ():
        if (word_classes[match[1].casefold()] | word_classes[match[2].split()[0].casefold()]) & GIVEN:
            words = (*match[1].split(), *match[3].removesuffix("'s").removesuffix("’s").split())
            found.append(CapitalizedSpan(match.start(), match.end(), words, "", False, False, match.start()))
    return [run for run in sorted(found) if not _within(run, skipped)] if skipped else sorted(found)


def _inverted(text: str) -> Iterator[re.Match[str]]:
    """Names with the surname first: those with a given name, and what may be one right after or before such a name."""
    row: list[re.Match[str]] = []
    for match in (*_INVERTED.finditer(text), None):
        if row and (match is None or not _BESIDE.fullmatch(text, row[-1].end(), match.start())):
            if any(word_classes[each[2].split()[0].casefold()] & GIVEN for each in row):
                yield from row
            row = []
        if match is not None and len(match[1]) > 2:
            bits = word_classes[match[2].split()[0].casefold()]
            if not bits & (CALENDAR_WORD | FUNCTION_WORD | (0 if bits & GIVEN else PLACE | COMMON_WORD)):
                row.append(match)


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
    said = {_in_full(word) for word in office.split()}
    roles = {_in_full(role) for each in mentions for role in (each.role, *each.run.title.split()) if role}
    return bool(roles) and roles.isdisjoint(said)


def _in_full(role: str) -> str:
    """An office or a rank as it is filed: small, without a stop, and not in short."""
    plain = role.casefold().rstrip(".")
    return IN_SHORT.get(plain, plain)


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
    first, written = best.run, best.written
    words, title = first.words, first.title
    person, venue, roles = written.person, written.venue, set()
    if len(found) == 1:
        if best.role:
            roles.add(best.role)
        spans: tuple[Span, ...] = ((first.start, first.end),)
        highest, always_begins = best.person, first.begins
    else:
        if not title and (title := next((each.run.title for each in found if each.run.title), "")):
            person, venue = written_form(words, title)[1:3]
        roles.update([each.role for each in found if each.role])
        meant = found
        if len(words) == 1:  # "Lady Selby came back to Selby"
            meant = [each for each in found if each.person > _ELSEWHERE or each.run.title] or found
        spans = tuple([(each.run.start, each.run.end) for each in meant])
        highest, always_begins = max([each.person for each in found]), all(each.run.begins for each in found)
    if len(found) == 1 and not shorts:
        most = highest
        person, venue = person + most, venue + best.venue
    else:
        people = [each.person for each in (*found, *shorts)]
        venues = [each.venue for each in found]
        most = max(people)
        if min(people) <= _FIRM and not (roles or any(each.run.title for each in (*found, *shorts))):
            most, person = min(most, 0.5), person - 1.5  # firms speak as well
        person += min(1.0, 0.35 * log2(len(people))) + 0.5 * (most + sum(people) / len(people))
        venue += 0.5 * (max(venues) + sum(venues) / len(venues))
        best = max(found, key=lambda each: (max(each.person, each.venue), -each.run.start))
        if len(words) == 1 and len(found) > 2 and sum(people) >= _DOING * len(people):
            person += _ALONE
    if shorts:
        person += _REUSED
    if len(words) == 1 and not title:
        person += 0.5 * bool(roles)
        person -= 1.5 * (most < 2 and always_begins and not shorts) + 3 * (len(words[0]) < 3)
    elif len(words) == 2 and highest < -1 and _is_named_place(words):
        venue += 2
    if 0 < person < SURE:
        person += 0.4 * is_followed_by_pronoun(read.text, first.end)
        person -= _written_small(read, written.small)
    offices = [each.written.office for each in titled_mentions if each.written.office]
    if offices:
        roles.update([_in_full(each.split()[-1]) for each in offices])
    form, titled = _with_titles(best, title, offices, is_shared=is_shared)
    run = best.run
    return Candidate(
        written.key, form, person, venue, run.start, run.end, spans, titled, tuple(sorted(roles)) if roles else ()
    )


def _with_titles(
    mention: NameMention, title: str, offices: Sequence[str], *, is_shared: bool
) -> tuple[str, tuple[str, ...]]:
    """How a name is written, with its title where it needs one, and the other ways with one of its offices."""
    written = mention.written.form
    form = written.replace("’", "'")
    if title and len(mention.run.words) == 1 and (is_shared or address_of(title)):
        form = f"{title} {form}"
    if not offices:
        return form, ()
    return form, tuple(dict.fromkeys([whole for each in offices if (whole := f"{each} {written}") != form]))


def _is_hopeless(mention: NameMention) -> bool:
    """Whether a word that stands in a text once is nobody and nowhere, by all that speaks for it."""
    run, written = mention.run, mention.written
    if len(run.words) > 1 or run.title:
        return False
    return written.person + mention.person < -1 and written.venue + mention.venue < 0


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
