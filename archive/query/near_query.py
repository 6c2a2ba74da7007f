"""`a NEAR/10 b` as it was read, not yet lowered."""

from __future__ import annotations

from typing import Any

from whoosh import query as wq


class NearQuery(wq.Query):  # type: ignore[misc]
    """What was typed on both sides of the operator, not yet lowered."""

    def __init__(self, a: Any, b: Any, distance: int, boost: float = 1.0) -> None:
        self.a, self.b, self.distance, self.boost = a, b, distance, boost
        self.fieldname = None

    @property
    def operator(self) -> str:
        """As it was typed."""
        return f"NEAR/{self.distance}"
