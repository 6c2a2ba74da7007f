"""One query on one index: what matches, what can be among the best, and scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from whoosh import query as wq

from archive.engine.local.block_max import BlockMax
from archive.engine.local.doc_set import DocSet
from archive.engine.local.docsets import DocSetEvaluator, ScoredDocs, Scores
from archive.engine.local.posting_lists import to_bitset
from archive.engine.local.scorer import Scorer
from archive.engine.local.segment.packed_lists import Ints
from archive.query.combined_fields import CombinedFields
from archive.query.limits import Deadline

if TYPE_CHECKING:
    from archive.engine.local.index_reader import IndexReader


class QueryRun:
    """One tree run on one index.

    fallback    what runs a part of the tree that is not known here: segment's index, tree -> documents and scores
    deadline    when to give up, looked at before each part of the tree
    among       the documents that are asked about, ascending; None for all
    """

    def __init__(
        self,
        tree: wq.Query,
        index: IndexReader,
        fallback: Callable[[int, wq.Query], ScoredDocs],
        deadline: Deadline,
        among: Ints | None = None,
    ) -> None:
        self._tree, self._statistics = tree, index.statistics
        self.matching = DocSetEvaluator(index, fallback, deadline, among)

    @cached_property
    def docs(self) -> Ints:
        """Global doc ids that match, ascending, deleted ones too; raises LimitError when it takes too long.

        Whether documents are there that are not asked about is left open.
        """
        return self.matching.docs(self._tree)

    def matched(self) -> DocSet:
        """The same as a set: of a word in several fields, without its lists as one unless that is asked for.

        It holds the run, and so nothing of the run may hold it: what is let go of is to be freed at once.
        """
        documents = self.matching.index.documents
        is_word = "docs" not in self.__dict__ and isinstance(self._tree, CombinedFields)
        lists = list(self.matching.lists(self._tree)) if is_word else [self.docs]
        return DocSet(sum(map(len, lists)), documents, lambda: self.docs, lambda: to_bitset(lists, documents), lists)

    def scores(self, docs: Ints) -> Scores:
        """Scores parallel to `docs`, some of those that match, ascending; raises LimitError when it takes too long."""
        return Scorer(self.matching, self._statistics).scores(self._tree, docs)

    def candidates(self, docs: Ints, count: int, bonus: float = 0.0) -> Ints:
        """Those of `docs`, some of those that match, ascending, that can be among the `count` best.

        bonus  the most that is added to any score
        """
        return BlockMax(self.matching, self._statistics).candidates(self._tree, docs, count, self.scores, bonus)
