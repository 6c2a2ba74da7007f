"""Which of the documents that match can be among the best: those of blocks that can hold one, by their block maxima.

The first blocks scored are those that can hold the highest scores; with the least of the best documents found there,
all blocks are passed over in which no document can score as high. What is left are the best documents and some
others: nothing is lost, documents of the same score included. See `archive.engine.local.segment.block_maxima`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from archive.engine.local.docsets import MOST_PARTS, DocSetEvaluator, Scores, Weights
from archive.engine.local.posting_lists import Postings, as_term, docs_of
from archive.engine.local.scorer import CollectionStats
from archive.engine.local.segment.block_maxima import BLOCK_BITS, blocks_of
from archive.engine.local.segment.packed_lists import Ints
from archive.query.combined_fields import CombinedFields

#: To score fewer documents than this takes less than to tell which can be left out.
_WORTH = 4_096
#: Not more than this share of the blocks is scored to find out what a document must score.
_SOME = 8
#: To compare what all documents match with so many choices of parts takes less than to look it up in a table.
_COMPARED = 16
#: Sums of scores may be rounded up where sums of maxima are not.
_ROUNDED = 1.0 + 1e-9


class BlockMax:
    """Upper bounds of the scores of a query, block by block of the whole index."""

    def __init__(self, matching: DocSetEvaluator, statistics: CollectionStats) -> None:
        self._matching, self._statistics = matching, statistics
        self._bases = [0]
        for segment in matching.index.segments:
            self._bases.append(self._bases[-1] + blocks_of(segment.doc_count))

    def candidates(
        self, q: wq.Query, docs: Ints, count: int, score: Callable[[Ints], Scores], bonus: float = 0.0
    ) -> Ints:
        """Those of `docs`, ascending, all of which match `q`, that can be among the `count` best; ascending.

        score  the scores of some documents
        bonus  the most that is added to any score
        """
        if len(docs) < _WORTH or not count:
            return docs
        if type(q) is wq.Or and 1 < len(q.subqueries) <= MOST_PARTS:
            docs = self._with_enough_parts(q, docs, count, score, bonus)
            if len(docs) < _WORTH:
                return docs
        if count * _SOME >= self._bases[-1]:
            return docs
        ceilings = self._ceilings(q)
        if ceilings is None:
            return docs
        blocks = self._blocks(docs)
        highest = np.zeros(len(ceilings), np.bool_)
        highest[np.argpartition(ceilings, len(ceilings) - count)[len(ceilings) - count :]] = True
        scores = score(_of_blocks(docs, blocks, highest))
        if len(scores) < count:
            return docs
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        return _of_blocks(docs, blocks, (ceilings + bonus) * _ROUNDED >= least)

    def _with_enough_parts(self, q: Any, docs: Ints, count: int, score: Callable[[Ints], Scores], bonus: float) -> Ints:
        """Those that match enough parts of an Or to be among the best, by the most that each part adds (MaxScore).

        Parts are the bits of a number, which says of a document what it matches.
        """
        each = []
        for part in q.subqueries:
            of_part = self._most(part)
            if of_part is None:
                return docs
            each.append(of_part)
        matched = self._matching.parts_matched(q)
        is_all = len(docs) == np.count_nonzero(matched != 0)
        parts = matched if is_all else matched.take(docs)
        most = [0.0]
        for of_part in each:
            most += [of_others + of_part * q.boost for of_others in most]

        def those(chosen: Sequence[int]) -> Ints:
            """The documents that match one of some choices of parts."""
            if len(chosen) > _COMPARED:
                are_chosen = _flags(chosen, len(most)).take(parts)
            else:
                are_chosen = parts == chosen[0]
                for choice in chosen[1:]:
                    are_chosen |= parts == choice
            places = docs_of(are_chosen, 0)  # few, as a rule
            return places if is_all else docs.take(places)

        order = sorted(range(1, len(most)), key=most.__getitem__, reverse=True)
        sizes = np.bincount(parts, minlength=len(most)).tolist() if len(most) > _COMPARED else None
        enough = found = 0
        while found < min(count, len(docs)):
            choice = order[enough]
            found += int(np.count_nonzero(parts == choice)) if sizes is None else sizes[choice]
            enough += 1
        if found * _SOME > len(docs):
            return docs
        scores = score(those(order[:enough]))
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        return those([choice for choice in order if (most[choice] + bonus) * _ROUNDED >= least])

    def _most(self, q: wq.Query) -> float | None:
        """The most that a document can score; None where that is not known."""
        if isinstance(q, wq.ConstantScoreQuery):
            return float(q.score)
        if not isinstance(q, CombinedFields) or not q.terms_of:
            ceilings = self._ceilings(q)
            return None if ceilings is None else float(ceilings.max())
        most = 0.0
        for word in map(as_term, q.terms_of):
            share = self._most_share(q.weights, word)
            if share is None:
                return None
            most += q.boost * self._matching.ranked_word(q.weights, word).weight * share
        return most

    def _most_share(self, weights: Weights, word: bytes) -> float | None:
        """At least the maximum of tf / (tf + norm) of a word."""
        average, most = self._statistics.average_length(weights), 0.0
        for segment in self._matching.index.segments:
            maxima = segment.block_maxima
            if maxima is not None and maxima.ranked.weights != dict(weights):
                return None
            most = max(most, 1.0 if maxima is None else maxima.most(word, average))
        return most

    def _blocks(self, docs: Ints) -> Ints:
        """The block of each document."""
        index = self._matching.index
        if len(index.segments) == 1:
            return docs >> BLOCK_BITS
        bounds = np.searchsorted(docs, [*index.doc_bases, index.documents]).tolist()
        parts = zip(index.doc_bases, self._bases, bounds, bounds[1:], strict=False)
        return np.concatenate([(docs[first:last] - base >> BLOCK_BITS) + block for base, block, first, last in parts])

    def _ceilings(self, q: wq.Query) -> Scores | None:
        """The most that a document of each block can score; None where that is not known."""
        rule = self._KINDS.get(type(q))
        return None if rule is None else rule(self, q)

    def _combined(self, q: Any) -> Scores | None:
        weights: Weights = q.weights
        words = q.terms_of
        most = np.full(self._bases[-1], 0.0 if words else q.boost)  # patterns alone score the same everywhere
        for word in map(as_term, words):
            shares = self._shares(weights, word)
            if shares is None:
                return None
            most += q.boost * self._matching.ranked_word(weights, word).weight * shares
        return most

    def _shares(self, weights: Weights, word: bytes) -> Scores | None:
        """At least the maximum of tf / (tf + norm) of a word in each block."""
        index, average = self._matching.index, self._statistics.average_length(weights)
        lists = [each for name, _ in weights if (each := self._matching.postings(name, word)) is not None]
        shares = np.zeros(self._bases[-1])
        for number, segment in enumerate(index.segments):
            maxima = segment.block_maxima
            if maxima is not None and maxima.ranked.weights != dict(weights):
                return None
            mine = shares[self._bases[number] : self._bases[number + 1]]
            listed = None if maxima is None else maxima.of(word, average)
            if listed is not None:
                mine[:] = listed
            else:
                _mark(mine, lists, index.doc_bases[number], segment.doc_count)
        return shares

    def _sum(self, parts: Sequence[wq.Query], boost: float) -> Scores | None:
        sums = np.zeros(self._bases[-1])
        for part in parts:
            ceilings = self._ceilings(part)
            if ceilings is None:
                return None
            sums += ceilings
        return sums * boost

    #: Of the class, as in `DocSetEvaluator`.
    _KINDS: ClassVar[Mapping[type, Callable[[BlockMax, Any], Scores | None]]] = {
        CombinedFields: _combined,
        wq.And: lambda self, q: self._sum(q.subqueries, q.boost),
        wq.Or: lambda self, q: self._sum(q.subqueries, q.boost),
        wq.AndMaybe: lambda self, q: self._sum((q.a, q.b), 1.0),
        wq.AndNot: lambda self, q: self._ceilings(q.a),
        wq.Require: lambda self, q: self._ceilings(q.a),
    }


def _of_blocks(docs: Ints, blocks: Ints, wanted: NDArray[np.bool_]) -> Ints:
    """The documents, each with its block, that are in wanted blocks."""
    return docs.take(wanted.take(blocks).nonzero()[0])


def _mark(shares: Scores, lists: Sequence[Postings], base: int, documents: int) -> None:
    """Say of the blocks of a segment in which a word is that it may score as high as can be."""
    for postings in lists:
        first, last = postings.docs.searchsorted((base, base + documents)).tolist()
        shares[postings.docs[first:last] - base >> BLOCK_BITS] = 1.0


def _flags(chosen: Sequence[int], most: int) -> NDArray[np.bool_]:
    """Of each number below `most` whether it was chosen."""
    flags = np.zeros(most, np.bool_)
    flags[list(chosen)] = True
    return flags
