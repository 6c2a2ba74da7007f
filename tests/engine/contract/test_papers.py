"""The contract on real articles: generated requests, answered alike by every engine.

The suite takes 600 papers; by hand, ARCHIVE_TEST_PAPERS=5000 (or more) takes so many.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from archive import Archive
from archive.engine.opensearch import aggregations, search_client

from ...conftest import Settings
from .. import test_papers as oracle
from .conftest import ENGINES
from .test_demonstration import both

COUNT = int(os.environ.get("ARCHIVE_TEST_PAPERS", "600"))
REQUESTS = 25 if COUNT <= 600 else 60

pytestmark = oracle.pytestmark


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, on_server: Settings) -> Iterator[dict[str, oracle.Papers]]:
    with gzip.open(oracle.SOURCE, "rb") as lines:
        taken = list(itertools.islice(lines, COUNT))
    records = [json.loads(line) for line in taken]
    for record in records:
        record["people"], record["venues"] = oracle._names(record["people"]), oracle._names(record["venues"])
    made = {}
    for engine in ENGINES:
        root: Path = tmp_path_factory.mktemp(engine)
        (root / "corpus").mkdir()
        (root / "corpus" / "papers.jsonl").write_bytes(b"".join(taken))
        settings = "name: papers\n" + (on_server(shards=2, timeout=120) if engine == "opensearch" else "")
        (root / "archive.yaml").write_text(settings, "utf-8")
        archive = Archive.open(root)
        assert archive.index().added == COUNT
        made[engine] = oracle.papers_of(archive, records)
    yield made
    for each in made.values():
        each.archive.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_generated_requests_find_and_count_what_the_json_says(papers: dict[str, oracle.Papers], engine: str) -> None:
    random = Random(11)
    held = papers[engine]
    sizes = []
    for number in range(REQUESTS):
        request, asked = oracle._request(random, held)
        wanted = oracle.found(held.records, asked)
        page = held.archive.search(**request, limit=None, facets=oracle.FACETS, facet_limit=None)
        assert {hit.id for hit in page.hits} == {record["id"] for record in wanted}, (number, request)
        assert page.total == len(page.hits) == len(wanted)
        for facet in oracle.FACETS:
            assert oracle.counted(held.records, asked, facet).matches(page.facets[facet]), (number, request, facet)
        short = held.archive.search(**request, sort="newest", facets=("person",), facet_limit=5, limit=30)
        assert [hit.id for hit in short.hits] == oracle.in_order(wanted, "newest")[:30], (number, request)
        assert short.facets["person"].distinct == page.facets["person"].distinct
        assert short.facets["person"].values == page.facets["person"].values[: len(short.facets["person"].values)]
        sizes.append(len(wanted))
    assert len(set(sizes)) > REQUESTS / 5


def test_patterns_and_phrases_alike(papers: dict[str, oracle.Papers]) -> None:
    archives = {engine: each.archive for engine, each in papers.items()}
    phrases = ('"deep learning"', '"neural for"~8', '"we the of"~4')
    for query in ("neur*", "l?ss", "learnign~", "lerning~2", "ba~2", "title:[g TO h]", *phrases):

        def ask(archive: Archive, query: str = query) -> object:
            page = archive.search(query, limit=None, facet_limit=None, explain=True)
            assert page.explanation is not None
            return {hit.id for hit in page.hits}, page.facets, page.explanation.expansions

        both(archives, ask)
    for find in ("wang", "zhnag", "li", "mar"):
        both(archives, lambda archive, find=find: archive.facet("person", find, limit=None))


def test_every_way_of_counting_gives_the_same_counts(
    papers: dict[str, oracle.Papers], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = papers["opensearch"].archive
    wanted = papers["whoosh"].archive.search("learning", facet_limit=5).facets["person"]
    asked = {"facets": ("person",), "facet_limit": 5}
    monkeypatch.setattr(aggregations, "_LISTED", 20)
    monkeypatch.setattr(aggregations, "_PAGE", 64)
    assert archive.search("learning", **asked).facets["person"] == wanted  # all pages of a composite
    monkeypatch.setattr(aggregations, "MAX_COUNTED", 10)
    proved = archive.search("learning", **asked).facets["person"]
    assert (proved.values, proved.missing) == (wanted.values, wanted.missing)
    assert abs(proved.distinct - wanted.distinct) <= 0.05 * wanted.distinct
    by_name = papers["whoosh"].archive.search("learning", facet_limit=5, facet_sort="name").facets["person"]
    assert archive.search("learning", facet_sort="name", **asked).facets["person"].values == by_name.values


def test_there_is_no_ceiling_on_pages(papers: dict[str, oracle.Papers], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_client, "WINDOW", 100)
    archives = {engine: each.archive for engine, each in papers.items()}
    monkeypatch.setattr("archive.engine.opensearch.engine.WINDOW", 100)
    monkeypatch.setattr("archive.engine.opensearch.engine.PAGE", 30)
    for sort in ("newest", "oldest", "title"):
        for offset, limit in ((95, 10), (350, 40), (COUNT - 5, 20), (COUNT + 5, 20)):
            both(
                archives,
                lambda archive, sort=sort, offset=offset, limit=limit: [
                    hit.id for hit in archive.search(sort=sort, offset=offset, limit=limit, facets=()).hits
                ],
            )


def test_pages_by_relevance_are_parts_of_the_whole(
    papers: dict[str, oracle.Papers], monkeypatch: pytest.MonkeyPatch
) -> None:
    archives = {engine: each.archive for engine, each in papers.items()}
    both(archives, lambda archive: sorted(article.id for article in archive.articles("learning")))
    archive = archives["opensearch"]
    walked = [hit.id for hit in archive.search("learning", limit=None, facets=()).hits]
    monkeypatch.setattr("archive.engine.opensearch.engine.WINDOW", 100)  # pages beyond are walked to
    pages = [archive.search("learning", limit=30, offset=n, facets=()).hits for n in range(0, len(walked), 30)]
    assert [hit.id for page in pages for hit in page] == walked
    assert [article.id for article in archive.articles("learning", limit=7)] == walked[:7]
