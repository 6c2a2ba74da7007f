"""The ranking, on texts with judgements: a small collection of our own, and Cranfield where it is at hand."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ir_measures
import pytest
from ir_measures import Qrel, ScoredDoc, nDCG

from archive import Archive, Hit
from tests.bench.evaluate import SHARED, evaluate

from .support import make_archive

#: nDCG@10 of stock Whoosh with its defaults on the same queries, measured.
STOCK_WHOOSH = 0.395

#: articles.jsonl, and queries.tsv: each query with how its words are combined ("all", "any", "expand", or articles
#: "similar" to one), the articles judged relevant (2: about it, 1: touching on it), and the first five with scores.
JUDGED = Path(__file__).parent / "fixtures" / "judged"


class Judged(NamedTuple):
    """One line of queries.tsv."""

    query: str
    mode: str
    judged: dict[str, int]
    ranking: list[tuple[str, float]]


def judged_queries() -> list[Judged]:
    """The queries of the collection."""

    def pairs(text: str) -> list[list[str]]:
        return [pair.split("=") for pair in text.split()]

    with (JUDGED / "queries.tsv").open("r", encoding="utf-8", newline="") as lines:
        return [
            Judged(
                row["query"],
                row["mode"],
                {article: int(grade) for article, grade in pairs(row["judged"])},
                [(article, float(score)) for article, score in pairs(row["ranking"])],
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("judged")
    (root / "corpus").mkdir()
    shutil.copy(JUDGED / "articles.jsonl", root / "corpus")
    with Archive.open(root) as archive:
        assert archive.index().problems == ()
        yield archive


def first_ten(archive: Archive, query: str, mode: str) -> tuple[Hit, ...]:
    if mode == "similar":
        return archive.similar(query, limit=10)
    return archive.search(query, any_word=mode == "any", expand=mode == "expand", limit=10, facets=()).hits


@pytest.mark.parametrize("each", judged_queries(), ids=lambda each: f"{each.query} ({each.mode})")
def test_the_first_five_and_their_scores(judged: Archive, each: Judged) -> None:
    hits = first_ten(judged, each.query, each.mode)[:5]
    assert [hit.id for hit in hits] == [article for article, _ in each.ranking]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in each.ranking], abs=0.0006)


def test_relevant_articles_come_first(judged: Archive) -> None:
    queries = judged_queries()
    assert len(queries) >= 50
    qrels = [Qrel(f"{q.query} {q.mode}", article, grade) for q in queries for article, grade in q.judged.items()]
    run = [
        ScoredDoc(f"{q.query} {q.mode}", hit.id, hit.score)
        for q in queries
        for hit in first_ten(judged, q.query, q.mode)
    ]
    assert ir_measures.calc_aggregate([nDCG @ 10], qrels, run)[nDCG @ 10] >= 0.96


def test_near_words_count_in_the_two_hundred_best(tmp_path: Path) -> None:
    """The last of these that is looked at rises to the top; the next one, as near, stays where it is."""
    notes = [
        {"id": f"n{n:03}", "title": "A note", "body": "Amber, and after a good many other words, brook."}
        for n in range(199)
    ]
    near = [
        {"id": f"z{n}", "title": "A note", "body": "Amber brook, and after it a good many other words."}
        for n in range(2)
    ]
    with make_archive(tmp_path, [*notes, *near]) as archive:
        found = [hit.id for hit in archive.search("amber brook", limit=None).hits]
    assert found[:2] == ["z0", "n000"]
    assert found[-2:] == ["n198", "z1"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the Cranfield collection is not beside the project")
def test_ranking_is_at_least_stock_whooshs(tmp_path: Path) -> None:
    measured = evaluate(SHARED, tmp_path / "cranfield")
    assert measured["nDCG@10"] >= STOCK_WHOOSH
    assert measured["R@100"] >= 0.74
