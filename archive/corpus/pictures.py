"""Photographs that an article links or names: their captions are paragraphs of it, where the pictures are.

Such a photograph is no article of its own. Its names and captions belong to the text that shows it, so they are read
with it, and the article is read again when one of its pictures changes.
"""

# Plain text for paths, as everywhere in the walk over a corpus:
# ruff: noqa: PTH113, PTH116, PTH122

from __future__ import annotations

import html
import os.path
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from archive.corpus.decode import InvalidArticle, collapse_whitespace, decode
from archive.corpus.front_matter import split
from archive.corpus.rendered_text import RenderedText
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

if TYPE_CHECKING:
    from archive.corpus.formats.registry import Format, Reader, ReadOptions
    from archive.corpus.scan import Source

    Loader = Callable[[Format], Reader]

#: Endings of the names of photographs.
ENDINGS = (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp")
#: The most pictures of one article.
_MAX = 500
_LONGEST = 300
#: What stands before a name that may have spaces in it.
_LINK_MARKS = tuple("\"'(<[|")
_NAME = re.compile(
    rf"(?<![^\s\"'()<>\[\]|=,;])(?!\w+://|//|data:)[^\n\"'()<>\[\]|=]{{1,{_LONGEST}}}?\.(?:jpe?g|tiff?|png|webp)(?![\w.])",
    re.IGNORECASE,
)
#: Formats with a block of metadata above their text.
_WITH_FRONT = ("markdown", "text")
#: By the text before a picture in its file its place is found in a text that is not the file's, line by line: from so
#: many characters of it, by the pieces between tags that are long enough to stand there once, so many of them.
_BEFORE, _SHORTEST, _PIECES = 5_000, 12, 8
_BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>?")


class _Shown(NamedTuple):
    """A picture of an article.

    path   as in Article.pictures
    line   of the file that names it
    row    of the body after whose paragraph it stands; -1 before the first
    caption  paragraphs, perhaps none
    """

    path: str
    line: int
    row: int
    caption: list[str]


def with_pictures(
    items: Iterable[Article | Problem], source: Source, options: ReadOptions, photo: Format, load: Loader
) -> Iterator[Article | Problem]:
    """The article of a source with the captions of the photographs that it links or names.

    photo, load   the format of photographs, and what gives a format's reader
    """
    for item in items:
        yield from _with_pictures(item, source, options, photo, load) if isinstance(item, Article) else [item]


def _with_pictures(
    article: Article, source: Source, options: ReadOptions, photo: Format, load: Loader
) -> Iterator[Article | Problem]:
    root = source.file[: -len(source.path)]

    def exists(path: str) -> bool:
        return os.path.isfile(root + path)

    text = _text(source.file, options.max_article_bytes)
    named = named_pictures(text, source.path, exists)
    beside: dict[str, list[int]] = {}
    if source.sidecar is not None:
        beside = named_pictures(_text(source.sidecar, options.max_article_bytes), source.path, exists)
    if not (named or beside):
        yield article
        return
    places = _Places(article, text, source, options)
    warnings: list[Problem] = []
    shown: list[_Shown] = []
    credits: list[str] = []
    for path in dict.fromkeys((*beside, *named)):
        line, row = places.find(named.get(path, ()))
        rows: list[str] = []
        if exists(path) and _is_inside(root + path, root):
            picture = _picture(source, root, path, photo)
            try:
                caption, its_credits = _caption(load(photo)(picture, options), warnings)
            except (InvalidArticle, OSError, ImportError):
                caption, its_credits = "", ()  # the photograph is a source as well, and is reported as that
            rows = [each for each in caption.split("\n") if each.strip() and each not in article.body]
            credits += its_credits
        shown.append(_Shown(path, line, row, rows))
    yield replace(_joined(article, shown), credits=tuple(dict.fromkeys((*article.credits, *credits))))
    yield from warnings


def _text(file: str, limit: int) -> str:
    try:
        with open_regular_file(file) as stream:
            data = stream.read(limit)
    except OSError:
        return ""
    try:
        return decode(data)
    except InvalidArticle:
        return data.decode("utf-8", "replace")


def named_pictures(text: str, path: str, exists: Callable[[str], bool]) -> dict[str, list[int]]:
    """The photographs that a text at a path below the archive's root names: paths like that one, each with its offsets.

    A name is one of a file beside the text, or with folders, from there or from the top of the corpus. A picture that
    is not there is named all the same, as it may be put there later.
    """
    folder, _, _ = path.rpartition("/")
    top = path.partition("/")[0]
    found: dict[str, list[int]] = {}
    lowered = text.lower()
    if not any(ending in lowered for ending in ENDINGS):
        return found
    for match in _NAME.finditer(text):
        name = match[0].strip()
        target = _target(name, folder, top)
        if " " in name and text[match.start() - 1 : match.start()] not in _LINK_MARKS and not exists(target):
            target = _target(name.rpartition(" ")[2], folder, top)  # the words before it are others
        if target.startswith(f"{top}/") and (target in found or len(found) < _MAX):
            found.setdefault(target, []).append(match.start())
    return found


class _Places:
    """Finds where in an article's body the pictures are that its file names.

    end    the row of a picture without a place in the text, such as one that the metadata name
    """

    def __init__(self, article: Article, text: str, source: Source, options: ReadOptions) -> None:
        self._text = text
        if source.format in _WITH_FRONT:
            self._body_at = _offset_of_line(text, split(text, source.path, options.keys).body_line)
        else:
            self._body_at = body.start() if (body := _BODY.search(text)) else 0
        self._lines = article.body.split("\n") if article.body else []
        self._numbers = _numbers(article, len(self._lines))
        self.end = len(self._lines) - 1
        self._body = ""

    def find(self, offsets: Sequence[int]) -> tuple[int, int]:
        """The line of the file, and the row of the body, for a picture whose name is at some offsets of the file."""
        offset = next((each for each in offsets if each >= self._body_at), -1)
        line = self._text.count("\n", 0, offset if offset >= 0 else (offsets or (0,))[0]) + 1
        if offset < 0 or not self._lines:
            return line, self.end
        row = self._by_line(line) if self._numbers else self._by_text(offset)
        while row >= 0 and not self._lines[row].strip():
            row -= 1
        return line, row

    def _by_line(self, line: int) -> int:
        return next((row for row, number in enumerate(self._numbers) if number > line), len(self._numbers)) - 1

    def _by_text(self, offset: int) -> int:
        """The row with the text that is before the picture in the file."""
        if not self._body:
            self._body = "\n".join(map(collapse_whitespace, self._lines))
        before = self._text[max(0, offset - _BEFORE) : offset]
        pieces = (collapse_whitespace(html.unescape(piece)) for piece in reversed(_TAG.split(before)[1:]))
        for piece in [each for each in pieces if len(each) >= _SHORTEST][:_PIECES]:
            if (at := self._body.rfind(piece)) >= 0:
                return self._body.count("\n", 0, at)
        return self.end


def _offset_of_line(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return at


def _numbers(article: Article, rows: int) -> list[int]:
    """Of each row of the body the line of the file; empty where those are not known."""
    if not article.line_by_line:
        return []
    numbers = list(range(article.line, article.line + rows))
    for first, skipped in article.line_map:
        numbers[first:] = range(article.line + first + skipped, article.line + rows + skipped)
    return numbers


def _styles(article: Article, rows: int) -> list[str]:
    styles = [""] * rows
    for block in article.blocks:
        styles[block.first_row : block.last_row + 1] = [block.style] * (block.last_row + 1 - block.first_row)
    return styles


def _target(name: str, folder: str, top: str) -> str:
    name = unquote(name.replace("\\", "/"))
    base = top if name.startswith("/") else folder
    return os.path.normpath(f"{base}/{name.lstrip('/')}").replace(os.sep, "/")


def _is_inside(file: str, root: str) -> bool:
    return os.path.realpath(file).startswith(os.path.realpath(root).rstrip(os.sep) + os.sep)


def _picture(source: Source, root: str, path: str, photo: Format) -> Source:
    """A photograph as a source of its own, in the corpus of another."""
    status = os.stat(root + path)
    return replace(
        source, path=path, file=root + path, format=photo.name, size=status.st_size, mtime_ns=status.st_mtime_ns,
        file_stamp="", sidecar=_beside(root + path, photo.sidecars), sidecar_size=0, sidecar_stamp="",
        may_have_pictures=False,
    )  # fmt: skip


def _caption(items: Iterable[Article | Problem], warnings: list[Problem]) -> tuple[str, tuple[str, ...]]:
    """A photograph's caption, with the people who are in it and not in the caption, and its credits."""
    caption = ""
    credits: tuple[str, ...] = ()
    for item in items:
        if isinstance(item, Article):
            others = [name for name in item.people if name.casefold() not in item.body.casefold()]
            names = f"({', '.join(others)})" if others else ""
            caption, credits = f"{item.body} {names}".strip(), item.credits
        elif item.what != "the article has no text":
            warnings.append(item)
    return caption, credits


def _beside(file: str, endings: Iterable[str]) -> str | None:
    stem = os.path.splitext(file)[0]
    return next((name + end for end in endings for name in (stem, file) if os.path.isfile(name + end)), None)


def _joined(article: Article, shown: Sequence[_Shown]) -> Article:
    """An article with captions behind the paragraphs of its pictures, each on the line that names the picture."""
    lines = article.body.split("\n") if article.body else []
    styles, numbers = _styles(article, len(lines)), _numbers(article, len(lines))
    joined = RenderedText([], [] if article.line_by_line else None, [])
    rows: dict[str, int] = {}
    moved: list[tuple[int, int]] = []  # rows of the body, and how many rows were added before them
    copied = 0
    for each in sorted(shown, key=lambda one: _paragraph_end(lines, styles, one.row)):
        end = _paragraph_end(lines, styles, each.row)
        moved.append((copied, len(joined.lines) - copied))
        _append(joined, lines[copied:end], numbers[copied:end], styles[copied:end])
        copied = max(copied, end)
        for caption in each.caption:
            if joined.lines:
                _append(joined, [""], [each.line], [""])
            _append(joined, [caption], [each.line], ["caption"])
        rows[each.path] = len(joined.lines) - 1
    if joined.lines and copied == 0 and lines:
        _append(joined, [""], [numbers[0] if numbers else 0], [""])
    moved.append((copied, len(joined.lines) - copied))
    _append(joined, lines[copied:], numbers[copied:], styles[copied:])
    return replace(
        article,
        body=joined.text,
        line=joined.numbers[0] if joined.numbers else article.line,
        line_map=joined.line_map(),
        blocks=joined.blocks(),
        links=tuple(
            each._replace(row=each.row + next(by for first, by in reversed(moved) if first <= each.row))
            for each in article.links
        ),
        pictures=tuple(each.path for each in shown),
        picture_rows=tuple(rows[each.path] for each in shown),
    )


def _paragraph_end(lines: Sequence[str], styles: Sequence[str], row: int) -> int:
    """The row behind the paragraph, or the block of code, with a row in it; 0 for a row before the first."""
    end = row + 1
    while 0 < end < len(lines) and (lines[end].strip() or (styles[end] == styles[end - 1] == "code")):
        end += 1
    return end


def _append(text: RenderedText, lines: Sequence[str], numbers: Sequence[int], styles: Sequence[str]) -> None:
    text.lines += lines
    text.styles = [*text.styles, *styles]
    if text.numbers is not None:
        text.numbers = [*text.numbers, *numbers]
