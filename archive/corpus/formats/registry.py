"""The formats of the corpus, and the one door over them: a source -> its articles.

A new format is one module with a reader and one line in `FORMATS`. Whatever is wrong with a file becomes a Problem
that names it, so that one bad file never stops the reading of an archive.
"""

# A Path for each file of a corpus would take longer than the walk over it:
# ruff: noqa: PTH122

from __future__ import annotations

import hashlib
import os.path
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archive.config.yaml_loader import MAX_BYTES
from archive.corpus.decode import MAX_FILE_BYTES, InvalidArticle, read_error
from archive.corpus.metadata_keys import DEFAULT_KEYS, KeyNames
from archive.errors import MissingExtraError
from archive.model.article import Article, Problem
from archive.util.atomic_files import open_regular_file

if TYPE_CHECKING:
    from archive.config.settings import Settings
    from archive.corpus.scan import Source

#: Files of text that are larger than this are read in a process with limits: no parser is linear in every text.
_LARGE_TEXT = 200_000
_NEVER = 1 << 62
#: Bytes of a file that are looked at together.
_PIECE = 1 << 20


class Format(NamedTuple):
    """One format of the corpus.

    name       what `Source.format`, `archive check --corpus` and the docs call it
    endings    of its files' names, in lower case; of two that fit, the longer counts
    reader     "module:function" of a Reader, loaded when the first such file is read
    extra      the optional dependencies that it needs, "" for none
    needs      what is imported to see whether they are installed: a reader may then import them without care
    isolated_from  size in bytes from which a file is read in a process of its own with limits of memory and time:
               0 where a parser is foreign or a few bytes can stand for many
    many       whether one file holds any number of articles; otherwise it is one article
    sidecars   endings of the files that may describe one of its files
    max_bytes  the most bytes that a file may have; None where it is limited as an article's text is
    """

    name: str
    endings: tuple[str, ...]
    reader: str
    extra: str = ""
    needs: tuple[str, ...] = ()
    isolated_from: int = _NEVER
    many: bool = False
    sidecars: tuple[str, ...] = (".yaml", ".yml")
    max_bytes: int | None = None

    def is_isolated(self, size: int) -> bool:
        """Whether a file of that size is read in a process of its own."""
        return size >= self.isolated_from


