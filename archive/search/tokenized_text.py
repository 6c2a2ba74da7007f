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
from itertools import accumulate, compress, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from archive.text.analyzer import MAY_JOIN, Analyzer, Compound, whole_compounds

#: What is between words for sure, and an apostrophe, as characters of ASCII.
_TYPOGRAPHY = (*((mark, " ") for mark in "“”‘–—…\xa0"), ("’", "'"))
#: Bytes of ASCII: letters and digits in small letters, hyphens, and spaces for all others.
_WORDS_AND_HYPHENS = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)).ljust(256)
_WORDS_AND_HYPHENS = _WORDS_AND_HYPHENS[:45] + b"-" + _WORDS_AND_HYPHENS[46:]
_HYPHEN = 45
#: A full stop joins single letters. An apostrophe is in a word; a mere s after it belongs to no form.
_FULL_STOP = re.compile(r"\.(?<=[A-Za-z0-9]\.)(?=[A-Za-z0-9](?![A-Za-z0-9]))")
_APOSTROPHE = re.compile("'(?<=[A-Za-z0-9]')(?=[A-Za-z0-9])")
_APOSTROPHE_BUT_POSSESSIVE = re.compile(rf"{_APOSTROPHE.pattern}(?!s(?![A-Za-z0-9_']))")
_JOINING_HYPHEN = re.compile("-(?<=[A-Za-z0-9]-)(?=[A-Za-z0-9])")
_HYPHEN_AFTER_S = re.compile("'s-")
#: A plain word in a text, all of it.
_WORD_IN_TEXT = re.compile(r"[A-Za-z0-9]+(?:['’]s(?![\w'’ʼ＇]))?")
_JOINTS = str.maketrans("", "", "-.")
#: With more places than a few and one in so many characters, or more words to look for, the whole text is cut.
_SPARSE, _FEW = 30, 3
_MOST_SOUGHT = 48
#: Between texts that are cut into words as one: nothing before it and after it belongs together.
_BETWEEN_TEXTS = "\n\n"
_WORD, _START = itemgetter(0), itemgetter(1)

