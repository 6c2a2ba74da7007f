"""Headlines: lines in which most words have capitals, so that these say little of names.

A headline proves a name only where the text has it too, where another headline repeats it, or where a verb follows it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.names.discovery.word_classes import GIVEN, word_classes
from archive.names.discovery.wordlists import COMMON, HEADLINE_VERBS, PARTICLES, VENUES
from archive.names.discovery.written_names import Key, NameMention, written_form
from archive.text.analyzer import fold
from archive.text.sentences import is_title_case

#: A stop after a whole word, and what may begin a sentence.
_SENTENCES = re.compile(r"\w{3,}[a-z][.!?]\s+[^\W\d_a-z]")
_LONGEST_HEADLINE = 160


class Headline(NamedTuple):
    """A line in which most words have capitals."""

    start: int
    end: int


def find_headlines(text: str) -> list[Headline]:
    """Lines in which most words have capitals."""
    found = []
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        is_one_line = 3 < end - start <= _LONGEST_HEADLINE and not _SENTENCES.search(text, start, end)
        if is_one_line and is_title_case(text[start:end].strip(), 3 if start else 1):
            found.append(Headline(start, end))
        start = end + 1
    return found


def split_by_headlines(
    mentions: Iterable[NameMention], headlines: Sequence[Headline]
) -> tuple[list[NameMention], list[NameMention]]:
    """The mentions outside of headlines, and those in them."""
    outside: list[NameMention] = []
    inside: list[NameMention] = []
    at = 0
    for each in mentions:
        while at < len(headlines) and headlines[at].end <= each.start:
            at += 1
        (inside if at < len(headlines) and headlines[at].start <= each.start else outside).append(each)
    return outside, inside


def mentions_in_headlines(text: str, headlines: list[NameMention], known: set[Key]) -> Iterator[NameMention]:
    """The names in headlines' runs, those that are `known` from the text or that something speaks for."""
    parts = [part for each in headlines for part in _split_headline(each)]
    repeated = Counter(each.written.key for each in parts)
    for part in parts:
        key, words = part.written.key, part.written.words
        after = text[part.end : part.end + 40].split(None, 1)[:1]
        verb = bool(after) and fold(after[0]) in HEADLINE_VERBS
        several = len(words) > 1 and not part.written.form.isupper()
        given = bool(word_classes[words[0].casefold()] & GIVEN)
        named = several and (given or verb or repeated[key] > 1 or _beside(text, part))
        venue = several and words[-1].casefold() in VENUES
        if key in known or named or venue:
            part.person = 1.0 if named else 0.3
            yield part


def _beside(text: str, mention: NameMention) -> bool:
    """Whether two names are joined, as in "X and Y to Wed"."""
    after = text[mention.end : mention.end + 40]
    return bool(re.match(r" and [^\W\d_]+ [^\W\d_]+\b", after)) or text.startswith(" and ", mention.start - 5)


def _split_headline(mention: NameMention) -> Iterator[NameMention]:
    """The pieces of a headline's run between words that are no names."""
    words = mention.written.words
    if not any(_ends_a_name(word) for word in words):
        yield mention
        return
    piece: list[str] = []
    place = begin = mention.start
    end = begin
    for word in [*words, ""]:
        if not word or _ends_a_name(word):
            while piece and piece[-1] in PARTICLES:
                piece.pop()
            if piece:
                yield NameMention(begin, end, begin, written_form(tuple(piece), ""), False, begin > mention.start)
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
