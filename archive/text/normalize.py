"""Text as names are looked for in it: small plain letters, with a space before whatever can begin a name.

A space stands in front of the text, and instead of line ends, quotes, brackets and other marks,
so that a name begins after a space. Hyphens, full stops and apostrophes inside words stay.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from archive.text.analyzer import fold

_APOSTROPHES = "’ʼ＇"
_HYPHENS = "\u2010\u2011"
_KEPT = "'-.&"
_ZERO_WIDTH_SPACE = "\u200b"
_PLAIN = bytes(
    ord(char.lower()) if char.isalnum() or char in _KEPT else 32 for char in map(chr, range(128))
) + bytes(128)  # fmt: skip
#: Scripts written without spaces: a name in them may begin and end anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
#: Marks before a capital that may be no part of the name after them: "pro-Byrne", "d'Émile", and a stop without a
#: space after it; and the words before them that say so.
_JOINING = re.compile("[-.'’](?=[A-Z\u00c0-\u00de])")
_PREFIXES = frozenset(("anti", "ex", "non", "post", "pre", "pro"))
_ELISIONS = frozenset(("c", "d", "j", "l", "m", "n", "qu", "s", "t"))
_WORD_BEFORE = re.compile(r"\w*\Z")
#: A line end with the white space around it, or white space longer than a character. It begins with a set of
#: characters, which `re` looks for fastest.
_SPACING = re.compile(r"[ \t\n](?:(?<=\n)[ \t]*|[ \t]*\n[ \t]*|[ \t]+)")


#: So many characters are sooner looked for in a text one by one than all of a text's in a set.
_FEW = 200


class _FoldingTable(dict[int, str]):
    """Folds each character once; `odd` are those that do not become one character."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = _folded(char)
        if len(folded) != 1:
            self.odd.add(char)
        return folded


def _folded(char: str) -> str:
    if char.isalnum():
        return fold(char)
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _KEPT:
        return char
    if char == _ZERO_WIDTH_SPACE:
        return " "
    category = unicodedata.category(char)
    if category in ("Mn", "Mc"):
        return "" if "\u0300" <= char <= "\u036f" else char
    return "" if category == "Cf" else " "


_TABLE = _FoldingTable()


def is_unspaced(char: str) -> bool:
    """Whether `char` is of a script that is written without spaces between words."""
    return not char.isascii() and _UNSPACED.match(char) is not None


class NormalizedText:
    """A text and its folded form.

    text     the folded form; every place in it stands for one in the original
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self._spaced = "  " in original or "\n " in original or " \n" in original
        self._stretches: tuple[array[int], array[int]] | None = None
        joined = _JOINING.sub(_unjoined, original)  # as long as before
        folded = fold_letters(_SPACING.sub(" ", joined) if self._spaced else joined)
        # A quote that opens is no apostrophe.
        self.text = f" {folded}".replace(" '", "  ")

    def original_offset(self, at: int) -> int:
        """The offset in the original of an offset in `text`."""
        if self._stretches is None:
            self._stretches = self._find_stretches()
        begins, originals = self._stretches
        at -= 1
        if not begins:
            return at
        number = bisect_right(begins, at) - 1
        original = originals[number] + at - begins[number]
        if number + 1 == len(begins):
            return original
        # One character may have become several: all of them stand for it.
        return max(originals[number], min(original, originals[number + 1] - 1))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of one in `text`."""
        if self._stretches is None:
            self._stretches = self._find_stretches()
        if not self._stretches[0]:
            return start - 1, end - 1
        return self.original_offset(start), self.original_offset(end - 1) + 1

    def blanked(self, spans: Sequence[tuple[int, int]]) -> str:
        """The folded text without what stands in some spans of the original, which are in order, but as long.

        Where the two texts differ in length it is all of it.
        """
        if self._stretches is None:
            self._stretches = self._find_stretches()
        if self._stretches[0] or not spans:
            return self.text
        pieces, at = [], 0
        for start, end in spans:
            pieces.append(self.text[at : start + 1])
            pieces.append("\0" * (end - start))
            at = end + 1
        return "".join([*pieces, self.text[at:]])

    def _find_stretches(self) -> tuple[array[int], array[int]]:
        """Where stretches begin that are equally long in both texts, folded and original; none for the whole."""
        begins, originals = array("q"), array("q")
        odd = "" if self.original.isascii() else "".join(sorted(_odd_in(self.original)))
        patterns = [*([_SPACING.pattern] if self._spaced else []), *([f"[{re.escape(odd)}]"] if odd else [])]
        if not patterns:
            return begins, originals
        begins.append(0)
        originals.append(0)
        shift = 0
        for match in re.finditer("|".join(patterns), self.original):
            folded = " " if match[0].isspace() else _TABLE[ord(match[0])]
            begins.append(match.start() + shift)
            originals.append(match.start())
            shift += len(folded) - len(match[0])
            begins.append(match.end() + shift)
            originals.append(match.end())
        return begins, originals


def _odd_in(text: str) -> set[str]:
    """The characters of a text that do not become one character when folded."""
    odd = _TABLE.odd.copy()  # another thread may add to it
    return {char for char in odd if char in text} if len(odd) < _FEW else odd.intersection(text)


def fold_letters(text: str) -> str:
    """A text as `NormalizedText` folds its characters, each by itself: what no part of this has is in no such text."""
    try:
        plain = text.encode("ascii", _FOLDING)
    except UnicodeEncodeError:  # letters that have no plain form
        return text.translate(_TABLE)
    return plain.translate(_PLAIN).decode()


def _fold_foreign(error: UnicodeError) -> tuple[str, int]:
    """An error handler of `str.encode`, which is the fastest way to what is not plain in a text."""
    assert isinstance(error, UnicodeEncodeError)
    folded = error.object[error.start : error.end].translate(_TABLE)
    if not folded.isascii():
        raise error
    return folded, error.end


_FOLDING = "archive.text.normalize"
codecs.register_error(_FOLDING, _fold_foreign)


def _unjoined(match: re.Match[str]) -> str:
    """A space where a mark only joins a name to the word before it."""
    mark, at = match[0], match.start()
    before = match.string[max(0, at - 5) : at]
    if mark == ".":
        return " " if len(before) > 1 and before[-2:].isalpha() and before[-2:].islower() else mark
    word = _WORD_BEFORE.search(before)
    is_joined = word is not None and word[0] in (_PREFIXES if mark == "-" else _ELISIONS)
    return " " if is_joined else mark


@lru_cache(maxsize=65_536)
def folded_name(name: str) -> str:
    """A name as it stands in a folded text, without the space before it."""
    return " ".join(NormalizedText(name).text.split())
