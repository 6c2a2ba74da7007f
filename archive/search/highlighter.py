"""Where a text matches a query, and the best piece of it to show."""

from __future__ import annotations

import fnmatch
import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.model.results import Snippet
from archive.query.limits import MARKING, current_deadline
from archive.query.parsed_query import HighlightTerms, SpanMarks
from archive.search.tokenized_text import SoughtForms, SoughtWords, TokenizedText
from archive.text.analyzer import Analyzer
from archive.text.graphemes import is_boundary

#: Characters of a snippet, and the span of tokens a window of matches may cover.
SNIPPET_CHARS = 240
_WINDOW_TOKENS = 40
#: A text is read in pieces of about this many characters, and no further than needed; a piece
#: goes on into the next by so many, so that no phrase and no window is cut in two.
_PIECE = 100_000
_OVERLAP = 2_000
_ENOUGH_MATCHES = 500
#: Texts of a page that are not longer are looked through as one.
_SHORT = 10_000
#: Of fewer places of a word sets are faster than arrays.
_FEW_PLACES = 50
#: Words tested between two looks at the clock.
_LOOK_EVERY = 4_096
_WHITE = re.compile(r"\s")
_SPACE = re.compile(r"\s+")
_SEEN = re.compile(r"\S")
#: Where a word begins: after white space or a dash.
_BEGINNING = re.compile(r"(?<=[\s‐-―])\S")

_all_marks = attrgetter(*(each.name for each in fields(HighlightTerms)))

Span = tuple[int, int]


class Matches(NamedTuple):
    """The words of a text that match, in order: where they begin and end, and their terms.

    joined  numbers of those that are in a phrase with the next one
    """

    starts: list[int]
    ends: list[int]
    terms: list[str]
    joined: Container[int]

    def marks(self, text: str, first: int = 0, last: int | None = None) -> list[Span]:
        """Start and end offsets of the words from number `first` to before `last`; those in a row are one.

        Between them is nothing but white space on a line or two, or they are part of a phrase.
        """
        marks: list[Span] = []
        begun, before = -1, 0
        for number, (start, end) in enumerate(zip(self.starts[first:last], self.ends[first:last], strict=True), first):
            if begun < 0:
                begun = start
            elif number - 1 not in self.joined and not _are_adjacent(text, before, start):
                marks.append((begun, before))
                begun = start
            before = end
        if begun >= 0:
            marks.append((begun, before))
        return marks


_NO_MATCHES = Matches([], [], [], ())


#: All words as written that have any of some terms in titles and bodies of the archive.
FormsOf = Callable[[Iterable[str]], frozenset[str]]


