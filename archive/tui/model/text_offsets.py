"""Places in the text of an article: its paragraphs, its pieces, its matched words, what is quoted of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from archive.model.article import Article
from archive.render.terminal import Mark, safe


def paragraph(text: str, offset: int) -> Mark:
    """Where the paragraph around a place begins and ends: the lines up to the next empty one."""
    offset = max(0, min(offset, len(text)))
    before, after = text.rfind("\n", 0, offset), text.find("\n", offset)
    return before + 1, len(text) if after < 0 else after


def next_paragraph(text: str, offset: int, direction: int) -> int:
    """Where the next or the previous paragraph begins that has something in it."""
    start, end = paragraph(text, offset)
    while True:
        if direction > 0:
            if end >= len(text):
                return paragraph(text, offset)[0]
            start, end = paragraph(text, end + 1)
        else:
            if start <= 0:
                return paragraph(text, offset)[0] if text[: paragraph(text, offset)[1]].strip() else offset
            start, end = paragraph(text, start - 1)
        if text[start:end].strip():
            return start


def pieces(text: str, size: int, start: int = 0) -> Iterator[Mark]:
    """The text from a place on, in pieces of about a size that end where lines do."""
    while start < len(text):
        end = text.find("\n", start + size)
        end = len(text) if end < 0 else end + 1
        yield start, end
        start = end


def marks_within(marks: Sequence[Mark], start: int, end: int) -> list[Mark]:
    """The marks that begin from `start` to `end`; `marks` are in order."""
    return list(marks[bisect_left(marks, (start, -1)) : bisect_left(marks, (end, -1))])


def number_of(marks: Sequence[Mark], mark: Mark | None) -> int | None:
    """The place of a mark among marks that are in order."""
    if mark is None:
        return None
    number = bisect_left(marks, mark)
    return number if number < len(marks) and marks[number] == mark else None


def nearest(marks: Sequence[Mark], offset: int) -> Mark:
    """The mark that begins closest to a place; `marks` are in order and not empty."""
    after = bisect_left(marks, (offset, -1))
    return min(marks[max(0, after - 1) : after + 1], key=lambda mark: abs(mark[0] - offset))


def quotation(article: Article, text: str) -> str:
    """A quote with its citation, fit to be pasted anywhere."""
    quote = "\n".join(safe(line).strip() for line in text.strip().split("\n"))
    known = [article.title, article.source, article.date or "undated"]
    return f"“{quote}” — {', '.join(safe(part) for part in known if part)} ({article.id})"
