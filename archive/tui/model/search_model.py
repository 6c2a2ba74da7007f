"""What a screen asks of the archive, answered in one go in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from archive.api import Archive
from archive.errors import QueryError
from archive.model.results import FacetResult, Hit, Page
from archive.query.request import SearchRequest
from archive.tui.model.completion import going_on

#: Hits fetched at a time, and values of a facet listed before anybody asks for more.
PAGE = 40
FACET_ROWS = 8
#: Articles that are walked to find again the one that was selected.
_SEEK = 400


@dataclass(frozen=True, slots=True)
class FacetView:
    """How one facet is looked at: folded, filtered by `find`, ordered, and how long."""

    name: str
    folded: bool = False
    find: str = ""
    sort: str = "count"
    limit: int = FACET_ROWS


@dataclass(frozen=True, slots=True)
class Question:
    """A request and the facets beside it; `typing` says that its query may not be at its end yet."""

    request: SearchRequest
    views: tuple[FacetView, ...]
    typing: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a question, or for one that is like it but for the end of its query.

    page        the first hits, and the total
    facets      every facet as its view wants it; `year` always whole and in order
    generation  of the index that answered
    held        articles in the whole archive
    """

    question: Question
    page: Page
    facets: Mapping[str, FacetResult]
    generation: int
    held: int


def answer(archive: Archive, question: Question, before: Answer | None = None) -> Answer:
    """Search, unless `before` answers the same request; raises what Archive.search does.

    Where nothing is found while a word is being typed, what words find that begin like it.
    """
    found = _answer(archive, question, before)
    longer = going_on(question.request.query) if question.typing and not found.page.total else None
    if longer is not None:
        with suppress(QueryError):  # too many words may begin so
            other = _answer(archive, Question(question.request.replace(query=longer), question.views), before)
            return other if other.page.total else found
    return found


def _answer(archive: Archive, question: Question, before: Answer | None) -> Answer:
    generation = archive.generation
    fresh = before is None or before.generation != generation
    request = question.request
    shown = {view.name: view for view in question.views}
    plain = tuple(name for name, view in shown.items() if name != "year" and view == FacetView(name, view.folded))
    if before is None or fresh or before.question.request != request:
        page = archive.search(
            request.replace(limit=PAGE, offset=0, facets=plain, facet_limit=FACET_ROWS, facet_sort="count")
        )
        facets, views = dict(page.facets), {name: shown[name] for name in plain}
    else:
        page, facets = before.page, dict(before.facets)
        views = {view.name: view for view in before.question.views}
    for name, view in shown.items():
        if name not in facets or views[name] != replace(view, folded=views[name].folded):
            facets[name] = _facet(archive, request, view)
    held = archive.search(limit=0, facets=()).total if before is None or fresh else before.held
    return Answer(question, page, facets, generation, held)


def _facet(archive: Archive, request: SearchRequest, view: FacetView) -> FacetResult:
    if view.name == "year":
        return archive.facet("year", request=request, limit=None, sort="name")
    return archive.facet(view.name, view.find, request=request, limit=view.limit, sort=view.sort)


def hits(archive: Archive, request: SearchRequest, page: int) -> tuple[Hit, ...]:
    """The hits of one page of the list."""
    return archive.search(request.replace(limit=PAGE, offset=page * PAGE, facets=())).hits


def place(archive: Archive, request: SearchRequest, article_id: str) -> int | None:
    """Where in the list an article stands, if that is not too far down."""
    found = archive.search(request.replace(limit=_SEEK, offset=0, facets=())).hits
    return next((index for index, hit in enumerate(found) if hit.id == article_id), None)


def newcomers(archive: Archive, before: Answer) -> tuple[int, int] | None:
    """The present generation, and how many articles more it has than `before` knew of; None if it is the same."""
    generation = archive.generation
    if generation == before.generation:
        return None
    return generation, archive.search(limit=0, facets=()).total - before.held


def settled(archive: Archive, request: SearchRequest) -> SearchRequest:
    """The request with its chosen names as the archive writes them, so that they can be found in it."""
    for facet, selection in request.selections.items():
        if not selection.values or facet == "year":
            continue
        result = archive.facet(facet, request=request, limit=0)
        found = [value.value for value in result.values if value.selected]
        asked = {name.casefold(): place for place, name in enumerate(selection.values)}
        names = tuple(sorted(found, key=lambda name: asked.get(name.casefold(), len(asked))))
        if facet in ("person", "venue"):
            request = request.replace(**{facet: names})
        else:
            others = tuple(pair for pair in request.where if pair[0] != facet)
            request = request.replace(where=(*others, *((facet, name) for name in names)))
    return request
