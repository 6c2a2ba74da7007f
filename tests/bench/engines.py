"""The embedded engine beside a search server: indexing, answers and bytes, on the same papers.

    python -m tests.bench.engines [--docs 5000] [--url http://localhost:9200]

Without --url it is the in-memory server of the tests, which says what the protocol costs and
nothing of a real cluster.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import statistics
import tempfile
import time
from pathlib import Path

from archive import Archive
from tests.bench.ours import SHARED

QUERIES = ("", "model", "neural network", '"neural network"', "net*")
RUNS = 7


def build(root: Path, lines: list[bytes], settings: str) -> tuple[Archive, float]:
    (root / "corpus").mkdir(parents=True)
    (root / "corpus" / "papers.jsonl").write_bytes(b"".join(lines))
    (root / "archive.yaml").write_text(settings, "utf-8")
    archive = Archive.open(root, trust=True)
    started = time.perf_counter()
    archive.index()
    return archive, time.perf_counter() - started


def told(name: str, archive: Archive, seconds: float, docs: int) -> None:
    size = archive.stats().index_bytes / docs
    print(f"{name}: indexed in {seconds:.1f} s ({docs / seconds:,.0f}/s), {size:,.0f} bytes an article")
    for query in QUERIES:
        times = {}
        for facets in ((), ("person", "venue", "year")):
            taken = []
            for _ in range(RUNS):
                started = time.perf_counter()
                page = archive.search(query, facets=facets)
                taken.append((time.perf_counter() - started) * 1000)
            times[bool(facets)] = statistics.median(taken)
        said = f"{times[False]:7.1f} ms  with facets {times[True]:7.1f} ms"
        print(f"  {query or '(all)':20} {page.total:6,} found  {said}")
    started = time.perf_counter()
    count = sum(1 for _ in archive.articles(""))
    print(f"  export: {count / (time.perf_counter() - started):,.0f} articles/s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=int, default=5_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with gzip.open(SHARED / "data" / "papers.jsonl.gz", "rb") as papers:
        lines = list(itertools.islice(papers, options.docs))
    server = None
    if not options.url:
        from osmem_server import OsmemServer

        server = OsmemServer.start()
    with tempfile.TemporaryDirectory() as folder:
        url = server.url if server else options.url
        remote = f"engine: opensearch\nurl: {url}\nindex_prefix: bench\ntimeout: 300\n"
        for name, settings in (("whoosh", ""), ("opensearch", remote)):
            archive, seconds = build(Path(folder) / name, lines, settings)
            told(name, archive, seconds, len(lines))
            archive.close()
    if server:
        server.close()


if __name__ == "__main__":
    main()
