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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archive.errors import ArchiveError, NotFoundError, UsageError
from archive.model.article import Article
from archive.text.sentences import Span, paragraphs, sentences

_FORMS = (("'‘’‚‛ʼ`´", "['‘’‚‛ʼ`´]"), ('"“”„‟«»', '["“”„‟«»]'), ("-‐‑‒–—―−", "[-‐‑‒–—―−]{1,3}"))
_LONGEST = 20_000
_PHRASE = 8  # words by which a passage that is gone from its article is looked for elsewhere
_ELSEWHERE = 20  # articles that are looked at

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
        super().__init__(f"{article_id} does not say that; give the words as it has them")
        self.nearest = nearest


def quote(article: Article, text: str) -> Quote:
    """`text` as `article` has it; raises NotQuotedError with what is nearest, UsageError for no text."""
    if not _words(text):
        raise UsageError("there are no words to quote")
    if len(text) > _LONGEST:
        raise UsageError(f"a quotation has at most {_LONGEST:,} characters")
    found = next(_found(article, text), None)
    if found is None:
        raise NotQuotedError(article.id, _nearest(article, text))
    return found


def verify(given: Quote, get: Callable[[str], Article | None], search: Search) -> Verdict:
    """What has become of a quotation: in its paragraph, in its article, or in another that says the same."""
    article = get(given.id)
    found = list(_found(article, given.text)) if article else []
    if found:
        now = min(found, key=lambda each: (each.digest != given.digest, abs(each.paragraph - given.paragraph)))
        status = "unchanged" if now.paragraph == given.paragraph else "moved"
        return Verdict(status, given, now, now.digest == given.digest)
    for other in _elsewhere(given.text, search):
        for now in _found(other, given.text):
            return Verdict("moved", given, now, now.digest == given.digest)
    return Verdict("gone", given, nearest=_nearest(article, given.text) if article else None)


def _found(article: Article, text: str) -> Iterator[Quote]:
    """Every place where an article has a text, the title first."""
    pattern = _pattern(text)
    if match := pattern.search(article.title):
        yield _quoted(article, article.title, match.span(), 0, (0, len(article.title)))
    spans: list[Span] = []
    for match in pattern.finditer(article.body):
        spans = spans or paragraphs(article.body)
        number = next(at for at, (_, end) in enumerate(spans, 1) if match.start() < end)
        yield _quoted(article, article.body, match.span(), number, spans[number - 1])


def _quoted(article: Article, text: str, span: Span, number: int, paragraph: Span) -> Quote:
    return Quote(
        text[span[0] : span[1]], article.id, number, digest(text[paragraph[0] : paragraph[1]]),
        article.title, article.date, article.source, article.authors, article.url,
    )  # fmt: skip


def digest(paragraph: str) -> str:
    """What a paragraph is known by: it changes with any letter, and not where lines are broken."""
    return hashlib.sha256(" ".join(paragraph.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _pattern(text: str) -> re.Pattern[str]:
    """What finds a text, however its white space and typographic marks are typed."""
    parts = []
    for word in unicodedata.normalize("NFC", text).split():
        plain = re.sub(r"--+", "—", word).replace("...", "…")
        parts.append("".join(map(_character, plain)))
    return re.compile(r"\s+".join(parts))


def _character(char: str) -> str:
    if char == "…":
        return r"(?:…|\.\.\.)"
    return next((form for chars, form in _FORMS if char in chars), re.escape(char))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text)


def _nearest(article: Article, text: str) -> Quote | None:
    """The sentences of an article in which the most like `text` stands; None if nothing is like it."""
    from rapidfuzz import fuzz

    found = fuzz.partial_ratio_alignment(text, article.body, score_cutoff=50)
    if found is None or found.dest_start == found.dest_end:
        return None
    start, stop = found.dest_start, found.dest_end
    within = [each for each in sentences(article.body) if _shares(each, (start, stop))]
    if not within:
        return None
    spans = paragraphs(article.body)
    number = next(at for at, (_, end) in enumerate(spans, 1) if within[0][0] < end)
    end = min(within[-1][1], spans[number - 1][1])
    return _quoted(article, article.body, (within[0][0], end), number, spans[number - 1])


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
