"""The embedded engine: opens generations of the Whoosh index and answers plans from them."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from archive.analysis import Analyzer, fold
from archive.article import Article
from archive.engine.base import Answer, Entry, Match
from archive.engine.whoosh import executor, ranking
from archive.engine.whoosh.columns import Docs, Mask
from archive.engine.whoosh.facets import Narrowing
from archive.engine.whoosh.schema import META, article_from, make_schema
from archive.engine.whoosh.snapshot import Columns, Snapshot
from archive.engine.whoosh.verify import faults
from archive.engine.whoosh.writer import WhooshWriter
from archive.errors import IndexLockedError, IndexUnusableError
from archive.fields import Fields
from archive.query.plan import Plan
from archive.query.stopwords import stop_words
from archive.results import FacetResult

#: Version of what is written into the index; another one is rebuilt, never guessed at.
FORMAT_VERSION = 1
_STAMP = "archive.json"
_NAME = "MAIN"
_TOC = re.compile(rf"_{_NAME}_([0-9]+)\.toc")
_OURS = re.compile(rf"_?{_NAME}_\w+(\.\w+)*")
#: Opening can lose a race with a commit that removes the files of the generation before: seconds to keep trying.
_OPEN_PATIENCE = 1.0

Scores = executor.Scores


class WhooshEngine:
    """See `archive.engine.base.Engine`. `folder` is the index; `stamp` changes with the settings."""

    def __init__(self, folder: Path, fields: Fields, analyzer: Analyzer, stamp: str) -> None:
        self._folder, self._fields, self._analyzer, self._stamp = folder, fields, analyzer, stamp
        self._local = threading.local()
        self._lock = threading.Lock()
        self._columns: Columns | None = None
        self._weighting = ranking.Weighting()

    # -- opening -----------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        try:
            stamp = json.loads((self._folder / _STAMP).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(stamp == self._expected_stamp() and self.generation() > 0)

    def _expected_stamp(self) -> dict[str, Any]:
        return {"format_version": FORMAT_VERSION, "settings": self._stamp}

    def generation(self) -> int:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except OSError:
            return -1
        return max((int(match[1]) for name in names if (match := _TOC.fullmatch(name))), default=-1)

    def _snapshot(self) -> Snapshot:
        """This thread's searcher on the newest generation."""
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None:
            if held.reader.generation() == self.generation():
                return held
            self._local.snapshot = None
            held.searcher.close()
        self._local.snapshot = opened = self._open()
        return opened

    def _open(self) -> Snapshot:
        if self.generation() < 1:
            raise IndexUnusableError(f"there is no index in {self._folder}; run `archive index`")
        if not self.exists:
            raise IndexUnusableError(
                f"the index in {self._folder} is of another version or other settings; run `archive index`"
            )
        searcher = self._open_searcher()
        generation = searcher.reader().generation()
        with self._lock:
            if self._columns is None or self._columns.generation != generation:
                self._columns = Columns(generation)
            return Snapshot(searcher, self._columns)

    def _open_searcher(self) -> Any:
        until = time.monotonic() + _OPEN_PATIENCE
        while True:
            try:
                return FileStorage(str(self._folder)).open_index().searcher(weighting=self._weighting)
            except (FileNotFoundError, EmptyIndexError) as error:
                if time.monotonic() > until:
                    raise IndexUnusableError(
                        f"the index in {self._folder} lacks a file ({error}); run `archive index --full`"
                    ) from None
                time.sleep(0.01)
            except Exception as error:
                raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> IndexUnusableError:
        """A damaged file makes Whoosh raise anything at all."""
        return IndexUnusableError(f"the index in {self._folder} cannot be read ({error}); run `archive index --full`")

    def close(self) -> None:
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None:
            self._local.snapshot = None
            held.searcher.close()

    # -- answering ---------------------------------------------------------------------

    def search(self, plan: Plan) -> Answer:
        at = self._snapshot()
        matched, docs, scores = self._run(at, plan)
        narrowing = Narrowing(plan, matched, at.facet)
        order, ranked = self._order(at, plan, docs, scores, narrowing.mask)
        request = plan.request
        end = None if request.limit is None else request.offset + request.limit
        return Answer(
            total=len(order),
            matches=tuple(
                Match(self._article(at, doc), score)
                for doc, score in zip(order[request.offset : end], ranked[request.offset : end], strict=True)
            ),
            facets={
                facet.name: narrowing.count(facet.name, request.facet_limit, request.facet_sort)
                for facet in plan.facets
            },
        )

    def count(self, plan: Plan) -> int:
        at = self._snapshot()
        matched, _, _ = self._run(at, plan, scored=False)
        return int(np.count_nonzero(Narrowing(plan, matched, at.facet).mask))

    def matches(self, plan: Plan) -> Iterator[Article]:
        at = self._open()  # of its own: the thread's is closed when the index changes under way
        try:
            matched, docs, scores = self._run(at, plan)
            narrowed = Narrowing(plan, matched, at.facet).mask
            order, _ = self._order(at, plan, docs, scores, narrowed)
            request = plan.request
            end = None if request.limit is None else request.offset + request.limit
            for doc in order[request.offset : end]:
                yield self._article(at, doc)
        finally:
            at.searcher.close()

    def facet(self, plan: Plan, name: str, find: str) -> FacetResult:
        at = self._snapshot()
        matched, _, _ = self._run(at, plan, scored=False)
        found = at.facet(name).described(find) if find.strip() else None
        request = plan.request
        return Narrowing(plan, matched, at.facet).count(name, request.facet_limit, request.facet_sort, found)

    def canonical(self, name: str, value: str) -> str | None:
        column = self._snapshot().facet(name)
        return value if column.ordinal(value) is not None else column.folded_equal(value)

    def histogram(self, plan: Plan, digits: int) -> Mapping[str, int]:
        at = self._snapshot()
        matched, _, _ = self._run(at, plan, scored=False)
        dates = at.keys("date")
        narrowed = np.flatnonzero(Narrowing(plan, matched, at.facet).mask)
        return Counter(dates[doc][:digits] for doc in narrowed.tolist())

    def _run(self, at: Snapshot, plan: Plan, scored: bool = True) -> tuple[Mask, Docs, Scores]:
        """The mask of what the query text matches, those documents, and their scores."""
        tree, _ = executor.expand(plan.parsed.tree, at.reader)
        docs, scores = executor.run(tree, at.searcher, scored and plan.by_relevance)
        matched = np.zeros(at.searcher.doc_count_all(), dtype=np.bool_)
        matched[docs] = True
        return matched, docs, scores

    def _order(self, at: Snapshot, plan: Plan, docs: Docs, scores: Scores, mask: Mask) -> tuple[list[int], list[float]]:
        """The narrowed documents in the order asked for, ties by id, with their scores."""
        kept = mask[docs]
        docs, scores = docs[kept], scores[kept]
        by_id = at.ranks("id")[docs]
        if plan.by_relevance:
            order = np.lexsort((by_id, -scores))
            docs, scores = docs[order], scores[order]
            best = slice(0, ranking.RESCORED)
            body = self._fields.get("body")
            terms = plan.parsed.telling_terms
            scores[best] = ranking.add_proximity(at.searcher, body.name, body.boost, terms, docs[best], scores[best])
            order = np.lexsort((at.ranks("id")[docs], -scores))
        elif plan.request.sort == "title":
            order = np.lexsort((by_id, at.ranks("title")[docs]))
        else:
            order = self._by_date(at, docs, by_id, newest=plan.request.sort != "oldest")
        return docs[order].tolist(), scores[order].tolist()

    def _by_date(self, at: Snapshot, docs: Docs, by_id: NDArray[np.int64], newest: bool) -> NDArray[np.int64]:
        dates = at.ranks("date")[docs]
        keys = at.keys("date")
        undated = np.fromiter((not keys[doc] for doc in docs.tolist()), np.bool_, len(docs))
        return np.lexsort((by_id, -dates if newest else dates, undated))

    def _article(self, at: Snapshot, doc: int) -> Article:
        return article_from(at.reader.stored_fields(doc))

    # -- articles and words ------------------------------------------------------------

    def get(self, article_id: str) -> Article | None:
        at = self._snapshot()
        try:
            doc = at.searcher.document_number(id=article_id)
        except UnicodeEncodeError:  # a lone surrogate: no id has one
            return None
        return None if doc is None else self._article(at, doc)

    def ids_like(self, article_id: str, limit: int) -> list[str]:
        from rapidfuzz import process

        at = self._snapshot()
        keys = at.keys("id")
        ids = [keys[doc] for doc in np.flatnonzero(at.live).tolist()]
        return [close[0] for close in process.extract(article_id, ids, limit=limit, score_cutoff=60)]

    def key_terms(self, articles: Iterable[Article], limit: int) -> list[tuple[str, float]]:
        at = self._snapshot()
        weights: Counter[str] = Counter()
        for article in articles:
            terms = self._analyzer.terms(f"{article.title}\n{article.body}")
            for term, frequency in Counter(terms).items():
                weights[term] += frequency / len(terms)  # type: ignore[assignment]
        stops = stop_words(self._analyzer.language or "")
        known = {term: weight for term, weight in weights.items() if term not in stops and not term.isdecimal()}
        ranked = sorted(
            ((weight * at.searcher.idf("body", term), term) for term, weight in known.items()), reverse=True
        )[:limit]
        total = sum(weight for weight, _ in ranked) or 1.0
        return [(term, weight / total) for weight, term in ranked]

    def knows(self, term: str) -> bool:
        # Whoosh's lexicon and frequencies count deleted articles too.
        docs = self._snapshot().searcher.docs_for_query(_anywhere(self._fields, term))
        return next(iter(docs), None) is not None

    def similar_words(self, word: str, limit: int) -> list[str]:
        from rapidfuzz.distance import OSA

        at = self._snapshot()
        word = fold(word)
        term = self._analyzer.term(word)
        edits = 2 if len(term) >= 5 else 1
        frequency: Counter[str] = Counter()
        for field in self._fields.searched:
            for leaf, _ in at.reader.leaf_readers():
                for near in leaf.terms_within(field.name, term, edits, prefix=0 if len(term) > 3 else 1):
                    if near != term and not near.isdecimal():
                        frequency[near] += leaf.doc_frequency(field.name, near)
        nearest = sorted(frequency, key=lambda near: (OSA.distance(near, term), -frequency[near], near))
        written = [self._as_written(at, near, word) for near in nearest[: 2 * limit]]
        written.sort(key=lambda near: OSA.distance(near, word))
        return list(dict.fromkeys(near for near in written if near))[:limit]

    def _as_written(self, at: Snapshot, term: str, word: str) -> str:
        """The spelling of a term closest to `word` in the first articles that have it: terms are stems."""
        from rapidfuzz.distance import OSA

        spellings: set[str] = set()
        for doc, _ in zip(at.searcher.docs_for_query(_anywhere(self._fields, term)), range(5), strict=False):
            stored = at.reader.stored_fields(doc)
            for text in (stored.get("title", ""), stored.get("body", "")):
                spellings |= {
                    text[token.start : token.end].lower() for token in self._analyzer.tokens(text) if token.term == term
                }
        return min(spellings, key=lambda spelling: (OSA.distance(spelling, word), spelling), default="")

    def expansions(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        return executor.expand(plan.parsed.tree, self._snapshot().reader)[1]

    # -- the index itself --------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        for _, stored in self._snapshot().reader.iter_docs():
            meta = json.loads(stored[META])
            yield Entry(meta["id"], meta["base"], meta.get("path", ""), meta["digest"], meta.get("line", 1))

    def article_count(self) -> int:
        return int(self._snapshot().searcher.doc_count())

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir() if path.is_file())

    def verify(self) -> list[str]:
        at = self._snapshot()
        try:
            return faults(at, self._fields)
        except Exception as error:  # noqa: BLE001 (damage may cause any)
            return [f"the index cannot be read to its end: {type(error).__name__}: {error}"]

    def writer(self, *, rebuild: bool) -> WhooshWriter:
        storage = FileStorage(str(self._folder))
        rebuild = rebuild or not self.exists
        try:
            index = storage.open_index()
        except Exception as error:
            if not rebuild:
                raise self._unreadable(error) from error
            index = self._create(storage)
        if not rebuild:
            return WhooshWriter(index, self._fields)
        return WhooshWriter(index, self._fields, make_schema(self._fields, self._analyzer), self._write_stamp)

    def _write_stamp(self) -> None:
        stamp = self._folder / (_STAMP + ".new")
        stamp.write_text(json.dumps(self._expected_stamp()) + "\n", "utf-8")
        stamp.replace(self._folder / _STAMP)

    def _create(self, storage: FileStorage) -> Any:
        """An empty index in the place of none, or of one that cannot be opened; only files of ours are removed.

        Generations are counted on, so that no reader takes the new index for the old one.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = storage.lock(f"{_NAME}_WRITELOCK")
        if not lock.acquire():
            raise IndexLockedError("another `archive index` is writing this index; wait until it has finished")
        try:
            generation = max(self.generation(), 0)
            (self._folder / _STAMP).unlink(missing_ok=True)
            for path in self._folder.iterdir():
                if _OURS.fullmatch(path.name) and path.name != f"{_NAME}_WRITELOCK":
                    path.unlink(missing_ok=True)
            TOC(make_schema(self._fields, self._analyzer), [], generation).write(storage, _NAME)
        finally:
            lock.release()
        return storage.open_index()


def _anywhere(fields: Fields, term: str) -> wq.Query:
    return wq.Or([wq.Term(field.name, term) for field in fields.searched])
