"""Any of some terms of one field: what a pattern stands for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from whoosh import query as wq


class AnyTerm(wq.Or):  # type: ignore[misc]
    """An Or of Terms, which are made only if they are asked for: there may be thousands.

    field_name  an index field
    texts       the terms, sorted
    """

    def __init__(self, field_name: str, texts: Sequence[str], boost: float = 1.0) -> None:
        super().__init__([], boost)
        del self.subqueries
        self.field_name, self.texts = field_name, texts

    @cached_property
    def subqueries(self) -> list[wq.Query]:
        """A Term for each."""
        return [wq.Term(self.field_name, text) for text in self.texts]
