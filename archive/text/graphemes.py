"""Where one visible character ends and the next begins, and how many cells it takes.

Cutting inside a flag, a family emoji, a Hangul syllable or an accented letter shows
something that nobody wrote. The rules are those of Unicode Standard Annex 29 (extended
grapheme clusters); the properties Python does not know are the small tables below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ZWJ, _ZWNJ = "\u200d", "\u200c"
#: Text in which every character stands alone: Latin with typographic punctuation.
_SIMPLE = re.compile(r"[\x00-\x0c\x0e-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20cf]*")
_PICTOGRAPH = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3"
    "\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618"
    "\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660"
    "\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa"
    "\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea"
    "\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728"
    "\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf"
    "\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f004"
    "\U0001f02c-\U0001f02f\U0001f094-\U0001f09f\U0001f0af\U0001f0b0\U0001f0c0\U0001f0cf\U0001f0d0"
    "\U0001f0f6-\U0001f0ff\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a"
    "\U0001f1af-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a"
    "\U0001f23c-\U0001f23f\U0001f249-\U0001f25f\U0001f266-\U0001f321\U0001f324-\U0001f393\U0001f396"
    "\U0001f397\U0001f399-\U0001f39b\U0001f39e-\U0001f3f0\U0001f3f3-\U0001f3f5\U0001f3f7-\U0001f3fa"
    "\U0001f400-\U0001f4fd\U0001f4ff-\U0001f53d\U0001f549-\U0001f54e\U0001f550-\U0001f567\U0001f56f"
    "\U0001f570\U0001f573-\U0001f57a\U0001f587\U0001f58a-\U0001f58d\U0001f590\U0001f595\U0001f596"
    "\U0001f5a4\U0001f5a5\U0001f5a8\U0001f5b1\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4"
    "\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de\U0001f5e1\U0001f5e3\U0001f5e8\U0001f5ef\U0001f5f3"
    "\U0001f5fa-\U0001f64f\U0001f680-\U0001f6c5\U0001f6cb-\U0001f6d2\U0001f6d5-\U0001f6e5\U0001f6e9"
    "\U0001f6eb-\U0001f6f0\U0001f6f3-\U0001f6ff\U0001f7dc-\U0001f7f0\U0001f80c-\U0001f80f"
    "\U0001f848-\U0001f84f\U0001f85a-\U0001f85f\U0001f888-\U0001f88f\U0001f8ae\U0001f8af"
    "\U0001f8bc-\U0001f8bf\U0001f8c2-\U0001f8cf\U0001f8d9-\U0001f8ff\U0001f90c-\U0001f93a"
    "\U0001f93c-\U0001f945\U0001f947-\U0001f9ff\U0001fa58-\U0001fa5f\U0001fa6e-\U0001faff"
    "\U0001fc00-\U0001fffd]"
)
#: Joins what stands before it although it is no combining mark (emoji skin tones, tags …).
_EXTENDS = ("[\u0e33\u0eb3\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
#: Spacing marks that stand alone all the same (Myanmar and its neighbours).
_STANDS_ALONE = (
    "[\u102b\u102c\u1038\u1062-\u1064\u1067-\u106d\u1083\u1087-\u108c\u108f\u109a-\u109c\u1a61\u1a63\u1a64"
    "\uaa7b\uaa7d\U00011720\U00011721]"
)
#: Which kinds of Hangul letter may follow which in one syllable.
_SYLLABLE = {"L": ("L", "V", "LV", "LVT"), "V": ("V", "T"), "LV": ("V", "T"), "T": ("T",), "LVT": ("T",)}
_PREPENDED = (
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f"
    "\U00011941\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
#: Viramas that fuse two consonants into one conjunct, and the consonants.
_LINKERS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")
_CONSONANT = (
    "[\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09dc\u09dd\u09df"
    "\u09f0\u09f1\u0a95-\u0aa8\u0aaa-\u0ab0\u0ab2\u0ab3\u0ab5-\u0ab9\u0af9\u0b15-\u0b28\u0b2a-\u0b30\u0b32"
    "\u0b33\u0b35-\u0b39\u0b5c\u0b5d\u0b5f\u0b71\u0c15-\u0c28\u0c2a-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a]"
)


def graphemes(text: str) -> Iterator[str]:
    """The visible characters of `text`, in order; joined they are `text`."""
    if _SIMPLE.fullmatch(text):
        yield from text
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or _breaks(text, start, end):
            yield text[start:end]
            start = end


def surely_ends(text: str, at: int) -> bool:
    """Whether a grapheme ends before `text[at]`, told by what stands around it; in doubt it says no.

    A line end counts as the space that may be shown for it.
    """
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if _SIMPLE.fullmatch(before + after):
        return True
    category, previous = unicodedata.category(after), unicodedata.category(before)
    if category in ("Mn", "Mc", "Me", "Cf") or _joins(after) or before + after == "\r\n":
        return False
    if previous == "Cf" or re.match(_PREPENDED, before) or (previous in ("Mn", "Mc") and category == "Lo"):
        return False
    if (left := _jamo(before)) and (right := _jamo(after)):
        return right not in _SYLLABLE[left]
    return not _is_flag(before) or not _is_flag(after) or _flags_before(text, 0, at) % 2 == 0


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cluster_width, graphemes(text)))


def _cluster_width(cluster: str) -> int:
    """Cells of one grapheme: two for wide letters and emoji, none for bare marks."""
    if cluster.isascii():
        return 1
    base = cluster[0]
    if len(cluster) > 1 and ("\ufe0f" in cluster or _is_flag(base)):
        return 2
    if base in "\u200b\u200c\u200d\u2060" or unicodedata.category(base) in ("Mn", "Me"):
        return 0
    if _jamo(base) in ("V", "T"):
        return 1
    return 2 if unicodedata.east_asian_width(base) in "WF" else 1


def _breaks(text: str, start: int, at: int) -> bool:
    """Whether a grapheme that began at `start` ends before `text[at]`."""
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if _is_control(before) or _is_control(after):
        return True
    if _joins(after) or re.match(_PREPENDED, before):
        return False
    if (left := _jamo(before)) and (right := _jamo(after)):
        return right not in _SYLLABLE[left]
    if _is_flag(before) and _is_flag(after):
        return _flags_before(text, start, at) % 2 == 0
    if before == _ZWJ and re.match(_PICTOGRAPH, after):
        return not re.match(_PICTOGRAPH, _base(text, start, at))
    return not (re.match(_CONSONANT, after) and _is_conjunct(text, start, at))


def _is_flag(char: str) -> bool:
    """Whether the character is a letter of which two make a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flags_before(text: str, start: int, at: int) -> int:
    """How many letters of flags stand before `at` in a row, from `start` on."""
    first = at
    while first > start and _is_flag(text[first - 1]):
        first -= 1
    return at - first


