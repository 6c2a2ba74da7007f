"""What is asked about people: who is looked for together, where, and how close."""

from __future__ import annotations

from dataclasses import dataclass

from archive.encounters.cooccurrence import LEVELS, Name
from archive.query.request import SearchRequest


@dataclass(frozen=True, slots=True)
class EncounterQuery:
    """Who is looked for together, at which venues, and how close.

    asked   canonical names, the person asked about first
    level   the widest level that counts
    within  a request for the articles to look in: all, or those of some years
    """

    asked: tuple[Name, ...]
    level: str
    within: SearchRequest

    @property
    def people(self) -> tuple[str, ...]:
        """The people asked for."""
        return tuple(name for facet, name in self.asked if facet == "person")

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues asked for."""
        return tuple(name for facet, name in self.asked if facet == "venue")

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that count, the closest first."""
        return LEVELS[: LEVELS.index(self.level) + 1]
