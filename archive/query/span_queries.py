"""Query nodes for what positions are needed for, and Whoosh's Phrase does not say.

`WordPhrase` knows the words as typed of a phrase, so that an engine can find it where one of them is written as a
compound. `InCapitals` finds acronyms. `SpanPhrase` has patterns among its words, and gaps. `Near` finds two phrases or
words at most so far apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from whoosh import query as wq


class WordPhrase(wq.Phrase):  # type: ignore[misc]
    """A phrase of terms whose words are known as they were typed (`forms`)."""

    def __init__(
        self, fieldname: str, words: Sequence[str], forms: Sequence[str], slop: int = 1, boost: float = 1.0
    ) -> None:
        super().__init__(fieldname, list(words), slop=slop, boost=boost)
        self.forms = tuple(forms)


class Slot(NamedTuple):
    """One place of a phrase: a Term or a pattern, or what a pattern was rewritten to; and how many words before it
    may be any."""

    query: Any
    gap: int = 0


class SpanPhrase(wq.Query):  # type: ignore[misc]
    """Words and patterns in order, each at most `slop` after the one before, or exactly after its gap.

    fieldname   the field in which it is ranked; slots may be of it, or of its words as written: positions are the same
    """

    def __init__(self, fieldname: str, slots: Sequence[Slot], slop: int = 1, boost: float = 1.0) -> None:
        self.fieldname, self.slots, self.slop, self.boost = fieldname, tuple(slots), slop, boost

    @property
    def ranked_terms(self) -> tuple[str, ...]:
        """The terms among its slots, patterns apart."""
        return tuple(slot.query.text for slot in self.slots if type(slot.query) is wq.Term)

    def _key(self) -> tuple[Any, ...]:
        return type(self), self.fieldname, self.slots, self.slop, self.boost

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpanPhrase) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        said = " ".join("* " * slot.gap + _said(slot.query) for slot in self.slots)
        return f'{self.fieldname}:"{said}"' + (f"~{self.slop}" if self.slop > 1 else "")

    __str__ = __repr__


class InCapitals(wq.Query):  # type: ignore[misc]
    """What finds an acronym in capitals; or in an index that does not have it so, what finds the word."""

    def __init__(self, acronym: str, fields: Sequence[str], capitals: wq.Query, otherwise: wq.Query) -> None:
        self.acronym, self.fields, self.capitals, self.otherwise = acronym, tuple(fields), capitals, otherwise
        self.boost = 1.0

    def children(self) -> Iterator[wq.Query]:
        yield from (self.capitals, self.otherwise)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InCapitals) and (self.capitals, self.otherwise) == (other.capitals, other.otherwise)

    def __hash__(self) -> int:
        return hash((self.capitals, self.otherwise))

    def __repr__(self) -> str:
        return f"{self.acronym} in capitals"

    __str__ = __repr__


class Near(wq.Query):  # type: ignore[misc]
    """Two phrases or words, in either order, the end of one at most `distance` from the beginning of the other."""

    def __init__(self, a: SpanPhrase, b: SpanPhrase, distance: int, boost: float = 1.0) -> None:
        self.a, self.b, self.distance, self.boost = a, b, distance, boost
        self.fieldname = a.fieldname

    @property
    def ranked_terms(self) -> tuple[str, ...]:
        """The terms of both, patterns apart."""
        return self.a.ranked_terms + self.b.ranked_terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Near) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return self.a, self.b, self.distance, self.boost

    def __repr__(self) -> str:
        return f"({self.a} NEAR/{self.distance} {self.b})"

    __str__ = __repr__


def _said(query: Any) -> str:
    if isinstance(query, wq.Or):
        return f"({' OR '.join(map(_said, query.subqueries))})"
    match query:
        case wq.Prefix():
            return f"{query.text}*"
        case wq.FuzzyTerm():
            return f"{query.text}~{query.maxdist}"
    return str(getattr(query, "text", ""))
