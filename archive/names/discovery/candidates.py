"""The names that one article may hold, each with what the article says for it.

A headline, where most words have capitals, proves a name only where the text has it too,
where another headline repeats it, or where a verb follows it. A single word that is the
first or last of a longer name in the same article is that name once more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from archive.names.discovery.features import context_features, name_features
from archive.names.discovery.spans import CapitalizedSpan, credits_in, find_spans
from archive.names.discovery.wordlists import COMMON, HEADLINE_VERBS, PARTICLES, VENUES
from archive.names.surface_forms import HONORIFICS
from archive.text.analyzer import fold
from archive.text.sentences import Span, is_title_case, sentences

_ANDS = re.compile(r"\s*(?:,|,? and|&|,? y|,? et|,? und)\s+(?:\w+ )?$")
_COMPANY = 0.9  # what standing beside a person in a list is worth
_OWNERS = 8  # whole names that one in short may stand for
_REUSED = 1.0  # what being named again in short is worth

#: A name's words, folded: what two ways of writing it share. A title counts where there is one word only.
Key = tuple[str, ...]


@dataclass(slots=True)
class NerMention:
    """One place where a name stands, in a sentence."""

    run: CapitalizedSpan
    sentence: Span
    person: float
    venue: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name in one article.

    form            as it is written, with its title if it needs one
    person, venue   what speaks for each, over all mentions
    sentence        where it is clearest
    """

    key: Key
    form: str
    person: float
    venue: float
    sentence: Span
    titled: str = ""


def candidates(text: str) -> list[Candidate]:
    """The names that an article's text may hold."""
    skipped = credits_in(text)
    plain: list[NerMention] = []
    headlines: list[NerMention] = []
    for sentence in sentences(text):
        found = [run for run in find_spans(text, *sentence) if not _within(run, skipped)]
        if not found:
            continue
        if is_title_case(text[sentence[0] : sentence[1]], 3 if sentence[0] else 1):
            headlines += (NerMention(run, sentence, 0, 0) for run in found)
        else:
            plain += _mentions(text, found, sentence)
    known = {key_of(each.run) for each in plain}
    return list(_merge_mentions([*plain, *_from_headlines(text, headlines, known)]))


def key_of(run: CapitalizedSpan) -> Key:
    """What this name is filed under."""
    return key_of_words(run.words, run.title if len(run.words) == 1 else "")


def key_of_words(words: Iterable[str], title: str = "") -> Key:
    """What a name of these words is filed under."""
    key = tuple(fold(word).replace(".", "") for word in words)
    return (fold(title).replace(".", ""), *key) if title else key


def _within(run: CapitalizedSpan, spans: list[Span]) -> bool:
    at = bisect_left(spans, run.end, key=lambda span: span[0])
    return any(run.start < end for _, end in spans[max(0, at - 2) : at])


def _mentions(text: str, found: list[CapitalizedSpan], sentence: Span) -> list[NerMention]:
    made = []
    for run in found:
        person, venue = context_features(text, run, *sentence)
        made.append(NerMention(run, sentence, person, venue))
    for before, after in pairwise(made):
        if _ANDS.match(text[before.run.end : after.run.start]) and not before.run.possessive:
            _propagate(before, after)
            _propagate(after, before)
    return made


def _propagate(of: NerMention, to: NerMention) -> None:
    if of.person + name_features(of.run.words, of.run.title)[0] >= 1.5:
        to.person += _COMPANY


def _from_headlines(text: str, headlines: list[NerMention], known: set[Key]) -> Iterator[NerMention]:
    parts = [part for each in headlines for part in _split_headline(each)]
    repeated = Counter(key_of(part.run) for part in parts)
    for part in parts:
        key = key_of(part.run)
        after = text[part.run.end : part.sentence[1]].split(None, 1)[:1]
        verb = bool(after) and (fold(after[0]) in HEADLINE_VERBS)
        shouted = part.run.text.isupper()
        named = not shouted and len(part.run.words) > 1 and (verb or repeated[key] > 1 or _beside(text, part.run))
        venue = not shouted and len(part.run.words) > 1 and part.run.words[-1].casefold() in VENUES
        if key in known or named or venue:
            part.person += 1.0 if named else 0.3
            yield part


def _beside(text: str, run: CapitalizedSpan) -> bool:
    """Whether two names are joined, as in "X and Y to Wed"."""
    after = text[run.end : run.end + 40]
    return bool(re.match(r" and [^\W\d_]+ [^\W\d_]+\b", after)) or text.startswith(" and ", run.start - 5)


def _split_headline(mention: NerMention) -> Iterator[NerMention]:
    """The pieces of a headline's run between words that are no names."""
    run, at = mention.run, mention.run.start
    piece: list[str] = []
    begin = end = at
    words = [*(run.title.split() if run.title else []), *run.words]
    place = run.start
    for number, word in enumerate([*words, ""]):
        plain = word.casefold()
        if not word or plain in HEADLINE_VERBS or plain in COMMON:
            piece_words = tuple(each for each in piece)
            while piece_words and piece_words[-1] in PARTICLES:
                piece_words = piece_words[:-1]
            if piece_words:
                yield NerMention(CapitalizedSpan(begin, end, piece_words, begins=number > 0), mention.sentence, 0, 0)
            piece = []
            place += len(word) + 1
            continue
        if not piece:
            begin = place
        end = place + len(word)
        place = end + 1
        piece.append(word)


def _merge_mentions(mentions: list[NerMention]) -> Iterator[Candidate]:
    """One candidate for each name, with the mentions in short added to the long ones."""
    by_key: dict[Key, list[NerMention]] = defaultdict(list)
    for each in mentions:
        by_key[key_of(each.run)].append(each)
    owners = _link_short_forms(by_key)
    shorts: dict[Key, list[NerMention]] = defaultdict(list)
    for key, longer in owners.items():
        for owner in longer:
            shorts[owner] += by_key[key]
    for key, found in by_key.items():
        if key not in owners:
            yield _candidate(key, found, shorts.get(key, []))


def _link_short_forms(by_key: dict[Key, list[NerMention]]) -> dict[Key, list[Key]]:
    """For each name in short, the whole names of which it is the beginning or the end."""
    ends: dict[Key, list[Key]] = defaultdict(list)
    for key, found in by_key.items():
        if len(found[0].run.words) > 1:
            for size in range(1, len(key)):
                ends[key[-size:]].append(key)
            ends[key[:1]].append(key)
    owners = {}
    for key, found in by_key.items():
        run = found[0].run
        bare = key[1:] if run.title and len(run.words) == 1 and key[0] in _HONORIFICS else key
        if longer := [each for each in ends.get(bare, ()) if each not in ends]:
            owners[key] = longer[:_OWNERS]
    return owners


_HONORIFICS = frozenset(map(fold, HONORIFICS))


def _candidate(key: Key, found: list[NerMention], shorts: list[NerMention]) -> Candidate:
    person, venue = name_features(found[0].run.words, next((each.run.title for each in found if each.run.title), ""))
    every = [*found, *shorts]
    total = len(every)
    person += min(1.0, 0.35 * log2(total))
    person += 0.5 * (max(each.person for each in every) + sum(each.person for each in every) / total)
    venue += 0.5 * (max(each.venue for each in found) + sum(each.venue for each in found) / len(found))
    if shorts:
        person += _REUSED
    best = max(found, key=lambda each: (max(each.person, each.venue), -each.run.start))
    run = best.run
    form = f"{run.title} {run.text}" if run.title and len(run.words) == 1 else run.text
    return Candidate(key, form, person, venue, best.sentence, run.title if len(run.words) > 1 else "")
