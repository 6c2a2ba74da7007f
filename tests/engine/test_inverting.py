"""Inverting: whatever is taken together, and whether or not it fits into one number, each term has its postings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.engine.local.segment import inverter
from archive.engine.local.segment.inverter import Inverter, in_order, sequential_positions

DOCUMENTS = st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=20)


@given(
    DOCUMENTS,
    st.sampled_from([64, 16]),
    st.integers(1, 6),
    st.integers(1, 3),
    st.sampled_from([1, 9, 1 << 20]),
    st.sampled_from([1, 20, 1 << 20]),
    st.sampled_from([0, 100, 1 << 20]),
)
def test_every_term_has_its_documents_frequencies_and_positions(
    documents: list[list[int]], width: int, together: int, threads: int, made: int, sorted_together: int, kept: int
) -> None:
    """Checked against dictionaries, where all of an occurrence goes into one number, and where terms do not."""
    seen = list(dict.fromkeys(number for numbers in documents for number in numbers))
    terms, places = in_order([b"%03d" % number for number in seen])
    lots = [documents[at : at + together] for at in range(0, len(documents), together)]
    often = Counter(number for numbers in documents for number in numbers)
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(inverter, "_WIDTH", width)
        patch.setattr(inverter, "_SORTED_TOGETHER", sorted_together)
        patch.setattr(inverter, "_KEPT_BYTES", kept)
        patch.setattr(inverter, "_MADE_TOGETHER", made)
        inverting = Inverter(
            Path(folder),
            terms,
            places,
            np.array([often[number] for number in seen], np.int64),
            np.array(seen, np.int64),
            documents=len(documents),
            most_position=max(map(len, documents), default=0),
        )
        for lot in lots:
            numbers = np.array([seen.index(number) for numbers in lot for number in numbers], np.uint32)
            lengths = np.array([len(each) for each in lot], np.int64)
            inverting.add(numbers, lengths, sequential_positions(lengths))
        parts = list(inverting.parts(threads))

    by_rank = sorted(seen)
    assert [term for part in parts for term in part.terms] == [b"%03d" % number for number in by_rank]
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
    assert _joined(part.forms for part in parts) == [number for number in by_rank for _ in range(often[number])]


def _joined(arrays: Iterable[Any]) -> list[int]:
    return [int(number) for array in arrays for number in array]
