"""Markdown and plain text: an optional block of front matter, then the text."""

from __future__ import annotations

from archive.corpus.build_article import assemble
from archive.corpus.decode import Refusal, decode, read_bounded
from archive.corpus.front_matter import block, declared, sidecar, split
from archive.corpus.scan import Source
from archive.model.article import Article


def read_text(source: Source, limit: int) -> Article:
    """The article in a text file of at most `limit` bytes; raises Refusal or OSError."""
    text = decode(read_bounded(source.file, limit))
    if not text or text.isspace():
        raise Refusal("the file is empty", "write the article in it, or delete it")
    parts = split(text)
    front = None if parts.front is None else block(parts.front, parts.front_line, source.path)
    meta = declared(front, sidecar(source))
    return assemble(meta, parts.body, source.path, parts.body_line, stem=source.stem)
