"""Negative evidence: what was looked for, where, and what came closest.

That nothing was found says little by itself. A certificate says which spellings were tried, in how
many articles and of which years, in which state of which index, and what there is nearby. There
is no clock in it: the same index gives the same certificate, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from archive.encounters.cooccurrence import LEVELS, Name
from archive.encounters.drafts import in_year_ranges
from archive.encounters.encounters import FoundDrafts, there_of
from archive.encounters.judging import SightingJudge
from archive.encounters.model import (
    ArticleSpan,
    Certificate,
    Coverage,
    IndexState,
    NearMiss,
    SearchedName,
    Spelling,
)
from archive.encounters.query import EncounterQuery
from archive.engine.protocol import Engine
from archive.model.dates import date_range
from archive.model.fields import unreviewed
from archive.model.reports import CheckIssue
from archive.model.sightings import PRESENT, STANCES
from archive.names.authority.records import Names
from archive.names.surface_forms import name_parts
from archive.query.plan import Plan, conjunction
from archive.query.request import SearchRequest, YearRange

_LISTED = 5


class CertificateBuilder:
    """Makes the certificate of one question; `plan_of` makes plans of requests."""

    def __init__(
        self,
        engine: Engine,
        names: Names,
        plan_of: Callable[[SearchRequest], Plan],
        question: EncounterQuery,
        judge: SightingJudge,
    ) -> None:
        self._judge = judge
        self._engine, self._names, self._plan_of, self._question = engine, names, plan_of, question
        self._scope = question.scope.replace(year=question.years)
        self._everything = plan_of(self._scope)

    def certificate(self, findings: Sequence[CheckIssue]) -> Certificate:
        """The certificate; `findings` are those of a check of the index."""
        asked = self._question
        plan = conjunction(self._plan_of(asked.scope), asked.names)
        drafts = FoundDrafts(self._engine, plan, replace(asked, level=LEVELS[-1]), self._judge)
        found = there_of(drafts.distinct(drafts.within(asked.levels, asked.years)).table)
        wider = there_of(drafts.distinct(drafts.within(LEVELS, asked.years)).table)
        levels = Counter(LEVELS[level] for level in wider.level.tolist())
        return Certificate(
            people=asked.people,
            venues=asked.venues,
            level=asked.level,
            years=tuple(map(str, asked.years)),
            rows=len(found),
            articles=drafts.articles(found),
            sought=tuple(map(self._sought, asked.names)),
            coverage=self._coverage(),
            index=self._state(findings),
            misses=(
                *(NearMiss("wider level", at, levels[at]) for at in LEVELS[len(asked.levels) :] if levels[at]),
                *self._other_dates(drafts),
                *self._other_stances(drafts),
                *self._without_one(),
                *self._alike(),
            ),
            by_rules=self._judge.by_rules,
        )

    def _dated(self, names: Sequence[Name], everything: Plan) -> ArticleSpan:
        plan = conjunction(everything, names)
        return ArticleSpan(self._engine.count(plan), *date_range(self._engine.histogram(plan, 10)))

    def _sought(self, name: Name) -> SearchedName:
        record = self._names.record(*name)
        spellings = (record.name, *record.aliases) if record else (name[1],)
        return SearchedName(
            facet=name[0],
            name=name[1],
            recorded=record is not None,
            spellings=tuple(Spelling(text, self._printed(text)) for text in spellings),
            parts=tuple(Spelling(part, self._printed(part)) for part in self._parts(name, spellings)),
            namesakes=record.namesakes if record else (),
            found=self._dated([name], self._everything),
            unreviewed=bool(self._engine.values_among(unreviewed(name[0]), [name[1]])),
        )

    def _parts(self, name: Name, spellings: Iterable[str]) -> list[str]:
        """The first names and surnames in a person's spellings, which count after the whole name in an article."""
        if name[0] != "person":
            return []
        return list(dict.fromkeys(part.text for spelling in spellings for part in name_parts(spelling)))

    def _printed(self, spelling: str) -> int:
        """In how many articles the words of a spelling stand in a row, in the title or the text."""
        words = spelling.replace('"', " ").replace("\\", " ")
        return self._engine.count(self._plan_of(self._scope.replace(query=f'"{words}"')))

    def _coverage(self) -> Coverage:
        held = self._engine.histogram(self._everything, 4)
        years = sorted(int(year) for year in held if year.isdecimal())
        return Coverage(
            articles=self._engine.count(self._everything),
            first=years[0] if years else None,
            last=years[-1] if years else None,
            undated=sum(count for year, count in held.items() if not year.isdecimal()),
            empty_years=tuple(year for year in self._years_asked() if year not in years),
        )

    def _years_asked(self) -> list[int]:
        """Every year asked for; without any, or where a range is open, from the first to the last that is held."""
        periods = self._engine.histogram(self._plan_of(SearchRequest()), 4)
        held = [int(year) for year in periods if year.isdecimal()] or [0]
        asked = self._question.years or (YearRange(None, None),)
        return sorted(
            {
                year
                for first, last in asked
                for year in range(min(held) if first is None else first, (max(held) if last is None else last) + 1)
                if year
            }
        )

    def _state(self, findings: Sequence[CheckIssue]) -> IndexState:
        digest = hashlib.sha256()
        for line in sorted(f"{entry.id} {entry.digest}\n" for entry in self._engine.entries()):
            digest.update(line.encode())
        return IndexState(
            generation=self._engine.generation(),
            articles=self._engine.article_count(),
            corpus=digest.hexdigest(),
            names=self._names.digest,
            differences=tuple(map(str, findings)),
        )

    # -- near misses -------------------------------------------------------------------

    def _other_dates(self, drafts: FoundDrafts) -> list[NearMiss]:
        """Encounters of other years, and those of which nobody knows when they were."""
        if not self._question.years:
            return []
        there = there_of(drafts.distinct(drafts.table).table)
        dated = there.take(there.first >= 0)
        others = dated.take(~in_year_ranges(dated.first, dated.last, self._question.years))
        undated = there.take(there.first < 0)
        misses = [NearMiss("any year", "", len(others), *drafts.range_of(others))] if len(others) else []
        if len(undated):
            misses.append(NearMiss("undated", "in articles", len(undated), *drafts.range_of(undated)))
        return misses

    def _other_stances(self, drafts: FoundDrafts) -> list[NearMiss]:
        """What articles say of them otherwise: that one was not there, was expected, wrote; or that they only name."""
        every = drafts.distinct(drafts.table).table
        near = every.take((every.first < 0) | in_year_ranges(every.first, every.last, self._question.years))
        misses = []
        for number, stance in enumerate(STANCES):
            rows = near.take(near.stance == number)
            if len(rows) and stance not in PRESENT:
                misses.append(NearMiss("other stance", stance, len(rows), *drafts.range_of(rows)))
        return misses

    def _without_one(self) -> list[NearMiss]:
        """All but one of those asked for, together."""
        misses = []
        asked = self._question.names
        for some in combinations(asked, len(asked) - 1) if len(asked) > 2 else ():
            found = self._dated(some, self._everything)
            said = " + ".join(name for _, name in some)
            misses.append(NearMiss("without one", said, found.articles, found.first, found.last))
        return misses

    def _alike(self) -> list[NearMiss]:
        """Names that are spelled alike."""
        misses = []
        for facet, name in self._question.names:
            plan = self._plan_of(self._scope.replace(facet_limit=_LISTED + 1))
            for value in self._engine.facet(plan, facet, name).values:
                if value.value != name:
                    found = self._dated([(facet, value.value)], self._everything)
                    misses.append(NearMiss("similar name", value.value, found.articles, found.first, found.last))
        return misses
