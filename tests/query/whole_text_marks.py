"""Marks and snippets by analysing whole texts: slow and simple, to compare the highlighter with."""

# mypy: disable-error-code="attr-defined"

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from archive.model.results import Snippet
from archive.query.limits import MARKING, current_deadline
from archive.search import highlighter
from archive.search.highlighter import SNIPPET_CHARS, Highlighter, Span
from archive.text.analyzer import Analyzer, Compound, Token, whole_compounds

_SPACE = re.compile(r"\s+")
_ADJACENT = re.compile(r"[^\S\n]*\n?[^\S\n]*")
_GLUE = re.compile(r"[\s‐-―]")


class WholeTextMatches(NamedTuple):
    """The words of a text that match: by their position, and the positions of those in a phrase with the next."""

    tokens: dict[int, Token]
    joined: frozenset[int]

    def marks(self, text: str) -> list[Span]:
        """Start and end offsets of the words, of those that follow each other as one.

        Between them is nothing but white space on a line or two, or they are part of a phrase.
        """
        marks: list[Span] = []
        last = -2
        for position, token in self.tokens.items():
            start = token.start
            if position == last + 1 and (last in self.joined or _ADJACENT.fullmatch(text, marks[-1][1], start)):
                start = marks.pop()[0]
            marks.append((start, token.end))
            last = position
        return marks


class WholeTextHighlighter(Highlighter):
    """Finds the same as `Highlighter`."""

    def _slots(self, marks):  # type: ignore[no-untyped-def]
        return [(gap, WholeTextHighlighter(each, self._analyzer)) for gap, each in marks]

    def matches(self, text: str, start: int = 0, end: int | None = None) -> WholeTextMatches:  # type: ignore[override]
        words = _WholeText(text[start:end], self._analyzer)
        found, joined = self._in(words)
        tokens = {
            at: Token(words.terms[at], words.spans[at][0] + start, words.spans[at][1] + start) for at in sorted(found)
        }
        return WholeTextMatches(tokens, frozenset(joined))

    def spans(self, text: str) -> tuple[Span, ...]:
        return tuple(self.matches(text).marks(text))

    def snippet(self, text: str) -> Snippet:
        for start, end, beyond in highlighter._pieces(text) if self._asked else ():
            matches = self.matches(text, start, beyond)
            matched = list(matches.tokens.items())
            if matched and matched[0][1].start < end:
                near = [match for match in matched if match[1].start < end + SNIPPET_CHARS]
                window = _best_window(near[: highlighter._ENOUGH_MATCHES])
                return _cut(text, window[0].start, window[-1].end, matches.marks(text))
        return _cut(text, 0, 0, [])

    def _in(self, words: _WholeText) -> tuple[set[int], set[int]]:
        """The positions of the words of a text that match, and see `Matches.joined`."""
        marks = self._marks
        found = {position for position, term in enumerate(words.terms) if term in self._words}
        in_phrases, joined = _in_phrases(words.terms, self._phrases)
        found |= in_phrases
        for term, compound in zip(words.joined_terms, words.compounds, strict=True) if self._words else ():
            if term in self._words:
                found.update(compound.positions)
                joined.update(compound.positions[:-1])
        if self._phrases and words.compounds:
            terms, places = words.in_one_piece
            in_phrases, joined_in_phrases = _in_phrases(terms, self._phrases)
            found.update(chain.from_iterable(places[at] for at in in_phrases))
            joined.update(chain.from_iterable(places[at] for at in joined_in_phrases))
            joined.update(chain.from_iterable(places[at][:-1] for at in in_phrases))
        if self._tests or self._exact_phrases:
            wanted = frozenset(filter(self._wanted, frozenset(words.forms))) if self._tests else frozenset()
            found |= {position for position, form in enumerate(words.forms) if form in wanted}
            in_phrases, joined_forms = _in_phrases(words.forms, self._exact_phrases)
            found |= in_phrases
            joined |= joined_forms
        if marks.acronyms:
            in_capitals, joined_letters = words.acronyms(marks.acronyms)
            found |= in_capitals or words.in_any_case(marks.acronyms)
            joined |= joined_letters
        for slots, slop in self._spans:
            found |= (places_of_phrase := highlighter._span_places(self._steps(slots, words), slop))
            if slop == 1:
                joined |= {at for at in places_of_phrase if at + 1 in places_of_phrase}
        for a, b, distance in self._near:
            found |= highlighter._near_places(self._steps(a, words), self._steps(b, words), distance)
        return found, joined

    @staticmethod
    def _steps(slots: list[tuple[int, WholeTextHighlighter]], words: _WholeText) -> highlighter._Steps:
        """For each place of a phrase how many words before it may be any, and the positions of what may stand there."""
        return [(gap, np.array(sorted(slot._in(words)[0]), np.int64)) for gap, slot in slots]


def _best_window(matched: list[tuple[int, Token]]) -> list[Token]:
    """The run of matches within `highlighter._WINDOW_TOKENS` with the most different terms; the first of equals."""
    best: list[Token] = []
    best_value = (0, 0)
    begin = 0
    for end in range(len(matched)):
        while begin < end and (
            matched[end][0] - matched[begin][0] > highlighter._WINDOW_TOKENS
            or matched[end][1].end - matched[begin][1].start > SNIPPET_CHARS
        ):
            begin += 1
        window = [token for _, token in matched[begin : end + 1]]
        value = (len({token.term for token in window}), len(window))
        if value > best_value:
            best, best_value = window, value
    return best


