"""A text cut into words to find some of them: whole, or only where they may be.

To cut a text into words and stem them takes many times as long as to look in it for the few words, as written, that a
query asks for. Where a word does not look like its form, with letters beyond ASCII, an apostrophe in it, or joined to
the next by a hyphen or a full stop, the text is cut into words from one space to the next.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, compress, islice
from operator import itemgetter, methodcaller
from typing import NamedTuple

from archive.text.analyzer import MAY_JOIN, Analyzer, Compound, Token, whole_compounds

#: Where a word may be that is not its form in small letters: at a character that is neither plain nor surely between
#: words. An apostrophe, a hyphen and a full stop are between words unless there is a word before them and after them;
#: after an apostrophe a mere s belongs to no form, and a full stop joins single letters.
_ODD = re.compile(
    r"[^\x00-\x26\x28-\x2c/-\x7f“”‘–—…\xa0]"
    r"(?:(?<!['’.-])|(?<=[^\W_]['’.-])(?=[^\W_])(?!(?<=['’])s(?![\w'’ʼ＇]))(?!(?<=\.)[^\W_][^\W_]))"
)
#: The same of a text in ASCII: each is found much faster by itself.
_HYPHEN = re.compile("-(?<=[A-Za-z0-9]-)(?=[A-Za-z0-9])")
_FULL_STOP = re.compile(r"\.(?<=[A-Za-z0-9]\.)(?=[A-Za-z0-9](?![A-Za-z0-9]))")
_APOSTROPHE = re.compile("'(?<=[A-Za-z0-9]')(?=[A-Za-z0-9])(?!s(?![A-Za-z0-9_']))")
#: A plain word in a text, all of it; the form is the group, in small letters.
_WORD_IN_TEXT = re.compile(r"([A-Za-z0-9]+)(?:['’]s(?![\w'’ʼ＇]))?")
_JOINTS = str.maketrans("", "", "-.")
#: Between texts that are cut into words as one: nothing before it and after it belongs together.
_BETWEEN_TEXTS = "\n\n"
#: With more places than a few and one in so many characters, or more words to look for, the whole text is cut.
_SPARSE, _FEW = 30, 3
_MOST_SOUGHT = 48
_WORD = itemgetter(0)
_START = methodcaller("start")


class SoughtForms(NamedTuple):
    """The words that a query asks for.

    terms     terms, of words and of phrases
    forms     words as written, folded: those of the terms, and others
    prefixes  beginnings of words, folded
    acronyms  in capitals
    reach     words that have more words than this between them are not seen as near each other
    spaced    whether it matters how many words are between others that do not match by themselves
    loose     whether these may be more than none
    """

    terms: frozenset[str]
    forms: frozenset[str]
    prefixes: tuple[str, ...]
    acronyms: frozenset[str]
    reach: int
    spaced: bool
    loose: bool


class SoughtWords:
    """Finds in a text the words that a query asks for.

    Those that are plain, letters and digits of ASCII, are found by what they begin with.
    """

    def __init__(self, sought: SoughtForms, beginnings: Sequence[str], analyzer: Analyzer) -> None:
        self.reach, self.spaced, self.has_acronyms = sought.reach, sought.spaced, bool(sought.acronyms)
        self._sought, self._beginnings, self._analyzer = sought, beginnings, analyzer
        self._plain = frozenset(filter(_is_plain, sought.forms))
        self._asked: dict[str, bool] = {}
        # What the compounds begin with that may be asked for.
        self._of_compounds = tuple({*map(analyzer.shared_beginning, sought.terms), *map(str.lower, sought.acronyms)})

    @classmethod
    def of(cls, sought: SoughtForms, analyzer: Analyzer) -> SoughtWords | None:
        """Of what a query asks for; None where it is too much, or words without a form would do."""
        beginnings: list[str] = []
        begun = filter(str.isascii, sought.prefixes)
        for each in sorted({*filter(_is_plain, sought.forms), *begun}):
            if not beginnings or not each.startswith(beginnings[-1]):
                beginnings.append(each)
        if "" in sought.prefixes or len(beginnings) > _MOST_SOUGHT:
            return None
        return cls(sought, beginnings, analyzer)

    def words(self, text: str, prepared: str) -> tuple[list[re.Match[str]], bool] | None:
        """The words of `text` that may be asked for, and those about them; and whether there may be compounds.

        Of a place where a word may not look like its form, there are all words or none. None where there are too many.
        """
        places = self._places(text, prepared)
        if places is None:
            return None
        odd, plain = places
        if not odd:
            return plain, False
        starts = [word.start() for word in plain]
        found: list[re.Match[str]] = []
        may_join = False
        number, count = 0, len(plain)
        for start, end in _chunks(text, odd):
            first = number
            while number < count and starts[number] < start:
                number += 1
            found += plain[first:number]
            if number < count and starts[number] < end:
                while number < count and starts[number] < end:
                    number += 1
            elif not self._is_asked(prepared[start:end]):
                continue
            found += self._analyzer.cut(prepared, start, end)
            may_join = True
        return found + plain[number:], may_join

    def _is_asked(self, chunk: str) -> bool:
        """Whether anything may be asked for that is in a piece of text which has none of the plain words."""
        if self._sought.loose:  # then a compound counts as one word between two others
            return True
        known = self._asked.get(chunk)
        if known is None:
            known = self._asked[chunk] = self._has_asked(chunk)
        return known

    def _has_asked(self, chunk: str) -> bool:
        sought, analyzer = self._sought, self._analyzer
        is_plain = chunk.isascii() and "'" not in chunk
        if is_plain:
            whole = chunk.lower().translate(_JOINTS)
            if not any(beginning in whole for beginning in self._of_compounds):
                return False
        tokens = analyzer.cut(chunk)
        if not is_plain:
            words = set(map(_WORD, tokens))
            forms = set(analyzer.forms_of(words).values())
            if not (
                sought.forms.isdisjoint(forms)
                and sought.terms.isdisjoint(analyzer.terms_of(words).values())
                and not any(form.startswith(sought.prefixes) for form in forms)
            ):
                return True
        return any(
            analyzer.stem(compound.joined) in sought.terms or compound.joined.upper() in sought.acronyms
            for compound in analyzer.compounds_among(tokens)
        )

    def _places(self, text: str, prepared: str) -> tuple[list[int], list[re.Match[str]]] | None:
        """Where in `text` a word may not look like its form, and its plain words that are asked for, ascending.

        None where there are too many of them.
        """
        lowered = text.lower()
        most = _FEW + len(text) // _SPARSE
        odd = self._odd_places(text, lowered) if text.isascii() else [match.start() for match in _ODD.finditer(text)]
        if len(lowered) != len(text) or len(odd) > most:
            return None
        words: list[re.Match[str]] = []
        plain, prefixes = self._plain, self._sought.prefixes
        find, match_at = lowered.find, _WORD_IN_TEXT.match
        for beginning in self._beginnings:
            at = find(beginning)
            while at >= 0:
                # Where no word begins, an article stood that is elided.
                if (not at or not lowered[at - 1].isalnum()) and (word := match_at(prepared, at)) is not None:
                    form = word[1].lower()
                    if form in plain or form.startswith(prefixes):
                        words.append(word)
                        if "-" in (lowered[at - 1 : at], lowered[at + len(form) : at + len(form) + 1]):
                            odd.append(at)
                        if len(words) + len(odd) > most:
                            return None
                at = find(beginning, at + 1)
        if len(self._beginnings) > 1:
            words.sort(key=_START)
        odd.sort()
        return odd, words

    def _odd_places(self, text: str, lowered: str) -> list[int]:
        """Where in a text in ASCII a word may be that does not look like its form, where that may matter, in any order.

        Most of them are hyphens, and these matter beside plain words, and where a compound may be asked for.
        """
        odd = [match.start() for match in _FULL_STOP.finditer(text)]
        if "'" in text:
            odd += [match.start() for match in _APOSTROPHE.finditer(text)]
        if "-" not in text:
            return odd
        if self._sought.loose:
            return odd + [match.start() for match in _HYPHEN.finditer(text)]
        # Of parts with an apostrophe the text is cut anyway.
        whole = lowered.replace("-", "")
        begins = self._of_compounds
        at = -1
        for number, before in enumerate(lowered.split("-")[:-1]):
            at += len(before) + 1
            word = before[before.rfind(" ") + 1 :]
            if word and (not word.isalnum() or whole.startswith(begins, at - number - len(word))):
                odd.append(at)
        return odd


def _is_plain(form: str) -> bool:
    return form.isascii() and form.isalnum()


class TokenizedText:
    """The words of a text, as far as they are asked for, by their positions.

    Without `sought` all of its words. With it the positions of two words are as far apart as the words are, or further
    than anybody looks; unless it is `spaced`, they are just in order.
    """

    def __init__(
        self, text: str, analyzer: Analyzer, sought: SoughtWords | None = None, starts: Sequence[int] = (0,)
    ) -> None:
        """A text, or several that `_BETWEEN_TEXTS` is between; `starts` says where in it they begin."""
        self._analyzer, self.starts = analyzer, starts
        self._prepared = analyzer.prepare(text)
        self._positions: Sequence[int]
        held = None if sought is None else sought.words(text, self._prepared)
        self.is_whole = sought is None or held is None
        if sought is None or held is None:
            self._words = analyzer.words(self._prepared)
            self._positions = range(len(self._words))
            self._may_join = MAY_JOIN.search(self._prepared) is not None
        else:
            self._found, self._may_join = held
            self._words = list(map(_WORD, self._found))
            spread = sought.spaced and len(self._found) > 1
            self._positions = list(self._spread(sought.reach + 1)) if spread else range(len(self._found))
        self.distinct = frozenset(self._words)

    @classmethod
    def of_several(cls, texts: Sequence[str], analyzer: Analyzer, sought: SoughtWords) -> TokenizedText | None:
        """Several texts as one, which is faster; None where what is asked for takes the analysis of each of them."""
        if sought.has_acronyms:  # without any in capitals those of a text are found in any case
            return None
        ends = accumulate(len(text) + len(_BETWEEN_TEXTS) for text in texts)
        words = cls(_BETWEEN_TEXTS.join(texts), analyzer, sought, [0, *islice(ends, len(texts) - 1)])
        return None if words.is_whole else words

    @cached_property
    def _found(self) -> list[re.Match[str]]:
        """The words with their places: of a whole text only where any of them matches."""
        return self._analyzer.cut(self._prepared)

    def _spread(self, most: int) -> Iterator[int]:
        """The positions of words found in the text: at least so many words apart, where there are more between them."""
        position, last = -1, 0
        starts = iter((*self.starts[1:], sys.maxsize))
        following = next(starts)
        for word in self._found:
            start = word.start()
            if start >= following:
                position += most
                while start >= following:
                    following = next(starts)
            elif last and start > last + 1:
                position += self._analyzer.count_tokens(self._prepared, last, start, most)
            position += 1
            last = word.end()
            yield position

    def tokens(self, found: set[int], joined: set[int]) -> list[tuple[list[Token], set[int]]]:
        """For each text the words at some positions, and which of them go on with the next.

        joined  the positions of these
        """
        texts: list[tuple[list[Token], set[int]]] = [([], set()) for _ in self.starts]
        places = sorted(found)
        bounds = zip(texts, self.starts, (*self.starts[1:], sys.maxsize), strict=True)
        (tokens, going_on), base, end = next(bounds)
        term = self._analyzer.term
        before = -1
        for at, word in zip(places, self._matches_at(places), strict=True):
            first, last = word.span()
            while first >= end:
                (tokens, going_on), base, end = next(bounds)
            if tokens and before in joined and at == before + 1:
                going_on.add(len(tokens) - 1)
            tokens.append(Token(term(word[0]), first - base, last - base))
            before = at
        return texts

    def _matches_at(self, places: Collection[int]) -> list[re.Match[str]]:
        if len(places) == len(self._words):
            return self._found
        if isinstance(self._positions, range):
            return [self._found[at] for at in places]
        index = {position: number for number, position in enumerate(self._positions)}
        return [self._found[index[at]] for at in places]

    def distance(self, start: int, end: int, most: int) -> int:
        """How many words begin from `start` to before `end`, where words begin, `most` or more counted as `most`."""
        return self._analyzer.count_tokens(self._prepared, start, end, most)

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
        if not self._may_join:
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
        if end < 0:
            end = len(text)
        if (line := text.find("\n", at, end)) >= 0:
            end = line
        yield start, end
