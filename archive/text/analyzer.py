"""From text to terms: the one place that decides what a word is.

A token is a run of letters, digits and combining marks (Unicode), with apostrophes
inside it; each Han, Kana or Thai character is a token of its own, so that scripts
without spaces can be searched by phrases. Its term has case and accents folded and a
possessive 's taken off, and is stemmed by Snowball (PyStemmer) where the field asks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from archive.errors import SettingsError

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
#: Letters that no Unicode decomposition turns into their plain form.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | dict.fromkeys("’ʼ＇", "'")
    | {"\u0671": "\u0627"}  # alef wasla
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


class Token(NamedTuple):
    """A term with the character offsets of the word it stands for."""

    term: str
    start: int
    end: int


def fold(text: str) -> str:
    """`text` without case, accents, points, invisible characters and typographic apostrophes; kana at full width."""
    text = text.casefold()
    if text.isascii():
        return text
    # Decomposing may bring capitals to light, and folding these more to decompose.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
    return unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", decomposed)).casefold()


def unstemmed_terms(text: str) -> list[str]:
    """The folded, unstemmed terms of `text`: for names and for finding facet values."""
    return Analyzer(None).terms(text)


class Analyzer:
    """Turns text into terms; remembers the words it has seen, so that each is stemmed once.

    `language` is a Snowball algorithm's name or code ("english", "en", "de" …), or None
    for words as they are. Raises SettingsError for a language without a stemmer.
    """

    #: Distinct words remembered before starting over: some 100 MB at the most.
    _MEMORY = 500_000

    def __init__(self, language: str | None) -> None:
        self.language = language
        self._stemmer: _Stemmer | None = None
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

    def __reduce__(self) -> tuple[type[Analyzer], tuple[str | None]]:
        return Analyzer, (self.language,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Analyzer) and other.language == self.language

    def __hash__(self) -> int:
        return hash(self.language)

    def term(self, word: str) -> str:
        """The term of one token."""
        term = self._terms.get(word)
        if term is None:
            if word.isascii() and word.isalnum():
                term = word.lower()
            else:
                term = _POSSESSIVE.sub("", fold(word)).replace("'", "")
            term = self.stem(term)
            if len(self._terms) >= self._MEMORY:
                self._terms.clear()
            self._terms[word] = term
        return term

    def stem(self, form: str) -> str:
        """The term of a word that is folded already."""
        return form if self._stemmer is None else self._stemmer.stemWord(form)

    def terms(self, text: str) -> list[str]:
        """The terms of `text`; a term's position is its place in this list."""
        found = _pattern(text).findall(text)
        known, term = self._terms, self.term
        return [known.get(word) or term(word) for word in found]

    def spans(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Where the tokens of `text[start:end]` begin and end in the whole of `text`; one for each of its terms."""
        return [match.span() for match in _pattern(text).finditer(text, start, len(text) if end is None else end)]

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of `text`."""
        return (Token(term, *span) for term, span in zip(self.terms(text), self.spans(text), strict=True))


def _pattern(text: str) -> re.Pattern[str]:
    """What finds the tokens of `text`."""
    return _ASCII_TOKEN if text.isascii() else re.compile(_TOKEN)


def pretokenize(text: str) -> bytes:
    """The tokens of `text` in UTF-8, without capitals where they are plain, and spaces between them.

    Plain text is cut by a table of bytes instead of the pattern, many times faster. That leaves
    apostrophes around tokens, and alone between spaces: they are no part of any token.
    """
    if not text.isascii():
        for typographic, plain in _TYPOGRAPHY:
            text = text.replace(typographic, plain)
    if not text.isascii():
        return " ".join(re.findall(_TOKEN, text)).encode().lower()
    if "''" in text:
        return " ".join(_ASCII_TOKEN.findall(text)).encode().lower()
    return text.encode().translate(_TABLE)


#: Marks that are no part of a word, and the apostrophe that is, in plain characters.
_TYPOGRAPHY = (("’", "'"), ("‘", " "), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\u00a0", " "))
#: Every byte of plain text as it is in a token, or a space between tokens.
_TABLE = bytes(
    code if chr(code) == "'" else ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32
    for code in range(256)
)
