"""What the search screen asks of the archive, and the result: hits, facets as they are to be shown, totals."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from archive import Archive, ArchiveError, FacetResult, Hit, Page, QueryError, SearchRequest, Suggestion
from archive.model.choices import FacetSort, Period
from archive.tui.model import request_edits
from archive.tui.model.query_completion import as_prefix_query, ends_with_short_word

#: Hits per page, and values of a facet listed at least.
PAGE_SIZE = 40
FACET_ROWS = 8
#: Pages of hits kept; the least recently used are dropped.
_CACHED_PAGES = 50
#: Hits among which those with some ids are looked for: as many as are kept.
_MAX_CHOSEN = PAGE_SIZE * _CACHED_PAGES
#: Constraints without each of which a search that finds nothing is tried.
_MAX_REMOVALS = 8
#: Hits searched for the rank of an article.
_RANK_LIMIT = 400


@dataclass(frozen=True, slots=True)
class FacetView:
    """How one facet is shown: folded, filtered by the words `find`, sorted, and how many values."""

    name: str
    folded: bool = False
    find: str = ""
    sort: FacetSort = "count"
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """A request and the facets to show beside it; `typing` says that its query may be unfinished.

    facet_rows  values of a facet to fetch where its view has no limit
    """

    request: SearchRequest
    facet_views: tuple[FacetView, ...]
    typing: bool = False
    facet_rows: int = FACET_ROWS


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another search that finds something: what it is called, why it is offered, and how many articles it finds."""

    label: str
    reason: str
    total: int
    request: SearchRequest


@dataclass(frozen=True, slots=True)
class ViewResult:
    """The result of a ViewRequest, or of the same with its last word as a prefix.

    page        the first hits, and the total
    alternatives   other searches, where this one finds nothing
    is_premature   whether it answers a query that is still too short to tell what is wanted
    facets      every facet as its view wants it; `year` always whole and in order
    generation  of the index that answered
    archive_total  articles in the whole archive
    periods     articles by month ("2016-03"), where all that are dated are of one year; by day, where of one month
    """

    view_request: ViewRequest
    page: Page
    facets: Mapping[str, FacetResult]
    generation: int
    archive_total: int
    alternatives: tuple[Alternative, ...] = ()
    is_premature: bool = False
    periods: Mapping[str, int] = field(default_factory=dict)

    @property
    def request(self) -> SearchRequest:
        """The request that was answered."""
        return self.view_request.request


