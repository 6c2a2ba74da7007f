"""The archive: the one public door over corpus, index and queries.

    >>> from archive import Archive
    >>> archive = Archive.open("my-archive")
    >>> archive.index().added
    84
    >>> page = archive.search("birthday", person=["Ivanka Trump"])
    >>> page.hits[0].title, page.facets["venue"].values[0]

An `Archive` may be used from many threads at once; it holds no state between requests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from archive import settings as setup
from archive.analysis import Analyzer
from archive.article import Article, Value
from archive.errors import IndexDamagedError, MissingExtraError, NotFoundError, UsageError
from archive.fields import Fields
from archive.query.request import SearchRequest
from archive.results import (
    Explanation,
    FacetResult,
    Finding,
    Hit,
    IndexReport,
    Page,
    Progress,
    Stats,
    Suggestion,
    TimelineRow,
)

if TYPE_CHECKING:
    from archive.engine.base import Engine, Match
    from archive.names.authority import Names
    from archive.query.highlight import Marker
    from archive.query.plan import Plan

_LEDGER = "ledger.sqlite"
#: Relevance feedback (RM3): the best articles, the words taken from them, and their weight.
_FEEDBACK_ARTICLES, _FEEDBACK_TERMS, _FEEDBACK_WEIGHT = 10, 20, 0.3
_SIMILAR_TERMS = 25


class Archive:
    """An archive on disk; make one with `open` or `create`."""

    def __init__(self, root: Path, settings: setup.Settings) -> None:
        self.root = root
        self.settings = settings
        self.fields: Fields = settings.fields

    @classmethod
    def open(cls, root: str | Path | None = None) -> Self:
        """The archive in `root`, or the one around the working directory (or ARCHIVE_ROOT).

        Raises NotFoundError if there is none, SettingsError if archive.yaml is wrong.
        """
        folder = setup.find_root() if root is None else setup.check_root(Path(root))
        return cls(folder, setup.load_settings(folder))

    @classmethod
    def create(cls, root: str | Path, name: str = "") -> Self:
        """Make an empty archive in `root` and open it; raises UsageError if one is there."""
        return cls.open(setup.create(Path(root), name))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive.open({str(self.root)!r})"

    def close(self) -> None:
        """Let go of the index's files (of this thread); any later use opens them again."""
        self._engine.close()

    # -- indexing ----------------------------------------------------------------------

    @property
    def has_index(self) -> bool:
        """Whether there is an index made by this version with these settings."""
        return self._engine.exists

    @property
    def generation(self) -> int:
        """Grows whenever the index changes; cheap enough to ask every second."""
        return self._engine.generation()

    def index(
        self,
        *,
        full: bool = False,
        jobs: int = 1,
        optimize: bool = False,
        wait: float = 0.0,
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Bring the index up to date with the corpus; `full` makes it anew.

        `optimize` leaves the index as it is fastest to search, and takes the time to write
        it once more.

        With several `jobs`, one process builds the index, this one keeps its books and the
        others read files; what comes out is the same. `progress` is called now and then, in
        this thread. Raises IndexLockedError while another process is writing, and has been for
        `wait` seconds; what is wrong in the corpus comes back in the report. A damaged index
        is made anew.
        """
        from archive.indexing.run import update

        ledger = self._index_folder / _LEDGER

        def run(full: bool) -> IndexReport:
            about = (self.root, self.settings, self._engine, ledger)
            return update(*about, full=full, jobs=jobs, optimize=optimize, wait=wait, progress=progress)

        try:
            return run(full)
        except IndexDamagedError:
            return run(full=True)

    def watch(self, progress: Callable[[Progress], None] | None = None) -> Iterator[IndexReport]:
        """Index now and again after every change of the corpus, until closed or interrupted.

        Raises MissingExtraError without the extra `watch`.
        """
        try:
            from watchfiles import watch
        except ImportError:
            raise MissingExtraError("watching the corpus", "watch") from None

        corpus = self.root / setup.CORPUS_DIR
        yield self.index(progress=progress)
        for _ in watch(corpus, raise_interrupt=True):
            yield self.index(progress=progress)

    def add(self, content: bytes, *, suffix: str = ".md", metadata: Mapping[str, Value] | None = None) -> Article:
        """Write a new article into the corpus under its id, and return it; index it with `index`.

        content   a file's bytes: text or Markdown (with or without front matter), HTML or PDF
        suffix    its kind, as a file ending
        metadata  front-matter keys to put with it

        Nothing is ever overwritten: a taken name gets a number. Raises UsageError for content
        or metadata that could not be indexed.
        """
        from archive.corpus.adding import add

        def taken(article_id: str) -> bool:
            return self.has_index and self._engine.get(article_id) is not None

        return add(self.root, content, suffix, metadata or {}, self.settings.max_article_bytes, taken)

    # -- searching ---------------------------------------------------------------------

    def search(self, query: str | SearchRequest = "", /, **options: Any) -> Page:
        """One page of articles that match, with the total and the facet counts.

        `query` is text in the query language, or a whole SearchRequest; `options` are the
        fields of SearchRequest and replace those of the request. Raises QueryError for a
        query that cannot be read, UsageError for anything else that cannot be meant.
        """
        started = time.perf_counter()
        request = _request(query, options)
        plan = self._plan(request)
        plan, added = self._expanded(plan) if request.expand else (plan, ())
        answer = self._engine.search(plan)
        marker = self._marker(plan)
        return Page(
            query=request.query,
            total=answer.total,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
            hits=tuple(self._hit(match, marker) for match in answer.matches),
            facets=answer.facets,
            suggestions=() if answer.total else self._suggestions(plan),
            explanation=self._explain(plan, added) if request.explain else None,
        )

    def articles(self, query: str | SearchRequest = "", /, **options: Any) -> Iterator[Article]:
        """Every article that matches, whole, in order; without a limit unless one is given."""
        if not isinstance(query, SearchRequest):
            options.setdefault("limit", None)
        return self._engine.matches(self._plan(_request(query, options)))

    def facet(
        self,
        name: str,
        find: str = "",
        *,
        request: SearchRequest | None = None,
        limit: int | None = 10,
        sort: str = "count",
    ) -> FacetResult:
        """The values of one facet, under `request` if given.

        `find` keeps the values that have all its words: whole, begun, or misspelled by a
        letter or two; the closest come first.
        """
        asked = (request or SearchRequest()).but(facet_limit=limit, facet_sort=sort)
        return self._engine.facet(self._plan(asked), self.fields.facet(name).name, find)

    def timeline(
        self, query: str | SearchRequest = "", /, *, by: str = "year", **options: Any
    ) -> tuple[TimelineRow, ...]:
        """Articles that match, by year or month of their date, beside all that are held.

        Every year between the first and the last held is listed, also those without any
        article; by month, articles of which only the year is known stand under the year.
        """
        from archive.timeline import DIGITS, rows

        if by not in DIGITS:
            raise UsageError(f"a timeline is by {' or '.join(DIGITS)}, not {by!r}")
        hits = self._engine.histogram(self._plan(_request(query, options)), DIGITS[by])
        held = self._engine.histogram(self._plan(SearchRequest()), DIGITS[by])
        return rows(hits, held)

    def similar(self, article_id: str, limit: int = 10) -> tuple[Hit, ...]:
        """The articles most like one, by the words that set it apart; raises NotFoundError."""
        from archive.query.feedback import similar_plan

        article = self.get(article_id)
        terms = self._engine.key_terms([article], _SIMILAR_TERMS)
        plan = similar_plan(self._plan(SearchRequest(limit=limit, facets=())), terms, article.id, self.fields)
        marker = self._marker(plan)
        return tuple(self._hit(match, marker) for match in self._engine.search(plan).matches)

    # -- articles ----------------------------------------------------------------------

    def get(self, article_id: str) -> Article:
        """The article with that id; raises NotFoundError naming ids that are close."""
        article = self._engine.get(article_id)
        if article is None:
            close = self._engine.ids_like(article_id, 3)
            hint = f"; close to it: {', '.join(close)}" if close else ""
            raise NotFoundError(f"there is no article with the id {article_id!r}{hint}")
        return article

    def highlight(self, text: str, query: str) -> tuple[tuple[int, int], ...]:
        """Start and end offsets of the words of `text` that `query` matches."""
        return self._marker(self._plan(SearchRequest(query))).spans(text)

    # -- the archive itself ------------------------------------------------------------

    def stats(self) -> Stats:
        """The archive in numbers."""
        from archive.indexing.ledger import Ledger

        everything = self._plan(SearchRequest())
        dates = sorted(date for date in self._engine.histogram(everything, 10) if date)
        with Ledger(self._index_folder / _LEDGER) as ledger:
            sources, problems = len(ledger.sources()), len(ledger.problems())
        facets = {facet.name: self.facet(facet.name, limit=0) for facet in self.fields.facets}
        return Stats(
            name=self.settings.name,
            language=self.settings.language,
            articles=self._engine.article_count(),
            sources=sources,
            problems=problems,
            undated=facets["year"].missing,
            first=dates[0] if dates else None,
            last=dates[-1] if dates else None,
            distinct={name: result.distinct for name, result in facets.items()},
            index_bytes=self._engine.size(),
        )

    def check(self, *, deep: bool = False) -> tuple[Finding, ...]:
        """What is wrong with the index, or differs from the corpus; empty when all is well.

        `deep` reads every byte of the index and compares every article with what is indexed of it.
        """
        from archive.indexing.check import check

        return check(self.root, self.settings, self._engine, self._index_folder / _LEDGER, deep=deep)

    # -- inside ------------------------------------------------------------------------

    @property
    def _index_folder(self) -> Path:
        return self.root / setup.INDEX_DIR

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer(self.settings.language)

    @cached_property
    def _engine(self) -> Engine:
        from archive.engine.whoosh.engine import WhooshEngine

        return WhooshEngine(self._index_folder, self.fields, self._analyzer, self.settings.digest)

    def _plan(self, request: SearchRequest) -> Plan:
        """The request with its names resolved; facet values are taken as the archive writes them."""
        from archive.query.plan import make_plan

        return make_plan(request, self.fields, self._analyzer).resolved(self._canonical)

    def _canonical(self, facet: str, value: str) -> str:
        """The facet value that is meant: as it is, in other letters, or by an authority's alias."""
        meant = self._engine.canonical(facet, value)
        if meant is None and facet in ("person", "venue"):
            meant = self._names.canonical(facet, value)
        return meant or value

    @property
    def _names(self) -> Names:
        from archive.names.authority import load_names

        return load_names(self.root)

    def _expanded(self, plan: Plan) -> tuple[Plan, tuple[str, ...]]:
        from archive.query.feedback import expanded_plan, feedback_plan

        if plan.parsed.matches_all:
            return plan, ()
        best = [match.article for match in self._engine.search(feedback_plan(plan, _FEEDBACK_ARTICLES)).matches]
        terms = self._engine.key_terms(best, _FEEDBACK_TERMS)
        known = {word.term for word in plan.parsed.words}
        return expanded_plan(plan, terms, _FEEDBACK_WEIGHT, self.fields), tuple(t for t, _ in terms if t not in known)

    def _suggestions(self, plan: Plan) -> tuple[Suggestion, ...]:
        from archive.suggest import suggest

        return suggest(self._engine, plan, self._plan)

    def _marker(self, plan: Plan) -> Marker:
        from archive.query.highlight import Marker

        return Marker(plan.parsed.marks, self._analyzer)

    def _hit(self, match: Match, marker: Marker) -> Hit:
        article = match.article
        return Hit(
            id=article.id,
            title=article.title,
            date=article.date,
            year=article.year,
            people=article.people,
            venues=article.venues,
            score=match.score,
            snippet=marker.snippet(article.body),
            path=article.path,
        )

    def _explain(self, plan: Plan, added: tuple[str, ...]) -> Explanation:
        return Explanation(
            query=str(plan.parsed.tree),
            fields=tuple(f"{field.name}^{field.boost:g}" for field in self.fields.searched),
            filters=plan.filters_text(),
            expansions=self._engine.expansions(plan),
            ignored=plan.parsed.ignored,
            added=added,
        )


def _request(query: str | SearchRequest, options: Mapping[str, Any]) -> SearchRequest:
    if isinstance(query, SearchRequest):
        return query.but(**options) if options else query
    return SearchRequest(query).but(**options) if options else SearchRequest(query)