def _base(text: str, start: int, at: int) -> str:
    """The character that the joiner before `at` and the marks before it belong to."""
    place = at - 2
    while place > start and _extends(text[place]):
        place -= 1
    return text[max(place, start)]


def _is_conjunct(text: str, start: int, at: int) -> bool:
    """Whether a consonant and a virama end at `at`, so that a consonant there fuses."""
    place, linked = at - 1, False
    while place > start and (text[place] == _ZWJ or _extends(text[place])) and text[place] != _ZWNJ:
        linked = linked or text[place] in _LINKERS
        place -= 1
    return linked and re.match(_CONSONANT, text[place]) is not None


def _extends(char: str) -> bool:
    """Whether the character only changes the one before it, and is no joiner."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return True
    return char not in "\u0e33\u0eb3\u200d" and re.match(_EXTENDS, char) is not None


def _is_control(char: str) -> bool:
    """Whether the character stands alone, whatever is around it."""
    if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return False
    return not (re.match(_EXTENDS, char) or re.match(_PREPENDED, char))


def _joins(char: str) -> bool:
    """Whether the character belongs to the one before it."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return True
    if unicodedata.category(char) == "Mc":
        return not re.match(_STANDS_ALONE, char)
    return re.match(_EXTENDS, char) is not None


def _jamo(char: str) -> str:
    """The kind of a Hangul letter or syllable: L, V, T, LV, LVT, or "" for others."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return ""
