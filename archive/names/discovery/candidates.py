"""The names that one article may hold, each with what the article says for it and where it stands.

A single word that is the first or last of a longer name in the same article is that name once more; so is one after an
office, unless the article says something else of whom the longer name names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from math import log2
from operator import attrgetter
from typing import NamedTuple

from archive.names.discovery.all_capitals import in_small_letters, is_all_capitals
from archive.names.discovery.credit_lines import credits_in
from archive.names.discovery.headlines import find_headlines, mentions_in_headlines, split_by_headlines
from archive.names.discovery.name_mentions import SURE, weigh_mentions
from archive.names.discovery.spans import find_mentions
from archive.names.discovery.word_classes import (
    BODY,
    CALENDAR_WORD,
    COMMON_WORD,
    FUNCTION_WORD,
    GIVEN,
    PLACE,
    word_classes,
)
from archive.names.discovery.wordlists import IN_SHORT
from archive.names.discovery.words_around import is_followed_by_pronoun
from archive.names.discovery.written_names import Key, NameMention, WrittenForm, address_of, written_form
from archive.text.sentences import Span

#: "BYRNE, Ada" and 'Maxwell "Max" Cole'. They begin with a set of characters, which `re` looks for fastest.
_INVERTED = re.compile(
    r"([A-Z](?<![\w-].)[A-Z'’-]+(?: [A-Z][A-Z'’-]+)?), ([A-Z][a-zà-ÿ]+(?:-[A-Z]\w+)?(?: [A-Z]\.)?)(?=[\s,;.)]|$)"
)
_BESIDE = re.compile(r"[;,.]?\s+(?:and\s+|&\s+)?")
_NICKNAME = re.compile(
    r"([A-Z\u00c0-\u017f](?<![\w-].)[\w'’-]++(?: [A-Z]\.)?)"
    r" [\"“‘'(]([A-Z\u00c0-\u017f][\w'’-]+(?: [\w'’-]+){0,2})[\"”’')]"
    r" ((?:(?:de|van|von|der|la) )*[A-Z\u00c0-\u017f][\w'’-]*\w)"
)
#: What every text has in which these find anything, and what is found much sooner.
_INVERTED_HINT = re.compile(r", [A-Z](?<=[A-Z'’-], .)")
_NICKNAME_HINT = re.compile(r" [\"“‘'(][A-Z\u00c0-\u017f][\w'’-]+(?: [\w'’-]+){0,2}[\"”’')] ")
_NO_NAME = FUNCTION_WORD | COMMON_WORD | BODY | PLACE
_OWNERS = 8  # whole names that one in short may stand for
_FIRM = -3.0  # what the words around a mention say at the most for a person where they tell of a firm or of wares
#: What a word by itself is worth that is named three times or more, if the words around it say so much on average.
_ALONE, _DOING = 0.8, 0.7
_ELSEWHERE = -1.5  # what the words around a word say at the most where it is a place
_REUSED = 1.0  # what being named again in short is worth
_READ_FOR_SMALL = 20_000  # characters of a text in which words are looked for that a name has as well
_SHORT = 4_000  # characters of a text that is sooner searched for each word than for all
_PLACE = attrgetter("start", "end")
_WORDS = re.compile(r"\w+")
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


#: Makes a candidate of a tuple, in half the time: there are many.
_new_candidate = partial(tuple.__new__, Candidate)


def candidates(text: str) -> list[Candidate]:
    """The names that an article's text may hold; in a text all in capitals, those with a given name or an address."""
    _, gap, body = text.partition("\n\n")
    if is_all_capitals(body if gap else text):
        text = in_small_letters(text)
    headlines = find_headlines(text)
    skipped = credits_in(text)
    special = _special_mentions(text, skipped)
    mentions = find_mentions(text)
    if blocked := sorted([*skipped, *((each.outer, each.end) for each in special)]):
        mentions = _outside(mentions, blocked)
    in_headlines: list[NameMention] = []
    if headlines:
        mentions, in_headlines = split_by_headlines(mentions, headlines)
    shouted = [each for each in mentions if each.written.is_shouted and len(each.written.words) > 1]
    if shouted:
        _put_in_title_case(text, shouted)
    if special:
        mentions = sorted([*mentions, *special], key=_PLACE)
    weigh_mentions(text, mentions)
    if in_headlines:
        mentions += mentions_in_headlines(text, in_headlines, {each.written.key for each in mentions})
    return list(_merge_mentions(text, mentions))


def _outside(mentions: Iterable[NameMention], spans: Sequence[Span]) -> list[NameMention]:
    """Those of some mentions that overlap no span; both are in order."""
    kept = []
    at = 0
    for each in mentions:
        while at < len(spans) and spans[at][0] < each.end:
            at += 1
        if not any(each.start < end for _, end in spans[max(0, at - 2) : at]):
            kept.append(each)
    return kept


