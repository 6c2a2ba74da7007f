"""Markdown: an optional block of metadata, then the text as its rendered page shows it."""

from archive.corpus.formats.plain_text import read_text as read_markdown

__all__ = ["read_markdown"]
