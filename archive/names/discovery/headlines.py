"""Headlines: lines in which most words have capitals, so that these say little of names.

A headline proves a name only where the text has it too, where another headline repeats it, or where a verb follows it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.names.discovery.name_mentions import Key, NameMention, written_form
from archive.names.discovery.run_grammar import CapitalizedSpan
from archive.names.discovery.word_classes import GIVEN, word_classes
from archive.names.discovery.wordlists import COMMON, HEADLINE_VERBS, PARTICLES, VENUES
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
    runs: Iterable[CapitalizedSpan], headlines: Sequence[Headline]
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


def mentions_in_headlines(text: str, headlines: list[CapitalizedSpan], known: set[Key]) -> Iterator[NameMention]:
    """The names in headlines' runs, those that are `known` from the text or that something speaks for."""
    parts = [part for each in headlines for part in _split_headline(each)]
    forms = [written_form(part.words, part.title) for part in parts]
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
