"""Block maxima: the most that a frequent word can add to the score of any document of a block.

A search for the best few documents scores only those of blocks that can hold one of them (Ding and Suel, "Faster
top-k document retrieval using block-max indexes", SIGIR 2011). A block is 128 documents in a row, the same for all
words, so that the maxima of several words are added as arrays. What is kept is the maximum of tf / (tf + norm), see
`archive.engine.local.inb2`, in the fields that a word without a field is looked for in, ranked as one by their
weights. It lies between 0 and 1 whatever the statistics of the whole index are. Only words that many documents have
are listed: the others cost little to score.

Sections of a segment:

    maxima/terms, ...       the words, as `postings` has terms
    maxima/shares           for each word and block the maximum as a byte, rounded up from 255 times it

The segment says of itself for which weights they are, and for which average length of documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.engine.local import inb2
from archive.engine.local.segment.file import Sections, SegmentFileWriter
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.local.segment.postings import FieldReader, TermDictionary, TermsWriter, length_table

Scores = NDArray[np.float64]

#: The binary logarithm of the documents of a block.
BLOCK_BITS = 7
#: Words with fewer documents in every field have no maxima.
LEAST_FREQUENCY = 1024
_NAME = "maxima"
_MOST = 255


def blocks_of(documents: int) -> int:
    """How many blocks so many documents are."""
    return -(-documents >> BLOCK_BITS)


class RankedFields(NamedTuple):
    """Fields ranked as one: the weight of each, and the average length of a document in all of them."""

    weights: Mapping[str, float]
    average: float

    def as_metadata(self) -> dict[str, Any]:
        """What a segment says of its maxima."""
        return {"weights": dict(self.weights), "average": self.average}

    @classmethod
    def of_metadata(cls, said: Any) -> RankedFields | None:
        """The inverse; None for anything else."""
        if not isinstance(said, dict) or not isinstance(said.get("weights"), dict):
            return None
        return cls(said["weights"], float(said.get("average", 0.0)))


def write_block_maxima(
    out: SegmentFileWriter, weights: Mapping[str, float], lengths: Mapping[str, int], documents: int
) -> RankedFields | None:
    """Write the maxima of the frequent words of fields that are written; None where there are none.

    weights    the fields that are ranked as one
    lengths    the number of terms of all documents in each field
    """
    written = out.read()
    fields = {name: FieldReader(written, name) for name in weights if f"{name}/lengths" in written}
    words = sorted({word for field in fields.values() for word in _frequent(field)})
    if not words:
        return None
    ranked = RankedFields(weights, sum(weights[name] * lengths[name] for name in fields) / documents)
    total = np.zeros(documents)
    for name, field in fields.items():
        assert field.lengths is not None
        total += weights[name] * length_table().take(field.lengths)
    norms = inb2.length_norms(total, ranked.average)
    terms, rows = TermsWriter(out, f"{_NAME}/terms"), out.spool()
    terms.add(words)
    cells = np.zeros(documents)
    for word in words:
        rows.write(_maxima(word, fields, weights, norms, cells))
    terms.finish()
    out.add_all(f"{_NAME}/shares", rows, "|u1")
    return ranked


def _frequent(field: FieldReader) -> Iterator[bytes]:
    """The words that many documents have."""
    return map(field.term, np.flatnonzero(field.doc_frequencies >= LEAST_FREQUENCY).tolist())


def _maxima(
    word: bytes, fields: Mapping[str, FieldReader], weights: Mapping[str, float], norms: Scores, cells: Scores
) -> NDArray[np.uint8]:
    """The maximum of each block, as a byte; `cells` are 0.0 for every document, before and after."""
    found = [
        (field, weights[name], number) for name, field in fields.items() if (number := field.find(word)) is not None
    ]
    found.sort(key=lambda each: each[0].doc_frequency(each[2]))
    most = np.zeros(blocks_of(len(norms)))
    lists: list[Ints] = []
    for field, weight, number in found:
        docs, freqs = field.docs(number), field.freqs(number)
        tf = np.full(len(docs), weight) if freqs is None else freqs * weight
        if lists:
            tf += cells.take(docs)
        if len(lists) + 1 < len(found):
            cells[docs] = tf
        lists.append(docs)
        # A document that a later list has as well is looked at there again, with more in it.
        blocks = docs >> BLOCK_BITS
        starts = np.flatnonzero(np.diff(blocks, prepend=-1))
        having = blocks.take(starts)
        most[having] = np.maximum(most.take(having), np.maximum.reduceat(tf / (tf + norms.take(docs)), starts))
    for docs in lists[:-1]:
        cells[docs] = 0.0
    return np.ceil(most * _MOST).astype(np.uint8)


class BlockMaxima:
    """The block maxima of a segment, read.

    ranked  for which fields they are
    """

    def __init__(self, file: Sections, ranked: RankedFields, documents: int) -> None:
        self.ranked = ranked
        self._blocks = blocks_of(documents)
        self._words = TermDictionary(file, f"{_NAME}/terms")
        self._shares = file.pages(f"{_NAME}/shares")

    def of(self, word: bytes, average: float) -> Scores | None:
        """At least the maximum of tf / (tf + norm) in each block; None for a word that is not listed.

        average  the average length of a document in the whole index
        """
        shares = self._shares_of(word)
        return None if shares is None else self._of_average(shares / _MOST, average)

    def most(self, word: bytes, average: float) -> float:
        """The largest of these; 1.0 for a word that is not listed."""
        shares = self._shares_of(word)
        return 1.0 if shares is None else float(self._of_average(shares.max() / np.float64(_MOST), average))

    def _shares_of(self, word: bytes) -> NDArray[np.uint8] | None:
        number = self._words.find(word)
        return None if number is None else self._shares.part(number * self._blocks, (number + 1) * self._blocks)

    def _of_average(self, shares: Any, average: float) -> Any:
        """Shares for the average length in the whole index, from those for the segment's."""
        longer = max(average, 1.0) / max(self.ranked.average, 1.0)
        if longer <= 1.0:  # the norms are larger than those that they were made with
            return shares
        # log2(1 + r a) <= r log2(1 + a) for r >= 1: tf / norm grows by the same factor at the most.
        return longer * shares / (1.0 + (longer - 1.0) * shares)
