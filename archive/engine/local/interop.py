"""How the embedded engine reaches Whoosh itself, without knowing how Whoosh reads the index."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from whoosh import query as wq

from archive.engine.local.docsets import ScoredDocs
from archive.engine.local.manifest import IndexMeta


class Interop(Protocol):
    """What `archive.engine.whoosh_compat` does for the engine; given to it by the factory."""

    def write_toc(self, folder: Path, generation: IndexMeta) -> None:
        """Write what Whoosh finds the segments of a generation by, before that is published."""

    def run_query(self, folder: Path, generation: IndexMeta, segment: int, q: wq.Query) -> ScoredDocs:
        """The documents of a segment, by its number, that Whoosh's own matchers find, and their scores."""
