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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.config import settings as setup
from archive.errors import (
    IndexDamagedError,
    MissingExtraError,
    NotFoundError,
    UsageError,
    shortened,
)
from archive.model.article import Article, Problem, Value
from archive.model.fields import Fields
from archive.query.limits import MAX_ID, with_deadline
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    from typing import Unpack

    from archive.encounters.model import Certificate, Companions, Encounter, Encounters, Gaps, Occasions, SightingFacet
    from archive.encounters.reviews import SightingReview
    from archive.encounters.service import EncounterService
    from archive.engine.protocol import Engine
    from archive.indexing.sources import SourceTable
    from archive.model.choices import EngineName, FacetSort, Level, Period, Stance
    from archive.model.pending_changes import PendingChanges
    from archive.model.reports import (
        CheckIssue,
        CorpusReport,
        IndexReport,
        Progress,
        Stats,
        Timeline,
    )
    from archive.model.results import FacetResult, Hit, Page, PicturePreview
    from archive.names.audit import Audit
    from archive.names.authority.records import Names
    from archive.names.curation import NameCuration
    from archive.names.discovery.suggestions import SuggestedNames
    from archive.query.plan import Plan
    from archive.query.request import Options, Years
    from archive.query.synonyms import SynonymsFile
    from archive.quotes import Quote, Verdict
    from archive.saved.collection import SavedSearches
    from archive.saved.runs import SavedRun
    from archive.saved.searches import SavedSearch
    from archive.search.searcher import Searcher


