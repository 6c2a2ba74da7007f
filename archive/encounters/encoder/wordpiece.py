"""The tokenizer of uncased BERT models: words cut into the longest pieces that a vocabulary has.

Same result as `BertTokenizer` with `do_lower_case` (J. Devlin et al., "BERT", NAACL 2019; the splitting is
that of M. Schuster and K. Nakajima, "Japanese and Korean voice search", ICASSP 2012), with the standard
library alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

CLS, SEP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
#: A longer word is unknown as a whole.
_LONGEST_WORD = 100
#: Blocks of Chinese characters, each of which is a word of its own.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Turns text into the numbers of a vocabulary's pieces; a piece that continues a word begins with "##"."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self.cls, self.sep, self._unknown = (self._numbers[special] for special in (CLS, SEP, UNKNOWN))
        self._longest = max(map(len, vocabulary))
        self._pieces_of = lru_cache(maxsize=1 << 15)(self._split)

    def encode(self, text: str) -> list[int]:
        """The pieces of a text, without [CLS] and [SEP]."""
        return [number for word in words(text) for number in self._pieces_of(word)]

    def _split(self, word: str) -> tuple[int, ...]:
        """Greedy longest match from the left; a word with an unknown rest is unknown as a whole."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def load_wordpiece() -> WordPiece:
    """The tokenizer with the vocabulary that is part of the package."""
    return WordPiece(files(__package__).joinpath("vocabulary.txt").read_text("utf-8").removesuffix("\n").split("\n"))


def words(text: str) -> Iterator[str]:
    """The words of a text in small letters without accents; each mark and each ideograph is a word."""
    cleaned = "".join(_cleaned(text))
    for word in cleaned.split():
        plain = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if not _is_accent(char))
        yield from _at_marks(plain)


def _cleaned(text: str) -> Iterator[str]:
    for char in text:
        if char in "\t\n\r" or (char.isspace() and unicodedata.category(char) == "Zs"):
            yield " "
        elif char in "\0�" or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs"):
            continue
        elif _is_ideograph(char):
            yield f" {char} "
        else:
            yield char


def _at_marks(word: str) -> Iterable[str]:
    start = 0
    for at, char in enumerate(word):
        if _is_mark(char):
            if at > start:
                yield word[start:at]
            yield char
            start = at + 1
    if start < len(word):
        yield word[start:]


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    """Whether it is punctuation; every ASCII character that is no letter, digit or space counts."""
    return (char.isascii() and not char.isalnum()) or unicodedata.category(char).startswith("P")


@lru_cache(maxsize=4096)
def _is_accent(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return code >= 0x3400 and any(first <= code <= last for first, last in _IDEOGRAPHS)
