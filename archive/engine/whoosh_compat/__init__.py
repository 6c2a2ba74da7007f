"""What lets Whoosh itself read the index: `whoosh.index.open_dir` opens it, its searchers and matchers run on it.

`codec` reads segments for Whoosh and writes the table of contents by which it finds them, `whoosh_schema`
says what its fields are, and `fallback` has its matchers run a query that the embedded
engine does not know (the query language makes none). The engine imports nothing of this folder:
`archive.engine.factory` hands it a `WhooshCompat`, which loads what is here when it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.model.fields import Fields
from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    from whoosh import query as wq

    from archive.engine.local.docsets import ScoredDocs
    from archive.engine.local.manifest import IndexMeta


class WhooshCompat:
    """See `archive.engine.local.writer.Interop`; `fields` and `analyzer` are those of the index."""

    def __init__(self, fields: Fields, analyzer: Analyzer) -> None:
        self._fields, self._analyzer = fields, analyzer

    def write_toc(self, folder: Path, generation: IndexMeta) -> None:
        from archive.engine.whoosh_compat.codec import write_toc
        from archive.engine.whoosh_compat.whoosh_schema import make_schema

        write_toc(folder, make_schema(self._fields, self._analyzer), generation)

    def run_query(self, folder: Path, generation: IndexMeta, segment: int, q: wq.Query) -> ScoredDocs:
        from archive.engine.whoosh_compat.fallback import run
        from archive.engine.whoosh_compat.whoosh_schema import make_schema

        return run(folder, make_schema(self._fields, self._analyzer), generation, segment, q)
