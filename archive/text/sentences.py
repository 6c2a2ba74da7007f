"""Where the sentences and paragraphs of a text begin and end.

An encounter is proved by a sentence and a quotation is anchored to a paragraph, so both are
spans of the text as it stands: (start, end) character offsets, without the white space
around them, in order and without overlap, covering everything that is not white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

Span = tuple[int, int]


def wordset(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


#: One or more empty lines; other white space may stand in them.
_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_STOPS = ".!?…‽؟۔।॥։።"
_FULL_STOPS = "。！？｡．"
_CLOSERS = "\"'”’»›)\\]}」』）》〉】"
#: A stop with whatever closes after it (quotes, brackets, a note's number), and the white space
#: that follows; the stops of Chinese and Japanese need none.
_STOP = re.compile(
    rf"(?<![{_STOPS}])[{_STOPS}]++[{_CLOSERS}]*+(?:\[\d{{1,3}}\])*+(?=\s)|[{_FULL_STOPS}]++[{_CLOSERS}]*+",
)
#: A heading, or a mark at the beginning of a line that makes the line an item of a list.
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"[-*+•‣◦–—]\s")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}[.)]|[a-z]\))\s")
_BROKEN_OFF = 0.75  # of the paragraph's width: a line shorter than that was not wrapped
_NEXT_WORD = re.compile(r"[\s\"'“”‘’«»‹›(\[{¿¡*_–—-]*([^\W_]+)")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»‹›()\[\]{}–—/-]+\Z")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE = 160  # no headline is longer
_LONGEST_WORD = 24
_LOOK_AHEAD = 64
_AROUND = 1_000

#: Short forms after which a name or a number follows, so that a sentence hardly ever ends there.
_LEADING = wordset(
    """adm amb art bp brig bro capt card cdr cf cl cmdr col comdr cpl cpt dep det dip dir doc dott dr dra drs ed eng
    fig fr frl ft gen gov herr hon hr ing insp int lic lt ltc m maj me mgr mlle mm mme mr mrs ms msgr mt mx no nos nr
    op p par pp pres prof ptes pte pvt rep reps rev revd rt sec sen sens sgt sig sir sr sra srta st sta ste supt
    tel test ven viz vol vs z"""
)
#: Short forms that may stand at a sentence's end: it goes on unless a common beginning follows.
_EITHER = wordset(
    """a.k.a al anon approx apr assn ast aug ave blvd bros ca co corp dec dept dist e.g esq est et etc feb i.e inc
    jan jr jul jun ltd mar md mfg mus nov oct ok ph.d phd pl plc pty pub rd sep sept sq univ usw bzw resp ung u.a
    wash calif mass conn fla ill tex"""
)
#: Of both, those that are words as well: in small letters they are short forms only before a number.
_WORDS_AS_WELL = wordset("art bro dip ill mass me no ok pub sec sun test tel wash")
#: Words that, written with a capital, begin a sentence far more often than a name.
BEGINNERS = wordset(
    """a after all also although an and another any as asked at because before but by despite during each even
    every few first for from had has have he her here hers his how however i if in indeed instead is it its last
    later many meanwhile most mr mrs ms my neither never next no nobody none not nothing now of on once one only or
    others our perhaps she since so some soon still such that the their them then there these they this those though
    three through thus to today tomorrow too two under until was we were what when where whether which while who why
    with within without yesterday yet you your
    der die das ein eine er sie es und aber le la les un une il elle ils et mais el los las una pero y"""
)
_MONTHS = wordset(
    """januar jänner februar märz april mai juni juli august september oktober november dezember marts maj maja
    december januari februari mars juni augusti"""
)


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs: what stands between empty lines."""
    spans = []
    start = 0
    for gap in _GAP.finditer(text):
        spans.append((start, gap.start()))
        start = gap.end()
    spans.append((start, len(text)))
    return [span for first, last in spans if (span := _trimmed(text, first, last))[0] < span[1]]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, none of which goes beyond a paragraph.

    A heading, an item of a list and a line that was broken off early are sentences without a
    stop. Abbreviations, initials and decimals do not end one, nor does a stop before a small
    letter. Linear in the text's length.
    """
    found = []
    for first, last in paragraphs(text):
        start = first
        for end in sorted({*_line_ends(text, first, last), *_stops(text, first, last), last}):
            span = _trimmed(text, start, end)
            if span[0] < span[1]:
                found.append(span)
            start = end
    return found


def sentence_around(text: str, at: int) -> Span:
    """The sentence in which an offset stands; so much of it as is near."""
    first, last = max(0, at - _AROUND), min(len(text), at + _AROUND)
    for start, end in sentences(text[first:last]):
        if at < first + end:
            return first + start, first + end
    return at, at


def is_title_case(line: str, least: int = 3) -> bool:
    """Whether nearly all longer words of a line have capitals, as in a headline, and no full stop ends it.

    `least` is how many longer words there must be.
    """
    if len(line) > _TITLE or line[-1:] == ".":
        return False
    long = [word for word in _LETTERS.findall(line) if len(word) > 3]
    return len(long) >= least and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _line_ends(text: str, first: int, last: int) -> Iterator[int]:
    """Ends of the lines after which something new begins: headings, list items, lines broken off early."""
    if text.find("\n", first, last) < 0:
        return
    lines = text[first:last].split("\n")
    width = max(map(len, lines))
    at = first
    for line, following in pairwise(lines):
        at += len(line) + 1
        if _breaks(line.strip(), following.strip(), width):
            yield at


def _breaks(line: str, after: str, width: int) -> bool:
    """Whether `after` is no continuation of the `line` before it, in a paragraph so wide."""
    if _HEADING.match(line) or _HEADING.match(after) or _ITEM.match(after):
        return True
    if _NUMBERED.match(after):
        return line[-1] in ".!?…:;" or bool(_NUMBERED.match(line) or _ITEM.match(line))
    if is_title_case(line) and not after[0].islower():
        return True
    return len(line) < _BROKEN_OFF * width and line[-1] not in ",;" and not after[0].islower()


def _stops(text: str, first: int, last: int) -> Iterator[int]:
    """Ends of the sentences that have a stop."""
    for stop in _STOP.finditer(text, first, last):
        if stop.end() < last and _ends(text, first, stop):
            yield stop.end()


def _ends(text: str, first: int, stop: re.Match[str]) -> bool:
    mark = stop[0]
    if mark[0] in _FULL_STOPS:
        return True
    following = _NEXT_WORD.match(text, stop.end(), stop.end() + _LOOK_AHEAD)
    if following is None:
        return True
    word = following[1]
    if word[0].islower():
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    return _ends_after(text, first, stop.start(), word, closed=len(mark) > 1)


def _ends_after(text: str, first: int, place: int, word: str, *, closed: bool) -> bool:
    """Whether the full stop at `place` ends a sentence, `word` being the next; `closed` by a quote or bracket."""
    found = _WORD_BEFORE.search(text, max(first, place - _LONGEST_WORD), place)
    before = found[0] if found else ""
    short = before.casefold()
    begins = word.casefold() in BEGINNERS
    if short in _WORDS_AS_WELL and (before.islower() or short == "no") and not word[0].isdigit():
        return True
    if short in _LEADING:
        return closed
    if short in _EITHER or _is_initial(before):
        return begins
    if len(short) <= 2 and short.isdigit():
        return not _begins(text, first, place - len(before)) and word.casefold() not in _MONTHS
    return True


def _is_initial(word: str) -> bool:
    """One capital, as in "J. Smith", or letters with stops between them, as in "U.S."."""
    letters = word.split(".")
    return all(len(letter) == 1 and letter.isalpha() for letter in letters) and (len(letters) > 1 or word.isupper())


def _begins(text: str, first: int, place: int) -> bool:
    """Whether what stands at `place` begins a line or follows a sentence, as the number of an item does."""
    before = text[max(first, place - 8) : place].rstrip(" \t(")
    return before == "" or before[-1] in "\n.!?…:;"
