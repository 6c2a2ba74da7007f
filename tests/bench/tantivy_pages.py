"""Tantivy as `../shared/bench/peers.py` times it, and whole pages besides: run with an interpreter that has it.

    PYTHON tests/bench/tantivy_pages.py [--papers FILE] [--work DIR]

A page is what people get: ten articles with all stored fields and a snippet of the text each, the total, and the counts
of three facets. Cold are the queries of a process that has asked none of them; warm are the same ones again.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"
sys.path.insert(0, str(SHARED / "bench"))
#: As long as ours.
_SNIPPET_CHARS = 240


def page(engine, query) -> None:  # type: ignore[no-untyped-def]
    """What `archive.search` makes: articles, snippets, total and counts."""
    searcher = engine.searcher
    hits = searcher.search(query, limit=10)
    snippets = engine.t.SnippetGenerator.create(searcher, query, engine.index.schema, "body")
    snippets.set_max_num_chars(_SNIPPET_CHARS)
    for _, address in hits.hits:
        article = searcher.doc(address)
        article.to_dict()
        snippet = snippets.snippet_from_doc(article)
        snippet.fragment()
        [(mark.start, mark.end) for mark in snippet.highlighted()]
    aggregated = {name: {"terms": {"field": name, "size": size}} for name, size in
                  (("person", 10), ("venue", 50), ("year", 50))}  # fmt: skip
    searcher.aggregate(query, aggregated)


def measure(where: Path) -> dict[str, dict[str, float]]:
    """Median milliseconds of a page by kind of query, cold and warm."""
    from peers import Tantivy  # type: ignore[import-not-found]

    engine = Tantivy(where, 1)
    engine.open()
    report = {}
    for name in ("page_cold_ms", "page_warm_ms"):
        times = defaultdict(list)
        for kind, asked in json.loads((SHARED / "bench" / "queries.json").read_text()):
            started = time.perf_counter()
            page(engine, engine.parse(kind, asked))
            times[kind].append((time.perf_counter() - started) * 1e3)
        report[name] = {kind: round(statistics.median(each), 3) for kind, each in times.items()}
    return report


def articles(papers):  # type: ignore[no-untyped-def]
    """The articles of a file, as `peers.articles` reads those of the papers."""
    with gzip.open(papers, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    options.add_argument("--papers", type=Path, help="what to index, for the papers")
    options.add_argument("--work", help="keep the index here, or use the one that is there")
    options.add_argument("--pages", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.pages:
        print(json.dumps(measure(asked.pages)))
        return
    import peers

    if asked.papers:
        peers.articles = lambda limit: articles(asked.papers)
    with tempfile.TemporaryDirectory(prefix="tantivy-") as folder:
        work = asked.work or folder
        sys.argv = ["peers.py", "tantivy", "--work", work]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            peers.main()
        # Pages have a process of their own, which has not asked these queries before.
        command = [sys.executable, __file__, "--pages", str(Path(work) / f"tantivy-{10**9}")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(json.dumps(json.loads(printed.getvalue().splitlines()[-1]) | json.loads(done.stdout)))


if __name__ == "__main__":
    main()
