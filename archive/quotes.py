"""Quotations that can be verified: the text as it stands, where it stands, and a digest of that place.

A quotation names its article, the number of its paragraph (from 1; 0 is the title) and the
first 16 hexadecimal digits of the SHA-256 of that paragraph's text. White space, quotation
marks, apostrophes, dashes and ellipses may be typed in any of their forms; nothing else may
differ.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.errors import ArchiveError, NotFoundError, UsageError
from archive.model.article import Article
from archive.query.limits import COMPARING, MAX_QUOTE, check_length, current_deadline
from archive.text.sentences import Span, paragraphs, sentences

_FORMS = {"'": "‘’‚‛ʼ`´", '"': "“”„‟«»", "-": "‐‑‒–—―−"}
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_PLAIN = str.maketrans({char: plain for plain, chars in (*_FORMS.items(), (" ", _SPACES)) for char in chars})
#: What stands for one character, or one that stands for several.
_UNEVEN = re.compile(" {2,}|-{2,}|…")
#: Characters of a passage, and the product with those of the text, that are compared letter by letter.
_COMPARED, _AT_ONCE = 1_000, 100_000_000
_PHRASE = 8  # words by which a passage that is gone from its article is looked for elsewhere
_ELSEWHERE = 20  # articles that are looked at

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

#: Which articles have a query's words; `Archive.articles`.
Search = Callable[[str], Iterator[Article]]


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of an article.

    text        as the article has it
    id, title, date, source, authors, url   the article's
    paragraph   number of the paragraph in which it begins, from 1; 0 for the title
    digest      of that paragraph: 16 hexadecimal digits of its SHA-256
    """

    text: str
    id: str
    paragraph: int
    digest: str
    title: str = ""
    date: str | None = None
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has become of a quotation.

    status    "unchanged", "moved" or "gone"
    quote     as it was given
    now       where it stands now; None if it is gone
    intact    whether its whole paragraph is as it was
    nearest   what comes closest in its article, if it is gone
    """

    status: str
    quote: Quote
    now: Quote | None = None
    intact: bool = False
    nearest: Quote | None = None


class NotQuotedError(NotFoundError):
    """The article does not have the text; `nearest` is what comes closest, or None."""

    def __init__(self, article_id: str, nearest: Quote | None) -> None:
        super().__init__(f"{article_id} does not contain that", "quote its exact words")
        self.nearest = nearest


def quote(article: Article, text: str) -> Quote:
    """`text` as `article` has it; raises NotQuotedError with what is nearest, UsageError for no text."""
    if not _words(text):
        raise UsageError("there are no words to quote")
    check_length("the quotation", text, MAX_QUOTE)
    found = next(_places(article, text), None)
    if found is None:
        raise NotQuotedError(article.id, _nearest(article, text))
    return found.quote(article)


def verify(given: Quote, get: Callable[[str], Article | None], search: Search) -> Verdict:
    """What has become of a quotation: in its paragraph, in its article, or in another that says the same."""
    article = get(given.id)
    if article is not None and (now := _closest(article, given)) is not None:
        status = "unchanged" if now.paragraph == given.paragraph else "moved"
        return Verdict(status, given, now, now.digest == given.digest)
    for other in _elsewhere(given.text, search):
        if (place := next(_places(other, given.text), None)) is not None:
            now = place.quote(other)
            return Verdict("moved", given, now, now.digest == given.digest)
    return Verdict("gone", given, nearest=_nearest(article, given.text) if article else None)


def _closest(article: Article, given: Quote) -> Quote | None:
    """Where a quotation stands in an article: in the same paragraph if it can, otherwise in the nearest to that."""
    paragraphs_of: dict[int, _Place] = {}
    for place in current_deadline().checked(_places(article, given.text), work=COMPARING):
        paragraphs_of.setdefault(place.number, place)
    for number in sorted(paragraphs_of, key=lambda number: abs(number - given.paragraph)):
        now = paragraphs_of[number].quote(article)
        if now.digest == given.digest:
            return now
    nearest = min(paragraphs_of, key=lambda number: abs(number - given.paragraph), default=None)
    return None if nearest is None else paragraphs_of[nearest].quote(article)


class _Place(NamedTuple):
    """Where an article has a text: the paragraph's number (0: the title), its span, and the text's."""

    number: int
    paragraph: Span
    span: Span

    def quote(self, article: Article) -> Quote:
        return _quoted(article, article.body if self.number else article.title, self.span, self.number, self.paragraph)


def _places(article: Article, text: str) -> Iterator[_Place]:
    """Every place where an article has a text, the title first. Linear in the article's text."""
    wanted = _Plain(unicodedata.normalize("NFC", text)).text.strip()
    if span := next(_Plain(article.title).spans(wanted), None):
        yield _Place(0, (0, len(article.title)), span)
    within: list[Span] = []
    for span in _plain(article.body).spans(wanted):
        within = within or paragraphs(article.body)
        number = bisect_right(within, span[0], key=lambda paragraph: paragraph[1]) + 1
        yield _Place(number, within[number - 1], span)


