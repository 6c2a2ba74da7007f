"""What is asked about people: names as anybody types them, made into those of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from archive.engine.base import Engine
from archive.errors import NotFoundError, UsageError
from archive.fields import mentioned
from archive.names.authority import Names
from archive.names.passages import LEVELS, Name
from archive.query.plan import Plan
from archive.query.request import SearchRequest, Years

_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Question:
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


class Asker:
    """Makes questions of what was typed. `names` loads the authority files; `plan_of` makes plans of requests."""

    def __init__(self, engine: Engine, names: Callable[[], Names], plan_of: Callable[[SearchRequest], Plan]) -> None:
        self._engine, self._names, self._plan_of = engine, names, plan_of

    def question(
        self,
        person: str,
        with_: str | Iterable[str],
        at: str | Iterable[str],
        level: str,
        year: Years,
        *,
        strict: bool = True,
    ) -> Question:
        """Raises UsageError for an unknown level, and if `strict` NotFoundError for an unknown name."""
        if level not in LEVELS:
            raise UsageError(f"a level is {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, not {level!r}")
        within = SearchRequest(year=year, facets=(), limit=0)
        named = [("person", name) for names in (person, with_) for name in SearchRequest(person=names).person]
        named += [("venue", name) for name in SearchRequest(venue=at).venue]
        if not named or named[0][0] != "person":
            raise UsageError("name a person")
        asked = dict.fromkeys((facet, self._known(facet, name, strict=strict)) for facet, name in named)
        return Question(tuple(asked), level, within)

    def _known(self, facet: str, name: str, *, strict: bool) -> str:
        """The canonical name that is meant; an unknown one as it is, unless `strict`."""
        for field in (facet, mentioned(facet)):
            if (known := self._engine.canonical(field, name)) is not None:
                return known
        known = self._names().recorded(facet, name)
        if strict and not known:
            like = next(filter(None, map(partial(self._alike, facet), (name, *reversed(name.split())))), [])
            hint = f"; like it: {', '.join(like)}" if like else ""
            raise NotFoundError(f"no article and no authority file has the {facet} {name!r}{hint}")
        return known or name

    def _alike(self, facet: str, name: str) -> list[str]:
        plan = self._plan_of(SearchRequest(facet_limit=_ALIKE))
        return [value.value for value in self._engine.facet(plan, facet, name).values]
