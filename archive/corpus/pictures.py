"""Photographs that an article links or names: their captions are paragraphs of it.

Such a photograph is no article of its own. Its names and captions belong to the text that shows it, so they are read
with it, and the article is read again when one of its pictures changes.
"""

# Plain text for paths, as everywhere in the walk over a corpus:
# ruff: noqa: PTH113, PTH116, PTH122

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from archive.corpus.decode import InvalidArticle
from archive.model.article import Article, Block, Problem
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

    named = named_pictures(_text(source.file, options.max_article_bytes), source.path, exists)
    if source.sidecar is not None:
        beside = named_pictures(_text(source.sidecar, options.max_article_bytes), source.path, exists)
        named = dict.fromkeys(beside, 1) | named
    warnings: list[Problem] = []
    rows: list[tuple[str, int]] = []
    credits: list[str] = []
    for path, line in named.items():
        if not exists(path) or not _is_inside(root + path, root):
            continue
        try:
            picture = _picture(source, root, path, photo)
            caption, its_credits = _caption(load(photo)(picture, options), warnings)
        except (InvalidArticle, OSError, ImportError):
            continue  # the photograph is a source as well, and is reported as that
        rows += [(each, line) for each in caption.split("\n") if each.strip() and each not in article.body]
        credits += its_credits
    if named:
        article = _joined(article, rows)
        article = replace(article, pictures=tuple(named), credits=tuple(dict.fromkeys((*article.credits, *credits))))
    yield article
    yield from warnings


def _text(file: str, limit: int) -> str:
    try:
        with open_regular_file(file) as stream:
            return stream.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""


def named_pictures(text: str, path: str, exists: Callable[[str], bool]) -> dict[str, int]:
    """The photographs that a text at a path below the archive's root names, each with the line: paths like that one.

    A name is one of a file beside the text, or with folders, from there or from the top of the corpus. A picture that
    is not there is named all the same, as it may be put there later.
    """
    folder, _, _ = path.rpartition("/")
    top = path.partition("/")[0]
    found: dict[str, int] = {}
    lowered = text.lower()
    if not any(ending in lowered for ending in ENDINGS):
        return found
    counted, line = 0, 1
    for match in _NAME.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        name = match[0].strip()
        target = _target(name, folder, top)
        if " " in name and text[match.start() - 1 : match.start()] not in _LINK_MARKS and not exists(target):
            target = _target(name.rpartition(" ")[2], folder, top)  # the words before it are others
        if target.startswith(f"{top}/") and len(found) < _MAX:
            found.setdefault(target, line)
    return found


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


def _joined(article: Article, rows: list[tuple[str, int]]) -> Article:
    """An article with captions behind its text, each on the line of the file that names the picture."""
    if not rows:
        return article
    body, blocks, line_map = article.body, list(article.blocks), list(article.line_map)
    for caption, line in rows:
        body = f"{body}\n\n{caption}" if body else caption
        row = body.count("\n")
        blocks.append(Block("caption", row, row))
        if article.line_by_line:
            line_map.append((row, line - article.line - row))
    return replace(article, body=body, blocks=tuple(blocks), line_map=tuple(line_map))
