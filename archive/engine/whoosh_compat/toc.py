"""The table of contents by which Whoosh finds the segments of a generation.

It is a pickle, and this program never reads it: what it needs is in the manifest.
"""

from __future__ import annotations

from pathlib import Path

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from archive.engine.local.manifest import NAME, IndexMeta
from archive.engine.whoosh_compat.codec import ColumnarSegment


def write_toc(folder: Path, schema: Schema, generation: IndexMeta) -> None:
    """Write the table of contents of `generation`, which Whoosh takes for the newest from then on."""
    TOC(schema, segments_of(generation), generation.number).write(FileStorage(str(folder)), NAME)


def segments_of(generation: IndexMeta) -> list[ColumnarSegment]:
    """The segments of a generation, as Whoosh knows them."""
    return [ColumnarSegment.listed(each.id, each.documents, each.deleted) for each in generation.segments]
