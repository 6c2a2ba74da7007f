"""Text as names are looked for in it: small plain letters, with a space before whatever can begin a name.

A space stands in front of the text, and instead of line ends, quotes, brackets and other marks,
so that a name begins after a space. Hyphens, full stops and apostrophes inside words stay.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from archive.analysis import fold

_APOSTROPHES = "’ʼ＇"
_HYPHENS = "\u2010\u2011"
_KEPT = "'-.&"
#: Common marks, so that a text with no others is plain.
_TYPOGRAPHY = (("’", "'"), ("‘", " "), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\u00a0", " "))
_PLAIN = bytes(
    ord(char.lower()) if char.isalnum() or char in _KEPT else 32 for char in map(chr, range(128))
) + bytes(128)  # fmt: skip
#: Scripts written without spaces: a name in them may begin and end anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SPACES = ("  ", "\n ", " \n", "\t")
_SPACING = r"[ \t]*\n[ \t]*|[ \t]{2,}|\t"


class _Table(dict[int, str]):
    """Folds each character once; `odd` are those that do not become one character."""

    def __init__(self) -> None:
        super().__init__()
        self.odd = ""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = _folded(char)
        if len(folded) != 1:
            self.odd += char
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
    category = unicodedata.category(char)
    if category in ("Mn", "Mc"):
        return "" if "\u0300" <= char <= "\u036f" else char
    return "" if category == "Cf" else " "


_TABLE = _Table()


def is_unspaced(char: str) -> bool:
    """Whether `char` is of a script that is written without spaces between words."""
    return not char.isascii() and _UNSPACED.match(char) is not None


class Folded:
    """A text and its folded form.

    text     the folded form; every place in it stands for one in the original
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self._kept: list[tuple[int, int]] = []  # where in both texts a stretch of equal length begins
        plain = original
        if not plain.isascii():
            for mark, instead in _TYPOGRAPHY:
                plain = plain.replace(mark, instead)
        folded = _one_to_one(plain)
        pattern = _SPACING if any(run in original for run in _SPACES) else ""
        if odd := [char for char in _TABLE.odd if char in original] if not plain.isascii() else []:
            pattern = "|".join([*([pattern] if pattern else []), f"[{re.escape(''.join(odd))}]"])
        if pattern:
            folded = self._stretched(plain, re.compile(pattern))
        # A quote that opens is no apostrophe.
        self.text = f" {folded}".replace(" '", "  ")

    def _stretched(self, plain: str, odd: re.Pattern[str]) -> str:
        """The folded form where some of the original becomes longer or shorter."""
        parts: list[str] = []
        length = end = 0
        for match in odd.finditer(plain):
            self._kept.append((length, end))
            instead = " " if match[0].isspace() else _TABLE[ord(match[0])]
            parts += _one_to_one(plain[end : match.start()]), instead
            length += match.start() - end
            self._kept.append((length, match.start()))
            length += len(instead)
            end = match.end()
        self._kept.append((length, end))
        parts.append(_one_to_one(plain[end:]))
        return "".join(parts)

    def place(self, at: int) -> int:
        """The offset in the original of an offset in `text`."""
        at -= 1
        if not self._kept:
            return at
        stretch = bisect_right(self._kept, at, key=lambda stretch: stretch[0]) - 1
        begins, original = self._kept[stretch]
        if stretch + 1 == len(self._kept):
            return original + at - begins
        # One character may have become several: all of them stand for it.
        return max(original, min(original + at - begins, self._kept[stretch + 1][1] - 1))


def _one_to_one(text: str) -> str:
    if text.isascii():
        return text.encode().translate(_PLAIN).decode()
    return text.translate(_TABLE)


def folded_name(name: str) -> str:
    """A name as it stands in a folded text, without the space before it."""
    return " ".join(Folded(name).text.split())