class Highlighter:
    """Finds the words of a text that a query asked for.

    forms_of  with it a text of the archive is marked without analysing the whole of it
    """

    def __init__(self, marks: HighlightTerms, analyzer: Analyzer, forms_of: FormsOf | None = None) -> None:
        self._marks, self._analyzer, self._forms_of = marks, analyzer, forms_of
        self._words = frozenset(marks.words)
        self._tests = list(_tests(marks))
        self._known: dict[str, bool] = {}
        # Of the tokens seen so far, as they stand in texts: terms and forms of those asked for.
        self._seen: set[str] = set()
        self._term_of: dict[str, str] = {}
        self._form_of: dict[str, str] = {}
        self._passing: dict[str, str] = {}
        self._asked = any(_all_marks(marks))
        self._spans = [(self._slots(slots), slop) for slots, slop in marks.spans]
        self._phrases = [(terms, slop, frozenset(terms)) for terms, slop in marks.phrases]
        self._exact_phrases = [(forms, slop, frozenset(forms)) for forms, slop in marks.exact_phrases]
        self._near = [(self._slots(a), self._slots(b), distance) for a, b, distance in marks.near]
        self._is_loose = any(slop > 1 for _, slop in marks.phrases)
        self._phrase_terms = frozenset(chain.from_iterable(terms for terms, _, _ in self._phrases))
        self._asked_terms = self._words | self._phrase_terms
        self._asked_forms = frozenset(chain.from_iterable(forms for forms, _, _ in self._exact_phrases))

    def _slots(self, marks: SpanMarks) -> list[tuple[int, Highlighter]]:
        return [(gap, Highlighter(each, self._analyzer)) for gap, each in marks]

    def _wanted(self, form: str) -> bool:
        """Whether a word as written is asked for."""
        known = self._known.get(form)
        if known is None:
            known = self._known[form] = any(test(form) for test in self._tests)
            if not len(self._known) % _LOOK_EVERY:
                current_deadline().check(MARKING)
        return known

    def matches(self, text: str) -> Matches:
        """The words of `text` that match."""
        return self._matches(TokenizedText(text, self._analyzer))

    def _matches(self, words: TokenizedText) -> Matches:
        """The words of a text, or of several, that match."""
        if not words.distinct:  # as in most titles
            return _NO_MATCHES
        current_deadline().check(MARKING)
        found, joined = self._in(words)
        if not found:
            return _NO_MATCHES
        places = sorted(found)
        matching = words.at(places)
        starts, ends = [start for _, start, _ in matching], [end for _, _, end in matching]
        terms = list(map(self._analyzer.term, [word for word, _, _ in matching]))
        if joined:
            joined = {number for number, (at, after) in enumerate(pairwise(places)) if at in joined and after == at + 1}
        current_deadline().check(MARKING)
        return Matches(starts, ends, terms, joined)

    @cached_property
    def _sought(self) -> SoughtWords | None:
        """What tells where in a text the words asked for may be; None where only its analysis does."""
        sought = None if self._forms_of is None else _sought_forms(self._marks, self._forms_of)
        return None if sought is None else SoughtWords.of(sought, self._analyzer)

    def _classify(self, words: frozenset[str]) -> None:
        """Find out which of some tokens are asked for, each once: the texts of a page have most words in common."""
        new = words - self._seen
        self._seen |= new
        if self._asked_terms:
            terms = self._analyzer.terms_of(new)
            self._term_of |= {word: term for word, term in terms.items() if term in self._asked_terms}
        if self._tests or self._asked_forms:
            forms = self._analyzer.forms_of(new)
            self._form_of |= {word: form for word, form in forms.items() if form in self._asked_forms}
            if self._tests:
                self._passing |= {word: form for word, form in forms.items() if self._wanted(form)}

    def _in(self, words: TokenizedText) -> tuple[set[int], set[int]]:
        """The positions of the words of a text that match, and see `Matches.joined`."""
        marks = self._marks
        self._classify(words.distinct)
        terms = words.places(self._term_of)
        found = {at for at, term in terms.items() if term in self._words}
        in_phrases, joined = _in_phrases(terms, self._phrases)
        found |= in_phrases
        for term, compound in zip(words.joined_terms, words.compounds, strict=True) if self._words else ():
            if term in self._words:
                found.update(compound.positions)
                joined.update(compound.positions[:-1])
        # Between words that follow each other no compound stands that is none of them.
        may_be_joined = self._is_loose or not self._phrase_terms.isdisjoint(words.joined_terms)
        if self._phrases and words.compounds and may_be_joined:
            pieces, places = words.in_one_piece(terms, self._phrase_terms)
            in_phrases, joined_in_phrases = _in_phrases(pieces, self._phrases)
            found.update(chain.from_iterable(places[at] for at in in_phrases))
            joined.update(chain.from_iterable(places[at] for at in joined_in_phrases))
            joined.update(chain.from_iterable(places[at][:-1] for at in in_phrases))
        if self._tests:
            found.update(words.places(self._passing))
        if self._exact_phrases:
            in_phrases, joined_forms = _in_phrases(words.places(self._form_of), self._exact_phrases)
            found |= in_phrases
            joined |= joined_forms
        if marks.acronyms:
            in_capitals, joined_letters = words.acronyms(marks.acronyms)
            found |= in_capitals or words.in_any_case(marks.acronyms)
            joined |= joined_letters
        for slots, slop in self._spans:
            found |= (places_of_phrase := _span_places(self._steps(slots, words), slop))
            if slop == 1:
                joined |= {at for at in places_of_phrase if at + 1 in places_of_phrase}
        for a, b, distance in self._near:
            found |= _near_places(self._steps(a, words), self._steps(b, words), distance)
        return found, joined

    @staticmethod
    def _steps(slots: list[tuple[int, Highlighter]], words: TokenizedText) -> _Steps:
        """For each place of a phrase how many words before it may be any, and the positions of what may stand there."""
        return [(gap, np.array(sorted(slot._in(words)[0]), np.int64)) for gap, slot in slots]

    def spans(self, text: str) -> tuple[Span, ...]:
        """Start and end offsets of everything in `text` that matches: words that follow each other are one mark."""
        return tuple(self.matches(text).marks(text))

    def snippet(self, text: str) -> Snippet:
        """The piece of `text`, of the archive, with the most different matched words, or else its beginning.

        It begins and ends between words, so that no grapheme is ever cut.
        """
        for start, end, beyond in _pieces(text) if self._asked else ():
            current_deadline().check(MARKING)
            words = TokenizedText(text[start:beyond], self._analyzer, self._sought)
            matches = self._matches(words)
            if matches.starts and matches.starts[0] < end - start:
                near = bisect_left(matches.starts, end - start + SNIPPET_CHARS)
                return _snippet(text, _TextMatches(words, matches, 0, len(matches.starts), -start), near)
        return _beginning(text)

    def marked(self, articles: Sequence[tuple[str, str]]) -> list[tuple[tuple[Span, ...], Snippet]]:
        """Of titles and bodies of the archive: see `spans` of the titles, and `snippet` of the bodies."""
        parts = self._in_several(list(chain.from_iterable(articles)))
        return [
            (self._title_marks(title, in_title), self._body_snippet(body, in_body))
            for (title, body), in_title, in_body in zip(articles, parts[::2], parts[1::2], strict=True)
        ]

    def _in_several(self, texts: Sequence[str]) -> list[_TextMatches | None]:
        """What is found in some texts, the short ones looked through as one; None for those to be looked at alone."""
        parts: list[_TextMatches | None] = [None] * len(texts)
        short = [at for at, text in enumerate(texts) if len(text) <= _SHORT] if self._sought is not None else []
        if len(short) < 2 or self._sought is None:
            return parts
        words = TokenizedText.of_several([texts[at] for at in short], self._analyzer, self._sought)
        if words is not None:
            matches = self._matches(words)
            bounds = [*(bisect_left(matches.starts, start) for start in words.starts), len(matches.starts)]
            for at, start, (first, last) in zip(short, words.starts, pairwise(bounds), strict=True):
                parts[at] = _TextMatches(words, matches, first, last, start)
        return parts

    def _title_marks(self, title: str, part: _TextMatches | None) -> tuple[Span, ...]:
        if part is None:
            return tuple(self._matches(TokenizedText(title, self._analyzer, self._sought)).marks(title))
        return tuple(part.marks(0, len(title))) if part.last > part.first else ()

    def _body_snippet(self, body: str, part: _TextMatches | None) -> Snippet:
        if part is None:
            return self.snippet(body)
        return _snippet(body, part, part.last) if part.last > part.first else _beginning(body)


