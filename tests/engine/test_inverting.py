"""Inverting: whatever is sorted together and however many terms there are, each has its postings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.engine.local.segment import inverter
from archive.engine.local.segment.inverter import invert, sequential_positions

DOCUMENTS = st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=20)


@given(
    DOCUMENTS,
    st.sampled_from([4, 8, 1 << 16]),
    st.sampled_from([1, 7, 1 << 18]),
    st.integers(1, 3),
    st.sampled_from([1, 9, 1 << 20]),
)
def test_every_term_has_its_documents_frequencies_and_positions(
    documents: list[list[int]], short: int, together: int, threads: int, made: int
) -> None:
    """Checked against dictionaries, where few terms are told apart by short numbers, or all are."""
    seen = list(dict.fromkeys(number for numbers in documents for number in numbers))
    terms = [b"%03d" % number for number in seen]
    numbers = np.array([seen.index(number) for numbers in documents for number in numbers], np.uint32)
    lengths = np.array([len(each) for each in documents], np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverter, "_SHORT", short)
        patch.setattr(inverter, "_SORTED_TOGETHER", together)
        patch.setattr(inverter, "_MADE_TOGETHER", made)
        parts = list(invert(terms, numbers, lengths, sequential_positions(lengths), threads))

    by_rank = sorted(seen)
    assert [term for part in parts for term in part.terms] == [b"%03d" % number for number in by_rank]
    assert numbers.tolist() == [by_rank.index(number) for each in documents for number in each]
    postings = [
        (doc, [place for place, other in enumerate(numbers) if other == number])
        for number in by_rank
        for doc, numbers in enumerate(documents)
        if number in numbers
    ]
    having = Counter(number for numbers in documents for number in set(numbers))
    assert _joined(part.counts for part in parts) == [having[number] for number in by_rank]
    assert _joined(part.docs for part in parts) == [doc for doc, _ in postings]
    assert _joined(part.freqs for part in parts) == [len(places) for _, places in postings]
    assert _joined(part.positions for part in parts) == [place for _, places in postings for place in places]


def _joined(arrays: Iterable[Any]) -> list[int]:
    return [int(number) for array in arrays for number in array]