class _Plain:
    """A text with its white space and typographic marks in their plainest form, which knows its places in the original.

    White space is one space, any number of dashes one hyphen, and an ellipsis three stops.
    """

    def __init__(self, original: str) -> None:
        even = original.translate(_PLAIN)
        self._begins, self._originals = array("q", [0]), array("q", [0])
        parts: list[str] = []
        length = end = 0
        for match in _UNEVEN.finditer(even):
            plain = "..." if match[0] == "…" else match[0][0]
            parts += [even[end : match.start()], plain]
            length += match.start() - end
            end = match.end()
            self._note(length, match.start())
            length += len(plain)
            self._note(length, end)
        self.text = "".join([*parts, even[end:]])

    def _note(self, begins: int, original: int) -> None:
        self._begins.append(begins)
        self._originals.append(original)

    def spans(self, wanted: str) -> Iterator[Span]:
        """Where the original has a plain text, as offsets in the original; no two overlap."""
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            start, end = self._original(at), self._original(at + len(wanted))
            whole = start is not None and end is not None
            if start is not None and end is not None:
                yield start, end
            at = self.text.find(wanted, at + (len(wanted) if whole else 1))

    def _original(self, at: int) -> int | None:
        """The offset in the original of one in `text`; None inside an ellipsis."""
        number = bisect_right(self._begins, at) - 1
        original = self._originals[number] + at - self._begins[number]
        is_last = number + 1 == len(self._begins)
        return None if not is_last and original >= self._originals[number + 1] else original


@lru_cache(maxsize=1)  # many quotations of one article are verified one after the other
def _plain(text: str) -> _Plain:
    return _Plain(text)


def _quoted(article: Article, text: str, span: Span, number: int, paragraph: Span) -> Quote:
    return Quote(
        text[span[0] : span[1]], article.id, number, digest(text[paragraph[0] : paragraph[1]]),
        article.title, article.date, article.source, article.authors, article.url,
    )  # fmt: skip


def digest(paragraph: str) -> str:
    """What a paragraph is known by: it changes with any letter, and not where lines are broken."""
    return hashlib.sha256(" ".join(paragraph.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _nearest(article: Article, text: str) -> Quote | None:
    """The sentences of an article in which the most like `text` stands; None if nothing is like it."""
    from rapidfuzz import fuzz

    current_deadline().check(COMPARING)
    text = text[:_COMPARED]
    first, last = (0, len(article.body)) if len(text) * len(article.body) <= _AT_ONCE else _region(text, article.body)
    found = fuzz.partial_ratio_alignment(text, article.body[first:last], score_cutoff=50)
    if found is None or found.dest_start == found.dest_end:
        return None
    start, stop = first + found.dest_start, first + found.dest_end
    within = [each for each in sentences(article.body) if _shares(each, (start, stop))]
    if not within:
        return None
    spans = paragraphs(article.body)
    number = bisect_right(spans, within[0][0], key=lambda span: span[1]) + 1
    end = min(within[-1][1], spans[number - 1][1])
    return _quoted(article, article.body, (within[0][0], end), number, spans[number - 1])


def _region(text: str, body: str) -> Span:
    """The piece of a long text with the most words of `text` near each other."""
    wanted = frozenset(_words(text))
    reach = 2 * len(text)
    inside: deque[tuple[int, str]] = deque()
    counts: Counter[str] = Counter()
    best, most = (0, reach), 0
    for match in current_deadline().checked(_WORD.finditer(body), work=COMPARING):
        if match[0] not in wanted:
            continue
        inside.append((match.start(), match[0]))
        counts[match[0]] += 1
        while inside[0][0] < match.end() - reach:
            _, gone = inside.popleft()
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
        if len(counts) > most:
            best, most = (inside[0][0], match.end()), len(counts)
    return max(0, best[0] - reach), min(len(body), best[1] + reach)


def _shares(one: Span, other: Span) -> bool:
    """Whether two spans have at least a third of the shorter in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return 3 * common >= min(one[1] - one[0], other[1] - other[0])


def _elsewhere(text: str, search: Search) -> Iterable[Article]:
    """Articles that may have a text, by the words in its middle."""
    words = _words(text)
    middle = max(0, (len(words) - _PHRASE) // 2)
    phrase = " ".join(words[middle : middle + _PHRASE])
    try:
        for _, article in zip(range(_ELSEWHERE), search(f'"{phrase}"'), strict=False):
            yield article
    except ArchiveError:
        return
