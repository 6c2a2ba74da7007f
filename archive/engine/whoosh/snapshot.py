"""One generation of the index, opened: its documents as Whoosh sees them and as columns."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.engine.whoosh.columns import FacetColumn, Mask, ranks
from archive.engine.whoosh.schema import SEPARATOR, SORT_COLUMNS, facet_column


class Columns:
    """The columns of one generation, each read once and shared by all threads."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self._lock = threading.RLock()
        self._facets: dict[str, FacetColumn] = {}
        self._keys: dict[str, list[str]] = {}
        self._ranks: dict[str, NDArray[np.int64]] = {}
        self._live: Mask | None = None

    def facet(self, reader: Any, name: str) -> FacetColumn:
        """The values of a facet; deleted documents have none."""
        with self._lock:
            column = self._facets.get(name)
            if column is None:
                texts = zip(_texts(reader, facet_column(name)), self.live(reader).tolist(), strict=True)
                rows = [text.split(SEPARATOR) if text and live else () for text, live in texts]
                column = self._facets[name] = FacetColumn(rows)
            return column

    def keys(self, reader: Any, name: str) -> list[str]:
        """The sort keys `id`, `title` or `date`, one a document; "" where there is none."""
        with self._lock:
            if name not in self._keys:
                self._keys[name] = _texts(reader, SORT_COLUMNS[name])
            return self._keys[name]

    def ranks(self, reader: Any, name: str) -> NDArray[np.int64]:
        """The places of the sort keys in their order."""
        with self._lock:
            if name not in self._ranks:
                self._ranks[name] = ranks(self.keys(reader, name))
            return self._ranks[name]

    def live(self, reader: Any) -> Mask:
        """The documents that are not deleted."""
        with self._lock:
            if self._live is None:
                self._live = np.zeros(reader.doc_count_all(), dtype=np.bool_)
                self._live[np.fromiter(reader.all_doc_ids(), np.int64)] = True
            return self._live


class Snapshot:
    """A searcher of one thread on one generation, with the shared columns of that generation."""

    def __init__(self, searcher: Any, columns: Columns) -> None:
        self.searcher = searcher
        self.reader = searcher.reader()
        self._columns = columns

    def facet(self, name: str) -> FacetColumn:
        return self._columns.facet(self.reader, name)

    def keys(self, name: str) -> list[str]:
        return self._columns.keys(self.reader, name)

    def ranks(self, name: str) -> NDArray[np.int64]:
        return self._columns.ranks(self.reader, name)

    @property
    def live(self) -> Mask:
        return self._columns.live(self.reader)


def _texts(reader: Any, column: str) -> list[str]:
    """A column of text, whole, over all segments."""
    texts: list[str] = []
    for leaf, _ in reader.leaf_readers():
        if leaf.has_column(column):
            values = leaf.column_reader(column)
            texts += [values[doc].decode() for doc in range(leaf.doc_count_all())]
        else:
            texts += [""] * leaf.doc_count_all()
    return texts
