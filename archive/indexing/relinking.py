"""Articles of the index whose names or sightings are other ones by now: written again without reading their files.

All that linking and judging take is stored with an article. What they go by changes apart from the corpus: authority
files, rules, reviews, what discovery knows of names from other texts, and passages judged since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive.config.settings import Settings
from archive.encounters.judging import SightingJudge
from archive.encounters.judging_queue import JudgingQueue
from archive.engine.protocol import Engine, IndexedRef
from archive.indexing.sources import SourceWriter
from archive.model.article import Article, Problem
from archive.model.sighting_columns import BY_RULES, content_key
from archive.names.authority.records import Names
from archive.names.entity_linker import EntityLinker, names_not_sought
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer
from archive.util.worker_pool import WorkerPool

if TYPE_CHECKING:
    from archive.names.discovery.incremental import DiscoveredName, IncrementalDiscovery


@dataclass
class Relinker:
    """Links and judges articles of the index again.

    relinked   the ids of those that have been written for it, as long as their files are not read by the same run
    """

    out: SourceWriter
    settings: Settings
    names: Names
    resolver: EntityLinker
    judge: SightingJudge
    workers: WorkerPool
    discovery: IncrementalDiscovery | None = None
    relinked: set[str] = field(default_factory=set)

    def relink_names(self, documents: Iterable[tuple[Article, IndexedRef]], *, only_reviewed: bool = False) -> None:
        """Write and commit the articles whose names, mentions or sightings are other ones by now.

        They are by the present authority files, rules and reviews. All that this takes is stored with them, so
        that no file of the corpus is read. With `only_reviewed` only articles with reviews are looked at.
        """
        reviewed = self.judge.reviews.articles
        problems = set(self.out.table.problems())
        changed = set(self.discovery.settle()) if self.discovery is not None and not only_reviewed else set()
        before = (self.out.table.sightings, self.out.table.reviews)
        judges_alike = before == (self.judge.version, self.judge.reviews.digest)
        queue: JudgingQueue[tuple[Article, IndexedRef]] = JudgingQueue(self.judge, self.workers)
        for article, entry in documents:
            if only_reviewed and article.id not in reviewed and not any(each.reviewed for each in article.sightings):
                continue
            state = self.out.table.sources[entry.path]
            found: list[Problem] = []
            resolved = self.resolver.resolve(article, found.append, self._discovered(article, changed))
            if (problem := names_not_sought(article)) in problems:
                state.problems.remove(problem)
            state.problems += found
            if not judges_alike or content_key(resolved) != content_key(article):
                self.relinked |= self._write_changed(queue.put((article, entry), resolved))
            else:
                self.relinked |= self._write_changed([*queue.finish(), ((article, entry), resolved)])
        self.relinked |= self._write_changed(queue.finish())
        if self.relinked:
            self.relinked -= {refusal.entry.id for refusal in self.out.flush()}
            self.out.forget_rejected()  # their files are read again by this run
            self.out.table.names, self.out.table.sightings = self.names.digest, self.judge.version
            self.out.table.reviews = self.judge.reviews.digest
            self.out.commit(final=False)

    def _write_changed(self, linked: Iterable[tuple[tuple[Article, IndexedRef], Article]]) -> set[str]:
        """Write the articles that are others by now, each given as it was and as it is; returns their ids."""
        written: set[str] = set()
        for (article, entry), resolved in linked:
            if resolved != article:
                self.out.writer.add_document(resolved, entry.digest, entry.requested_id, replaces=True)
                written.add(article.id)
        return written

    def _discovered(self, article: Article, changed: Collection[str]) -> Sequence[DiscoveredName]:
        """The discovered names of an article of the index; `changed` are those of which they are others by now."""
        if self.discovery is None:
            return ()
        if article.id in changed:
            return self.discovery.names_again(article)
        return self.discovery.names_kept(article)

    def link_again(self, engine: Engine, ids: Sequence[str]) -> None:
        """Write the articles of which names are others now that all texts have been read; the index is committed."""
        assert self.discovery is not None
        written: set[str] = set()
        queue: JudgingQueue[tuple[Article, IndexedRef]] = JudgingQueue(self.judge, self.workers)
        for article_id in ids:
            if (found := engine.document(article_id)) is not None:
                resolved = self.resolver.resolve(found[0], None, self.discovery.names_again(found[0]))
                written |= self._write_changed(queue.put(found, resolved))
        if written | self._write_changed(queue.finish()):
            self.out.flush()
            self.out.commit(final=True)

    def take_in_judged(self, engine: Engine, analyzer: Analyzer) -> None:
        """Write the articles that questions have had judged completely since they were indexed by rules alone.

        What is in the index is found without looking at what is kept beside it.
        """
        kept = self.judge.kept() if engine.exists else frozenset[int]()
        everything = make_plan(SearchRequest(facets=(), limit=0), self.settings.fields, analyzer)
        ids: list[str] = []
        keys: list[int] = []
        for leaf in (engine.sighting_leaves(everything) or ()) if kept else ():
            by_rules = leaf.docs[(leaf.columns.flags[leaf.docs] & BY_RULES) > 0]
            docs = [doc for doc in by_rules.tolist() if int(leaf.columns.content[doc]) in kept]
            ids += leaf.ids(docs)
            keys += [int(leaf.columns.content[doc]) for doc in docs]
        self.judge.complete(keys, lambda _: None)
        for article_id in ids:
            if (found := engine.document(article_id)) is not None and found[0].by_rules:
                article, entry = found
                self.out.writer.add_document(self.judge.known(article), entry.digest, entry.requested_id, replaces=True)
        if ids:
            self.out.flush()
            self.out.commit(final=True)


@contextmanager
def discovery_of(
    root: Path, settings: Settings, folder: Path, names: Names, workers: WorkerPool
) -> Iterator[IncrementalDiscovery | None]:
    """The discovery of names in this run, with the help of some `workers`; None where the settings want none."""
    if not settings.discovers:
        yield None
        return
    from archive.names.authority.authority_writer import ignored
    from archive.names.discovery.incremental import IncrementalDiscovery

    recognizer = None
    if settings.recognizer:
        from archive.names.discovery.spacy_ner import SpacyNer

        recognizer = SpacyNer(settings.recognizer)
    discovery = IncrementalDiscovery(folder, names, ignored(root), recognizer, settings.recognizer, workers)
    try:
        yield discovery
    finally:
        discovery.close()
