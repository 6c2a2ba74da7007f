"""A set of documents as a list, as a mask, or both: each is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.posting_lists import docs_of, intersection, union
from archive.engine.local.segment.packed_lists import Ints

Mask = NDArray[np.bool_]
#: A set of at least one of so many documents is broad.
_BROAD = 50


class DocSet:
    """Documents, numbered below `documents`.

    size       how many they are, or a little more
    make_docs  makes them a list: doc ids, ascending
    make_mask  makes them a mask, shape (documents,), bool
    lists      ascending lists of which each document is in one or more, if they were found so
    """

    def __init__(
        self,
        size: int,
        documents: int,
        make_docs: Callable[[], Ints],
        make_mask: Callable[[], Mask],
        lists: Sequence[Ints] = (),
    ) -> None:
        self.size, self.documents, self.lists = size, documents, lists
        self._make_docs, self._make_mask = make_docs, make_mask

    @property
    def is_broad(self) -> bool:
        """Whether to go through all documents takes less than to go through the list."""
        return self.size * _BROAD > self.documents

    @cached_property
    def docs(self) -> Ints:
        """Doc ids, ascending."""
        return self._make_docs()

    @cached_property
    def mask(self) -> Mask:
        """Of each document whether it is one of them."""
        return self._make_mask()

    def among(self, docs: Ints) -> Ints:
        """Those of some documents, ascending, that are in the set."""
        return docs[self.mask.take(docs)] if self.is_broad else intersection([docs, self.docs], self.documents)


def in_all(sets: Sequence[DocSet]) -> Ints:
    """The documents that are in each of some sets, ascending."""
    if len(sets) == 1:
        return sets[0].docs
    documents = sets[0].documents
    if narrow := [each.docs for each in sets if not each.is_broad]:
        found = intersection(narrow, documents)
        for each in sets:
            found = each.among(found) if each.is_broad else found
        return found
    listed = next((each for each in sets if each.lists), None)
    masks = [each.mask for each in sets if each is not listed]
    mask = masks[0] if len(masks) == 1 else masks[0] & masks[1]
    for other in masks[2:]:
        mask &= other
    if listed is None:
        return docs_of(mask, 0)  # few, as a rule
    return union([docs.take(mask.take(docs).nonzero()[0]) for docs in listed.lists], documents)