class HitCache:
    """The hits of a result of `total` hits that have been fetched, by rank from 0."""

    def __init__(self, total: int = 0, first: tuple[Hit, ...] = ()) -> None:
        self.total = total
        self._pages: OrderedDict[int, tuple[Hit, ...]] = OrderedDict()
        if first:
            self.put(0, first)

    @classmethod
    def of(cls, hits: tuple[Hit, ...]) -> HitCache:
        """These hits and no others."""
        cache = cls(len(hits))
        for page in range(-(-len(hits) // PAGE_SIZE)):
            cache.put(page, hits[page * PAGE_SIZE : (page + 1) * PAGE_SIZE])
        return cache

    def put(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Add one page."""
        self._pages[page] = hits
        while len(self._pages) > _CACHED_PAGES:
            self._pages.popitem(last=False)

    def get(self, rank: int) -> Hit | None:
        """The hit at a rank, None where it has not been fetched."""
        page, index = divmod(rank, PAGE_SIZE)
        hits = self._pages.get(page)
        if hits is None:
            return None
        self._pages.move_to_end(page)
        return hits[index] if 0 <= index < len(hits) else None

    def missing_pages(self, first: int, last: int) -> Iterator[int]:
        """The pages with the ranks `first` to `last` that have not been fetched."""
        for page in range(max(0, first) // PAGE_SIZE, max(0, min(last, self.total - 1)) // PAGE_SIZE + 1):
            if page not in self._pages:
                yield page

    def find(self, article_id: str) -> int | None:
        """The rank of an article, None where it has not been fetched."""
        for page, hits in self._pages.items():
            for index, hit in enumerate(hits):
                if hit.id == article_id:
                    return page * PAGE_SIZE + index
        return None


def run_search(archive: Archive, view_request: ViewRequest, before: ViewResult | None = None) -> ViewResult:
    """Search; what `before` already answers is taken from it. Raises what Archive.search does.

    Where a query that is being typed finds nothing, its last word is taken as a prefix; a last word that is too short
    for that makes the result premature.
    """
    found = _run(archive, view_request, before)
    if not view_request.typing or (found.page.total and not found.page.relaxed):
        return found if found.page.total else replace(found, alternatives=tuple(alternatives(archive, found)))
    if (prefixed := as_prefix_query(view_request.request.query)) is not None:
        with suppress(QueryError):  # the prefix may expand to too many words
            request = view_request.request.replace(query=prefixed)
            other = _run(archive, replace(view_request, request=request, typing=False), before)
            if other.page.total and not other.page.relaxed:
                return other
    premature = before is not None and ends_with_short_word(view_request.request.query)
    offered = () if found.page.total or premature else tuple(alternatives(archive, found))
    return replace(found, alternatives=offered, is_premature=premature)


def alternatives(archive: Archive, found: ViewResult) -> Iterator[Alternative]:
    """Searches to offer in the place of one that finds nothing: other words, and without each of its constraints."""
    request = found.request
    for each in found.page.suggestions:
        if each.reason in request.selections:
            yield Alternative(each.query, f"a {each.reason}", each.total, _with_other_value(request, each))
        else:
            yield Alternative(each.query or "no query", each.reason, each.total, request.replace(query=each.query))
    limits = request_edits.constraints(request)[:_MAX_REMOVALS]
    others = [
        (f"without {each.description}", "", request_edits.removed(request, each))
        for each in (limits if len(limits) > 1 else ())
    ]
    if len(request.query.split()) > 1 and not request.any_word:
        others.insert(0, ("any of the words", "not all of them", request.replace(any_word=True, all_words=False)))
    if len(limits) > 2 and request.query.strip():
        others.append((f"only “{request.query.strip()}”", "no other constraint", request_edits.cleared(request)))
    for label, reason, other in others:
        with suppress(ArchiveError):  # one that is refused is none to offer
            if total := archive.search(other.replace(limit=0, offset=0, facets=())).total:
                yield Alternative(label, reason, total, other)


def _with_other_value(request: SearchRequest, suggestion: Suggestion) -> SearchRequest:
    """The request with the chosen value that nothing has replaced by one that is like it."""
    facet = suggestion.reason
    chosen = request.selections[facet].values
    if len(chosen) != 1:
        return request_edits.toggled(request, facet, suggestion.query)
    return request_edits.toggled(request_edits.toggled(request, facet, chosen[0]), facet, suggestion.query)


def _run(archive: Archive, view_request: ViewRequest, before: ViewResult | None) -> ViewResult:
    generation = archive.generation
    fresh = before is None or before.generation != generation
    request, rows = view_request.request, view_request.facet_rows
    wanted = {view.name: view for view in view_request.facet_views}
    plain = tuple(name for name, view in wanted.items() if name != "year" and view == FacetView(name, view.folded))
    if before is None or fresh or before.request != request:
        page = archive.search(
            request.replace(limit=PAGE_SIZE, offset=0, facets=plain, facet_limit=rows, facet_sort="count")
        )
        facets, views = dict(page.facets), {name: wanted[name] for name in plain}
    else:
        page, facets = before.page, dict(before.facets)
        views = {view.name: view for view in before.view_request.facet_views}
        if before.view_request.facet_rows < rows:
            views = {name: view for name, view in views.items() if view.limit is not None}
    for name, view in wanted.items():
        if name not in facets or name not in views or views[name] != replace(view, folded=views[name].folded):
            facets[name] = _facet(archive, request, view, rows)
    total = archive.search(limit=0, facets=()).total if before is None or fresh else before.archive_total
    periods = {} if "year" not in facets else _periods(archive, request, facets["year"])
    return ViewResult(view_request, page, facets, generation, total, periods=periods)


def _periods(archive: Archive, request: SearchRequest, years: FacetResult) -> dict[str, int]:
    """The number of articles of each month, where all that are dated are of one year, or of each day of one month.

    As with facets, what is chosen among them does not narrow them.
    """
    if sum(each.count > 0 for each in years.values) != 1:
        return {}
    of_no_day = request_edits.without_periods(request, 10)
    for asked in dict.fromkeys((request_edits.without_periods(of_no_day, 7), of_no_day, request)):
        counts = _by_period(archive, asked, "month")
        if len({period[:4] for period in counts}) == 1:
            days = _by_period(archive, asked, "day") if len(counts) == 1 else {}
            of_days = {day: count for day, count in days.items() if len(day) == 10}
            return of_days or {month: count for month, count in counts.items() if len(month) == 7}
    return {}


def _by_period(archive: Archive, request: SearchRequest, by: Period) -> dict[str, int]:
    rows = archive.timeline(request.replace(facets=()), by=by)
    return {row.period: row.hits for row in rows if row.hits and row.period[:4].isdecimal()}


def _facet(archive: Archive, request: SearchRequest, view: FacetView, rows: int) -> FacetResult:
    if view.name == "year":
        return archive.facet("year", request=request, limit=None, sort="name")
    return archive.facet(view.name, view.find, request=request, limit=view.limit or rows, sort=view.sort)


def fetch_page(archive: Archive, request: SearchRequest, page: int) -> tuple[Hit, ...]:
    """The hits of one page."""
    return archive.search(request.replace(limit=PAGE_SIZE, offset=page * PAGE_SIZE, facets=())).hits


def hits_with_ids(archive: Archive, request: SearchRequest, ids: Collection[str]) -> tuple[Hit, ...]:
    """The hits with some of these ids, in order, among the first thousands."""
    found = archive.search(request.replace(limit=_MAX_CHOSEN, offset=0, facets=())).hits
    return tuple(hit for hit in found if hit.id in ids)


def found_articles(archive: Archive, request: SearchRequest) -> Page:
    """All that a request finds; of very many the first thousands."""
    return archive.search(request.replace(limit=_MAX_CHOSEN, offset=0, facets=()))


def rank_of(archive: Archive, request: SearchRequest, article_id: str) -> int | None:
    """The rank of an article in a result, None if it is not among the first few hundred."""
    found = archive.search(request.replace(limit=_RANK_LIMIT, offset=0, facets=())).hits
    return next((index for index, hit in enumerate(found) if hit.id == article_id), None)


def count_new(archive: Archive, before: ViewResult) -> tuple[int, int] | None:
    """The current generation and how many more articles it has than `before`; None if it is the same."""
    generation = archive.generation
    if generation == before.generation:
        return None
    return generation, archive.search(limit=0, facets=()).total - before.archive_total


def canonicalize(archive: Archive, request: SearchRequest) -> SearchRequest:
    """The request with canonical names as its selected values, so that the facet panel shows them as selected."""
    for facet, selection in request.selections.items():
        if not selection.values or facet == "year":
            continue
        result = archive.facet(facet, request=request, limit=0)
        found = [value.value for value in result.values if value.selected]
        given = {name.casefold(): place for place, name in enumerate(selection.values)}
        names = tuple(sorted(found, key=lambda name: given.get(name.casefold(), len(given))))
        if facet in ("person", "venue"):
            request = request.replace(**{facet: names})
        else:
            others = tuple(pair for pair in request.where if pair[0] != facet)
            request = request.replace(where=(*others, *((facet, name) for name in names)))
    return request
