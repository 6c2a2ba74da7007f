"""XML files: which of the known vocabularies one is in, by its outermost element."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.feeds import ENTRIES
from archive.corpus.formats.registry import ReadOptions, format_named
from archive.corpus.scan import Source
from archive.corpus.xml_text import XmlDocument, local
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

_Read = Callable[[XmlDocument, Source, ReadOptions], Iterable[Article | Problem]]
_HERE = "archive.corpus.formats"
#: Outermost element -> "module:function" of what reads the document.
_VOCABULARIES = {
    **dict.fromkeys(ENTRIES, f"{_HERE}.feeds:entries"),
    **dict.fromkeys(("TEI", "TEI.2", "teiCorpus"), f"{_HERE}.tei:read_tei"),
    "alto": f"{_HERE}.alto:read_alto",
    "nitf": f"{_HERE}.nitf:read_nitf",
    **dict.fromkeys(("newsItem", "newsMessage"), f"{_HERE}.newsml:read_newsml"),
}
#: Outermost elements of documents of many articles, with those that hold one.
_ITEMS = {**ENTRIES, "newsMessage": frozenset(("newsItem",)), "teiCorpus": frozenset(("TEI", "TEI.2"))}
_KNOWN = "RSS, Atom, a WordPress export, TEI, ALTO, NITF or NewsML-G2"


def read_xml(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of an XML file; raises InvalidArticle where it is in no known vocabulary."""
    with open_regular_file(source.file) as stream:
        document = XmlDocument(stream, _ITEMS)
        name = local(document.root())
        if name not in _VOCABULARIES:
            what = f"the outermost element is {name[:40]!r}: this is neither {_KNOWN}"
            raise InvalidArticle(what, "save its text as .txt, or name the file under `ignore:` in archive.yaml")
        module, _, function = _VOCABULARIES[name].partition(":")
        read: _Read = getattr(import_module(module), function)
        if name in _ITEMS:
            if source.sidecar is not None:
                what = f"a file beside one of many articles describes none of them: {source.path} is a {name!r}"
                yield Problem(source.sidecar_path, 0, what, "remove it", taken=True)
            source = replace(source, format="feed", sidecar=None)
        elif os.fstat(stream.fileno()).st_size > (most := format_named("xml").max_bytes or 0):
            raise InvalidArticle(f"the file is over {most // 1_000_000} MB", "split it")
        yield from read(document, source, options)
