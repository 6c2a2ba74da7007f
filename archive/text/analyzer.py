"""From text to terms: the one place that decides what a word is.

A token is a run of letters, digits and combining marks (Unicode), with apostrophes
inside it; each Han, Kana or Thai character is a token of its own, so that scripts
without spaces can be searched by phrases. Its form has case and accents folded and a
possessive 's taken off; its term is the form, stemmed by Snowball (PyStemmer) where the
field asks. An elided article ends where its apostrophe is (`archive.text.elision`).

Some words are written in one piece or in parts: e-mail, co-operation, F-16, U.S. The parts are
tokens, and the whole is a compound: indexed beside them, so that both ways of writing meet.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, islice, pairwise
from typing import Any, NamedTuple, Protocol

from archive.errors import SettingsError
from archive.text.elision import Elisions

#: Scripts written without spaces between words: Thai to Khmer, Kana (half-width too), Han.
_CJK_AND_SEA = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003fffd"
)
#: Combining marks that belong to the letter before them (Mn and Mc of the living scripts), and characters that are
#: not seen. A zero-width space is a space.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u093c\u093e-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75"
    "\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04"
    "\u0c3e-\u0c56\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d81-\u0d83"
    "\u0dca-\u0ddf\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
    + (_INVISIBLE := "\u00ad\u200c\u200d\u2060\ufeff")
)
_LETTER = rf"[^\W_{_CJK_AND_SEA}]"
#: A pattern that takes long to compile, and that plain text does without.
_TOKEN = (
    rf"{_LETTER}(?:[^\W_{_CJK_AND_SEA}]|[{_MARKS}]|['’ʼ＇](?={_LETTER}))*|[{_CJK_AND_SEA}][\u3099\u309a\uff9e\uff9f]?"
)
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_POSSESSIVE = re.compile(r"'s$")
#: The zeros of the scripts whose digits stand beside Latin ones in newspapers: Arabic, Persian, Devanagari, Bengali.
_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6)
#: Letters that no Unicode decomposition turns into their plain form.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | dict.fromkeys("’ʼ＇", "'")
    | {"\u0671": "\u0627"}  # alef wasla
    | {"\u06a9": "\u0643", "\u06cc": "\u064a"}  # kaf and yeh as Persian and Urdu have them
    | {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
    | dict.fromkeys(_INVISIBLE + "\u0640", "")  # with the tatweel, which only makes an Arabic word longer
)
#: Marks that are left out by many who write the same word: accents, and the points of Hebrew and Arabic (with them,
#: decomposed, the hamza). The vowel signs of Indic scripts distinguish words.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)


class _Stemmer(Protocol):
    maxCacheSize: int

    def stemWord(self, word: str) -> str: ...

    def stemWords(self, words: Sequence[str]) -> list[str]: ...


#: Algorithms that only change endings: a stem has the first letter of its word, and all of its own letters but the last
#: few.
_OF_ENDINGS = frozenset(("english", "en", "eng", "porter"))
_MOST_CHANGED = 3
#: Characters of a text whose words are counted at once.
_SHORT_PART = 2_000
#: What stands between the parts of a compound; a full stop does between the letters of an acronym.
_HYPHENS = frozenset("-\u2010\u2011")
MAY_JOIN = re.compile(r"[.\u2010\u2011-](?=[^\W_])")
_DIGIT = re.compile("[0-9]")
_DIGITS = frozenset("0123456789")
_LETTER_OF_ACRONYM = re.compile("[A-Za-z\u00c0-\u04ff]").fullmatch
#: A compound of more parts is a list or an address rather than a word.
MOST_PARTS = 8
#: Begins an extra form: what is indexed of a text besides its words. No word begins with it.
EXTRA = "-"
#: Acronyms, as far as it matters that they are in capitals: `US` is not the pronoun.
CAPITALS = re.compile("[A-Z]{2,4}")
#: Which compounds are indexed: acronyms, and of hyphened words those that some write as one. Of two longer words, as in
#: "kernel-distance", hardly anyone does, nor of those in a chain, as in "state-of-the-art"; and there are so many of
#: them that they would double the vocabulary.
SHORT, HAS_DIGIT, PREFIX = 1, 2, 4
_MOST_LETTERS = 4
_PREFIXES = frozenset(
    (
        *("after", "anti", "auto", "bi", "co", "contra", "counter", "de", "electro", "ex", "extra", "hydro", "hyper"),
        *("infra", "inter", "intra", "macro", "micro", "multi", "neuro", "non", "over", "photo", "post", "pre", "pro"),
        *("pseudo", "psycho", "quasi", "radio", "re", "semi", "socio", "sub", "super", "tele", "thermo", "trans"),
        *("ultra", "un", "under", "video"),
    )
)


class Token(NamedTuple):
    """A term with the character offsets of the word it stands for."""

    term: str
    start: int
    end: int


class Compound(NamedTuple):
    """Neighbouring tokens that may also be written as one word.

    first    the position of the first
    parts    the forms of all
    dotted   whether full stops join them, as in an acronym
    chained  whether it is part of a longer one
    """

    first: int
    parts: tuple[str, ...]
    dotted: bool = False
    chained: bool = False

    @property
    def joined(self) -> str:
        """The form of the whole."""
        return "".join(self.parts)

    @property
    def positions(self) -> range:
        """The positions of its parts."""
        return range(self.first, self.first + len(self.parts))

    @property
    def is_indexed(self) -> bool:
        """Whether it is indexed as a whole."""
        if self.dotted or len(self.parts) > 2:
            return self.dotted
        first, second = map(part_traits, self.parts)
        return is_indexed(first, second, self.chained)


def part_traits(form: str) -> int:
    """What of a form says whether a compound with it is indexed: some of `SHORT`, `HAS_DIGIT` and `PREFIX`."""
    has_digit = HAS_DIGIT * (not form.isalpha() and _DIGIT.search(form) is not None)
    return SHORT * (len(form) <= _MOST_LETTERS) | has_digit | PREFIX * (form in _PREFIXES)


def is_indexed(first: int, second: int, chained: bool) -> bool:
    """Whether two parts with these traits, joined by a hyphen, are indexed as one word."""
    either = first | second
    return bool(either & HAS_DIGIT or first & PREFIX or (not chained and either & SHORT))


def compound_form(parts: Sequence[str]) -> str:
    """The extra form of a compound: the whole, and where its parts end but the last."""
    if len(parts) == 2:  # as nearly all have
        return f"{EXTRA}{parts[0]}{parts[1]}{EXTRA}{len(parts[0])}"
    return EXTRA.join(["", "".join(parts), *map(str, accumulate(map(len, parts[:-1])))])


def parts_of(form: str) -> tuple[str, ...]:
    """The parts of a compound from its extra form."""
    _, whole, *ends = form.split(EXTRA)
    return tuple(whole[start:end] for start, end in pairwise([0, *map(int, ends), len(whole)]))


def fold(text: str) -> str:
    """`text` without case, accents, points, invisible characters and typographic apostrophes; kana at full width."""
    text = text.casefold()
    if text.isascii():
        return text
    # Decomposing may bring capitals to light, and folding these more to decompose.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
    return unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", decomposed)).casefold()


def whole_compounds(compounds: Iterable[Compound]) -> list[Compound]:
    """Of compounds that overlap the longest, the first of equals; in order."""
    kept: list[Compound] = []
    for each in sorted(compounds, key=lambda each: (-len(each.parts), each.first)):
        end = each.first + len(each.parts)
        if all(end <= other.first or other.first + len(other.parts) <= each.first for other in kept):
            kept.append(each)
    return sorted(kept)


def unstemmed_terms(text: str) -> list[str]:
    """The folded, unstemmed terms of `text`: for names and for finding facet values."""
    return Analyzer(None, names=True).forms(text)


class Analyzer:
    """Turns text into terms; remembers the words it has seen, so that each is stemmed once.

    `language` is a Snowball algorithm's name or code ("english", "en", "de" …), or None
    for words as they are. Raises SettingsError for a language without a stemmer.
    `names` is for names and other values, in which an apostrophe never ends a word.
    """

    #: Distinct words remembered before starting over: some 100 MB at the most.
    _MEMORY = 500_000

    def __init__(self, language: str | None, *, names: bool = False) -> None:
        self.language, self._names = language, names
        self._stemmer: _Stemmer | None = None
        self._elisions = None if names else Elisions(language)
        if language is not None:
            import Stemmer

            try:
                self._stemmer = Stemmer.Stemmer(language)
            except KeyError:
                known = ", ".join(sorted(Stemmer.algorithms()))
                raise SettingsError(
                    f"there is no stemmer for {language!r}", f"there are stemmers for {known}"
                ) from None
            self._stemmer.maxCacheSize = 0  # its own memory takes longer than stemming does
        self._terms: dict[str, str] = {}
        self._forms: dict[str, str] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Analyzer, names=self._names), (self.language,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Analyzer) and (other.language, other._names) == (self.language, self._names)

    def __hash__(self) -> int:
        return hash((self.language, self._names))

    @property
    def keeps_first_letter(self) -> bool:
        """Whether it is known that the term of a word begins with its form's first letter."""
        return self._stemmer is None or self.language in _OF_ENDINGS

    def shared_beginning(self, term: str) -> str:
        """What all forms of a term are known to begin with."""
        if self._stemmer is None:
            return term
        return term[: max(1, len(term) - _MOST_CHANGED)] if self.keeps_first_letter else ""

    def term(self, word: str) -> str:
        """The term of one token."""
        term = self._terms.get(word)
        if term is None:
            term = self.stem(form_of(word))
            if len(self._terms) >= self._MEMORY:
                self._terms.clear()
            self._terms[word] = term
        return term

    def stem(self, form: str) -> str:
        """The term of a form: the stem of a word or compound; an acronym in capitals is a term of its own."""
        if form.startswith(EXTRA):
            form = form.split(EXTRA)[1]
            if form.isupper() and CAPITALS.fullmatch(form):
                return form
        return form if self._stemmer is None else self._stemmer.stemWord(form)

    def stems(self, forms: Sequence[str]) -> list[str]:
        """The terms of many forms."""
        words = [form.split(EXTRA, 2)[1] if form[:1] == EXTRA else form for form in forms]
        if self._stemmer is None:
            return words
        stems: list[str] = self._stemmer.stemWords(words)
        for place, word in enumerate(words):
            if word.isupper() and CAPITALS.fullmatch(word):
                stems[place] = word
        return stems

    def prepare(self, text: str) -> str:
        """`text` as it is cut into tokens, equally long: elided articles are separated, or gone."""
        return text if self._elisions is None else self._elisions.resolve(text)

    def pretokenize(self, texts: Iterable[str]) -> tuple[bytes, list[int]]:
        """The tokens of texts in UTF-8, a space before each text, and how many bytes each takes with its space.

        Between two tokens is a space, or what joins them: `-`, `.`. An apostrophe is `APOSTROPHE`, so that every byte
        of a token is above those between tokens. Text is cut by a table of bytes instead of the pattern, many times
        faster, unless it has characters whose part in a word depends on those around them. That leaves apostrophes
        around tokens, and alone between spaces: they are no part of any token.
        """
        # Where it is all ASCII, an apostrophe alone asks for more than the table.
        plain = [text.encode() if text.isascii() and "'" not in text else _plain(self.prepare(text)) for text in texts]
        return b" ".join((b"", *plain)).translate(_TABLE), [len(text) + 1 for text in plain]

    def terms(self, text: str) -> list[str]:
        """The terms of `text`; a term's position is its place in this list."""
        text = self.prepare(text)
        found = _pattern(text).findall(text)
        known, term = self._terms, self.term
        return [known.get(word) or term(word) for word in found]

    def forms(self, text: str) -> list[str]:
        """The words of `text` as written, folded; one for each of its terms."""
        text = self.prepare(text)
        found = _pattern(text).findall(text)
        forms = {word: self._form(word) for word in frozenset(found)}
        return [forms[word] for word in found]

    def terms_of(self, words: Iterable[str]) -> dict[str, str]:
        """The term of each of some tokens."""
        known, term = self._terms, self.term
        return {word: known.get(word) or term(word) for word in words}

    def forms_of(self, words: Iterable[str]) -> dict[str, str]:
        """The form of each of some tokens."""
        return {word: self._form(word) for word in words}

    def find_tokens(self, text: str) -> list[re.Match[str]]:
        """The tokens of `text` as they stand in it; their positions are those of its terms."""
        return self.cut(self.prepare(text))

    def cut(self, prepared: str, start: int = 0, end: int = sys.maxsize) -> list[re.Match[str]]:
        """The tokens of a prepared text, or of a part of it that begins and ends at white space."""
        return list(_pattern(prepared[start:end]).finditer(prepared, start, end))

    def words(self, prepared: str) -> list[str]:
        """The tokens of a prepared text without their places."""
        return _pattern(prepared).findall(prepared)

    def count_tokens(self, prepared: str, start: int, end: int, most: int) -> int:
        """How many tokens are in such a part, `most` or more counted as `most`."""
        if end - start <= _SHORT_PART:
            part = prepared[start:end]
            if part.isascii() and "'" not in part:
                return min(f" {part}".encode().translate(_LETTERS).count(b" a"), most)
            return min(len(self.words(part)), most)
        return sum(1 for _ in islice(_pattern(prepared).finditer(prepared, start, end), most))

    def _form(self, word: str) -> str:
        form = self._forms.get(word)
        if form is None:
            form = form_of(word)
            if len(self._forms) >= self._MEMORY:
                self._forms.clear()
            self._forms[word] = form
        return form

    def compounds(self, text: str) -> list[Compound]:
        """The compounds of `text`, every two neighbours and the whole of each, by first part and then by length."""
        return self.compounds_among(self.find_tokens(text))

    def compounds_among(self, tokens: Sequence[re.Match[str]]) -> list[Compound]:
        """The same of a text whose tokens are known: see `find_tokens`."""
        found = []
        for first, last, dotted, chained in _compound_places(tokens):
            parts = tuple(self._form(token[0]) for token in tokens[first : last + 1])
            if all(parts):
                found.append(Compound(first, parts, dotted, chained))
        return found

    def extra_forms(self, text: str) -> list[str]:
        """What is indexed of `text` besides its words, in order: compounds, then acronyms in capitals, each once.

        Not all compounds are: see `Compound.is_indexed`.
        """
        tokens = self.find_tokens(text)
        acronyms = {place: token[0] for place, token in enumerate(tokens) if CAPITALS.fullmatch(token[0])}
        for first, last, dotted, _ in _compound_places(tokens):
            if dotted and CAPITALS.fullmatch(acronym := "".join(token[0] for token in tokens[first : last + 1])):
                acronyms[first] = acronym
        distinct = dict.fromkeys(word for _, word in sorted(acronyms.items()))
        compounds = [compound_form(each.parts) for each in self.compounds_among(tokens) if each.is_indexed]
        return [*compounds, *(EXTRA + word for word in distinct)]

    def spans(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Where the tokens of `text[start:end]` begin and end in the whole of `text`; one for each of its terms."""
        end = len(text) if end is None else end
        part = self.prepare(text[start:end])
        return [(match.start() + start, match.end() + start) for match in _pattern(text).finditer(part)]

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of `text`."""
        return (Token(term, *span) for term, span in zip(self.terms(text), self.spans(text), strict=True))


def form_of(word: str) -> str:
    """The form of one token: without case, accents, apostrophes and possessive 's."""
    if word.isascii() and word.isalnum():
        return word.lower()
    return _POSSESSIVE.sub("", fold(word)).replace("'", "")


def _compound_places(tokens: Sequence[re.Match[str]]) -> list[tuple[int, int, bool, bool]]:
    """The compounds among the tokens of a text: the positions of the first part and the last, dotted and chained.

    By first part, and then by length.
    """
    kinds: dict[int, str] = {}
    end, before = -1, ""
    for place, token in enumerate(tokens):
        start, after = token.start(), token[0]
        if start == end + 1 and end > 0 and (kind := _joint(token.string[end], before, after)):
            kinds[place - 1] = kind
        end, before = token.end(), after
    found = []
    for first, kind in kinds.items():
        if kinds.get(first - 1) == kind:
            continue
        last = first
        while kinds.get(last) == kind:
            last += 1
        if kind == "-" and last - first > 1:
            found += [(part, part + 1, False, True) for part in range(first, last)]
        if last - first < MOST_PARTS:
            found.append((first, last, kind == ".", False))
    return sorted(found)


def _joint(between: str, before: str, after: str) -> str:
    """What makes two neighbours parts of a compound: a hyphen or a full stop, or nothing."""
    if between in _HYPHENS:  # of two numbers it makes a range
        return "" if before[-1] in _DIGITS and after[0] in _DIGITS else "-"
    return "." if between == "." and _LETTER_OF_ACRONYM(before) and _LETTER_OF_ACRONYM(after) else ""


def _pattern(text: str) -> re.Pattern[str]:
    """What finds the tokens of `text`."""
    return _ASCII_TOKEN if text.isascii() else re.compile(_TOKEN)


def _plain(text: str) -> bytes:
    """A prepared text in UTF-8, such that a table of bytes can cut it; see `Analyzer.pretokenize`."""
    data = text.encode(errors="replace")  # of a lone surrogate nothing is left
    is_plain = True
    if len(data) > len(text):
        for char in frozenset(data.translate(None, _ASCII).decode()):
            plain = _PLAIN_FORMS[char]
            if plain is None:
                is_plain = False
            elif plain is not char:
                text, data = text.replace(char, plain), b""
        data = data or text.encode(errors="replace")
    if not is_plain or (b"'" in data and b"''" in data):  # one byte is found much faster than two
        # What joins stands between two tokens and nothing else does.
        found = re.findall(rf"(?:{_ASCII_TOKEN.pattern if text.isascii() else _TOKEN})(?:[-.](?=[^\W_]))?", text)
        data = " ".join(found).replace("- ", "-").replace(". ", ".").encode()
    return data


class _PlainForms(dict[str, str | None]):
    """Characters beyond ASCII -> a letter as it is, what stands for any other; None: that depends on its neighbours."""

    def __missing__(self, char: str) -> str | None:
        if char in _TYPOGRAPHY:
            plain: str | None = _TYPOGRAPHY[char]
        elif char in "'ʼ＇" or re.match(rf"[{_CJK_AND_SEA}{_MARKS}]", char):
            plain = None
        else:
            plain = char if char.isalnum() else " "
        self[char] = plain
        return plain


_PLAIN_FORMS = _PlainForms()
_ASCII = bytes(range(128))
#: The apostrophe and the hyphen that are part of words, in plain characters.
_TYPOGRAPHY = {"’": "'", "\u2010": "-", "\u2011": "-"}
#: The byte of an apostrophe inside a token.
APOSTROPHE = 0x7F
#: An a for every letter and digit of ASCII, and a space for all else.
_LETTERS = bytes(97 if chr(code).isalnum() else 32 for code in range(128)).ljust(256)
#: No byte of a token is one of these or below.
LAST_BETWEEN = 0x2F
#: Every byte of a text as it is in a token, or between tokens.
_TABLE = bytes(
    APOSTROPHE if chr(code) == "'" else code if code > 127 or chr(code).isalnum() or chr(code) in "-." else 32
    for code in range(256)
)