def _put_in_title_case(text: str, shouted: Iterable[NameMention]) -> None:
    """Write names all in capitals, as columns and minutes have them, as they are else written; what is no name stays.

    It is one if it begins with a given name, or if the text has its last word not in capitals.
    """
    words_of_text: set[str] | None = None
    for mention in shouted:
        words = mention.written.words
        if not all(word.isupper() and (len(word) > 2 or "." in word) for word in words):
            continue
        if any(word_classes[word.casefold()] & _NO_NAME for word in words):
            continue
        titled = tuple([word.title() for word in words])
        if not word_classes[words[0].casefold()] & GIVEN:
            last = titled[-1]
            if words_of_text is None:
                words_of_text = set(_WORDS.findall(text, 0, _READ_FOR_SMALL))
            if not (last in words_of_text if _WORDS.fullmatch(last) else _has_word(text, last)):
                continue
        mention.written = written_form(titled, mention.written.title)


def _has_word(text: str, word: str) -> bool:
    """Whether a text has what is not a single word for `re`, as "O'Byrne", between bounds of words."""
    return re.search(rf"\b{re.escape(word)}\b", text[:_READ_FOR_SMALL]) is not None


def _special_mentions(text: str, skipped: Sequence[Span]) -> list[NameMention]:
    """Names written the other way round ("BYRNE, Ada"), and with a nickname in the middle ('Maxwell "Max" Cole')."""
    found = []
    for match in _inverted(text) if _INVERTED_HINT.search(text) else ():
        words = (*match[2].split(), *(word.title() for word in match[1].split()))
        found.append(_mention_at(match, words))
    for match in _NICKNAME.finditer(text) if _NICKNAME_HINT.search(text) else ():
        if (word_classes[match[1].casefold()] | word_classes[match[2].split()[0].casefold()]) & GIVEN:
            words = (*match[1].split(), *match[3].removesuffix("'s").removesuffix("’s").split())
            found.append(_mention_at(match, words))
    found.sort(key=_PLACE)
    return _outside(found, skipped) if skipped else found


def _mention_at(match: re.Match[str], words: tuple[str, ...]) -> NameMention:
    return NameMention(match.start(), match.end(), match.start(), written_form(words, ""))


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


def _merge_mentions(text: str, mentions: Iterable[NameMention]) -> Iterator[Candidate]:
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
    read = _ReadText(text, by_key)
    for key, found in by_key.items():
        if key in owners:
            continue
        if len(found) == 1 and not found[0].written.title and key not in shorts:
            mention = found[0]
            if not (mention.written.is_word and _is_hopeless(mention)):
                yield _named_once(read, mention)
        else:
            titled = [*found, *only[key]] if key in only else found
            yield _candidate(read, found, shorts.get(key, ()), titled)


def _link_short_forms(by_key: dict[Key, list[NameMention]]) -> dict[Key, list[Key]]:
    """For each name in short, the whole names of which it is the beginning or the end."""
    ends: dict[Key, list[Key]] = {}
    for key, found in by_key.items():
        for part in found[0].written.short_keys:
            if part in ends:
                ends[part].append(key)
            else:
                ends[part] = [key]
    owners: dict[Key, list[Key]] = {}
    whole: dict[Key, dict[str, list[Key]]] = {}
    if not ends:
        return owners
    for key, found in by_key.items():
        written = found[0].written
        if written.has_initial:  # "A. Byrne" beside "Ada Byrne", or another of that name
            last = key[-1:]
            if last not in whole:
                whole[last] = _by_initial(ends.get(last, ()))
            if any(each != key for those in whole[last].values() for each in those):
                fitting = whole[last].get(key[0][0], [])[: _OWNERS + 2]
                owners[key] = [each for each in fitting if each != key][:_OWNERS]
            continue
        bare = written.bare_key
        if bare not in ends or not (longer := [each for each in ends[bare] if each != key and each not in ends]):
            continue
        office = next((each.written.office for each in found if each.written.office), "")
        if office and len(bare) == 1:
            longer = [each for each in longer if bare[0] == each[-1] and not _conflicts(office, by_key[each])]
        if longer:
            owners[key] = longer[:_OWNERS]
    return owners