#: A word as it stands in a text, where it begins, and where it ends.
Word = tuple[str, int, int]


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
        self._sought, self._analyzer = sought, analyzer
        self._begun = [f" {beginning}".encode() for beginning in beginnings]
        self._plain = frozenset(map(str.encode, filter(_is_plain, sought.forms)))
        self._prefixes = tuple(map(str.encode, sought.prefixes))
        # The s of a possessive is not the word.
        asks_for_s = b"s" in self._plain or b"s".startswith(self._prefixes)
        self._apostrophe = _APOSTROPHE if asks_for_s else _APOSTROPHE_BUT_POSSESSIVE
        self._asked: dict[str, bool] = {}
        self._asked_joined: dict[bytes, bool] = {}
        self._cuts: dict[str, tuple[list[Word], list[Compound]]] = {}
        # What the compounds begin with that may be asked for.
        of_compounds = {*map(analyzer.shared_beginning, sought.terms), *map(str.lower, sought.acronyms)}
        self._of_compounds = tuple(filter(str.isascii, of_compounds))
        self._of_compounds_encoded = tuple(map(str.encode, self._of_compounds))
        self._first_letters = None if "" in of_compounds else {beginning[0] for beginning in of_compounds}

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

    def words(self, text: str, prepared: str) -> tuple[list[Word], list[Compound]] | None:
        """The words of `text` that may be asked for, and those about them; and the compounds among them.

        Of a place where a word may not look like its form, there are all words or none. None where there are too many.
        """
        places = self._places(text, prepared)
        if places is None:
            return None
        odd, plain = places
        if not odd:
            return plain, []
        found: list[Word] = []
        compounds: list[Compound] = []
        number, count = 0, len(plain)
        for start, end in _chunks(text, odd):
            first = number
            while number < count and plain[number][1] < start:
                number += 1
            found += plain[first:number]
            first = number
            while number < count and plain[number][1] < end:
                number += 1
            chunk = prepared[start:end]
            if number == first and not self._is_asked(chunk):
                continue
            words, among = self._cut(chunk)
            compounds += [compound._replace(first=len(found) + compound.first) for compound in among]
            found += [(word, start + begin, start + stop) for word, begin, stop in words]
        return found + plain[number:], compounds

    def _cut(self, chunk: str) -> tuple[list[Word], list[Compound]]:
        """The words of a piece of text, and the compounds among them: the same ones come again and again."""
        cut = self._cuts.get(chunk)
        if cut is None:
            tokens = self._analyzer.cut(chunk)
            words = [(token[0], *token.span()) for token in tokens]
            cut = self._cuts[chunk] = words, self._analyzer.compounds_among(tokens)
        return cut

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

    def _places(self, text: str, prepared: str) -> tuple[list[int], list[Word]] | None:
        """Where in `text` a word may not look like its form, and its plain words that are asked for, ascending.

        None where there are too many of them.
        """
        most = _FEW + len(text) // _SPARSE
        ascii_text = _as_ascii(text)
        # With a space before, which the first word begins with, too.
        hyphened = b" %b " % ascii_text.encode().translate(_WORDS_AND_HYPHENS)
        odd = self._odd_places(text, ascii_text, hyphened)
        room = most - len(odd)
        if room < 0:
            return None
        words: list[Word] = []
        plain, prefixes = self._plain, self._prefixes
        spaced = hyphened.replace(b"-", b" ")
        find = spaced.find
        for beginning in self._begun:
            at = find(beginning)
            while at >= 0:
                end = find(b" ", at + 1)
                form = spaced[at + 1 : end]
                if form in plain or form.startswith(prefixes):
                    if self.spaced and _HYPHEN in (hyphened[at], hyphened[end]):
                        odd.append(at)
                    if ascii_text[end - 1 : end] != "'":
                        words.append((prepared[at : end - 1], at, end - 1))
                    # Where no word begins, an article stood that is elided.
                    elif (word := _WORD_IN_TEXT.match(prepared, at)) is not None:
                        words.append((word[0], at, word.end()))
                    room -= 1
                    if room < 0:
                        return None
                at = find(beginning, end)
        if len(self._begun) > 1:
            words.sort(key=_START)
        odd.sort()
        return odd, words

    def _odd_places(self, text: str, ascii_text: str, hyphened: bytes) -> list[int]:
        """Where in a text a word may be that does not look like its form, where that may matter, in any order.

        Most of them are hyphens, and these matter beside plain words, and where a compound may be asked for.
        """
        letters, loose = self._first_letters, self._sought.loose
        odd = [match.start() for match in _FULL_STOP.finditer(ascii_text)]
        if odd and letters is not None and not loose:
            odd = [at for at in odd if ascii_text[at - 1].lower() in letters]
        if ascii_text is not text:
            at = ascii_text.find("?")
            while at >= 0:
                if text[at] != "?":
                    odd.append(at)
                at = ascii_text.find("?", at + 1)
        has_hyphens = "-" in ascii_text
        if "'" in ascii_text:
            odd += [match.start() for match in self._apostrophe.finditer(ascii_text)]
            odd += [match.start() for match in _HYPHEN_AFTER_S.finditer(ascii_text)] if has_hyphens else ()
        if not has_hyphens:
            return odd
        if loose or letters is None:
            return odd + [match.start() for match in _JOINING_HYPHEN.finditer(ascii_text)]
        whole, begins = hyphened.replace(b"-", b""), self._of_compounds_encoded
        at = -1
        for number, (before, after) in enumerate(pairwise(hyphened.split(b"-"))):
            at += len(before) + 1
            space, end = before.rfind(b" "), after.find(b" ")
            length = len(before) - space - 1
            if length and whole.startswith(begins, at - number - length):
                # Where it does not matter how many words there are, a compound of two only if it is asked for itself.
                is_pair = space >= 0 and end > 0
                if self.spaced or not is_pair or self._is_asked_joined(before[space + 1 :] + after[:end]):
                    odd.append(at - 1)
        return odd

    def _is_asked_joined(self, form: bytes) -> bool:
        """Whether a compound is asked for that has this form in one piece."""
        known = self._asked_joined.get(form)
        if known is None:
            joined = form.decode()
            known = self._analyzer.stem(joined) in self._sought.terms or joined.upper() in self._sought.acronyms
            self._asked_joined[form] = known
        return known


