"""A set of documents as a list, as a mask, or both: each is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.engine.local.posting_lists import intersection
from archive.engine.local.segment.packed_lists import Ints

Mask = NDArray[np.bool_]
#: A set of at least one of so many documents is broad.
_BROAD = 50


class DocSet:
    """Documents, numbered below `documents`.

    size       how many they are, or a little more
    make_docs  makes them a list: doc ids, ascending
    make_mask  makes them a mask, shape (documents,), bool
    """

    def __init__(self, size: int, documents: int, make_docs: Callable[[], Ints], make_mask: Callable[[], Mask]) -> None:
        self.size, self.documents = size, documents
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


def in_all(sets: Sequence[DocSet]) -> Ints:
    """The documents that are in each of some sets, ascending; lists are looked up in masks, and masks are combined."""
    if len(sets) == 1:
        return sets[0].docs
    lists = [each.docs for each in sets if not each.is_broad]
    masks = [each.mask for each in sets if each.is_broad]
    if lists:
        found = intersection(lists, sets[0].documents)
        for mask in masks:
            found = found[mask.take(found)]
        return found
    combined = masks[0] & masks[1]
    for mask in masks[2:]:
        combined &= mask
    return combined.nonzero()[0]
