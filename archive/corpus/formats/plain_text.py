"""Plain text: an optional block of metadata, then the text as it stands."""

from __future__ import annotations

from archive.corpus.broken_words import join_broken_words
from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle, decode, read_bounded
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata, split
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem


def read_text(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in a text file; raises InvalidArticle or OSError."""
    text = decode(read_bounded(source.file, options.max_article_bytes))
    if not text or text.isspace():
        raise InvalidArticle("the file is empty", "write the article in it, or delete it")
    parts = split(text, source.path, options.keys)
    meta, warnings = declared_metadata(source, options, parts.front)
    body = RenderedText.verbatim(parts.body, parts.body_line)
    join_broken_words(body, options.whole_words)
    return build_article(meta, body, source, parts.body_line, warnings=warnings, is_named=parts.front is not None)
