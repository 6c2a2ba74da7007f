"""Running a query tree on a segment: the documents that match, and the scores of those that are wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from whoosh import query as wq

from archive.engine.local.docsets import DocSetEvaluator, ScoredDocs, Scores
from archive.engine.local.scorer import Scorer
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.segment_reader import SegmentReader
from archive.engine.local.statistics import CollectionStats
from archive.query.limits import Deadline


class LeafSearcher:
    """One tree run on one segment.

    statistics  of the whole index
    fallback    what runs a part of the tree that is not known here: tree -> documents and scores
    deadline    when to give up, looked at before each part of the tree
    """

    def __init__(
        self,
        tree: wq.Query,
        segment: SegmentReader,
        statistics: CollectionStats,
        fallback: Callable[[wq.Query], ScoredDocs],
        deadline: Deadline,
    ) -> None:
        self._tree, self._statistics = tree, statistics
        self.matching = DocSetEvaluator(segment, fallback, deadline)

    @cached_property
    def docs(self) -> Ints:
        """The documents of the segment that match, deleted ones too; raises LimitError when it takes too long."""
        return self.matching.docs(self._tree)

    def scores(self, docs: Ints) -> Scores:
        """The scores of some of `docs`, ascending; raises LimitError when it takes too long."""
        return Scorer(self.matching, self._statistics).scores(self._tree, docs)
