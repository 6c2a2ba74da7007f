"""The engine against stock Whoosh: the same articles, queries and histories, and the same answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from whoosh import query as wq

from archive import Article, SearchRequest
from archive.engine.factory import local_engine
from archive.engine.local import segment_writer
from archive.engine.local.manifest import SegmentMeta, read_generation
from archive.engine.local.segment import builder
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.plan import Plan, make_plan

from ..support import generated
from .stock import StockIndex, compare
from .trees import ANALYZER, FACETS, FIELDS, TEXTS, TREES, articles, requests

_IDS = st.integers(0, 25).map(lambda number: f"a{number:02}")
_BATCHES = st.lists(articles(_IDS), min_size=3, max_size=10, unique_by=lambda article: article.id)
_ASKED = st.tuples(requests(st.just("")), TREES)


class _Both:
    """The engine in a folder, the oracle in memory, and the ids of the articles in both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stock = StockIndex(FIELDS, ANALYZER)
        self.ids: set[str] = set()
        self.reopen()

    def reopen(self) -> None:
        self.engine = local_engine(self.folder, FIELDS, ANALYZER, "stamp")

    @property
    def segments(self) -> tuple[SegmentMeta, ...]:
        generation = read_generation(self.folder)
        return () if generation is None else generation.segments

    def write(self, put: Collection[Article], deleted: Collection[str] = (), *, final: bool = True) -> None:
        """Delete, then put; one batch in either index, which ours cuts up where it is over its budget."""
        replaced = {article.id for article in put} & (self.ids - set(deleted))
        with (
            patch.object(segment_writer, "BUDGET_BYTES", 8_000),
            patch.object(builder, "_BATCH_CHARACTERS", 500),
            self.engine.writer(rebuild=False) as writer,
        ):
            writer.begin()
            for article_id in deleted:
                writer.delete(article_id)
            for article in put:
                writer.add_document(article, "digest", article.id, replaces=article.id in replaced)
            writer.commit(b"", final=final)
        self.stock.write(put, {*deleted, *replaced})
        self.ids = (self.ids - set(deleted)) | {article.id for article in put}

    def compare(self, plan: Plan) -> None:
        """Ask both.

        Statistics count deleted documents until they are merged away: in ours when its own policy
        says so, in the oracle when ours has none left. Scores are the same where both count the same.
        """
        if not any(each.deleted for each in self.segments):
            self.stock.optimize()
        alike = sum(each.documents for each in self.segments) == self.stock.documents
        compare(self.engine, self.stock, plan, scored=alike)


def _plan(request: SearchRequest, tree: wq.Query | None = None) -> Plan:
    """The plan of a request, with a tree in the place of its text."""
    plan = make_plan(request, FIELDS, ANALYZER)
    return plan if tree is None else replace(plan, parsed=ParsedQuery("?", tree, (), (), HighlightTerms()))


@generated(40)
@given(batches=st.lists(_BATCHES, min_size=1, max_size=3), asked=st.lists(_ASKED, min_size=8, max_size=8))
def test_trees_are_answered_as_by_stock_whoosh(
    batches: list[list[Article]], asked: list[tuple[SearchRequest, wq.Query]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = _Both(Path(folder))
        for number, batch in enumerate(batches):
            both.write([replace(article, id=f"{article.id}-{number}") for article in batch])
        for request, tree in asked:
            both.compare(_plan(request, tree))


@generated(25)
@given(batch=_BATCHES, asked=st.lists(requests(TEXTS), min_size=8, max_size=8))
def test_query_texts_are_answered_as_by_stock_whoosh(batch: list[Article], asked: list[SearchRequest]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = _Both(Path(folder))
        both.write(batch)
        for request in asked:
            both.compare(_plan(request))


class _History(RuleBasedStateMachine):
    """Batches, merges and reopenings in any order, and questions between them."""

    def __init__(self) -> None:
        super().__init__()
        self.both = _Both(Path(tempfile.mkdtemp()))

    @initialize(batch=_BATCHES)
    def create(self, batch: list[Article]) -> None:
        self.both.write(batch)

    @rule(batch=_BATCHES, deleted=st.sets(_IDS, max_size=6), final=st.booleans(), asked=_ASKED)
    def write(
        self, batch: list[Article], deleted: set[str], final: bool, asked: tuple[SearchRequest, wq.Query]
    ) -> None:
        """Articles, some of them there before; what is deleted may come back in the same batch."""
        self.both.write(batch, deleted & self.both.ids, final=final)
        self.both.compare(_plan(*asked))

    @rule(article=articles(_IDS), times=st.integers(2, 9))
    def write_singly(self, article: Article, times: int) -> None:
        """So many small segments that the policy merges them."""
        for number in range(times):
            self.both.write([replace(article, id=f"{article.id[:2]}{number}")])

    @rule(kept=st.sets(_IDS, max_size=4))
    def delete_most(self, kept: set[str]) -> None:
        """So many that segments are merged for it, or left out whole."""
        self.both.write([], self.both.ids - kept)

    @rule()
    def optimize(self) -> None:
        with self.both.engine.writer(rebuild=False) as writer:
            writer.begin()
            writer.optimize()

    @rule()
    def give_up(self) -> None:
        """What is not committed leaves no trace."""
        with self.both.engine.writer(rebuild=False) as writer:
            writer.begin()
            for article_id in self.both.ids:
                writer.delete(article_id)

    @rule()
    def reopen(self) -> None:
        self.both.engine.close()
        self.both.reopen()

    @rule(asked=st.lists(_ASKED, min_size=1, max_size=3))
    def ask(self, asked: list[tuple[SearchRequest, wq.Query]]) -> None:
        for request, tree in asked:
            self.both.compare(_plan(request, tree))

    @invariant()
    def both_are_alike(self) -> None:
        assert {record["id"] for record in self.both.stock.records} == self.both.ids
        for text in ("", 'ball OR cat OR coat^2 OR "ball cat"~4 OR "ana lima"', "NOT (b* OR year:2015)"):
            self.both.compare(_plan(SearchRequest(text, facets=FACETS)))

    def teardown(self) -> None:
        assert self.both.engine.verify(deep=True) == []
        shutil.rmtree(self.both.folder)


def test_histories_leave_what_they_leave_in_stock_whoosh() -> None:
    run_state_machine_as_test(_History, settings=settings(generated(7), stateful_step_count=15))
