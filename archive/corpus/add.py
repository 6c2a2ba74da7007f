"""Putting a new article into the corpus: checked as any other, named by its id, never over another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.corpus.decode import clean
from archive.corpus.formats.registry import FORMATS, Format, ReadOptions, format_of
from archive.corpus.ids import with_suffix
from archive.corpus.scan import Source
from archive.corpus.serialize import to_front_matter, to_yaml
from archive.errors import UsageError
from archive.model.article import Article, Problem, Value
from archive.util.atomic_files import replace_file, sync_path

#: Formats whose files have their metadata in them.
_TEXTS = ("markdown", "text")

#: A file, and how it is read -> its articles.
Read = Callable[[Source, ReadOptions], Iterable[Article | Problem]]


def add(
    root: Path,
    content: bytes,
    suffix: str,
    metadata: Mapping[str, Value],
    options: ReadOptions,
    taken: Callable[[str], bool],
    read: Read,
) -> Article:
    """Write `content` into the corpus of the archive in `root`, and return its article.

    Text and Markdown get front matter; other formats are kept as they are, with the metadata in a `.yaml` beside
    them. `taken` says whether an article has an id already, and
    `read` reads one file as an indexing run does, within the limits of what a file may take.
    Raises UsageError for what could not be indexed.
    """
    suffix = suffix.lower()
    found = format_of(suffix and f"x{suffix}")
    if found is None or found.many:
        known = ", ".join(ending for each in FORMATS if not each.many for ending in each.endings)
        raise UsageError(f"a file with the ending {suffix!r} cannot be added as an article; it must be one of {known}")
    article = _checked(content, found, suffix, metadata, options, read)
    corpus = root / CORPUS_DIR
    for number in count(1):
        name = with_suffix(article.id, number)
        if number > 1 and "id" not in article.inferred:
            break
        try:
            path = None if taken(name) else _write(corpus, name, article, content, suffix, found, metadata, number > 1)
        except FileExistsError:
            continue
        except OSError as error:
            raise UsageError(f"the article cannot be written into {corpus}: {error.strerror}") from None
        if path is not None:
            return replace(article, id=name, path=path.relative_to(root).as_posix())
    raise UsageError(f"there is an article {article.id!r} already; give another id")


def largest_file(suffix: str, max_article_bytes: int) -> int:
    """The most bytes that a file with this ending may have: the text of a PDF may be a small part of it."""
    found = format_of(f"x{suffix}")
    return found.max_bytes if found and found.max_bytes else max_article_bytes


def _checked(
    content: bytes, found: Format, suffix: str, metadata: Mapping[str, Value], options: ReadOptions, read: Read
) -> Article:
    """The article that `content` makes, read as from a corpus."""
    with tempfile.TemporaryDirectory() as folder:
        file, sidecar = Path(folder, f"article{suffix}"), Path(folder, "article.yaml")
        file.write_bytes(content)
        sidecar.write_text(to_yaml(metadata), "utf-8")
        source = Source(
            f"article{suffix}", str(file), found.name, len(content), 0, sidecar=str(sidecar) if metadata else None
        )
        read_back, *rest = read(source, options)
    if wrong := [each for each in rest if isinstance(each, Problem) and not each.path.endswith(suffix)]:
        read_back = wrong[0]  # of what is declared in so many words, nothing may be left to be guessed
    if isinstance(read_back, Problem):
        what = read_back.what if read_back.path.endswith(suffix) else f"the metadata: {read_back.what}"
        what = what.replace(f"article{suffix}", "the text's own front matter")
        where = f"line {read_back.line}: " if read_back.line else ""
        raise UsageError(f"this cannot be added: {where}{what}; {read_back.remedy}")
    return read_back


def _write(
    corpus: Path,
    name: str,
    article: Article,
    content: bytes,
    suffix: str,
    found: Format,
    metadata: Mapping[str, Value],
    renamed: bool,
) -> Path:
    """Write the file or files; raises FileExistsError rather than touch one that is there."""
    if not corpus.is_dir():
        corpus.mkdir(exist_ok=True)
        sync_path(corpus.parent)
    pinned = {**metadata, "id": name} if renamed else dict(metadata)
    if found.name in _TEXTS:
        declared = tuple(each for each in article.inferred if each != "title" and not (renamed and each == "id"))
        front = to_front_matter(replace(article, id=name, inferred=declared))
        lines = clean(content.decode("utf-8-sig")).split("\n")[article.line - 1 :] if article.body else []
        return _create(corpus / f"{name}{suffix}", "\n".join([front, *lines]).rstrip().encode() + b"\n")
    if pinned:
        _create(corpus / f"{name}.yaml", to_yaml(pinned).encode())
    return _create(corpus / f"{name}{suffix}", content)


def _create(path: Path, content: bytes) -> Path:
    """Write a new file and see that it is on disk; what is cut short leaves it empty, never a part of it."""
    path.open("xb").close()
    try:
        replace_file(path, content, path.with_name(f".{path.name}.new"), private=False)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
