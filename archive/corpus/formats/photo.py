"""Photographs: the picture is not looked at, what is written in it and beside it is the article."""

from __future__ import annotations

from archive.corpus.build_article import build_article
from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.front_matter import declared_metadata
from archive.corpus.page_pictures import split_credit
from archive.corpus.photo_metadata import Photo, read_photo_file, read_xmp_file
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem


def read_photo(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article that a photograph is; raises InvalidArticle or OSError."""
    photo = read_photo_file(source.file, options.keys)
    found = _warnings(photo, source.path)
    meta, caption = photo.metadata, photo.caption
    if source.sidecar is not None and source.sidecar.lower().endswith(".xmp"):
        try:
            own = read_xmp_file(source.sidecar, options.keys)
        except InvalidArticle as invalid:
            found.append(Problem(source.sidecar_path, 0, invalid.what, invalid.remedy, taken=True))
        else:
            found += _warnings(own, source.sidecar_path)
            meta, caption = own.metadata.or_else(meta), own.caption or caption
    else:
        declared, others = declared_metadata(source, options)
        said = declared.extra.pop("caption", "")
        meta, caption = declared.or_else(meta), declared.body or (said if isinstance(said, str) else "") or caption
        found += others
    meta.kind = meta.kind or "photo"
    text, credit = split_credit_lines(caption)
    if credit and credit not in meta.credits:
        meta.credits = (*meta.credits, credit)
    return build_article(meta, RenderedText.unplaced(text), source, 1, warnings=found, is_named=True,
                         pictures=(source.path,))  # fmt: skip


def split_credit_lines(caption: str) -> tuple[str, str]:
    """A caption of any number of lines without the credit that ends it, and the credit."""
    before, line, last = caption.rpartition("\n")
    text, credit = split_credit(last)
    return (before + line + text).rstrip(), credit


def _warnings(photo: Photo, path: str) -> list[Problem]:
    return [Problem(path, 0, what, remedy, taken=True) for what, remedy in photo.doubts]