def _cut(text: str, first: int, last: int, spans: list[Span]) -> Snippet:
    """About SNIPPET_CHARS of `text` around [first, last), on one line, with `spans` marked."""
    room = max(0, SNIPPET_CHARS - (last - first))
    start = _gap_before(text, max(0, first - room // 3), first)
    end = _gap_after(text, min(len(text), start + SNIPPET_CHARS), last)
    before = "…" if text[:start].strip() else ""
    after = "…" if text[end:].strip() else ""
    shown, marks, position = [before], [], start
    length = len(before)
    inside = [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start]
    for begin, stop in (*inside, (end, end)):
        piece = _SPACE.sub(" ", text[position:begin])
        piece = piece if position else piece.lstrip()
        word = _SPACE.sub(" ", text[begin:stop])
        if word:
            marks.append((length + len(piece), length + len(piece) + len(word)))
        shown += [piece, word]
        length += len(piece) + len(word)
        position = stop
    joined = "".join(shown)
    return Snippet(joined.rstrip() + after, tuple(marks))


def _gap_before(text: str, near: int, limit: int) -> int:
    """The beginning of a word at or after `near`, or else the last cut at or before `limit`."""
    if near == 0:
        return 0
    for index in range(near, limit):
        if _GLUE.match(text[index - 1]) and not text[index].isspace() and highlighter._is_boundary(text, index):
            return index
    while not highlighter._is_boundary(text, limit):
        limit -= 1
    return limit


def _gap_after(text: str, near: int, limit: int) -> int:
    """The end of a word at or before `near`, or else the first cut after it; not before `limit`."""
    for index in range(near, max(limit - 1, near - SNIPPET_CHARS, 0), -1):
        between_words = index == len(text) or (text[index].isspace() and not text[index - 1].isspace())
        if between_words and highlighter._is_boundary(text, index):
            return index
    near = max(near, limit)
    while not highlighter._is_boundary(text, near):
        near += 1
    return near


def _phrase_places(terms: tuple[str, ...], slop: int, places: dict[str, np.ndarray]) -> list[int]:
    """The positions that make up occurrences of `terms` in order, each at most `slop` after the last."""
    steps = [places[terms[0]]]
    for term in terms[1:]:
        after = places[term]
        before = np.append(-slop - 1, steps[-1])  # nothing comes before the first
        steps.append(after[after - before[np.searchsorted(before, after) - 1] <= slop])
    kept = steps.pop()
    found = set(kept.tolist())
    while steps and len(kept):
        before = steps.pop()
        after = np.append(kept, np.iinfo(np.int64).max)
        kept = before[after[np.searchsorted(after, before, side="right")] - before <= slop]
        found.update(kept.tolist())
    return sorted(found)


def _in_phrases(
    terms: list[str], phrases: list[tuple[tuple[str, ...], int, frozenset[str]]]
) -> tuple[set[int], set[int]]:
    """The positions among `terms` that make up occurrences of phrases, given with their slop and different words.

    And those among them whose next position goes on with the same phrase.
    """
    found: set[int] = set()
    joined: set[int] = set()
    if not phrases:
        return found, joined
    asked = frozenset().union(*(different for _, _, different in phrases))
    places: dict[str, list[int]] = {term: [] for term in asked}
    for position, term in enumerate(terms):
        if term in places:
            places[term].append(position)
    arrays = {term: np.array(positions, np.int64) for term, positions in places.items()}
    for sought, slop, _ in current_deadline().checked(phrases, 1, MARKING):
        places_of_phrase = _phrase_places(sought, slop, arrays)
        found.update(places_of_phrase)
        steps = set(pairwise(sought))
        joined.update(
            at for at, after in pairwise(places_of_phrase) if after == at + 1 and (terms[at], terms[after]) in steps
        )
    return found, joined


class _WholeText:
    """The words of a text, each of its properties made when it is first asked for."""

    def __init__(self, text: str, analyzer: Analyzer) -> None:
        self._text, self._analyzer = text, analyzer
        self.terms = analyzer.terms(text)

    @cached_property
    def forms(self) -> list[str]:
        return self._analyzer.forms(self._text)

    @cached_property
    def spans(self) -> list[Span]:
        return self._analyzer.spans(self._text)

    @cached_property
    def compounds(self) -> list[Compound]:
        return self._analyzer.compounds(self._text)

    @cached_property
    def joined_terms(self) -> list[str]:
        return [self._analyzer.stem(compound.joined) for compound in self.compounds]

    @cached_property
    def in_one_piece(self) -> tuple[list[str], list[range]]:
        """The terms with compounds in one piece, and the positions that each stands for."""
        terms: list[str] = []
        places: list[range] = []
        for compound in [*whole_compounds(self.compounds), None]:
            position = places[-1].stop if places else 0
            upto = len(self.terms) if compound is None else compound.first
            terms += self.terms[position:upto]
            places += [range(at, at + 1) for at in range(position, upto)]
            if compound is not None:
                terms.append(self._analyzer.stem(compound.joined))
                places.append(range(upto, upto + len(compound.parts)))
        return terms, places

    def acronyms(self, wanted: Container[str]) -> tuple[set[int], set[int]]:
        """The positions of acronyms in capitals, with or without full stops, and of letters that others follow."""
        spans = self.spans
        found = {at for at, span in enumerate(spans) if self._text[slice(*span)] in wanted}
        joined: set[int] = set()
        for compound in self.compounds:
            if "".join(self._text[slice(*spans[at])] for at in compound.positions) in wanted:
                found.update(compound.positions)
                joined.update(compound.positions[:-1])
        return found, joined

    def in_any_case(self, acronyms: Iterable[str]) -> set[int]:
        """The positions of the same words, for an archive that does not have them in capitals."""
        wanted = {acronym.lower() for acronym in acronyms}
        return {at for at, form in enumerate(self.forms) if form in wanted}
