"""Questions about people: names as anybody types them, made into those of the archive, and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from archive.encounters import companions, encounters
from archive.encounters.cooccurrence import LEVELS
from archive.encounters.gaps import gaps as find_gaps
from archive.encounters.judging import SightingJudge
from archive.encounters.model import Certificate, Companions, Encounter, Encounters, Gaps, Occasions, SightingFacet
from archive.encounters.query import EncounterQuery, YearRanges
from archive.encounters.sighting_rows import all_rows
from archive.engine.protocol import Engine
from archive.errors import LimitError, NotFoundError, UsageError, shortened
from archive.model.article import Article
from archive.model.fields import mentioned
from archive.model.reports import CheckIssue
from archive.model.sightings import ASSERTED, stances_named
from archive.names.authority.records import Names
from archive.query.limits import MAX_NAMES, can_find, check_find
from archive.query.plan import Plan, conjunction
from archive.query.request import SearchRequest, Selection

if TYPE_CHECKING:
    from archive.query.request import Years

_ALIKE = 3
#: Names that are like one are looked for by all of it, and then by its last so many words.
_PARTS = 8


class EncounterService:
    """Makes questions of what was typed, and answers them from an engine.

    names     loads the authority files
    plan_of   makes plans of requests
    judge     derives the sightings of articles with names that no record has
    """

    def __init__(
        self,
        engine: Engine,
        names: Callable[[], Names],
        plan_of: Callable[[SearchRequest], Plan],
        judge: SightingJudge,
    ) -> None:
        self._engine, self._names, self._plan_of, self._judge = engine, names, plan_of, judge

    def question(
        self,
        person: str,
        with_: str | Iterable[str],
        at: str | Iterable[str],
        level: str,
        year: Years,
        *,
        stance: str | Iterable[str] = ASSERTED,
        strict: bool = True,
    ) -> EncounterQuery:
        """Raises UsageError for an unknown level or stance, and if `strict` NotFoundError for an unknown name."""
        if level not in LEVELS:
            raise UsageError(f"a level is {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, not {shortened(level)!r}")
        years = SearchRequest(year=year).year
        within = SearchRequest(facets=(), limit=0)
        named = [("person", name) for names in (person, with_) for name in SearchRequest(person=names).person]
        named += [("venue", name) for name in SearchRequest(venue=at).venue]
        if not named or named[0][0] != "person":
            raise UsageError("name a person")
        if len(named) > MAX_NAMES:
            raise LimitError(f"{len(named):,} names were given, over the limit of {MAX_NAMES}", "name fewer")
        asked = dict.fromkeys((facet, self._known(facet, name, strict=strict)) for facet, name in named)
        return EncounterQuery(tuple(asked), level, within, years, stances_named(stance))

    def encounters(self, question: EncounterQuery, limit: int | None) -> Encounters:
        """See `archive.api.Archive.encounters`."""
        SearchRequest(limit=limit)  # raises UsageError for one that cannot be meant
        return encounters.find_encounters(self._engine, *self._plans(question), question, self._judge, limit)

    def companions(self, question: EncounterQuery, limit: int | None) -> Companions:
        """See `archive.api.Archive.companions`."""
        SearchRequest(limit=limit)
        return companions.companions(self._engine, *self._plans(question), question, self._judge, limit)

    def gaps(self, question: EncounterQuery) -> Gaps:
        """See `archive.api.Archive.gaps`."""
        everything, of_years = self._plans(question)
        seen, undated = encounters.dates_of_presence(self._engine, everything, question, self._judge)
        return Gaps(find_gaps(seen, self._engine.histogram(of_years, 10)), undated)

    @property
    def by_rules(self) -> int:
        """How many articles were judged by rules alone, of those that were asked for."""
        return self._judge.by_rules

    def sightings_by_period(self, plan: Plan, years: YearRanges, digits: int) -> Mapping[str, int] | None:
        """How often the people who are chosen in a plan were seen, by the first digits of the date; "" where undated.

        None where nobody is chosen, or any of several.
        """
        chosen, venues = plan.selections.get("person", Selection()), plan.selections.get("venue", Selection())
        if not chosen.values or (len(chosen.values) > 1 and not chosen.all):
            return None
        names = [*(("person", name) for name in chosen.values), *(("venue", name) for name in venues.values)]
        question = EncounterQuery(tuple(names), LEVELS[-1], plan.request, tuple(years))
        return encounters.presences_by_period(self._engine, plan, question, self._judge, digits)

    def _plans(self, question: EncounterQuery) -> tuple[Plan, Plan]:
        """The plans of all articles, and of those whose own date is in the years asked for."""
        return self._plan_of(question.scope), self._plan_of(question.scope.replace(year=question.years))

    def certificate(self, question: EncounterQuery, findings: Sequence[CheckIssue]) -> Certificate:
        """See `archive.api.Archive.certificate`; `findings` are those of a check of the index."""
        from archive.encounters.certificate import CertificateBuilder

        builder = CertificateBuilder(self._engine, self._names(), self._plan_of, question, self._judge)
        return builder.certificate(findings)

    def occasions(self, at: str | Iterable[str], year: Years, limit: int | None) -> Occasions:
        """See `archive.api.Archive.occasions`."""
        from archive.encounters.occasions import find_occasions

        request = SearchRequest(venue=at, year=year, limit=limit)
        venues = [self._known("venue", name, strict=True) for name in request.venue]
        plan = self._plan_of(SearchRequest(facets=(), limit=0))
        if len(venues) == 1:
            plan = conjunction(plan, [("venue", venues[0])])
        return find_occasions(self._engine, plan, venues, request.year, self._judge, limit)

    def seen_facet(self, question: EncounterQuery, facet: str, find: str, request: SearchRequest) -> SightingFacet:
        """See `archive.api.Archive.seen_facet`; `request` has the order and number of values."""
        check_find(find)
        plan = self._plans(question)[0]
        return companions.seen_facet(self._engine, plan, question, self._judge, facet, find, request)

    def sightings(self, article: Article) -> tuple[Encounter, ...]:
        """See `archive.api.Archive.sightings`."""
        return tuple(all_rows(article, self._judge))

    def _known(self, facet: str, name: str, *, strict: bool) -> str:
        """The canonical name that is meant; an unknown one as it is, unless `strict`."""
        for field in (facet, mentioned(facet)):
            if (known := self._engine.resolve_value(field, name)) is not None:
                return known
        known = self._names().recorded(facet, name)
        if strict and not known:
            parts = (name, *reversed(name.split()[-_PARTS:]))
            like = next(filter(None, map(partial(self._alike, facet), filter(can_find, parts))), [])
            hint = f"; similar: {', '.join(like)}" if like else ""
            raise NotFoundError(f"no article and no authority file has the {facet} {name!r}{hint}")
        return known or name

    def _alike(self, facet: str, name: str) -> list[str]:
        plan = self._plan_of(SearchRequest(facet_limit=_ALIKE))
        return [value.value for value in self._engine.facet(plan, facet, name).values]
