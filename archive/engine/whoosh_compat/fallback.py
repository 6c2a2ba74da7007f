"""Queries that the executor does not know, run by Whoosh's own matchers through the codec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from archive.engine.bm25 import K1, B, idf
from archive.engine.local.docsets import ScoredDocs
from archive.engine.local.manifest import IndexMeta
from archive.engine.whoosh_compat.codec import segments_of
from archive.query.limits import current_deadline


class Weighting(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with our inverse document frequency."""

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Any, fieldname: str, text: str | bytes) -> float:
        whole = searcher.get_parent()
        return idf(whole.doc_count_all(), whole.doc_frequency(fieldname, text))


def run(folder: Path, schema: Any, generation: IndexMeta, number: int, q: wq.Query) -> ScoredDocs:
    """The documents of a segment that match `q`, and their scores.

    The table of contents, which is a pickle that anybody may have written, is not looked at.
    """
    reader = FileIndex._reader(FileStorage(str(folder)), schema, segments_of(generation), generation.number)
    docs: list[int] = []
    scores: list[float] = []
    deadline = current_deadline()
    with Searcher(reader, weighting=Weighting()) as searcher:
        leaf, _ = searcher.leaf_searchers()[number]
        matcher = q.matcher(leaf, searcher.context())
        while matcher.is_active():
            deadline.check()
            docs.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
    return ScoredDocs(np.array(docs, np.int64), np.array(scores))
