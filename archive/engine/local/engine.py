"""The embedded engine: opens generations of the Whoosh index and answers plans from them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from archive.engine.local import multi_term, ranking
from archive.engine.local.drill_sideways import DrillSideways, Filters
from archive.engine.local.facet_reader import FacetReader
from archive.engine.local.index_reader import IndexReader
from archive.engine.local.manifest import MANIFEST, IndexMeta, read_generation
from archive.engine.local.query_run import QueryRun
from archive.engine.local.segment.doc_values import MISSING
from archive.engine.local.segment.packed_lists import Ints
from archive.engine.protocol import IndexedRef, ScoredDoc, SearchResult, SightingLeaf
from archive.engine.schema import DATE_KEY, facet_field
from archive.engine.significant_terms import (
    may_be_meant,
    nearest_words,
    significant_terms,
    similar_spelling,
    surface_spellings,
)
from archive.engine.stored import decode_article, decode_entry, decode_meta, decode_outline, decode_shown
from archive.errors import IndexAccessError, IndexDamagedError, IndexUnusableError
from archive.model.article import Article
from archive.model.dates import period_of_key
from archive.model.fields import Fields
from archive.model.results import FacetResult
from archive.query.limits import LISTING, READING_TERMS, current_deadline
from archive.query.lowering import stop_words
from archive.query.plan import Plan
from archive.text.analyzer import Analyzer, form_of
from archive.util.quoting import quote_path

if TYPE_CHECKING:
    from archive.engine.local.writer import Interop, WhooshWriter

_NO_DOCS = np.empty(0, np.int64)
#: Opening can lose a race with a commit that removes the files of the generation before: seconds to keep trying.
_OPEN_PATIENCE = 1.0


def _is_of_another_index(found: IndexMeta | None, before: IndexMeta | None) -> bool:
    """Whether a manifest is not a later one of the same index: an index was deleted and built again."""
    if found is None or before is None or found.number > before.number:
        return False
    return found._replace(sources=before.sources) != before


def _ids_from(reader: IndexReader, base: int, docs: Iterable[int]) -> list[str]:
    """The article ids of documents that are numbered from a doc base on."""
    return [reader.ids[base + int(doc)] for doc in docs]


def _shown(reader: IndexReader, doc: int) -> Article:
    """The article of a global doc id, with what an answer shows of it."""
    return decode_shown(reader.stored(doc))


class WhooshEngine:
    """See `archive.engine.protocol.Engine`.

    folder    the index
    settings  changes with the settings
    whoosh    by which Whoosh's own matchers run what the executor does not know
    """

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, settings: str, whoosh: Interop) -> None:
        self._folder, self._fields, self._analyzer, self._settings = folder, fields, analyzer, settings
        self._whoosh = whoosh
        self._manifest = folder / MANIFEST
        self._read: tuple[tuple[int, int, int], IndexMeta | None] | None = None
        self._opened: IndexReader | None = None
        self._numbers_before = 0  # of an index that was deleted: the one in its place begins at 1

    # -- opening -----------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return self._settings_of_index() == self._settings

    @property
    def outdated(self) -> bool:
        return self._settings_of_index() not in (None, self._settings)

    def _settings_of_index(self) -> str | None:
        """With which settings the index was made; None where there is none that can be read."""
        try:
            generation = self._generation()
        except IndexUnusableError:
            return None
        return None if generation is None else generation.settings

    def generation(self) -> int:
        generation = self._generation()
        return -1 if generation is None else generation.number + self._numbers_before

    def _generation(self) -> IndexMeta | None:
        """The newest generation; its manifest is read again only when it was replaced."""
        try:
            status = self._manifest.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return read_generation(self._folder)  # which says what is the matter
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        held = self._read
        if held is None or held[0] != stamp:
            found = read_generation(self._folder)
            if held is not None and _is_of_another_index(found, held[1]):
                self._numbers_before += held[1].number if held[1] else 0
            held = self._read = (stamp, found)
        return held[1]

    def _index_reader(self) -> IndexReader:
        until = time.monotonic() + _OPEN_PATIENCE
        while True:
            generation = self._generation()
            if generation is None:
                raise IndexUnusableError(f"there is no index in {quote_path(self._folder)}", "run `archive index`")
            if generation.settings != self._settings:
                raise IndexUnusableError(
                    f"the index in {quote_path(self._folder)} was made by another version or with other settings",
                    "run `archive index`",
                )
            opened = self._opened
            if opened is not None and (
                opened.generation is generation or opened.generation._replace(sources=generation.sources) == generation
            ):
                return opened
            try:
                opened = IndexReader(self._folder, generation)
            except PermissionError as error:
                what = f"{quote_path(error.filename)} cannot be read ({error.strerror})"
                raise IndexAccessError(what, "check its permissions") from None
            except FileNotFoundError as error:
                if time.monotonic() > until:
                    raise IndexDamagedError(
                        f"the index lacks the file {quote_path(error.filename)}", "run `archive index --full`"
                    ) from None
                self._read = None
                time.sleep(0.01)
            else:
                self._opened = opened
                return opened

    def close(self) -> None:
        self._opened = None

    # -- answering ---------------------------------------------------------------------

    def search(self, plan: Plan) -> SearchResult:
        reader = self._index_reader()
        run, narrowing = self._evaluate(reader, plan, [facet.name for facet in plan.facets])
        request = plan.request
        end = None if request.limit is None else request.offset + request.limit
        docs, scores = ranking.rank(reader, plan, run, narrowing.docs, end, self._fields.get("body"))
        docs, scores = docs[request.offset :], scores[request.offset :]
        return SearchResult(
            total=len(narrowing.docs),
            matches=tuple(
                ScoredDoc(score, partial(_shown, reader, doc), partial(reader.ids.__getitem__, doc))
                for doc, score in current_deadline().checked(zip(docs, scores, strict=True), work=LISTING)
            ),
            facets={
                facet.name: narrowing.count(facet.name, request.facet_limit, request.facet_sort)
                for facet in plan.facets
            },
            forms_of=partial(
                reader.forms_of,
                [field.name for field in self._fields.searched],
                same_letter=self._analyzer.keeps_first_letter,
            ),
        )

    def count(self, plan: Plan) -> int:
        reader = self._index_reader()
        return len(self._evaluate(reader, plan)[1].docs)

    def matches(self, plan: Plan) -> Iterator[Article]:
        reader = self._index_reader()
        run, narrowing = self._evaluate(reader, plan)
        request = plan.request
        end = None if request.limit is None else request.offset + request.limit
        docs, _ = ranking.rank(reader, plan, run, narrowing.docs, end, self._fields.get("body"))
        return (decode_article(reader.stored(doc)) for doc in docs[request.offset :])

    def outlines(self, plan: Plan, person: str = "") -> Iterator[Article]:
        reader = self._index_reader()
        run, narrowing = self._evaluate(reader, plan)
        docs, _ = ranking.rank(reader, plan, run, narrowing.docs, None, self._fields.get("body"))
        return (decode_outline(decode_meta(reader.stored(doc)), person) for doc in docs)

    def sighting_leaves(self, plan: Plan) -> list[SightingLeaf]:
        reader = self._index_reader()
        docs = self._evaluate(reader, plan)[1].docs
        ends = [*reader.doc_bases[1:], reader.documents]
        found = []
        for base, end, segment in zip(reader.doc_bases, ends, reader.segments, strict=True):
            first, last = np.searchsorted(docs, (base, end)).tolist()
            found.append(SightingLeaf(segment.sightings, docs[first:last] - base, partial(_ids_from, reader, base)))
        return found

    def ids(self, plan: Plan) -> list[str]:
        reader = self._index_reader()
        docs = self._evaluate(reader, plan)[1].docs
        return [reader.ids[doc] for doc in docs.tolist()]

    def facet(self, plan: Plan, name: str, find: str) -> FacetResult:
        reader = self._index_reader()
        _, narrowing = self._evaluate(reader, plan, [name])
        found = self._column(reader, name).search_values(find) if find.strip() else None
        return narrowing.count(name, plan.request.facet_limit, plan.request.facet_sort, found)

    def resolve_value(self, name: str, value: str) -> str | None:
        reader = self._index_reader()
        column = self._column(reader, name)

        def lives(spelling: str) -> bool:
            return not reader.deletions or bool(np.any(reader.live[column.docs_of_any((spelling,))]))

        if column.ord(value) is not None and lives(value):
            return value
        spellings = list(filter(lives, column.equal_values(value)))
        return spellings[0] if len(spellings) == 1 else None

    def histogram(self, plan: Plan, digits: int) -> Mapping[str, int]:
        reader = self._index_reader()
        docs = self._evaluate(reader, plan)[1].docs
        keys = self._numbers(reader, DATE_KEY)[docs]
        found, counts = np.unique(keys[keys != MISSING], return_counts=True)
        current_deadline().check()
        histogram: Counter[str] = Counter()
        for key, count in zip(found.tolist(), counts.tolist(), strict=True):
            histogram[period_of_key(key, digits)] += count
        undated = int(np.count_nonzero(keys == MISSING))
        return dict(histogram) | ({"": undated} if undated else {})

    def _column(self, reader: IndexReader, name: str) -> FacetReader:
        return reader.facet(facet_field(self._fields.facet(name)))

    def _numbers(self, reader: IndexReader, name: str) -> Ints:
        columns = [segment.numbers(name) for segment in reader.segments]
        return np.concatenate([np.empty(0, np.int64), *(column for column in columns if column is not None)])

    def _evaluate(self, reader: IndexReader, plan: Plan, counted: Sequence[str] = ()) -> tuple[QueryRun, DrillSideways]:
        """The query text run on the index, and what the selections leave of its matches, to count some facets over."""
        deadline = current_deadline()
        tree, _ = multi_term.expand(plan.parsed.tree, reader.segments, self._analyzer.stem, deadline)
        filters = Filters(plan, lambda name: self._column(reader, name), reader.documents)
        fallback = partial(self._whoosh.run_query, self._folder, reader.generation)
        run = QueryRun(tree, reader, fallback, deadline, filters.driving(counted))
        return run, DrillSideways(filters, run.matched(), reader.live if reader.deletions else None, counted)

    # -- articles and words ------------------------------------------------------------

    def get(self, article_id: str) -> Article | None:
        reader = self._index_reader()
        doc = reader.first_doc("id", article_id.encode("utf-8", "replace"))
        return None if doc is None else decode_article(reader.stored(doc))

    def document(self, article_id: str) -> tuple[Article, IndexedRef] | None:
        reader = self._index_reader()
        doc = reader.first_doc("id", article_id.encode("utf-8", "replace"))
        if doc is None:
            return None
        record = reader.stored(doc)
        return decode_article(record), decode_entry(decode_meta(record))

    def values_among(self, name: str, values: Sequence[str]) -> frozenset[str]:
        reader = self._index_reader()
        if all(segment.searched(name) is None for segment in reader.segments):
            return frozenset()
        return frozenset(value for value in values if reader.has_term(name, value.encode("utf-8", "replace")))

    def similar_ids(self, article_id: str, limit: int) -> list[str]:
        from rapidfuzz import process

        reader = self._index_reader()
        ids = [term.decode() for segment in reader.segments if (field := segment.field("id")) for term in field.terms()]
        close = process.extract(article_id, ids, limit=limit * 2, score_cutoff=60)
        return [found for found, _, _ in close if reader.first_doc("id", found.encode()) is not None][:limit]

    def significant_terms(self, articles: Iterable[Article], limit: int) -> list[tuple[str, float]]:
        statistics = self._index_reader().statistics

        def frequencies(terms: list[str]) -> tuple[int, dict[str, int]]:
            counted = current_deadline().checked(terms, work=READING_TERMS)
            return statistics.documents, {term: statistics.doc_frequency("body", term.encode()) for term in counted}

        return significant_terms(articles, self._analyzer, frequencies, limit)

    def term_exists(self, term: str) -> bool:
        reader = self._index_reader()
        return any(reader.has_term(field.name, term.encode()) for field in self._fields.searched)

    def similar_words(self, word: str, limit: int, *, times: int = 0) -> list[str]:
        reader = self._index_reader()
        form = form_of(word)
        edits, prefix = similar_spelling(form, times)
        names = [field.forms_name for field in self._fields.searched]
        fields = [field for name in names for each in reader.segments if (field := each.searched(name)) is not None]
        near = {term.decode() for field in fields for term in multi_term.fuzzy(field, form, edits, prefix)}
        if times:
            near = self._frequent(reader, near - {form}, times)
            if not self._has_other_terms(form, near):
                return []
            near = self._frequent(reader, near, times * self._frequency(reader, form)) | {form}
        frequency = {each: self._frequency(reader, each) for each in near}
        nearest = nearest_words(may_be_meant(form, frequency, times), form, limit, frequency, self._analyzer)
        return surface_spellings({near: self._first_having(reader, near) for near in nearest}, self._analyzer)

    def _has_other_terms(self, form: str, others: Iterable[str]) -> bool:
        """Whether any of some words as written may find more than one: those of its term find the same."""
        term, stops = self._analyzer.stem(form), stop_words(self._analyzer.language or "")
        return any(self._analyzer.stem(other) != term or other in stops for other in others)

    def _frequency(self, reader: IndexReader, form: str) -> int:
        """In how many titles and in how many texts a word as written is, together."""
        names = (field.forms_name for field in self._fields.searched)
        return sum(reader.statistics.doc_frequency(name, form.encode()) for name in names)

    def _frequent(self, reader: IndexReader, forms: Iterable[str], least: int) -> set[str]:
        """Some words as written without those whose terms are in fewer titles and texts: to count a word takes long."""
        names = [field.forms_name for field in self._fields.searched]
        return {form for form in forms if sum(reader.most_documents(name, form.encode()) for name in names) >= least}

    def _first_having(self, reader: IndexReader, form: str) -> Iterator[Article]:
        """The first articles of every segment that have a word as written in a searched field."""
        for name in (field.forms_name for field in self._fields.searched):
            for base, segment in zip(reader.doc_bases, reader.segments, strict=True):
                field = segment.searched(name)
                number = None if field is None else field.find(form.encode())
                docs = field.docs(number) + base if field is not None and number is not None else _NO_DOCS
                yield from (decode_article(reader.stored(doc)) for doc in docs[reader.live[docs]][:5].tolist())

    def expanded_terms(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        return multi_term.expand(plan.parsed.tree, self._index_reader().segments, self._analyzer.stem)[1]

    # -- the index itself --------------------------------------------------------------

    def entries(self) -> Iterator[IndexedRef]:
        return self._index_reader().entries()

    def documents(self) -> Iterator[tuple[Article, IndexedRef]]:
        reader = self._index_reader()
        for doc in np.flatnonzero(reader.live).tolist():
            record = reader.stored(doc)
            yield decode_article(record), decode_entry(decode_meta(record))

    def sources(self) -> bytes | None:
        while True:
            generation = self._generation()
            if generation is None or generation.sources is None:
                return None
            if (table := generation.sources.read(self._folder)) is not None:
                return table
            self._read = None  # a commit may have replaced it meanwhile
            if self._generation() == generation:
                raise IndexDamagedError("the index's table of sources is damaged or missing", "run `archive index`")

    def article_count(self) -> int:
        return self._index_reader().live_count

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir() if path.is_file())

    def verify(self, *, deep: bool) -> list[str]:
        from archive.engine.local.check_index import integrity_errors

        reader = self._index_reader()
        try:
            return integrity_errors(reader, self._fields, self._folder, deep=deep)
        except Exception as error:  # noqa: BLE001 (damage may cause any)
            return [f"the index cannot be read completely: {type(error).__name__}: {error}"]

    def writer(self, *, rebuild: bool, jobs: int | None = 1, wait: float = 0.0) -> WhooshWriter:
        from archive.engine.local.writer import WhooshWriter

        about = (self._folder, self._fields, self._analyzer, self._settings, self._whoosh)
        return WhooshWriter(*about, rebuild=rebuild, jobs=jobs, wait=wait)
