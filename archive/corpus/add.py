"""Putting a new article into the corpus: checked as any other, named by its id, never over another."""

from __future__ import annotations

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
from archive.util.atomic_files import create_files, fsync_path, is_written
from archive.util.temporary_folder import temporary_folder

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
    file_name: str = "",
) -> Article:
    """Write `content` into the corpus of the archive in `root`, and return its article.

    Text and Markdown get front matter; other formats are kept as they are, with the metadata in a `.yaml` beside
    them. `taken` says whether an article has an id already, and
    `read` reads one file as an indexing run does, within the limits of what a file may take.
    `file_name` is that of the content, without its ending: it may be its title. Raises UsageError for what could not
    be indexed.
    """
    suffix = suffix.lower()
    found = format_of(suffix and f"x{suffix}")
    if found is None or found.many:
        known = ", ".join(ending for each in FORMATS if not each.many for ending in each.endings)
        raise UsageError(
            f"a file with the ending {suffix!r} cannot be added as an article", f"it must be one of {known}"
        )
    article = _checked(content, found, suffix, file_name or "article", metadata, options, read)
    corpus = root / CORPUS_DIR
    for number in count(1):
        name = with_suffix(article.id, number)
        if number > 1 and "id" not in article.inferred:
            break
        files = _files(corpus, name, article, content, suffix, found, metadata, number > 1)
        try:
            if not is_written(files):  # as it is where this article was added before, by a run that was killed
                if taken(name):
                    continue
                _write(corpus, files)
        except FileExistsError:
            continue
        except OSError as error:
            raise UsageError(f"the article cannot be written into {corpus}: {error.strerror}") from None
        return replace(article, id=name, path=[*files][-1].relative_to(root).as_posix())
    raise UsageError(f"there is an article {article.id!r} already", "give another id")


def largest_file(suffix: str, max_article_bytes: int) -> int:
    """The most bytes that a file with this ending may have: the text of a PDF may be a small part of it."""
    found = format_of(f"x{suffix}")
    return found.max_bytes if found and found.max_bytes else max_article_bytes


def _checked(
    content: bytes,
    found: Format,
    suffix: str,
    file_name: str,
    metadata: Mapping[str, Value],
    options: ReadOptions,
    read: Read,
) -> Article:
    """The article that `content` makes, read as from a corpus."""
    with temporary_folder() as folder:
        file, sidecar = folder / f"article{suffix}", folder / "article.yaml"
        file.write_bytes(content)
        sidecar.write_text(to_yaml(metadata), "utf-8")
        source = Source(
            f"{file_name}{suffix}", str(file), found.name, len(content), 0, sidecar=str(sidecar) if metadata else None
        )
        read_back, *rest = read(source, options)
    if any(isinstance(each, Article) for each in rest):
        raise UsageError("this holds several articles", f"put the file into {CORPUS_DIR}/, and run `archive index`")
    if wrong := [each for each in rest if isinstance(each, Problem) and not each.path.endswith(suffix)]:
        read_back = wrong[0]  # of what is declared in so many words, nothing may be left to be guessed
    if isinstance(read_back, Problem):
        what = read_back.what if read_back.path.endswith(suffix) else f"the metadata: {read_back.what}"
        what = what.replace(source.path, "the text's own front matter")
        where = f"line {read_back.line}: " if read_back.line else ""
        raise UsageError(f"this cannot be added: {where}{what}", read_back.remedy)
    return read_back


def _files(
    corpus: Path,
    name: str,
    article: Article,
    content: bytes,
    suffix: str,
    found: Format,
    metadata: Mapping[str, Value],
    renamed: bool,
) -> dict[Path, bytes]:
    """What is to be written: the sidecar if there is one, and the article's own file."""
    if found.name in _TEXTS:
        declared = tuple(each for each in article.inferred if each != "title" and not (renamed and each == "id"))
        front = to_front_matter(replace(article, id=name, inferred=declared))
        lines = clean(content.decode("utf-8-sig")).split("\n")[article.line - 1 :] if article.body else []
        return {corpus / f"{name}{suffix}": "\n".join([front, *lines]).rstrip().encode() + b"\n"}
    pinned = {**metadata, "id": name} if renamed else dict(metadata)
    sidecar = {corpus / f"{name}.yaml": to_yaml(pinned).encode()} if pinned else {}
    return {**sidecar, corpus / f"{name}{suffix}": content}


def _write(corpus: Path, files: Mapping[Path, bytes]) -> None:
    if not corpus.is_dir():
        corpus.mkdir(exist_ok=True)
        fsync_path(corpus.parent)
    create_files(files)
