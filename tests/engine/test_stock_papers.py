"""The engine against stock Whoosh on papers, with the queries that its speed is measured by.

The suite takes 1,500 papers. By hand, `ARCHIVE_TEST_PAPERS=20000 pytest -n 0 -s` takes more
and says what it compared.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, SearchRequest
from archive.engine.factory import local_engine
from archive.query.plan import make_plan
from archive.text.analyzer import Analyzer

from ..support import SHARED
from .stock import Compared, StockIndex, compare
from .test_papers import COUNT, SOURCE, chosen

QUERIES = SHARED / "bench" / "queries.json"

pytestmark = pytest.mark.skipif(
    not (SOURCE.exists() and QUERIES.exists()), reason="the papers are not part of the repository"
)


def _request(kind: str, asked: Any) -> SearchRequest:
    match kind:
        case "person":
            return SearchRequest(asked[1], person=asked[0])
        case "venueyear":
            return SearchRequest(asked[2], venue=asked[0], year=asked[1])
    return SearchRequest(asked)


def test_papers_are_found_and_counted_as_by_stock_whoosh(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "papers.jsonl").write_bytes(b"".join(islice(chosen(), COUNT)))
    with Archive.open(tmp_path) as archive:
        archive.index()
        articles = list(archive.articles())
        fields, analyzer = archive.fields, Analyzer("english")
        engine = local_engine(tmp_path / "index", fields, analyzer, archive.settings.digest)
    stock = StockIndex(fields, analyzer)
    stock.write(articles)
    seen: dict[str, list[Compared]] = {}
    for kind, asked in json.loads(QUERIES.read_text("utf-8")):
        seen.setdefault(kind, []).append(compare(engine, stock, make_plan(_request(kind, asked), fields, analyzer)))
    engine.close()
    print(f"\n{len(articles):,} papers")
    for kind, compared in seen.items():
        hits, largest = sum(each.total for each in compared), max(each.difference for each in compared)
        print(f"{kind:10} {len(compared):3} queries {hits:7,} hits, scores within {largest:.1e}")
    assert sum(each.total > 0 for compared in seen.values() for each in compared) > 40  # the queries say something
