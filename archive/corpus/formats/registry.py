"""One source -> its articles: the one door over all formats.

Whatever is wrong with a file becomes a Problem that names it, so that one bad file
never stops the reading of an archive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from archive.config.yaml_loader import MAX_BYTES
from archive.corpus.decode import MAX_FILE_BYTES, Refusal, unreadable
from archive.corpus.formats.html import read_html
from archive.corpus.formats.json_lines import read_records
from archive.corpus.formats.pdf import read_pdf
from archive.corpus.formats.plain_text import read_text
from archive.corpus.scan import Source
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_ordinary

#: The kinds of which a file is one article; the others are JSON Lines.
_READERS: dict[str, Callable[[Source, int], Article]] = {
    "text": read_text,
    "html": read_html,
    "pdf": read_pdf,
}


def read(
    source: Source, max_article_bytes: int, at: Callable[[int], None] = lambda _: None
) -> Iterator[Article | Problem]:
    """The articles of one file in order, and a Problem in the place of each that cannot be taken.

    `at` is told now and then how many bytes of a file of many articles have been read.
    """
    try:
        if reader := _READERS.get(source.kind):
            yield reader(source, max_article_bytes)
        else:
            yield from read_records(source, max_article_bytes, at)
    except Refusal as refusal:
        yield refusal.problem(source.path)
    except OSError as error:
        yield unreadable(error).problem(source.path)


def digest(source: Source) -> str:
    """The sha256 of what the source holds, its sidecar included; raises OSError.

    Of what is too large to be read, its size and time stand for it.
    """
    if source.kind in _READERS and (source.size > MAX_FILE_BYTES or source.sidecar_size > MAX_BYTES):
        return hashlib.sha256(source.stamp.encode()).hexdigest()
    own = _sha256(source.file)
    if source.sidecar is None:
        return own
    both = f"{own} {source.sidecar_path} {_sha256(source.sidecar)}"
    return hashlib.sha256(both.encode()).hexdigest()


def _sha256(file: str) -> str:
    with open_ordinary(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
