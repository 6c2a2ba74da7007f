"""What an engine is: it holds articles and answers plans. Nothing above knows which one it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from archive.model.article import Article
from archive.model.results import FacetResult
from archive.query.plan import Plan


class ScoredDoc(NamedTuple):
    """An article that a plan found, with its score (0.0 where not ordered by relevance).

    `load` fetches the article as it was when it was found. It may have no more than an answer shows: its text, its
    date, its people and venues, where it is from, and of its mentions the first of each name that is not declared.
    `load_id` fetches its id alone.
    """

    score: float
    load: Callable[[], Article]
    load_id: Callable[[], str]

    @property
    def id(self) -> str:
        """The id of the article."""
        return self.load_id()

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.load()


class SearchResult(NamedTuple):
    """What an engine found: the articles of the page, the total, and the facets.

    forms_of  all words as written in titles and bodies that have any of some terms; None if it cannot say
    """

    total: int
    matches: tuple[ScoredDoc, ...]
    facets: Mapping[str, FacetResult]
    forms_of: Callable[[Iterable[str]], frozenset[str]] | None = None


class IndexedRef(NamedTuple):
    """What the index knows of where an article came from.

    requested_id  the id it asked for, before any suffix
    digest        of its content
    indexed       whether it is in the index that is written: a rebuild knows articles before it holds them
    """

    id: str
    requested_id: str
    path: str
    digest: str
    line: int
    indexed: bool = True


class SightingLeaf(NamedTuple):
    """Matches of a plan in one part of an index.

    columns  `archive.model.sighting_columns.SightingColumns` of all documents of the part
    docs     which of its documents match, ascending; an array of integers
    ids      the ids of some of them, in the order given
    """

    columns: Any
    docs: Any
    ids: Callable[[Iterable[int]], list[str]]


class RejectedDocument(NamedTuple):
    """An article that an engine would not take, and why."""

    entry: IndexedRef
    why: str


class Writer(Protocol):
    """One writing session: all that was put and deleted appears with `commit`, or nothing.

    Entering the `with` block takes the write lock; `begin` comes before anything is written.
    Leaving the block without a commit drops what was not committed. (A distributed engine
    cannot take back what it was sent; the next `begin` finds no table of sources then.)
    """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, resumes: Callable[[bytes], bool] | None = None) -> bool:
        """Open what is written to: the index, or for a rebuild a new one; called once, right after entering.

        Returns whether what is written holds articles already: those of the index, or those of a
        rebuild that was interrupted and goes on here. The latter only where `resumes`, given
        the table of sources that was committed with it, says so.
        """

    @property
    def sources(self) -> bytes | None:
        """The table of sources last committed: with what is written, else with the index that a rebuild replaces.

        None where there is none, or it is lost.
        """

    def articles_of(self, paths: Sequence[str]) -> Iterator[IndexedRef]:
        """The articles that files had when writing began, also those that a rebuild has yet to write."""

    def article(self, article_id: str) -> IndexedRef | None:
        """The article that had an id when writing began."""

    def entries(self) -> Iterator[IndexedRef]:
        """Every article that there was when writing began."""

    @property
    def generation(self) -> int:
        """The generation of what is written; with every commit another one."""

    def add_document(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        """Add `article`; `replaces` says that one with its id is there already.

        `digest` (of its content) and `base` (the id it asked for) come back in `entries`.
        """

    def delete(self, article_id: str) -> None:
        """Remove the article with that id."""

    def flush(self) -> tuple[RejectedDocument, ...]:
        """Have everything taken that was put and deleted, before a commit; returns what could not be taken."""

    def commit(self, sources: bytes, *, final: bool) -> None:
        """Make everything since the last commit visible, together with its table of sources.

        `final` ends the run, so tidy up; before that, a rebuild need not make anything visible.
        """

    def write_sources(self, sources: bytes) -> None:
        """Put another table of sources in the place of that of the last commit; the articles stay."""

    def optimize(self) -> None:
        """Make the index as fast to search as it can be, after a commit; may rewrite all of it."""


class Engine(Protocol):
    """A store of articles that can be searched; usable from many threads."""

    @property
    def exists(self) -> bool:
        """Whether there is an index that this engine, with its settings, can answer from."""

    @property
    def outdated(self) -> bool:
        """Whether there is an index, but of another version or other settings."""

    def generation(self) -> int:
        """Grows with every commit; -1 where there is no index."""

    def search(self, plan: Plan) -> SearchResult:
        """One page of matches, the total, and the facets of the plan."""

    def count(self, plan: Plan) -> int:
        """The total of a plan alone."""

    def matches(self, plan: Plan) -> Iterator[Article]:
        """Every match in order, however many."""

    def outlines(self, plan: Plan, person: str = "") -> Iterator[Article]:
        """Every match in order, without its body and its mentions.

        With a `person` it has only the sightings that name him or her: what takes most of the time.
        """

    def sighting_leaves(self, plan: Plan) -> Sequence[SightingLeaf] | None:
        """The sightings of every match as arrays; None where the engine does not keep them so: `outlines` has them."""

    def ids(self, plan: Plan) -> list[str]:
        """The ids of every match, in no particular order; the articles are not loaded."""

    def facet(self, plan: Plan, name: str, find: str) -> FacetResult:
        """The values of one facet under a plan, those that `find` describes if it is not empty."""

    def resolve_value(self, name: str, value: str) -> str | None:
        """The facet value that is `value`, or the only one that differs in case or accents alone."""

    def histogram(self, plan: Plan, digits: int) -> Mapping[str, int]:
        """Matches by the first `digits` characters of their date; undated ones under ""."""

    def get(self, article_id: str) -> Article | None:
        """The article with that id."""

    def document(self, article_id: str) -> tuple[Article, IndexedRef] | None:
        """The article with that id, and where it came from."""

    def values_among(self, name: str, values: Sequence[str]) -> frozenset[str]:
        """Which of some values of a facet any article has; also of facets that are not listed."""

    def similar_ids(self, article_id: str, limit: int) -> list[str]:
        """Ids close to a mistyped one, the closest first."""

    def significant_terms(self, articles: Iterable[Article], limit: int) -> list[tuple[str, float]]:
        """The terms that set `articles` apart from the rest, with weights of which the highest is 1."""

    def term_exists(self, term: str) -> bool:
        """Whether any article has that term in a searched field."""

    def similar_words(self, word: str, limit: int, *, times: int = 0) -> list[str]:
        """Words of the archive, as written there, that are spelled like `word`, the closest first.

        With `times` only those with the same first letter, one edit away, that so many times as many articles have;
        it may leave out forms of the same term, which find the same.
        """

    def expanded_terms(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        """What the plan's wildcards and fuzzy words stand for; raises LimitError beyond the limit."""

    def entries(self) -> Iterator[IndexedRef]:
        """Where every article came from."""

    def documents(self) -> Iterator[tuple[Article, IndexedRef]]:
        """Every article, and where it came from."""

    def sources(self) -> bytes | None:
        """The table of sources that was committed with the present generation.

        None where there is none, or it is on another machine; raises IndexDamagedError where it is damaged.
        """

    def article_count(self) -> int:
        """How many articles there are."""

    def size(self) -> int:
        """Bytes on disk."""

    def verify(self, *, deep: bool) -> list[str]:
        """What is wrong inside the index: one sentence a fault, none if it is sound; `deep` reads all of it."""

    def writer(self, *, rebuild: bool, jobs: int | None = 1, wait: float = 0.0) -> Writer:
        """The one writer; `rebuild` begins with an empty index.

        Where there is no index of the present settings once it is the writer's turn, it rebuilds in any case: another
        process may have built one while this one waited.

        jobs   how many things may be done at once (None: what the machine can); what is written does not depend on it
        wait   seconds to wait for another writer to finish; after that, IndexLockedError is raised
        """

    def close(self) -> None:
        """Let go of files; the engine opens them again when used."""
