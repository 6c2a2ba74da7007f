"""A text cut into words to find some of them: whole, or only where they may be.

To cut a text into words and stem them takes many times as long as to look in it for the few words, as written, that a
query asks for. So only these places are cut into words, from space to space, and those where a word does not look like
its form: with letters beyond ASCII, an apostrophe in it, or joined to the next by a hyphen or a full stop.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, compress, pairwise
from operator import itemgetter
from typing import NamedTuple

from archive.text.analyzer import MAY_JOIN, Analyzer, Compound, Token, whole_compounds

#: Where a word may be that is not its form in small letters: at a character that is neither plain nor surely between
#: words. An apostrophe, a hyphen and a full stop are between words unless there is a word before them and after them;
#: after an apostrophe a mere s belongs to no form, and a full stop joins single letters.
_ODD = re.compile(
    r"[^\x00-\x26\x28-\x2c/-\x7f“”‘–—…\xa0]"
    r"(?:(?<!['’.-])|(?<=[^\W_]['’.-])(?=[^\W_])(?!(?<=['’])s(?![\w'’ʼ＇]))(?!(?<=\.)[^\W_][^\W_]))"
)
_PLAIN_WORD = re.compile("[a-z0-9]+")
#: With more places than a few and one in so many characters, or more words to look for, the whole text is cut.
_SPARSE, _FEW = 30, 3
_MOST_SOUGHT = 48
#: No snippet has words further apart than so many characters.
_APART = 240
_WORD = itemgetter(0)


class SoughtWords(NamedTuple):
    """What the words asked for look like in a text, if they are plain: letters and digits of ASCII.

    forms       words as written, folded
    prefixes    beginnings of words, folded
    beginnings  of all of these as few as all begin with
    reach       words that have more words than this between them are not seen as near each other
    spaced      whether it matters how many words are between others that do not match by themselves
    """

    forms: frozenset[str]
    prefixes: tuple[str, ...]
    beginnings: tuple[str, ...]
    reach: int
    spaced: bool

    @classmethod
    def of(cls, forms: Iterable[str], prefixes: Iterable[str], reach: int, *, spaced: bool) -> SoughtWords | None:
        """Of all forms and prefixes; None where there are too many, or words without a form would do."""
        plain = frozenset(form for form in forms if form.isascii() and form.isalnum())
        begun = tuple(prefix for prefix in prefixes if prefix.isascii())
        beginnings: list[str] = []
        for each in sorted({*plain, *begun}):
            if not beginnings or not each.startswith(beginnings[-1]):
                beginnings.append(each)
        if "" in begun or len(beginnings) > _MOST_SOUGHT:
            return None
        return cls(plain, begun, tuple(beginnings), reach, spaced)

    def places(self, text: str) -> list[int] | None:
        """Where in `text` words asked for may be, ascending; None where there are too many of them."""
        lowered = text.lower()
        most = _FEW + len(text) // _SPARSE
        places = [match.start() for match in _ODD.finditer(text)]
        if len(lowered) != len(text) or len(places) > most:
            return None
        for beginning in self.beginnings:
            at = lowered.find(beginning)
            while at >= 0:
                if (not at or not lowered[at - 1].isalnum()) and self._has(lowered, at):
                    places.append(at)
                    if len(places) > most:
                        return None
                at = lowered.find(beginning, at + 1)
        return sorted(places)

    def _has(self, lowered: str, at: int) -> bool:
        word = _PLAIN_WORD.match(lowered, at)
        return word is not None and (word[0] in self.forms or word[0].startswith(self.prefixes))


class TokenizedText:
    """The words of a text, as far as they are asked for, by their positions.

    Without `sought` all of its words. With it the positions of two words are as far apart as the words are, or further
    than anybody looks; unless it is `spaced`, they only tell which words of a compound follow each other.
    """

    def __init__(self, text: str, analyzer: Analyzer, sought: SoughtWords | None = None) -> None:
        self._analyzer = analyzer
        self._prepared = analyzer.prepare(text)
        self._sought = sought
        self._positions: Sequence[int]
        places = None if sought is None else sought.places(text)
        if sought is None or places is None:
            self._sought = None
            self._words = analyzer.words(self._prepared)
            self._positions = range(len(self._words))
        else:
            self._found, self._positions = [], []
            for start, end in _chunks(text, places):
                found = analyzer.cut(self._prepared, start, end)
                if found:
                    first = self._next_position(found[0].start())
                    self._positions += range(first, first + len(found))
                    self._found += found
            self._words = list(map(_WORD, self._found))
        self.distinct = frozenset(self._words)

    @cached_property
    def _found(self) -> list[re.Match[str]]:
        """The words with their places: of a whole text only where any of them matches."""
        return self._analyzer.cut(self._prepared)

    def _next_position(self, start: int) -> int:
        """The position of a word that begins at `start`, the next one after those that were found so far."""
        assert self._sought is not None
        last = self._found[-1].end() if self._found else 0
        position = self._positions[-1] + 1 if self._found else 0
        most = self._sought.reach + 1
        if not self._sought.spaced:
            return position + most
        return position + self._analyzer.count_tokens(self._prepared, last, start, most)

    def tokens(self, found: set[int], joined: set[int], start: int) -> tuple[dict[int, Token], set[int]]:
        """The words at some positions of a text that begins at `start`, by position; and the same of positions alone.

        Here positions tell how far words are apart, in any case.
        """
        places = sorted(found)
        matches = self._matches_at(places)
        if self._sought is not None and not self._sought.spaced:
            moved = dict(zip(places, self._counted(places, matches), strict=True))
            joined, places = {moved[at] for at in joined & found}, list(moved.values())
        term = self._analyzer.term
        return {
            at: Token(term(match[0]), match.start() + start, match.end() + start)
            for at, match in zip(places, matches, strict=True)
        }, joined

    def _matches_at(self, places: Iterable[int]) -> list[re.Match[str]]:
        if isinstance(self._positions, range):
            return [self._found[at] for at in places]
        index = {position: number for number, position in enumerate(self._positions)}
        return [self._found[index[at]] for at in places]

    def _counted(self, places: Sequence[int], matches: Sequence[re.Match[str]]) -> Iterator[int]:
        """Positions of matched words that are as far apart as the words are, or further than anybody looks."""
        assert self._sought is not None
        most = self._sought.reach + 1
        position = 0
        yield from (position for _ in places[:1])
        for (before, last), (at, match) in pairwise(zip(places, matches, strict=True)):
            start, end = last.end(), match.start()
            between = 0 if at == before + 1 else most
            if between and end - start <= _APART:
                between = self._analyzer.count_tokens(self._prepared, start, end, most)
            position += between + 1
            yield position

    def places(self, meant: Mapping[str, str]) -> dict[int, str]:
        """By position, in order, what words of the text stand for; those that stand for nothing are left out."""
        words = self._words
        if meant.keys().isdisjoint(self.distinct):
            return {}
        asked = list(map(meant.__contains__, words))
        positions = compress(self._positions, asked)
        return {at: meant[word] for at, word in zip(positions, compress(words, asked), strict=True)}

    @cached_property
    def compounds(self) -> list[Compound]:
        """The compounds of the text; the first of each is a position."""
        if isinstance(self._positions, range) and not MAY_JOIN.search(self._prepared):
            return []
        found = self._analyzer.compounds_among(self._found)
        if isinstance(self._positions, range):
            return found
        return [compound._replace(first=self._positions[compound.first]) for compound in found]

    @cached_property
    def joined_terms(self) -> list[str]:
        """The terms of the compounds as one word."""
        return [self._analyzer.stem(compound.joined) for compound in self.compounds]

    def in_one_piece(self, terms: Mapping[int, str], asked: Container[str]) -> tuple[dict[int, str], dict[int, range]]:
        """Terms by position in the text with compounds in one piece, and the positions that each stands for.

        `terms` has those of all words that are asked for, by position in the text as it is.
        """
        whole = whole_compounds(self.compounds)
        firsts = [compound.first for compound in whole]
        shifts = [0, *accumulate(len(compound.parts) - 1 for compound in whole)]
        pieces = []
        for at, term in terms.items():
            before = bisect_right(firsts, at)
            if not before or at not in whole[before - 1].positions:
                pieces.append((at - shifts[before], term, range(at, at + 1)))
        for shift, compound in zip(shifts, whole, strict=False):
            if (term := self._analyzer.stem(compound.joined)) in asked:
                pieces.append((compound.first - shift, term, compound.positions))
        pieces.sort(key=itemgetter(0))
        return {at: term for at, term, _ in pieces}, {at: positions for at, _, positions in pieces}

    def acronyms(self, wanted: Collection[str]) -> tuple[set[int], set[int]]:
        """The positions of acronyms in capitals, with or without full stops, and of letters that others follow."""
        found = set(self.places({word: word for word in wanted}))
        joined: set[int] = set()
        for compound in self.compounds:
            if "".join(match[0] for match in self._matches_at(compound.positions)) in wanted:
                found.update(compound.positions)
                joined.update(compound.positions[:-1])
        return found, joined

    def in_any_case(self, acronyms: Iterable[str]) -> set[int]:
        """The positions of the same words, for an archive that does not have them in capitals."""
        wanted = {acronym.lower() for acronym in acronyms}
        forms = self._analyzer.forms_of(self.distinct)
        return set(self.places({word: form for word, form in forms.items() if form in wanted}))


def _chunks(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """What is around some places of a text, ascending, from one space or end of a line to the next."""
    end = 0
    for at in places:
        if at < end:
            continue
        start = max(text.rfind(" ", end, at) + 1, end)
        start = max(text.rfind("\n", start, at) + 1, start)
        end = text.find(" ", at)
        end = len(text) if end < 0 else end
        line = text.find("\n", at, end)
        end = end if line < 0 else line
        yield start, end
