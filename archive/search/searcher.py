"""Searching: a request made into a plan, run by an engine, and answered in plain values; timelines as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.errors import LimitError, UsageError, shortened
from archive.model.article import FACET_KEYS, Article, aliases_used
from archive.model.fields import Fields, unreviewed
from archive.model.results import Explanation, FacetResult, Hit, Page, Snippet, Suggestion, make_hit
from archive.query.limits import LISTING, MAX_NAME, check_find, check_length, current_deadline
from archive.query.plan import Plan, make_plan
from archive.query.reading import reading
from archive.query.request import SearchRequest
from archive.search.highlighter import Highlighter
from archive.search.notes import notes
from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    from archive.engine.protocol import Engine, ScoredDoc
    from archive.model.reports import TimelineRow
    from archive.names.authority.records import Names
    from archive.query.synonyms import Synonyms

#: Characters of a date that name its period.
_PERIOD_DIGITS = {"year": 4, "month": 7, "day": 10}
#: The period of articles without a date.
_UNDATED = "undated"
#: Relevance feedback: the best articles, the words taken from them, and what the most telling of these counts beside
#: a word of the query. With more weight recall rises further, and what came first before no longer does.
_FEEDBACK_ARTICLES, _FEEDBACK_TERMS, _FEEDBACK_WEIGHT = 10, 20, 0.15
_SIMILAR_TERMS = 25


#: Articles that are marked together.
_AT_ONCE = 20
#: An answer of so few articles is little: another spelling may be meant.
_LITTLE = 10


class Searcher:
    """Answers requests from an engine; holds no state between them.

    names     loads the authority files
    synonyms  loads the synonyms file
    """

    def __init__(
        self,
        engine: Engine,
        fields: Fields,
        analyzer: Analyzer,
        names: Callable[[], Names],
        synonyms: Callable[[], Synonyms],
    ) -> None:
        self._engine, self._fields, self._analyzer = engine, fields, analyzer
        self._names, self._synonyms = names, synonyms

    def plan(self, request: SearchRequest) -> Plan:
        """The request with its names resolved; facet values are taken as the archive writes them."""
        names: list[Names] = []  # they are read once for all values, and only where a value is in no article

        def resolve(facet: str, value: str) -> str | None:
            current_deadline().check()
            meant = self._engine.resolve_value(facet, value)
            if meant is None and facet in ("person", "venue"):
                if not names:
                    names.append(self._names())
                meant = names[0].recorded(facet, value) or None
            return meant

        return make_plan(request, self._fields, self._analyzer, self._synonyms(), resolve)

    def plan_of_matches(self, request: SearchRequest) -> Plan:
        """The plan of the articles with all words, with relevance feedback where the request asks for it."""
        return self._expanded(self.plan(request))[0]

    def plan_to_answer(self, request: SearchRequest) -> Plan:
        """The plan that answers a request: with any of its words where no article has all of them.

        Whether that is so does not depend on the filters, so that choosing one never changes what the query means.
        """
        plan = self.plan(request)
        return self._relaxed(plan) or plan

    def _relaxed(self, plan: Plan) -> Plan | None:
        relaxed = plan.relaxed
        return None if relaxed is None or self._engine.count(plan.without_filters) else relaxed

    def page(self, request: SearchRequest) -> Page:
        """See `archive.api.Archive.search`."""
        started = time.perf_counter()
        asked = self.plan(request)
        plan, added = self._expanded(asked)
        answer = self._engine.search(plan)
        relaxed = None
        if not answer.total:  # which, without filters, is all that there is to know
            relaxed = self._relaxed(asked) if asked.selections else asked.relaxed
        if relaxed is not None:
            plan, added = self._expanded(relaxed)
            answer = self._engine.search(plan)
        marker = Highlighter(plan.parsed.marks, self._analyzer, answer.forms_of)
        return Page(
            query=request.query,
            total=answer.total,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
            hits=_hits(answer.matches, marker),
            facets={name: self._marked(name, facet) for name, facet in answer.facets.items()},
            suggestions=self._suggestions(asked, answer.total, relaxed=relaxed is not None),
            explanation=self._explain(plan, added, relaxed=relaxed is not None) if request.explain else None,
            relaxed=relaxed is not None and answer.total > 0,
            ignored=asked.parsed.ignored,
            notes=notes(asked, relaxed=relaxed is not None and answer.total > 0),
        )

    def facet(self, name: str, find: str, request: SearchRequest) -> FacetResult:
        """See `archive.api.Archive.facet`."""
        check_length("the name of a facet", name, MAX_NAME)
        check_find(find)
        name = self._fields.facet(name).name
        return self._marked(name, self._engine.facet(self.plan_to_answer(request), name, find))

    def _marked(self, name: str, facet: FacetResult) -> FacetResult:
        """The values of a facet, those marked that nobody has reviewed."""
        if name not in FACET_KEYS or not facet.values:
            return facet
        new = self._engine.values_among(unreviewed(name), [each.value for each in facet.values])
        if not new:
            return facet
        return replace(facet, values=tuple(replace(each, unreviewed=each.value in new) for each in facet.values))

    def timeline(
        self, request: SearchRequest, by: str, sightings: Callable[[Plan, int], Mapping[str, int] | None]
    ) -> tuple[TimelineRow, ...]:
        """See `archive.api.Archive.timeline`.

        sightings  counts those in the articles of a plan by the first digits of their date, if people are asked for
        """
        if by not in _PERIOD_DIGITS:
            raise UsageError(f"a timeline is by year, month or day, not {shortened(by)!r}")
        hits = self._engine.histogram(self.plan_to_answer(request), _PERIOD_DIGITS[by])
        held = self._engine.histogram(self.plan(SearchRequest()), _PERIOD_DIGITS[by])
        # A sighting is of the year in which it was, whenever the article was printed.
        seen = sightings(self.plan_to_answer(request.replace(year=())), _PERIOD_DIGITS[by])
        if by == "day":  # of a century most days have nothing: those before and after all that match are left out
            days = sorted(day for day, count in hits.items() if day and count)
            first, last = (days[0], days[-1]) if days else ("", "")
            held = {day: count for day, count in held.items() if not day or hits.get(day) or first <= day <= last}
        return _timeline_rows(hits, held, seen)

    def similar(self, article: Article, limit: int) -> tuple[Hit, ...]:
        """See `archive.api.Archive.similar`."""
        from archive.search.relevance_feedback import similar_plan

        terms = self._engine.significant_terms([article], _SIMILAR_TERMS)
        plan = similar_plan(self.plan(SearchRequest(limit=limit, facets=())), terms, article.id, self._fields)
        answer = self._engine.search(plan)
        marker = Highlighter(plan.parsed.marks, self._analyzer, answer.forms_of)
        return _hits(answer.matches, marker)

    def marker(self, plan: Plan) -> Highlighter:
        """What marks in a text the words that a plan asks for."""
        return Highlighter(plan.parsed.marks, self._analyzer)

    def _expanded(self, plan: Plan) -> tuple[Plan, tuple[str, ...]]:
        """The plan with the words that mark its best articles where the request wants them, and those words."""
        if not plan.request.expand or plan.parsed.matches_all:
            return plan, ()
        from archive.search.relevance_feedback import expanded_plan, feedback_plan

        best = [match.article for match in self._engine.search(feedback_plan(plan, _FEEDBACK_ARTICLES)).matches]
        terms = self._engine.significant_terms(best, _FEEDBACK_TERMS)
        known = {word.term for word in plan.parsed.words}
        return expanded_plan(plan, terms, _FEEDBACK_WEIGHT, self._fields), tuple(t for t, _ in terms if t not in known)

    def _suggestions(self, plan: Plan, found: int, *, relaxed: bool) -> tuple[Suggestion, ...]:
        """Other queries where nothing was found, or little; shorter ones only where nothing was."""
        if found > _LITTLE and not relaxed:
            return ()
        from archive.search.did_you_mean import suggest, suggest_frequent

        try:
            if relaxed or not found:
                return suggest(self._engine, plan, self.plan, shorter=not found)
            return suggest_frequent(self._engine, plan, self.plan, found)
        except LimitError:  # that little was found is an answer, and there is no time for more
            return ()

    def _explain(self, plan: Plan, added: tuple[str, ...], *, relaxed: bool) -> Explanation:
        return Explanation(
            query=str(plan.parsed.tree),
            fields=tuple(f"{field.name}^{field.boost:g}" for field in self._fields.searched),
            filters=plan.describe_filters(),
            expansions={**plan.parsed.stands_for, **self._engine.expanded_terms(plan)},
            ignored=plan.parsed.ignored,
            added=added,
            reading=reading(plan.parsed.syntax, plan.parsed.ignored_terms, relaxed=relaxed),
        )


def _hits(matches: Sequence[ScoredDoc], marker: Highlighter) -> tuple[Hit, ...]:
    """What an answer shows of its articles."""
    hits: list[Hit] = []
    for begin in range(0, len(matches), _AT_ONCE):
        some = matches[begin : begin + _AT_ONCE]
        articles = [match.article for match in current_deadline().checked(some, 1, LISTING)]
        marked = marker.marked([(article.title, article.body) for article in articles])
        hits += [_hit(*each) for each in zip(some, articles, marked, strict=True)]
    return tuple(hits)


def _hit(match: ScoredDoc, article: Article, marked: tuple[tuple[tuple[int, int], ...], Snippet]) -> Hit:
    return make_hit(
        id=article.id,
        title=article.title,
        date=article.date,
        year=article.year,
        people=article.people,
        venues=article.venues,
        score=match.score,
        snippet=marked[1],
        path=article.path,
        detected=article.detected,
        provenance=article.provenance,
        aliases=aliases_used(article),
        title_marks=marked[0],
        line=article.line,
    )


def _timeline_rows(
    hits: Mapping[str, int], held: Mapping[str, int], seen: Mapping[str, int] | None
) -> tuple[TimelineRow, ...]:
    """One row a period from the first to the last held, in order, then one for undated articles if there are any.

    Periods of which nothing is held but sightings have a row as well.

    Periods between are filled in, also those of which nothing is held. A decade is a period of its own.
    """
    from archive.model.reports import TimelineRow

    periods = {period for period in held if period}
    if known := [period for period in periods if "X" not in period]:
        periods |= set(_between(min(known), max(known), max(map(len, known))))
    periods |= set(seen or ()) - {""}
    if held.get("") or (seen and seen.get("")):
        periods.add("")

    def row(period: str) -> TimelineRow:
        count = None if seen is None else seen.get(period, 0)
        return TimelineRow(period or _UNDATED, hits.get(period, 0), held.get(period, 0), count)

    return tuple(map(row, sorted(periods, key=lambda period: (not period, period))))


def _between(first: str, last: str, digits: int) -> Iterable[str]:
    """Every period of so many digits ("2016", "2016-03" or "2016-03-14") from the first to the last."""
    from calendar import monthrange

    start, end = first + "-01-01"[len(first) - 4 :], last + "-12-31"[len(last) - 4 :]
    for year in range(int(start[:4]), int(end[:4]) + 1):
        if digits == 4:
            yield f"{year:04}"
            continue
        for month in range(1, 13):
            if digits == 7:
                periods = [f"{year:04}-{month:02}"]
            else:
                periods = [f"{year:04}-{month:02}-{day:02}" for day in range(1, monthrange(year or 4, month)[1] + 1)]
            yield from (period for period in periods if start[:digits] <= period <= end[:digits])