def _as_ascii(text: str) -> str:
    """A text, equally long, with `?` for all characters beyond ASCII but those that are between words for sure."""
    if text.isascii():
        return text
    for mark, plain in _TYPOGRAPHY:
        text = text.replace(mark, plain)
    return text.encode("ascii", "replace").decode()


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
        self.text, self.starts, self._analyzer = text, starts, analyzer
        self._prepared = analyzer.prepare(text)
        self._positions: Sequence[int]
        held = None if sought is None else sought.words(text, self._prepared)
        self.is_whole = sought is None or held is None
        if sought is None or held is None:
            words = analyzer.words(self._prepared)
            self._positions = range(len(words))
        else:
            self._found, self.compounds = held
            words = list(map(_WORD, self._found))
            self._positions = range(len(words))
            if sought.spaced and len(words) > 1:
                places = self._positions = list(self._spread(sought.reach + 1))
                self.compounds = [each._replace(first=places[each.first]) for each in self.compounds]
        self._words = words
        self.distinct = frozenset(words)

    @classmethod
    def of_several(cls, texts: Sequence[str], analyzer: Analyzer, sought: SoughtWords) -> TokenizedText | None:
        """Several texts as one, which is faster; None where what is asked for takes the analysis of each of them."""
        if sought.has_acronyms:  # without any in capitals those of a text are found in any case
            return None
        ends = accumulate(len(text) + len(_BETWEEN_TEXTS) for text in texts)
        words = cls(_BETWEEN_TEXTS.join(texts), analyzer, sought, [0, *islice(ends, len(texts) - 1)])
        return None if words.is_whole else words

    @cached_property
    def _tokens(self) -> list[re.Match[str]]:
        return self._analyzer.cut(self._prepared)

    @cached_property
    def _found(self) -> list[Word]:
        """The words with their places: of a whole text only where any of them matches."""
        return [(token[0], *token.span()) for token in self._tokens]

    def _spread(self, most: int) -> Iterator[int]:
        """The positions of words found in the text: at least so many words apart, where there are more between them."""
        position, last = -1, 0
        starts = iter((*self.starts[1:], sys.maxsize))
        following = next(starts)
        for _, start, end in self._found:
            if start >= following:
                position += most
                while start >= following:
                    following = next(starts)
            elif last and start > last + 1:
                position += self._analyzer.count_tokens(self._prepared, last, start, most)
            position += 1
            last = end
            yield position

    def at(self, positions: Collection[int]) -> list[Word]:
        """The words at some positions, ascending."""
        if len(positions) == len(self._words):
            return self._found
        if isinstance(self._positions, range):
            return [self._found[at] for at in positions]
        index = {position: number for number, position in enumerate(self._positions)}
        return [self._found[index[at]] for at in positions]

    def are_within(self, start: int, end: int, most: int) -> bool:
        """Whether at most so many words begin from `start` to before `end`, where words begin."""
        length = end - start
        if length <= most or (length <= 2 * most and self._prepared[start:end].isascii()):
            return True
        return self._analyzer.count_tokens(self._prepared, start, end, most + 1) <= most

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
        return self._analyzer.compounds_among(self._tokens) if MAY_JOIN.search(self._prepared) else []

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
            if "".join(map(_WORD, self.at(compound.positions))) in wanted:
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