#: The name of the format of photographs.
PHOTO = "photo"
_TRAFILATURA = ("trafilatura", "trafilatura.settings")
_DEFUSED = ("defusedxml.ElementTree",)
_HERE = "archive.corpus.formats"
FORMATS = (
    Format("markdown", (".md", ".markdown"), f"{_HERE}.markdown:read_markdown", isolated_from=_LARGE_TEXT),
    Format("text", (".txt",), f"{_HERE}.plain_text:read_text"),
    Format("html", (".html", ".htm"), f"{_HERE}.html:read_html", "html", _TRAFILATURA, isolated_from=0),
    Format("pdf", (".pdf",), f"{_HERE}.pdf:read_pdf", "pdf", ("pypdfium2",), isolated_from=0, max_bytes=MAX_FILE_BYTES),
    Format(
        PHOTO,
        (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp"),
        f"{_HERE}.photo:read_photo",
        "photos",
        ("PIL", "defusedxml"),
        isolated_from=0,
        sidecars=(".yaml", ".yml", ".xmp"),
        max_bytes=MAX_FILE_BYTES,
    ),
    Format(
        "jsonl",
        (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"),
        f"{_HERE}.json_lines:read_records",
        many=True,
        sidecars=(),
    ),
    Format("json", (".json",), f"{_HERE}.json_document:read_json", many=True, sidecars=()),
    Format("feed", (".rss", ".atom"), f"{_HERE}.feeds:read_feed", "xml", _DEFUSED, 0, many=True, sidecars=()),
    Format("xml", (".xml",), f"{_HERE}.xml_document:read_xml", "xml", _DEFUSED, 0, max_bytes=50_000_000),
    Format(
        "docx",
        (".docx",),
        f"{_HERE}.docx:read_docx",
        "office",
        ("mammoth", *_DEFUSED),
        isolated_from=0,
        max_bytes=200_000_000,
    ),
    Format("odt", (".odt",), f"{_HERE}.odt:read_odt", "office", _DEFUSED, isolated_from=0, max_bytes=200_000_000),
    Format(
        "rtf",
        (".rtf",),
        f"{_HERE}.rtf:read_rtf",
        "office",
        ("striprtf.striprtf",),
        isolated_from=0,
        max_bytes=100_000_000,
    ),
    Format(
        "mhtml",
        (".mhtml", ".mht"),
        f"{_HERE}.mhtml:read_mhtml",
        "html",
        _TRAFILATURA,
        isolated_from=0,
        max_bytes=200_000_000,
    ),
    Format(
        "warc",
        (".warc", ".warc.gz"),
        f"{_HERE}.warc:read_warc",
        "warc",
        ("warcio", *_TRAFILATURA),
        isolated_from=0,
        many=True,
        sidecars=(),
    ),
    Format("eml", (".eml",), f"{_HERE}.mail:read_eml", isolated_from=0, max_bytes=50_000_000),
    Format("mbox", (".mbox", ".mbx"), f"{_HERE}.mail:read_mbox", isolated_from=0, many=True, sidecars=()),
    Format("csv", (".csv", ".tsv", ".tab"), f"{_HERE}.tables:read_table", many=True, sidecars=()),
)
_BY_NAME = {each.name: each for each in FORMATS}
_BY_ENDING = {ending: each for each in FORMATS for ending in each.endings}
#: Every ending of a file that may describe another.
SIDECAR_ENDINGS = frozenset(ending for each in FORMATS for ending in each.sidecars)


def format_of(name: str) -> Format | None:
    """The format of a file with that name; None for one that is not read."""
    stem, ending = os.path.splitext(name.lower())
    return _BY_ENDING.get(os.path.splitext(stem)[1] + ending) or _BY_ENDING.get(ending)


def format_named(name: str) -> Format:
    """The format that a Source names."""
    return _BY_NAME[name]


def _no_progress(_: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How an archive's sources are read.

    max_article_bytes  the most bytes of one article's text
    keys       what metadata keys mean in this archive
    whole_words  words that are put together where a hyphen breaks them at the end of a line
    progress   told now and then how many bytes of a file of many articles have been read
    """

    max_article_bytes: int
    keys: KeyNames = DEFAULT_KEYS
    progress: Callable[[int], None] = _no_progress
    whole_words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> ReadOptions:
        """The options that an archive's settings make."""
        return cls(settings.max_article_bytes, KeyNames.of(settings.keys, settings.facets))


#: Reads one source: its articles in order, a Problem in the place of each that cannot be taken, and behind one that
#: was taken with something not understood, a Problem that says so (`taken`). May raise InvalidArticle, OSError, and
#: ImportError where its extra is not installed.
Reader = Callable[["Source", ReadOptions], Iterable[Article | Problem]]


def read(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """What one file holds: its articles in order, problems and warnings."""
    found = format_named(source.format)
    try:
        if missing := _missing(found):
            yield Problem(source.path, 0, missing, "then index again")
            return
        items = _reader(found)(source, options)
        if source.may_have_pictures:
            from archive.corpus.pictures import with_pictures  # a search needs the table of formats, and no reader

            items = with_pictures(items, source, options, format_named(PHOTO), _reader)
        yield from items
    except InvalidArticle as invalid:
        yield invalid.problem(source.path)
    except OSError as error:
        yield read_error(error).problem(source.path)


@cache
def _reader(found: Format) -> Reader:
    module, _, function = found.reader.partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader


@cache
def _missing(found: Format) -> str:
    """Why a format cannot be read, "" if it can; asked once, as an import that fails takes long."""
    try:
        for module in found.needs:
            import_module(module)
    except ImportError as error:
        detail = "" if isinstance(error, ModuleNotFoundError) else f" ({str(error).splitlines()[0]})"
        return f"{MissingExtraError(f'reading {found.name.upper()}', found.extra)}{detail}"
    return ""


def digest(source: Source, look_at: Callable[[bytes], None] | None = None) -> str:
    """The sha256 of what the source holds, its sidecar included; raises OSError.

    Of what is too large to be read, its size and time stand for it. `look_at` gets the bytes of its file in pieces.
    """
    if not format_named(source.format).many and (source.size > MAX_FILE_BYTES or source.sidecar_size > MAX_BYTES):
        return hashlib.sha256(source.stamp.encode()).hexdigest()
    own = _sha256(source.file, look_at)
    if source.sidecar is None:
        return own
    both = f"{own} {source.sidecar_path} {_sha256(source.sidecar)}"
    return hashlib.sha256(both.encode()).hexdigest()


def _sha256(file: str, look_at: Callable[[bytes], None] | None = None) -> str:
    with open_regular_file(file) as stream:
        if look_at is None:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        found = hashlib.sha256()
        while piece := stream.read(_PIECE):
            found.update(piece)
            look_at(piece)
        return found.hexdigest()