def _by_initial(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Those of some names that do not begin with an initial, by their first letters."""
    found: dict[str, list[Key]] = {}
    for key in keys:
        if len(key[0]) > 1:
            found.setdefault(key[0][0], []).append(key)
    return found


def _conflicts(office: str, mentions: list[NameMention]) -> bool:
    """Whether the text says that the bearer of a name is something else than an office says."""
    said = {_in_full(word) for word in office.split()}
    roles = {_in_full(role) for each in mentions for role in (each.role, *each.written.title.split()) if role}
    return bool(roles) and roles.isdisjoint(said)


def _in_full(role: str) -> str:
    """An office or a rank as it is filed: small, without a stop, and not in short."""
    plain = role.casefold().rstrip(".")
    return IN_SHORT.get(plain, plain)


def _named_once(read: _ReadText, mention: NameMention) -> Candidate:
    """A name without a title that stands in a text once, as most do."""
    written = mention.written
    person, venue = written.person + mention.person, written.venue + mention.venue
    if written.is_word:
        person = _of_one_word(person, mention, mention.person, has_role=mention.role != "", begins=mention.begins)
    elif mention.person < -1 and written.is_named_place:
        venue += 2
    if 0 < person < SURE:
        person = read.doubted(person, mention)
    start, end = mention.start, mention.end
    roles = (mention.role,) if mention.role else ()
    return _new_candidate((written.key, written.straight, person, venue, start, end, ((start, end),), (), roles))


def _of_one_word(person: float, mention: NameMention, most: float, *, has_role: bool, begins: bool) -> float:
    """What speaks for a person of one word, whose mentions say so much at the most, and may all begin sentences."""
    person += 0.5 * has_role
    return person - (1.5 * (most < 2 and begins) + 3 * (len(mention.written.form) < 3))


def _candidate(
    read: _ReadText, found: Sequence[NameMention], shorts: Sequence[NameMention], titled_mentions: Sequence[NameMention]
) -> Candidate:
    """A name of mentions whole and in short; `titled_mentions` are those that mean nobody else."""
    best = found[0]
    written, title = best.written, best.written.title
    words = written.words
    person, venue, roles = written.person, written.venue, set()
    if len(found) == 1:
        if best.role:
            roles.add(best.role)
        spans: tuple[Span, ...] = ((best.start, best.end),)
        highest, always_begins = best.person, best.begins
    else:
        if not title and (title := next((each.written.title for each in found if each.written.title), "")):
            with_title = written_form(words, title)
            person, venue = with_title.person, with_title.venue
        roles.update([each.role for each in found if each.role])
        meant = found
        if len(words) == 1:  # "Lady Selby came back to Selby"
            meant = [each for each in found if each.person > _ELSEWHERE or each.written.title] or found
        spans = tuple([(each.start, each.end) for each in meant])
        highest, always_begins = max([each.person for each in found]), all(each.begins for each in found)
    if len(found) == 1 and not shorts:
        most = highest
        person, venue = person + most, venue + best.venue
    else:
        people = [each.person for each in (*found, *shorts)]
        venues = [each.venue for each in found]
        most = max(people)
        if min(people) <= _FIRM and not (roles or any(each.written.title for each in (*found, *shorts))):
            most, person = min(most, 0.5), person - 1.5  # firms speak as well
        person += min(1.0, 0.35 * log2(len(people))) + 0.5 * (most + sum(people) / len(people))
        venue += 0.5 * (max(venues) + sum(venues) / len(venues))
        best = max(found, key=lambda each: (max(each.person, each.venue), -each.start))
        if len(words) == 1 and len(found) > 2 and sum(people) >= _DOING * len(people):
            person += _ALONE
    if shorts:
        person += _REUSED
    if len(words) == 1 and not title:
        begins = always_begins and not shorts
        person = _of_one_word(person, found[0], most, has_role=bool(roles), begins=begins)
    elif highest < -1 and written.is_named_place:
        venue += 2
    if 0 < person < SURE:
        person = read.doubted(person, found[0])
    offices = [each.written.office for each in titled_mentions if each.written.office]
    if offices:
        roles.update([_in_full(each.split()[-1]) for each in offices])
    form, titled = _with_titles(read, best.written, title, offices)
    return _new_candidate(
        (written.key, form, person, venue, best.start, best.end, spans, titled, tuple(sorted(roles)) if roles else ())
    )


def _with_titles(
    read: _ReadText, written: WrittenForm, title: str, offices: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """How a name is written, with its title where it needs one, and the other ways with one of its offices.

    It needs an office if somebody else in the text has that surname, so that it tells who is meant.
    """
    form = written.straight
    if title and len(written.words) == 1 and (address_of(title) or written.key[-1] in read.surnames):
        form = f"{title} {form}"
    if not offices:
        return form, ()
    return form, tuple(dict.fromkeys([whole for each in offices if (whole := f"{each} {written.form}") != form]))


def _is_hopeless(mention: NameMention) -> bool:
    """Whether a word that stands in a text once is nobody and nowhere, by all that speaks for it."""
    written = mention.written
    return written.person + mention.person < -1 and written.venue + mention.venue < 0


class _ReadText:
    """A text of which the names are known: what it says of them elsewhere than around them.

    Only the first places of a word are looked at.
    """

    def __init__(self, text: str, by_key: Mapping[Key, list[NameMention]]) -> None:
        self._text, self._by_key = text, by_key

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of whole names."""
        return frozenset(
            [key[-1] for key, found in self._by_key.items() if len(key) > 1 and not found[0].written.is_short]
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_ALPHANUMERIC.findall(self._text, 0, _READ_FOR_SMALL))

    def doubted(self, person: float, mention: NameMention) -> float:
        """What speaks for a person, with a pronoun after a mention, and the words of the name as other words."""
        person += 0.4 * is_followed_by_pronoun(self._text, mention.end)
        words = mention.written.small
        if small := sum(map(self._has, words)):
            person -= 2.5 if small == len(words) else 1.0
        return person

    def _has(self, word: str) -> bool:
        """Whether the text has a word, not as part of another."""
        text = self._text
        if len(text) > _SHORT and word.isalnum() and word not in self._words:
            return False
        at = -1
        for _ in range(8):
            at = text.find(word, at + 1, _READ_FOR_SMALL)
            if at < 0:
                return False
            end = at + len(word)
            if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
                return True
        return False
