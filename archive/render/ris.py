"""Articles as RIS, which Zotero, EndNote, Mendeley and Citavi read: a tag and a value a line, as UTF-8.

The format has no escapes: every value is one line. Source: RIS Format Specifications, Clarivate (2011).
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.model.article import Article
from archive.model.dates import enclosing_date
from archive.render.terminal import safe


def entry(article: Article) -> Iterator[str]:
    """One reference: NEWS where a publication is known, otherwise GEN; ends with an empty line."""
    yield _line("TY", "NEWS" if article.source else "GEN")
    for tag, value in _values(article):
        if text := " ".join(safe(value).split()):
            yield _line(tag, text)
    yield _line("ER", "")
    yield ""


def _line(tag: str, value: str) -> str:
    return f"{tag}  - {value}"


def _values(article: Article) -> Iterator[tuple[str, str]]:
    yield "ID", article.id
    yield from (("AU", name) for name in article.authors)
    yield "TI", article.title
    yield "T2", article.source
    yield from _date(article.date)
    yield from (("KW", word) for word in dict.fromkeys((*article.tags, *article.people)))
    if article.venues:
        yield "N1", f"Venues: {'; '.join(article.venues)}"
    yield "LA", article.language
    yield "UR", article.url
    yield "N1", f"File: {article.path}" if article.path else ""


def _date(date: str | None) -> Iterator[tuple[str, str]]:
    """As much of the date as is known: `PY` is a year, `DA` year, month and day with slashes."""
    if not date:
        return
    if "X" in date:
        yield "N1", f"Date: {date}"
        return
    if "/" in date:
        yield "N1", f"Date: {date}"
    enclosing = enclosing_date(date)
    if "X" in enclosing:
        return
    year, month, day = (*enclosing.split("-"), "", "")[:3]
    yield "PY", year
    yield "DA", f"{year}/{month}/{day}/"
