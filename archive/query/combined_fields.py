"""A word or phrase looked for in several fields that are ranked as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh import query as wq

from archive.query.span_queries import Near, SpanPhrase


class CombinedFields(wq.Or):  # type: ignore[misc]
    """The same Term or Phrase in several fields: matches as an Or does, and is scored as if these were one field.

    The boost of each part is the weight of its field: how often its text counts in the field that they make together
    (see `archive.engine.local.inb2`). Lucene has this as CombinedFieldQuery.
    """

    @property
    def terms_of(self) -> tuple[str, ...]:
        """The words that are ranked: one, or those of the phrase."""
        part = self.subqueries[0]
        match part:
            case wq.Phrase():
                return tuple(part.words)
            case SpanPhrase() | Near():
                return part.ranked_terms
        return (part.text,)

    @property
    def weights(self) -> tuple[tuple[str, float], ...]:
        """The fields and their weights."""
        return tuple((part.fieldname, part.boost) for part in self.subqueries)


def in_any_field(parts: Iterable[Any], boost: float = 1.0) -> wq.Query:
    """A word or phrase in any of some fields, the boosts of its parts being their weights; one part stays as it is."""
    made = list(parts)
    return CombinedFields(made, boost=boost) if len(made) > 1 else made[0].with_boost(boost)
