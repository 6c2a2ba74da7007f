"""Articles as BibTeX, with everything escaped that TeX or BibTeX would take for its own.

Values stand in braces, which BibTeX counts even behind a backslash; so a brace in a
text becomes a command. Names that BibTeX would take apart wrongly get braces of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.model.article import Article
from archive.model.dates import enclosing_date
from archive.render.terminal import safe

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: "\\" + char for char in "%&$#_"},
    }
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UNFIT_KEY = re.compile(r"[^A-Za-z0-9._:+/-]")
_UNFIT_URL = re.compile(r"[\s{}\\\"<>^`|\x00-\x1f\x7f]|[^\x00-\x7f]")


def entry(article: Article) -> Iterator[str]:
    """One BibTeX entry: @article where a publication is known, otherwise @misc."""
    yield f"@{'article' if article.source else 'misc'}{{{_UNFIT_KEY.sub('-', article.id)},"
    for name, value in _values(article):
        yield f"  {name} = {value},"
    yield "}"


def _values(article: Article) -> Iterator[tuple[str, str]]:
    if article.authors:
        yield "author", f"{{{' and '.join(map(_name, article.authors))}}}"
    yield "title", f"{{{{{escape(article.title)}}}}}"
    if article.source:
        yield "journal", f"{{{escape(article.source)}}}"
    yield from _date(article.date)
    if article.people:
        yield "keywords", f"{{{_keywords(article.people)}}}"
    if article.venues:
        yield "note", f"{{{escape('Venues: ' + '; '.join(article.venues))}}}"
    if not article.source and article.path:
        yield "howpublished", f"{{{escape(article.path)}}}"
    if article.url:
        yield "url", f"{{{_UNFIT_URL.sub(_percent, article.url)}}}"


def _date(date: str | None) -> Iterator[tuple[str, str]]:
    """As much of the date as is known."""
    if not date:
        return
    if "/" in date or "X" in date:
        yield "year", f"{{{date}}}"
        return
    parts = enclosing_date(date).split("-")
    yield "year", f"{{{parts[0]}}}"
    if len(parts) > 1:
        yield "month", _MONTHS[int(parts[1]) - 1]
    if len(parts) > 2:
        yield "day", f"{{{int(parts[2])}}}"


def escape(text: str) -> str:
    """`text` as TeX shows it: one line, nothing in it a command."""
    return " ".join(safe(_CONTROL.sub("", text)).split()).translate(_SPECIAL)


def _name(name: str) -> str:
    """One author; in braces where BibTeX would see two, a list's end or too many parts."""
    parts = name.lower().split()
    braced = "and" in parts or parts == ["others"] or name.count(",") > 2
    return f"{{{escape(name)}}}" if braced else escape(name)


def _keywords(words: Iterable[str]) -> str:
    return ", ".join(f"{{{escape(word)}}}" if "," in word else escape(word) for word in words)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