class _TextMatches(NamedTuple):
    """What was found in a text that is looked through with others, or in a piece of one.

    words, matches  of all of them
    first, last  the numbers of the matches that are its own
    start   where in all of them it begins
    """

    words: TokenizedText
    matches: Matches
    first: int
    last: int
    start: int = 0

    def marks(self, begin: int, end: int) -> list[Span]:
        """Start and end offsets, in the text of its own, of what matches between two places of it."""
        (words, matches, first, last, start), lowest = self, self.first
        first = bisect_left(matches.ends, begin + start, first, last)
        last = bisect_left(matches.starts, end + start, first, last)
        # With the neighbours, of which a mark may go on.
        marks = matches.marks(words.text, max(lowest, first - 1), min(self.last, last + 1))
        return [(max(a - start, begin), min(b - start, end)) for a, b in marks if a - start < end and b - start > begin]


def _are_adjacent(text: str, end: int, start: int) -> bool:
    """Whether nothing but white space, of one paragraph, is between the end of a word and the start of the next."""
    if end == start or not text[end].isspace():
        return end == start
    between = text[end:start]
    return between.isspace() and between.count("\n") < 2


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of every piece, and how far it goes on into the next: always between words."""
    start = 0
    while start < len(text):
        end = _space_at(text, start + _PIECE)
        yield start, end, _space_at(text, end + _OVERLAP)
        start = end


def _space_at(text: str, near: int) -> int:
    """The first white space at or after `near`, or the end."""
    space = _SPACE.search(text, near)
    return space.start() if space else len(text)


def _in_phrases(
    terms: Mapping[int, str], phrases: list[tuple[tuple[str, ...], int, frozenset[str]]]
) -> tuple[set[int], set[int]]:
    """The positions that make up occurrences of phrases, given with their slop and different words.

    And those among them whose next position goes on with the same phrase. `terms` are by position, in order, those
    of the phrases among them.
    """
    found: set[int] = set()
    joined: set[int] = set()
    if not phrases or not terms:
        return found, joined
    places: dict[str, list[int]] = {}
    for position, term in terms.items():
        places.setdefault(term, []).append(position)
    for sought, slop, different in current_deadline().checked(phrases, 1, MARKING):
        if not different <= places.keys():
            continue
        places_of_phrase = _phrase_places(sought, slop, places)
        found.update(places_of_phrase)
        steps = set(pairwise(sought))
        joined.update(
            at for at, after in pairwise(places_of_phrase) if after == at + 1 and (terms[at], terms[after]) in steps
        )
    return found, joined


def _sought_forms(marks: HighlightTerms, forms_of: FormsOf) -> SoughtForms | None:
    """What the words that a query asks for look like, as far as that can be told."""
    terms, forms, prefixes, acronyms = set[str](), set[str](), set[str](), set[str]()
    reach = 1
    is_phrase = is_loose = False
    waiting = [marks]
    while waiting:
        each = waiting.pop()
        if each.wildcards or each.fuzzy:
            return None
        terms.update(each.words, *(phrase for phrase, _ in each.phrases))
        forms.update(each.exact_words, *(phrase for phrase, _ in each.exact_phrases))
        acronyms |= each.acronyms
        prefixes.update(each.prefixes)
        near = [(a + b, distance + sum(gap + 1 for gap, _ in a + b)) for a, b, distance in each.near]
        for slots, slop in [*each.spans, *near]:
            reach = max(reach, slop, *(gap + 1 for gap, _ in slots))
            waiting += [slot for _, slot in slots]
        reach = max([reach, *(slop for _, slop in [*each.phrases, *each.exact_phrases])])
        is_loose = is_loose or any(slop > 1 for _, slop in each.phrases)
        is_phrase = is_phrase or bool(each.phrases or each.exact_phrases or each.spans or each.near)
    forms |= forms_of(terms)
    forms.update(map(str.lower, acronyms))
    asked = (frozenset(terms), frozenset(forms), tuple(prefixes), frozenset(acronyms))
    return SoughtForms(*asked, reach, spaced=is_phrase, loose=is_loose)


def _tests(marks: HighlightTerms) -> Iterator[Callable[[str], bool]]:
    """What tells of a word as written whether it is asked for."""
    if marks.exact_words:
        yield frozenset(marks.exact_words).__contains__
    if marks.prefixes:
        prefixes = tuple(marks.prefixes)
        yield lambda term: term.startswith(prefixes)
    for pattern in marks.wildcards:
        matches = re.compile(fnmatch.translate(pattern)).match
        yield lambda term, matches=matches: matches(term) is not None  # type: ignore[misc]
    if marks.fuzzy:
        from rapidfuzz.distance import OSA

        for wanted, edits, prefix in marks.fuzzy:
            yield (
                lambda term, wanted=wanted, edits=edits, prefix=prefix: (  # type: ignore[misc]
                    term[:prefix] == wanted[:prefix] and OSA.distance(term, wanted, score_cutoff=edits) <= edits
                )
            )


#: For each place of a phrase: how many words before it may be any, and the positions of what may stand there.
_Steps = list[tuple[int, NDArray[np.int64]]]


def _span_places(steps: _Steps, slop: int) -> set[int]:
    """The positions that make up occurrences of a phrase, given what may stand at each of its places."""
    reached = [steps[0][1]]
    for gap, places in steps[1:]:
        before = np.append(np.iinfo(np.int64).min // 2, reached[-1])
        last = before[np.searchsorted(before, places - gap - 1, side="right") - 1]
        reached.append(places[places - last <= max(gap + 1, slop)])
    kept = reached.pop()
    found = set(kept.tolist())
    for gap, _ in reversed(steps[1:]):
        places = reached.pop()
        after = np.append(kept, np.iinfo(np.int64).max // 2)
        following = after[np.searchsorted(after, places + gap + 1)]
        kept = places[following - places <= max(gap + 1, slop)]
        found.update(kept.tolist())
    return found


def _near_places(a: _Steps, b: _Steps, distance: int) -> set[int]:
    """The positions of two phrases, without slop, where they stand near each other."""
    found: set[int] = set()
    ends_a, ends_b = (np.array(sorted(_ends(steps)), np.int64) for steps in (a, b))
    reach_a, reach_b = (sum(gap + 1 for gap, _ in steps[1:]) for steps in (a, b))
    for end_a in ends_a.tolist():
        close = ends_b[(ends_b - reach_b - end_a <= distance) & (ends_b - reach_b > end_a)]
        close = np.append(close, ends_b[(end_a - reach_a - ends_b <= distance) & (end_a - reach_a > ends_b)])
        if len(close):
            found.update(_standing(a, end_a))
            for end_b in close.tolist():
                found.update(_standing(b, end_b))
    return found


def _ends(steps: _Steps) -> set[int]:
    """Where a phrase without slop ends."""
    ends = set(steps[0][1].tolist())
    for gap, places in steps[1:]:
        ends = {place for place in places.tolist() if place - gap - 1 in ends}
    return ends


def _standing(steps: _Steps, end: int) -> Iterator[int]:
    """The positions of the words of a phrase without slop that ends at one."""
    for gap, _ in reversed(steps):
        yield end
        end -= gap + 1


def _phrase_places(terms: tuple[str, ...], slop: int, places: Mapping[str, list[int]]) -> list[int]:
    """The positions that make up occurrences of `terms` in order, each at most `slop` after the last."""
    if slop == 1 and all(len(places[term]) <= _FEW_PLACES for term in terms):  # as nearly always
        starts = set(places[terms[0]])
        for offset, term in enumerate(terms[1:], 1):
            starts.intersection_update([at - offset for at in places[term]])
        return sorted({start + offset for start in starts for offset in range(len(terms))})
    arrays = {term: np.array(places[term], np.int64) for term in {*terms}}
    steps = [arrays[terms[0]]]
    for term in terms[1:]:
        after = arrays[term]
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


def _best_window(part: _TextMatches, last: int) -> Span:
    """Where the run of matches begins and ends, within `_WINDOW_TOKENS`, that has the most different terms.

    Of equals it is the first. `last` is the number of the first match that is not looked at.
    """
    words, matches, first, *_ = part
    last = min(last, first + _ENOUGH_MATCHES)
    starts, ends, terms = matches.starts[first:last], matches.ends[first:last], matches.terms[first:last]
    different = len(set(terms))

    def value(begin: int, number: int) -> tuple[int, int]:
        return 1 if different == 1 else len(set(terms[begin : number + 1])), number + 1 - begin

    # Nearly always the best of those that are short enough has few enough words.
    best, best_value = (0, 0), (0, 0)
    begin = 0
    for number, end in enumerate(ends):
        while end - starts[begin] > SNIPPET_CHARS and begin < number:
            begin += 1
        if (different, number + 1 - begin) > best_value and (found := value(begin, number)) > best_value:
            best, best_value = (begin, number), found
    if words.are_within(starts[best[0]], starts[best[1]], _WINDOW_TOKENS):
        return starts[best[0]], ends[best[1]]
    best, best_value = (0, 0), (0, 0)
    begin = 0
    for number, end in enumerate(ends):
        while end - starts[begin] > SNIPPET_CHARS and begin < number:
            begin += 1
        # Words are counted only where it matters: between the ends of what would be better.
        for at in range(begin, number + 1):
            if (different, number + 1 - at) <= best_value or (found := value(at, number)) <= best_value:
                break
            if words.are_within(starts[at], starts[number], _WINDOW_TOKENS):
                best, best_value = (at, number), found
                break
            begin = at + 1  # nor are they with what follows
    return starts[best[0]], ends[best[1]]


def _snippet(text: str, part: _TextMatches, last: int) -> Snippet:
    """The piece of a text with the best of its matches; `last` as of `_best_window`."""
    begin, end = _best_window(part, last)
    start, end = _around(text, begin - part.start, end - part.start)
    return _cut(text, start, end, part.marks(start, end))


def _beginning(text: str) -> Snippet:
    """A snippet of a text in which nothing matches."""
    return _cut(text, *_around(text, 0, 0), [])


def _around(text: str, first: int, last: int) -> Span:
    """Where about SNIPPET_CHARS of `text` around [first, last) begin and end."""
    room = max(0, SNIPPET_CHARS - (last - first))
    start = _gap_before(text, max(0, first - room // 3), first)
    return start, _gap_after(text, min(len(text), start + SNIPPET_CHARS), last)


def _cut(text: str, start: int, end: int, inside: list[Span]) -> Snippet:
    """A piece of `text` on one line, with what is marked in it."""
    before = "…" if _SEEN.search(text, 0, start) else ""
    after = "…" if _SEEN.search(text, end) else ""
    shown = text[start:end]
    length = len(before)
    # Only a single space is printable white space.
    if shown.isprintable() and "  " not in shown and shown[:1] != " " and shown[-1:] != " ":
        shift = length - start
        return Snippet(before + shown + after, tuple([(a + shift, b + shift) for a, b in inside]))
    parts, marks, position = [before], [], start
    for begin, stop in (*inside, (end, end)):
        piece = _SPACE.sub(" ", text[position:begin])
        piece = piece if position else piece.lstrip()
        word = _SPACE.sub(" ", text[begin:stop])
        if word:
            marks.append((length + len(piece), length + len(piece) + len(word)))
        parts += [piece, word]
        length += len(piece) + len(word)
        position = stop
    return Snippet("".join(parts).rstrip() + after, tuple(marks))


def _gap_before(text: str, near: int, limit: int) -> int:
    """The beginning of a word at or after `near`, or else the last cut at or before `limit`."""
    if near == 0:
        return 0
    for word in _BEGINNING.finditer(text, near, limit):
        if _is_boundary(text, word.start()):
            return word.start()
    while not _is_boundary(text, limit):
        limit -= 1
    return limit


def _gap_after(text: str, near: int, limit: int) -> int:
    """The end of a word at or before `near`, or else the first cut after it; not before `limit`."""
    if near == len(text) and near > limit:
        return near
    lowest = max(limit, near - SNIPPET_CHARS)
    part = text[lowest : near + 1]
    while part:
        if not part[-1].isspace():
            part = part[: -len(part.rsplit(None, 1)[-1])]
        part = part.rstrip()
        if part and _is_boundary(text, lowest + len(part)):
            return lowest + len(part)
        part = part[:-1]
    if lowest == limit > 0 and text[limit : limit + 1].isspace():
        return limit
    near = max(near, limit)
    while not _is_boundary(text, near):
        near += 1
    return near


def _is_boundary(text: str, at: int) -> bool:
    """Whether a grapheme ends before `text[at]` in the text as it is shown, with a space for each white space."""
    if not 0 < at < len(text) or text[at - 1 : at + 1].isascii():  # as all white space is a space, nothing joins
        return True
    start = max(0, at - SNIPPET_CHARS)
    while start > 0 and "\U0001f1e6" <= text[start] <= "\U0001f1ff":  # flags are pairs, counted from the first letter
        start -= 1
    return is_boundary(_WHITE.sub(" ", text[start : at + 1]), at - start)
