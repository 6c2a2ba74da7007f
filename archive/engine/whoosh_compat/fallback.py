"""Queries that the executor does not know, run by Whoosh's own matchers through the codec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BaseScorer, WeightingModel, WeightLengthScorer, WeightScorer
from whoosh.searching import Searcher

from archive.engine.local.docsets import ScoredDocs
from archive.engine.local.inb2 import length_norms, term_weight
from archive.engine.local.manifest import IndexMeta
from archive.engine.whoosh_compat.codec import segments_of
from archive.query.limits import current_deadline


class Weighting(WeightingModel):  # type: ignore[misc]
    """InB2 for Whoosh's matchers."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> BaseScorer:
        if not searcher.schema[fieldname].scorable:
            return WeightScorer.for_(searcher, fieldname, text)
        return _TermScorer(searcher, fieldname, text)


class _TermScorer(WeightLengthScorer):  # type: ignore[misc]
    """The scores of one term of a field."""

    def __init__(self, searcher: Any, fieldname: str, text: bytes) -> None:
        whole = searcher.get_parent()
        documents = whole.doc_count_all()
        self._weight = term_weight(documents, whole.doc_frequency(fieldname, text), whole.frequency(fieldname, text))
        self._average = whole.field_length(fieldname) / (documents or 1)
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: float) -> float:
        norm = float(length_norms(np.array([float(length)]), self._average)[0])
        return self._weight * weight / (weight + norm)


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