class Archive:
    """An archive on disk; make one with `open` or `create`."""

    def __init__(self, root: Path, settings: setup.Settings) -> None:
        self.root = root
        self.settings = settings
        self.fields: Fields = settings.fields

    @classmethod
    def open(cls, root: str | Path | None = None, *, trust: bool = False) -> Self:
        """The archive in `root`, or the one around the working directory (or ARCHIVE_ROOT).

        trust  have a program vouch for the archive: it may connect to the server and follow the
               links that it names, whatever this user has confirmed with `archive trust`

        Raises NotFoundError if there is none, SettingsError if archive.yaml is wrong, TrustError
        if the archive reaches out of its folder and nobody has confirmed that.
        """
        folder = setup.find_root() if root is None else setup.check_root(Path(root))
        settings = setup.load_settings(folder)
        if not trust and setup.may_reach_out(folder, settings):
            from archive.config.trust import require_trust

            require_trust(folder, settings)
        return cls(folder, settings)

    @staticmethod
    def trust(root: str | Path, wants: Sequence[str]) -> None:
        """Remember that this user trusts the archive in `root` to do what `wants` lists, as in a TrustError.

        Raises SettingsError where that cannot be written.
        """
        from archive.config.trust import trust

        trust(Path(root), wants)

    @classmethod
    def create(cls, root: str | Path, name: str = "") -> Self:
        """Make an empty archive in `root` and open it; raises UsageError if one is there."""
        return cls.open(setup.create(Path(root), name))

    @staticmethod
    def has_demonstration() -> bool:
        """Whether the articles of the demonstration are installed."""
        from archive.corpus.demonstration import demonstration_articles

        return demonstration_articles() is not None

    @staticmethod
    def demonstration_root() -> Path:
        """Where `open_demonstration` puts its archive; raises SettingsError where there is no home directory."""
        from archive.corpus.demonstration import demonstration_root

        return demonstration_root()

    @classmethod
    def open_demonstration(cls) -> Self:
        """Open the archive of the demonstration, made of a copy of its articles on first use; raises ArchiveError."""
        from archive.corpus.demonstration import copy_demonstration

        return cls.open(copy_demonstration())

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
        if "names" in self.__dict__:
            self.names.close()

    # -- indexing ----------------------------------------------------------------------

    @property
    def has_index(self) -> bool:
        """Whether there is an index made by this version with these settings."""
        return self._engine.exists

    @property
    def has_outdated_index(self) -> bool:
        """Whether there is an index, but one of another version or of other settings; `index` rebuilds it."""
        return self._engine.outdated

    @property
    def generation(self) -> int:
        """Grows whenever the index changes; cheap enough to ask every second."""
        return self._engine.generation()

    def index(
        self,
        *,
        full: bool = False,
        jobs: int | None = None,
        optimize: bool = False,
        wait: float = 0.0,
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Bring the index up to date with the corpus; `full` rebuilds it.

        `optimize` leaves the index as it is fastest to search, and takes the time to write
        it once more.

        With several `jobs`, one process builds the index, this one keeps its books and the
        others read files; what comes out is the same. With None there are as many as the
        machine has cores, at most eight, where there is enough to do. `progress` is called now and then, in
        this thread. Raises IndexLockedError while another process is writing, and has been for
        `wait` seconds; what is wrong in the corpus comes back in the report. A damaged index
        is rebuilt.
        """
        from archive.indexing.run import update

        def run(full: bool) -> IndexReport:
            about = (self.root, self.settings, self._engine, self._index_folder)
            return update(*about, full=full, jobs=jobs, optimize=optimize, wait=wait, progress=progress)

        try:
            return run(full)
        except IndexDamagedError:
            return run(full=True)

    def running_progress(self) -> Progress | None:
        """How far the run has come that another process is writing the index with, as far as it says so.

        To be asked after an IndexLockedError; without another run the answer means nothing.
        """
        from archive.indexing.shared_progress import read_progress

        return read_progress(self._index_folder)

    def problems(self) -> tuple[Problem, ...]:
        """What the last run could not take, or took with a warning, by file and line."""
        return tuple(sorted([*self._source_table().problems(), *self._names().problems]))

    def pending(self) -> PendingChanges:
        """What has changed since the index was made: files of the corpus and names; `index` takes it in."""
        from archive.indexing.pending import pending_changes

        return pending_changes(self.root, self.settings, self._engine)

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

    def add(
        self, content: bytes, *, suffix: str = ".md", metadata: Mapping[str, Value] | None = None, file_name: str = ""
    ) -> Article:
        """Write a new article into the corpus under its id, and return it; index it with `index`.

        content   a file's bytes: text or Markdown (with or without front matter), HTML or PDF
        suffix    its kind, as a file ending
        metadata  front-matter keys to put with it
        file_name  of the file without its ending, which titles an article that has no other title

        Nothing is ever overwritten: a taken name gets a number. Raises UsageError for content
        or metadata that could not be indexed.
        """
        from archive.corpus.add import add
        from archive.corpus.formats.registry import ReadOptions
        from archive.indexing.isolated_readers import read_isolated

        def taken(article_id: str) -> bool:
            return self.has_index and self._engine.get(article_id) is not None

        options = ReadOptions.of(self.settings)
        return add(self.root, content, suffix, metadata or {}, options, taken, read_isolated, file_name)

    # -- searching ---------------------------------------------------------------------

    @with_deadline
    def search(self, query: str | SearchRequest = "", /, **options: Unpack[Options]) -> Page:
        """One page of articles that match, with the total and the facet counts.

        `query` is text in the query language, or a whole SearchRequest; `options` are the
        fields of SearchRequest and replace those of the request. Raises QueryError for a
        query that cannot be read, UsageError for anything else that cannot be meant.
        """
        return self._searcher.page(_request(query, options))

    def articles(self, query: str | SearchRequest = "", /, **options: Unpack[Options]) -> Iterator[Article]:
        """Every article that matches, whole, in order; without a limit unless one is given."""
        if not isinstance(query, SearchRequest):
            options.setdefault("limit", None)
        return self._engine.matches(self._searcher.plan_to_answer(_request(query, options)))

    @with_deadline
    def facet(
        self,
        name: str,
        find: str = "",
        *,
        request: SearchRequest | None = None,
        limit: int | None = 10,
        sort: FacetSort = "count",
    ) -> FacetResult:
        """The values of one facet, under `request` if given.

        `find` keeps the values that have all its words: whole, begun, or misspelled by a
        letter or two; the closest come first.
        """
        asked = (request or SearchRequest()).replace(facet_limit=limit, facet_sort=sort)
        return self._searcher.facet(name, find, asked)

    @with_deadline
    def timeline(
        self, query: str | SearchRequest = "", /, *, by: Period = "year", **options: Unpack[Options]
    ) -> Timeline:
        """Articles that match, by year, month or day of their date, beside all that are held.

        Every year between the first and the last held is listed, also those without any
        article; by month, articles of which only the year is known stand under the year, and so on. By day, the days
        are listed from the first to the last that matches.

        With a person, or several with `all_people`, `seen` counts sightings by the date of the occasion.
        """
        from archive.model.reports import Timeline

        request, asker = _request(query, options), self._asker

        def sightings(plan: Plan, digits: int) -> Mapping[str, int] | None:
            return asker.sightings_by_period(plan, request.year, digits)

        return Timeline(self._searcher.timeline(request, by, sightings), asker.by_rules)

    @with_deadline
    def similar(self, article_id: str, limit: int = 10) -> tuple[Hit, ...]:
        """The articles most like one, by the words that set it apart; raises NotFoundError."""
        return self._searcher.similar(self.get(article_id), limit)

    # -- encounters --------------------------------------------------------------------

    @with_deadline
    def encounters(
        self,
        person: str,
        /,
        with_: str | Iterable[str] = (),
        at: str | Iterable[str] = (),
        *,
        level: Level = "declared",
        year: Years = (),
        limit: int | None = None,
        stance: Stance | Iterable[Stance] = ("together", "present", "absent"),
    ) -> Encounters:
        """What articles say of `person`, everybody of `with_` and every venue of `at`; the latest occasion first.

        level   the widest: sentence, paragraph, article, or declared (in the metadata alone)
        year    of the occasion, as in a SearchRequest
        stance  which rows to give: by default those that say whether they were there; or any of
                `together` (`present` for one person), `absent`, `expected`, `contact`, `mentioned`, or "all"

        `counts` has the numbers of all. Raises NotFoundError for a name that
        is neither in the archive nor in an authority file, with names that are like it.
        """
        asker = self._asker
        return asker.encounters(asker.question(person, with_, at, level, year, stance=stance), limit)

    @with_deadline
    def occasions(self, at: str | Iterable[str] = (), *, year: Years = (), limit: int | None = None) -> Occasions:
        """The occasions that articles tell of, the latest first: date, place, who was there, who was said not to be.

        at     at any of these venues; without one, every article is looked through
        year   of the occasion, as in a SearchRequest

        Raises NotFoundError for an unknown venue.
        """
        return self._asker.occasions(at, year, limit)

    @with_deadline
    def seen_facet(
        self,
        facet: str,
        person: str,
        /,
        with_: str | Iterable[str] = (),
        at: str | Iterable[str] = (),
        *,
        year: Years = (),
        find: str = "",
        sort: FacetSort = "count",
        limit: int | None = 10,
    ) -> SightingFacet:
        """With whom (`seen_with`) or where (`seen_at`) somebody was seen; counts are sightings, not articles.

        with_, at  only sightings together with these people, at any of these venues
        find       as in `facet`

        `missing` are the sightings without company, or without a venue. Raises UsageError for another facet.
        """
        if facet not in ("seen_with", "seen_at"):
            raise UsageError(f"a facet of sightings is seen_with or seen_at, not {shortened(facet)!r}")
        asker = self._asker
        request = SearchRequest(facet_limit=limit, facet_sort=sort)
        return asker.seen_facet(asker.question(person, with_, at, "declared", year), facet, find, request)

    @with_deadline
    def sightings(self, article_id: str) -> tuple[Encounter, ...]:
        """All that one article says of two people, or of one at a venue; raises NotFoundError."""
        return self._asker.sightings(self.get(article_id))

    def deciding_words(self, row: Encounter) -> tuple[tuple[int, int], ...]:
        """Start and end of the words of a row's evidence that decide its stance, and the date of the occasion.

        The words of the stance are known for archives in a language that has rules.
        """
        from archive.encounters.judging import LANGUAGES
        from archive.encounters.rules.deciding import deciding_words

        return deciding_words(row, has_rules=self.settings.language in LANGUAGES)

    def review_sighting(
        self,
        article_id: str,
        people: Sequence[str],
        stance: str,
        span: tuple[int, int],
        *,
        in_title: bool = False,
        venue: str | None = None,
        when: str | None = None,
        note: str = "",
    ) -> SightingReview:
        """Record in sightings.yaml what holds of two people, or of one at a venue, in one paragraph.

        stance  what holds: the row's own confirms it, `mentioned` rejects it
        span    a sentence of that paragraph, as a row of `encounters` has it in `spans`
        when    EDTF date of the occasion, where it is another one

        It wins over what was derived from the text from the next `index` on. Raises NotFoundError, UsageError
        for what says nothing, and SettingsError if the file cannot be read as it stands.
        """
        from archive.encounters.reviews import SightingReview, add_review, paragraph_digest
        from archive.model.sightings import TextSpan

        paragraph = paragraph_digest(self.get(article_id), TextSpan(*span, in_title))
        review = SightingReview(article_id, paragraph, tuple(people), stance, venue, when, note)
        add_review(self.root, review, links_outside=self.settings.links_outside)
        return review

    def reviewed_sightings(self) -> Iterator[tuple[SightingReview, str]]:
        """The records of sightings.yaml, each "unchanged" or, where it no longer applies, "changed" or "gone".

        A record applies as long as its article has the paragraph that was looked at.
        """
        from archive.encounters.reviews import load_reviews, verdicts_on_reviews

        return verdicts_on_reviews(load_reviews(self.root), self._engine.get)

    @with_deadline
    def companions(
        self, person: str, /, at: str | Iterable[str] = (), *, year: Years = (), limit: int | None = 20
    ) -> Companions:
        """Who is in articles with `person`, the most surprising first; see `encounters` for the names."""
        asker = self._asker
        return asker.companions(asker.question(person, (), at, "declared", year), limit)

    @with_deadline
    def gaps(
        self,
        person: str,
        /,
        with_: str | Iterable[str] = (),
        at: str | Iterable[str] = (),
        *,
        level: Level = "declared",
        year: Years = (),
    ) -> Gaps:
        """The times without an encounter between the first and the end of what is held, the longest first."""
        asker = self._asker
        return asker.gaps(asker.question(person, with_, at, level, year))

    def certificate(
        self,
        person: str,
        /,
        with_: str | Iterable[str] = (),
        at: str | Iterable[str] = (),
        *,
        level: Level = "declared",
        year: Years = (),
    ) -> Certificate:
        """What `encounters` would find, how it was looked for, and what came close; also for unknown names.

        The same index gives the same certificate.
        """
        return self._certificate(self.check(), person, with_, at, level, year)

    @with_deadline
    def _certificate(
        self,
        findings: Sequence[CheckIssue],
        person: str,
        with_: str | Iterable[str],
        at: str | Iterable[str],
        level: Level,
        year: Years,
    ) -> Certificate:
        asker = self._asker
        return asker.certificate(asker.question(person, with_, at, level, year, strict=False), findings)

    # -- names -------------------------------------------------------------------------

    @cached_property
    def names(self) -> NameCuration:
        """Names that no authority file has: suggest, accept and ignore them; and an audit of the declared ones."""
        from archive.names.curation import NameCuration

        def articles() -> Iterator[Article]:
            return self.articles(sort="oldest", facets=())

        def count() -> int:
            return self._engine.article_count()

        about = (self.root, self.settings.links_outside, self._names)
        return NameCuration(
            *about, articles, count, lambda article_id: self._engine.get(article_id), self._index_folder
        )

    def suggest_names(self, limit: int | None = None, *, spacy: str = "") -> SuggestedNames:
        """`names.suggest`."""
        return self.names.suggest(limit, spacy=spacy)

    def audit_names(self) -> Audit:
        """`names.audit`."""
        return self.names.audit()

    # -- saved searches ----------------------------------------------------------------

    @property
    def saved(self) -> SavedSearches:
        """Searches under names: list, add, remove and run them, and see what is new."""
        from archive.saved.collection import SavedSearches

        return SavedSearches(self.root, self._engine, self._searcher.plan_of_matches)

    def run_saved(self, search: SavedSearch, *, remember: bool = True) -> SavedRun:
        """`saved.run`, which by default does not remember the run."""
        return self.saved.run(search, remember=remember)

    # -- quotations --------------------------------------------------------------------

    @with_deadline
    def quote(self, article_id: str, text: str) -> Quote:
        """`text` as the article has it, with what it takes to find it again; raises NotFoundError.

        White space and typographic marks may differ. The error names the nearest passage.
        """
        from archive.quotes import quote

        return quote(self.get(article_id), text)

    @with_deadline
    def verify(self, quote: Quote) -> Verdict:
        """Whether a quotation still stands where it was taken, has moved, or is gone."""
        from archive.quotes import verify

        return verify(quote, self._engine.get, self.articles)

    # -- articles ----------------------------------------------------------------------

    @with_deadline
    def get(self, article_id: str) -> Article:
        """The article with that id; raises NotFoundError naming ids that are close."""
        if len(article_id) > MAX_ID:
            shown = shortened(article_id)
            raise NotFoundError(f"there is no article with the id {shown!r}", f"an id has at most {MAX_ID} characters")
        article = self._engine.get(article_id)
        if article is None:
            close = self._engine.similar_ids(article_id, 3)
            hint = f"; similar ids: {', '.join(close)}" if close else ""
            raise NotFoundError(f"there is no article with the id {article_id!r}{hint}")
        return article

    def picture(self, path: str, *, max_width: int = 800, max_height: int = 800) -> PicturePreview:
        """One of the `pictures` of an article, to be looked at: upright, as large as fits in so many pixels.

        It is decoded in another process with limits of time and memory. Raises UnreadablePictureError where it is not
        there, or cannot be shown; MissingExtraError without the extra `photos`.
        """
        from archive.indexing.picture_previews import preview

        return preview(self.root, path, max_width, max_height, links_outside=self.settings.links_outside)

    def changed_sources(self, articles: Iterable[Article]) -> Mapping[str, str]:
        """Which of the files that `articles` came from are not as they were when they were indexed.

        By path: "changed", "missing", or "unknown" where the index does not say on this machine what
        was indexed. A file is read only where it looks changed.
        """
        from archive.indexing.source_status import changed_sources

        paths = dict.fromkeys(article.path for article in articles)
        return changed_sources(self._engine.sources(), paths, self.root, links_outside=self.settings.links_outside)

    @with_deadline
    def highlight(self, text: str, query: str) -> tuple[tuple[int, int], ...]:
        """Start and end offsets of the words of `text` that `query` matches."""
        return self._searcher.marker(self._searcher.plan(SearchRequest(query))).spans(text)

    # -- the archive itself ------------------------------------------------------------

    def stats(self) -> Stats:
        """The archive in numbers."""
        from archive.model.dates import date_range
        from archive.model.reports import Stats

        everything = self._searcher.plan(SearchRequest())
        dates = self._engine.histogram(everything, 10)
        first, last = date_range(dates)
        table = self._source_table()
        facets = {facet.name: self.facet(facet.name, limit=0) for facet in self.fields.facets}
        return Stats(
            name=self.settings.name,
            language=self.settings.language,
            articles=self._engine.article_count(),
            sources=len(table.sources),
            problems=sum(not each.taken for each in table.problems()),
            warnings=sum(each.taken for each in table.problems()),
            undated=dates.get("", 0),
            first=first,
            last=last,
            distinct={name: result.distinct for name, result in facets.items()},
            index_bytes=self._engine.size(),
        )

    def check(self, *, deep: bool = False) -> tuple[CheckIssue, ...]:
        """What is wrong with the index, or differs from the corpus; empty when all is well.

        `deep` reads every byte of the index, and of every file of the corpus.
        """
        from archive.indexing.check import check

        other = "whoosh" if self.settings.engine == "opensearch" else "opensearch"
        known = other == "whoosh" or self.settings.remote is not None
        compared = self._engine_of(other) if known else None
        return check(self.root, self.settings, self._engine, compared, deep=deep)

    def corpus_report(self) -> CorpusReport:
        """How the corpus was read: what the articles of each folder and format have, and what was not understood."""
        from archive.indexing.corpus_report import report_corpus

        return report_corpus(self.articles(facets=()), self._source_table(), self.root, self.settings)

    def move(self, to: EngineName, *, url: str = "", progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Carry the archive over to another engine, compare the two, and set archive.yaml to the new one.

        to   whoosh or opensearch; `url` is the server's where archive.yaml names none

        What was there stays, so that one can go back. Open the archive again afterwards; with a
        `url`, this user trusts it to use that server from then on. Raises UsageError for an
        engine that is in use or unknown, SettingsError where archive.yaml wants more of that server
        than to be used, IndexUnusableError if anything was lost on the way; archive.yaml is
        then as it was.
        """
        from archive.indexing.migrate import migrate, move

        def copy(settings: setup.Settings) -> IndexReport:
            everything = self._searcher.plan(SearchRequest(limit=None, facet_limit=None, sort="title"))
            return migrate(self._engine, self._engine_of(to, settings), everything, self.fields, progress)

        return move(self.root, self.settings, to, url, copy)

    # -- inside ------------------------------------------------------------------------

    @property
    def _index_folder(self) -> Path:
        return self.root / setup.INDEX_DIR

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer(self.settings.language)

    @cached_property
    def _engine(self) -> Engine:
        return self._engine_of(self.settings.engine)

    def _engine_of(self, name: str, settings: setup.Settings | None = None) -> Engine:
        from archive.engine.factory import make_engine

        settings = (settings or self.settings).with_engine(name)
        return make_engine(self._index_folder, settings, self._analyzer)

    def _source_table(self) -> SourceTable:
        """Which files the index was made from."""
        from archive.indexing.sources import SourceTable

        if (sources := self._engine.sources()) is not None:
            return SourceTable.load(sources)
        table = SourceTable()
        table.rebuild_from_index(self._engine.entries())
        return table

    @property
    def _searcher(self) -> Searcher:
        from archive.search.searcher import Searcher

        return Searcher(self._engine, self.fields, self._analyzer, self._names, self._synonyms.load)

    @cached_property
    def _synonyms(self) -> SynonymsFile:
        from archive.query.synonyms import SynonymsFile

        return SynonymsFile(self.root, self._analyzer, links_outside=self.settings.links_outside)

    @property
    def _asker(self) -> EncounterService:
        from archive.encounters.judging import QUESTION_SECONDS, SightingJudge
        from archive.encounters.reviews import load_reviews
        from archive.encounters.service import EncounterService
        from archive.encounters.sighting_cache import SightingCache

        cache = SightingCache(self._index_folder)
        judge = SightingJudge(self.settings.language, QUESTION_SECONDS, cache=cache, reviews=load_reviews(self.root))
        return EncounterService(self._engine, self._names, self._searcher.plan, judge)

    def _names(self) -> Names:
        from archive.names.authority.records import load_names

        return load_names(self.root, links_outside=self.settings.links_outside)


def _request(query: str | SearchRequest, options: Options) -> SearchRequest:
    if isinstance(query, SearchRequest):
        return query.replace(**options) if options else query
    return SearchRequest(query).replace(**options) if options else SearchRequest(query)
